//! What a cached plan knows, to be looked at: as numbers, places, and examples of the same shapes.

use std::collections::HashMap;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyInt, PyList, PyString};

use crate::cpython::{Program, SAMPLE, Sample, Shape, Site, Slot};
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

/// Why guesses fail.
const REASONS: [&str; 8] = [
    "unknown shape",
    "unknown key",
    "key in another order",
    "equal key, another object",
    "guessed wrong before",
    "no table of str keys",
    "more keys than a shape has",
    "Python code changed the dict",
];

/// How often each was the reason at a site.
fn failures(site: &Site) -> [u64; REASONS.len()] {
    let counts = &site.counts;
    [
        counts.unshaped.get(),
        counts.unknown.get(),
        counts.reordered.get(),
        counts.equal.get(),
        counts.general.get(),
        counts.tableless.get(),
        counts.wide.get(),
        counts.interrupted.get(),
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
    node.set_item("deopts", named(py, failures(site))?)?;
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

/// Each reason and how often it was one; empty if none was.
fn named(py: Python<'_>, failures: [u64; REASONS.len()]) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    for (reason, n) in REASONS.into_iter().zip(failures).filter(|(_, n)| *n > 0) {
        out.set_item(reason, n)?;
    }
    Ok(out)
}

/// How often which guesses failed at each place where some did. The same place in several shapes counts as one.
pub(super) fn deopts<'py>(py: Python<'py>, sites: &[(String, &Site)]) -> PyResult<Bound<'py, PyDict>> {
    let (mut places, mut known) = (Vec::new(), HashMap::new());
    for (path, site) in sites {
        let at = *known.entry(path).or_insert(places.len());
        if at == places.len() {
            places.push((path, [0; REASONS.len()]));
        }
        places[at].1.iter_mut().zip(failures(site)).for_each(|(sum, n)| *sum += n);
    }
    let out = PyDict::new(py);
    for (path, failures) in places.into_iter().filter(|(_, failures)| failures.iter().any(|&n| n > 0)) {
        out.set_item(path, named(py, failures)?)?;
    }
    Ok(out)
}

/// Documents that have the shapes of a site between them, and lists no longer than what compile() looks at.
pub(super) fn examples<'py>(py: Python<'py>, site: &Site) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let mut found = Vec::new();
    for shape in site.shapes() {
        let values = shape.slots().iter().map(|slot| values(py, slot)).collect::<PyResult<Vec<_>>>()?;
        // As many dicts as its busiest slot has examples.
        for i in 0..values.iter().map(Vec::len).max().unwrap_or(0) {
            let dict = PyDict::new(py);
            for (slot, values) in shape.slots().iter().zip(&values) {
                dict.set_item(slot.name(), values.get(i).or(values.last()))?;
            }
            found.push(dict.into_any());
        }
    }
    if let Some(element) = site.element() {
        for some in examples(py, element)?.chunks(SAMPLE) {
            found.push(PyList::new(py, some)?.into_any());
        }
    }
    Ok(found)
}

/// Values of a slot that have the shapes of its site between them; the first is such as its sample was.
fn values<'py>(py: Python<'py>, slot: &Slot) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let mut values = slot.site().map_or_else(|| Ok(Vec::new()), |site| examples(py, site))?;
    let is_like_the_sample = |value: &Bound<'_, PyAny>| match slot.sample {
        Sample::Array => value.is_instance_of::<PyList>(),
        Sample::Object => value.is_instance_of::<PyDict>(),
        _ => false,
    };
    match values.iter().position(is_like_the_sample) {
        // The others stay in their order: a shape that another covers is only learnt before it.
        Some(first) => values[..=first].rotate_right(1),
        None => values.insert(0, value_like(py, slot.sample)),
    }
    Ok(values)
}
