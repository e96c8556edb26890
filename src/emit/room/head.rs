//! What stands before the value of a member whose key is known: its fragment, on a line of its own or not.

use crate::emit::kernel::LINE;
use crate::fragment::{self, Fragment};

/// A line feed and indentation, and how many bytes of it count.
pub type Line<'a> = (&'a [u8; LINE], usize);

/// The same, where few are enough: stored whole.
pub type Start<'a> = (&'a [u8; START], usize);

/// Bytes of a [`Start`].
pub const START: usize = 16;

/// A finished key, and the line before it. Behind one on a line a space follows.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// Before it.
    pub line: Option<Start<'a>>,
    /// The key.
    pub fragment: &'a Fragment,
}

/// Bytes that [`Head::store`] writes at the most, and one for a quote.
pub(super) const SIZE: usize = START + fragment::SIZE + 2;

/// Bytes of a fragment that are stored where that is enough: half of the stores. Foreseen, for most keys are short, and
/// places of a document have the same ones.
const HALF: usize = 16;

/// Stores the first half of `bytes` or all of them; the place behind the `n` that count.
///
/// # Safety
///
/// There is place for 32 bytes, and `n` is not above 32.
#[inline(always)]
unsafe fn store<const MOST: usize>(out: *mut u8, bytes: &[u8; 32], n: usize) -> *mut u8 {
    const { assert!(MOST <= HALF) }
    debug_assert!(n <= bytes.len());
    // SAFETY: the caller's promise.
    unsafe {
        if n <= MOST {
            out.cast::<[u8; HALF]>().write_unaligned(*bytes.first_chunk::<HALF>().unwrap_unchecked());
        } else {
            out.cast::<[u8; 32]>().write_unaligned(*bytes);
        }
        out.add(n)
    }
}

/// Writes a line; the place behind it.
///
/// # Safety
///
/// There is place for [`START`] bytes.
#[inline(always)]
pub(super) unsafe fn store_line(out: *mut u8, (line, n): Start<'_>) -> *mut u8 {
    debug_assert!(n <= START);
    // SAFETY: the caller's promise; a line says how many of its bytes count.
    unsafe {
        out.cast::<[u8; START]>().write_unaligned(*line);
        out.add(n)
    }
}

impl<'a> Head<'a> {
    /// Nothing.
    pub const NONE: Head<'static> = Head { line: None, fragment: &Fragment::EMPTY };

    /// Writes it; the place behind it, where a quote stands, for a string that may follow.
    ///
    /// # Safety
    ///
    /// There is place for [`SIZE`] bytes.
    #[inline(always)]
    pub(super) unsafe fn store(self, out: *mut u8) -> *mut u8 {
        const { assert!(fragment::SIZE == 32) }
        let Self { line, fragment } = self;
        // SAFETY: the caller's promise; a fragment counts no more bytes than it has, and a line says how many. Behind the
        // bytes of a fragment stands the quote, so one less is in the half.
        unsafe {
            let Some(line) = line else {
                return store::<{ HALF - 1 }>(out, fragment.padded(), fragment.len());
            };
            let at = store_line(out, line);
            let end = store::<HALF>(at, fragment.padded(), fragment.len());
            end.cast::<[u8; 2]>().write_unaligned(*b" \"");
            end.add(1)
        }
    }
}
