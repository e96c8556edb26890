//! The vectors of x86-64.

use super::super::page;
use super::Vector;
use core::arch::x86_64::*;

/// Operations of one or two vectors that are one intrinsic each.
macro_rules! plain {
    (
        one: $($one:ident = $f:ident)*; two: $($two:ident = $g:ident)*; at_most: $($at_most:ident = $least:ident $eq:ident)*
    ) => {
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
        $(
            // The machine's own comparisons are signed.
            #[inline(always)]
            fn $at_most(self, o: Self) -> Self {
                // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
                Self(unsafe { $eq(self.0, $least(self.0, o.0)) })
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
    fn look_up(self, at: Self) -> Self {
        // A shuffle looks at four bits and the highest: the sum gives all bytes from 16 on the highest bit.
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        self.shuffle(Self(unsafe { _mm_adds_epu8(at.0, at.splat::<1>(0x70).0) }))
    }
    /// The machine looks at the high bits alone.
    #[inline(always)]
    fn high(self) -> Self {
        self
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
        shuffle = _mm_shuffle_epi8
        interleave_low8 = _mm_unpacklo_epi8 interleave_high8 = _mm_unpackhi_epi8
        interleave_low16 = _mm_unpacklo_epi16 interleave_high16 = _mm_unpackhi_epi16
        pack16 = _mm_packs_epi16 pack32 = _mm_packs_epi32 narrow32 = _mm_packus_epi32;
        at_most: at_most8 = _mm_min_epu8 _mm_cmpeq_epi8 at_most16 = _mm_min_epu16 _mm_cmpeq_epi16
        at_most32 = _mm_min_epu32 _mm_cmpeq_epi32
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
    unsafe fn copy_block(out: *mut u8, p: *const u8, n: usize) -> u32 {
        // SAFETY: the caller's promise.
        unsafe { page::copy_block(out, p, n) }
    }
    #[inline(always)]
    unsafe fn copy_ends(out: *mut u8, p: *const u8, last: usize) -> u32 {
        // SAFETY: the caller's promise.
        unsafe { page::copy_ends(out, p, last) }
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
    fn look_up(self, at: Self) -> Self {
        // A shuffle looks at four bits and the highest: the sum gives all bytes from 16 on the highest bit.
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        self.shuffle(Self(unsafe { _mm256_adds_epu8(at.0, at.splat::<1>(0x70).0) }))
    }
    /// The machine looks at the high bits alone.
    #[inline(always)]
    fn high(self) -> Self {
        self
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
        shuffle = _mm256_shuffle_epi8
        interleave_low8 = _mm256_unpacklo_epi8 interleave_high8 = _mm256_unpackhi_epi8
        interleave_low16 = _mm256_unpacklo_epi16 interleave_high16 = _mm256_unpackhi_epi16
        pack16 = _mm256_packs_epi16 pack32 = _mm256_packs_epi32;
        at_most: at_most8 = _mm256_min_epu8 _mm256_cmpeq_epi8 at_most16 = _mm256_min_epu16 _mm256_cmpeq_epi16
        at_most32 = _mm256_min_epu32 _mm256_cmpeq_epi32
    }
}
