//! The members of dicts that are told in another order than their own.
//!
//! They lie on the desk one dict above the other, borrowed from their dicts like all that is open, and are held
//! before Python code may run.

use core::cmp::Ordering;

use pyo3::ffi::PyObject;

use super::access::Access;
use super::object::Obj;
use crate::text::{RANKED, Text};

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
        Self { rank: text.rank(0), key: key.as_ptr(), value: value.as_ptr() }
    }

    fn text<A: Access>(&self) -> Text<'_> {
        // SAFETY: the key is a str, which was ready when it was gathered, and alive.
        unsafe { A::text(self.key) }.unwrap_or(Text::EMPTY)
    }

    /// By the code points of the keys.
    fn cmp_texts<A: Access>(&self, other: &Self) -> Ordering {
        self.text::<A>().cmp_points(other.text::<A>())
    }
}

/// Keys that are the same up to here are compared as they are.
const DEEPEST: usize = 64 * RANKED;

/// Sorts members by the code points of their keys. No two keys are the same.
///
/// By ranks first, and those with the same rank by that of what follows: a radix sort from the front whose digits are 16 bytes,
/// as in McIlroy, Bostic, McIlroy, "Engineering Radix Sort" (Computing Systems 6, 1993), and which looks at no key twice for the same bytes.
pub(super) fn sort<A: Access>(members: &mut [Member]) {
    sort_behind::<A>(members, 0);
}

/// Members whose keys have the first `from` bytes in common, and the rank of what is behind these.
fn sort_behind<A: Access>(members: &mut [Member], from: usize) {
    // Unstable, because a stable sort asks for memory and ends the process if there is none.
    members.sort_unstable_by_key(|member| member.rank);
    let from = from + RANKED;
    for same in members.chunk_by_mut(|a, b| a.rank == b.rank).filter(|same| same.len() > 1) {
        if from < DEEPEST && rank_behind::<A>(same, from) {
            sort_behind::<A>(same, from);
        } else {
            same.sort_unstable_by(Member::cmp_texts::<A>);
        }
    }
}

/// Ranks members by what is behind the first `from` bytes of their keys. `false` if that cannot be told of all, or is nothing.
fn rank_behind<A: Access>(members: &mut [Member], from: usize) -> bool {
    let mut any = false;
    for member in members {
        let text = member.text::<A>();
        let Some(behind) = text.ascii_behind(from) else { return false };
        any |= !behind.is_empty();
        member.rank = text.rank(from);
    }
    any
}
