//! How long a string is in UTF-8: for each bound that a character reaches one byte more.

use core::arch::x86_64::*;

/// See [`super::super::super::Level::ucs2_len`].
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub fn ucs2_len(s: &[u16]) -> Option<usize> {
    const BLOCK: usize = 32;
    let (mut n, mut surrogates) = (s.len(), 0);
    for block in s.chunks(BLOCK) {
        let live = _bzhi_u32(u32::MAX, block.len() as u32);
        // SAFETY: what is not in the block is not loaded.
        let v = unsafe { _mm512_maskz_loadu_epi16(live, block.as_ptr().cast()) };
        let two = _mm512_cmpge_epu16_mask(v, _mm512_set1_epi16(0x80));
        let three = _mm512_cmpge_epu16_mask(v, _mm512_set1_epi16(0x800));
        let high = _mm512_and_si512(v, _mm512_set1_epi16(0xf800_u16 as i16));
        surrogates |= _mm512_cmpeq_epu16_mask(high, _mm512_set1_epi16(0xd800_u16 as i16));
        n += (two.count_ones() + three.count_ones()) as usize;
    }
    (surrogates == 0).then_some(n)
}

/// See [`super::super::super::Level::ucs4_len`].
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub fn ucs4_len(s: &[u32]) -> Option<usize> {
    const BLOCK: usize = 16;
    let (mut n, mut surrogates) = (s.len(), 0);
    for block in s.chunks(BLOCK) {
        let live = _bzhi_u32(u32::MAX, block.len() as u32) as u16;
        // SAFETY: what is not in the block is not loaded.
        let v = unsafe { _mm512_maskz_loadu_epi32(live, block.as_ptr().cast()) };
        let two = _mm512_cmpge_epu32_mask(v, _mm512_set1_epi32(0x80));
        let three = _mm512_cmpge_epu32_mask(v, _mm512_set1_epi32(0x800));
        let four = _mm512_cmpge_epu32_mask(v, _mm512_set1_epi32(0x1_0000));
        let high = _mm512_and_si512(v, _mm512_set1_epi32(0xffff_f800_u32 as i32));
        surrogates |= _mm512_cmpeq_epu32_mask(high, _mm512_set1_epi32(0xd800));
        n += (two.count_ones() + three.count_ones() + four.count_ones()) as usize;
    }
    (surrogates == 0).then_some(n)
}
