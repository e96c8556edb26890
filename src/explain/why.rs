//! Why a fast way was not taken: the reasons that the numbers of a node give.

use super::explained::Explained;
use super::print::{grouped, share};
use super::shape::{Arrays, Kind, Miss, Node, Objects, Place, Shape};
use crate::fragment;
use crate::plan::Thresholds;

/// Something that was not taken, or that costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// A word for programs.
    pub code: &'static str,
    /// A sentence for people.
    pub text: String,
    /// Values that it is about.
    pub count: usize,
    /// Whether a lane is what was missed.
    pub lane: bool,
}

/// From which share of a place's strings on their storage is worth a word.
const NOTABLE: usize = 100;

impl Explained {
    /// The reasons at a node, those about lanes first.
    #[must_use]
    pub fn reasons(&self, at: u32) -> Vec<Reason> {
        let node = &self.nodes[at as usize];
        let mut out = Vec::new();
        if let Some(arrays) = &node.arrays {
            let elements = arrays.node.map(|e| &self.nodes[e as usize]);
            missed_lanes(arrays, node.tally(Kind::Array).count, elements, &self.totals.thresholds, &mut out);
            if let Some(elements) = elements.filter(|e| !e.has_containers()) {
                values(elements, &mut out);
            }
        }
        if let Some(objects) = &node.objects {
            shapes(objects, node.tally(Kind::Object).count, &mut out);
        }
        if let Place::Member(key) = &node.place {
            unknown_key(key, node.count(), &mut out);
        }
        values(node, &mut out);
        out
    }
}

fn missed_lanes(
    arrays: &Arrays,
    all: usize,
    elements: Option<&Node>,
    thresholds: &Thresholds,
    out: &mut Vec<Reason>,
) {
    for (miss, missed) in Miss::ALL.into_iter().zip(&arrays.missed).filter(|(_, m)| m.arrays > 0) {
        let what = match miss {
            Miss::Mixed => mixed(&missed.first, all),
            Miss::Short => below(elements, thresholds),
            Miss::Unsigned => String::from("integers beyond 63 bits interrupt lanes"),
            Miss::Strict => String::from("OPT_STRICT_INTEGER checks integers one by one"),
            Miss::Single => String::from("told one by one, as instances of subclasses are"),
        };
        let many = match all {
            1 => String::new(),
            _ if missed.arrays == all => format!(" (all {} arrays)", grouped(all)),
            _ => format!(" ({} of {} arrays)", grouped(missed.arrays), grouped(all)),
        };
        out.push(Reason { code: miss.code(), text: what + &many, count: missed.elements, lane: true });
    }
}

/// With the place of the first where there are many.
fn mixed(first: &str, all: usize) -> String {
    let alone = first.rsplit_once(": ").map_or(first, |(_, what)| what);
    format!("mixed: {}", if all == 1 { alone } else { first })
}

fn below(elements: Option<&Node>, thresholds: &Thresholds) -> String {
    let kinds = elements.map(Node::present).unwrap_or_default();
    let mut of: Vec<_> =
        kinds.into_iter().filter(|kind| kind.has_lanes()).map(|kind| threshold(kind, thresholds)).collect();
    of.sort_unstable();
    of.dedup();
    let of: Vec<_> = of.iter().map(ToString::to_string).collect();
    format!("below threshold {}", of.join(" or "))
}

const fn threshold(kind: Kind, thresholds: &Thresholds) -> usize {
    match kind {
        Kind::Int => thresholds.int,
        Kind::Float => thresholds.float,
        Kind::Bool => thresholds.bool,
        _ => thresholds.text,
    }
}

fn shapes(objects: &Objects, all: usize, out: &mut Vec<Reason>) {
    let Some((row, others)) = objects.shapes.split_first() else { return };
    let (order, keys): (Vec<&Shape>, Vec<&Shape>) = others.iter().partition(|shape| shape.set == row.set);
    let at = |first: &str| if first.is_empty() { String::new() } else { format!(", first at {first}") };
    if let Some(first) = order.first() {
        let count = order.iter().map(|shape| shape.count).sum();
        let text = format!("key order differs from row 0 in {}{}", share(count, all), at(&first.first));
        out.push(Reason { code: "key-order", text, count, lane: false });
    }
    if let Some(first) = keys.first() {
        let count = keys.iter().map(|shape| shape.count).sum::<usize>() + objects.others;
        let text = format!("keys differ from row 0 in {}{}", share(count, all), at(&first.first));
        out.push(Reason { code: "keys", text, count, lane: false });
    }
}

/// Finished fragments are kept of short keys only.
fn unknown_key(key: &str, count: usize, out: &mut Vec<Reason>) {
    if count > 1 && key.len() > fragment::LONGEST {
        let text = format!("key longer than {}: written anew each time", fragment::LONGEST);
        out.push(Reason { code: "key", text, count, lane: false });
    }
}

/// What makes the values of a place slower, or other than expected.
fn values(node: &Node, out: &mut Vec<Reason>) {
    let texts = node.tally(Kind::Text).count;
    let wide = texts - node.texts.widths[0].min(texts);
    if wide * NOTABLE > texts {
        let text = format!("non-ASCII in {}", percent(wide, texts));
        out.push(Reason { code: "non-ascii", text, count: wide, lane: false });
    }
    if node.texts.escaped * NOTABLE > texts {
        let text = format!("escapes in {}", percent(node.texts.escaped, texts));
        out.push(Reason { code: "escapes", text, count: node.texts.escaped, lane: false });
    }
    if node.lost > 0 {
        let text = format!("NaN or infinity written as null: {}", grouped(node.lost));
        out.push(Reason { code: "not-finite", text, count: node.lost, lane: false });
    }
}

/// A share of strings, in whole percent.
fn percent(part: usize, of: usize) -> String {
    match (part * 100 + of / 2) / of.max(1) {
        0 => String::from("less than 1 %"),
        100 if part < of => String::from("more than 99 %"),
        n => format!("{n} %"),
    }
}
