//! What differs between the levels, and nothing else: sixteen digits at once, and moving them.
//!
//! All versions halve a number again and again: 8 and 8 digits, then 4, 2 and 1 in each lane. With
//! `q = x / 10^n`, `x + q * (2^w - 10^n)` leaves the remainder in the lower half of a lane of `2 * w`
//! bits and `q` in the upper half, so the digits come out with the last one in the lowest byte.

use super::place;
use super::short::{self, Part};

/// `floor(x / 10^4)` is `x * DIV_10000 >> 40` for `x < 10^8`.
const DIV_10000: u64 = 109_951_163;
/// `floor(x / 100)` is `x * DIV_100 >> 19` for `x < 10^4`.
const DIV_100: u64 = 5_243;
/// What eight digits count to.
pub const E8: u64 = 100_000_000;
/// Sixteen times `0`.
const ZEROS: u128 = 0x3030_3030_3030_3030_3030_3030_3030_3030;

/// One level's instructions.
///
/// # Safety
///
/// For every function: the machine has the level's instructions.
pub trait Machine: Copy {
    /// Sixteen characters, the first one in the lowest byte.
    type Text: Copy;

    /// Sixteen digits, the last eight and the first eight of which are given, and how many there are up
    /// to the last that is not `0`.
    ///
    /// # Safety
    ///
    /// As above.
    unsafe fn sixteen(parts: [u64; 2]) -> (Self::Text, u32);

    /// As [`Self::sixteen`], of two.
    ///
    /// # Safety
    ///
    /// As above.
    #[inline(always)]
    unsafe fn twice_sixteen(parts: &[[u64; 2]; 2]) -> [(Self::Text, u32); 2] {
        // SAFETY: the caller's promise.
        unsafe { [Self::sixteen(parts[0]), Self::sixteen(parts[1])] }
    }

    /// Writes the characters.
    ///
    /// # Safety
    ///
    /// As above, and 16 writable bytes at `out`.
    unsafe fn store(text: Self::Text, out: *mut u8);

    /// The characters with a gap at `at`, which loses the last; nothing changes if `at` is 16.
    ///
    /// # Safety
    ///
    /// As above.
    unsafe fn gap(text: Self::Text, at: usize) -> Self::Text;

    /// A short decimal, without sign, and how long it is; see [`short`].
    ///
    /// # Safety
    ///
    /// As above.
    unsafe fn short<const D: usize>(part: Part) -> (Self::Text, u32);

    /// Writes four doubles, each with a comma, if all of them are short decimals.
    ///
    /// # Safety
    ///
    /// As above, and room for four of the longest doubles with commas at `out`.
    #[inline(always)]
    unsafe fn put_four<const D: usize>(mut out: *mut u8, x: &[f64; 4]) -> Option<*mut u8> {
        if !short::all::<D>(x) {
            return None;
        }
        let parts = x.map(Part::new::<D>);
        // SAFETY: the caller's promise.
        let texts = parts.map(|part| unsafe { Self::short::<D>(part) });
        for ((text, len), part) in texts.into_iter().zip(parts) {
            // SAFETY: the caller's promise.
            out = unsafe { short::put::<Self>(out, text, len, part.negative) };
        }
        Some(out)
    }
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

impl Machine for Words {
    type Text = u128;

    #[inline(always)]
    unsafe fn sixteen(parts: [u64; 2]) -> (u128, u32) {
        debug_assert!(parts[0] < E8 && parts[1] < E8);
        let (lo, hi) = (eight(parts[0]), eight(parts[1]));
        // The last digits are lowest here: zero bytes at that end are trailing zeros.
        let tail =
            core::hint::select_unpredictable(lo == 0, 8 + hi.trailing_zeros() / 8, lo.trailing_zeros() / 8);
        let text = u128::from(lo.swap_bytes()) << 64 | u128::from(hi.swap_bytes());
        (text | ZEROS, 16 - tail)
    }

    #[inline(always)]
    unsafe fn store(text: u128, out: *mut u8) {
        // SAFETY: the caller gives 16 bytes.
        unsafe { out.cast::<[u8; 16]>().write_unaligned(text.to_le_bytes()) };
    }

    #[inline(always)]
    unsafe fn gap(text: u128, at: usize) -> u128 {
        let keep = place::KEEP[at];
        (text & keep) | ((text << 8) & !keep)
    }

    #[inline(always)]
    unsafe fn short<const D: usize>(part: Part) -> (u128, u32) {
        // SAFETY: any machine has words.
        let (text, _) = unsafe { Self::sixteen([part.low, part.high]) };
        // Without the first digit, which is 0, and with the point instead.
        let keep = place::KEEP[15 - D];
        let text = ((text >> 8) & keep) | (text & !(keep << 8 | 0xFF)) | u128::from(b'.') << (8 * (15 - D));
        let differs = text ^ ZEROS;
        let lead = (differs | 1 << (8 * (14 - D))).trailing_zeros() / 8;
        let end = 16 - (differs | 1 << (8 * (16 - D))).leading_zeros() / 8;
        (text >> (8 * lead), end - lead)
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::*;
    use crate::emit::kernel::float::place::GAP;
    use core::arch::x86_64::*;

    /// 128-bit vectors; needs SSSE3.
    #[derive(Clone, Copy, Debug)]
    pub struct Sse;

    /// 256-bit vectors; needs AVX2.
    #[derive(Clone, Copy, Debug)]
    pub struct Avx;

    /// Eight digits of each of two numbers below `10^8`, the last digit in the lowest byte.
    #[inline(always)]
    unsafe fn eights(x: __m128i) -> __m128i {
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

    /// As [`eights`], of four.
    #[inline(always)]
    unsafe fn eights256(x: __m256i) -> __m256i {
        // SAFETY: the caller has AVX2.
        unsafe {
            let q = _mm256_srli_epi64::<40>(_mm256_mul_epu32(x, _mm256_set1_epi64x(DIV_10000 as i64)));
            let x = _mm256_add_epi64(x, _mm256_mul_epu32(q, _mm256_set1_epi64x((1 << 32) - 10_000)));
            let q = _mm256_srli_epi16::<3>(_mm256_mulhi_epu16(x, _mm256_set1_epi32(DIV_100 as i32)));
            let x = _mm256_or_si256(x, _mm256_slli_epi32::<16>(q));
            let x = _mm256_sub_epi16(x, _mm256_mullo_epi16(q, _mm256_set1_epi32(100)));
            let q = _mm256_mulhi_epu16(x, _mm256_set1_epi16(6_554));
            _mm256_add_epi16(x, _mm256_mullo_epi16(q, _mm256_set1_epi16((1 << 8) - 10)))
        }
    }

    #[inline(always)]
    unsafe fn load(bytes: *const [u8; 16]) -> __m128i {
        // SAFETY: a reference to 16 bytes; SSE2 is part of x86-64.
        unsafe { _mm_loadu_si128(bytes.cast()) }
    }

    /// The shuffle that moves bytes down by `by`.
    #[inline(always)]
    unsafe fn down(text: __m128i, by: u32) -> __m128i {
        static STEPS: [u8; 32] = {
            let mut s = [0x80; 32];
            let mut i = 0;
            while i < 16 {
                s[i] = i as u8;
                i += 1;
            }
            s
        };
        debug_assert!(by <= 16);
        // SAFETY: `by` is at most 16, of 32 bytes; the caller has SSSE3.
        unsafe { _mm_shuffle_epi8(text, load(STEPS.as_ptr().add(by as usize).cast())) }
    }

    /// Turns the fifteen last of sixteen digits round and opens a gap for the point.
    const fn pointed<const D: usize>() -> [u8; 16] {
        let mut s = [0x80; 16];
        let mut i = 0;
        while i < 16 {
            if i < 15 - D {
                s[i] = 14 - i as u8;
            } else if i > 15 - D {
                s[i] = 15 - i as u8;
            }
            i += 1;
        }
        s
    }

    /// `0`, and `.` in its place.
    const fn pointed_zeros<const D: usize>() -> [u8; 16] {
        let mut s = [b'0'; 16];
        s[15 - D] = b'.';
        s
    }

    /// A short decimal without leading and trailing zeros, and its length; `zeros` has a bit for each
    /// byte of `text` that is `0`.
    #[inline(always)]
    unsafe fn trimmed<const D: usize>(text: __m128i, zeros: u32) -> (__m128i, u32) {
        // One digit at least stays before the point and one behind it.
        let lead = (!zeros | 1 << (14 - D)).trailing_zeros();
        let end = 32 - (!zeros & 0xFFFF | 1 << (16 - D)).leading_zeros();
        // SAFETY: the caller has SSSE3.
        unsafe { (down(text, lead), end - lead) }
    }

    impl Machine for Sse {
        type Text = __m128i;

        #[inline(always)]
        unsafe fn sixteen(parts: [u64; 2]) -> (__m128i, u32) {
            debug_assert!(parts[0] < E8 && parts[1] < E8);
            // SAFETY: the caller has SSSE3.
            unsafe {
                let x = _mm_set_epi64x(parts[1] as i64, parts[0] as i64);
                let reverse = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
                let digits = _mm_shuffle_epi8(eights(x), reverse);
                let used = _mm_movemask_epi8(_mm_cmpgt_epi8(digits, _mm_setzero_si128())) as u32;
                (_mm_or_si128(digits, _mm_set1_epi8(b'0' as i8)), 32 - used.leading_zeros())
            }
        }

        #[inline(always)]
        unsafe fn store(text: __m128i, out: *mut u8) {
            // SAFETY: the caller gives 16 bytes.
            unsafe { _mm_storeu_si128(out.cast(), text) };
        }

        #[inline(always)]
        unsafe fn gap(text: __m128i, at: usize) -> __m128i {
            // SAFETY: the caller has SSSE3.
            unsafe { _mm_shuffle_epi8(text, load(&GAP[at])) }
        }

        #[inline(always)]
        unsafe fn short<const D: usize>(part: Part) -> (__m128i, u32) {
            // SAFETY: the caller has SSSE3.
            unsafe {
                let x = _mm_set_epi64x(part.high as i64, part.low as i64);
                let text = _mm_shuffle_epi8(eights(x), load(const { &pointed::<D>() }));
                let text = _mm_or_si128(text, load(const { &pointed_zeros::<D>() }));
                let zeros = _mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8(b'0' as i8))) as u32;
                trimmed::<D>(text, zeros)
            }
        }
    }

    impl Machine for Avx {
        type Text = __m128i;

        #[inline(always)]
        unsafe fn sixteen(parts: [u64; 2]) -> (__m128i, u32) {
            // SAFETY: as above.
            unsafe { Sse::sixteen(parts) }
        }

        #[inline(always)]
        unsafe fn twice_sixteen(parts: &[[u64; 2]; 2]) -> [(__m128i, u32); 2] {
            debug_assert!(parts.as_flattened().iter().all(|&n| n < E8));
            // SAFETY: the caller has AVX2; two pairs of words are 32 bytes.
            unsafe {
                let x = _mm256_loadu_si256(parts.as_ptr().cast());
                let reverse = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
                let digits = _mm256_shuffle_epi8(eights256(x), _mm256_broadcastsi128_si256(reverse));
                let used = _mm256_movemask_epi8(_mm256_cmpgt_epi8(digits, _mm256_setzero_si256())) as u32;
                let text = _mm256_or_si256(digits, _mm256_set1_epi8(b'0' as i8));
                let (first, second) = (_mm256_castsi256_si128(text), _mm256_extracti128_si256::<1>(text));
                [(first, 32 - (used & 0xFFFF).leading_zeros()), (second, 32 - (used >> 16).leading_zeros())]
            }
        }

        #[inline(always)]
        unsafe fn store(text: __m128i, out: *mut u8) {
            // SAFETY: as above.
            unsafe { Sse::store(text, out) };
        }

        #[inline(always)]
        unsafe fn gap(text: __m128i, at: usize) -> __m128i {
            // SAFETY: as above.
            unsafe { Sse::gap(text, at) }
        }

        #[inline(always)]
        unsafe fn short<const D: usize>(part: Part) -> (__m128i, u32) {
            // SAFETY: as above.
            unsafe { Sse::short::<D>(part) }
        }

        #[inline(always)]
        unsafe fn put_four<const D: usize>(mut out: *mut u8, x: &[f64; 4]) -> Option<*mut u8> {
            // SAFETY: the caller has AVX2 and gives the room; four doubles are 32 bytes.
            unsafe {
                let x = _mm256_loadu_pd(x.as_ptr());
                let sign = _mm256_movemask_pd(x) as u32;
                let (low, high) = split::<D>(x)?;
                let point = _mm256_broadcastsi128_si256(load(const { &pointed::<D>() }));
                let base = _mm256_broadcastsi128_si256(load(const { &pointed_zeros::<D>() }));
                // Values 0 and 2, 1 and 3.
                let even = _mm256_shuffle_epi8(eights256(_mm256_unpacklo_epi64(low, high)), point);
                let odd = _mm256_shuffle_epi8(eights256(_mm256_unpackhi_epi64(low, high)), point);
                let (even, odd) = (_mm256_or_si256(even, base), _mm256_or_si256(odd, base));
                let zero = _mm256_set1_epi8(b'0' as i8);
                let zeros02 = _mm256_movemask_epi8(_mm256_cmpeq_epi8(even, zero)) as u32;
                let zeros13 = _mm256_movemask_epi8(_mm256_cmpeq_epi8(odd, zero)) as u32;
                let texts = [
                    trimmed::<D>(_mm256_castsi256_si128(even), zeros02),
                    trimmed::<D>(_mm256_castsi256_si128(odd), zeros13),
                    trimmed::<D>(_mm256_extracti128_si256::<1>(even), zeros02 >> 16),
                    trimmed::<D>(_mm256_extracti128_si256::<1>(odd), zeros13 >> 16),
                ];
                for (i, (text, len)) in texts.into_iter().enumerate() {
                    out = short::put::<Self>(out, text, len, sign >> i & 1);
                }
                Some(out)
            }
        }
    }

    /// [`short::all`] and [`Part::new`] of four: the last eight and the first eight digits.
    #[inline(always)]
    unsafe fn split<const D: usize>(x: __m256d) -> Option<(__m256i, __m256i)> {
        // SAFETY: the caller has AVX2.
        unsafe {
            let shifter = _mm256_set1_pd(short::SHIFTER);
            let scale = _mm256_set1_pd(short::scale::<D>());
            let x = _mm256_andnot_pd(_mm256_set1_pd(-0.0), x);
            let r = _mm256_sub_pd(_mm256_add_pd(_mm256_mul_pd(x, scale), shifter), shifter);
            let exact = _mm256_cmp_pd::<_CMP_EQ_OQ>(_mm256_div_pd(r, scale), x);
            let fits = _mm256_cmp_pd::<_CMP_LT_OQ>(r, _mm256_set1_pd(short::LIMIT));
            if _mm256_movemask_pd(_mm256_and_pd(exact, fits)) != 0b1111 {
                return None;
            }
            let high = _mm256_sub_pd(r, _mm256_set1_pd(short::BELOW_HALF));
            let high = _mm256_add_pd(_mm256_mul_pd(high, _mm256_set1_pd(1e-8)), shifter);
            let whole = _mm256_mul_pd(_mm256_sub_pd(high, shifter), _mm256_set1_pd(E8 as f64));
            let low = _mm256_add_pd(_mm256_sub_pd(r, whole), shifter);
            let low = _mm256_sub_epi64(_mm256_castpd_si256(low), _mm256_castpd_si256(shifter));
            Some((low, _mm256_sub_epi64(_mm256_castpd_si256(high), _mm256_castpd_si256(shifter))))
        }
    }
}
#[cfg(target_arch = "x86_64")]
pub use x86::{Avx, Sse};
