//! Lanes as wide as a character's longest form. What a form does not need is zero, and one instruction drops all zeros.
//!
//! So there are no tables of shuffles and no case for each mixture of lengths. No byte of a JSON text is zero, because
//! U+0000 is written as an escape.

use super::super::escape::SHORT;
use core::arch::x86_64::*;

/// `"` and `\` by their low four bits.
const SELF: [u8; 16] = {
    let mut t = [0; 16];
    t[0x2] = b'"';
    t[0xc] = b'\\';
    t
};

/// For 0 to 15 the letter of the short escape, 0 if there is none.
const LETTERS: [u8; 16] = {
    let mut t = [0; 16];
    let mut c = 0;
    while c < 16 {
        t[c] = if SHORT[c] == 0 { 0 } else { SHORT[c] ^ c as u8 };
        c += 1;
    }
    t
};

/// Of three, what is in the first and the second, or in the third; in the order of a truth table.
pub const UNDER: i32 = 0b1110_1010;

/// Writes what is not zero.
///
/// # Safety
///
/// 64 bytes are writable at `p`.
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
pub unsafe fn put(p: *mut u8, lanes: __m512i) -> *mut u8 {
    let used = _mm512_test_epi8_mask(lanes, lanes);
    // Into a register first: with memory as its destination the instruction takes Zen 4 a hundred cycles and more.
    let bytes = _mm512_maskz_compress_epi8(used, lanes);
    // SAFETY: the caller: 64 bytes are writable.
    unsafe {
        _mm512_storeu_si512(p.cast(), bytes);
        p.add(used.count_ones() as usize)
    }
}

/// Writes what is not zero, and nothing behind it.
///
/// # Safety
///
/// So many bytes are writable at `p`.
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
pub unsafe fn put_exactly(p: *mut u8, lanes: __m512i) -> *mut u8 {
    let used = _mm512_test_epi8_mask(lanes, lanes);
    let n = used.count_ones();
    let bytes = _mm512_maskz_compress_epi8(used, lanes);
    // SAFETY: the caller: so many bytes are writable, and no others are written.
    unsafe {
        _mm512_mask_storeu_epi8(p.cast(), _bzhi_u64(u64::MAX, n), bytes);
        p.add(n as usize)
    }
}

/// 16 bytes in each quarter.
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
pub fn quarters(t: &[u8; 16]) -> __m512i {
    // SAFETY: 16 bytes are borrowed.
    _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(t.as_ptr().cast()) })
}

/// A vector from memory.
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
pub fn whole<T>(t: &[T]) -> __m512i {
    assert!(size_of_val(t) == 64, "as many bytes as a vector has");
    // SAFETY: 64 bytes are borrowed.
    unsafe { _mm512_loadu_si512(t.as_ptr().cast()) }
}

/// What is equal to this in a byte is `"`, `\` or zero.
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
pub fn likeness(v: __m512i) -> __m512i {
    _mm512_shuffle_epi8(quarters(&SELF), v)
}

/// The letters of short escapes; 0 for characters that have none, and for those that stand for themselves.
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline]
pub fn letters(v: __m512i) -> __m512i {
    // A shuffle looks at four bits and the highest: the sum gives all bytes from 0x10 on the highest bit.
    _mm512_shuffle_epi8(quarters(&LETTERS), _mm512_adds_epu8(v, _mm512_set1_epi8(0x70)))
}
