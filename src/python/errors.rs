//! Failures as exceptions.
//!
//! `dumps` is entered without announcing itself to pyo3, which would cost as much as a small document, and pyo3 then
//! puts off letting go of what a `Py` holds. So exceptions are made here from `Bound`s, which let go at once.

use std::borrow::Cow;
use std::sync::OnceLock;

use pyo3::exceptions::{PyBaseException, PyException, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyType};

use crate::walk::failure::{Failure, Fault};

static ENCODE_ERROR: OnceLock<Py<PyType>> = OnceLock::new();

const DOC: &core::ffi::CStr = c"An object cannot be serialized.

Attributes:
    path (str): where it is, as JSONPath writes it, for example $.orders[3].price.

__cause__ is what default raised, if it did.";

/// Why a call returns nothing.
pub(super) enum Refusal {
    /// The arguments are wrong: a TypeError.
    Arguments(String),
    /// An argument has a value that cannot be: a ValueError.
    Value(String),
    /// The options are wrong: a JSONEncodeError, in orjson's words, and what is wrong.
    Options(String),
    /// The walk ended early.
    Failure(Box<Failure>),
}

impl From<Box<Failure>> for Refusal {
    fn from(failure: Box<Failure>) -> Self {
        Self::Failure(failure)
    }
}

/// Makes the exception's class.
pub(super) fn start(py: Python<'_>) -> PyResult<Py<PyType>> {
    let base = py.get_type::<PyTypeError>();
    let attributes = PyDict::new(py);
    attributes.set_item("path", "$")?;
    // The clone, because what is given away here is let go of before it is used (pyo3 0.30.1).
    let given = attributes.clone().into();
    let class = PyErr::new_type(py, c"planjson.JSONEncodeError", Some(DOC), Some(&base), Some(given))?;
    drop(attributes);
    Ok(ENCODE_ERROR.get_or_init(|| class).clone_ref(py))
}

/// Sets the exception for a refusal in this thread.
#[cold]
pub(super) fn set(py: Python<'_>, refusal: Refusal) {
    match refusal {
        Refusal::Arguments(message) => set_new(py, &py.get_type::<PyTypeError>(), &message),
        Refusal::Value(message) => set_new(py, &py.get_type::<PyValueError>(), &message),
        Refusal::Options(what) => {
            set_encode_error(py, "Invalid opts", &Place::default(), Some(what.into()), None);
        }
        Refusal::Failure(failure) => set_failure(py, failure),
    }
}

/// A MemoryError.
#[cold]
pub(super) fn no_memory(py: Python<'_>) -> PyErr {
    error(py, Failure::memory().into())
}

/// What was raised while another failure was dealt with, which becomes its context.
#[cold]
pub(super) fn during(py: Python<'_>, raised: Box<Failure>, failure: Box<Failure>) -> Refusal {
    let context = error(py, failure.into()).into_value(py).into_bound(py);
    if let Some(cause) = &raised.cause
        && cause.0.obj().as_ptr() != context.as_ptr()
    {
        // SAFETY: both are exceptions; the reference to the context is given away.
        unsafe { ffi::PyException_SetContext(cause.0.obj().as_ptr(), context.into_ptr()) };
    }
    Refusal::Failure(raised)
}

/// The same as an error to be returned.
#[cold]
pub(super) fn error(py: Python<'_>, refusal: Refusal) -> PyErr {
    set(py, refusal);
    PyErr::fetch(py)
}

fn set_failure(py: Python<'_>, mut failure: Box<Failure>) {
    if let Fault::Memory = failure.fault {
        // SAFETY: sets an exception.
        unsafe { ffi::PyErr_NoMemory() };
        return;
    }
    // SAFETY: the reference is ours to give.
    let cause = failure.cause.take().map(|raised| unsafe { Bound::from_owned_ptr(py, raised.0.into_ptr()) });
    match cause {
        Some(cause) if matches!(failure.fault, Fault::Raised) => set_value(&cause),
        // What nobody should stop, such as KeyboardInterrupt, is raised itself.
        Some(cause) if !cause.is_instance_of::<PyException>() => set_value(&cause),
        cause => {
            let place = Place { path: failure.path(), line: failure.line };
            let fault = failure.fault;
            // Where something was raised, that says what is wrong.
            let advice = if cause.is_none() { fault.advice() } else { None };
            set_encode_error(py, &fault.to_string(), &place, advice, cause);
        }
    }
}

/// Where an object is.
struct Place {
    path: String,
    /// From 1 on, where there are lines.
    line: Option<usize>,
}

impl Default for Place {
    fn default() -> Self {
        Self { path: String::from("$"), line: None }
    }
}

fn set_encode_error(
    py: Python<'_>,
    message: &str,
    place: &Place,
    advice: Option<Cow<'static, str>>,
    cause: Option<Bound<'_, PyAny>>,
) {
    let Some(class) = ENCODE_ERROR.get() else { return set_new(py, &py.get_type::<PyTypeError>(), message) };
    // Python code may have changed what the class makes.
    let Some(error) = class.bind(py).call1((message,)).ok().filter(|e| e.is_instance_of::<PyBaseException>())
    else {
        return set_new(py, &py.get_type::<PyTypeError>(), message);
    };
    // What cannot be added, for want of memory perhaps, is left out: the error itself counts.
    let path = &place.path;
    let _ = error.setattr("path", path);
    if path != "$" {
        let line = place.line.map_or_else(String::new, |line| format!(" (line {line})"));
        let _ = error.call_method1("add_note", (format!("at {path}{line}"),));
    }
    if let Some(advice) = advice {
        let _ = error.call_method1("add_note", (advice,));
    }
    if let Some(cause) = cause {
        // SAFETY: both are exceptions; the reference to the cause is given away.
        unsafe { ffi::PyException_SetCause(error.as_ptr(), cause.into_ptr()) };
    }
    set_value(&error);
}

/// Sets an exception that is there; the interpreter gives it the one that is being handled as its context.
fn set_value(error: &Bound<'_, PyAny>) {
    // SAFETY: an exception and its type, both held meanwhile.
    unsafe { ffi::PyErr_SetObject(error.get_type().as_ptr(), error.as_ptr()) };
}

fn set_new(py: Python<'_>, class: &Bound<'_, PyType>, message: &str) {
    let message = PyString::new(py, message);
    // SAFETY: a class of exceptions and a str, both held meanwhile.
    unsafe { ffi::PyErr_SetObject(class.as_ptr(), message.as_ptr()) };
}

/// Whether an error says that an object cannot be serialised.
pub(super) fn is_encode_error(py: Python<'_>, error: &PyErr) -> bool {
    ENCODE_ERROR.get().is_some_and(|class| error.is_instance(py, class.bind(py)))
}
