//! Decimals with few places: `12.5`, `0.001`, `1024.0`. Prices, measurements, whole numbers.
//!
//! # Why this is exact
//!
//! Let `r` be an integer below `10^15`, and `x` the double nearest to `r / 10^D`; the division of two
//! exact doubles says whether it is. Two decimals of at most 15 digits never round to the same double
//! (neighbouring ones differ by more than the doubles around them do, as `10^15 < 2^53 / 2`). So no
//! decimal of 15 or fewer digits but `r / 10^D` reads back as `x`, hence the shortest that does is this
//! one, without trailing zeros. How `r` was guessed does not matter.
//!
//! Up to 3 places the form is never the one with an exponent: `0.001 <= x < 10^12`, or zero. Up to 6 places it is not from
//! `0.00001` on.

use super::machine::{E8, Machine};
use crate::emit::kernel::int::{Words, uint as int};

/// The first integer that is too large.
pub const LIMIT: f64 = 1e15;
/// Adding it makes a double of magnitude below 2^51 an integer in the lowest bits.
pub const SHIFTER: f64 = 6_755_399_441_055_744.0;
/// What is taken off before an integer is divided by 10^8, so that rounding the quotient truncates:
/// `(r + 1/2) / 10^8 - 1/2` is never nearer than 5e-9 to a half, and the errors of 10^-8 and of two
/// roundings are below 10^7 * 2^-51, that is 4.5e-9.
pub const BELOW_HALF: f64 = E8 as f64 / 2.0 - 0.5;

/// `10^D`.
pub const fn scale<const D: usize>() -> f64 {
    const { assert!(D <= 6) };
    10_u64.pow(D as u32) as f64
}

/// A short decimal times `10^D`.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The integer divided by `10^8`.
    pub high: u64,
    /// The rest.
    pub low: u64,
    /// 1 if there is a sign in front.
    pub negative: u32,
}

/// The integer that is `10^D * x`, if there is one.
#[inline(always)]
fn integer<const D: usize>(x: f64) -> f64 {
    (x.abs() * scale::<D>() + SHIFTER) - SHIFTER
}

/// Whether `x` is a short decimal.
#[inline(always)]
pub fn is_short<const D: usize>(x: f64) -> bool {
    let r = integer::<D>(x);
    (r / scale::<D>() == x.abs()) & (r < LIMIT)
}

/// Whether all four are. No short-circuit: vectors can do it.
#[inline(always)]
pub fn all<const D: usize>(x: &[f64; 4]) -> bool {
    x.iter().fold(true, |all, &x| all & is_short::<D>(x))
}

impl Part {
    /// Of a double that is a short decimal.
    #[inline(always)]
    pub fn new<const D: usize>(x: f64) -> Self {
        debug_assert!(is_short::<D>(x));
        let r = integer::<D>(x);
        let high = (r - BELOW_HALF) * 1e-8 + SHIFTER;
        let low = r - (high - SHIFTER) * E8 as f64 + SHIFTER;
        Self {
            high: high.to_bits() - SHIFTER.to_bits(),
            low: low.to_bits() - SHIFTER.to_bits(),
            negative: x.is_sign_negative().into(),
        }
    }
}

/// `.5` for 500, `.05` for 50, `.125` for 125, `.0` for 0; zeros behind.
static THOUSANDTHS: [u32; 1000] = {
    let mut out = [0; 1000];
    let mut i = 0;
    while i < 1000 {
        let [a, b, c] = [i / 100, i / 10 % 10, i % 10];
        let digits = match (b, c) {
            (0, 0) => [b'0' + a as u8, 0, 0],
            (_, 0) => [b'0' + a as u8, b'0' + b as u8, 0],
            _ => [b'0' + a as u8, b'0' + b as u8, b'0' + c as u8],
        };
        out[i] = u32::from_le_bytes([b'.', digits[0], digits[1], digits[2]]);
        i += 1;
    }
    out
};

/// Writes `v`, if it has at most three places, by the words of an integer: how long it is follows from the number, not
/// from its text, which is ready much later; and the machine cannot go on before it knows. Null for any other.
///
/// # Safety
///
/// The machine has `W`'s level; FLOAT_MAX and the slack are writable at `out`.
#[inline(always)]
pub unsafe fn one<W: Words>(out: *mut u8, v: f64) -> *mut u8 {
    if !is_short::<3>(v) {
        return core::ptr::null_mut();
    }
    let (whole, places) = halves(v);
    // SAFETY: 1 + 12 + 4 bytes.
    unsafe {
        out.write(b'-');
        let point = int::<W>(out.add(usize::from(v.is_sign_negative())), whole);
        point.cast::<[u8; 4]>().write_unaligned(places.to_le_bytes());
        point.add(places_len(places))
    }
}

/// Writes `v`, which has more than three places, if it has at most six, as [`one`] does: coordinates. Null for any other.
///
/// # Safety
///
/// As for [`one`].
#[inline(always)]
pub unsafe fn six<W: Words>(out: *mut u8, v: f64) -> *mut u8 {
    debug_assert!(!is_short::<3>(v));
    if !is_short::<6>(v) || v.abs() < 0.00001 {
        return core::ptr::null_mut();
    }
    let r = integer::<6>(v) as u64;
    let (whole, places) = (r / 1_000_000, r % 1_000_000);
    // All of the first three, and of the last three without zeros behind, which are not all zeros.
    let first = THOUSANDTHS[(places / 1000) as usize] | u32::from_le_bytes(*b"\x00000");
    let last = THOUSANDTHS[(places % 1000) as usize];
    let text = u64::from(first) | u64::from(last >> 8) << 32;
    // SAFETY: 1 + 9 + 8 bytes.
    unsafe {
        out.write(b'-');
        let point = int::<W>(out.add(usize::from(v.is_sign_negative())), whole);
        point.cast::<[u8; 8]>().write_unaligned(text.to_le_bytes());
        point.add(3 + places_len(last))
    }
}

/// What stands before the point of a short decimal of up to three places, and the text from the point on.
#[inline(always)]
fn halves(x: f64) -> (u64, u32) {
    debug_assert!(is_short::<3>(x));
    let r = (x.abs() * scale::<3>() + SHIFTER).to_bits() - SHIFTER.to_bits();
    (r / 1000, THOUSANDTHS[(r % 1000) as usize])
}

/// How long one of [`THOUSANDTHS`] is.
#[inline(always)]
const fn places_len(text: u32) -> usize {
    4 - text.leading_zeros() as usize / 8
}

/// How long a short decimal of up to three places and its comma are, without sign.
#[inline(always)]
pub fn len(x: f64) -> usize {
    let (whole, places) = halves(x);
    let digits = (whole | 1).ilog10() as usize + 1;
    digits + places_len(places) + 1
}

/// Writes one number and a comma.
///
/// # Safety
///
/// The machine has M's level; 18 writable bytes at `out`, `len` is at most 16.
#[inline(always)]
pub unsafe fn put<M: Machine>(out: *mut u8, text: M::Text, len: u32, negative: u32) -> *mut u8 {
    debug_assert!(len <= 16 && negative <= 1);
    // SAFETY: 1 + 16 + 1 bytes.
    unsafe {
        out.write(b'-');
        let out = out.add(negative as usize);
        M::store(text, out);
        let end = out.add(len as usize);
        end.write(b',');
        end.add(1)
    }
}
