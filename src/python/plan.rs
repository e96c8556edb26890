//! The class `Plan`.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use pyo3::PyTraverseError;
use pyo3::gc::PyVisit;
use pyo3::prelude::*;

use super::arguments::{Arguments, Path};
use super::explained::{self, Tree};
use super::{engine, errors};
use crate::cpython::Owned;
use crate::explain::{Explained, Limits, Print};
use crate::options::Options;
use crate::plan::OwnedSegment;

/// What a planning pass found: emit() makes the bytes, str() shows it.
///
/// Made by planjson.plan(). It owns what it needs, so that the planned object may change or go.
#[pyclass(frozen, module = "planjson")]
pub(super) struct Plan {
    segments: Vec<OwnedSegment>,
    /// What the held texts of the segments are in.
    owners: Vec<Py<PyAny>>,
    options: Options,
    /// Size of the last result in bytes, or 0.
    emitted: AtomicUsize,
    /// Nanoseconds that planning took.
    planning: u64,
}

impl Plan {
    /// Plans.
    pub(super) fn make(py: Python<'_>, arguments: &Arguments<'_>) -> PyResult<Self> {
        let begin = Instant::now();
        let (segments, owners) =
            engine::plan(arguments).map_err(|failure| errors::error(py, failure.into()))?;
        let planning = begin.elapsed().as_nanos() as u64;
        // SAFETY: the references are ours to give.
        let own = |o: Owned| unsafe { Bound::from_owned_ptr(py, o.into_ptr()) }.unbind();
        let owners = owners.into_iter().map(own).collect();
        Ok(Self { segments, owners, options: arguments.options, emitted: AtomicUsize::new(0), planning })
    }

    fn explained(&self, py: Python<'_>, analyze: bool, values: bool) -> PyResult<Explained> {
        engine::explain(&self.segments, &self.options, analyze, values)
            .map_err(|failure| errors::error(py, failure.into()))
    }

    /// Bytes that are likely to be emitted: known exactly from the second time on.
    fn likely(&self) -> usize {
        match self.emitted.load(Relaxed) {
            0 => self.segments.iter().map(|s| s.as_ref().size().likely).sum(),
            emitted => emitted,
        }
    }
}

/// Plan obj, as dumps(obj, plan=True) does, and keep the plan.
///
/// Args:
///     obj, default, option, indent, encoders: as for dumps.
///
/// Returns:
///     Plan: owns what it needs; obj may change or go afterwards.
///
/// Raises:
///     JSONEncodeError: as dumps.
#[pyfunction]
#[pyo3(signature = (obj, /, default=None, option=None, *, indent=None, encoders=None))]
pub(super) fn plan<'py>(
    py: Python<'py>,
    obj: &Bound<'py, PyAny>,
    default: Option<&Bound<'py, PyAny>>,
    option: Option<&Bound<'py, PyAny>>,
    indent: Option<&Bound<'py, PyAny>>,
    encoders: Option<&Bound<'py, PyAny>>,
) -> PyResult<Plan> {
    let arguments = Arguments::from_bound(obj, default, option, indent, encoders, Path::Planned)
        .map_err(|refusal| errors::error(py, refusal))?;
    Plan::make(py, &arguments)
}

#[pymethods]
impl Plan {
    /// The JSON, as dumps() would have made it when the plan was made.
    ///
    /// Returns:
    ///     bytes: UTF-8. The same each time.
    ///
    /// Raises:
    ///     MemoryError: there is none left.
    fn emit<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let bytes = engine::emit(&self.segments, self.likely(), &self.options)
            .map_err(|failure| errors::error(py, failure.into()))?;
        // SAFETY: the reference is ours to give.
        let bytes = unsafe { Bound::from_owned_ptr(py, bytes.into_ptr()) };
        self.emitted.store(bytes.len()?, Relaxed);
        Ok(bytes)
    }

    /// The plan as a tree: what was seen, which lanes there are, what was not taken and why, where the bytes are.
    ///
    /// Args:
    ///     depth: levels that str() of the result shows; None for all.
    ///     width: nodes side by side that it shows, the largest; None for all.
    ///     analyze: True to emit the plan and add times.
    ///     values: True to keep a value of each place. Without it no value can be seen in the result.
    ///
    /// Returns:
    ///     Explanation: str() of it is text; it is data and a page as well.
    #[pyo3(
        signature = (*, depth=8, width=16, analyze=false, values=false),
        text_signature = "($self, *, depth=8, width=16, analyze=False, values=False)"
    )]
    fn explain<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = explained::depth_limit)] depth: usize,
        #[pyo3(from_py_with = explained::width_limit)] width: usize,
        analyze: bool,
        values: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut explained = self.explained(py, analyze, values)?;
        explained.planning = Some(self.planning);
        explained::explanation(py, Tree::new(explained), depth, width)
    }

    fn __str__(&self, py: Python<'_>) -> PyResult<String> {
        let explained = self.explained(py, false, false)?;
        Ok(Print { explained: &explained, limits: Limits::default(), color: false }.to_string())
    }

    fn __repr__(&self) -> String {
        let words: usize = self.segments.iter().map(|s| s.as_ref().words()).sum();
        format!(
            "<planjson.Plan: {} segments, {words} words, {} held strings>",
            self.segments.len(),
            self.owners.len()
        )
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.owners.iter().try_for_each(|owner| visit.call(owner))
    }
}
