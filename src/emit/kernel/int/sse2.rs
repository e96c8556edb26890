//! Words of digits by the vector instructions that every x86-64 has.

use super::digits::digits;
use super::words::{E8, Words};
use core::arch::x86_64::{_mm_cvtsi64_si128, _mm_cvtsi128_si64, _mm_unpackhi_epi64, _mm_unpacklo_epi64};

/// Words by vectors of two lanes: half the time of 64-bit products, of which a core does one at once.
pub struct Sse2;

impl Words for Sse2 {
    #[inline(always)]
    fn one(x: u64) -> u64 {
        debug_assert!(x < E8);
        // SAFETY: SSE2 is part of x86-64, and `digits` asks `__m128i` for nothing else.
        let digits = unsafe { _mm_cvtsi128_si64(digits(_mm_cvtsi64_si128(x.cast_signed()))) };
        digits.cast_unsigned().swap_bytes()
    }

    #[inline(always)]
    fn two(high: u64, low: u64) -> (u64, u64) {
        debug_assert!(high < E8 && low < E8);
        // SAFETY: as for `one`.
        let (high, low) = unsafe {
            let (high, low) = (_mm_cvtsi64_si128(high.cast_signed()), _mm_cvtsi64_si128(low.cast_signed()));
            let digits = digits(_mm_unpacklo_epi64(high, low));
            (_mm_cvtsi128_si64(digits), _mm_cvtsi128_si64(_mm_unpackhi_epi64(digits, digits)))
        };
        (high.cast_unsigned().swap_bytes(), low.cast_unsigned().swap_bytes())
    }
}
