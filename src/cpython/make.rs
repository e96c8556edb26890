//! Objects made of bytes.

use core::ffi::CStr;
use core::ptr::copy_nonoverlapping;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::call::{Owned, Raised};

/// A bytes object; `None` if there is no memory for it, and then no exception is set.
#[inline(always)]
pub fn new_bytes(s: &[u8]) -> Option<Owned> {
    let length = isize::try_from(s.len()).ok()?;
    if length < 2 {
        // SAFETY: makes an object of so many bytes, or finds the one that is shared.
        return made(unsafe { ffi::PyBytes_FromStringAndSize(s.as_ptr().cast(), length) });
    }
    // SAFETY: an object of so many bytes, of which nobody else knows, is given them. Here, where their number may be known, and
    // a copy so takes no call.
    unsafe {
        let o = made(ffi::PyBytes_FromStringAndSize(core::ptr::null(), length))?;
        let to = &raw mut (*o.obj().as_ptr().cast::<ffi::PyBytesObject>()).ob_sval;
        copy_nonoverlapping(s.as_ptr(), to.cast(), s.len());
        Some(o)
    }
}

/// The str that is `s` in UTF-8.
///
/// # Errors
///
/// What was raised: a finished fragment may be no UTF-8. `None` if there is no memory for it.
pub(super) fn str_of(s: &[u8]) -> Result<Owned, Option<Raised>> {
    let length = isize::try_from(s.len()).map_err(|_| None)?;
    if s.is_ascii() && length > 1 {
        // SAFETY: a str of so many ASCII characters, of which nobody else knows, is given them. It is of more than
        // one, so it is not one of those that the interpreter shares.
        unsafe {
            let o = made(ffi::PyUnicode_New(length, 0x7f)).ok_or(None)?;
            copy_nonoverlapping(s.as_ptr(), ffi::PyUnicode_DATA(o.obj().as_ptr()).cast(), s.len());
            return Ok(o);
        }
    }
    // SAFETY: decodes so many bytes; a new reference or none.
    unsafe { Owned::take(ffi::PyUnicode_DecodeUTF8(s.as_ptr().cast(), length, core::ptr::null())) }
        .ok_or_else(Raised::fetch)
}

fn made(o: *mut ffi::PyObject) -> Option<Owned> {
    // SAFETY: a new reference or none; where there is none, the exception is cleared, for the caller raises its own.
    unsafe {
        let made = Owned::take(o);
        if made.is_none() {
            ffi::PyErr_Clear();
        }
        made
    }
}

/// A new reference, or the exception that is set.
///
/// # Safety
///
/// `o` is a new reference, or null with an exception set.
unsafe fn bound<'py>(py: Python<'py>, o: *mut ffi::PyObject) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: as the caller says.
    unsafe { Bound::from_owned_ptr_or_err(py, o) }
}

/// A str.
///
/// # Errors
///
/// MemoryError, as for the others.
pub fn new_str<'py>(py: Python<'py>, s: &str) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: so many bytes of UTF-8; a slice is never longer than isize::MAX.
    unsafe { bound(py, ffi::PyUnicode_FromStringAndSize(s.as_ptr().cast(), s.len() as isize)) }
}

/// An int.
///
/// # Errors
///
/// MemoryError.
pub fn new_int(py: Python<'_>, v: i64) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: makes an object.
    unsafe { bound(py, ffi::PyLong_FromLongLong(v)) }
}

/// An int.
///
/// # Errors
///
/// MemoryError.
pub fn new_uint(py: Python<'_>, v: u64) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: makes an object.
    unsafe { bound(py, ffi::PyLong_FromUnsignedLongLong(v)) }
}

/// An int from its digits.
///
/// # Errors
///
/// ValueError, if they are more than the interpreter converts.
pub fn new_big_int<'py>(py: Python<'py>, digits: &CStr) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the digits end in NUL.
    unsafe { bound(py, ffi::PyLong_FromString(digits.as_ptr(), core::ptr::null_mut(), 10)) }
}

/// A float.
///
/// # Errors
///
/// MemoryError.
pub fn new_float(py: Python<'_>, v: f64) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: makes an object.
    unsafe { bound(py, ffi::PyFloat_FromDouble(v)) }
}

/// A dict without items.
///
/// # Errors
///
/// MemoryError.
pub fn new_dict(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    // SAFETY: makes a dict.
    unsafe { bound(py, ffi::PyDict_New()).map(|dict| dict.cast_into_unchecked()) }
}

/// A list of what `items` holds from `from` on, which is taken out.
///
/// # Errors
///
/// MemoryError.
pub fn new_list<'py>(
    py: Python<'py>,
    items: &mut Vec<Bound<'py, PyAny>>,
    from: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let items = items.drain(from..);
    // SAFETY: a new list has as many empty places as there are items, and takes a reference to each.
    unsafe {
        let list = bound(py, ffi::PyList_New(items.len() as isize))?;
        for (i, item) in items.enumerate() {
            ffi::PyList_SET_ITEM(list.as_ptr(), i as isize, item.into_ptr());
        }
        Ok(list)
    }
}
