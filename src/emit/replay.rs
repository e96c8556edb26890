//! A plan told again, to any sink.

use crate::plan::{Node, SegmentRef};
use crate::sink::{RUN, Sink};
use crate::text::LoneSurrogate;

/// Tells the nodes of `segment` to `sink`.
pub fn replay<S: Sink>(segment: SegmentRef<'_>, sink: &mut S) {
    for node in segment.nodes() {
        tell(node, sink);
    }
}

/// Tells one node to `sink`.
#[inline(always)]
pub fn tell<S: Sink>(node: Node<'_>, sink: &mut S) {
    match node {
        Node::Null => sink.null(),
        Node::Bool(v) => sink.bool(v),
        Node::Int(v) => sink.int(v),
        Node::Uint(v) => sink.uint(v),
        Node::Float(v) => sink.float(v),
        Node::Text(t) => recorded(sink.text(t)),
        Node::HeldText(h) => recorded(sink.text(h.text())),
        Node::HeldKey(h) => recorded(sink.key(h.text())),
        Node::KnownKey(id, f) => sink.known_key(id, f),
        Node::Key(t) => recorded(sink.key(t)),
        Node::OpenArray(len) => sink.open_array(len),
        Node::OpenObject(len) => sink.open_object(len),
        Node::CloseArray => sink.close_array(),
        Node::CloseObject => sink.close_object(),
        Node::Ints(lane) => lane.chunks(RUN).for_each(|run| sink.ints(run)),
        Node::Floats(lane) => lane.chunks(RUN).for_each(|run| sink.floats(run)),
        Node::Bools(bits, n) => {
            for (i, &word) in bits.iter().enumerate() {
                sink.bools(word, (n - 64 * i).min(64));
            }
        }
        // The texts themselves follow as nodes of their own.
        Node::Texts(_) => {}
    }
}

#[inline(always)]
fn recorded(told: Result<(), LoneSurrogate>) {
    debug_assert!(told.is_ok(), "the recorder lets no lone surrogate in");
}
