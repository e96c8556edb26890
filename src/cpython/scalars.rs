//! The types of scalars, told from others without a branch on which it is, for that cannot be foreseen.

use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

use pyo3::ffi::{self, PyTypeObject};

/// Where types fall by their addresses: so many places that two of them hardly ever meet. If they do, one of them counts
/// as no scalar's, which costs time and nothing else.
const PLACES: usize = 4096;

/// For each place the scalars' type that falls there, or null.
static TYPES: [AtomicPtr<PyTypeObject>; PLACES] = [const { AtomicPtr::new(null_mut()) }; PLACES];

#[inline(always)]
fn place(class: *mut PyTypeObject) -> &'static AtomicPtr<PyTypeObject> {
    &TYPES[class.addr() / 8 % PLACES]
}

/// Learns where the types of str, int, float, bool and None are. Called at import.
pub(super) fn start() {
    // SAFETY: None is alive as long as the interpreter is.
    let none = unsafe { ffi::Py_TYPE(ffi::Py_None()) };
    for class in [
        &raw mut ffi::PyUnicode_Type,
        &raw mut ffi::PyLong_Type,
        &raw mut ffi::PyFloat_Type,
        &raw mut ffi::PyBool_Type,
        none,
    ] {
        place(class).store(class, Relaxed);
    }
}

/// Whether it is the type of a scalar, exactly.
#[inline(always)]
pub(super) fn is_scalars(class: *mut PyTypeObject) -> bool {
    place(class).load(Relaxed) == class
}
