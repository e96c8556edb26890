//! What `planjson.compat.json` stands on.

use pyo3::prelude::*;

use super::arguments::{Arguments, Path};
use super::{engine, errors};
use crate::options::{Form, flag};

/// The JSON of obj as the standard library writes it, as a str; all that is not JSON's own goes to default.
///
/// With spaced=True a space stands behind each comma and each colon.
#[pyfunction]
#[pyo3(signature = (obj, default, option, indent, spaced))]
pub(super) fn _dumps_plain<'py>(
    py: Python<'py>,
    obj: &Bound<'py, PyAny>,
    default: Option<&Bound<'py, PyAny>>,
    option: Option<&Bound<'py, PyAny>>,
    indent: Option<&Bound<'py, PyAny>>,
    spaced: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let mut arguments = Arguments::from_bound(obj, default, option, indent, None, Path::Direct)
        .map_err(|refusal| errors::error(py, refusal))?;
    let flags = if spaced { flag::PLAIN | flag::SPACED } else { flag::PLAIN };
    arguments.options = arguments.options.with(flags).with_result(Form::Str);
    let text = engine::dumps(&arguments).map_err(|failure| errors::error(py, failure.into()))?;
    // SAFETY: the reference is ours to give.
    Ok(unsafe { Bound::from_owned_ptr(py, text.into_ptr()) })
}
