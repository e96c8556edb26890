//! Sixteen digits of eight numbers at once, for x86-64-v4.
//!
//! A number is halved again and again: 8 and 8 digits, then 4, 2 and 1 in each lane. With `q = x / 10^n`,
//! `x + q * (2^w - 10^n)` leaves the remainder in the lower half of a lane of `2 * w` bits and `q` in the upper half, so
//! the digits come out with the last one in the lowest byte.

use core::arch::x86_64::*;

/// What eight digits count to.
const E8: i64 = 100_000_000;
/// `floor(x / 10^4)` is `x * DIV_10000 >> 40` for `x < 10^8`.
const DIV_10000: i64 = 109_951_163;
/// `floor(x / 100)` is `x * DIV_100 >> 19` for `x < 10^4`.
const DIV_100: i32 = 5_243;
/// `floor(n / 10^8)` is `floor(n / 2^8) * DIV_E8 >> 70` for `n < 10^16`: that by 5^8 of less than 2^46.
const DIV_E8: i64 = ((1_u128 << 70) / 390_625 + 1) as i64;

/// Eight digits of each of eight numbers below `10^8`, the last digit in the lowest byte.
#[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
#[inline]
pub fn eights(x: __m512i) -> __m512i {
    let q = _mm512_srli_epi64::<40>(_mm512_mul_epu32(x, _mm512_set1_epi64(DIV_10000)));
    let x = _mm512_add_epi64(x, _mm512_mul_epu32(q, _mm512_set1_epi64((1 << 32) - 10_000)));
    let q = _mm512_srli_epi16::<3>(_mm512_mulhi_epu16(x, _mm512_set1_epi32(DIV_100)));
    let x = _mm512_or_si512(x, _mm512_slli_epi32::<16>(q));
    let x = _mm512_sub_epi16(x, _mm512_mullo_epi16(q, _mm512_set1_epi32(100)));
    // floor(y / 10) is y * 6554 >> 16 for y < 100.
    let q = _mm512_mulhi_epu16(x, _mm512_set1_epi16(6_554));
    _mm512_add_epi16(x, _mm512_mullo_epi16(q, _mm512_set1_epi16((1 << 8) - 10)))
}

/// The first eight and the last eight of sixteen digits; the first are known to be zeros unless `LONG`.
#[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
#[inline]
pub fn sixteens<const LONG: bool>(n: __m512i) -> (__m512i, __m512i) {
    let zero = _mm512_setzero_si512();
    if !LONG {
        return (zero, eights(n));
    }
    let q = _mm512_madd52hi_epu64(zero, _mm512_srli_epi64::<8>(n), _mm512_set1_epi64(DIV_E8));
    let q = _mm512_srli_epi64::<18>(q);
    let rest = _mm512_sub_epi64(n, _mm512_mul_epu32(q, _mm512_set1_epi64(E8)));
    (eights(q), eights(rest))
}
