//! Which slots eight doubles use.

use super::super::place::{FIXED_MAX, FIXED_MIN};
use super::super::shortest::{EXP_MIN, NONE};
use super::digits::Decimals;
use super::slots;
use core::arch::x86_64::*;

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
