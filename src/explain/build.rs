//! From a plan to the tree.

use std::borrow::Cow;
use std::collections::HashMap;

use super::alike;
use super::shape::{Arrays, Explained, Kind, Miss, Node, Place, SHAPES, Shape, Totals, write_place};
use super::tape::Tape;
use crate::emit::format::Format;
use crate::emit::kernel::Level;
use crate::options::{Options, flag};
use crate::plan::size::Size;
use crate::plan::{self, SegmentRef};
use crate::text::{Chars, Text, Width};
use crate::with_format;

/// Members of one object that are told apart; further ones are folded.
const MEMBERS: usize = 1000;

/// Nodes of a tree; no members are told apart beyond that.
const NODES: usize = 400_000;

/// Members from which on a key is looked up in a table.
const MANY: usize = 8;

/// Members that are tried before a key is looked for among all.
const AHEAD: usize = 4;

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

/// Explains the plan that `segments` make up, and returns its trace if that is wanted. `L` must be a level that the
/// machine has.
pub fn explain<'p, L: Level>(
    segments: impl Iterator<Item = SegmentRef<'p>> + Clone,
    options: &Options,
    wanted: Wanted,
) -> (Explained, Vec<u32>) {
    with_format!(options.style(), format => follow::<L, _>(segments, options, wanted, format))
}

fn follow<'p, L: Level, F: Format + Copy>(
    segments: impl Iterator<Item = SegmentRef<'p>> + Clone,
    options: &Options,
    wanted: Wanted,
    format: F,
) -> (Explained, Vec<u32>) {
    let mut tree = Builder::new(options, wanted);
    let mut tape = Tape::default();
    let mut size = Size::default();
    let end = tape.steps::<L, F>(segments.clone(), format, |node, before, after| {
        size.add_node(node);
        tree.node(node, before, after);
    });
    tree.finish(end);
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
    (Explained { nodes, totals, planning: None, times: None, stop: None }, trace)
}

/// An open container.
struct Frame {
    /// Its node.
    node: u32,
    is_array: bool,
    /// Where it begins, its key included.
    begin: usize,
    /// Elements or members so far.
    count: usize,
    /// The node of the next value: of the elements, or of the member whose key was told.
    child: u32,
    /// Where the member begins.
    key_begin: usize,
    elements: Elements,
    /// The member that is expected next.
    next: usize,
    sequence: u64,
    set: u64,
}

/// What is known of an array's elements so far.
#[derive(Clone, Copy, Default)]
struct Elements {
    first: Option<Kind>,
    /// Where the first of another kind is, and its kind.
    change: Option<(usize, Kind)>,
    in_lanes: usize,
    /// Outside of lanes, and of a kind that has lanes.
    outside: usize,
    unsigned: bool,
}

struct Builder<'o> {
    nodes: Vec<Node>,
    frames: Vec<Frame>,
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
            frames: Vec::new(),
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

    #[inline]
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
            // Only plans that pass have known keys, and they cannot be looked at.
            plan::Node::KnownKey(..) | plan::Node::FinishedKey(_) => 0,
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
        let Some(frame) = self.frames.last_mut() else { return (0, before) };
        if !frame.is_array {
            return (frame.child, frame.key_begin);
        }
        frame.elements.meet(kind, frame.count);
        frame.count += 1;
        frame.elements.outside += usize::from(kind.has_lanes());
        (if frame.child == NONE { self.elements_node() } else { frame.child }, before)
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
        if let Some(frame) = self.frames.last_mut() {
            frame.elements.unsigned = true;
        }
        at
    }

    #[inline]
    fn text(&mut self, t: Text<'_>, held: bool, before: usize, after: usize) -> u32 {
        let at = if self.texts > 0 {
            self.texts -= 1;
            let at = self.frames.last().map_or(0, |frame| frame.child);
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
        let Some(frame) = self.frames.last_mut() else { return 0 };
        frame.elements.meet(kind, frame.count);
        frame.elements.in_lanes += n;
        frame.count += n;
        let node = frame.node as usize;
        let at = if frame.child == NONE { self.elements_node() } else { frame.child };
        self.nodes[at as usize].kinds[kind as usize].add(n, bytes);
        self.nodes[node].arrays.get_or_insert_default().lanes[kind as usize] += n;
        self.values += n;
        // A long run is several steps of a plan.
        self.lanes += usize::from(self.lane != Some(kind));
        self.lane = Some(kind);
        at
    }

    /// Arrays of `width` doubles, which are one lane of the plan. That they have the same size is as good as it gets.
    fn rows(&mut self, run: &[f64], width: usize, before: usize, after: usize) -> u32 {
        /// The opening bracket and the comma behind a row; the closing one is in the place of a comma.
        const AROUND: usize = 2;
        let (rows, lanes) = (run.len() / width, self.lanes + usize::from(self.lane != Some(Kind::Array)));
        let end_of = |i: usize| before + (after - before) * i / rows;
        let mut at = 0;
        for (i, row) in run.chunks_exact(width).enumerate() {
            self.open(true, end_of(i));
            at = self.lane(Kind::Float, width, (end_of(i + 1) - end_of(i)).saturating_sub(AROUND));
            self.nodes[at as usize].lost += row.iter().filter(|v| !v.is_finite()).count();
            self.close(end_of(i + 1));
        }
        // A long run is several steps of a plan.
        (self.lanes, self.lane) = (lanes, Some(Kind::Array));
        at
    }

    /// The node of the elements of the innermost array.
    #[cold]
    fn elements_node(&mut self) -> u32 {
        let node = self.frames.last().map_or(0, |frame| frame.node);
        let fresh = self.nodes.len() as u32;
        let arrays = self.nodes[node as usize].arrays.get_or_insert_default();
        let at = *arrays.node.get_or_insert(fresh);
        if at == fresh {
            self.nodes.push(Node::new(node, Place::Elements, 0));
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.child = at;
        }
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
        self.frames.push(Frame {
            node,
            is_array,
            begin,
            count: 0,
            child,
            key_begin: before,
            elements: Elements::default(),
            next: 0,
            sequence: 0,
            set: 0,
        });
        node
    }

    fn close(&mut self, after: usize) -> u32 {
        let Some(frame) = self.frames.pop() else { return 0 };
        self.lane = None;
        self.values += 1;
        let kind = if frame.is_array { Kind::Array } else { Kind::Object };
        self.nodes[frame.node as usize].kinds[kind as usize].add(1, after - frame.begin);
        if frame.is_array {
            self.close_array(&frame)
        } else {
            self.close_object(&frame)
        }
        frame.node
    }

    /// The document is told, or has ended early.
    fn finish(&mut self, after: usize) {
        while !self.frames.is_empty() {
            self.close(after);
        }
        // The document's comma is taken back.
        if let Some(tally) = self.nodes[0].kinds.iter_mut().find(|tally| tally.bytes > 0) {
            tally.bytes -= 1;
        }
    }

    fn close_array(&mut self, frame: &Frame) {
        let Elements { in_lanes, outside, .. } = frame.elements;
        self.in_lanes += in_lanes;
        self.outside += outside;
        let node = &mut self.nodes[frame.node as usize];
        let arrays = node.arrays.get_or_insert_default();
        let is_first = node.kinds[Kind::Array as usize].count == 1;
        arrays.meet(frame.count, in_lanes, is_first);
        if outside == 0 {
            return;
        }
        let miss = frame.elements.miss(frame.count, self.options);
        self.missed[miss as usize] += outside;
        let missed = &mut arrays.missed[miss as usize];
        missed.arrays += 1;
        missed.elements += outside;
        if missed.arrays == 1 {
            self.tell_first(frame, miss);
        }
    }

    /// Only the first array that missed a lane for this reason is worth a text.
    #[cold]
    fn tell_first(&mut self, frame: &Frame, miss: Miss) {
        let told = frame.elements.told(&self.way());
        if let Some(arrays) = &mut self.nodes[frame.node as usize].arrays {
            arrays.missed[miss as usize].first = told;
        }
    }

    fn close_object(&mut self, frame: &Frame) {
        let objects = self.nodes[frame.node as usize].objects.get_or_insert_default();
        let same = |shape: &Shape| shape.is(frame.sequence, frame.set);
        if objects.shapes.get(objects.last).is_some_and(same) {
            objects.shapes[objects.last].count += 1;
        } else if let Some(at) = objects.shapes.iter().position(same) {
            objects.shapes[at].count += 1;
            objects.last = at;
        } else if objects.shapes.len() == SHAPES {
            objects.others += 1;
        } else {
            objects.last = objects.shapes.len();
            let first = if objects.shapes.is_empty() { String::new() } else { self.way() };
            let shape = Shape { sequence: frame.sequence, set: frame.set, count: 1, first };
            if let Some(objects) = &mut self.nodes[frame.node as usize].objects {
                objects.shapes.push(shape);
            }
        }
    }

    #[inline]
    fn key(&mut self, t: Text<'_>, before: usize) -> u32 {
        let Some(frame) = self.frames.last_mut() else { return 0 };
        frame.count += 1;
        frame.key_begin = before;
        let (node, next) = (frame.node, frame.next);
        let expected = match &self.nodes[node as usize].objects {
            Some(objects) => objects.members.get(next..).unwrap_or_default(),
            None => &[],
        };
        // Most keys come in the order of the objects before, but for some that are left out.
        let at = match expected.iter().take(AHEAD).find(|&&at| self.has_key(at, t)) {
            Some(&at) => at,
            None => self.other_member(node, t),
        };
        let Node { index, hash, .. } = self.nodes[at as usize];
        if let Some(frame) = self.frames.last_mut() {
            frame.child = at;
            frame.next = index as usize + 1;
            frame.sequence = (frame.sequence.rotate_left(7) ^ hash).wrapping_mul(0xff51_afd7_ed55_8ccd);
            frame.set = frame.set.wrapping_add(hash);
        }
        at
    }

    #[inline]
    fn has_key(&self, at: u32, t: Text<'_>) -> bool {
        match &self.nodes[at as usize].place {
            Place::Member(key) => is_text(key, t),
            _ => false,
        }
    }

    /// The member `t`, which is not the one that was expected.
    #[cold]
    fn other_member(&mut self, node: u32, t: Text<'_>) -> u32 {
        let fresh = self.nodes.len() as u32;
        let key = match t.chars() {
            Chars::Ascii(s) => str::from_utf8(s).map_or_else(|_| t.to_lossy().into(), Cow::Borrowed),
            _ => Cow::Owned(t.to_lossy()),
        };
        let found = match &self.nodes[node as usize].objects {
            Some(objects) if objects.members.len() < MANY => {
                objects.members.iter().copied().find(|&at| self.has_key(at, t))
            }
            Some(objects) => objects.lookup.get(&*key).copied(),
            None => None,
        };
        if let Some(at) = found {
            return at;
        }
        let objects = self.nodes[node as usize].objects.get_or_insert_default();
        if objects.members.len() == MEMBERS || fresh as usize >= NODES {
            let at = *objects.rest.get_or_insert(fresh);
            objects.folded += 1;
            if at == fresh {
                self.nodes.push(Node::new(node, Place::Members, MEMBERS as u32));
            }
            return at;
        }
        let index = objects.members.len();
        objects.members.push(fresh);
        let key: Box<str> = key.into();
        self.nodes.push(Node::new(node, Place::Member(key.clone()), index as u32));
        self.look_up(node, key, fresh);
        fresh
    }

    /// Enters a new member into the table, which is made when there are many.
    fn look_up(&mut self, node: u32, key: Box<str>, at: u32) {
        let Some(objects) = &self.nodes[node as usize].objects else { return };
        let mut fresh = HashMap::new();
        if objects.members.len() == MANY {
            for &member in &objects.members {
                if let Place::Member(key) = &self.nodes[member as usize].place {
                    fresh.insert(key.clone(), member);
                }
            }
        } else if objects.members.len() > MANY {
            fresh.insert(key, at);
        }
        if let Some(objects) = &mut self.nodes[node as usize].objects {
            objects.lookup.extend(fresh);
        }
    }

    /// The path, with every index, of the container that has just been closed.
    #[cold]
    fn way(&self) -> String {
        let mut out = String::from("$");
        for frame in &self.frames {
            if frame.is_array {
                out.push_str(&format!("[{}]", frame.count.saturating_sub(1)));
            } else if frame.child != NONE {
                write_place(&mut out, &self.nodes[frame.child as usize].place);
            }
        }
        out
    }
}

impl Arrays {
    /// An array of `n` elements.
    fn meet(&mut self, n: usize, in_lanes: usize, is_first: bool) {
        self.elements += n;
        self.shortest = if is_first { n } else { self.shortest.min(n) };
        self.longest = self.longest.max(n);
        self.in_lanes += in_lanes;
    }
}

impl Elements {
    #[inline]
    fn meet(&mut self, kind: Kind, at: usize) {
        match self.first {
            None => self.first = Some(kind),
            Some(first) if first != kind && self.change.is_none() => self.change = Some((at, kind)),
            Some(_) => {}
        }
    }

    /// Why elements are outside of lanes in an array of `n`.
    fn miss(&self, n: usize, options: &Options) -> Miss {
        let thresholds = &options.thresholds;
        let threshold = match self.first {
            _ if self.change.is_some() => return Miss::Mixed,
            Some(Kind::Int) if options.has(flag::STRICT_INTEGER) => return Miss::Strict,
            Some(Kind::Int) => thresholds.int,
            Some(Kind::Float) => thresholds.float,
            Some(Kind::Bool) => thresholds.bool,
            _ => thresholds.text,
        };
        match n < threshold {
            true => Miss::Short,
            false if self.unsigned => Miss::Unsigned,
            false => Miss::Single,
        }
    }

    /// What the array at `way` looks like.
    fn told(&self, way: &str) -> String {
        match (self.first, self.change) {
            (Some(first), Some((at, other))) => {
                format!("{way}: {} until [{at}], then {}", first.as_str(), other.as_str())
            }
            _ => way.to_owned(),
        }
    }
}

fn is_text(key: &str, t: Text<'_>) -> bool {
    match t.chars() {
        Chars::Ascii(s) => key.as_bytes() == s,
        _ => t.points().map(|p| char::from_u32(p).unwrap_or(char::REPLACEMENT_CHARACTER)).eq(key.chars()),
    }
}

/// Characters of a string that an example shows.
const SHOWN: usize = 60;

/// A value for people to recognise.
#[cold]
fn example(node: plan::Node<'_>) -> Option<Box<str>> {
    let text = |t: Text<'_>| {
        let shown: String = t.to_lossy().chars().take(SHOWN).collect();
        format!("\"{shown}{}\"", if t.len() > SHOWN { "\u{2026}" } else { "" })
    };
    let shown = match node {
        plan::Node::Bool(v) => v.to_string(),
        plan::Node::Int(v) => v.to_string(),
        plan::Node::Uint(v) => v.to_string(),
        plan::Node::Float(v) => v.to_string(),
        plan::Node::Clean(t) => text(t.text()),
        plan::Node::Plain(s) => text(Text::ascii(s)),
        plan::Node::Text(t) => text(t),
        plan::Node::HeldText(h) => text(h.text()),
        plan::Node::Ints(run) => run.first()?.to_string(),
        plan::Node::Floats(run) | plan::Node::Rows(run, _) => run.first()?.to_string(),
        plan::Node::Bools(bits, _) => (bits.first()? & 1 == 1).to_string(),
        _ => return None,
    };
    Some(shown.into())
}
