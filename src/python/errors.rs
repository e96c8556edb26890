//! Failures as exceptions.

use std::sync::OnceLock;

use pyo3::exceptions::{PyException, PyMemoryError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};

use crate::walk::failure::{Failure, Fault};

static ENCODE_ERROR: OnceLock<Py<PyType>> = OnceLock::new();

const DOC: &core::ffi::CStr = c"An object cannot be serialized.

Attributes:
    path (str): where it is, as JSONPath writes it, for example $.orders[3].price.

__cause__ is what default raised, if it did.";

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

/// A JSONEncodeError with a message and a path.
pub(super) fn encode_error(py: Python<'_>, message: &str, path: &str) -> PyErr {
    make(py, message, path).unwrap_or_else(|error| error)
}

fn make(py: Python<'_>, message: &str, path: &str) -> PyResult<PyErr> {
    let Some(class) = ENCODE_ERROR.get() else { return Ok(PyTypeError::new_err(message.to_owned())) };
    let error = class.bind(py).call1((message,))?;
    error.setattr("path", path)?;
    if path != "$" {
        error.call_method1("add_note", (format!("at {path}"),))?;
    }
    Ok(in_context(py, PyErr::from_value(error)))
}

/// The same, with the exception that is being handled as its context: the interpreter gives it that when it is set.
fn in_context(py: Python<'_>, error: PyErr) -> PyErr {
    let value = error.into_value(py).into_bound(py);
    // SAFETY: an exception and its type; both are held meanwhile.
    unsafe { ffi::PyErr_SetObject(value.get_type().as_ptr(), value.as_ptr()) };
    PyErr::fetch(py)
}

/// The exception for a failure. What a hook raised is its cause, unless it is one that nobody should stop, such as
/// KeyboardInterrupt: that is raised itself.
#[cold]
pub(super) fn raise(py: Python<'_>, mut failure: Box<Failure>) -> PyErr {
    if let Fault::Memory = failure.fault {
        return PyMemoryError::new_err(());
    }
    let cause = failure.cause.take().map(|raised| {
        // SAFETY: the reference is ours to give.
        let cause = unsafe { Bound::from_owned_ptr(py, raised.0.into_ptr()) };
        PyErr::from_value(cause)
    });
    match cause {
        Some(cause) if !cause.is_instance_of::<PyException>(py) => cause,
        cause => {
            let error = encode_error(py, &failure.fault.to_string(), &failure.path());
            error.set_cause(py, cause);
            error
        }
    }
}
