//! Finished JSON is written as it is, on every way, and nobody looks at it after the call.

use planjson::emit::format::{Compact, Format, Indented, Lines};
use planjson::emit::kernel::Scalar;
use planjson::explain::{Limits, Print, Wanted, explain};
use planjson::options::Options;
use planjson::plan::{RAW_SHORT, Thresholds};

use crate::documents::{Doc, naive};
use crate::ways::{direct, keep, planned};

fn check_format<F: Format>(doc: &Doc, format: impl Fn() -> F, want: &[u8]) {
    let thresholds = Thresholds::default();
    assert!(direct::<Scalar, F>(doc, format(), &thresholds) == want, "direct");
    assert!(planned::<Scalar, F>(doc, format(), &thresholds) == want, "planned");
    let kept = keep::<Scalar>(doc);
    assert!(kept.json::<Scalar, F>(format()) == want, "kept");
    assert!(kept.json::<Scalar, F>(format()) == want, "kept, again");
}

fn check(doc: &Doc) {
    check_format(doc, || Compact, &naive::json(doc, None));
    check_format(doc, || Indented::new(Lines::BY_TWO), &naive::json(doc, Some(2)));
}

fn raw(n: usize) -> Doc {
    Doc::Raw((0..n).map(|i| b'a' + (i % 26) as u8).collect())
}

/// Around what a plan copies in, what a room copies at once, and what a segment holds.
#[test]
fn any_length() {
    for n in [0, 1, 7, 8, 9, RAW_SHORT - 1, RAW_SHORT, RAW_SHORT + 1, 16_383, 16_384, 16_385, 1 << 20] {
        check(&raw(n));
        check(&Doc::object([("a", raw(n)), ("b", Doc::Array(vec![raw(n), Doc::Null, raw(n)]))]));
    }
}

/// A comma or bracket at its end is its own, and none of ours to take back.
#[test]
fn any_content() {
    for bytes in ["", ",", ",,", "]", "[", "{\"a\": 1}", "\n", "\"é\"", "1,"] {
        let raw = || Doc::Raw(bytes.as_bytes().to_vec());
        check(&raw());
        check(&Doc::Array(vec![raw()]));
        check(&Doc::Array(vec![raw(), raw(), Doc::Array(vec![])]));
        check(&Doc::object([("a", raw())]));
    }
}

#[test]
fn in_many_segments() {
    check(&Doc::array(5000, |i| raw(i % 100)));
}

#[test]
fn sizes_are_exact() {
    for n in [0, 1, RAW_SHORT, RAW_SHORT + 1, 5000] {
        let doc = raw(n);
        let size = keep::<Scalar>(&doc).segments[0].as_ref().size();
        assert_eq!((size.likely, size.strict), (n + 1, n + 1));
    }
}

#[test]
fn a_plan_says_raw() {
    let doc = Doc::object([("date", raw(34)), ("all", Doc::array(3, |_| raw(100)))]);
    let kept = keep::<Scalar>(&doc);
    let (explained, _) =
        explain::<Scalar>(kept.segments(), &Options::default(), Wanted::default()).expect("memory");
    let text = Print { explained: &explained, limits: Limits::default(), color: false }.to_string();
    assert!(text.contains("$.date  raw"), "{text}");
    assert!(text.contains("$.all   raw[3]"), "{text}");
}
