//! Sixteen decimal digits at once.
//!
//! All versions halve the number again and again: 8 and 8 digits, then 4, 2 and 1 in each lane.
//! With `q = x / 10^n`, `x + q * (2^w - 10^n)` leaves the remainder in the lower half of a lane of
//! `2 * w` bits and `q` in the upper half, so the digits come out in reverse order of bytes.

/// `floor(x / 10^4)` is `x * DIV_10000 >> 40` for `x < 10^8`.
const DIV_10000: u64 = 109_951_163;
/// `floor(x / 100)` is `x * DIV_100 >> 19` for `x < 10^4`.
const DIV_100: u64 = 5_243;
const E8: u64 = 100_000_000;
/// Sixteen zeros, or eight in the lower half.
pub const ZEROS: u128 = 0x3030_3030_3030_3030_3030_3030_3030_3030;

/// What differs between the levels in writing digits.
///
/// # Safety
///
/// For every function: the machine has the level's instructions.
pub trait Digits: Copy {
    /// Sixteen digits of `n`, which is below `10^16`, as ASCII, the first one in the lowest byte,
    /// and how many there are up to the last that is not `0`.
    ///
    /// # Safety
    ///
    /// As above.
    unsafe fn sixteen(n: u64) -> (u128, u32);
}

/// Multiplications on 64-bit words; for any machine.
#[derive(Clone, Copy, Debug)]
pub struct Words;

/// Eight digits of `x < 10^8`, one a byte, the last one in the lowest byte.
#[inline(always)]
fn eight(x: u64) -> u64 {
    let x = x + ((x * DIV_10000) >> 40) * ((1 << 32) - 10_000);
    let x = x + (((x * DIV_100) >> 19) & 0x0000_007F_0000_007F) * ((1 << 16) - 100);
    // floor(y / 10) is y * 103 >> 10 for y < 100.
    x + (((x * 103) >> 10) & 0x000F_000F_000F_000F) * ((1 << 8) - 10)
}

impl Digits for Words {
    #[inline(always)]
    unsafe fn sixteen(n: u64) -> (u128, u32) {
        debug_assert!(n < E8 * E8);
        let (hi, lo) = (eight(n / E8), eight(n % E8));
        let n = u128::from(hi) << 64 | u128::from(lo);
        // The last digits are lowest here: zero bytes at that end are trailing zeros.
        let tail =
            core::hint::select_unpredictable(lo == 0, 8 + hi.trailing_zeros() / 8, lo.trailing_zeros() / 8);
        (n.swap_bytes() | ZEROS, 16 - tail)
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{DIV_100, DIV_10000, Digits, E8};
    use core::arch::x86_64::*;

    /// 128-bit vectors; needs SSSE3.
    #[derive(Clone, Copy, Debug)]
    pub struct Sse;

    impl Digits for Sse {
        #[inline(always)]
        unsafe fn sixteen(n: u64) -> (u128, u32) {
            debug_assert!(n < E8 * E8);
            // SAFETY: the caller has SSSE3; a vector and u128 are 16 plain bytes each.
            unsafe {
                let x = _mm_set_epi64x((n / E8) as i64, (n % E8) as i64);
                let digits = _mm_shuffle_epi8(lanes(x), reverse());
                let used = _mm_movemask_epi8(_mm_cmpgt_epi8(digits, _mm_setzero_si128())) as u32;
                let text = _mm_or_si128(digits, _mm_set1_epi8(b'0' as i8));
                (core::mem::transmute::<__m128i, u128>(text), 32 - used.leading_zeros())
            }
        }
    }

    /// The shuffle that turns all 16 bytes round.
    #[inline(always)]
    pub unsafe fn reverse() -> __m128i {
        // SAFETY: SSE2 is part of x86-64.
        unsafe { _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) }
    }

    /// Eight digits of each of two numbers below `10^8`, the last digit in the lowest byte.
    #[inline(always)]
    pub unsafe fn lanes(x: __m128i) -> __m128i {
        // SAFETY: SSE2 is part of x86-64.
        unsafe {
            let q = _mm_srli_epi64::<40>(_mm_mul_epu32(x, _mm_set1_epi64x(DIV_10000 as i64)));
            let x = _mm_add_epi64(x, _mm_mul_epu32(q, _mm_set1_epi64x((1 << 32) - 10_000)));
            let q = _mm_srli_epi16::<3>(_mm_mulhi_epu16(x, _mm_set1_epi32(DIV_100 as i32)));
            let x = _mm_or_si128(x, _mm_slli_epi32::<16>(q));
            let x = _mm_sub_epi16(x, _mm_mullo_epi16(q, _mm_set1_epi32(100)));
            // floor(y / 10) is y * 6554 >> 16 for y < 100.
            let q = _mm_mulhi_epu16(x, _mm_set1_epi16(6_554));
            _mm_add_epi16(x, _mm_mullo_epi16(q, _mm_set1_epi16((1 << 8) - 10)))
        }
    }
}
#[cfg(target_arch = "x86_64")]
pub use x86::*;
