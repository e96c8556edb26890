//! The class `CachedPlan`.

use core::ffi::CStr;

use pyo3::PyTraverseError;
use pyo3::gc::PyVisit;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use super::arguments::{Arguments, Path};
use super::current::{Current, InUse};
use super::{engine, errors, explained, files, lines, program, settings};
use crate::cpython::{Obj, Owned, Program};
use crate::options::Options;
use crate::walk::Hooks;
use errors::Refusal;

pub(super) const DUMPS: &CStr = c"dumps($self, obj, /)
--

Serialize obj to JSON, as planjson.dumps() with the plan's own arguments.

Args:
    obj: of any shape; those that the plan knows are written fastest.

Returns:
    bytes: UTF-8.

Raises:
    JSONEncodeError: as planjson.dumps().";

/// A plan for objects of the same shapes, made by planjson.compile().
///
/// It keeps what does not depend on the values: the keys of dicts, in order, finished. What it knows is a guess that is
/// compared before it is used, so that dumps() always gives what planjson.dumps() gives with the same arguments.
#[pyclass(frozen, weakref, module = "planjson")]
pub(super) struct CachedPlan {
    /// Changed by clear() only; a call goes on with the one that it began with.
    program: Current<Program>,
    options: Options,
    default: Option<Py<PyAny>>,
    /// A dict of types and functions that nobody else changes.
    encoders: Option<Py<PyDict>>,
    /// As they were given, to be given again in another process.
    option: Option<Py<PyAny>>,
    indent: Option<Py<PyAny>>,
}

impl CachedPlan {
    /// `o` as one, if it is one.
    pub(super) fn known<'a>(o: Obj<'a>) -> Option<&'a Self> {
        // SAFETY: the interpreter has this thread attached, for it calls; `o` lives as long as `'a`.
        let o = unsafe { Borrowed::<'a, 'a, PyAny>::from_ptr(Python::assume_attached(), o.as_ptr()) };
        // SAFETY: an object of this class, frozen and alive as long as `'a`.
        o.cast::<Self>().ok().map(|cached| unsafe { &*core::ptr::from_ref(cached.get()) })
    }

    fn program(&self) -> InUse<Program> {
        self.program.get()
    }

    /// The options, with the thresholds that hold now.
    #[inline(always)]
    fn present_options(&self) -> Options {
        let mut options = self.options;
        options.thresholds = settings::current_thresholds();
        options
    }

    /// What a call for `obj` is given.
    pub(super) fn arguments<'a>(&'a self, obj: Obj<'a>) -> Result<Arguments<'a>, Refusal> {
        // SAFETY: held by this plan, which lives as long as `'a`.
        let view = |o: &'a Py<PyAny>| unsafe { Obj::new(o.as_ptr()) };
        let arguments = Arguments::plainly(obj, self.default.as_ref().map(view), self.present_options());
        let arguments = arguments.on(Path::Guided(self.program()));
        match &self.encoders {
            None => Ok(arguments),
            // SAFETY: as above.
            Some(encoders) => arguments.encoded_by(Some(unsafe { Obj::new(encoders.as_ptr()) })),
        }
    }

    /// Whether a call needs no more than the walk along the program.
    #[inline(always)]
    fn guides(&self) -> bool {
        self.encoders.is_none() && self.options.lets_guess()
    }

    /// `CachedPlan.dumps`.
    #[inline(always)]
    pub(super) fn encode<'a>(&'a self, obj: Obj<'a>) -> Result<Owned, Refusal> {
        if !self.guides() {
            return Ok(engine::dumps(&self.arguments(obj)?)?);
        }
        // SAFETY: held by this plan.
        let view = |o: &Py<PyAny>| unsafe { Obj::new(o.as_ptr()) };
        let hooks = Hooks { default: self.default.as_ref().map(view), encoders: None };
        Ok(engine::dumps_along(&self.program.get(), obj, hooks, &self.present_options())?)
    }

    fn arguments_for<'a>(&'a self, obj: &'a Bound<'_, PyAny>) -> PyResult<Arguments<'a>> {
        // SAFETY: a `Bound` holds its object.
        let view = unsafe { Obj::new(obj.as_ptr()) };
        self.arguments(view).map_err(|refusal| errors::error(obj.py(), refusal))
    }
}

/// Look at examples and keep the shapes of their dicts. What makes an example of a class is Python's affair.
#[pyfunction]
#[pyo3(signature = (examples, default, option, indent, encoders, learn))]
pub(super) fn _compile(
    examples: &Bound<'_, PyTuple>,
    default: Option<&Bound<'_, PyAny>>,
    option: Option<&Bound<'_, PyAny>>,
    indent: Option<&Bound<'_, PyAny>>,
    encoders: Option<&Bound<'_, PyAny>>,
    learn: bool,
) -> PyResult<CachedPlan> {
    let py = examples.py();
    let arguments = Arguments::from_bound(examples, default, option, indent, encoders, Path::Direct);
    let options = arguments.map_err(|refusal| errors::error(py, refusal))?.options;
    let program = Program::new(learn);
    for example in examples {
        // SAFETY: a `Bound` holds its object.
        engine::compile(&program, unsafe { Obj::new(example.as_ptr()) });
    }
    let keep = |o: Option<&Bound<'_, PyAny>>| o.map(|o| o.clone().unbind());
    let encoders = encoders.map(|o| Ok::<_, PyErr>(o.cast::<PyDict>()?.copy()?.unbind())).transpose()?;
    Ok(CachedPlan {
        program: Current::new(program).ok_or_else(|| errors::no_memory(py))?,
        options,
        default: keep(default),
        encoders,
        option: keep(option),
        indent: keep(indent),
    })
}

/// Passes a result of the engine on.
fn passed<'py>(py: Python<'py>, result: Result<Owned, Refusal>) -> PyResult<Bound<'py, PyAny>> {
    let owned = result.map_err(|refusal| errors::error(py, refusal))?;
    // SAFETY: the reference is ours to give.
    Ok(unsafe { Bound::from_owned_ptr(py, owned.into_ptr()) })
}

#[pymethods]
impl CachedPlan {
    /// Serialize each object of an iterable to a line of JSON, as planjson.dumps_lines().
    ///
    /// Args:
    ///     iterable: of any kind; a generator is asked for one object at a time.
    ///
    /// Returns:
    ///     bytes: UTF-8; each line ends in a line feed.
    ///
    /// Raises:
    ///     JSONEncodeError: as planjson.dumps_lines().
    ///     TypeError: the plan indents.
    #[pyo3(signature = (iterable, /))]
    fn dumps_lines<'py>(&self, iterable: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        passed(iterable.py(), lines::to_bytes(self.arguments_for(iterable)?, "dumps_lines"))
    }

    /// Serialize obj to JSON and write it to a file, as planjson.dump() with the plan's own arguments.
    ///
    /// Args:
    ///     obj: as for dumps.
    ///     fp: as for planjson.dump().
    ///
    /// Raises:
    ///     JSONEncodeError: as planjson.dump().
    #[pyo3(signature = (obj, fp, /))]
    fn dump<'py>(&self, obj: &Bound<'py, PyAny>, fp: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        // SAFETY: a `Bound` holds its object.
        let fp = unsafe { Obj::new(fp.as_ptr()) };
        passed(obj.py(), files::write(obj.py(), self.arguments_for(obj)?, fp, "dump"))
    }

    /// Serialize each object of an iterable to a line of a file, as planjson.dump_lines().
    ///
    /// Args:
    ///     iterable: as for dumps_lines.
    ///     fp: as for planjson.dump().
    ///
    /// Raises:
    ///     JSONEncodeError: as planjson.dump_lines().
    #[pyo3(signature = (iterable, fp, /))]
    fn dump_lines<'py>(
        &self,
        iterable: &Bound<'py, PyAny>,
        fp: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        // SAFETY: a `Bound` holds its object.
        let fp = unsafe { Obj::new(fp.as_ptr()) };
        passed(iterable.py(), lines::to_file(iterable.py(), self.arguments_for(iterable)?, fp, "dump_lines"))
    }

    /// What the plan has done and holds.
    ///
    /// Returns:
    ///     dict: calls, rows (dicts), hits (dicts whose keys came as guessed), instances
    ///     (of classes, which are written as dumps() writes them), deopts (a dict of places, each with
    ///     reasons and how often), shapes, refused (dicts whose shape was not kept), keys, bytes (that it holds, about), learn.
    ///     Counts may lag where threads count at the same time.
    fn info<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let program = self.program();
        let sites = program::sites(&program);
        let info = PyDict::new(py);
        info.set_item("calls", program.calls.get())?;
        info.set_item("rows", sites.iter().map(|(_, site)| site.rows()).sum::<u64>())?;
        info.set_item("hits", sites.iter().map(|(_, site)| site.hits()).sum::<u64>())?;
        let instances = sites.iter().map(|(_, site)| site.counts.instances.get());
        info.set_item("instances", instances.sum::<u64>())?;
        info.set_item("deopts", program::deopts(py, &sites)?)?;
        info.set_item("shapes", sites.iter().map(|(_, site)| site.shapes().count()).sum::<usize>())?;
        info.set_item("refused", sites.iter().map(|(_, site)| site.refused.get()).sum::<u64>())?;
        info.set_item("keys", program.slots())?;
        info.set_item("bytes", program::bytes(&sites))?;
        info.set_item("learn", program.learns())?;
        Ok(info)
    }

    /// Forgets all shapes and counts. A plan with learn=False stays empty from then on. Calls that are under way go on
    /// with what they began with.
    fn clear(&self, py: Python<'_>) -> PyResult<()> {
        let learns = self.program.get().learns();
        self.program.replace(Program::new(learns)).ok_or_else(|| errors::no_memory(py))
    }

    /// The plan to look at: for each place the shapes that are known there, what is compared, what is written, and how
    /// often the guess was right; where it was not, why.
    ///
    /// Args:
    ///     depth: levels that str() of the result shows; None for all.
    ///     width: keys of a shape, and places side by side, that it shows; None for all.
    ///
    /// Returns:
    ///     CachedExplanation: str() of it is text; it is data and a page as well. What the plan does afterwards does not
    ///     change it.
    #[pyo3(
        signature = (*, depth=8, width=16),
        text_signature = "($self, *, depth=8, width=16)"
    )]
    fn explain<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = explained::depth_limit)] depth: usize,
        #[pyo3(from_py_with = explained::width_limit)] width: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let totals = self.info(py)?;
        let nothing = py.None().into_bound(py);
        totals.set_item("used", self.options.lets_guess() && !self.arguments_for(&nothing)?.overrides())?;
        let nodes = program::nodes(py, &self.program())?;
        let class = py.import("planjson._cached_explanation")?.getattr("CachedExplanation")?;
        class.call1((totals, nodes, depth, width))
    }

    fn __repr__(&self) -> String {
        let program = self.program();
        let sites = program::sites(&program);
        let shapes: usize = sites.iter().map(|(_, site)| site.shapes().count()).sum();
        format!(
            "<planjson.CachedPlan: {shapes} shapes, {} keys, {} calls>",
            program.slots(),
            program.calls.get()
        )
    }

    /// Another process, or a copy, compiles examples of the same shapes.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let program = self.program();
        let examples = PyList::empty(py);
        for example in program::examples(py, program.root())? {
            examples.append(example)?;
        }
        let arguments = PyDict::new(py);
        arguments.set_item("default", self.default.as_ref())?;
        arguments.set_item("option", self.option.as_ref())?;
        arguments.set_item("indent", self.indent.as_ref())?;
        // A copy, for whoever pickles may look at it and change it.
        let encoders = self.encoders.as_ref().map(|encoders| encoders.bind(py).copy()).transpose()?;
        arguments.set_item("encoders", encoders)?;
        arguments.set_item("learn", program.learns())?;
        let restore = py.import("planjson._cached")?.getattr("_restore")?;
        Ok((restore, PyTuple::new(py, [examples.into_any(), arguments.into_any()])?))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.default)?;
        visit.call(&self.encoders)
    }
}
