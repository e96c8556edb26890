//! An independent check of what was recorded: it shares the reader with emission and nothing with the recorder.

use core::fmt;

use super::node::{LANE, Node, RAW_SHORT, SHORT, is_copied};
use super::segment::SegmentRef;
use crate::text::{Chars, Clean, PLAIN, Text, Width};

const HELD: &str = "a long text is held";
const NO_FRAGMENT: &str = "a known key has a fragment";

/// What is wrong with a plan, and at which word of its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The rule that is broken.
    pub what: &'static str,
    /// Index of the first word behind the node that breaks it.
    pub at: usize,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (before word {})", self.what, self.at)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Array,
    /// An object; whether a key has been told whose value is missing.
    Object(bool),
}

/// Follows a plan from segment to segment.
#[derive(Clone, Debug, Default)]
pub struct Verifier {
    open: Vec<Open>,
    values: usize,
    texts: usize,
}

impl Verifier {
    /// Checks the next segment.
    ///
    /// # Errors
    ///
    /// The first [`Flaw`].
    pub fn check(&mut self, segment: SegmentRef<'_>) -> Result<(), Flaw> {
        let mut nodes = segment.nodes();
        while let Some(node) = nodes.next() {
            self.node(node).map_err(|what| Flaw { what, at: nodes.position() })?;
        }
        match nodes.position() == segment.words() {
            true if self.texts == 0 => Ok(()),
            true => Err(Flaw { what: "a lane of texts is cut off", at: nodes.position() }),
            false => Err(Flaw { what: "a node cannot be read", at: nodes.position() }),
        }
    }

    /// Checks a lane of `n` elements that is emitted without being recorded.
    ///
    /// # Errors
    ///
    /// The [`Flaw`] of it.
    pub fn check_lane(&self, n: usize) -> Result<(), Flaw> {
        self.lane(n).map_err(|what| Flaw { what, at: 0 })
    }

    /// Checks that the document is complete.
    ///
    /// # Errors
    ///
    /// The [`Flaw`] that it is not.
    pub fn finish(&self) -> Result<(), Flaw> {
        match (self.open.is_empty(), self.values) {
            (false, _) => Err(Flaw { what: "a container is left open", at: 0 }),
            (true, 1) => Ok(()),
            (true, _) => Err(Flaw { what: "a document is one value", at: 0 }),
        }
    }

    fn node(&mut self, node: Node<'_>) -> Result<(), &'static str> {
        if self.texts > 0 {
            self.texts -= 1;
            return match node {
                Node::Clean(t) => clean(t),
                Node::Plain(s) => plain(s),
                Node::Text(t) => copied(t),
                Node::HeldText(h) => long(h.len(), h.width()),
                _ => Err("a lane of texts holds texts"),
            };
        }
        match node {
            Node::Null | Node::Bool(_) | Node::Int(_) | Node::Float(_) => self.value(),
            Node::Uint(v) if i64::try_from(v).is_ok() => Err("a small integer is not unsigned"),
            Node::Uint(_) => self.value(),
            Node::Clean(t) => clean(t).and_then(|()| self.value()),
            Node::Plain(s) => plain(s).and_then(|()| self.value()),
            Node::Text(t) => copied(t).and_then(|()| self.value()),
            Node::HeldText(h) => long(h.len(), h.width()).and_then(|()| self.value()),
            Node::Raw(bytes) if bytes.len() > RAW_SHORT => Err("long JSON is held"),
            Node::Raw(_) => self.value(),
            Node::HeldRaw(h) => long_raw(h.len(), h.width()).and_then(|()| self.value()),
            Node::KnownKey(_, f) if f.is_empty() => Err(NO_FRAGMENT),
            Node::FinishedKey([]) => Err(NO_FRAGMENT),
            Node::KnownKey(..) | Node::FinishedKey(_) => self.key(),
            Node::CleanKey(t) => clean(t).and_then(|()| self.key()),
            Node::Key(t) => copied(t).and_then(|()| self.key()),
            Node::HeldKey(h) => long(h.len(), h.width()).and_then(|()| self.key()),
            Node::OpenArray(_) => self.value().map(|()| self.open.push(Open::Array)),
            Node::OpenObject(_) => self.value().map(|()| self.open.push(Open::Object(false))),
            Node::EmptyArray | Node::EmptyObject => self.value(),
            Node::CloseArray => self.close(Open::Array),
            Node::CloseObject => self.close(Open::Object(false)),
            Node::Ints(run) => self.lane(run.len()),
            Node::Floats(run) => self.lane(run.len()),
            Node::Bools(_, n) => self.lane(n),
            Node::Rows(run, _) if run.len() > LANE => Err("a lane has 1 to 1024 elements"),
            Node::Rows(run, width) => self.lane(run.len() / width),
            Node::Texts(n) => {
                self.texts = n;
                self.lane(n)
            }
        }
    }

    fn value(&mut self) -> Result<(), &'static str> {
        match self.open.last_mut() {
            Some(Open::Array) => Ok(()),
            Some(Open::Object(waiting)) if *waiting => {
                *waiting = false;
                Ok(())
            }
            Some(Open::Object(_)) => Err("a member begins with a key"),
            None => {
                self.values += 1;
                if self.values == 1 { Ok(()) } else { Err("a document is one value") }
            }
        }
    }

    fn key(&mut self) -> Result<(), &'static str> {
        match self.open.last_mut() {
            Some(Open::Object(waiting)) if !*waiting => {
                *waiting = true;
                Ok(())
            }
            _ => Err("a key stands in an object, before its value"),
        }
    }

    fn close(&mut self, what: Open) -> Result<(), &'static str> {
        if self.open.pop() == Some(what) { Ok(()) } else { Err("a bracket closes another one") }
    }

    /// Whether elements or members may stand here.
    ///
    /// # Errors
    ///
    /// What is wrong.
    pub fn check_passing(&self) -> Result<(), &'static str> {
        match self.open.last() {
            Some(Open::Array | Open::Object(false)) => Ok(()),
            _ => Err("what passes stands in an array, or in an object where a key may"),
        }
    }

    fn lane(&self, n: usize) -> Result<(), &'static str> {
        match (self.open.last(), n) {
            (Some(Open::Array), 1..=LANE) => Ok(()),
            (Some(Open::Array), _) => Err("a lane has 1 to 1024 elements"),
            _ => Err("a lane stands in an array"),
        }
    }
}

fn clean(t: Clean<'_>) -> Result<(), &'static str> {
    nothing_to_escape(t.text().as_bytes())
}

fn plain(s: &[u8]) -> Result<(), &'static str> {
    match s.len() {
        0..=SHORT => Err("a plain text is not short"),
        _ if s.len() > PLAIN => Err(HELD),
        _ => nothing_to_escape(s),
    }
}

fn nothing_to_escape(s: &[u8]) -> Result<(), &'static str> {
    let plain = |c: &u8| (0x20..0x80).contains(c) && *c != b'"' && *c != b'\\';
    if s.iter().all(plain) { Ok(()) } else { Err("a clean text has nothing to escape") }
}

fn copied(t: Text<'_>) -> Result<(), &'static str> {
    if !is_copied(t.len(), t.width()) {
        return Err(HELD);
    }
    match t.chars() {
        Chars::Ascii(s) if !s.is_ascii() => Err("an ASCII text is ASCII"),
        _ if t.surrogate().is_some() => Err("a text has no surrogates"),
        _ => Ok(()),
    }
}

fn long(len: usize, width: Width) -> Result<(), &'static str> {
    if is_copied(len, width) { Err("a short text is copied in") } else { Ok(()) }
}

fn long_raw(len: usize, width: Width) -> Result<(), &'static str> {
    match width {
        Width::Latin1 if len > RAW_SHORT => Ok(()),
        Width::Latin1 => Err("short JSON is copied in"),
        _ => Err("held JSON is bytes"),
    }
}
