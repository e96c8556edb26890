//! Short simple strings, in code that has the instructions of x86-64-v3: members of rows, which are written in a loop of
//! the level's own, are told apart with less than [`super::v3::short`] needs, which fits into code for any machine.

use core::arch::x86_64::{
    __m128i, _mm_loadu_si128, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8,
    _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8, _mm256_shuffle_epi8, _mm256_storeu_si256,
};

use super::ascii::is_block;
use super::page::load32;

/// For each low half of a byte the one character with it that is to be escaped and no control character; where there is
/// none, a byte with another half.
const ESCAPED: [u8; 16] = [1, 0, b'"', 0, 0, 0, 0, 0, 0, 0, 0, 0, b'\\', 0, 0, 0];

/// Copies a string of 1 to 32 characters of ASCII with nothing to escape; null for any other, and near a page's end.
///
/// # Safety
///
/// As [`super::v3::short`].
#[target_feature(enable = "avx2,bmi1,bmi2")]
#[inline]
pub unsafe fn short(out: *mut u8, s: &[u8]) -> *mut u8 {
    let n = s.len();
    if !is_block(s) {
        return core::ptr::null_mut();
    }
    // SAFETY: the string is not empty, so that its page is readable, and all 32 bytes are in it; the caller: 32 bytes are
    // writable.
    unsafe {
        let v = load32(s.as_ptr());
        _mm256_storeu_si256(out.cast(), v);
        let table = _mm256_broadcastsi128_si256(_mm_loadu_si128(ESCAPED.as_ptr().cast::<__m128i>()));
        // What is no ASCII lies behind the end of the string and does not count.
        let control = _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), v);
        let special = _mm256_or_si256(control, _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, v), v));
        // Of the bits the n lowest count; n is at most 32.
        let found = u64::from(_mm256_movemask_epi8(special).cast_unsigned()) & ((1 << n) - 1);
        if found != 0 { core::ptr::null_mut() } else { out.add(n) }
    }
}
