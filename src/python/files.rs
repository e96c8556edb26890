//! `dump`, and what it writes to.

use core::ffi::CStr;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::arguments::{Arguments, Reader, Signature};
use super::engine;
use super::errors::Refusal;
use crate::cpython::{File, FileKind as Kind, Obj, Owned, Raised};
use crate::options::Form;
use crate::walk::failure::Failure;

pub(super) const DUMP: &CStr = c"dump(obj, fp, /, default=None, option=None, *, indent=None, plan=False, encoders=None)
--

Serialize obj to JSON and write it to a file, piece by piece, while obj is walked.

Memory stays bounded: a piece is about 64 KiB, or as long as the longest str, bytes object or Fragment takes.

Args:
    obj, default, option, indent, plan, encoders: as for dumps.
    fp: a file object. A text file (io.TextIOBase) is given str, every other bytes. Its write() is called several
        times. It may return how many bytes it took, and gets the others again, or None for all.

Raises:
    JSONEncodeError: as dumps. Pieces before the error have been written.
    What fp.write() raises is passed on as it is.";

pub(super) fn dump<'a>(py: Python<'a>, given: &Reader<'a>) -> Result<Owned, Refusal> {
    const SIGNATURE: Signature = Signature { name: "dump", required: &["obj", "fp"] };
    write(py, Arguments::read(&SIGNATURE, given)?, given.value(1), SIGNATURE.name)
}

/// Writes an object to the file `fp`, for `function`.
pub(super) fn write<'a>(
    py: Python<'a>,
    arguments: Arguments<'a>,
    fp: Obj<'a>,
    function: &str,
) -> Result<Owned, Refusal> {
    let file = open(py, fp, function)?;
    let dumped = engine::dump(&for_file(arguments, &file), &file);
    file.close();
    dumped?;
    Ok(none(py))
}

/// The arguments for what is written to `file`.
pub(super) fn for_file<'a>(mut arguments: Arguments<'a>, file: &File) -> Arguments<'a> {
    if file.takes_text() {
        arguments.options = arguments.options.with_result(Form::Str);
    }
    arguments
}

/// None. Not through a `Py`: pyo3, which has not been called here, would put off letting go of it.
pub(super) fn none(_: Python<'_>) -> Owned {
    // SAFETY: None is alive as long as the interpreter is.
    Owned::hold(unsafe { Obj::new(ffi::Py_None()) })
}

/// A file object as something to write to. Python code may run.
pub(super) fn open<'a>(py: Python<'a>, fp: Obj<'a>, function: &str) -> Result<File, Refusal> {
    // SAFETY: the caller of `function` holds it.
    let fp = unsafe { Bound::from_borrowed_ptr(py, fp.as_ptr()) };
    let Some(write) = fp.getattr_opt("write").map_err(|e| raised(py, e))?.filter(Bound::is_callable) else {
        let kind = fp.get_type().name().map_or_else(|_| String::from("?"), |name| name.to_string());
        return Err(Refusal::Arguments(format!(
            "{function}() argument 'fp' must be a file object with a method write, not {kind}"
        )));
    };
    let kind = kind(py, &fp).map_err(|e| raised(py, e))?;
    // SAFETY: the reference is ours to give.
    unsafe { Owned::take(write.into_ptr()) }.map(|write| File::new(write, kind)).ok_or_else(none_raised)
}

fn kind(py: Python<'_>, fp: &Bound<'_, PyAny>) -> PyResult<Kind> {
    let io = py.import("io")?;
    if fp.is_instance(&io.getattr("RawIOBase")?)? {
        return Ok(Kind::Raw);
    }
    if fp.is_instance(&io.getattr("BufferedIOBase")?)? {
        return Ok(Kind::Binary);
    }
    Ok(if is_text(py, fp, &io.getattr("TextIOBase")?)? { Kind::Text } else { Kind::Binary })
}

/// Whether it is a text file, or like one: what the module tempfile hands out wraps its file, or says its encoding, as those of the
/// module codecs do.
fn is_text(py: Python<'_>, fp: &Bound<'_, PyAny>, text: &Bound<'_, PyAny>) -> PyResult<bool> {
    if fp.is_instance(text)? {
        return Ok(true);
    }
    if let Some(inner) = fp.getattr_opt("file")?
        && inner.is_instance(text)?
    {
        return Ok(true);
    }
    let has_encoding =
        fp.getattr_opt("encoding")?.is_some_and(|encoding| encoding.is_instance_of::<PyString>());
    Ok(has_encoding || fp.is_instance(&py.import("codecs")?.getattr("StreamWriter")?)?)
}

/// An exception that is to be passed on as it is.
pub(super) fn raised(py: Python<'_>, error: PyErr) -> Refusal {
    // SAFETY: the reference is ours to give.
    let raised = unsafe { Owned::take(error.into_value(py).into_bound(py).into_ptr()) }.map(Raised);
    Refusal::Failure(Failure::raised(raised))
}

fn none_raised() -> Refusal {
    Refusal::Failure(Failure::raised(None))
}
