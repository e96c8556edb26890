//! How many bytes a stretch of a plan becomes.

use super::node::Node;
use crate::text::{Chars, Text};

/// How many bytes a segment becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// What is to be expected.
    pub likely: usize,
    /// What cannot be exceeded in compact form.
    pub strict: usize,
}

impl Size {
    /// Adds a part of which `likely` and `strict` are known.
    pub fn add(&mut self, likely: usize, strict: usize) {
        self.likely += likely;
        self.strict += strict;
    }

    /// That of the nodes `nodes`, each with the comma or colon behind it.
    pub(super) fn of<'p>(nodes: impl Iterator<Item = Node<'p>>) -> Self {
        nodes.fold(Self::default(), |mut size, node| {
            size.add_node(node);
            size
        })
    }

    /// Adds a node, with the comma or colon behind it.
    #[inline(always)]
    pub fn add_node(&mut self, node: Node<'_>) {
        match node {
            Node::Null => self.add(5, 5),
            Node::Bool(v) => self.add(6 - usize::from(v), 6 - usize::from(v)),
            Node::Int(v) => self.add_exactly(digits(v.unsigned_abs()) + 1 + usize::from(v < 0)),
            Node::Uint(_) => self.add_exactly(21),
            Node::Float(_) => self.add(20, 25),
            Node::Clean(t) | Node::CleanKey(t) => self.add_text(t.text()),
            Node::Plain(s) => self.add_text(Text::ascii(s)),
            Node::Text(t) | Node::Key(t) => self.add_text(t),
            Node::HeldText(h) | Node::HeldKey(h) => self.add_text(h.text()),
            Node::Raw(bytes) => self.add_exactly(bytes.len() + 1),
            Node::HeldRaw(h) => self.add_exactly(h.len() + 1),
            Node::FinishedKey(bytes) => self.add_exactly(bytes.len()),
            Node::KnownKey(_, fragment) => self.add_exactly(fragment.len()),
            Node::OpenArray(_) | Node::OpenObject(_) => self.add_exactly(1),
            Node::CloseArray | Node::CloseObject => self.add_exactly(2),
            Node::EmptyArray | Node::EmptyObject => self.add_exactly(3),
            Node::Ints(lane) => self.add_ints(lane),
            Node::Floats(lane) => self.add(20 * lane.len(), 25 * lane.len()),
            Node::Bools(words, n) => {
                self.add_exactly(6 * n - words.iter().map(|w| w.count_ones() as usize).sum::<usize>());
            }
            Node::Rows(lane, width) => {
                let brackets = 3 * (lane.len() / width);
                self.add(20 * lane.len() + brackets, 25 * lane.len() + brackets);
            }
            // The texts follow.
            Node::Texts(_) => {}
        }
    }

    fn add_exactly(&mut self, bytes: usize) {
        self.add(bytes, bytes);
    }

    fn add_text(&mut self, t: Text<'_>) {
        let utf8 = utf8_len(t);
        self.add(utf8 + 4, 6 * utf8 + 4);
    }

    fn add_ints(&mut self, lane: &[i64]) {
        let bits: u32 = lane.iter().map(|v| 64 - v.unsigned_abs().leading_zeros()).sum();
        let negative = lane.iter().filter(|v| **v < 0).count();
        // A digit for each 3.32 bits, half a digit for rounding up, and the comma.
        let digits = (bits as usize * 1233) >> 12;
        self.add(digits + lane.len() * 3 / 2 + negative, digits + 2 * lane.len() + negative);
    }
}

/// An upper bound of the decimal digits of `v`, off by one at the most: 1233/4096 is log10(2) but for 5 parts in a million.
const fn digits(v: u64) -> usize {
    (((64 - v.leading_zeros()) as usize * 1233) >> 12) + 1
}

/// How long `t` is in UTF-8 without escapes; for Latin-1 an upper bound.
fn utf8_len(t: Text<'_>) -> usize {
    match t.chars() {
        Chars::Ascii(s) => s.len(),
        Chars::Latin1(s) => 2 * s.len(),
        // A pair of surrogates is no pair in a str: a code point beyond 16 bits is stored in 32.
        Chars::Ucs2(s) => s.iter().map(|&c| 1 + usize::from(c >= 0x80) + usize::from(c >= 0x800)).sum(),
        Chars::Ucs4(s) => s
            .iter()
            .map(|&c| 1 + usize::from(c >= 0x80) + usize::from(c >= 0x800) + usize::from(c >= 0x1_0000))
            .sum(),
    }
}
