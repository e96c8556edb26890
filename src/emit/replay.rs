//! A plan told again, to any sink.

use crate::fragment::{Fragment, UNNUMBERED};
use crate::plan::{Node, SegmentRef, Simple};
use crate::sink::{RUN, Sink};
use crate::text::LoneSurrogate;

/// Tells the nodes of `segment` to `sink`.
pub fn replay<S: Sink>(segment: SegmentRef<'_>, sink: &mut S, mut pen: S::Pen) -> S::Pen {
    let mut nodes = segment.nodes();
    while let Some((word, key)) = nodes.word() {
        if let Some(key) = key {
            if let Some(value) = nodes.simple(word) {
                pen = tell_member(key, value, sink, pen);
                continue;
            }
            pen = sink.known_key(pen, UNNUMBERED, key);
        }
        let Some(node) = nodes.node(word) else { break };
        pen = tell(node, sink, pen);
    }
    pen
}

/// Tells a known key and its value to `sink`.
#[inline(always)]
fn tell_member<S: Sink>(key: &Fragment, value: Simple<'_>, sink: &mut S, pen: S::Pen) -> S::Pen {
    match value {
        Simple::Few(few) => sink.few_member(pen, UNNUMBERED, key, few),
        Simple::Int(v) => sink.int_member(pen, UNNUMBERED, key, v),
        Simple::Float(v) => sink.float_member(pen, UNNUMBERED, key, v),
        Simple::Clean(t) => sink.clean_member(pen, UNNUMBERED, key, t),
        Simple::Plain(s) => sink.plain_member(pen, UNNUMBERED, key, s),
        Simple::OpenArray => {
            let pen = sink.known_key(pen, UNNUMBERED, key);
            sink.open_array(pen, 0)
        }
        Simple::OpenObject => {
            let pen = sink.known_key(pen, UNNUMBERED, key);
            sink.open_object(pen, 0)
        }
    }
}

/// Tells one node to `sink`.
#[inline(always)]
pub fn tell<S: Sink>(node: Node<'_>, sink: &mut S, pen: S::Pen) -> S::Pen {
    match node {
        Node::Null => sink.null(pen),
        Node::Bool(v) => sink.bool(pen, v),
        Node::Int(v) => sink.int(pen, v),
        Node::Uint(v) => sink.uint(pen, v),
        Node::Float(v) => sink.float(pen, v),
        Node::Clean(t) => sink.clean(pen, t),
        Node::CleanKey(t) => sink.clean_key(pen, t),
        Node::Plain(s) => sink.plain(pen, s),
        Node::Text(t) => recorded(sink.text(pen, t)),
        Node::HeldText(h) => recorded(sink.text(pen, h.text())),
        Node::Raw(bytes) => sink.raw(pen, bytes),
        Node::HeldRaw(h) => sink.raw(pen, h.text().as_bytes()),
        Node::Key(t) => recorded(sink.key(pen, t)),
        Node::HeldKey(h) => recorded(sink.key(pen, h.text())),
        Node::KnownKey(_, fragment) => sink.known_key(pen, UNNUMBERED, fragment),
        Node::FinishedKey(bytes) => {
            let fragment = Fragment::new(bytes).expect("a recorded fragment is not too long");
            sink.known_key(pen, UNNUMBERED, &fragment)
        }
        Node::OpenArray(len) => sink.open_array(pen, len),
        Node::OpenObject(len) => sink.open_object(pen, len),
        Node::EmptyArray => sink.empty_array(pen),
        Node::EmptyObject => sink.empty_object(pen),
        Node::CloseArray => sink.close_array(pen),
        Node::CloseObject => sink.close_object(pen),
        Node::Ints(lane) => lane.chunks(RUN).fold(pen, |pen, run| sink.ints(pen, run)),
        Node::Floats(lane) => lane.chunks(RUN).fold(pen, |pen, run| sink.floats(pen, run)),
        Node::Bools(bits, n) => {
            bits.iter().enumerate().fold(pen, |pen, (i, &word)| sink.bools(pen, word, (n - 64 * i).min(64)))
        }
        Node::Rows(lane, width) => {
            lane.chunks(RUN / width * width).fold(pen, |pen, run| sink.rows(pen, run, width))
        }
        // The texts themselves follow as nodes of their own.
        Node::Texts(_) => pen,
    }
}

/// The recorder lets no lone surrogate in.
#[inline(always)]
fn recorded<P>(told: Result<P, LoneSurrogate>) -> P {
    told.expect("a recorded text has no lone surrogate")
}
