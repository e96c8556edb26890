//! A run, block by block; what a block needs comes from the level.

use super::class::{Class, TABLE};
use super::table::{SMALL, small_len};

/// Values per block. Long enough that choosing a way costs nothing, short enough that one huge value
/// does not make a thousand small ones slow.
const BLOCK: usize = 128;

/// Ways to write every value of a block, each followed by a comma.
///
/// # Safety
///
/// For every function: each value lies in the class that the name says, `out` has room for
/// `INT_MAX + 1` bytes a value and the slack, and the machine has the implementor's instructions.
pub trait Ways {
    /// For [`Class::Seven`].
    #[inline(always)]
    unsafe fn seven(out: *mut u8, block: &[i64]) -> *mut u8 {
        // SAFETY: the caller's promise; what has seven digits is below 10^8.
        unsafe { Self::eight(out, block) }
    }
    /// For [`Class::Eight`].
    unsafe fn eight(out: *mut u8, block: &[i64]) -> *mut u8;
    /// For [`Class::Fourteen`].
    #[inline(always)]
    unsafe fn fourteen(out: *mut u8, block: &[i64]) -> *mut u8 {
        // SAFETY: the caller's promise; what has 14 digits is below 10^16.
        unsafe { Self::sixteen(out, block) }
    }
    /// For [`Class::Sixteen`].
    unsafe fn sixteen(out: *mut u8, block: &[i64]) -> *mut u8;
    /// For [`Class::Nineteen`].
    unsafe fn nineteen(out: *mut u8, block: &[i64]) -> *mut u8;
}

/// Writes each value of `run` and a comma.
///
/// # Safety
///
/// As [`super::super::Level::ints`], with the level that `W` is for.
#[inline(always)]
pub unsafe fn ints<W: Ways>(mut out: *mut u8, run: &[i64]) -> *mut u8 {
    for block in run.chunks(BLOCK) {
        // SAFETY: the caller gives the room and the instructions; `Class::of` has seen every value.
        out = unsafe {
            match Class::of(block) {
                Class::Table => table(out, block),
                Class::Seven => W::seven(out, block),
                Class::Eight => W::eight(out, block),
                Class::Fourteen => W::fourteen(out, block),
                Class::Sixteen => W::sixteen(out, block),
                Class::Nineteen => W::nineteen(out, block),
            }
        };
    }
    out
}

/// For [`Class::Table`]: one load and one store a value.
///
/// # Safety
///
/// As [`Ways`].
#[inline(always)]
unsafe fn table(mut out: *mut u8, block: &[i64]) -> *mut u8 {
    for &v in block {
        debug_assert!((-TABLE..TABLE).contains(&v));
        // SAFETY: `Class::of` found `v` in -TABLE..TABLE; the caller gives 21 bytes a value, 8 are
        // stored and at most 6 kept.
        unsafe {
            let entry = *SMALL.get_unchecked((v + TABLE) as usize);
            out.cast::<u64>().write_unaligned(entry.to_le());
            out = out.add(small_len(entry));
        }
    }
    out
}
