//! The class `Fragment`: JSON that somebody has made already.

use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

use pyo3::PyTraverseError;
use pyo3::ffi::{self, PyTypeObject};
use pyo3::gc::PyVisit;
use pyo3::prelude::*;
use pyo3::type_object::PyTypeInfo;

use super::object::{Obj, Str, Value};

/// JSON that has been serialized already, to be written as it is.
///
/// Its content is trusted: it is neither checked nor indented.
///
/// Args:
///     contents: bytes, which must be UTF-8, or a str.
#[pyclass(frozen, module = "planjson")]
#[derive(Debug)]
pub struct Fragment {
    contents: Py<PyAny>,
}

#[pymethods]
impl Fragment {
    #[new]
    #[pyo3(signature = (contents, /))]
    fn new(contents: Py<PyAny>) -> Self {
        Self { contents }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.contents)
    }
}

/// The class, or null before [`start`].
static CLASS: AtomicPtr<PyTypeObject> = AtomicPtr::new(null_mut());

/// Makes the class known to the walk.
pub fn start(py: Python<'_>) {
    CLASS.store(Fragment::type_object_raw(py), Relaxed);
}

pub(super) fn class() -> *mut PyTypeObject {
    CLASS.load(Relaxed)
}

/// A borrowed Fragment.
#[derive(Clone, Copy, Debug)]
pub struct FragmentObj<'a>(pub(super) Obj<'a>);

/// What is in a Fragment.
#[derive(Clone, Copy, Debug)]
pub enum Contents<'a> {
    /// Of a bytes object exactly.
    Bytes(&'a [u8]),
    /// A str exactly.
    Str(Str<'a>),
    /// Something else.
    Other,
}

impl<'a> FragmentObj<'a> {
    /// What is in it.
    #[must_use]
    pub fn contents(self) -> Contents<'a> {
        // SAFETY: this thread may run Python code; `special` has found a Fragment, which never lets go of its
        // contents while it lives.
        let contents = unsafe {
            let py = Python::assume_attached();
            let fragment = pyo3::Borrowed::from_ptr(py, self.0.as_ptr());
            Obj::new(fragment.cast_unchecked::<Fragment>().get().contents.as_ptr())
        };
        if let Value::Str(s) = contents.look() {
            return Contents::Str(s);
        }
        let o = contents.as_ptr();
        // SAFETY: a bytes object, which does not change, has so many bytes there.
        unsafe {
            if ffi::PyBytes_CheckExact(o) == 0 {
                return Contents::Other;
            }
            let (at, len) = (ffi::PyBytes_AsString(o), ffi::PyBytes_Size(o));
            Contents::Bytes(core::slice::from_raw_parts(at.cast(), len as usize))
        }
    }
}
