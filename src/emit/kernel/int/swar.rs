//! Eight digits at once in a 64-bit word, and runs on machines of which nothing else is known.
//!
//! Splitting a number into halves of 4, 2 and 1 digits inside one word: Paul Khuong, "How to print
//! integers really fast" (pvk.ca, 2017). Multipliers: Granlund and Montgomery, "Division by
//! invariant integers using multiplication" (1994); the range of each is stated beside it.

use super::run::Ways;
use super::table::{TOP, top_len};
use super::words::{E8, Words, lead, leading, sign, store};
use core::hint::select_unpredictable;

/// The eight digits of `x` as bytes 0 to 9, the first digit in the lowest byte.
#[inline(always)]
const fn digits(x: u64) -> u64 {
    debug_assert!(x < E8);
    // floor(x / 10^4) for x < 10^8: 109951163 / 2^40 exceeds 1 / 10^4 by less than 2.1e-13.
    let high = (x * 109_951_163) >> 40;
    let fours = high | (x - high * 10_000) << 32;
    // floor(x / 100) in both halves, for x < 10^4: 10486 / 2^20 exceeds 1 / 100 by less than 2.3e-7.
    let high = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = high | (fours - high * 100) << 16;
    // floor(x / 10) in four quarters, for x < 100: 103 / 2^10 exceeds 1 / 10 by less than 5.9e-4.
    let high = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    high | (twos - high * 10) << 8
}

/// Plain code, in runs and alone.
pub struct Swar;

impl Words for Swar {
    #[inline(always)]
    fn one(x: u64) -> u64 {
        digits(x)
    }

    #[inline(always)]
    fn two(high: u64, low: u64) -> (u64, u64) {
        (digits(high), digits(low))
    }
}

impl Ways for Swar {
    #[inline(always)]
    unsafe fn eight(out: *mut u8, block: &[i64]) -> *mut u8 {
        // SAFETY: the caller gives the room, and every magnitude is below 10^8.
        unsafe { each(out, block, |out, m| lead::<Self>(out, m)) }
    }

    #[inline(always)]
    unsafe fn sixteen(out: *mut u8, block: &[i64]) -> *mut u8 {
        // SAFETY: the caller gives the room, and every magnitude is below 10^16.
        unsafe { each(out, block, |out, m| three(out, 0, m / E8, m % E8)) }
    }

    #[inline(always)]
    unsafe fn nineteen(out: *mut u8, block: &[i64]) -> *mut u8 {
        // SAFETY: the caller gives the room, and 2^63 / 10^16 is below 1000.
        unsafe {
            each(out, block, |out, m| {
                let high = m / E8;
                three(out, high / E8, high % E8, m % E8)
            })
        }
    }
}

/// Writes every value of `block` by `magnitude`, its sign in front and a comma behind.
///
/// # Safety
///
/// `out` has `INT_MAX + 1` bytes a value and the slack; `magnitude` writes no more than 19 of them
/// and eight behind, and returns the end.
#[inline(always)]
unsafe fn each(mut out: *mut u8, block: &[i64], magnitude: impl Fn(*mut u8, u64) -> *mut u8) -> *mut u8 {
    for &v in block {
        // SAFETY: a sign, 19 digits and a comma are 21 bytes, which the caller gives for each value.
        unsafe {
            out = magnitude(sign(out, v), v.unsigned_abs());
            out.write(b',');
            out = out.add(1);
        }
    }
    out
}

/// Writes `top * 10^16 + middle * 10^8 + last` without leading zeros and without a branch.
///
/// # Safety
///
/// `top` is below 1000, `middle` and `last` are below 10^8, and 28 bytes at `out` are writable.
#[inline(always)]
unsafe fn three(out: *mut u8, top: u64, middle: u64, last: u64) -> *mut u8 {
    debug_assert!(top < 1000);
    let (middle, last, begun) = (digits(middle), digits(last), top | middle);
    let skip_middle = select_unpredictable(top != 0, 0, middle.trailing_zeros() & !7);
    let skip_last = select_unpredictable(begun != 0, 0, leading(last));
    // SAFETY: the caller bounds `top`, so the entry exists and at most three bytes of it are kept;
    // 3 + 8 + 8 bytes follow each other, the stores reach at most eight bytes further.
    unsafe {
        let entry = *TOP.get_unchecked(top as usize);
        out.cast::<u32>().write_unaligned(entry.to_le());
        let out = store(out.add(top_len(entry)), middle, skip_middle);
        store(out, last, skip_last)
    }
}
