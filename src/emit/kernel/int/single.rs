//! One integer among other things: plain code, small enough to be inlined everywhere.

use super::swar::{E8, lead, rest, sign};

/// See [`super::super::Level::int`].
///
/// # Safety
///
/// As [`super::super::Level::int`].
#[inline]
pub unsafe fn int(out: *mut u8, v: i64) -> *mut u8 {
    // SAFETY: the caller gives 20 bytes and the slack: a sign, and at most 19 digits.
    unsafe { uint(sign(out, v), v.unsigned_abs()) }
}

/// See [`super::super::Level::uint`].
///
/// # Safety
///
/// As [`super::super::Level::uint`].
#[inline]
pub unsafe fn uint(out: *mut u8, v: u64) -> *mut u8 {
    if v < E8 {
        // SAFETY: `v` is below 10^8; the caller gives 20 bytes and the slack.
        unsafe { lead(out, v) }
    } else {
        // SAFETY: `v` is not below 10^8; the caller gives 20 bytes and the slack.
        unsafe { wide(out, v) }
    }
}

/// Writes `v`.
///
/// # Safety
///
/// `v` is at least 10^8, and 20 bytes and the slack are writable at `out`.
#[inline(never)]
unsafe fn wide(out: *mut u8, v: u64) -> *mut u8 {
    let (high, last) = (v / E8, v % E8);
    // SAFETY: `high` is below 10^8 or is split once more, and 2^64 / 10^16 is below 10^8. At most
    // 4 + 8 + 8 digits are kept, and no store reaches more than eight bytes behind them.
    unsafe {
        let out = if high < E8 { lead(out, high) } else { rest(lead(out, high / E8), high % E8) };
        rest(out, last)
    }
}
