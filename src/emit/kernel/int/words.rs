//! Words of eight digits as text; how the digits come about is the level's affair.

/// 10^8: one word of digits.
pub const E8: u64 = 100_000_000;

/// `'0'` in every byte.
pub const ZEROS: u64 = 0x3030_3030_3030_3030;

/// `'0'` in every byte but the last, which is a comma.
#[cfg(target_arch = "x86_64")]
pub const ZEROS_COMMA: u64 = (ZEROS & !(0xff << 56)) | (b',' as u64) << 56;

/// Ways to the eight digits of a number below 10^8, as bytes 0 to 9, the first digit in the lowest byte.
///
/// These are safe functions, so only for instructions that every machine of the architecture has.
pub trait Words {
    /// The digits of one number.
    fn one(x: u64) -> u64;
    /// The digits of two numbers.
    fn two(high: u64, low: u64) -> (u64, u64);
}

/// Bits that leading zeros occupy among `digits`, 56 at most: a zero keeps its last digit.
#[inline(always)]
pub const fn leading(digits: u64) -> u32 {
    (digits | 1 << 56).trailing_zeros() & 56
}

/// Stores `digits` without the first `skip` bits of them.
///
/// # Safety
///
/// Eight bytes at `out` are writable, and `skip` is at most 64 and a multiple of 8.
#[inline(always)]
pub unsafe fn store(out: *mut u8, digits: u64, skip: u32) -> *mut u8 {
    debug_assert!(skip <= 64 && skip.is_multiple_of(8));
    // A shift by 64 counts as none: all eight bytes are stored and none is kept.
    let text = (digits | ZEROS).wrapping_shr(skip);
    // SAFETY: the caller gives eight bytes, and at most eight are kept.
    unsafe {
        out.cast::<u64>().write_unaligned(text.to_le());
        out.add(8 - (skip / 8) as usize)
    }
}

/// Writes `x` without leading zeros.
///
/// # Safety
///
/// `x` is below 10^8 and eight bytes at `out` are writable.
#[inline(always)]
pub unsafe fn lead<W: Words>(out: *mut u8, x: u64) -> *mut u8 {
    let digits = W::one(x);
    // SAFETY: the caller gives eight bytes; `leading` is a multiple of 8 below 64.
    unsafe { store(out, digits, leading(digits)) }
}

/// Writes a minus sign if `v` is negative.
///
/// # Safety
///
/// One byte at `out` is writable.
#[inline(always)]
pub unsafe fn sign(out: *mut u8, v: i64) -> *mut u8 {
    // SAFETY: the caller gives one byte; it is kept only if `v` is negative.
    unsafe {
        out.write(b'-');
        out.add(usize::from(v < 0))
    }
}
