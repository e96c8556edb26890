//! Whether several values are flat: scalars of exact type, or lists with nothing in them; or light: these, dates, times and UUIDs.

use core::hint::select_unpredictable;

use pyo3::ffi::{self, PyObject};

use super::access::Access;
use super::object::Obj;

/// The most elements or members of a container that is looked into. A longer list of numbers or strs is read as a lane, and
/// one of containers part by part.
pub(super) const WIDE: usize = 128;

/// The same of the members of a row, which is told whole.
pub(super) const WIDE_ROW: usize = 1024;

/// Whether all `n` values are flat, and none of them is missing.
///
/// # Safety
///
/// `at` says for each number below `n` where a living object is, or null.
#[inline(always)]
pub(super) unsafe fn are_flat<A: Access>(n: usize, at: impl Fn(usize) -> *mut PyObject) -> bool {
    all_of(n, |i| {
        let value = at(i);
        // SAFETY: the caller's promise.
        !value.is_null() && unsafe { Obj::new(value).is_flat::<A>() }
    })
}

/// A dict's entry, key and value.
pub(super) type Entry = [*mut PyObject; 2];

/// Whether the values of all entries are light. Where there are gaps, some may be empty; else none is.
#[inline(always)]
pub(super) fn entries_are_light<A: Access>(entries: &[Entry], gaps: bool) -> bool {
    if gaps { values_are_light::<A, true>(entries) } else { values_are_light::<A, false>(entries) }
}

#[inline(always)]
fn values_are_light<A: Access, const GAPS: bool>(entries: &[Entry]) -> bool {
    all_of(entries.len(), |i| {
        debug_assert!(i < entries.len());
        // SAFETY: `all_of` asks for no others.
        let [_, value] = unsafe { *entries.get_unchecked(i) };
        debug_assert!(GAPS || !value.is_null());
        // SAFETY: None is alive as long as the interpreter is; another value is one that a dict holds.
        unsafe {
            // In place of nothing None is looked at.
            let value =
                if GAPS { select_unpredictable(value.is_null(), ffi::Py_None(), value) } else { value };
            Obj::new(value).is_light::<A>()
        }
    })
}

/// Whether `is` holds for all numbers below `n`. It is asked by fours, and for some twice: there are as many steps for one as for
/// four, and for five as for eight, because how many values there are can often not be foreseen.
#[inline(always)]
pub(super) fn all_of(n: usize, is: impl Fn(usize) -> bool) -> bool {
    let Some(last) = n.checked_sub(1) else { return true };
    if last < 2 {
        return is(0) && is(last);
    }
    if last < 4 {
        return is(0) && is(last.min(1)) && is(last.min(2)) && is(last);
    }
    let mut i = 0;
    while i + 4 <= last {
        if !(is(i) && is(i + 1) && is(i + 2) && is(i + 3)) {
            return false;
        }
        i += 4;
    }
    is(last - 3) && is(last - 2) && is(last - 1) && is(last)
}
