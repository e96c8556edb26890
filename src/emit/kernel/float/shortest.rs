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

use super::machine::E8;
use super::pow10::{self, Pow10, TABLE};
use core::hint::select_unpredictable;

/// One half, for rounding ten times the fraction; why not `1 << 63` is said above.
const HALF: u64 = (1 << 63) + 7;
const E15: u64 = 1_000_000_000_000_000;
/// Fraction bits of a double.
const MANTISSA: u32 = 52;
/// The bits of infinity.
const INFINITY: u64 = 0x7FF << MANTISSA;

/// Seventeen digits, and where they belong.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    /// Of the first sixteen digits the last eight and the first eight.
    pub parts: [u64; 2],
    /// The seventeenth digit.
    pub last: u8,
    /// The exponent of the first digit, above [`EXP_MIN`]; or [`ZERO`], or [`NONE`].
    pub exp: u32,
}

/// The exponent of the least double.
pub const EXP_MIN: i32 = -324;
/// The exponent that stands for zero: behind the greatest, 308.
pub const ZERO: u32 = (309 - EXP_MIN) as u32;
/// The exponent that stands for what is no number.
pub const NONE: u32 = ZERO + 1;

/// Whether [`regular`] cannot answer for the double with these bits: subnormals, and powers of two, whose lower neighbour
/// is nearer. Zero and what is no number it can.
#[inline(always)]
pub fn is_rare(bits: u64) -> bool {
    is_odd(bits) & (bits & INFINITY != INFINITY)
}

/// Whether that is so, or it is no number, which has no sign.
#[inline(always)]
pub fn is_odd(bits: u64) -> bool {
    let exponent = (bits >> MANTISSA) & 0x7FF;
    let mantissa = bits << (64 - MANTISSA);
    // 0 and 0x7FF become u64::MAX and 0x7FE; one comparison for both.
    (bits << 1 != 0) & ((exponent.wrapping_sub(1) >= 0x7FE) | (mantissa == 0))
}

/// Whether the double with these bits has a sign. What is no number has none.
#[inline(always)]
pub fn is_negative(bits: u64) -> bool {
    // All below the negative infinity, as integers.
    (bits as i64) < (1 << 63 | INFINITY) as i64
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

/// What the exponent alone decides.
#[derive(Clone, Copy)]
#[repr(C, align(4))]
struct Row {
    /// The index of `10^m`.
    power: u16,
    /// How far `c * 2^11` is moved down so that the third word of the product holds the integer: 8 to
    /// 11, since `2^q * 10^m` is in 0.1..1.
    shift: u8,
    /// How far the power's first bits are moved down to be the half distance: 1 to 4.
    half: u8,
}

/// The exponent `m` of the scale for `2^q`, and how far the power's first bits are moved down to be half the distance,
/// 1 to 4: `2^q * 10^m` is in 0.1..1.
pub const fn scale(q: i32) -> (i32, i32) {
    let m = -log10_pow2(q) - 1;
    let half = -q - log2_pow10(m);
    assert!(1 <= half && half <= 4 && pow10::MIN <= m && m <= pow10::MAX);
    (m, half)
}

/// By the biased exponent. That of zero, and that of what is no number, have no power: all digits are 0.
static ROWS: [Row; 0x800] = {
    let mut rows = [Row { power: pow10::NONE as u16, shift: 0, half: 0 }; 0x800];
    let mut e = 1;
    while e < 0x7FF {
        let (m, half) = scale(e - 1075);
        rows[e as usize] = Row { power: (pow10::MAX - m) as u16, shift: half as u8 + 7, half: half as u8 };
        e += 1;
    }
    rows[0x7FF].power += 1;
    rows
};

/// The upper 128 of the 192 bits of `c * p`.
#[inline(always)]
fn mul_high(c: u64, p: &Pow10) -> (u64, u64) {
    let upper = u128::from(c) * u128::from(p.hi);
    let lower = (u128::from(c) * u128::from(p.lo)) >> 64;
    let sum = upper + lower;
    ((sum >> 64) as u64, sum as u64)
}

/// The digits of zero and of any normal double that is no power of two; none of what is no number. Of other doubles it gives
/// some digits. No branches: neighbours in a run share nothing that a predictor could learn.
#[inline(always)]
pub fn regular(bits: u64) -> Decimal {
    let row = ROWS[(bits >> MANTISSA) as usize & 0x7FF];
    // The implicit bit on top; what was above it is gone.
    let c = bits << 11 | 1 << 63;
    let (sig, tenth, exp) = scaled(c, row);
    // 15 digits take the next one along, so that the first is never a superfluous zero.
    let short = sig < E15;
    let n = select_unpredictable(short, sig * 10 + tenth, sig);
    let last = select_unpredictable(short, 0, tenth as u8);
    decimal(n, last, exp - i32::from(short))
}

/// From sixteen digits, the seventeenth, and the exponent of the first.
#[inline(always)]
fn decimal(n: u64, last: u8, exp: i32) -> Decimal {
    let exp = (exp - EXP_MIN) as u32;
    debug_assert!(n < E8 * E8 && last <= 9 && exp <= NONE);
    Decimal { parts: [n % E8, n / E8], last, exp }
}

/// Up to 16 digits, the next one, and the exponent of the sixteenth from the right, for `c * 2^11` and
/// a double whose neighbours are equally far on both sides.
#[inline(always)]
fn scaled(c: u64, row: Row) -> (u64, u64, i32) {
    let index = usize::from(row.power);
    debug_assert!(index < TABLE.len());
    // SAFETY: `ROWS` was made with indexes up to NONE + 1, the table's last.
    let power = unsafe { TABLE.get_unchecked(index) };
    let (whole, frac) = mul_high(c >> (row.shift & 63), power);
    let half = (power.top >> (row.half & 63)) + (!(c >> 11) & 1);
    let (_, up) = frac.overflowing_add(half);
    let down = frac < half;
    // Half to even: .25 becomes .2, whereas .75 becomes .8 by itself.
    let tenth = mul_add(frac, 10, HALF) - u64::from(frac == 1 << 62);
    let last = select_unpredictable(up | down, 0, tenth);
    (whole + u64::from(up), last, index as i32 + (16 - 1 - pow10::MAX))
}

/// The upper word of `a * b + c`.
#[inline(always)]
fn mul_add(a: u64, b: u64, c: u64) -> u64 {
    ((u128::from(a) * u128::from(b) + u128::from(c)) >> 64) as u64
}

/// The digits of a finite double for which [`is_rare`] holds.
pub fn rare(bits: u64) -> Decimal {
    let exponent = (bits >> MANTISSA) as usize & 0x7FF;
    let mantissa = bits & ((1 << MANTISSA) - 1);
    debug_assert!(exponent != 0x7FF);
    let (sig, tenth, mut exp) = match exponent {
        // The least normal double has a subnormal neighbour below, just as far as the one above.
        0 | 1 => scaled((mantissa | (exponent as u64) << MANTISSA) << 11, ROWS[1]),
        _ => power_of_two(exponent as i32 - 1075),
    };
    // Subnormals may have few digits; bring the first one to its place.
    let mut n = sig * 10 + tenth;
    while n < E15 * 10 {
        n *= 10;
        exp -= 1;
    }
    decimal(n / 10, (n % 10) as u8, exp)
}

/// As [`scaled`], for `2^52 * 2^q`: the interval reaches half as far down as up, so the tenths must
/// fit into three quarters of the distance: `10^k <= 3/4 * 2^q`.
fn power_of_two(q: i32) -> (u64, u64, i32) {
    // floor(log10(3/4 * 2^q)): -131,072 / 2^20 is log10(3/4), rounded up in the sixth place.
    let k = (q * 315_653 - 131_072) >> 20;
    let m = -k - 1;
    let back = (-q - log2_pow10(m)) as u32;
    debug_assert!(back <= 4);
    let power = &TABLE[(pow10::MAX - m) as usize];
    // 2^52 times the power is the power, moved.
    let p = (u128::from(power.hi) << 64 | u128::from(power.lo)) >> back;
    let (whole, frac) = ((p >> 72) as u64, (p >> 8) as u64);
    let half = power.top >> back;
    let exp = k + 1 + 15;
    if frac <= half / 2 {
        return (whole, 0, exp);
    }
    if frac.checked_add(half).is_none_or(|end| end == u64::MAX) {
        return (whole + 1, 0, exp);
    }
    // The nearest tenth may lie below the interval: then the first one inside.
    let nearest = mul_add(frac, 10, HALF) - u64::from(frac == 1 << 62);
    let first = mul_add(frac - half / 2, 10, u64::MAX);
    (whole, nearest.max(first), exp)
}
