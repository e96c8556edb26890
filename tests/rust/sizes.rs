//! What a segment says of its size and where plans are cut.

use planjson::emit::format::Compact;
use planjson::emit::kernel::Scalar;
use planjson::emit::replay::replay;
use planjson::emit::room::{Memory, Room};
use planjson::emit::writer::Writer;
use planjson::plan::node::LANE;
use planjson::plan::size::Size;
use planjson::plan::{Node, SegmentRef, Thresholds};
use proptest::prelude::*;

use crate::documents::random::Random;
use crate::documents::strategy::{config, document};
use crate::documents::{Doc, Key, Manner, Stored};
use crate::ways::record;

/// The size that the plan of `doc` says, and the one that it has, the comma behind the document included.
fn sizes<const PASSES: bool>(doc: &Doc, mut look: impl FnMut(SegmentRef<'_>, usize)) -> (Size, usize) {
    let mut memory = Memory::default();
    let (room, pen) = Room::new(&mut memory, 0);
    let mut writer = Writer::<Scalar, _>::new(room, Compact);
    let mut pen = Some(pen);
    let (mut said, mut has) = (Size::default(), 0);
    record::<Scalar, PASSES>(doc, &Thresholds::default(), |segment, _| {
        let before = pen.take().expect("a pen that was handed back");
        let start = writer.len(&before);
        let after = replay(segment, &mut writer, before);
        // The comma behind the last value included.
        let bytes = writer.len(&after) - start;
        pen = Some(after);
        look(segment, bytes);
        said.add(segment.size().likely, segment.size().strict);
        has += bytes;
    });
    (said, has)
}

fn strict(segment: SegmentRef<'_>, bytes: usize) {
    let Size { likely, strict } = segment.size();
    assert!(bytes <= strict && likely <= strict, "{bytes} bytes, {likely} expected, at most {strict}");
}

fn check(doc: &Doc) {
    sizes::<true>(doc, strict);
    sizes::<false>(doc, strict);
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn never_more_than_strict(doc in document()) {
        check(&doc);
    }
}

#[test]
fn never_more_than_strict_in_large_documents() {
    let mut random = Random::new(11);
    (0..12).for_each(|_| check(&random.large()));
}

/// Sizes of what stands inside an array: without its brackets, but with the comma that the closing one takes.
fn inside(doc: &Doc) -> (Size, usize) {
    let (mut said, has) = sizes::<true>(doc, strict);
    assert!(matches!(doc, Doc::Array(elements) if !elements.is_empty()));
    said.likely -= 3;
    said.strict -= 3;
    (said, has - 2)
}

#[test]
fn nulls_and_bools_are_exact() {
    let mut random = Random::new(12);
    for n in [1, 2, 63, 64, 65, 200, 1023, 1024, 1025, 5000] {
        let bools = Doc::array(n, |_| Doc::Bool(random.below(3) == 0));
        for doc in [bools, Doc::array(n, |_| Doc::Null)] {
            let (said, has) = inside(&doc);
            assert_eq!((said.likely, said.strict), (has, has), "{n}");
        }
    }
}

#[test]
fn a_single_integer_is_within_one_byte() {
    let near = |v: i64| [v.wrapping_sub(1), v, v.wrapping_add(1)];
    let powers = (0..63).map(|e| 1_i64 << e).chain((0..19).map(|e| 10_i64.pow(e)));
    for v in powers.flat_map(near).flat_map(|v| [v, v.wrapping_neg()]).chain([i64::MIN, i64::MAX]) {
        let (said, has) = sizes::<true>(&Doc::Int(v), strict);
        assert_eq!(said.likely, said.strict, "{v}");
        assert!(said.strict - has <= 1, "{v}: {has} bytes, {said:?}");
    }
    for v in [1 << 63, 9_999_999_999_999_999_999, 10_000_000_000_000_000_000, u64::MAX] {
        let (said, has) = sizes::<true>(&Doc::Uint(v), strict);
        assert!(said.strict - has <= 1 && said.likely == said.strict, "{v}: {has} bytes, {said:?}");
    }
}

#[test]
fn lanes_of_integers_are_within_one_byte_an_element() {
    let mut random = Random::new(13);
    for n in [4, 5, 100, 256, 257, 1024, 5000] {
        for bits in [1, 2, 8, 9, 20, 40, 54, 60, 63] {
            let (said, has) = inside(&Doc::array(n, |_| Doc::Int(random.bits() as i64 >> bits)));
            assert!(said.likely.abs_diff(has) <= n + 1, "{n} of {bits} bits: {has} bytes, {said:?}");
            assert!(said.strict - has <= 2 * n, "{n} of {bits} bits: {has} bytes, {said:?}");
        }
    }
}

#[test]
fn floats_have_at_most_25_bytes() {
    for v in [-2.225_073_858_507_201_4e-308, 0.0, -0.0, f64::MAX, f64::MIN, f64::NAN] {
        for n in [1, 6, 300] {
            let (said, has) = inside(&Doc::array(n, |_| Doc::Float(v)));
            assert_eq!((said.likely, said.strict), (20 * n, 25 * n));
            assert!(has <= said.strict);
        }
    }
}

#[test]
fn texts_without_escapes_are_exact_but_for_a_byte() {
    for len in [0, 1, 32, 33, 2048, 2049, 5000] {
        for s in ["a", "中", "\u{1f600}"] {
            let stored = Stored::new(&s.repeat(len));
            for doc in [Doc::Text(stored.clone()), Doc::Passing(stored)] {
                let (said, has) = sizes::<true>(&doc, strict);
                assert_eq!(said.likely, has + 1, "{len} times {s}");
            }
        }
    }
}

#[test]
fn the_longest_escapes_reach_strict_but_for_a_byte() {
    for len in [1, 32, 33, 2048, 2049, 5000] {
        for doc in [Doc::Text(Stored::Ascii(vec![1; len])), Doc::Text(Stored::Ucs4(vec![0x1f; len]))] {
            let (said, has) = sizes::<true>(&doc, strict);
            assert_eq!(said.strict, has + 1, "{len}");
        }
        let key = Key { stored: Stored::Ascii(vec![1; len]), manner: Manner::Kept };
        let (said, has) = sizes::<true>(&Doc::Object(vec![(key, Doc::Null)]), strict);
        // The bracket takes back a comma.
        assert_eq!(said.strict, has + 2, "{len}");
    }
}

/// What is expected never exceeds what is the most, however little there is to be escaped.
#[test]
fn the_empty_text_has_a_most() {
    let empty = || Stored::new("");
    let key = Key { stored: empty(), manner: Manner::Passing };
    let run = Doc::array(20, |_| Doc::Text(empty()));
    for doc in [Doc::Text(empty()), Doc::Passing(empty()), Doc::Object(vec![(key, Doc::Text(empty()))]), run]
    {
        let (said, has) = sizes::<true>(&doc, strict);
        assert!(has <= said.likely && said.likely <= said.strict, "{has} bytes, {said:?}");
    }
}

#[test]
fn known_keys_are_exact() {
    let known = |s: &str| (Key { stored: Stored::new(s), manner: Manner::Known }, Doc::Null);
    let object = || Doc::Object(vec![known("id"), known("\n\n"), known("")]);
    let (said, has) = sizes::<true>(&Doc::array(500, |_| object()), strict);
    // Each closing bracket takes back a comma.
    assert_eq!((said.likely, said.strict), (has + 501, has + 501));
}

/// What a segment begins with, whether it could be cut there, and the lengths of its lanes.
fn cuts<const PASSES: bool>(doc: &Doc) -> usize {
    let mut segments = 0;
    sizes::<PASSES>(doc, |segment, _| {
        let first = segment.nodes().next().expect("a segment is not empty");
        assert!(!matches!(first, Node::CloseArray | Node::CloseObject), "begins with a bracket");
        for node in segment.nodes() {
            let n = match node {
                Node::Ints(run) => run.len(),
                Node::Floats(run) => run.len(),
                Node::Rows(run, width) => run.len() / width,
                Node::Bools(_, n) | Node::Texts(n) => n,
                _ => 1,
            };
            assert!((1..=LANE).contains(&n), "a lane of {n}");
        }
        segments += 1;
    });
    segments
}

#[test]
fn segments_are_cut_before_values_and_keys() {
    let mut random = Random::new(14);
    let mut segments = 0;
    for _ in 0..12 {
        let doc = random.large();
        segments += cuts::<true>(&doc) + cuts::<false>(&doc);
    }
    assert!(segments > 30, "there were cuts to look at: {segments}");
}

/// As many brackets as there may be, at every place where a segment may end.
#[test]
fn closing_brackets_stay_with_what_they_close() {
    for filled in 4080..4100 {
        let filler = |_| Doc::Null;
        let mut elements: Vec<Doc> = (0..filled - 255).map(filler).collect();
        elements.push(Doc::object([("k", Doc::Array(vec![]))]).nested(250));
        elements.extend((0..300).map(filler));
        assert_eq!(cuts::<true>(&Doc::Array(elements)), 2, "{filled}");
    }
}
