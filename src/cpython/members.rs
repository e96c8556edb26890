//! The members of dicts that are told in another order than their own.
//!
//! They lie on the desk one dict above the other, borrowed from their dicts like all that is open, and are held
//! before Python code may run.

use core::cmp::Ordering;

use pyo3::ffi::PyObject;

use super::access::Access;
use super::object::Obj;
use crate::text::Text;

/// A key, which is a str exactly, and its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    /// The first 16 bytes of the key in UTF-8, the first one highest, zeros behind the end: orders most keys alone.
    rank: u128,
    pub(super) key: *mut PyObject,
    pub(super) value: *mut PyObject,
}

impl Member {
    /// One whose place is known.
    #[inline(always)]
    pub(super) const fn placed((key, value): (*mut PyObject, *mut PyObject)) -> Self {
        Self { rank: 0, key, value }
    }

    #[inline(always)]
    pub(super) fn new(key: Obj<'_>, text: Text<'_>, value: Obj<'_>) -> Self {
        Self { rank: text.rank(), key: key.as_ptr(), value: value.as_ptr() }
    }

    /// By the code points of the keys.
    #[inline(always)]
    fn cmp<A: Access>(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank).then_with(|| self.cmp_texts::<A>(other))
    }

    #[cold]
    #[inline(never)]
    fn cmp_texts<A: Access>(&self, other: &Self) -> Ordering {
        // SAFETY: both keys are strs, which were ready when they were gathered, and alive.
        unsafe {
            let text = |key| A::text(key).unwrap_or(Text::EMPTY);
            text(self.key).cmp_points(text(other.key))
        }
    }
}

/// Sorts members by the code points of their keys. No two keys are the same.
pub(super) fn sort<A: Access>(members: &mut [Member]) {
    // Unstable, because a stable sort asks for memory and ends the process if there is none.
    members.sort_unstable_by(Member::cmp::<A>);
}
