//! What is known of a whole document: totals, times, and the tree with its paths.

use super::measure::Times;
use super::shape::{Miss, Node, Place};
use crate::path;
use crate::plan::Thresholds;

/// What is known of the whole.
#[derive(Clone, Copy, Debug)]
pub struct Totals {
    /// Size of the result.
    pub bytes: usize,
    /// What was expected of the size.
    pub likely: usize,
    /// What the size cannot exceed in compact form.
    pub strict: usize,
    /// Values, containers among them.
    pub values: usize,
    /// Lanes.
    pub lanes: usize,
    /// Elements in lanes.
    pub in_lanes: usize,
    /// Elements that could be in lanes, and those that are.
    pub lane_able: usize,
    /// Elements outside of lanes, by [`Miss`].
    pub missed: [usize; Miss::COUNT],
    /// Words of the plan.
    pub words: usize,
    /// Its segments.
    pub segments: usize,
    /// Bytes of memory that words and held texts take.
    pub memory: usize,
    /// The thresholds that it was made with.
    pub thresholds: Thresholds,
    /// Whether the result is indented.
    pub indented: bool,
}

/// Where a walk ended early.
#[derive(Clone, Debug)]
pub struct Stop {
    /// The place, as JSONPath.
    pub path: String,
    /// What was met there.
    pub message: String,
}

/// A plan to look at.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The tree; the first node is the document's, and every node stands behind its parent.
    pub nodes: Vec<Node>,
    /// The whole.
    pub totals: Totals,
    /// Nanoseconds that planning took, if that is known.
    pub planning: Option<u64>,
    /// What was measured.
    pub times: Option<Times>,
    /// Where the object could not be serialised.
    pub stop: Option<Stop>,
}

impl Explained {
    /// The path of a node as JSONPath writes it, with `[*]` and `.*` for what is folded.
    #[must_use]
    pub fn path(&self, mut at: u32) -> String {
        let mut way = Vec::new();
        while let node = &self.nodes[at as usize]
            && node.place != Place::Root
        {
            way.push(&node.place);
            at = node.parent;
        }
        let mut out = String::from("$");
        for place in way.into_iter().rev() {
            write_place(&mut out, place);
        }
        out
    }

    /// The nodes right below `at` that are shown: elements without anything inside are told with their array.
    #[must_use]
    pub fn below(&self, at: u32) -> Vec<u32> {
        let node = &self.nodes[at as usize];
        let mut below = Vec::new();
        if let Some(objects) = &node.objects {
            below.extend(objects.members.iter().chain(&objects.rest));
        }
        below.extend(self.elements(at).filter(|&e| self.nodes[e as usize].has_containers()));
        below
    }

    /// The node of the elements of the arrays at `at`.
    pub(super) fn elements(&self, at: u32) -> impl Iterator<Item = u32> + '_ {
        self.nodes[at as usize].arrays.iter().filter_map(|arrays| arrays.node)
    }
}

pub(super) fn write_place(out: &mut String, place: &Place) {
    match place {
        Place::Root => {}
        Place::Member(key) => {
            let written = path::write_key(out, key);
            debug_assert!(written.is_ok(), "a String takes everything");
        }
        Place::Members => out.push_str(".*"),
        Place::Elements => out.push_str("[*]"),
    }
}
