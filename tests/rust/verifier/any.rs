//! The verifier accepts whatever the recorder makes, and survives whatever nobody made.

use planjson::emit::kernel::Scalar;
use planjson::plan::verify::Verifier;
use planjson::plan::{Node, SegmentRef, Thresholds};
use planjson::text::{Chars, Text};
use proptest::collection::vec;
use proptest::prelude::*;

use super::held;
use crate::documents::Doc;
use crate::documents::random::Random;
use crate::documents::strategy::{config, document};
use crate::ways::record;

fn accepted<const PASSES: bool>(doc: &Doc) {
    let mut verifier = Verifier::default();
    record::<Scalar, PASSES>(doc, &Thresholds::default(), |segment, _| {
        assert_eq!(verifier.check(segment), Ok(()));
    });
    assert_eq!(verifier.finish(), Ok(()));
}

#[test]
fn accepts_large_documents() {
    let mut random = Random::new(21);
    for _ in 0..12 {
        let doc = random.large();
        accepted::<true>(&doc);
        accepted::<false>(&doc);
    }
}

/// Words among which there are many that mean something.
fn words() -> impl Strategy<Value = Vec<u64>> {
    let tag = 0..32_u64;
    let word = prop_oneof![
        2 => any::<u64>(),
        3 => tag.clone(),
        6 => (tag.clone(), 0..6_u64).prop_map(|(tag, n)| n << 24 | tag),
        2 => (tag.clone(), 0..4_u64, 0..20_u64).prop_map(|(tag, width, n)| n << 32 | width << 24 | tag),
        1 => (tag, any::<u64>()).prop_map(|(tag, n)| n << 24 | tag),
    ];
    vec(word, 0..40)
}

/// Looks at all that there is in a node.
fn look(node: Node<'_>) -> usize {
    match node {
        Node::Text(t) | Node::Key(t) => t.to_lossy().len() + t.surrogate().unwrap_or(0) + points(t),
        Node::Clean(t) | Node::CleanKey(t) => t.text().to_lossy().len() + t.padded().len(),
        Node::FinishedKey(bytes) => bytes.len(),
        Node::HeldText(h) | Node::HeldKey(h) => points(h.text()),
        Node::Raw(bytes) | Node::Plain(bytes) => bytes.len(),
        Node::HeldRaw(h) => points(h.text()),
        Node::Ints(run) => run.len(),
        Node::Floats(run) => run.len(),
        Node::Rows(run, width) => run.len() / width,
        Node::Bools(bits, n) => {
            assert!(n <= 64 * bits.len());
            bits.len()
        }
        _ => 0,
    }
}

fn points(t: Text<'_>) -> usize {
    let n = match t.chars() {
        Chars::Ascii(s) | Chars::Latin1(s) => s.len(),
        Chars::Ucs2(s) => s.len(),
        Chars::Ucs4(s) => s.len(),
    };
    assert_eq!(t.points().count(), n);
    n
}

proptest! {
    #![proptest_config(config(3000))]

    #[test]
    fn any_words_can_be_read_and_checked(first in words(), second in words()) {
        let held = held();
        let mut verifier = Verifier::default();
        for words in [&first, &second] {
            let segment = SegmentRef::from_parts(words, &held);
            let mut nodes = segment.nodes();
            let mut read = 0;
            while let Some(node) = nodes.next() {
                look(node);
                read = nodes.position();
                prop_assert!(read <= words.len());
            }
            prop_assert_eq!(nodes.position(), read, "past a node that cannot be read");
            if verifier.check(segment).is_err() {
                return Ok(());
            }
        }
        let _ = verifier.finish();
    }
}

proptest! {
    #![proptest_config(config(80))]

    #[test]
    fn accepts_what_is_recorded(doc in document()) {
        accepted::<true>(&doc);
        accepted::<false>(&doc);
    }
}
