//! Shortest digits of eight doubles at once.
//!
//! The method is that of [`shortest`], in numbers of 52 bits, which are what the instructions multiply. A double is
//! `(2^52 + m) * 2^q`, where `m` has 52 bits. With 104 bits of `2^q * 10^k`, truncated, the product in units of
//! neighbours' distance has an integer and a fraction that is known to less than 3 units of 2^-52 from below: 2 are lost
//! with the truncated power, 1 with the lowest word of the product, which is not computed. Half the distance is known to
//! less than 1. So a decision that is made by these is right, unless it is nearer than that; then, and for all that is
//! rare anyway, the scalar code is asked. Ties are within these bounds too, because what is known exactly is at its edge.

use super::super::machine::E8;
use super::super::pow10::{MAX, TABLE};
use super::super::shortest::{self, EXP_MIN, NONE};
use core::arch::x86_64::*;

/// How many doubles.
pub const LANES: usize = 8;
/// Bits of a word that is multiplied, and the fraction bits of a double.
const BITS: u32 = 52;
const WORD: i64 = (1 << BITS) - 1;
/// The bits of infinity.
const INFINITY: i64 = 0x7FF << BITS;
/// The classes of both zeros, both infinities and all NaN; VFPCLASSPD in Intel's manual.
const ZERO_OR_NONE: i32 = 0b1001_1111;
const E15: i64 = 1_000_000_000_000_000;

/// How far the fraction may be off.
const FRACTION: i64 = 3;
/// And half of the distance.
const HALF: i64 = 1;

/// What an exponent decides: `2^q * 10^k`, which is in 0.1..1, times 2^104. Where it is 0, every decision is near.
#[derive(Clone, Copy)]
#[repr(C, align(16))]
struct Row {
    /// The lower word, and above it the exponent of the first of 16 digits, counted as that of a decimal.
    low: u64,
    /// The upper word.
    high: u64,
}

/// By the biased exponent.
static ROWS: [Row; 0x800] = {
    let mut rows = [Row { low: 0, high: 0 }; 0x800];
    // Zero has fewer than 16 digits, and its first one has the exponent 0; what is no number is told like it.
    rows[0].low = ((1 - EXP_MIN) as u64) << BITS;
    rows[0x7FF].low = (1 + NONE as u64) << BITS;
    let mut e = 1;
    while e < 0x7FF {
        let (k, half) = shortest::scale(e - 1075);
        let power = &TABLE[(MAX - k) as usize];
        let bits = ((power.hi as u128) << 64 | power.lo as u128) >> (20 + half);
        let exp = (15 - k - EXP_MIN) as u64;
        rows[e as usize] = Row { low: bits as u64 & WORD as u64 | exp << BITS, high: (bits >> BITS) as u64 };
        e += 1;
    }
    rows
};

/// Eight decimals; see [`shortest::Decimal`].
#[derive(Clone, Copy)]
pub struct Decimals {
    /// The first sixteen digits.
    pub sixteen: __m512i,
    /// The seventeenth.
    pub last: __m512i,
    /// The exponent of the first one; that of zero is the one of 1.
    pub exp: __m512i,
    /// Which are below zero.
    pub negative: u8,
}

/// The rows of eight doubles, by words.
#[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
#[inline]
fn rows(run: &[f64; LANES]) -> (__m512i, __m512i) {
    let row = |i: usize| {
        // SAFETY: the double has four such numbers, and exponents are below 0x800. A row is 16 bytes, and aligned.
        unsafe {
            // Volatile, or the compiler takes vectors for it, out of which it takes the numbers one by one.
            let e = run.as_ptr().add(i).cast::<u16>().add(3).read_volatile() >> 4 & 0x7FF;
            _mm_load_si128(ROWS.as_ptr().add(e.into()).cast())
        }
    };
    let four = |i: usize| {
        let low = _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(row(i)), row(i + 2));
        let high = _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(row(i + 4)), row(i + 6));
        _mm512_inserti64x4::<1>(_mm512_castsi256_si512(low), high)
    };
    let (even, odd) = (four(0), four(1));
    (_mm512_unpacklo_epi64(even, odd), _mm512_unpackhi_epi64(even, odd))
}

/// The digits of any doubles.
#[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
#[inline]
pub fn decimals(run: &[f64; LANES]) -> Decimals {
    let all = |n: i64| _mm512_set1_epi64(n);
    // SAFETY: eight words are 64 bytes.
    let bits = unsafe { _mm512_loadu_si512(run.as_ptr().cast()) };
    let (low, high) = rows(run);
    let m = _mm512_and_si512(bits, all(WORD));
    // The product, and 2^52 times the power.
    let below = _mm512_madd52hi_epu64(_mm512_and_si512(low, all(WORD)), m, low);
    let below = _mm512_madd52lo_epu64(below, m, high);
    let above = _mm512_madd52hi_epu64(high, m, high);
    let frac = _mm512_and_si512(below, all(WORD));
    let whole = _mm512_add_epi64(above, _mm512_srli_epi64::<BITS>(below));

    let half = _mm512_srli_epi64::<1>(high);
    let end = _mm512_add_epi64(frac, half);
    let up = _mm512_cmpgt_epu64_mask(end, all(WORD));
    // Below a power of two the next double is half as far.
    let power = _mm512_testn_epi64_mask(bits, all(WORD));
    let lower = _mm512_mask_srli_epi64::<1>(half, power, half);
    let down = _mm512_cmplt_epu64_mask(frac, lower);
    let tenth = _mm512_add_epi64(_mm512_slli_epi64::<3>(frac), _mm512_slli_epi64::<1>(frac));
    let tenth = _mm512_add_epi64(tenth, all(1 << (BITS - 1)));
    let exact = up | down;

    // Of each decision how far the greatest value is above it that may be below or at it: too little, and it may be.
    let near_down = _mm512_add_epi64(_mm512_sub_epi64(frac, lower), all(FRACTION - 1));
    let near_up = _mm512_sub_epi64(end, all(WORD + 1 - (FRACTION + HALF - 1)));
    let near_tenth = _mm512_and_si512(_mm512_add_epi64(tenth, all(10 * FRACTION - 1)), all(WORD));
    let unclear = _mm512_cmple_epu64_mask(_mm512_min_epu64(near_down, near_up), all(FRACTION + HALF - 1))
        | _mm512_mask_cmplt_epu64_mask(!exact, near_tenth, all(10 * FRACTION));
    // Of zero, of infinities and of NaN everything is known.
    let known = _mm512_fpclass_pd_mask::<ZERO_OR_NONE>(_mm512_castsi512_pd(bits));
    // The tenth nearest to a power of two may be too low.
    let rare = (unclear | power & !exact) & !known;

    let whole = _mm512_mask_add_epi64(whole, up, whole, all(1));
    let tenth = _mm512_maskz_srli_epi64::<BITS>(!exact, tenth);
    // 15 digits take the next one along.
    let short = _mm512_cmplt_epu64_mask(whole, all(E15));
    let ten = _mm512_add_epi64(_mm512_slli_epi64::<3>(whole), _mm512_slli_epi64::<1>(whole));
    let sixteen = _mm512_mask_add_epi64(whole, short, ten, tenth);
    let last = _mm512_maskz_mov_epi64(!short, tenth);
    let exp = _mm512_srli_epi64::<BITS>(low);
    let exp = _mm512_mask_sub_epi64(exp, short, exp, all(1));
    // What is no number has no sign.
    let negative = _mm512_cmplt_epi64_mask(bits, all(i64::MIN | INFINITY));
    let mut d = Decimals { sixteen, last, exp, negative };
    if rare != 0 {
        // Apart, so that the others stay in registers.
        let mut words = Words { sixteen: words(d.sixteen), last: words(d.last), exp: words(d.exp) };
        words.mend(run, rare);
        (d.sixteen, d.last, d.exp) = (vector(&words.sixteen), vector(&words.last), vector(&words.exp));
    }
    d
}

/// Decimals in memory.
struct Words {
    sixteen: [u64; LANES],
    last: [u64; LANES],
    exp: [u64; LANES],
}

impl Words {
    /// Finds those that are in `rare` one by one.
    #[cold]
    #[inline(never)]
    fn mend(&mut self, run: &[f64; LANES], rare: u8) {
        for i in (0..LANES).filter(|i| rare >> i & 1 == 1) {
            let bits = run[i].to_bits();
            let d = if shortest::is_rare(bits) { shortest::rare(bits) } else { shortest::regular(bits) };
            self.sixteen[i] = d.parts[1] * E8 + d.parts[0];
            (self.last[i], self.exp[i]) = (d.last.into(), d.exp.into());
        }
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn words(v: __m512i) -> [u64; LANES] {
    let mut words = [0; LANES];
    // SAFETY: eight words are 64 bytes.
    unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), v) };
    words
}

#[target_feature(enable = "avx512f")]
#[inline]
fn vector(words: &[u64; LANES]) -> __m512i {
    // SAFETY: eight words are 64 bytes.
    unsafe { _mm512_loadu_si512(words.as_ptr().cast()) }
}
