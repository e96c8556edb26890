//! From a plan to the tree: one step after the other, each with the bytes that it has become.
//!
//! `elements` knows the arrays, `members` the objects.

mod elements;
mod example;
mod members;

use self::elements::Elements;
use self::example::example;
use super::alike;
use super::explained::{Explained, Totals, write_place};
use super::shape::{Kind, Miss, Node, Place};
use super::tape::Tape;
use crate::emit::format::Format;
use crate::emit::kernel::Level;
use crate::options::Options;
use crate::plan::size::Size;
use crate::plan::{self, SegmentRef};
use crate::text::{Chars, Text, Width};
use crate::with_format;

/// No node.
const NONE: u32 = u32::MAX;

/// What is wanted beside the tree.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// For each step of the plan the number of the node that it belongs to.
    pub trace: bool,
    /// The first value of each place.
    pub values: bool,
}

/// Explains the plan that `segments` make up, and returns its trace if that is wanted; `None` if memory ran out. `L` must
/// be a level that the machine has.
pub fn explain<'p, L: Level>(
    segments: impl Iterator<Item = SegmentRef<'p>> + Clone,
    options: &Options,
    wanted: Wanted,
) -> Option<(Explained, Vec<u32>)> {
    with_format!(options.style(), format => follow::<L, _>(segments, options, wanted, format))
}

fn follow<'p, L: Level, F: Format + Copy>(
    segments: impl Iterator<Item = SegmentRef<'p>> + Clone,
    options: &Options,
    wanted: Wanted,
    format: F,
) -> Option<(Explained, Vec<u32>)> {
    let mut tree = Builder::new(options, wanted);
    let mut tape = Tape::default();
    let mut size = Size::default();
    let end = tape.steps::<L, F, true>(segments.clone(), format, |node, before, after| {
        size.add_node(node);
        tree.node(node, before, after);
    });
    tree.finish(end?);
    let totals = Totals {
        bytes: tree.nodes[0].bytes(),
        likely: size.likely,
        strict: size.strict,
        values: tree.values,
        lanes: tree.lanes,
        in_lanes: tree.in_lanes,
        lane_able: tree.in_lanes + tree.outside,
        missed: tree.missed,
        words: segments.clone().map(SegmentRef::words).sum(),
        segments: segments.clone().count(),
        memory: segments.map(SegmentRef::memory).sum(),
        thresholds: options.thresholds,
        indented: options.style().indent.is_some(),
    };
    let mut trace = tree.trace.unwrap_or_default();
    let nodes = alike::fold(tree.nodes, &mut trace);
    Some((Explained { nodes, totals, planning: None, times: None, stop: None }, trace))
}

/// An open container.
#[derive(Default)]
struct Frame {
    /// Its node.
    node: u32,
    is_array: bool,
    /// The node of the next value: of the elements, or of the member whose key was told.
    child: u32,
    /// The member that is expected next.
    next: u32,
    /// Where it begins, its key included.
    begin: usize,
    /// Where the member begins.
    key_begin: usize,
    /// Elements or members so far.
    count: usize,
    elements: Elements,
    sequence: u64,
    set: u64,
}

struct Builder<'o> {
    nodes: Vec<Node>,
    /// The open containers. The first is none: the document is as a member of it. What has been closed stays until
    /// its place is needed, because it is slow to read as a whole what has just been written field by field.
    frames: Vec<Frame>,
    /// Which of them is the innermost.
    top: usize,
    /// Texts of the present lane that are still to come.
    texts: usize,
    /// The kind of the lane that the plan's last step belongs to.
    lane: Option<Kind>,
    options: &'o Options,
    compact: bool,
    trace: Option<Vec<u32>>,
    values_wanted: bool,
    values: usize,
    lanes: usize,
    in_lanes: usize,
    outside: usize,
    missed: [usize; Miss::COUNT],
}

impl<'o> Builder<'o> {
    fn new(options: &'o Options, wanted: Wanted) -> Self {
        Self {
            nodes: vec![Node::new(0, Place::Root, 0)],
            frames: vec![Frame::default()],
            top: 0,
            texts: 0,
            lane: None,
            options,
            compact: options.is_compact(),
            trace: wanted.trace.then(Vec::new),
            values_wanted: wanted.values,
            values: 0,
            lanes: 0,
            in_lanes: 0,
            outside: 0,
            missed: [0; Miss::COUNT],
        }
    }

    #[inline(always)]
    fn node(&mut self, node: plan::Node<'_>, before: usize, after: usize) {
        let at = match node {
            plan::Node::Null => self.scalar(Kind::Null, before, after),
            plan::Node::Bool(_) => self.scalar(Kind::Bool, before, after),
            plan::Node::Int(v) => {
                let at = self.scalar(Kind::Int, before, after);
                let ints = &mut self.nodes[at as usize].ints;
                ints.largest = ints.largest.max(v.unsigned_abs());
                at
            }
            plan::Node::Uint(v) => self.unsigned(v, before, after),
            plan::Node::Float(v) => {
                let at = self.scalar(Kind::Float, before, after);
                self.nodes[at as usize].lost += usize::from(!v.is_finite());
                at
            }
            plan::Node::Clean(t) => self.text(t.text(), false, before, after),
            plan::Node::Plain(s) => self.text(Text::ascii(s), false, before, after),
            plan::Node::Text(t) => self.text(t, false, before, after),
            plan::Node::HeldText(h) => self.text(h.text(), true, before, after),
            plan::Node::Raw(_) | plan::Node::HeldRaw(_) => self.scalar(Kind::Raw, before, after),
            plan::Node::CleanKey(t) => self.key(t.text(), before),
            plan::Node::Key(t) => self.key(t, before),
            plan::Node::HeldKey(h) => self.key(h.text(), before),
            // Only plans that pass have such, and they cannot be looked at.
            plan::Node::KnownKey(..) | plan::Node::FinishedKey(_) => 0,
            plan::Node::EmptyArray | plan::Node::EmptyObject => 0,
            plan::Node::OpenArray(_) => self.open(true, before),
            plan::Node::OpenObject(_) => self.open(false, before),
            plan::Node::CloseArray | plan::Node::CloseObject => self.close(after),
            plan::Node::Ints(run) => {
                let at = self.lane(Kind::Int, run.len(), after - before);
                let ints = &mut self.nodes[at as usize].ints;
                ints.largest = run.iter().fold(ints.largest, |most, v| most.max(v.unsigned_abs()));
                at
            }
            plan::Node::Floats(run) => {
                let at = self.lane(Kind::Float, run.len(), after - before);
                self.nodes[at as usize].lost += run.iter().filter(|v| !v.is_finite()).count();
                at
            }
            plan::Node::Bools(_, n) => self.lane(Kind::Bool, n, after - before),
            plan::Node::Rows(run, width) => self.rows(run, width, before, after),
            plan::Node::Texts(n) => {
                self.texts = n;
                self.lane(Kind::Text, n, 0)
            }
        };
        if let Some(trace) = &mut self.trace {
            trace.push(at);
        }
        if self.values_wanted && self.nodes[at as usize].example.is_none() {
            self.nodes[at as usize].example = example(node);
        }
    }

    /// The node of a value that comes now, and where it begins. An element is counted.
    #[inline(always)]
    fn slot(&mut self, kind: Kind, before: usize) -> (u32, usize) {
        let top = &mut self.frames[self.top];
        if !top.is_array {
            return (top.child, top.key_begin);
        }
        top.elements.meet(kind, top.count);
        top.count += 1;
        top.elements.outside += usize::from(kind.has_lanes());
        (if top.child == NONE { self.elements_node() } else { top.child }, before)
    }

    #[inline]
    fn scalar(&mut self, kind: Kind, before: usize, after: usize) -> u32 {
        let (at, begin) = self.slot(kind, before);
        self.nodes[at as usize].kinds[kind as usize].add(1, after - begin);
        self.values += 1;
        self.lane = None;
        at
    }

    fn unsigned(&mut self, v: u64, before: usize, after: usize) -> u32 {
        let at = self.scalar(Kind::Int, before, after);
        let ints = &mut self.nodes[at as usize].ints;
        ints.largest = ints.largest.max(v);
        ints.unsigned += 1;
        self.frames[self.top].elements.unsigned = true;
        at
    }

    #[inline]
    fn text(&mut self, t: Text<'_>, held: bool, before: usize, after: usize) -> u32 {
        let at = if self.texts > 0 {
            self.texts -= 1;
            let at = self.frames[self.top].child;
            self.nodes[at as usize].kinds[Kind::Text as usize].bytes += after - before;
            at
        } else {
            self.scalar(Kind::Text, before, after)
        };
        // The public layout does not tell ASCII from Latin-1.
        let width = match t.chars() {
            Chars::Latin1(s) if s.is_ascii() => Width::Ascii,
            _ => t.width(),
        };
        let texts = &mut self.nodes[at as usize].texts;
        texts.widths[width as usize] += 1;
        texts.held += usize::from(held);
        // Quotes and the comma are what else there is.
        let plain = width != Width::Ascii || after - before == t.len() + 3;
        texts.escaped += usize::from(self.compact && !plain);
        at
    }

    /// `n` elements in a lane.
    fn lane(&mut self, kind: Kind, n: usize, bytes: usize) -> u32 {
        let top = &mut self.frames[self.top];
        top.elements.meet(kind, top.count);
        top.elements.in_lanes += n;
        top.count += n;
        let node = top.node as usize;
        let at = if top.child == NONE { self.elements_node() } else { top.child };
        self.nodes[at as usize].kinds[kind as usize].add(n, bytes);
        self.nodes[node].arrays.get_or_insert_default().lanes[kind as usize] += n;
        self.values += n;
        // A long run is several steps of a plan.
        self.lanes += usize::from(self.lane != Some(kind));
        self.lane = Some(kind);
        at
    }

    /// The node of the elements of the innermost array.
    #[cold]
    fn elements_node(&mut self) -> u32 {
        let node = self.frames[self.top].node;
        let fresh = self.nodes.len() as u32;
        let arrays = self.nodes[node as usize].arrays.get_or_insert_default();
        let at = *arrays.node.get_or_insert(fresh);
        if at == fresh {
            self.nodes.push(Node::new(node, Place::Elements, 0));
        }
        self.frames[self.top].child = at;
        at
    }

    fn open(&mut self, is_array: bool, before: usize) -> u32 {
        let kind = if is_array { Kind::Array } else { Kind::Object };
        let (node, begin) = self.slot(kind, before);
        self.lane = None;
        let child = match &self.nodes[node as usize].arrays {
            Some(arrays) if is_array => arrays.node.unwrap_or(NONE),
            _ => NONE,
        };
        let inner = Frame { node, is_array, child, begin, key_begin: before, ..Frame::default() };
        self.top += 1;
        match self.frames.get_mut(self.top) {
            Some(place) => *place = inner,
            None => self.frames.push(inner),
        }
        node
    }

    fn close(&mut self, after: usize) -> u32 {
        let Some(outer) = self.top.checked_sub(1) else { return 0 };
        self.top = outer;
        self.lane = None;
        self.values += 1;
        let Frame { node, is_array, begin, .. } = self.frames[outer + 1];
        let kind = if is_array { Kind::Array } else { Kind::Object };
        self.nodes[node as usize].kinds[kind as usize].add(1, after - begin);
        if is_array {
            self.close_array(outer + 1)
        } else {
            self.close_object(outer + 1)
        }
        node
    }

    /// The document is told, or has ended early.
    fn finish(&mut self, after: usize) {
        while self.top > 0 {
            self.close(after);
        }
        // The document's comma is taken back.
        if let Some(tally) = self.nodes[0].kinds.iter_mut().find(|tally| tally.bytes > 0) {
            tally.bytes -= 1;
        }
    }

    /// The path, with every index, of the container that has just been closed.
    #[cold]
    fn way(&self) -> String {
        let mut out = String::from("$");
        for frame in &self.frames[..=self.top] {
            if frame.is_array {
                out.push_str(&format!("[{}]", frame.count.saturating_sub(1)));
            } else if frame.child != NONE {
                write_place(&mut out, &self.nodes[frame.child as usize].place);
            }
        }
        out
    }
}
