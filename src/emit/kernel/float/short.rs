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
//! Up to 3 places the form is never the one with an exponent: `0.001 <= x < 10^12`, or zero. With 6, the
//! values below 0.00001 are left out.

use super::machine::{E8, Machine};

/// The first integer that is too large.
const LIMIT: f64 = 1e15;
/// Adding it makes a double of magnitude below 2^51 an integer in the lowest bits.
const SHIFTER: f64 = 6_755_399_441_055_744.0;

/// Four short decimals, times `10^D`, as words; the sign apart.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
pub struct Parts {
    /// The integers divided by `10^8`.
    pub high: [u64; 4],
    /// The rest.
    pub low: [u64; 4],
    /// The signs, from bit 0 on.
    pub negative: u32,
}

/// `r` and what it stands for, if that is all of `x`.
#[inline(always)]
fn guess<const D: usize>(x: f64) -> (f64, bool) {
    let scale = const { 10_u64.pow(D as u32) } as f64;
    let x = x.abs();
    let r = (x * scale + SHIFTER) - SHIFTER;
    let fixed = D <= 3 || r >= const { 10_u64.pow(D as u32 - if D > 5 { 5 } else { 0 }) } as f64 || r == 0.0;
    (r, r / scale == x && r < LIMIT && fixed)
}

/// The parts of four doubles with at most `D` places, or `None` if one is no such double.
#[inline(always)]
pub fn parts<const D: usize>(x: &[f64; 4]) -> Option<Parts> {
    let guesses = x.map(guess::<D>);
    if !guesses.iter().fold(true, |all, (_, ok)| all & ok) {
        return None;
    }
    let mut parts = Parts { high: [0; 4], low: [0; 4], negative: 0 };
    for (i, (r, _)) in guesses.into_iter().enumerate() {
        // Rounding (r + 1/2) / 10^8 - 1/2, which is never nearer than 5e-9 to a half: the errors of
        // 10^-8 and of two roundings are below 10^7 * 2^-51, that is 4.5e-9.
        let high = (r - (E8 as f64 / 2.0 - 0.5)) * 1e-8 + SHIFTER;
        let low = r - (high - SHIFTER) * E8 as f64 + SHIFTER;
        parts.high[i] = high.to_bits() - SHIFTER.to_bits();
        parts.low[i] = low.to_bits() - SHIFTER.to_bits();
        parts.negative |= u32::from(x[i].is_sign_negative()) << i;
    }
    Some(parts)
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
