//! What a cached plan knows, to be looked at: as numbers, places, and examples of the same shapes.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyInt, PyList, PyString};

use crate::cpython::{Program, Sample, Shape, Site};
use crate::path;

/// Sites of a program with their paths, outer ones first.
pub(super) fn sites(program: &Program) -> Vec<(String, &Site)> {
    let mut found = vec![(String::from("$"), program.root())];
    let mut i = 0;
    while i < found.len() {
        let (path, site) = (found[i].0.clone(), found[i].1);
        i += 1;
        for slot in site.shapes().flat_map(Shape::slots) {
            if let Some(inner) = slot.site() {
                let mut path = path.clone();
                let _ = path::write_key(&mut path, &slot.name());
                found.push((path, inner));
            }
        }
        if let Some(element) = site.element() {
            found.push((path + "[*]", element));
        }
    }
    found
}

/// Why guesses failed at a site, and how often each.
fn reasons(site: &Site) -> [(&'static str, u64); 8] {
    let counts = &site.counts;
    [
        ("unknown shape", counts.unshaped.get()),
        ("unknown key", counts.unknown.get()),
        ("key in another order", counts.reordered.get()),
        ("equal key, another object", counts.equal.get()),
        ("guessed wrong before", counts.general.get()),
        ("no table of str keys", counts.tableless.get()),
        ("more keys than a shape has", counts.wide.get()),
        ("Python code ran", counts.interrupted.get()),
    ]
}

/// About how many bytes a program with these sites holds, its keys not counted.
pub(super) fn bytes(sites: &[(String, &Site)]) -> usize {
    let shapes = |(_, site): &(String, &Site)| site.shapes().map(Shape::bytes).sum::<usize>();
    size_of::<Program>() + sites.len() * size_of::<Site>() + sites.iter().map(shapes).sum::<usize>()
}

/// The places of a program as Python's CachedExplanation shows them, each before those below it.
pub(super) fn nodes<'py>(py: Python<'py>, program: &Program) -> PyResult<Bound<'py, PyList>> {
    let out = PyList::empty(py);
    let mut todo = vec![(program.root(), String::from("$"), None::<usize>, None::<usize>, 0)];
    while let Some((site, path, parent, shape, depth)) = todo.pop() {
        let id = out.len();
        let node = PyDict::new(py);
        node.set_item("id", id)?;
        node.set_item("parent", parent)?;
        node.set_item("depth", depth)?;
        node.set_item("path", &path)?;
        node.set_item("shape", shape)?;
        describe(&node, site)?;
        out.append(node)?;
        let inner = todo.len();
        for (i, shape) in site.shapes().enumerate() {
            for (slot, below) in shape.slots().iter().filter_map(|slot| Some((slot, slot.site()?))) {
                let mut path = path.clone();
                let _ = path::write_key(&mut path, &slot.name());
                todo.push((below, path, Some(id), Some(i), depth + 1));
            }
        }
        if let Some(element) = site.element() {
            todo.push((element, path + "[*]", Some(id), None, depth + 1));
        }
        todo[inner..].reverse();
    }
    Ok(out)
}

/// What is known of the dicts at a site.
fn describe(node: &Bound<'_, PyDict>, site: &Site) -> PyResult<()> {
    let py = node.py();
    node.set_item("dicts", site.rows())?;
    node.set_item("hits", site.hits())?;
    node.set_item("instances", site.counts.instances.get())?;
    let state = match (site.is_as_good_as_general(), site.is_full()) {
        (true, _) => "general",
        (false, true) => "full",
        (false, false) => "open",
    };
    node.set_item("state", state)?;
    let shapes = site.shapes().map(|shape| {
        let out = PyDict::new(py);
        out.set_item("dicts", shape.hits.get() + shape.others.get())?;
        out.set_item("guard", GUARD)?;
        let keys = shape.slots().iter().map(|slot| {
            let out = PyDict::new(py);
            out.set_item("key", slot.name())?;
            out.set_item("fragment", String::from_utf8_lossy(slot.fragment.bytes()))?;
            out.set_item("kernel", kernel(slot.sample))?;
            Ok::<_, PyErr>(out)
        });
        out.set_item("keys", PyList::new(py, keys.collect::<PyResult<Vec<_>>>()?)?)?;
        Ok::<_, PyErr>(out)
    });
    node.set_item("shapes", PyList::new(py, shapes.collect::<PyResult<Vec<_>>>()?)?)?;
    node.set_item("deopts", deopts(py, site)?)?;
    node.set_item("refused", site.refused.get())
}

/// What is compared before a fragment is written.
const GUARD: &str = "a table of str keys; each key by address, then by what it says";

/// What a value like the sample is written by.
const fn kernel(sample: Sample) -> &'static str {
    match sample {
        Sample::Literal => "literal",
        Sample::Int => "int",
        Sample::Float => "float",
        Sample::Text => "str",
        Sample::Array => "array",
        Sample::Object => "object",
        Sample::Other => "general",
    }
}

/// A value that makes the same sample.
fn value_like(py: Python<'_>, sample: Sample) -> Bound<'_, PyAny> {
    match sample {
        Sample::Literal => py.None().into_bound(py),
        Sample::Int => PyInt::new(py, 0).into_any(),
        Sample::Float => PyFloat::new(py, 0.0).into_any(),
        Sample::Text => PyString::new(py, "").into_any(),
        Sample::Array => PyList::empty(py).into_any(),
        Sample::Object => PyDict::new(py).into_any(),
        Sample::Other => py.Ellipsis().into_bound(py),
    }
}

/// How often which guesses failed at a site; empty if none did.
pub(super) fn deopts<'py>(py: Python<'py>, site: &Site) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    for (reason, n) in reasons(site).into_iter().filter(|(_, n)| *n > 0) {
        out.set_item(reason, n)?;
    }
    Ok(out)
}

/// Documents that have the shapes of a site between them.
pub(super) fn examples<'py>(py: Python<'py>, site: &Site) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let mut found = Vec::new();
    for shape in site.shapes() {
        let values = shape
            .slots()
            .iter()
            .map(|slot| slot.site().map_or_else(|| Ok(Vec::new()), |site| examples(py, site)))
            .collect::<PyResult<Vec<_>>>()?;
        // As many dicts as its busiest slot has examples.
        for i in 0..values.iter().map(Vec::len).max().unwrap_or(0).max(1) {
            let dict = PyDict::new(py);
            for (slot, values) in shape.slots().iter().zip(&values) {
                match values.get(i).or(values.last()) {
                    Some(value) => dict.set_item(slot.name(), value)?,
                    None => dict.set_item(slot.name(), value_like(py, slot.sample))?,
                }
            }
            found.push(dict.into_any());
        }
    }
    if let Some(element) = site.element() {
        let list = PyList::new(py, examples(py, element)?)?;
        if !list.is_empty() {
            found.push(list.into_any());
        }
    }
    Ok(found)
}
