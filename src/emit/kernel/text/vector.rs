//! What the kernels need of a vector register; one register of 16 bytes, one of 32.
//!
//! Only the loads and `zero` are unsafe, because they make a vector out of nothing: whoever calls
//! them promises that the machine has the instructions. A vector that exists is the proof for all
//! other operations. (The habit of writing an algorithm once over such a trait is memchr's.)
//!
//! Everything is `inline(always)`: only inside a function with the right `target_feature` do the
//! intrinsics become single instructions.

use super::page;
use core::arch::x86_64::*;

/// A vector of unsigned lanes, `W` bytes wide each: 1, 2 or 4.
pub trait Vector: Copy {
    /// Bytes in a vector, at most 32.
    const BYTES: usize;
    /// Pieces of 16 bytes; interleaving, packing and shuffling stay inside a piece.
    const PARTS: usize = Self::BYTES / 16;

    /// All bits clear.
    ///
    /// # Safety
    ///
    /// The machine has the instructions.
    unsafe fn zero() -> Self;
    /// Loads from any address.
    ///
    /// # Safety
    ///
    /// The machine has the instructions; `BYTES` are readable.
    unsafe fn load(p: *const u8) -> Self;
    /// Loads from any address, perhaps past the end of an object.
    ///
    /// # Safety
    ///
    /// The machine has the instructions; one byte is readable, and all lie in its page ([`page::holds`]).
    unsafe fn load_past(p: *const u8) -> Self;
    /// Loads from any address, perhaps past the end of an object.
    ///
    /// # Safety
    ///
    /// The machine has the instructions; all `BYTES` are readable, or one of them is and all lie in its page.
    unsafe fn load_any(p: *const u8) -> Self;
    /// Stores to any address.
    ///
    /// # Safety
    ///
    /// `BYTES` are writable.
    unsafe fn store(self, p: *mut u8);
    /// Stores the lowest byte of each lane, `BYTES / W` in all, and perhaps nothing more.
    ///
    /// # Safety
    ///
    /// `BYTES / W` are writable.
    unsafe fn store_low<const W: usize>(self, p: *mut u8);

    /// A vector with `x` in each lane.
    fn splat<const W: usize>(self, x: u32) -> Self;
    /// A vector with `t` in each piece.
    fn table(self, t: &[u8; 16]) -> Self;

    /// Both.
    fn and(self, o: Self) -> Self;
    /// Those of `self` that are not in `o`.
    fn and_not(self, o: Self) -> Self;
    /// Either.
    fn or(self, o: Self) -> Self;
    /// One of the two.
    fn xor(self, o: Self) -> Self;
    /// All ones where bytes are equal.
    fn eq8(self, o: Self) -> Self;
    /// All ones where lanes of 2 are equal.
    fn eq16(self, o: Self) -> Self;
    /// All ones where lanes of 4 are equal.
    fn eq32(self, o: Self) -> Self;
    /// The smaller byte.
    fn min8(self, o: Self) -> Self;
    /// The smaller lane of 2.
    fn min16(self, o: Self) -> Self;
    /// The smaller lane of 4.
    fn min32(self, o: Self) -> Self;
    /// Adds bytes, 255 at most.
    fn add_saturating8(self, o: Self) -> Self;
    /// For each byte of `at` the byte of that number (its four low bits) in this piece; 0 where its high bit is set.
    fn shuffle(self, at: Self) -> Self;
    /// In each piece the low 8 bytes of both, alternating.
    fn interleave_low8(self, o: Self) -> Self;
    /// In each piece the high 8 bytes of both, alternating.
    fn interleave_high8(self, o: Self) -> Self;
    /// In each piece the low 4 lanes of 2 of both, alternating.
    fn interleave_low16(self, o: Self) -> Self;
    /// In each piece the high 4 lanes of 2 of both, alternating.
    fn interleave_high16(self, o: Self) -> Self;
    /// In each piece the lanes of 2 of `self`, then of `o`, as signed bytes.
    fn pack16(self, o: Self) -> Self;
    /// In each piece the lanes of 4 of `self`, then of `o`, as signed lanes of 2.
    fn pack32(self, o: Self) -> Self;
    /// The lanes of 4 of `self`, then of `o`, as lanes of 2; they are at most 0xffff.
    fn narrow32(self, o: Self) -> Self;

    /// Shifts lanes of 2 to the left.
    fn shl16<const N: i32>(self) -> Self;
    /// Shifts lanes of 2 to the right.
    fn shr16<const N: i32>(self) -> Self;
    /// Shifts lanes of 4 to the right.
    fn shr32<const N: i32>(self) -> Self;
    /// `o` where the byte of `mask` has its high bit set, else `self`.
    fn blend(self, o: Self, mask: Self) -> Self;

    /// The high bit of each byte.
    fn bits(self) -> u32;
    /// The piece number `i`.
    fn part(self, i: usize) -> X16;

    /// All ones where lanes are equal.
    #[inline(always)]
    fn eq<const W: usize>(self, o: Self) -> Self {
        match W {
            1 => self.eq8(o),
            2 => self.eq16(o),
            _ => self.eq32(o),
        }
    }
    /// All ones where a lane is at most `x`. Unsigned, unlike the machine's own comparisons.
    #[inline(always)]
    fn at_most<const W: usize>(self, x: u32) -> Self {
        let x = self.splat::<W>(x);
        let least = match W {
            1 => self.min8(x),
            2 => self.min16(x),
            _ => self.min32(x),
        };
        self.eq::<W>(least)
    }
    /// All ones where a lane is `x`.
    #[inline(always)]
    fn is<const W: usize>(self, x: u32) -> Self {
        self.eq::<W>(self.splat::<W>(x))
    }
}

/// Operations of one or two vectors that are one intrinsic each.
macro_rules! plain {
    (one: $($one:ident = $f:ident)* ; two: $($two:ident = $g:ident)*) => {
        $(
            #[inline(always)]
            fn $one<const N: i32>(self) -> Self {
                // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
                Self(unsafe { $f::<N>(self.0) })
            }
        )*
        $(
            #[inline(always)]
            fn $two(self, o: Self) -> Self {
                // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
                Self(unsafe { $g(self.0, o.0) })
            }
        )*
    };
}

/// 16 bytes, with the instructions of x86-64-v2.
#[derive(Clone, Copy)]
pub struct X16(__m128i);

impl Vector for X16 {
    const BYTES: usize = 16;

    #[inline(always)]
    unsafe fn zero() -> Self {
        // SAFETY: SSE2, which x86-64 always has.
        Self(unsafe { _mm_setzero_si128() })
    }
    #[inline(always)]
    unsafe fn load(p: *const u8) -> Self {
        // SAFETY: the caller: 16 bytes are readable; any address will do.
        Self(unsafe { _mm_loadu_si128(p.cast()) })
    }
    #[inline(always)]
    unsafe fn load_past(p: *const u8) -> Self {
        debug_assert!(page::holds(p, 16));
        // SAFETY: the caller's promise.
        Self(unsafe { page::load16(p) })
    }
    #[inline(always)]
    unsafe fn load_any(p: *const u8) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { page::load16(p) })
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut u8) {
        // SAFETY: the caller: 16 bytes are writable; any address will do.
        unsafe { _mm_storeu_si128(p.cast(), self.0) }
    }
    #[inline(always)]
    unsafe fn store_low<const W: usize>(self, p: *mut u8) {
        const EVERY_4TH: [u8; 16] = [0, 4, 8, 12, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128];
        // SAFETY: a vector exists; the caller: 16 / W bytes are writable.
        unsafe {
            match W {
                1 => self.store(p),
                2 => _mm_storel_epi64(p.cast(), _mm_packus_epi16(self.0, self.0)),
                _ => {
                    let low = self.shuffle(self.table(&EVERY_4TH));
                    p.cast::<i32>().write_unaligned(_mm_cvtsi128_si32(low.0));
                }
            }
        }
    }
    #[inline(always)]
    fn splat<const W: usize>(self, x: u32) -> Self {
        // SAFETY: SSE2, which x86-64 always has.
        Self(unsafe {
            match W {
                1 => _mm_set1_epi8(x as i8),
                2 => _mm_set1_epi16(x as i16),
                _ => _mm_set1_epi32(x as i32),
            }
        })
    }
    #[inline(always)]
    fn table(self, t: &[u8; 16]) -> Self {
        // SAFETY: SSE2, which x86-64 always has; 16 bytes are borrowed.
        unsafe { Self::load(t.as_ptr()) }
    }
    #[inline(always)]
    fn and_not(self, o: Self) -> Self {
        // SAFETY: SSE2, which x86-64 always has.
        Self(unsafe { _mm_andnot_si128(o.0, self.0) })
    }
    #[inline(always)]
    fn blend(self, o: Self, mask: Self) -> Self {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        Self(unsafe { _mm_blendv_epi8(self.0, o.0, mask.0) })
    }
    #[inline(always)]
    fn bits(self) -> u32 {
        // SAFETY: SSE2, which x86-64 always has.
        unsafe { _mm_movemask_epi8(self.0) as u32 }
    }
    #[inline(always)]
    fn part(self, i: usize) -> X16 {
        debug_assert!(i == 0);
        self
    }
    plain! {
        one: shl16 = _mm_slli_epi16 shr16 = _mm_srli_epi16 shr32 = _mm_srli_epi32;
        two: and = _mm_and_si128 or = _mm_or_si128 xor = _mm_xor_si128
        eq8 = _mm_cmpeq_epi8 eq16 = _mm_cmpeq_epi16 eq32 = _mm_cmpeq_epi32
        min8 = _mm_min_epu8 min16 = _mm_min_epu16 min32 = _mm_min_epu32
        add_saturating8 = _mm_adds_epu8 shuffle = _mm_shuffle_epi8
        interleave_low8 = _mm_unpacklo_epi8 interleave_high8 = _mm_unpackhi_epi8
        interleave_low16 = _mm_unpacklo_epi16 interleave_high16 = _mm_unpackhi_epi16
        pack16 = _mm_packs_epi16 pack32 = _mm_packs_epi32 narrow32 = _mm_packus_epi32
    }
}

/// 32 bytes, with the instructions of x86-64-v3.
#[derive(Clone, Copy)]
pub struct X32(__m256i);

impl Vector for X32 {
    const BYTES: usize = 32;

    #[inline(always)]
    unsafe fn zero() -> Self {
        // SAFETY: the caller: the machine has the instructions.
        Self(unsafe { _mm256_setzero_si256() })
    }
    #[inline(always)]
    unsafe fn load(p: *const u8) -> Self {
        // SAFETY: the caller: 32 bytes are readable; any address will do.
        Self(unsafe { _mm256_loadu_si256(p.cast()) })
    }
    #[inline(always)]
    unsafe fn load_past(p: *const u8) -> Self {
        debug_assert!(page::holds(p, 32));
        // SAFETY: the caller's promise.
        Self(unsafe { page::load32(p) })
    }
    #[inline(always)]
    unsafe fn load_any(p: *const u8) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { page::load32(p) })
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut u8) {
        // SAFETY: the caller: 32 bytes are writable; any address will do.
        unsafe { _mm256_storeu_si256(p.cast(), self.0) }
    }
    #[inline(always)]
    unsafe fn store_low<const W: usize>(self, p: *mut u8) {
        // SAFETY: a vector exists; the caller: 32 / W bytes are writable.
        unsafe {
            match W {
                1 => self.store(p),
                2 => {
                    let low = _mm256_permute4x64_epi64::<0b1000>(_mm256_packus_epi16(self.0, self.0));
                    _mm_storeu_si128(p.cast(), _mm256_castsi256_si128(low));
                }
                _ => {
                    let low = _mm_packus_epi32(self.part(0).0, self.part(1).0);
                    _mm_storel_epi64(p.cast(), _mm_packus_epi16(low, low));
                }
            }
        }
    }
    #[inline(always)]
    fn splat<const W: usize>(self, x: u32) -> Self {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        Self(unsafe {
            match W {
                1 => _mm256_set1_epi8(x as i8),
                2 => _mm256_set1_epi16(x as i16),
                _ => _mm256_set1_epi32(x as i32),
            }
        })
    }
    #[inline(always)]
    fn table(self, t: &[u8; 16]) -> Self {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions; 16 bytes are borrowed.
        Self(unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(t.as_ptr().cast())) })
    }
    #[inline(always)]
    fn and_not(self, o: Self) -> Self {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        Self(unsafe { _mm256_andnot_si256(o.0, self.0) })
    }
    #[inline(always)]
    fn blend(self, o: Self, mask: Self) -> Self {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        Self(unsafe { _mm256_blendv_epi8(self.0, o.0, mask.0) })
    }
    #[inline(always)]
    fn bits(self) -> u32 {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        unsafe { _mm256_movemask_epi8(self.0) as u32 }
    }
    #[inline(always)]
    fn narrow32(self, o: Self) -> Self {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        Self(unsafe { _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packus_epi32(self.0, o.0)) })
    }
    #[inline(always)]
    fn part(self, i: usize) -> X16 {
        debug_assert!(i < 2);
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        X16(unsafe {
            match i {
                0 => _mm256_castsi256_si128(self.0),
                _ => _mm256_extracti128_si256::<1>(self.0),
            }
        })
    }
    plain! {
        one: shl16 = _mm256_slli_epi16 shr16 = _mm256_srli_epi16
        shr32 = _mm256_srli_epi32;
        two: and = _mm256_and_si256 or = _mm256_or_si256 xor = _mm256_xor_si256
        eq8 = _mm256_cmpeq_epi8 eq16 = _mm256_cmpeq_epi16 eq32 = _mm256_cmpeq_epi32
        min8 = _mm256_min_epu8 min16 = _mm256_min_epu16 min32 = _mm256_min_epu32
        add_saturating8 = _mm256_adds_epu8 shuffle = _mm256_shuffle_epi8
        interleave_low8 = _mm256_unpacklo_epi8 interleave_high8 = _mm256_unpackhi_epi8
        interleave_low16 = _mm256_unpacklo_epi16 interleave_high16 = _mm256_unpackhi_epi16
        pack16 = _mm256_packs_epi16 pack32 = _mm256_packs_epi32
    }
}
