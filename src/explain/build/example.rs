//! A value for people to recognise a place by.

use crate::plan;
use crate::text::Text;

/// Characters of a string that an example shows.
const SHOWN: usize = 60;

/// A value for people to recognise.
#[cold]
pub(super) fn example(node: plan::Node<'_>) -> Option<Box<str>> {
    let text = |t: Text<'_>| format!("\"{}\"", shortened(&t.to_lossy()));
    let shown = match node {
        plan::Node::Bool(v) => v.to_string(),
        plan::Node::Int(v) => v.to_string(),
        plan::Node::Uint(v) => v.to_string(),
        plan::Node::Float(v) => v.to_string(),
        plan::Node::Clean(t) => text(t.text()),
        plan::Node::Plain(s) => text(Text::ascii(s)),
        plan::Node::Text(t) => text(t),
        plan::Node::HeldText(h) => text(h.text()),
        plan::Node::Raw(json) => finished(json),
        plan::Node::HeldRaw(h) => finished(h.text().as_bytes()),
        plan::Node::Ints(run) => run.first()?.to_string(),
        plan::Node::Floats(run) | plan::Node::Rows(run, _) => run.first()?.to_string(),
        plan::Node::Bools(bits, _) => (bits.first()? & 1 == 1).to_string(),
        _ => return None,
    };
    Some(shown.into())
}

/// JSON that was finished before. It may be long, and a fragment of the caller's may be anything.
fn finished(json: &[u8]) -> String {
    // No character has more than four bytes.
    shortened(&String::from_utf8_lossy(&json[..json.len().min(4 * (SHOWN + 1))]))
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('\u{2026}');
    }
    shown
}
