//! A value for people to recognise a place by.

use crate::plan;
use crate::text::Text;

/// Characters of a string that an example shows.
const SHOWN: usize = 60;

/// A value for people to recognise.
#[cold]
pub(super) fn example(node: plan::Node<'_>) -> Option<Box<str>> {
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
