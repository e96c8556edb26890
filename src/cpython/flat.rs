//! Whether several values are flat: scalars of exact type, or lists with nothing in them.

use pyo3::ffi::PyObject;

use super::access::Access;
use super::object::Obj;

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
