//! What a cached plan knows, to be looked at: as text, numbers, and examples of the same shapes.

use std::fmt::Write;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::cpython::{Program, Shape, Site, Slot};
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
pub(super) fn reasons(site: &Site) -> [(&'static str, u64); 6] {
    let counts = &site.counts;
    [
        ("unknown shape", counts.unshaped.get()),
        ("unknown key", counts.unknown.get()),
        ("key in another order", counts.reordered.get()),
        ("equal key, another object", counts.equal.get()),
        ("no table of str keys", counts.tableless.get()),
        ("Python code ran", counts.interrupted.get()),
    ]
}

/// About how many bytes a program holds, its keys not counted.
pub(super) fn bytes(program: &Program, sites: &[(String, &Site)]) -> usize {
    size_of::<Program>() + sites.len() * size_of::<Site>() + program.slots() * size_of::<Slot>()
}

/// A program as text.
pub(super) fn explain(program: &Program) -> String {
    let sites = sites(program);
    let sum = |of: fn(&Site) -> u64| sites.iter().map(|(_, site)| of(site)).sum::<u64>();
    let (rows, hits) = (sum(|site| site.counts.rows.get()), sum(|site| site.counts.hits.get()));
    let shapes: usize = sites.iter().map(|(_, site)| site.shapes().count()).sum();
    let mut text = format!(
        "cached plan: {shapes} shapes, {} keys, about {} bytes; {} calls, {rows} dicts, {} as guessed\n",
        program.slots(),
        bytes(program, &sites),
        program.calls.get(),
        share(hits, rows),
    );
    let learning = if program.learns() { "learns shapes that come twice in turn" } else { "learns nothing" };
    let _ = writeln!(text, "             {learning}");
    for (path, site) in
        sites.iter().filter(|(_, site)| site.shapes().next().is_some() || site.counts.rows.get() > 0)
    {
        explain_site(&mut text, path, site);
    }
    text
}

fn explain_site(text: &mut String, path: &str, site: &Site) {
    let rows = site.counts.rows.get();
    let _ = write!(text, "{path}  object, {rows} met, {} as guessed", share(site.counts.hits.get(), rows));
    let state = match (site.is_general(), site.is_full()) {
        (true, _) => "; general: guesses no more",
        (false, true) => "; full: learns no more",
        (false, false) => "",
    };
    let _ = writeln!(text, "{state}");
    for (i, shape) in site.shapes().enumerate() {
        explain_shape(text, i, shape);
    }
    for (reason, n) in reasons(site).into_iter().filter(|(_, n)| *n > 0) {
        let _ = writeln!(text, "  deopt  {reason}: {n}");
    }
    if site.refused.get() > 0 {
        let _ = writeln!(text, "  refused  {} shapes that did not come again", site.refused.get());
    }
}

fn explain_shape(text: &mut String, i: usize, shape: &Shape) {
    /// Fragments that a line shows.
    const SHOWN: usize = 12;
    let slots = shape.slots();
    let _ = writeln!(text, "  shape {}: {} keys, {} dicts", i + 1, slots.len(), shape.rows.get());
    let _ = writeln!(text, "    guard  a table of str keys; each key by address, then by what it says");
    let _ = write!(text, "    write ");
    for slot in slots.iter().take(SHOWN) {
        let _ = write!(text, " {}", String::from_utf8_lossy(slot.fragment.bytes()));
    }
    if slots.len() > SHOWN {
        let _ = write!(text, " and {} more", slots.len() - SHOWN);
    }
    text.push('\n');
}

fn share(part: u64, whole: u64) -> String {
    if whole == 0 { String::from("none") } else { format!("{:.1} %", part as f64 * 100.0 / whole as f64) }
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
                dict.set_item(slot.name(), values.get(i).or(values.last()))?;
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
