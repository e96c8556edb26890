//! The face: arguments in, bytes or an exception out.

mod arguments;
mod engine;
mod errors;
mod explained;
mod plan;
mod settings;

use core::ffi::CStr;
use core::ptr::null_mut;

use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;

use crate::options::flag;
use arguments::{Arguments, Reader};

const DUMPS: &CStr = c"dumps(obj, /, default=None, option=None, *, plan=False)
--

Serialize obj to JSON.

Args:
    obj: dict, list, tuple, str, int (64 bits), float, bool, None, or a subclass of dict, list, str, int.
    default: a callable that is given each object of another type and returns one to serialize in its place.
    option: OPT_* flags, combined with |.
    plan: True to plan first and emit then; the bytes are the same.

Returns:
    bytes: UTF-8.

Raises:
    JSONEncodeError: the object cannot be serialized; its attribute path says where.";

/// The entry of `dumps`: the interpreter's fast calling convention, to keep the cost of a call low.
unsafe extern "C" fn dumps(
    _: *mut PyObject,
    args: *const *mut PyObject,
    nargs: ffi::Py_ssize_t,
    names: *mut PyObject,
) -> *mut PyObject {
    // A panic must not cross into the interpreter. There is none that we know of.
    let result = std::panic::catch_unwind(|| {
        // SAFETY: the interpreter calls with the GIL held, or this thread attached.
        let py = unsafe { Python::assume_attached() };
        // SAFETY: the arguments are as the calling convention has them.
        let given = unsafe { Reader::new(args, nargs, names) };
        let result = Arguments::read("dumps", given).and_then(|arguments| Ok(engine::dumps(&arguments)?));
        match result {
            Ok(bytes) => bytes.into_ptr(),
            Err(refusal) => {
                errors::set(py, refusal);
                null_mut()
            }
        }
    });
    result.unwrap_or_else(|_| {
        // SAFETY: sets an exception.
        unsafe { ffi::PyErr_SetString(ffi::PyExc_SystemError, c"planjson panicked; this is a bug".as_ptr()) };
        null_mut()
    })
}

/// The module `planjson._planjson`.
#[pymodule(gil_used = false)]
fn _planjson(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = m.py();
    settings::start(py)?;
    m.add("__version__", env!("CARGO_PKG_VERSION"))?;
    m.add("JSONEncodeError", errors::start(py)?)?;
    for (name, value) in flag::ALL {
        m.add(name, value)?;
    }
    add_dumps(m)?;
    m.add_function(wrap_pyfunction!(plan::plan, m)?)?;
    m.add_function(wrap_pyfunction!(settings::thresholds, m)?)?;
    m.add_function(wrap_pyfunction!(settings::set_thresholds, m)?)?;
    m.add_function(wrap_pyfunction!(settings::build_info, m)?)?;
    m.add_function(wrap_pyfunction!(explained::explain, m)?)?;
    m.add_class::<explained::Tree>()?;
    m.add_class::<plan::Plan>()
}

fn add_dumps(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let method = Box::leak(Box::new(ffi::PyMethodDef {
        ml_name: c"dumps".as_ptr(),
        ml_meth: ffi::PyMethodDefPointer { PyCFunctionFastWithKeywords: dumps },
        ml_flags: ffi::METH_FASTCALL | ffi::METH_KEYWORDS,
        ml_doc: DUMPS.as_ptr(),
    }));
    let name = m.name()?;
    // SAFETY: the method's definition is leaked, so it lives as long as the function.
    let function = unsafe {
        Bound::from_owned_ptr_or_err(m.py(), ffi::PyCFunction_NewEx(method, null_mut(), name.as_ptr()))?
    };
    m.add("dumps", function)
}
