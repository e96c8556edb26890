//! ASCII and Latin-1, 64 characters at a time: two bytes for each, of which the first may be zero.

use super::lanes::{UNDER, letters, likeness, put, put_exactly, quarters, whole};
use crate::emit::kernel::text::{ascii::copy_long, vector::X32};
use core::arch::x86_64::*;
use core::ptr::null_mut;

/// Characters that are looked at together.
pub const BLOCK: usize = 64;

/// As many characters as are never too much for a block.
const FEW: usize = BLOCK / 3;

/// The most characters of which some may be rare.
pub const SPELLED: usize = 2 * FEW;

/// Alternating bytes of two vectors: from their first halves, from their second halves.
static ZIP: Zip = {
    let mut t = [[0; BLOCK]; 2];
    let mut i = 0;
    while i < BLOCK {
        t[i / 32][2 * (i % 32)] = i as u8;
        t[i / 32][2 * (i % 32) + 1] = (BLOCK + i) as u8;
        i += 1;
    }
    Zip(t)
};

/// On a line of memory each.
#[repr(align(64))]
struct Zip([[u8; BLOCK]; 2]);

/// The characters of a block, and what is to be escaped.
#[derive(Clone, Copy)]
pub struct Marked {
    v: __m512i,
    control: u64,
    /// A bit for each character that is to be escaped.
    pub found: u64,
}

/// What becomes of a block.
pub struct Pairs {
    front: __m512i,
    last: __m512i,
    /// Where the last byte is a control character for which only `\u00xx` will do.
    pub rare: u64,
}

impl Marked {
    /// At most a block, and zeros behind it.
    #[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
    #[inline]
    pub fn load(s: &[u8]) -> Self {
        debug_assert!(s.len() <= BLOCK);
        let live = _bzhi_u64(u64::MAX, s.len() as u32);
        // SAFETY: what is not in the string is not loaded.
        let v = unsafe { _mm512_maskz_loadu_epi8(live, s.as_ptr().cast()) };
        let control = _mm512_mask_cmplt_epu8_mask(live, v, _mm512_set1_epi8(0x20));
        Self { v, control, found: control | _mm512_mask_cmpeq_epu8_mask(live, v, likeness(v)) }
    }

    /// As ASCII.
    #[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
    #[inline]
    pub fn ascii(self) -> Pairs {
        let letters = letters(self.v);
        let rare = _mm512_mask_testn_epi8_mask(self.control, letters, letters);
        Pairs {
            front: _mm512_maskz_mov_epi8(self.found, _mm512_set1_epi8(b'\\' as i8)),
            last: _mm512_mask_mov_epi8(self.v, self.control & !rare, letters),
            rare,
        }
    }

    /// As Latin-1.
    #[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
    #[inline]
    fn latin1(self) -> Pairs {
        let v = self.v;
        let high = _mm512_movepi8_mask(v);
        let mut pairs = if self.found == 0 {
            Pairs { front: _mm512_setzero_si512(), last: v, rare: 0 }
        } else {
            self.ascii()
        };
        // 0xc2 and the character, or 0xc3 and the character less 0x40.
        let bit = _mm512_ternarylogic_epi64::<UNDER>(
            _mm512_srli_epi16::<6>(v),
            _mm512_set1_epi8(1),
            _mm512_set1_epi8(0xc2_u8 as i8),
        );
        pairs.front = _mm512_mask_mov_epi8(pairs.front, high, bit);
        let last = _mm512_and_si512(v, _mm512_set1_epi8(0xbf_u8 as i8));
        pairs.last = _mm512_mask_mov_epi8(pairs.last, high, last);
        pairs
    }
}

impl Pairs {
    /// With `\u00xx` in the place of the rare ones, which takes two pairs more for each: so many must be unused at the
    /// end. Of the first [`SPELLED`] only.
    #[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
    #[inline]
    pub fn spelled(self) -> Self {
        // In a third of them each, three bits for a character: the last one is its own, the others if it is rare.
        const LAST: u64 = 0o444_444_444_444_444_444_444;
        let thirds = |rare: u64| LAST | (3 * _pdep_u64(rare, LAST >> 2));
        let (low, high) = (thirds(self.rare), thirds(self.rare >> FEW));
        let own = _pext_u64(LAST, low) | _pext_u64(LAST, high).unbounded_shl(low.count_ones());
        let third = _pdep_u64(self.rare, own);
        let (first, second) = (third >> 2, third >> 1);
        let front = _mm512_maskz_expand_epi8(own, self.front);
        let last = _mm512_maskz_expand_epi8(own, self.last);
        // The character itself is in the third pair.
        let high = _mm512_ternarylogic_epi64::<UNDER>(
            _mm512_srli_epi16::<4>(last),
            _mm512_set1_epi8(1),
            _mm512_set1_epi8(b'0' as i8),
        );
        let low = _mm512_shuffle_epi8(quarters(b"0123456789abcdef"), last);
        let zeros = _mm512_set1_epi8(b'0' as i8);
        let front = _mm512_mask_mov_epi8(front, first, _mm512_set1_epi8(b'\\' as i8));
        let front = _mm512_mask_mov_epi8(_mm512_mask_mov_epi8(front, second, zeros), third, high);
        let last = _mm512_mask_mov_epi8(last, first, _mm512_set1_epi8(b'u' as i8));
        let last = _mm512_mask_mov_epi8(_mm512_mask_mov_epi8(last, second, zeros), third, low);
        Self { front, last, rare: 0 }
    }

    /// The two of each in turn.
    #[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
    #[inline]
    fn zipped(self) -> (__m512i, __m512i) {
        let half = |zip| _mm512_permutex2var_epi8(self.front, zip, self.last);
        (half(whole(&ZIP.0[0])), half(whole(&ZIP.0[1])))
    }

    /// Writes them, `found` of which have a front, the rare ones as whatever they are without a `\u00xx`.
    ///
    /// # Safety
    ///
    /// 128 bytes are writable at `p`.
    #[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
    #[inline]
    pub unsafe fn put_over(self, p: *mut u8, found: u64) {
        const HALF: usize = BLOCK / 2;
        let (low, high) = self.zipped();
        // Their number is known without a look at the vector.
        let front = HALF + (found as u32).count_ones() as usize;
        // SAFETY: the caller's promise: the first half becomes 64 bytes at the most.
        unsafe {
            put(p, low);
            put(p.add(front), high);
        }
    }

    /// Writes them, if none is rare, and nothing behind them.
    ///
    /// # Safety
    ///
    /// A byte for each that is not zero is writable at `p`.
    #[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
    #[inline]
    pub unsafe fn put_exactly(self, p: *mut u8) {
        debug_assert!(self.rare == 0);
        let (low, high) = self.zipped();
        // SAFETY: the caller's promise.
        unsafe { put_exactly(put_exactly(p, low), high) };
    }

    /// Writes them, if none is rare.
    ///
    /// # Safety
    ///
    /// 2 bytes for each that is not zero, and 64 more, are writable at `p`.
    #[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
    #[inline]
    pub unsafe fn put(self, p: *mut u8) -> *mut u8 {
        debug_assert!(self.rare == 0);
        let (low, high) = self.zipped();
        // Both halves, whatever the length: it is chance, and a branch on it would cost more.
        // SAFETY: the caller's promise.
        unsafe { put(put(p, low), high) }
    }

    /// Writes the first `n` of them; null if what they become is too much for a block.
    ///
    /// # Safety
    ///
    /// 6 bytes for each, and 64 more, are writable at `p`. The others are zero.
    #[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
    #[inline]
    unsafe fn put_any(self, p: *mut u8, n: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe {
            if self.rare == 0 {
                self.put(p)
            } else if n <= SPELLED && n + 2 * self.rare.count_ones() as usize <= BLOCK {
                self.spelled().put(p)
            } else {
                null_mut()
            }
        }
    }
}

/// Writes at most a block of ASCII; null, and nothing that matters written, if a character needs `\u00xx`.
///
/// # Safety
///
/// As [`super::super::super::Level::ascii`].
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
pub unsafe fn ascii_block(p: *mut u8, s: &[u8]) -> *mut u8 {
    let marked = Marked::load(s);
    // SAFETY: 64 bytes of slack are writable, and before them 6 for each character.
    unsafe {
        if marked.found != 0 {
            return marked.ascii().put_any(p, s.len());
        }
        _mm512_storeu_si512(p.cast(), marked.v);
        p.add(s.len())
    }
}

/// See [`super::super::super::Level::ascii`].
///
/// # Safety
///
/// As [`super::super::super::Level::ascii`].
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub unsafe fn ascii(out: *mut u8, s: &[u8]) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe {
        if s.len() <= BLOCK {
            let end = ascii_block(out, s);
            if !end.is_null() {
                return end;
            }
        }
        ascii_long(out, s)
    }
}

/// Copies what is longer than a block, up to something to escape. With vectors of 32 bytes and AVX2, because masks cost
/// more where nothing is found.
///
/// # Safety
///
/// As [`super::super::super::Level::ascii`].
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline(never)]
unsafe fn copied(out: *mut u8, s: &[u8]) -> (*mut u8, &[u8]) {
    // SAFETY: the caller's promise; this function has the instructions of the vector.
    unsafe { copy_long::<X32>(out, s) }
}

/// Writes what is longer than a block, or may become too much for one.
///
/// # Safety
///
/// As [`super::super::super::Level::ascii`].
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline(never)]
pub unsafe fn ascii_long(out: *mut u8, s: &[u8]) -> *mut u8 {
    // SAFETY: the caller's promise, for the string and for what is left of it.
    unsafe {
        let (out, rest) = if s.len() > BLOCK { copied(out, s) } else { (out, s) };
        if rest.is_empty() { out } else { ascii_any(out, rest) }
    }
}

/// See [`super::super::super::Level::latin1`].
///
/// # Safety
///
/// As [`super::super::super::Level::latin1`].
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub unsafe fn latin1(out: *mut u8, s: &[u8]) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe {
        if s.len() <= BLOCK {
            let end = Marked::load(s).latin1().put_any(out, s.len());
            if !end.is_null() {
                return end;
            }
        }
        latin1_any(out, s)
    }
}

macro_rules! any {
    ($any:ident, $as:ident, $is_simple:expr) => {
        /// Writes anything, block by block.
        ///
        /// # Safety
        ///
        /// 6 bytes for each character, and 64 more, are writable at `p`.
        #[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
        #[inline(never)]
        unsafe fn $any(mut p: *mut u8, mut s: &[u8]) -> *mut u8 {
            while !s.is_empty() {
                let (block, rest) = s.split_at(s.len().min(BLOCK));
                let marked = Marked::load(block);
                s = rest;
                // SAFETY: the caller's promise, for each part of the string.
                unsafe {
                    if marked.found == 0 && $is_simple(marked.v) {
                        _mm512_storeu_si512(p.cast(), marked.v);
                        p = p.add(block.len());
                        continue;
                    }
                    let end = marked.$as().put_any(p, block.len());
                    if !end.is_null() {
                        p = end;
                        continue;
                    }
                    for few in block.chunks(FEW) {
                        p = Marked::load(few).$as().put_any(p, few.len());
                    }
                }
            }
            p
        }
    };
}
any!(ascii_any, ascii, |_| true);
any!(latin1_any, latin1, |v| _mm512_movepi8_mask(v) == 0);
