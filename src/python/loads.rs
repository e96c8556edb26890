//! `loads`: bytes, or something like them, in; an object or a JSONDecodeError out.

use core::ffi::CStr;
use std::sync::OnceLock;

use pyo3::exceptions::{PyMemoryError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView, PyString, PyType};

use crate::cpython::{Obj, Public, Str};
use crate::loads::{Fault, loads as parse};

static DECODE_ERROR: OnceLock<Py<PyType>> = OnceLock::new();

const DOC: &CStr = c"The data is not JSON.

A subclass of json.JSONDecodeError, with its attributes: msg, doc, pos (in characters), lineno, colno.";

/// Keep the digits of integers beyond 64 bits.
const BIG_INTEGER: i64 = 1 << 16;

const NOT_UTF8: &str = "str is not valid UTF-8: surrogates not allowed";
const NOT_TAKEN: &str = "Input must be bytes, bytearray, memoryview, or str";

/// Makes the exception's class.
pub(super) fn start(py: Python<'_>) -> PyResult<Py<PyType>> {
    let base = py.import("json")?.getattr("JSONDecodeError")?.cast_into::<PyType>()?;
    let class = PyErr::new_type(py, c"planjson.JSONDecodeError", Some(DOC), Some(&base), None)?;
    Ok(DECODE_ERROR.get_or_init(|| class).clone_ref(py))
}

/// Parse JSON.
///
/// Args:
///     data: bytes, bytearray, memoryview or str; a whole document in UTF-8.
///     option: OPT_BIG_INTEGER, to keep the digits of integers beyond 64 bits. They become floats without it.
///
/// Returns:
///     dict, list, str, int, float, bool or None. Of members with the same key the last counts.
///
/// Raises:
///     JSONDecodeError: the data is not JSON; pos, lineno and colno say where.
///     TypeError: another option.
#[pyfunction]
#[pyo3(signature = (data, /, option=None))]
pub(super) fn loads<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyAny>,
    option: Option<i64>,
) -> PyResult<Bound<'py, PyAny>> {
    let big_integers = match option {
        None | Some(0) => false,
        Some(BIG_INTEGER) => true,
        Some(_) => return Err(PyTypeError::new_err("loads() takes no option but OPT_BIG_INTEGER")),
    };
    let input = Input::new(py, data)?;
    let bytes = input.bytes();
    let fault = match bytes {
        [] => Fault::Syntax("Input is a zero-length, empty document", 0),
        [0xef, 0xbb, 0xbf, ..] => Fault::Syntax("UTF-8 byte order mark (BOM) is not supported", 0),
        _ => match parse(py, bytes, big_integers) {
            Ok(object) => return Ok(object),
            Err(fault) => fault,
        },
    };
    match fault {
        Fault::Raised(error) => Err(error),
        Fault::Syntax(message, at) => Err(syntax_error(py, message, at, data, bytes)),
    }
}

/// UTF-8, and who holds it.
enum Input<'py> {
    /// What the caller holds and nobody changes: a bytes object, or a str that is all ASCII.
    Theirs(&'py [u8]),
    /// A copy, or the UTF-8 of a str: it is never left in the str.
    Ours(Bound<'py, PyBytes>),
}

impl<'py> Input<'py> {
    fn new(py: Python<'py>, data: &Bound<'py, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = data.cast::<PyBytes>() {
            let bytes = bytes.as_bytes();
            // SAFETY: bytes do not change, and the caller of `loads` holds them until it returns.
            return Ok(Self::Theirs(unsafe { core::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) }));
        }
        if data.is_instance_of::<PyString>() {
            return Self::of_str(py, data);
        }
        if data.is_instance_of::<PyByteArray>() || data.is_instance_of::<PyMemoryView>() {
            // SAFETY: a living object; what is made is a bytes object.
            let copy = unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyBytes_FromObject(data.as_ptr()))? };
            return Ok(Self::Ours(copy.cast_into()?));
        }
        Err(decode_error(py, NOT_TAKEN, &empty(py), 0))
    }

    fn of_str(py: Python<'py>, data: &Bound<'py, PyAny>) -> PyResult<Self> {
        // SAFETY: the caller of `loads` holds the object until it returns, and a str does not change.
        let obj = unsafe { Obj::new(data.as_ptr()) };
        if let Some(ascii) = obj.any_str().and_then(Str::ascii::<Public>) {
            return Ok(Self::Theirs(ascii.as_bytes()));
        }
        // SAFETY: a living str; what is made is a bytes object of its own.
        let encoded = unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyUnicode_AsUTF8String(data.as_ptr())) };
        match encoded {
            Ok(encoded) => Ok(Self::Ours(encoded.cast_into()?)),
            Err(error) if error.is_instance_of::<PyMemoryError>(py) => Err(error),
            Err(_) => Err(decode_error(py, NOT_UTF8, &empty(py), 0)),
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Theirs(bytes) => bytes,
            Self::Ours(bytes) => bytes.as_bytes(),
        }
    }
}

fn empty(py: Python<'_>) -> Bound<'_, PyAny> {
    PyString::new(py, "").into_any()
}

/// The exception for what is wrong at byte `at`.
#[cold]
fn syntax_error(py: Python<'_>, message: &str, at: usize, data: &Bound<'_, PyAny>, bytes: &[u8]) -> PyErr {
    // jiter looks at the UTF-8 of strings only, and orjson at that of everything before all else.
    let Ok(text) = core::str::from_utf8(bytes) else { return decode_error(py, NOT_UTF8, &empty(py), 0) };
    let at = at.min(bytes.len());
    // A character begins at every byte but those that go on with one.
    let pos = bytes[..at].iter().filter(|&&b| b & 0xc0 != 0x80).count();
    if text.trim_matches([' ', '\t', '\r', '\n']).is_empty() && !text.is_empty() {
        return decode_error(py, "input data is empty", &doc(py, data, text), 0);
    }
    decode_error(py, message, &doc(py, data, text), pos)
}

/// The document as a str.
fn doc<'py>(py: Python<'py>, data: &Bound<'py, PyAny>, text: &str) -> Bound<'py, PyAny> {
    if data.is_exact_instance_of::<PyString>() { data.clone() } else { PyString::new(py, text).into_any() }
}

fn decode_error(py: Python<'_>, message: &str, doc: &Bound<'_, PyAny>, pos: usize) -> PyErr {
    let Some(class) = DECODE_ERROR.get() else {
        return pyo3::exceptions::PyValueError::new_err(message.to_owned());
    };
    match class.bind(py).call1((message, doc, pos)) {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}
