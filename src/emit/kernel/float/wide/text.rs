//! From digits to the characters of eight doubles, and which slots are used.

use super::super::machine::{DIV_100, DIV_10000, E8};
use super::super::place::{FIXED_MAX, FIXED_MIN};
use super::super::shortest::{EXP_MIN, NONE};
use super::digits::Decimals;
use super::slots;
use core::arch::x86_64::*;

/// `floor(n / 10^8)` is `floor(n / 2^8) * DIV_E8 >> 70` for `n < 10^16`: that by 5^8 of less than 2^46.
const DIV_E8: i64 = ((1_u128 << 70) / 390_625 + 1) as i64;

/// Eight digits of each of eight numbers below `10^8`, the last digit in the lowest byte.
#[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
#[inline]
fn eights(x: __m512i) -> __m512i {
    let q = _mm512_srli_epi64::<40>(_mm512_mul_epu32(x, _mm512_set1_epi64(DIV_10000 as i64)));
    let x = _mm512_add_epi64(x, _mm512_mul_epu32(q, _mm512_set1_epi64((1 << 32) - 10_000)));
    let q = _mm512_srli_epi16::<3>(_mm512_mulhi_epu16(x, _mm512_set1_epi32(DIV_100 as i32)));
    let x = _mm512_or_si512(x, _mm512_slli_epi32::<16>(q));
    let x = _mm512_sub_epi16(x, _mm512_mullo_epi16(q, _mm512_set1_epi32(100)));
    let q = _mm512_mulhi_epu16(x, _mm512_set1_epi16(6_554));
    _mm512_add_epi16(x, _mm512_mullo_epi16(q, _mm512_set1_epi16((1 << 8) - 10)))
}

/// Sixteen digits of each, the first eight and the last eight apart.
#[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
#[inline]
pub fn sixteens(n: __m512i) -> (__m512i, __m512i) {
    let q =
        _mm512_madd52hi_epu64(_mm512_setzero_si512(), _mm512_srli_epi64::<8>(n), _mm512_set1_epi64(DIV_E8));
    let q = _mm512_srli_epi64::<18>(q);
    let rest = _mm512_sub_epi64(n, _mm512_mul_epu32(q, _mm512_set1_epi64(E8 as i64)));
    (eights(q), eights(rest))
}

/// Which slots are used.
pub struct Used {
    /// Behind the last one of the digits, counted from [`slots::FIRST`].
    end: __m512i,
    /// How many are used before.
    before: __m512i,
    /// Those of an exponent; how many.
    exponent: __m512i,
}

impl Used {
    /// `first` and `rest` are the digits of `d`.
    #[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
    #[inline]
    pub fn new(d: &Decimals, first: __m512i, rest: __m512i) -> Self {
        let all = |n: i64| _mm512_set1_epi64(n);
        // Bits behind the last digit that counts: those of the lowest one that is set.
        let low = _mm512_test_epi64_mask(rest, rest);
        let digits = _mm512_mask_mov_epi64(_mm512_or_si512(first, all(i64::MIN)), low, rest);
        let digits = _mm512_and_si512(digits, _mm512_sub_epi64(_mm512_setzero_si512(), digits));
        // Leading zeros are 63 less those: 0 to 7 in the last digit, 8 more in each before it.
        let used = _mm512_srli_epi64::<3>(_mm512_lzcnt_epi64(digits));
        let used = _mm512_mask_add_epi64(_mm512_add_epi64(used, all(1)), low, used, all(9));
        let used = _mm512_mask_mov_epi64(used, _mm512_test_epi64_mask(d.last, d.last), all(17));

        let e = _mm512_add_epi64(d.exp, all(EXP_MIN as i64));
        let fixed = _mm512_cmple_epu64_mask(
            _mm512_sub_epi64(e, all(FIXED_MIN as i64)),
            all((FIXED_MAX - FIXED_MIN) as i64),
        );
        let end = _mm512_max_epi64(_mm512_add_epi64(used, all(1)), _mm512_add_epi64(e, all(3)));
        let before = _mm512_max_epi64(_mm512_sub_epi64(_mm512_setzero_si512(), e), _mm512_setzero_si512());
        let found = Self { end, before, exponent: _mm512_setzero_si512() };
        if fixed == u8::MAX { found } else { found.scientific(!fixed, d, used, e) }
    }

    /// The same where those that are in `these` have exponents, or are no numbers.
    #[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
    #[inline]
    fn scientific(self, these: u8, d: &Decimals, used: __m512i, e: __m512i) -> Self {
        let all = |n: i64| _mm512_set1_epi64(n);
        let one = _mm512_cmpeq_epi64_mask(used, all(1));
        let end = _mm512_mask_add_epi64(all(1), !one, used, all(1));
        let e = _mm512_abs_epi64(e);
        let size = _mm512_mask_mov_epi64(all(3), _mm512_cmpge_epi64_mask(e, all(10)), all(4));
        let size = _mm512_mask_mov_epi64(size, _mm512_cmpge_epi64_mask(e, all(100)), all(5));
        let null = _mm512_cmpeq_epi64_mask(d.exp, all(NONE as i64));
        let end = _mm512_mask_mov_epi64(end, null, all(4));
        let size = _mm512_mask_mov_epi64(size, null, _mm512_setzero_si512());
        Self {
            end: _mm512_mask_mov_epi64(self.end, these, end),
            before: _mm512_maskz_mov_epi64(!these, self.before),
            exponent: _mm512_maskz_mov_epi64(these, size),
        }
    }

    /// How many slots each has, signs and commas aside.
    #[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
    #[inline]
    pub fn count(&self) -> __m512i {
        _mm512_add_epi64(_mm512_add_epi64(self.end, self.before), self.exponent)
    }

    /// The slots that are used, and the comma's.
    #[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
    #[inline]
    pub fn slots(&self, negative: u8) -> __m512i {
        let all = |n: i64| _mm512_set1_epi64(n);
        let first = all(1 << slots::FIRST);
        let number =
            _mm512_sub_epi64(_mm512_sllv_epi64(first, self.end), _mm512_srlv_epi64(first, self.before));
        let exponent = all(1 << slots::EXPONENT);
        let exponent = _mm512_sub_epi64(_mm512_sllv_epi64(exponent, self.exponent), exponent);
        // In the order of a truth table: all three together.
        let slots = _mm512_ternarylogic_epi64::<0xFE>(number, exponent, all(slots::COMMA));
        _mm512_mask_or_epi64(slots, negative, slots, all(slots::MINUS))
    }
}
