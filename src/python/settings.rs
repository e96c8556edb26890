//! What holds for the whole process: chosen at import, or set by the user.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use pyo3::exceptions::{PyImportError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::cpython::{self, Layout};
use crate::emit::kernel::Name;
use crate::plan::Thresholds;

/// What was found out at import.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) level: Name,
    pub(super) layout: Layout,
}

static SETTINGS: OnceLock<Settings> = OnceLock::new();

static THRESHOLDS: [AtomicUsize; 4] =
    [AtomicUsize::new(4), AtomicUsize::new(6), AtomicUsize::new(2), AtomicUsize::new(16)];

/// Finds out how this machine and this interpreter are to be used.
pub(super) fn start(py: Python<'_>) -> PyResult<()> {
    let layout = layout(py)?;
    let level = match std::env::var("PLANJSON_LEVEL") {
        Err(_) => Name::best(),
        Ok(name) if name.is_empty() => Name::best(),
        Ok(name) => forced_level(&name)?,
    };
    // Objects that are read through the public API leave nothing for kernels to win: one level serves them.
    let level = if layout == Layout::Public && !cfg!(Py_GIL_DISABLED) { Name::Scalar } else { level };
    SETTINGS.get_or_init(|| {
        level.choose();
        Settings { level, layout }
    });
    Ok(())
}

fn layout(py: Python<'_>) -> PyResult<Layout> {
    let refused = |name, why| Err(PyImportError::new_err(format!("PLANJSON_LAYOUT is {name:?}, {why}")));
    match std::env::var("PLANJSON_LAYOUT").as_deref() {
        Err(_) | Ok("") => cpython::check(py),
        Ok("public") => Ok(Layout::Public),
        Ok(name @ "direct") => match cpython::check(py)? {
            Layout::Direct => Ok(Layout::Direct),
            Layout::Public => refused(name, "which is not known of this interpreter"),
        },
        Ok(name) => refused(name, "but the layouts are direct, public"),
    }
}

fn forced_level(name: &str) -> PyResult<Name> {
    let names = Name::ALL.map(Name::as_str).join(", ");
    let level = Name::parse(name).ok_or_else(|| {
        PyImportError::new_err(format!("PLANJSON_LEVEL is {name:?}, but the levels are {names}"))
    })?;
    if level.is_available() {
        Ok(level)
    } else {
        let best = Name::best().as_str();
        Err(PyImportError::new_err(format!(
            "PLANJSON_LEVEL is {name:?}, which this machine does not have; its best level is {best}"
        )))
    }
}

/// What was found out at import.
#[inline]
pub(super) fn settings() -> Settings {
    SETTINGS.get().copied().unwrap_or(Settings { level: Name::Scalar, layout: Layout::Public })
}

/// The thresholds that new calls use.
#[inline]
pub(super) fn current_thresholds() -> Thresholds {
    let [int, float, bool, text] = [0, 1, 2, 3].map(|i: usize| THRESHOLDS[i].load(Relaxed));
    Thresholds { int, float, bool, text }
}

/// The run lengths from which on homogeneous arrays become lanes.
///
/// Returns:
///     dict[str, int]: elements, for "int", "float", "bool" and "str".
#[pyfunction]
pub(super) fn thresholds(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let now = current_thresholds();
    let dict = PyDict::new(py);
    dict.set_item("int", now.int)?;
    dict.set_item("float", now.float)?;
    dict.set_item("bool", now.bool)?;
    dict.set_item("str", now.text)?;
    Ok(dict)
}

/// Set the run lengths from which on homogeneous arrays become lanes. What is not given stays as it is.
///
/// The output does not depend on them, only the time it takes. Runs are looked for in pieces of 256 numbers, 64
/// booleans and 32 strings, and a threshold above that counts as that.
///
/// Args:
///     int, float, bool, str: elements, at least 1.
///
/// Raises:
///     ValueError: a threshold below 1.
#[pyfunction]
#[pyo3(signature = (*, int=None, float=None, bool=None, str=None))]
pub(super) fn set_thresholds(
    int: Option<i64>,
    float: Option<i64>,
    bool: Option<i64>,
    str: Option<i64>,
) -> PyResult<()> {
    let given = [("int", int), ("float", float), ("bool", bool), ("str", str)];
    for (name, value) in given {
        if let Some(v) = value
            && v < 1
        {
            return Err(PyValueError::new_err(format!(
                "the threshold of {name} must be at least 1, not {v}"
            )));
        }
    }
    for ((_, value), threshold) in given.into_iter().zip(&THRESHOLDS) {
        if let Some(v) = value {
            threshold.store(usize::try_from(v).unwrap_or(usize::MAX), Relaxed);
        }
    }
    Ok(())
}

/// How this build of planjson runs here.
///
/// Returns:
///     dict[str, object]: "version"; "python" (the version that it was built for); "level" (the instruction set of
///     the kernels); "levels" (those that this machine has); "layout" ("direct" if objects are read from memory,
///     "public" if through the public C API); "free_threaded"; "debug_assertions".
#[pyfunction]
pub(super) fn build_info(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let Settings { level, layout } = settings();
    let levels: Vec<_> = Name::ALL.into_iter().filter(|n| n.is_available()).map(Name::as_str).collect();
    let version = py.version_info();
    let dict = PyDict::new(py);
    dict.set_item("version", env!("CARGO_PKG_VERSION"))?;
    dict.set_item("python", format!("{}.{}", version.major, version.minor))?;
    dict.set_item("level", level.as_str())?;
    dict.set_item("levels", levels)?;
    dict.set_item("layout", layout.as_str())?;
    dict.set_item("free_threaded", cfg!(Py_GIL_DISABLED))?;
    dict.set_item("debug_assertions", cfg!(debug_assertions))?;
    Ok(dict)
}
