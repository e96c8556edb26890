//! From nodes to lines.

use crate::emit::format::Format;
use crate::emit::kernel::Scalar;
use crate::emit::replay::tell;
use crate::emit::room::{Memory, Pen, Room};
use crate::emit::writer::Writer;
use crate::path;
use crate::plan::{Node, SegmentRef, Thresholds};
use crate::style::Style;
use crate::text::Text;
use crate::with_format;

/// The most lines of a tree; what is beyond is counted.
const LINES: usize = 1000;

/// A node of the tree.
#[derive(Clone, Debug)]
pub struct Line {
    /// Containers around it.
    pub depth: usize,
    /// Where it is, as JSONPath writes it; a range such as `$.xs[4..9]` for neighbours that are alike.
    pub path: String,
    /// What it is.
    pub kind: &'static str,
    /// Elements or members; `None` for a single value.
    pub count: Option<usize>,
    /// Which lane, or why none.
    pub note: String,
    /// Bytes, the key and the comma behind it included.
    pub bytes: usize,
}

/// A plan to look at.
#[derive(Clone, Debug)]
pub struct Explained {
    /// Its nodes, in order.
    pub lines: Vec<Line>,
    /// Lines beyond the limit, which are left out.
    pub omitted: usize,
    /// Size of the result.
    pub bytes: usize,
    /// Words of the plan.
    pub words: usize,
    /// Its segments.
    pub segments: usize,
    /// What was expected of the size, and what it could not have exceeded in compact form.
    pub likely: usize,
    /// See `likely`.
    pub strict: usize,
    /// The thresholds that it was made with.
    pub thresholds: Thresholds,
}

/// Explains the plan that `segments` make up, for a document that looks like `style`.
pub fn explain<'p>(
    segments: impl Iterator<Item = SegmentRef<'p>> + Clone,
    thresholds: &Thresholds,
    style: Style,
) -> Explained {
    let mut memory = Memory::default();
    let (room, pen) = Room::new(&mut memory, 0);
    with_format!(style, format => follow(segments, thresholds, Writer::new(room, format), pen))
}

fn follow<'p, F: Format>(
    segments: impl Iterator<Item = SegmentRef<'p>> + Clone,
    thresholds: &Thresholds,
    mut writer: Writer<'_, Scalar, F>,
    mut pen: Pen,
) -> Explained {
    let mut tree = Tree { lines: Vec::new(), omitted: 0, frames: Vec::new(), texts: 0, thresholds };
    for node in segments.clone().flat_map(SegmentRef::nodes) {
        let before = writer.len(&pen);
        pen = tell(node, &mut writer, pen);
        tree.node(node, before, writer.len(&pen));
    }
    let sizes = segments.clone().map(SegmentRef::size);
    Explained {
        lines: tree.lines,
        omitted: tree.omitted,
        // Without the comma behind the document.
        bytes: writer.len(&pen).saturating_sub(1),
        words: segments.clone().map(SegmentRef::words).sum(),
        segments: segments.count(),
        likely: sizes.clone().map(|s| s.likely).sum(),
        strict: sizes.map(|s| s.strict).sum(),
        thresholds: *thresholds,
    }
}

/// An open container.
struct Frame {
    /// Its line, if it has one.
    line: Option<usize>,
    path: String,
    is_array: bool,
    begin: usize,
    count: usize,
    key: Option<(String, usize)>,
    elements: Elements,
}

/// What is known of an array's elements so far.
#[derive(Default)]
struct Elements {
    first: Option<&'static str>,
    /// Where the first of another kind is, and its kind.
    change: Option<(usize, &'static str)>,
    in_lanes: usize,
    group: Option<Group>,
    lines: usize,
}

/// Neighbours that are alike.
struct Group {
    kind: &'static str,
    lane: bool,
    from: usize,
    count: usize,
    bytes: usize,
}

struct Tree<'t> {
    lines: Vec<Line>,
    omitted: usize,
    frames: Vec<Frame>,
    /// Texts of the present lane that are still to come.
    texts: usize,
    thresholds: &'t Thresholds,
}

impl Tree<'_> {
    fn node(&mut self, node: Node<'_>, before: usize, after: usize) {
        let bytes = after - before;
        match node {
            Node::Null => self.scalar("null", before, after),
            Node::Bool(_) => self.scalar("bool", before, after),
            Node::Int(_) | Node::Uint(_) => self.scalar("int", before, after),
            Node::Float(_) => self.scalar("float", before, after),
            Node::Text(_) | Node::HeldText(_) if self.texts > 0 => {
                self.texts -= 1;
                self.elements("str", true, 1, bytes);
            }
            Node::Text(_) | Node::HeldText(_) => self.scalar("str", before, after),
            Node::Key(t) => self.key(t, before),
            Node::HeldKey(h) => self.key(h.text(), before),
            // Only plans that pass have known keys, and they cannot be looked at.
            Node::KnownKey(..) => {}
            Node::OpenArray(_) => self.open(true, before),
            Node::OpenObject(_) => self.open(false, before),
            Node::CloseArray | Node::CloseObject => self.close(after),
            Node::Ints(run) => self.elements("int", true, run.len(), bytes),
            Node::Floats(run) => self.elements("float", true, run.len(), bytes),
            Node::Bools(_, n) => self.elements("bool", true, n, bytes),
            Node::Texts(n) => self.texts = n,
        }
    }

    fn key(&mut self, t: Text<'_>, before: usize) {
        if let Some(frame) = self.frames.last_mut() {
            let mut path = frame.path.clone();
            let written = path::write_key(&mut path, &t.to_lossy());
            debug_assert!(written.is_ok(), "a String takes everything");
            frame.key = Some((path, before));
            frame.count += 1;
        }
    }

    fn scalar(&mut self, kind: &'static str, before: usize, after: usize) {
        let depth = self.frames.len();
        let (path, bytes) = match self.frames.last_mut() {
            Some(frame) if frame.is_array => return self.elements(kind, false, 1, after - before),
            Some(frame) => {
                let (path, begin) = frame.key.take().unwrap_or_default();
                (path, after - begin)
            }
            // The document's comma is taken back.
            None => (String::from("$"), after - before - 1),
        };
        self.line(Line { depth, path, kind, count: None, note: String::new(), bytes });
    }

    fn line(&mut self, line: Line) -> Option<usize> {
        if self.lines.len() >= LINES {
            self.omitted += 1;
            return None;
        }
        self.lines.push(line);
        Some(self.lines.len() - 1)
    }

    /// `count` elements of a kind that is not a container.
    fn elements(&mut self, kind: &'static str, lane: bool, count: usize, bytes: usize) {
        let Some(frame) = self.frames.last_mut() else { return };
        let from = frame.count;
        frame.count += count;
        frame.elements.meet(kind, from);
        if lane {
            frame.elements.in_lanes += count;
        }
        match &mut frame.elements.group {
            Some(group) if group.kind == kind && group.lane == lane => {
                group.count += count;
                group.bytes += bytes;
            }
            _ => {
                self.end_group();
                if let Some(frame) = self.frames.last_mut() {
                    frame.elements.group = Some(Group { kind, lane, from, count, bytes });
                }
            }
        }
    }

    /// Makes a line of the innermost array's last group.
    fn end_group(&mut self) {
        let depth = self.frames.len();
        let Some(frame) = self.frames.last_mut() else { return };
        let Some(group) = frame.elements.group.take() else { return };
        frame.elements.lines += 1;
        let Group { kind, lane, from, count, bytes } = group;
        let (path, count) = match count {
            1 => (format!("{}[{from}]", frame.path), None),
            _ => (format!("{}[{from}..{}]", frame.path, from + count - 1), Some(count)),
        };
        let note = if lane { format!("{kind} lane") } else { String::new() };
        self.line(Line { depth, path, kind, count, note, bytes });
    }

    fn open(&mut self, is_array: bool, before: usize) {
        self.end_group();
        let depth = self.frames.len();
        let (path, begin) = match self.frames.last_mut() {
            None => (String::from("$"), before),
            Some(frame) if frame.is_array => {
                let i = frame.count;
                frame.count += 1;
                frame.elements.meet(if is_array { "array" } else { "object" }, i);
                frame.elements.lines += 1;
                (format!("{}[{i}]", frame.path), before)
            }
            Some(frame) => frame.key.take().unwrap_or_default(),
        };
        let kind = if is_array { "array" } else { "object" };
        let line = self.line(Line {
            depth,
            path: path.clone(),
            kind,
            count: Some(0),
            note: String::new(),
            bytes: 0,
        });
        self.frames.push(Frame {
            line,
            path,
            is_array,
            begin,
            count: 0,
            key: None,
            elements: Elements::default(),
        });
    }

    fn close(&mut self, after: usize) {
        // An array of one group says all on its own line.
        if self.frames.last().is_some_and(|f| f.elements.lines > 0) {
            self.end_group();
        }
        let Some(frame) = self.frames.pop() else { return };
        // The document's comma is taken back.
        let bytes = after - frame.begin - usize::from(self.frames.is_empty());
        let note =
            if frame.is_array { frame.elements.note(frame.count, self.thresholds) } else { String::new() };
        if let Some(line) = frame.line {
            let line = &mut self.lines[line];
            line.count = Some(frame.count);
            line.bytes = bytes;
            line.note = note;
        }
    }
}

impl Elements {
    fn meet(&mut self, kind: &'static str, at: usize) {
        match self.first {
            None => self.first = Some(kind),
            Some(first) if first != kind && self.change.is_none() => self.change = Some((at, kind)),
            Some(_) => {}
        }
    }

    /// Which lane the array of `n` elements is, or why it is none.
    fn note(&self, n: usize, thresholds: &Thresholds) -> String {
        let Some(kind) = self.first else { return String::new() };
        if let Some((at, other)) = self.change {
            let lanes = match self.in_lanes {
                0 => String::from("no lane"),
                m => format!("lanes for {m} of {n}"),
            };
            return format!("{lanes}: mixed: {kind} until [{at}], then {other}");
        }
        if self.in_lanes == n {
            return format!("{kind} lane");
        }
        let threshold = match kind {
            "int" => thresholds.int,
            "float" => thresholds.float,
            "bool" => thresholds.bool,
            "str" => thresholds.text,
            _ => return format!("no lane: {kind}s have none"),
        };
        match self.in_lanes {
            0 if n < threshold => format!("no lane: below threshold {threshold}"),
            0 if kind == "int" => String::from("no lane: not all of 64 bits"),
            0 => format!("no lane: of a subclass of {kind}"),
            m => format!("{kind} lanes for {m} of {n}"),
        }
    }
}
