//! Explanations as Python sees them. The class `Explanation` is written in Python; it stands on a `Tree`.

use std::time::Instant;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::arguments::{Arguments, Path};
use super::current::InUse;
use super::{engine, errors};
use crate::cpython::{Program, World};
use crate::explain::{Explained, Kind, Limits, Miss, Node, Place, Print, Stop};
use crate::path;

/// Times that each way is run at most to find its time, and how long all in all.
const RUNS: usize = 20;
const PATIENCE: u128 = 200_000_000;

/// What a plan looks like; planjson.Explanation shows it.
#[pyclass(frozen, module = "planjson._planjson", name = "Tree")]
pub(super) struct Tree {
    explained: Explained,
    /// Nanoseconds of `dumps`: direct, planned, and with a plan that was compiled from the object; if they were
    /// measured.
    ways: Option<[u64; 3]>,
}

impl Tree {
    pub(super) const fn new(explained: Explained) -> Self {
        Self { explained, ways: None }
    }
}

/// Explain obj: plan it and show the plan.
///
/// An object that cannot be serialized is explained up to the place where that was found out.
///
/// Args:
///     obj, default, option, indent, encoders: as for dumps.
///     depth, width, analyze, values: as for Plan.explain(). With analyze, obj is serialized several times, and
///         default called as often.
///
/// Returns:
///     Explanation: its error is the JSONEncodeError that dumps() would have raised, or None.
#[pyfunction]
#[pyo3(
    signature = (obj, /, default=None, option=None, *, indent=None, encoders=None, depth=8, width=16, analyze=false, values=false),
    text_signature = "(obj, /, default=None, option=None, *, indent=None, encoders=None, depth=8, width=16, analyze=False, values=False)"
)]
#[expect(clippy::too_many_arguments, reason = "as Python sees it")]
pub(super) fn explain<'py>(
    py: Python<'py>,
    obj: &Bound<'py, PyAny>,
    default: Option<&Bound<'py, PyAny>>,
    option: Option<&Bound<'py, PyAny>>,
    indent: Option<&Bound<'py, PyAny>>,
    encoders: Option<&Bound<'py, PyAny>>,
    #[pyo3(from_py_with = depth_limit)] depth: usize,
    #[pyo3(from_py_with = width_limit)] width: usize,
    analyze: bool,
    values: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let arguments = Arguments::from_bound(obj, default, option, indent, encoders, Path::Planned)
        .map_err(|refusal| errors::error(py, refusal))?;
    let begin = Instant::now();
    let kept = engine::plan_until(&arguments).map_err(|failure| errors::error(py, failure.into()))?;
    let planning = begin.elapsed().as_nanos() as u64;
    let explained = engine::explain(&kept.segments, &arguments.options, analyze, values);
    drop(kept.segments);
    World::release_all(kept.owners);
    let mut stop = None;
    let error = match kept.failure {
        None => None,
        Some(failure) => {
            stop = Some(Stop { path: failure.path(), message: failure.fault.to_string() });
            let error = errors::error(py, failure.into());
            // What is no answer about the object, such as KeyboardInterrupt, goes on its way.
            if !errors::is_encode_error(py, &error) {
                return Err(error);
            }
            Some(error)
        }
    };
    let mut explained = explained.map_err(|failure| errors::error(py, failure.into()))?;
    (explained.planning, explained.stop) = (Some(planning), stop);
    let ways = match error {
        None if analyze => {
            let program = Program::new(true);
            engine::compile(&program, arguments.obj);
            let program = InUse::new(program).ok_or_else(|| errors::no_memory(py))?;
            let paths = [Path::Direct, Path::Planned, Path::Guided(program)];
            Some(paths.map(|path| time(&arguments, path)))
        }
        _ => None,
    };
    let explanation = explanation(py, Tree { explained, ways }, depth, width)?;
    explanation.setattr("error", error)?;
    Ok(explanation)
}

/// Nanoseconds of `dumps`: the least of some runs.
fn time(arguments: &Arguments<'_>, path: Path) -> u64 {
    let arguments = arguments.on(path);
    let (start, mut least) = (Instant::now(), u64::MAX);
    for _ in 0..RUNS {
        let begin = Instant::now();
        let result = engine::dumps(&arguments);
        least = least.min(begin.elapsed().as_nanos() as u64);
        if let Ok(bytes) = result {
            World::release_all(vec![bytes]);
        }
        if start.elapsed().as_nanos() > PATIENCE {
            break;
        }
    }
    least
}

/// The argument `depth`: how many levels are to be shown.
pub(super) fn depth_limit(value: &Bound<'_, PyAny>) -> PyResult<usize> {
    limit("depth", value)
}

/// The argument `width`: how many nodes are to be shown side by side.
pub(super) fn width_limit(value: &Bound<'_, PyAny>) -> PyResult<usize> {
    limit("width", value)
}

/// What None means, and which numbers there may be, is said in one place, for the methods of explanations too.
fn limit(name: &str, value: &Bound<'_, PyAny>) -> PyResult<usize> {
    let checked = value.py().import("planjson._explanation")?.getattr("limit")?;
    checked.call1((name, value))?.extract()
}

/// An instance of planjson.Explanation.
pub(super) fn explanation(
    py: Python<'_>,
    tree: Tree,
    depth: usize,
    width: usize,
) -> PyResult<Bound<'_, PyAny>> {
    let class = py.import("planjson._explanation")?.getattr("Explanation")?;
    class.call1((Bound::new(py, tree)?, depth, width))
}

#[pymethods]
impl Tree {
    /// As text.
    fn text(&self, depth: usize, width: usize, color: bool) -> String {
        let limits = Limits { depth, width: width.max(1) };
        Print { explained: &self.explained, limits, color }.to_string()
    }

    /// The whole, as Explanation.to_dict() describes it, without the nodes.
    fn totals<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let Explained { totals, planning, times, stop, .. } = &self.explained;
        let out = PyDict::new(py);
        out.set_item("values", totals.values)?;
        out.set_item("nodes", self.explained.shown())?;
        out.set_item("bytes", totals.bytes)?;
        out.set_item("bytes_expected", totals.likely)?;
        out.set_item("bytes_bound", totals.strict)?;
        out.set_item("lanes", totals.lanes)?;
        out.set_item("lane_elements", totals.in_lanes)?;
        out.set_item("lane_able_elements", totals.lane_able)?;
        let missed = PyDict::new(py);
        for (miss, n) in Miss::ALL.into_iter().zip(totals.missed).filter(|&(_, n)| n > 0) {
            missed.set_item(miss.code(), n)?;
        }
        out.set_item("missed_elements", missed)?;
        out.set_item("words", totals.words)?;
        out.set_item("segments", totals.segments)?;
        out.set_item("arena_bytes", totals.memory)?;
        out.set_item("indented", totals.indented)?;
        let thresholds = PyDict::new(py);
        let limits = totals.thresholds;
        for (name, value) in
            [("int", limits.int), ("float", limits.float), ("bool", limits.bool), ("str", limits.text)]
        {
            thresholds.set_item(name, value)?;
        }
        out.set_item("thresholds", thresholds)?;
        let stopped = stop.as_ref().map(|stop| {
            let out = PyDict::new(py);
            out.set_item("path", &stop.path)?;
            out.set_item("message", &stop.message)?;
            Ok::<_, PyErr>(out)
        });
        out.set_item("stopped", stopped.transpose()?)?;
        let times = times.map(|times| {
            let out = PyDict::new(py);
            out.set_item("planning_ns", *planning)?;
            out.set_item("emitting_ns", times.emitting)?;
            out.set_item("measured_ns", times.measured)?;
            out.set_item("clock_ns", times.clock)?;
            out.set_item("direct_ns", self.ways.map(|[direct, ..]| direct))?;
            out.set_item("planned_ns", self.ways.map(|[_, planned, _]| planned))?;
            out.set_item("cached_ns", self.ways.map(|[.., cached]| cached))?;
            Ok::<_, PyErr>(out)
        });
        out.set_item("times", times.transpose()?)?;
        Ok(out)
    }

    /// The nodes from the document on, each before those below it.
    fn nodes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let out = PyList::empty(py);
        let mut todo = vec![(0, None::<usize>, 0, String::from("$"))];
        while let Some((at, parent, depth, path)) = todo.pop() {
            let id = out.len();
            let node = self.node(py, at)?;
            node.set_item("id", id)?;
            node.set_item("parent", parent)?;
            node.set_item("depth", depth)?;
            node.set_item("path", &path)?;
            for below in self.explained.below(at).into_iter().rev() {
                let mut path = path.clone();
                match &self.explained.nodes[below as usize].place {
                    Place::Member(key) => drop(path::write_key(&mut path, key)),
                    Place::Members => path.push_str(".*"),
                    Place::Elements => path.push_str("[*]"),
                    Place::Root => {}
                }
                todo.push((below, Some(id), depth + 1, path));
            }
            out.append(node)?;
        }
        Ok(out)
    }
}

impl Tree {
    fn node<'py>(&self, py: Python<'py>, at: u32) -> PyResult<Bound<'py, PyDict>> {
        let explained = &self.explained;
        let node = &explained.nodes[at as usize];
        let out = PyDict::new(py);
        out.set_item("key", key(&node.place))?;
        out.set_item("kind", explained.kind(at))?;
        out.set_item("count", node.count())?;
        out.set_item("bytes", node.bytes())?;
        out.set_item("lane", Some(explained.lane(at)).filter(|lane| !lane.is_empty()))?;
        let reasons = explained.reasons(at).into_iter().map(|reason| {
            let out = PyDict::new(py);
            out.set_item("code", reason.code)?;
            out.set_item("text", reason.text)?;
            out.set_item("count", reason.count)?;
            out.set_item("lane", reason.lane)?;
            Ok::<_, PyErr>(out)
        });
        out.set_item("reasons", PyList::new(py, reasons.collect::<PyResult<Vec<_>>>()?)?)?;
        values(&out, node)?;
        if let Some(arrays) = &node.arrays {
            let array = PyDict::new(py);
            array.set_item("elements", arrays.elements)?;
            array.set_item("shortest", arrays.shortest)?;
            array.set_item("longest", arrays.longest)?;
            array.set_item("in_lanes", arrays.in_lanes)?;
            if let Some(elements) = arrays.node.map(|e| &explained.nodes[e as usize]) {
                values(&array, elements)?;
            }
            out.set_item("arrays", array)?;
        }
        if let Some(objects) = &node.objects {
            let object = PyDict::new(py);
            object.set_item("shapes", objects.shapes.len() + usize::from(objects.others > 0))?;
            object.set_item("first_shape", objects.shapes.first().map_or(0, |shape| shape.count))?;
            object.set_item("folded_members", objects.folded)?;
            out.set_item("objects", object)?;
        }
        if explained.times.is_some() {
            out.set_item("total_ns", node.total_time)?;
            out.set_item("own_ns", explained.own_time(at))?;
            out.set_item("own_values", explained.own_count(at))?;
            out.set_item("hot", explained.is_hot(at))?;
        }
        Ok(out)
    }
}

fn key(place: &Place) -> Option<&str> {
    match place {
        Place::Member(key) => Some(key),
        _ => None,
    }
}

/// Kinds, strings and integers of a place.
fn values(out: &Bound<'_, PyDict>, node: &Node) -> PyResult<()> {
    let py = out.py();
    let kinds = PyDict::new(py);
    for kind in node.present() {
        kinds.set_item(kind.as_str(), node.tally(kind).count)?;
    }
    out.set_item("kinds", kinds)?;
    if node.tally(Kind::Int).count > 0 {
        out.set_item("digits", node.ints.digits())?;
    }
    if node.tally(Kind::Text).count > 0 {
        let strings = PyDict::new(py);
        for (name, count) in ["ascii", "latin1", "ucs2", "ucs4"].into_iter().zip(node.texts.widths) {
            strings.set_item(name, count)?;
        }
        strings.set_item("long", node.texts.held)?;
        strings.set_item("escaped", node.texts.escaped)?;
        out.set_item("strings", strings)?;
    }
    if let Some(example) = &node.example {
        out.set_item("example", &**example)?;
    }
    Ok(())
}
