//! The arguments of `dumps` and its kin.

use core::marker::PhantomData;

use pyo3::exceptions::PyTypeError;
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyString};

use super::{errors, settings};
use crate::cpython::Obj;
use crate::options::Options;

/// Which way a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Path {
    /// One pass.
    Direct,
    /// Plan, then emit.
    Planned,
}

/// What was asked for.
pub(super) struct Arguments<'a> {
    pub(super) obj: Obj<'a>,
    pub(super) default: Option<Obj<'a>>,
    pub(super) options: Options,
    pub(super) path: Path,
}

/// Arguments as the interpreter's fast calling convention gives them.
pub(super) struct Reader<'a> {
    values: *const *mut PyObject,
    positional: usize,
    names: *mut PyObject,
    lifetime: PhantomData<&'a PyObject>,
}

impl<'a> Reader<'a> {
    /// # Safety
    ///
    /// The three are the arguments of a METH_FASTCALL | METH_KEYWORDS function, whose caller holds them for as
    /// long as `'a`.
    pub(super) unsafe fn new(values: *const *mut PyObject, nargs: isize, names: *mut PyObject) -> Self {
        Self { values, positional: nargs as usize, names, lifetime: PhantomData }
    }

    fn value(&self, i: usize) -> Obj<'a> {
        debug_assert!(i < self.positional + self.named());
        // SAFETY: there are as many values as positions and names, and the caller holds them.
        unsafe { Obj::new(*self.values.add(i)) }
    }

    fn named(&self) -> usize {
        // SAFETY: the names are null or a tuple.
        if self.names.is_null() { 0 } else { unsafe { ffi::PyTuple_GET_SIZE(self.names) as usize } }
    }

    /// Name `i`, as a str.
    fn name<'py>(&self, py: Python<'py>, i: usize) -> Bound<'py, PyAny> {
        // SAFETY: `i` is below the number of names; the tuple holds them.
        unsafe { Bound::from_borrowed_ptr(py, ffi::PyTuple_GET_ITEM(self.names, i as isize)) }
    }
}

fn is_none(o: Obj<'_>) -> bool {
    // SAFETY: None is alive as long as the interpreter is.
    o.as_ptr() == unsafe { ffi::Py_None() }
}

impl<'a> Arguments<'a> {
    /// Reads `(obj, /, default=None, option=None, *, plan=False)`.
    pub(super) fn read(py: Python<'_>, function: &str, given: Reader<'a>) -> PyResult<Self> {
        const NAMES: [&str; 3] = ["default", "option", "plan"];
        if given.positional == 0 {
            return Err(PyTypeError::new_err(format!(
                "{function}() missing 1 required positional argument: 'obj'"
            )));
        }
        if given.positional > 3 {
            let n = given.positional;
            return Err(PyTypeError::new_err(format!(
                "{function}() takes from 1 to 3 positional arguments but {n} were given"
            )));
        }
        let mut values = [None; 3];
        for i in 1..given.positional {
            values[i - 1] = Some(given.value(i));
        }
        for i in 0..given.named() {
            let name = given.name(py, i);
            let name = name.cast::<PyString>()?.to_string_lossy();
            let Some(place) = NAMES.iter().position(|known| *known == name) else {
                return Err(PyTypeError::new_err(format!(
                    "{function}() got an unexpected keyword argument '{name}'"
                )));
            };
            if values[place].is_some() {
                return Err(PyTypeError::new_err(format!(
                    "{function}() got multiple values for argument '{name}'"
                )));
            }
            values[place] = Some(given.value(given.positional + i));
        }
        let [default, option, plan] = values.map(|v| v.filter(|&o| !is_none(o)));
        Self::new(py, given.value(0), default, option, path(py, plan)?)
    }

    /// From arguments that have been told apart already.
    pub(super) fn from_bound(
        py: Python<'_>,
        obj: &'a Bound<'_, PyAny>,
        default: Option<&'a Bound<'_, PyAny>>,
        option: Option<&'a Bound<'_, PyAny>>,
        path: Path,
    ) -> PyResult<Self> {
        // SAFETY: a `Bound` holds its object.
        let view = |o: &'a Bound<'_, PyAny>| unsafe { Obj::new(o.as_ptr()) };
        Self::new(py, view(obj), default.map(view), option.map(view), path)
    }

    fn new(
        py: Python<'_>,
        obj: Obj<'a>,
        default: Option<Obj<'a>>,
        option: Option<Obj<'a>>,
        path: Path,
    ) -> PyResult<Self> {
        let flags = match option {
            None => 0,
            Some(option) => flags(py, option)?,
        };
        match Options::new(flags, settings::current_thresholds()) {
            Some(options) => Ok(Self { obj, default, options, path }),
            None => Err(errors::encode_error(py, "Invalid opts", "$")),
        }
    }
}

fn flags(py: Python<'_>, option: Obj<'_>) -> PyResult<i64> {
    // SAFETY: the caller of the function holds it.
    let option = unsafe { Bound::from_borrowed_ptr(py, option.as_ptr()) };
    // An int exactly, as orjson has it, and in its words for what is none.
    if let Ok(int) = option.cast_exact::<PyInt>()
        && let Ok(flags) = int.extract()
    {
        return Ok(flags);
    }
    Err(errors::encode_error(py, "Invalid opts", "$"))
}

fn path(py: Python<'_>, plan: Option<Obj<'_>>) -> PyResult<Path> {
    let Some(plan) = plan else { return Ok(Path::Direct) };
    // SAFETY: the caller of the function holds it.
    let plan = unsafe { Bound::from_borrowed_ptr(py, plan.as_ptr()) };
    match plan.extract() {
        Ok(true) => Ok(Path::Planned),
        Ok(false) => Ok(Path::Direct),
        Err(_) => {
            let name = plan.get_type().name()?;
            Err(PyTypeError::new_err(format!("plan must be a bool, not {name}")))
        }
    }
}
