//! The texts of x86-64-v4 with VBMI2, which has an instruction that moves bytes together.
//!
//! Loads are masked: what is behind the end of a string is not read, so no page has to be looked at.

mod lanes;
mod len;
mod mixed;
mod narrow;
mod wide;

use super::run::{self, Short};
use crate::emit::kernel::{Source, Stop};

pub use len::{ucs2_len, ucs4_len};
use narrow::ascii_long;
pub use narrow::{ascii, latin1};
pub use wide::{ucs2, ucs4};

/// Strings of up to a block.
#[derive(Clone, Copy)]
struct Block;

impl Short for Block {
    const MOST: usize = narrow::BLOCK;

    #[inline(always)]
    unsafe fn write(out: *mut u8, s: &[u8]) -> Option<*mut u8> {
        if s.len() > narrow::BLOCK {
            return None;
        }
        // SAFETY: the caller's promise.
        let end = unsafe { narrow::ascii_block(out, s) };
        (!end.is_null()).then_some(end)
    }
}

/// See [`super::super::Level::texts`].
///
/// # Safety
///
/// As [`super::super::Level::texts`].
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub unsafe fn texts<'a, S: Source<'a>>(out: *mut u8, end: *mut u8, source: S) -> (S, *mut u8, Stop) {
    // SAFETY: the caller's promise; this function has the level's instructions.
    unsafe {
        if run::has_copies(source) {
            return copied_texts(out, end, source);
        }
        let (source, out) = if mixed::is_it(source) {
            let (mut source, out) = mixed::mixed(out, end, source);
            if source.peek().is_none() {
                return (source, out, Stop::Done);
            }
            (source, out)
        } else {
            (source, out)
        };
        run::texts::<Block, S, false>(out, end, source, &OTHERS)
    }
}

const OTHERS: run::Others = run::Others { ascii: ascii_long, latin1, ucs2, ucs4 };

/// The same where there is UTF-8. Apart, so that each loop has all registers.
///
/// # Safety
///
/// As above.
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline(never)]
unsafe fn copied_texts<'a, S: Source<'a>>(out: *mut u8, end: *mut u8, source: S) -> (S, *mut u8, Stop) {
    // SAFETY: the caller's promise; this function has the level's instructions.
    unsafe { run::texts::<Block, S, true>(out, end, source, &OTHERS) }
}
