//! How the interpreter calls functions, and what it is given back.

use core::ffi::CStr;
use core::panic::AssertUnwindSafe;
use core::ptr::null_mut;

use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

use super::errors::{self, Refusal};
use crate::cpython::Owned;

/// A C function of the interpreter's fast calling convention.
pub(super) type Entry = unsafe extern "C" fn(
    *mut PyObject,
    *const *mut PyObject,
    ffi::Py_ssize_t,
    *mut PyObject,
) -> *mut PyObject;

/// An entry: the interpreter's fast calling convention, to keep the cost of a call low, around a safe function that
/// answers, or around what is made of the arguments.
macro_rules! entry {
    ($name:ident, $function:path) => {
        entry!($name, |given| guarded(|py| $function(py, &given)));
    };
    ($(#[$attribute:meta])* $name:ident, |$given:ident| $answer:expr) => {
        $(#[$attribute])*
        unsafe extern "C" fn $name(
            _: *mut PyObject,
            args: *const *mut PyObject,
            nargs: ffi::Py_ssize_t,
            names: *mut PyObject,
        ) -> *mut PyObject {
            // SAFETY: the arguments are as the calling convention has them, and are held during the call.
            let $given = unsafe { Reader::new(args, nargs, names) };
            $answer
        }
    };
}
pub(super) use entry;

/// What `call` returns, as the interpreter wants it.
#[inline(always)]
pub(super) fn guarded(call: impl FnOnce(Python<'_>) -> Result<Owned, Refusal>) -> *mut PyObject {
    // A panic must not cross into the interpreter. There is none that we know of.
    let result = std::panic::catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: the interpreter calls with the GIL held, or this thread attached.
        let py = unsafe { Python::assume_attached() };
        match call(py) {
            Ok(bytes) => bytes.into_ptr(),
            Err(refusal) => {
                errors::set(py, refusal);
                null_mut()
            }
        }
    }));
    result.unwrap_or_else(|_| {
        // SAFETY: sets an exception.
        unsafe { ffi::PyErr_SetString(ffi::PyExc_SystemError, c"planjson panicked; this is a bug".as_ptr()) };
        null_mut()
    })
}

/// Adds a function to the module.
pub(super) fn add_entry(
    m: &Bound<'_, PyModule>,
    name: &'static CStr,
    entry: Entry,
    doc: &'static CStr,
) -> PyResult<()> {
    let method = Box::leak(Box::new(ffi::PyMethodDef {
        ml_name: name.as_ptr(),
        ml_meth: ffi::PyMethodDefPointer { PyCFunctionFastWithKeywords: entry },
        ml_flags: ffi::METH_FASTCALL | ffi::METH_KEYWORDS,
        ml_doc: doc.as_ptr(),
    }));
    let module = m.name()?;
    // SAFETY: the method's definition is leaked, so it lives as long as the function.
    let function = unsafe {
        Bound::from_owned_ptr_or_err(m.py(), ffi::PyCFunction_NewEx(method, null_mut(), module.as_ptr()))?
    };
    m.add(PyString::new(m.py(), &name.to_string_lossy()), function)
}

/// Adds a method of one argument to a class.
pub(super) fn add_method(
    class: &Bound<'_, PyType>,
    name: &'static CStr,
    entry: ffi::PyCFunction,
    doc: &'static CStr,
) -> PyResult<()> {
    let method = Box::leak(Box::new(ffi::PyMethodDef {
        ml_name: name.as_ptr(),
        ml_meth: ffi::PyMethodDefPointer { PyCFunction: entry },
        ml_flags: ffi::METH_O,
        ml_doc: doc.as_ptr(),
    }));
    // SAFETY: the method's definition is leaked; the descriptor lets no object of another class through.
    let method = unsafe {
        Bound::from_owned_ptr_or_err(class.py(), ffi::PyDescr_NewMethod(class.as_type_ptr(), method))?
    };
    class.setattr(PyString::new(class.py(), &name.to_string_lossy()), method)
}
