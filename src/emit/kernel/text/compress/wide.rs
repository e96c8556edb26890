//! UCS2 and UCS4: lanes of 2 bytes where no character of a block needs more, else lanes of 4.

use super::lanes::{UNDER, letters, likeness, put, whole};
use crate::emit::kernel::text::scalar;
use core::arch::x86_64::*;
use core::ptr::null_mut;

/// Characters of UCS2 in a vector.
const BLOCK: usize = 32;

/// For 64 bytes of text, three for each character: the characters that each eight are made of, from where in these
/// each byte begins, which bits of it count, and what is added.
#[repr(align(64))]
struct Threes {
    characters: [u16; 32],
    shifts: [u8; 64],
    masks: [u8; 64],
    tags: [u8; 64],
}

/// From the first character on, and from the middle of the 22nd.
static THREES: [Threes; 2] = [threes(0), threes(64)];

const fn threes(from: usize) -> Threes {
    let mut t = Threes { characters: [0; 32], shifts: [0; 64], masks: [0; 64], tags: [0; 64] };
    let mut i = 0;
    while i < 64 {
        let first = (from + i / 8 * 8) / 3;
        let (character, byte) = ((from + i) / 3, (from + i) % 3);
        t.shifts[i] = (16 * (character - first)) as u8 + [12, 6, 0][byte];
        t.masks[i] = [0x0f, 0x3f, 0x3f][byte];
        t.tags[i] = [0xe0, 0x80, 0x80][byte];
        if i % 2 == 0 {
            // Four for each eight bytes, of which the last may be one too many.
            let next = first + i / 2 % 4;
            t.characters[i / 2] = if next < BLOCK { next as u16 } else { 0 };
        }
        i += 1;
    }
    t
}

/// `x` in each lane of 2.
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
fn all2(x: u16) -> __m512i {
    _mm512_set1_epi16(x as i16)
}

/// `x` in each lane of 4.
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
fn all4(x: u32) -> __m512i {
    _mm512_set1_epi32(x as i32)
}

/// Writes characters from 0x800 on, of which the first `n` count.
///
/// # Safety
///
/// 3 bytes for each, and 64 more, are writable at `p`.
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
unsafe fn put_threes(p: *mut u8, v: __m512i, n: usize) -> *mut u8 {
    for (i, t) in THREES.iter().enumerate().take(1 + usize::from(n > 21)) {
        let characters = _mm512_permutexvar_epi16(whole(&t.characters), v);
        let parts = _mm512_multishift_epi64_epi8(whole(&t.shifts), characters);
        let bytes = _mm512_ternarylogic_epi64::<UNDER>(parts, whole(&t.masks), whole(&t.tags));
        // SAFETY: the caller's promise: 22 characters and more take 66 bytes and more.
        unsafe { _mm512_storeu_si512(p.add(64 * i).cast(), bytes) };
    }
    // SAFETY: the caller's promise.
    unsafe { p.add(3 * n) }
}

/// Writes characters below 0x800, which are zero where `live` is not set; null, and nothing that matters written, if
/// one needs `\u00xx`.
///
/// # Safety
///
/// 2 bytes for each, and 64 more, are writable at `p`.
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
unsafe fn put_pairs(p: *mut u8, mut v: __m512i, live: u32) -> *mut u8 {
    const SHIFTS: i64 = i64::from_le_bytes([6, 0, 22, 16, 38, 32, 54, 48]);
    let parts = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(SHIFTS), v);
    let mut lanes = _mm512_ternarylogic_epi64::<UNDER>(parts, _mm512_set1_epi8(0x3f), all2(0x80c0));
    let ascii = _mm512_cmplt_epu16_mask(v, all2(0x80));
    let control = _mm512_mask_cmplt_epu16_mask(live, v, all2(0x20));
    let found = control | _mm512_mask_cmpeq_epu16_mask(live, v, likeness(v));
    if found != 0 {
        let letters = letters(v);
        if _mm512_mask_testn_epi16_mask(control, letters, letters) != 0 {
            return null_mut();
        }
        v = _mm512_mask_mov_epi16(v, control, letters);
        lanes = _mm512_mask_slli_epi16::<8>(lanes, ascii, v);
        lanes = _mm512_or_si512(lanes, _mm512_maskz_mov_epi16(found, all2(b'\\'.into())));
    } else {
        lanes = _mm512_mask_slli_epi16::<8>(lanes, ascii, v);
    }
    // SAFETY: the caller's promise.
    unsafe { put(p, lanes) }
}

/// Writes 16 characters of any length, which are zero where `live` is not set; null, and nothing that matters written,
/// if one needs `\u00xx`.
///
/// # Safety
///
/// 4 bytes for each, and 64 more, are writable at `p`.
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
unsafe fn put_quads(p: *mut u8, mut v: __m512i, live: u16) -> *mut u8 {
    const SHIFTS: i64 = i64::from_le_bytes([18, 12, 6, 0, 50, 44, 38, 32]);
    let parts = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(SHIFTS), v);
    let tags = all4(0x80c0_0000);
    let tags = _mm512_mask_mov_epi32(tags, _mm512_cmpge_epu32_mask(v, all4(0x800)), all4(0x8080_e000));
    let tags = _mm512_mask_mov_epi32(tags, _mm512_cmpge_epu32_mask(v, all4(0x1_0000)), all4(0x8080_80f0));
    let mut lanes = _mm512_ternarylogic_epi64::<UNDER>(parts, _mm512_set1_epi8(0x3f), tags);
    let ascii = _mm512_cmplt_epu32_mask(v, all4(0x80));
    let control = _mm512_mask_cmplt_epu32_mask(live, v, all4(0x20));
    // Not of all lanes: the bytes of U+2200 are like themselves too.
    let found = control | _mm512_mask_cmpeq_epu32_mask(live & ascii, v, likeness(v));
    if found != 0 {
        let letters = letters(v);
        if _mm512_mask_testn_epi32_mask(control, letters, letters) != 0 {
            return null_mut();
        }
        v = _mm512_mask_mov_epi32(v, control, letters);
        lanes = _mm512_mask_slli_epi32::<24>(lanes, ascii, v);
        lanes = _mm512_mask_or_epi32(lanes, found, lanes, all4(0x005c_0000));
    } else {
        lanes = _mm512_mask_slli_epi32::<24>(lanes, ascii, v);
    }
    // SAFETY: the caller's promise.
    unsafe { put(p, lanes) }
}

/// How a character that is wider than a byte becomes UTF-8.
trait Wide: Copy + 'static {
    /// Characters in a vector.
    const BLOCK: usize;

    /// Writes at most a block; null if there is a surrogate in it or one needs `\u00xx`.
    ///
    /// # Safety
    ///
    /// 6 bytes for each character, and 64 more, are writable at `p`; the machine has the level's instructions.
    unsafe fn block(p: *mut u8, s: &[Self]) -> *mut u8;

    /// Writes any characters; null if there is a surrogate among them.
    ///
    /// # Safety
    ///
    /// 6 bytes for each character, and 64 more, are writable at `p`.
    unsafe fn plain(p: *mut u8, s: &[Self]) -> *mut u8;
}

impl Wide for u16 {
    const BLOCK: usize = BLOCK;

    #[inline(always)]
    unsafe fn block(p: *mut u8, s: &[u16]) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { ucs2_block(p, s) }
    }

    #[inline(always)]
    unsafe fn plain(p: *mut u8, s: &[u16]) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { scalar::ucs2(p, s) }
    }
}

impl Wide for u32 {
    const BLOCK: usize = BLOCK / 2;

    #[inline(always)]
    unsafe fn block(p: *mut u8, s: &[u32]) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { ucs4_block(p, s) }
    }

    #[inline(always)]
    unsafe fn plain(p: *mut u8, s: &[u32]) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { scalar::ucs4(p, s) }
    }
}

/// See [`Wide::block`].
///
/// # Safety
///
/// As [`Wide::block`].
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
unsafe fn ucs2_block(p: *mut u8, s: &[u16]) -> *mut u8 {
    let live = _bzhi_u32(u32::MAX, s.len() as u32);
    // SAFETY: what is not in the string is not loaded; the caller's promise, for each half.
    unsafe {
        let v = _mm512_maskz_loadu_epi16(live, s.as_ptr().cast());
        if _mm512_cmpge_epu16_mask(v, all2(0x800)) == 0 {
            return put_pairs(p, v, live);
        }
        if _mm512_cmpeq_epu16_mask(_mm512_and_si512(v, all2(0xf800)), all2(0xd800)) != 0 {
            return null_mut();
        }
        if _mm512_mask_cmplt_epu16_mask(live, v, all2(0x800)) == 0 {
            return put_threes(p, v, s.len());
        }
        let middle = put_quads(p, _mm512_cvtepu16_epi32(_mm512_castsi512_si256(v)), live as u16);
        if middle.is_null() {
            return middle;
        }
        let high = _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64::<1>(v));
        put_quads(middle, high, (live >> 16) as u16)
    }
}

/// See [`Wide::block`].
///
/// # Safety
///
/// As [`Wide::block`].
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
unsafe fn ucs4_block(p: *mut u8, s: &[u32]) -> *mut u8 {
    let live = _bzhi_u32(u32::MAX, s.len() as u32) as u16;
    // SAFETY: what is not in the string is not loaded; the caller's promise.
    unsafe {
        let v = _mm512_maskz_loadu_epi32(live, s.as_ptr().cast());
        if _mm512_cmpeq_epu32_mask(_mm512_and_si512(v, all4(0xffff_f800)), all4(0xd800)) != 0 {
            return null_mut();
        }
        put_quads(p, v, live)
    }
}

/// Writes any string, block by block.
///
/// # Safety
///
/// As [`Wide::block`].
#[inline(always)]
unsafe fn any<C: Wide>(mut p: *mut u8, s: &[C]) -> *mut u8 {
    for block in s.chunks(C::BLOCK) {
        // SAFETY: the caller's promise, for each part of the string.
        unsafe {
            let end = C::block(p, block);
            p = if end.is_null() { C::plain(p, block) } else { end };
        }
        if p.is_null() {
            break;
        }
    }
    p
}

macro_rules! kernel {
    ($name:ident, $any:ident, $char:ty) => {
        /// See the function of the same name in [`super::super::super::Level`].
        ///
        /// # Safety
        ///
        /// As the function of the same name in [`super::super::super::Level`].
        #[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
        pub unsafe fn $name(out: *mut u8, s: &[$char]) -> *mut u8 {
            let (block, rest) = s.split_at(s.len().min(<$char>::BLOCK));
            // SAFETY: the caller's promise, for the string and for what is left of it.
            unsafe {
                let end = <$char>::block(out, block);
                if end.is_null() {
                    $any(out, s)
                } else if rest.is_empty() {
                    end
                } else {
                    $any(end, rest)
                }
            }
        }

        #[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
        #[inline(never)]
        unsafe fn $any(out: *mut u8, s: &[$char]) -> *mut u8 {
            // SAFETY: the caller's promise.
            unsafe { any(out, s) }
        }
    };
}
kernel!(ucs2, ucs2_any, u16);
kernel!(ucs4, ucs4_any, u32);
