//! The same bytes on every path, on every level, in every format.

use planjson::emit::format::{Compact, Format, Indented, Lines, Styled};
use planjson::emit::kernel::{Level, Name, Scalar};
use planjson::plan::Thresholds;
use planjson::sink::Sink;
use planjson::style::{Policy, Style};
use planjson::with_level;
use proptest::prelude::*;

use crate::documents::random::Random;
use crate::documents::strategy::{config, document};
use crate::documents::{Doc, Key, Manner, Stored, naive};
use crate::ways::{at_once, by_hand, direct, keep, passed, planned, written};

const THRESHOLDS: [Thresholds; 3] = [
    Thresholds { int: 4, float: 6, bool: 2, text: 16 },
    Thresholds { int: 1, float: 1, bool: 1, text: 1 },
    Thresholds { int: 1000, float: 1000, bool: 1000, text: 1000 },
];

/// Documents hold too much to be printed whole.
fn same(got: &[u8], want: &[u8], way: &str, level: &str) {
    if got != want {
        let at = got.iter().zip(want).take_while(|(a, b)| a == b).count();
        let around = |s: &[u8]| {
            String::from_utf8_lossy(&s[at.saturating_sub(30).min(s.len())..s.len().min(at + 30)]).into_owned()
        };
        panic!(
            "{way}, {level}: byte {at} of {} and {}: {:?}, not {:?}",
            got.len(),
            want.len(),
            around(got),
            around(want)
        );
    }
}

fn check_format<L: Level, F: Format>(doc: &Doc, format: impl Fn() -> F, step: Option<usize>) {
    let want = naive::json(doc, step);
    for thresholds in &THRESHOLDS {
        same(&direct::<L, F>(doc, format(), thresholds), &want, "direct", L::NAME);
        same(&planned::<L, F>(doc, format(), thresholds), &want, "planned", L::NAME);
        same(&at_once::<L, F>(doc, format(), thresholds), &want, "at once", L::NAME);
    }
    let kept = keep::<L>(doc);
    same(&kept.json::<L, F>(format()), &want, "kept", L::NAME);
    same(&kept.json::<L, F>(format()), &want, "kept, again", L::NAME);
}

fn check(doc: &Doc) {
    for level in Name::ALL.into_iter().filter(|n| n.is_available()) {
        with_level!(level, L => {
            check_format::<L, _>(doc, || Compact, None);
            check_format::<L, _>(doc, || Indented::new(Lines::BY_TWO), Some(2));
            let none = Policy { ascii: false, html: false };
            check_format::<L, _>(doc, || Styled::new(Style { policy: Some(none), ..Style::default() }, None), None);
            check_format::<L, _>(doc, || Styled::new(Style { policy: Some(none), ..Style::default() }, Some(Lines::BY_TWO)), Some(2));
        });
    }
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn any_document(doc in document()) {
        check(&doc);
    }
}

#[test]
fn random_documents() {
    let mut random = Random::new(1);
    for _ in 0..40 {
        check(&random.value(3));
    }
}

#[test]
fn large_documents() {
    let mut random = Random::new(2);
    let mut segments = 0;
    for _ in 0..12 {
        let doc = random.large();
        check(&doc);
        segments = segments.max(keep::<Scalar>(&doc).segments.len());
    }
    assert!(segments > 1, "some of the documents have more than one segment");
}

#[test]
fn scalars_and_empty_containers() {
    let mut random = Random::new(3);
    for doc in [Doc::Null, Doc::Array(vec![]), Doc::Object(vec![]), Doc::from(""), Doc::Uint(u64::MAX)] {
        check(&doc);
        check(&doc.nested(3));
    }
    for _ in 0..50 {
        check(&random.scalar());
    }
}

#[test]
fn deepest() {
    check(&Doc::Array(vec![]).nested(253));
    check(&(0..254).fold(Doc::Null, |doc, _| Doc::object([("k", doc)])));
}

/// The last segment's place for closing brackets is used up, wherever the cut falls.
#[test]
fn deep_at_every_cut() {
    for filled in [3700, 3838, 3839, 3840, 3841, 4089, 4090, 4091, 4092] {
        let mut elements: Vec<Doc> = (0..filled).map(|_| Doc::Null).collect();
        elements.push(Doc::Array(vec![]).nested(252));
        let doc = Doc::Array(elements);
        let want = naive::json(&doc, None);
        with_level!(Name::best(), L => {
            same(&planned::<L, _>(&doc, Compact, &THRESHOLDS[0]), &want, "planned", L::NAME);
            same(&keep::<L>(&doc).json::<L, _>(Compact), &want, "kept", L::NAME);
        });
    }
}

fn tell_bools<S: Sink>(sink: &mut S, pen: S::Pen, runs: &[(u64, usize)]) -> S::Pen {
    let pen = sink.open_array(pen, 0);
    let pen = runs.iter().enumerate().fold(pen, |pen, (i, &(bits, n))| match n {
        64 if i % 2 == 0 => sink.many_bools(pen, &[bits]),
        _ => sink.bools(pen, bits, n),
    });
    sink.close_array(pen)
}

/// Runs that begin in the middle of a word, as after a run that something has cut short.
#[test]
fn bools_at_every_shift() {
    let mut random = Random::new(4);
    for n in 1..=64 {
        let runs: Vec<(u64, usize)> = (0..40).map(|i| (random.bits(), [n, 64, 1 + i][i % 3])).collect();
        let bits = runs.iter().flat_map(|&(bits, n)| (0..n).map(move |i| Doc::Bool(bits >> i & 1 == 1)));
        let want = naive::json(&Doc::Array(bits.collect()), None);
        let got = written::<Scalar, _>(Compact, |writer, pen| {
            // SAFETY: no text is told.
            passed(writer, pen, |close| unsafe {
                by_hand::<Scalar, _, true>(|recorder, pen| tell_bools(recorder, pen, &runs), close);
            })
        });
        same(&got, &want, "planned", "scalar");
    }
}

/// Runs of no elements, wherever they stand.
fn tell_empty_runs<S: Sink>(sink: &mut S, pen: S::Pen) -> S::Pen {
    let none = |sink: &mut S, pen: S::Pen| {
        let pen = sink.ints(pen, &[]);
        let pen = sink.floats(pen, &[]);
        let pen = sink.bools(pen, u64::MAX, 0);
        let pen = sink.many_bools(pen, &[]);
        sink.texts(pen, &[]).unwrap_or_else(|i| panic!("there is no text {i}"))
    };
    let pen = sink.open_array(pen, 0);
    let pen = none(sink, pen);
    let pen = sink.ints(pen, &[1, 2, 3, 4]);
    let pen = none(sink, pen);
    let pen = sink.open_array(pen, 0);
    let pen = none(sink, pen);
    let pen = sink.close_array(pen);
    let pen = none(sink, pen);
    sink.close_array(pen)
}

#[test]
fn empty_runs() {
    with_level!(Name::best(), L => {
        let direct = written::<L, _>(Compact, |writer, pen| tell_empty_runs(writer, pen));
        assert_eq!(direct, b"[1,2,3,4,[]]");
        let planned = written::<L, _>(Compact, |writer, pen| {
            // SAFETY: no text is told.
            passed(writer, pen, |close| unsafe {
                by_hand::<L, _, true>(|recorder, pen| tell_empty_runs(recorder, pen), close);
            })
        });
        assert_eq!(planned, b"[1,2,3,4,[]]");
    });
}

/// Texts that pass are copied whole, however long they are.
#[test]
fn passing_texts_of_any_length() {
    for len in [0, 32, 33, 4095 * 8, 4096 * 8, 4097 * 8 + 3, 100_000] {
        for stored in [
            Stored::Ascii(vec![b'a'; len]),
            Stored::Latin1(vec![0xe9; len]),
            Stored::Ucs2(vec![0x4e2d; len / 2]),
            Stored::Ucs4(vec![0x1f600; len / 4]),
        ] {
            let key = Key { stored: stored.clone(), manner: Manner::Passing };
            let doc = Doc::Object(vec![(key, Doc::Array(vec![Doc::Null, Doc::Passing(stored), Doc::Null]))]);
            let want = naive::json(&doc, None);
            with_level!(Name::best(), L => {
                same(&direct::<L, _>(&doc, Compact, &THRESHOLDS[0]), &want, "direct", L::NAME);
                same(&planned::<L, _>(&doc, Compact, &THRESHOLDS[0]), &want, "planned", L::NAME);
                same(&keep::<L>(&doc).json::<L, _>(Compact), &want, "kept", L::NAME);
            });
        }
    }
}

/// Known keys keep their numbers from segment to segment.
#[test]
fn known_keys_across_segments() {
    let key = |s: &str| Key { stored: Stored::new(s), manner: Manner::Known };
    let names: Vec<String> = (0..300).map(|i| format!("key {i}")).collect();
    let doc = Doc::array(40, |i| {
        Doc::Object(names[..10 * (i % 30)].iter().map(|n| (key(n), Doc::Int(i as i64))).collect())
    });
    check(&doc);
}

/// Further ones than there are numbers for stand in the plan.
#[test]
fn more_known_keys_than_numbers() {
    let key = |i: usize| Key { stored: Stored::new(&format!("{i:x}\"")), manner: Manner::Known };
    let object = |_| Doc::Object((0..9000).map(|i| (key(i), Doc::from("value"))).collect());
    check(&Doc::array(2, object));
}

/// Long runs in the middle of everything, and the rest of them.
#[test]
fn runs_between_other_values() {
    let runs = |n: usize| {
        Doc::Array(vec![
            Doc::array(n, |i| Doc::Int(i as i64 - 100)),
            Doc::array(n, |i| Doc::Float(i as f64 / 8.0)),
            Doc::array(n, |i| Doc::Bool(i % 3 == 0)),
            Doc::array(n, |i| {
                Doc::from(["", "a", "é\n", "a text of more than thirty-two characters"][i % 4])
            }),
        ])
    };
    for n in [31, 32, 33, 64, 65, 255, 256, 257, 1500] {
        check(&Doc::object([("before", Doc::Null), ("runs", runs(n)), ("after", Doc::from("x"))]));
        check(&runs(n));
    }
}

/// Rows of any number, the rest of them, and neighbours of another width or kind.
#[test]
fn rows_between_other_values() {
    let row = |width: usize, i: usize| Doc::array(width, |j| Doc::Float((i * 3 + j) as f64 / 16.0 - 7.0));
    for n in [1, 2, 63, 64, 65, 127, 128, 129, 700] {
        let rows = |width: usize| Doc::array(n, |i| row(width, i));
        let mixed = Doc::array(n, |i| match i % 40 {
            38 => row(3, i),
            39 => Doc::Array(vec![Doc::Float(f64::NAN), Doc::Null]),
            _ => row(2, i),
        });
        check(&Doc::object([("two", rows(2)), ("three", rows(3)), ("four", rows(4)), ("mixed", mixed)]));
        check(&rows(2));
    }
}

/// Plans that are kept do not get into each other's way.
#[test]
fn many_plans_at_once() {
    let mut random = Random::new(5);
    let docs: Vec<Doc> = (0..8).map(|_| random.value(3)).collect();
    let plans: Vec<_> = docs.iter().map(keep::<Scalar>).collect();
    for (doc, plan) in docs.iter().zip(&plans).rev() {
        same(&plan.json::<Scalar, _>(Compact), &naive::json(doc, None), "kept", "scalar");
    }
}
