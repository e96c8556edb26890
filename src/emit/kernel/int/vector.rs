//! The operations on vectors of 64-bit lanes that [`super::digits`] and [`super::lanes`] are written in.

use core::arch::x86_64::*;

/// The arithmetic that digits need. `__m128i` has it on every x86-64.
///
/// # Safety
///
/// For every function: the machine has the implementor's instructions, SSE2 for `__m128i` and AVX2
/// for `__m256i`. The functions are inlined into ones that enable them.
pub trait Arithmetic: Copy {
    /// `x` in every lane.
    unsafe fn splat(x: u64) -> Self;
    /// Sums of lanes.
    unsafe fn add(self, other: Self) -> Self;
    /// Differences of lanes.
    unsafe fn sub(self, other: Self) -> Self;
    /// Products of the low halves of lanes.
    unsafe fn mul(self, other: Self) -> Self;
    /// Low halves of the products of 16-bit parts.
    unsafe fn mul_low16(self, other: Self) -> Self;
    /// High halves of the products of unsigned 16-bit parts.
    unsafe fn mul_high16(self, other: Self) -> Self;
    /// Lanes shifted to the right.
    unsafe fn shr<const N: i32>(self) -> Self;
    /// Lanes shifted to the left.
    unsafe fn shl<const N: i32>(self) -> Self;
    /// 16-bit parts shifted to the right.
    unsafe fn shr16<const N: i32>(self) -> Self;

    /// `self + hundreds * (2^16 - 100)` in 32-bit parts, `hundreds` being below 2^16.
    #[inline(always)]
    unsafe fn carry_hundreds(self, hundreds: Self) -> Self {
        // SAFETY: handed on from the caller.
        unsafe {
            let low = self.sub(hundreds.mul_low16(Self::splat(0x0000_0001_0000_0001 * 100)));
            low.add(hundreds.shl::<16>())
        }
    }
}

/// What handling a run needs beyond that.
///
/// # Safety
///
/// For every function: the machine has the implementor's instructions, SSE4.2 for `__m128i` and AVX2
/// for `__m256i`. The functions are inlined into ones that enable them.
pub trait Vector: Arithmetic {
    /// How many lanes there are: two or four.
    const LANES: usize;

    /// Reads the lanes; `LANES` values at `p` are readable.
    unsafe fn load(p: *const i64) -> Self;
    /// Writes the lanes; `LANES` values at `p` are writable.
    unsafe fn store(self, p: *mut u64);
    /// Bits in both.
    unsafe fn and(self, other: Self) -> Self;
    /// Bits in either.
    unsafe fn or(self, other: Self) -> Self;
    /// Bits in one.
    unsafe fn xor(self, other: Self) -> Self;
    /// All bits of a lane where the signed `self` is greater.
    unsafe fn greater(self, other: Self) -> Self;
    /// The even lanes of `self`, each with the lane of `other` behind it.
    unsafe fn even(self, other: Self) -> Self;
    /// The odd lanes of `self`, each with the lane of `other` behind it.
    unsafe fn odd(self, other: Self) -> Self;
    /// The bytes of each lane in reverse order.
    unsafe fn reverse(self) -> Self;
    /// One bit for each byte: whether it is positive.
    unsafe fn positive(self) -> u32;
    /// The lower or the upper 16 bytes; a vector of 16 has only lower ones.
    unsafe fn half(self, upper: bool) -> __m128i;
}

/// Functions that are one instruction under another name.
macro_rules! same {
    ($($name:ident = $intrinsic:ident;)*) => {$(
        #[inline(always)]
        unsafe fn $name(self, other: Self) -> Self {
            // SAFETY: the caller vouches for the instructions.
            unsafe { $intrinsic(self, other) }
        }
    )*};
}

/// As [`same`], for shifts by a constant.
macro_rules! shift {
    ($($name:ident = $intrinsic:ident;)*) => {$(
        #[inline(always)]
        unsafe fn $name<const N: i32>(self) -> Self {
            // SAFETY: the caller vouches for the instructions.
            unsafe { $intrinsic::<N>(self) }
        }
    )*};
}

impl Arithmetic for __m128i {
    #[inline(always)]
    unsafe fn splat(x: u64) -> Self {
        // SAFETY: SSE2 is part of x86-64.
        unsafe { _mm_set1_epi64x(x.cast_signed()) }
    }
    same! {
        add = _mm_add_epi64;
        sub = _mm_sub_epi64;
        mul = _mm_mul_epu32;
        mul_low16 = _mm_mullo_epi16;
        mul_high16 = _mm_mulhi_epu16;
    }
    shift! {
        shr = _mm_srli_epi64;
        shl = _mm_slli_epi64;
        shr16 = _mm_srli_epi16;
    }
}

impl Vector for __m128i {
    const LANES: usize = 2;

    #[inline(always)]
    unsafe fn load(p: *const i64) -> Self {
        // SAFETY: the caller lets two values be read.
        unsafe { _mm_loadu_si128(p.cast()) }
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut u64) {
        // SAFETY: the caller lets two values be written.
        unsafe { _mm_storeu_si128(p.cast(), self) }
    }
    same! {
        and = _mm_and_si128;
        or = _mm_or_si128;
        xor = _mm_xor_si128;
        greater = _mm_cmpgt_epi64;
        even = _mm_unpacklo_epi64;
        odd = _mm_unpackhi_epi64;
    }
    #[inline(always)]
    unsafe fn reverse(self) -> Self {
        // SAFETY: the caller vouches for SSSE3.
        unsafe { _mm_shuffle_epi8(self, _mm_set_epi64x(0x0809_0a0b_0c0d_0e0f, 0x0001_0203_0405_0607)) }
    }
    #[inline(always)]
    unsafe fn positive(self) -> u32 {
        // SAFETY: SSE2 is part of x86-64.
        unsafe { _mm_movemask_epi8(_mm_cmpgt_epi8(self, _mm_setzero_si128())).cast_unsigned() }
    }
    #[inline(always)]
    unsafe fn half(self, upper: bool) -> __m128i {
        debug_assert!(!upper);
        self
    }
}

impl Arithmetic for __m256i {
    #[inline(always)]
    unsafe fn splat(x: u64) -> Self {
        // SAFETY: the caller vouches for AVX2.
        unsafe { _mm256_set1_epi64x(x.cast_signed()) }
    }
    same! {
        add = _mm256_add_epi64;
        sub = _mm256_sub_epi64;
        mul = _mm256_mul_epu32;
        mul_low16 = _mm256_mullo_epi16;
        mul_high16 = _mm256_mulhi_epu16;
    }
    shift! {
        shr = _mm256_srli_epi64;
        shl = _mm256_slli_epi64;
        shr16 = _mm256_srli_epi16;
    }
    // Two instructions for four. SSE2 has no such product, and with it a run is 4 % faster.
    #[inline(always)]
    unsafe fn carry_hundreds(self, hundreds: Self) -> Self {
        // SAFETY: the caller vouches for AVX2.
        unsafe { _mm256_add_epi64(self, _mm256_mullo_epi32(hundreds, _mm256_set1_epi32((1 << 16) - 100))) }
    }
}

impl Vector for __m256i {
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn load(p: *const i64) -> Self {
        // SAFETY: the caller lets four values be read, and vouches for AVX2.
        unsafe { _mm256_loadu_si256(p.cast()) }
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut u64) {
        // SAFETY: the caller lets four values be written, and vouches for AVX2.
        unsafe { _mm256_storeu_si256(p.cast(), self) }
    }
    same! {
        and = _mm256_and_si256;
        or = _mm256_or_si256;
        xor = _mm256_xor_si256;
        greater = _mm256_cmpgt_epi64;
        even = _mm256_unpacklo_epi64;
        odd = _mm256_unpackhi_epi64;
    }
    #[inline(always)]
    unsafe fn reverse(self) -> Self {
        // SAFETY: the caller vouches for AVX2.
        unsafe {
            let order = _mm_set_epi64x(0x0809_0a0b_0c0d_0e0f, 0x0001_0203_0405_0607);
            _mm256_shuffle_epi8(self, _mm256_broadcastsi128_si256(order))
        }
    }
    #[inline(always)]
    unsafe fn positive(self) -> u32 {
        // SAFETY: the caller vouches for AVX2.
        unsafe { _mm256_movemask_epi8(_mm256_cmpgt_epi8(self, _mm256_setzero_si256())).cast_unsigned() }
    }
    #[inline(always)]
    unsafe fn half(self, upper: bool) -> __m128i {
        // SAFETY: the caller vouches for AVX2.
        unsafe { if upper { _mm256_extracti128_si256::<1>(self) } else { _mm256_castsi256_si128(self) } }
    }
}
