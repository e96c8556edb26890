//! The face: arguments in, bytes or an exception out.

mod arguments;
mod cached;
mod compat;
mod current;
mod engine;
mod entry;
mod errors;
mod explained;
mod files;
mod lines;
mod loads;
mod plan;
mod program;
mod settings;

use core::ffi::CStr;
use std::sync::OnceLock;

use pyo3::exceptions::PyImportError;
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;

use crate::cpython::{self, Obj, Owned};
use crate::options::Form;
use crate::options::flag;
use arguments::{Arguments, Reader, Signature};
use cached::CachedPlan;
use entry::{add_entry, add_method, entry, guarded};
use errors::Refusal;

const DUMPS: &CStr = c"dumps(obj, /, default=None, option=None, *, indent=None, plan=False, encoders=None)
--

Serialize obj to JSON.

Args:
    obj: dict, list, tuple, str, int (64 bits), float, bool, None, a subclass of dict, list, str, int, a datetime, date,
        time, UUID, Enum member, dataclass instance or Fragment.
    default: a callable that is given each object of another type and returns one to serialize in its place.
    option: OPT_* flags, combined with |.
    indent: spaces for each level, or a str of white space; each element and member gets a line of its own.
    plan: True to plan first and emit then, or a CachedPlan to go by, which has the other arguments; the bytes are the
        same.
    encoders: a dict of types and functions; an object of such a type, or of a subclass, is given to the function, and
        what it returns is serialized in its place, also where the object is a key.

Returns:
    bytes: UTF-8.

Raises:
    JSONEncodeError: the object cannot be serialized; its attribute path says where.";

const DUMPS_STR: &CStr =
    c"dumps_str(obj, /, default=None, option=None, *, indent=None, plan=False, encoders=None)
--

Serialize obj to JSON, as a str: for those who must have one. dumps() is faster.

Args:
    obj, default, option, indent, plan: as for dumps.

Returns:
    str: what dumps() returns, decoded.

Raises:
    JSONEncodeError: as dumps.";

/// `dumps`. Most calls have one argument, or `plan=True` beside it: these go on before there is a frame for what others may have.
unsafe extern "C" fn dumps(
    this: *mut PyObject,
    args: *const *mut PyObject,
    nargs: ffi::Py_ssize_t,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the arguments are as the calling convention has them, and are held during the call.
    let given = unsafe { Reader::new(args, nargs, names) };
    if let Some(obj) = given.only() {
        return engine::dumps_plainly(obj);
    }
    if let Some((obj, plan)) = given.only_with_plan()
        && plan.is_true()
    {
        return engine::dumps_through_a_plan(obj);
    }
    // SAFETY: they are handed on as they are.
    unsafe { dumps_as_told(this, args, nargs, names) }
}

entry!(
    #[inline(never)]
    dumps_as_told,
    |given| told(&given)
);
entry!(dumps_str, encode_str);
entry!(dump, files::dump);
entry!(dumps_lines, lines::dumps_lines);
entry!(dump_lines, lines::dump_lines);

/// `CachedPlan.dumps`: of a method with one argument, which costs least.
unsafe extern "C" fn dumps_cached(this: *mut PyObject, obj: *mut PyObject) -> *mut PyObject {
    // SAFETY: the caller holds both.
    let (this, obj) = unsafe { (Obj::new(this), Obj::new(obj)) };
    guarded(|_| CachedPlan::known(this).expect("a method of this class alone").encode(obj))
}

/// The answer of `dumps` to arguments of any kind.
#[inline(always)]
fn told(given: &Reader<'_>) -> *mut PyObject {
    if let Some((obj, plan)) = given.only_with_plan()
        && let Some(cached) = CachedPlan::known(plan)
    {
        return guarded(|_| cached.encode(obj));
    }
    guarded(|_| encode_bytes(given))
}

#[inline(always)]
fn encode_bytes<'a>(given: &Reader<'a>) -> Result<Owned, Refusal> {
    const SIGNATURE: Signature = Signature { name: "dumps", required: &["obj"] };
    if let Some(usual) = given.usual() {
        return engine::dumps_as_usual(Form::Bytes, &usual);
    }
    Ok(engine::dumps(&Arguments::read(&SIGNATURE, given)?)?)
}

fn encode_str<'a>(_: Python<'a>, given: &Reader<'a>) -> Result<Owned, Refusal> {
    const SIGNATURE: Signature = Signature { name: "dumps_str", required: &["obj"] };
    if let Some(usual) = given.usual() {
        return engine::dumps_as_usual(Form::Str, &usual);
    }
    let mut arguments = Arguments::read(&SIGNATURE, given)?;
    arguments.options = arguments.options.with_result(Form::Str);
    Ok(engine::dumps(&arguments)?)
}

/// The module `planjson._planjson`.
#[pymodule(gil_used = false)]
fn _planjson(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = m.py();
    claim(py)?;
    settings::start(py)?;
    cpython::start(py)?;
    m.add("__version__", env!("CARGO_PKG_VERSION"))?;
    m.add("JSONEncodeError", errors::start(py)?)?;
    for (name, value) in flag::ALL {
        m.add(*name, *value)?;
    }
    add_entry(m, c"dumps", dumps, DUMPS)?;
    add_entry(m, c"dumps_str", dumps_str, DUMPS_STR)?;
    add_entry(m, c"dump", dump, files::DUMP)?;
    add_entry(m, c"dumps_lines", dumps_lines, lines::DUMPS_LINES)?;
    add_entry(m, c"dump_lines", dump_lines, lines::DUMP_LINES)?;
    m.add_function(wrap_pyfunction!(compat::_dumps_plain, m)?)?;
    m.add("JSONDecodeError", loads::start(py)?)?;
    m.add_function(wrap_pyfunction!(loads::loads, m)?)?;
    m.add_function(wrap_pyfunction!(plan::plan, m)?)?;
    m.add_function(wrap_pyfunction!(settings::thresholds, m)?)?;
    m.add_function(wrap_pyfunction!(settings::set_thresholds, m)?)?;
    m.add_function(wrap_pyfunction!(settings::build_info, m)?)?;
    m.add_class::<cpython::Fragment>()?;
    m.add_function(wrap_pyfunction!(explained::explain, m)?)?;
    m.add_class::<explained::Tree>()?;
    m.add_function(wrap_pyfunction!(cached::_compile, m)?)?;
    m.add_class::<CachedPlan>()?;
    add_method(&py.get_type::<CachedPlan>(), c"dumps", dumps_cached, cached::DUMPS)?;
    m.add_class::<plan::Plan>()
}

/// The first interpreter that imports the module has it: what is kept for the process, such as classes, is that one's.
fn claim(py: Python<'_>) -> PyResult<()> {
    static OWNER: OnceLock<i64> = OnceLock::new();
    // SAFETY: this thread has an interpreter, for it imports.
    let id = unsafe { ffi::PyInterpreterState_GetID(ffi::PyInterpreterState_Get()) };
    if id < 0 {
        return Err(PyErr::fetch(py));
    }
    if *OWNER.get_or_init(|| id) != id {
        return Err(PyImportError::new_err(
            "planjson does not support sub-interpreters: another interpreter has it",
        ));
    }
    Ok(())
}
