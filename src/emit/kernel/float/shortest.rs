//! The shortest decimal that reads back as a given double.
//!
//! The method is Schubfach's (R. Giulietti, "The Schubfach way to render doubles", 2021), in the
//! form that looks at the short candidate first (J. Xiang's xjb, V. Zverovich's zmij). A double is
//! `c * 2^q`. With `10^k <= 2^q < 10^(k+1)` and the scale `10^(-k-1)`, neighbours are between 0.1
//! and 1 apart, so that the interval which reads back as the double holds
//!
//! - at most one integer, found by rounding up or down: 15 or 16 digits, or fewer with its zeros;
//! - at least one tenth; if there is no integer, the tenth nearest to the value has the digits.
//!
//! # Why 125-bit powers and a 64-bit fraction suffice
//!
//! The computed fraction is the true one, rounded down, in units of `2^-64`, after a loss of less than
//! 2^-8 units, because the factor of the truncated power is below 2^56 and its lowest bit 2^-64 units
//! (no loss at all where 5^m has at most 125 bits, `m` in 0..54). Every `(c, q)` whose true value comes
//! within 3 units of a decision was listed by computer (tests/rust/kernel/float.rs has the list and
//! the search). Of these:
//!
//! - *Interval ends*, away from ties: 2.16 units at the nearest, more than the errors of fraction
//!   (1.004) and half distance (1) and the 1 added below for even `c` can bridge.
//! - *Ties at interval ends* need `-k-1` in `-23..0`. The half distance is no integer there: its own
//!   fraction is within 0.0065..0.9935, and truncation carries over neither side, hence `frac == half`
//!   below, `frac + half == 2^64 - 1` above, and adding 1 includes the end for even `c` only.
//! - *Tenths* meet a tie only at .25 and .75 (the value is dyadic there, and exact). Otherwise the
//!   nearest are 0.07 and 0.15 above (both at .35, rounded down to 0.6 below it) and 1.07 below;
//!   the next above is 1.55. [`HALF`] is 7 more than one half: 6 is needed, 10 would be too much.

use super::pow10::{self, Pow10, TABLE};

/// One half, for rounding ten times the fraction; why not `1 << 63` is said above.
const HALF: u64 = (1 << 63) + 7;
/// Fraction bits of a double.
const MANTISSA: u32 = 52;

/// `(sig + last / 10) * 10^(exp - 15)`.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    /// Up to 16 digits. 15 or 16 unless it is zero.
    pub sig: u64,
    /// The digit behind.
    pub last: u64,
    /// The place of `sig`'s sixteenth digit, counted from the right.
    pub exp: i32,
}

/// Whether [`regular`] cannot answer for the double with these bits: infinities, NaN, subnormals,
/// and powers of two, whose lower neighbour is nearer. Zero it can.
#[inline(always)]
pub fn is_rare(bits: u64) -> bool {
    let exponent = bits << 1 >> (MANTISSA + 1);
    let mantissa = bits << (64 - MANTISSA);
    // 0 and 0x7FF become 0xFFFF_FFFF and 0x7FE; one comparison for both.
    bits << 1 != 0 && ((exponent as u32).wrapping_sub(1) >= 0x7FE || mantissa == 0)
}

/// `floor(q * log10(2))`, for `q` from -1074 to 971.
#[inline(always)]
const fn log10_pow2(q: i32) -> i32 {
    (q * 78_913) >> 18
}

/// `floor(m * log2(10))`, for every `m` of the table.
#[inline(always)]
const fn log2_pow10(m: i32) -> i32 {
    (m * 217_707) >> 16
}

#[inline(always)]
fn power(m: i32) -> Pow10 {
    debug_assert!((pow10::MIN..=pow10::MAX).contains(&m));
    // SAFETY: a double has q in -1074..=971, and m = -floor(q * log10(2)) - 1 is in MIN..=MAX.
    unsafe { *TABLE.get_unchecked((m - pow10::MIN) as usize) }
}

/// The upper 128 of the 192 bits of `c * p`.
#[inline(always)]
fn mul_high(c: u64, p: Pow10) -> (u64, u64) {
    let upper = u128::from(c) * u128::from(p.hi);
    let lower = (u128::from(c) * u128::from(p.lo)) >> 64;
    let sum = upper + lower;
    ((sum >> 64) as u64, sum as u64)
}

/// The digits of zero and of any normal double that is no power of two. The sign is ignored.
/// For other bits it gives nonsense with
/// `sig < 10^16`. No branches: neighbours in a run share nothing that a predictor could learn.
#[inline(always)]
pub fn regular(bits: u64) -> Decimal {
    let exponent = (bits << 1 >> (MANTISSA + 1)) as i32;
    let mantissa = bits & ((1 << MANTISSA) - 1);
    // Zero takes the path with c = 0; subnormals and infinities do not come here.
    let c = mantissa | u64::from(exponent != 0) << MANTISSA;
    let q = exponent - 1075;
    scaled(c, q)
}

/// As [`regular`], for any `c < 2^53` and `q` whose neighbours are equally far on both sides.
#[inline(always)]
fn scaled(c: u64, q: i32) -> Decimal {
    let k = log10_pow2(q);
    let m = -k - 1;
    // 2^q * 10^m is in 0.1..1, so this is in 0..=3. Only zero, or a subnormal whose digits nobody
    // wants, comes with q = -1075; there it may be -1.
    let shift = q + log2_pow10(m) + 4;
    debug_assert!((0..=3).contains(&shift) || q == -1075);
    let power = power(m);
    let (whole, frac) = mul_high(c << (shift & 7), power);
    let half = (power.top >> (4 - shift)) + (!c & 1);
    let (_, up) = frac.overflowing_add(half);
    let down = frac < half;
    let (tenth_hi, _) = mul_add(frac, 10, HALF);
    // Half to even: .25 becomes .2, whereas .75 becomes .8 by itself.
    let tenth = tenth_hi - u64::from(frac == 1 << 62);
    let last = core::hint::select_unpredictable(up | down, 0, tenth);
    Decimal { sig: whole + u64::from(up), last, exp: k + 1 + 15 }
}

#[inline(always)]
fn mul_add(a: u64, b: u64, c: u64) -> (u64, u64) {
    let p = u128::from(a) * u128::from(b) + u128::from(c);
    ((p >> 64) as u64, p as u64)
}

/// The digits of a finite double for which [`is_rare`] holds.
#[cold]
pub fn rare(bits: u64) -> Decimal {
    let exponent = (bits << 1 >> (MANTISSA + 1)) as i32;
    let mantissa = bits & ((1 << MANTISSA) - 1);
    debug_assert!(exponent != 0x7FF);
    let d = match exponent {
        // The least normal double has a subnormal neighbour below, just as far as the one above.
        0 | 1 => scaled(mantissa | (exponent as u64) << MANTISSA, 1 - 1075),
        _ => power_of_two(exponent - 1075),
    };
    // Subnormals may have few digits; bring the first one to its place.
    let (mut n, mut exp) = (d.sig * 10 + d.last, d.exp);
    while n < 1_000_000_000_000_000 {
        n *= 10;
        exp -= 1;
    }
    Decimal { sig: n / 10, last: n % 10, exp }
}

/// The digits of `2^52 * 2^q`: the interval reaches half as far down as up, so the tenths must fit
/// into three quarters of the distance: `10^k <= 3/4 * 2^q`.
fn power_of_two(q: i32) -> Decimal {
    // floor(log10(3/4 * 2^q)): -131,072 / 2^20 is log10(3/4), rounded up in the sixth place.
    let k = (q * 315_653 - 131_072) >> 20;
    let m = -k - 1;
    let back = (-q - log2_pow10(m)) as u32;
    debug_assert!(back <= 4);
    let power = power(m);
    // c << shift would be a power of two: the product is the table's word, moved.
    let p = (u128::from(power.hi) << 64 | u128::from(power.lo)) >> back;
    let (whole, frac) = ((p >> 72) as u64, (p >> 8) as u64);
    let half = power.top >> back;
    let exp = k + 1 + 15;
    if frac <= half / 2 {
        return Decimal { sig: whole, last: 0, exp };
    }
    if frac.checked_add(half).is_none_or(|end| end == u64::MAX) {
        return Decimal { sig: whole + 1, last: 0, exp };
    }
    // The nearest tenth may lie below the interval: then the first one inside.
    let nearest = mul_add(frac, 10, HALF).0 - u64::from(frac == 1 << 62);
    let first = mul_add(frac - half / 2, 10, u64::MAX).0;
    Decimal { sig: whole, last: nearest.max(first), exp }
}
