//! Plans as text, and that the bytes of their lines add up.

use planjson::emit::kernel::Scalar;
use planjson::explain::{Explained, Line, explain};
use planjson::plan::Thresholds;
use planjson::style::{Indent, Style};
use proptest::prelude::*;

use crate::documents::strategy::{config, document};
use crate::documents::{Doc, Stored, naive};
use crate::ways::keep;

const INDENTED: Style = Style { indent: Some(Indent::spaces(2)), policy: None, spaced: false, repr: false };

fn explained(doc: &Doc, style: Style) -> Explained {
    explain(keep::<Scalar>(doc).segments(), &Thresholds::default(), style)
}

/// `want` begins with a line break.
#[track_caller]
fn check(doc: &Doc, want: &str) {
    assert_eq!(format!("\n{}", explained(doc, Style::default())), want);
}

fn ints(n: usize) -> Doc {
    Doc::array(n, |i| Doc::Int(i as i64))
}

fn rows() -> Doc {
    Doc::array(2, |i| {
        Doc::object([
            ("id", Doc::Int(i as i64)),
            ("tags", Doc::Array(vec![Doc::from("a"), Doc::from("b")])),
            ("at", Doc::object([("x", Doc::Float(1.5))])),
        ])
    })
}

#[test]
fn scalars() {
    check(
        &Doc::Null,
        "
plan: 4 bytes (expected 5, at most 5), 1 words in 1 segments, lanes from int 4, float 6, bool 2, str 16
$  null      4 B
",
    );
    check(
        &Doc::from("a \"b\""),
        "
plan: 9 bytes (expected 9, at most 34), 2 words in 1 segments, lanes from int 4, float 6, bool 2, str 16
$  str       9 B
",
    );
}

#[test]
fn empty_containers() {
    check(
        &Doc::Array(vec![]),
        "
plan: 2 bytes (expected 3, at most 3), 2 words in 1 segments, lanes from int 4, float 6, bool 2, str 16
$  array   0  2 B
",
    );
    check(
        &Doc::object([("a", Doc::Array(vec![])), ("o", Doc::Object(vec![]))]),
        "
plan: 15 bytes (expected 19, at most 29), 10 words in 1 segments, lanes from int 4, float 6, bool 2, str 16
$      object  2  15 B
  $.a  array   0   7 B
  $.o  object  0   7 B
",
    );
}

#[test]
fn lanes() {
    let doc = Doc::object([
        ("ints", ints(100)),
        ("floats", Doc::array(10, |i| Doc::Float(i as f64 / 4.0))),
        ("bools", Doc::array(3, |i| Doc::Bool(i == 1))),
        ("strs", Doc::array(20, |i| Doc::from(&*i.to_string()))),
    ]);
    check(
        &doc,
        "
plan: 482 bytes (expected 699, at most 1,044), 173 words in 1 segments, lanes from int 4, float 6, bool 2, str 16
$           object    4  482 B
  $.ints    array   100  299 B  int lane
  $.floats  array    10   56 B  float lane
  $.bools   array     3   27 B  bool lane
  $.strs    array    20   99 B  str lane
",
    );
}

#[test]
fn below_threshold() {
    let doc = Doc::object([
        ("int", ints(3)),
        ("float", Doc::array(5, |_| Doc::Float(0.5))),
        ("bool", Doc::array(1, |_| Doc::Bool(true))),
        ("str", Doc::array(15, |_| Doc::from("s"))),
        ("big", Doc::array(5, |_| Doc::Uint(u64::MAX))),
    ]);
    check(
        &doc,
        "
plan: 240 bytes (expected 347, at most 537), 76 words in 1 segments, lanes from int 4, float 6, bool 2, str 16
$          object   5  240 B
  $.int    array    3   14 B  no lane: below threshold 4
  $.float  array    5   30 B  no lane: below threshold 6
  $.bool   array    1   14 B  no lane: below threshold 2
  $.str    array   15   68 B  no lane: below threshold 16
  $.big    array    5  113 B  no lane: not all of 64 bits
",
    );
}

/// Strings that were not told as a run, as those of subclasses are not.
#[test]
fn subclasses() {
    check(
        &Doc::array(16, |_| Doc::Passing(Stored::new("s"))),
        "
plan: 65 bytes (expected 83, at most 163), 34 words in 1 segments, lanes from int 4, float 6, bool 2, str 16
$  array   16  65 B  no lane: of a subclass of str
",
    );
}

#[test]
fn mixed() {
    let bools = [Doc::Bool(true), Doc::Bool(false)];
    let doc = Doc::Array(
        [Doc::Int(1), Doc::from("two"), Doc::Null]
            .into_iter()
            .chain(bools)
            .chain([Doc::Float(0.5)])
            .collect(),
    );
    check(
        &doc,
        "
plan: 29 bytes (expected 48, at most 68), 10 words in 1 segments, lanes from int 4, float 6, bool 2, str 16
$          array   6  29 B  lanes for 2 of 6: mixed: int until [1], then str
  $[0]     int         2 B
  $[1]     str         6 B
  $[2]     null        5 B
  $[3..4]  bool    2  11 B  bool lane
  $[5]     float       4 B
",
    );
}

#[test]
fn several_lanes() {
    let lane = || (0..5).map(Doc::Int);
    let doc = [ints(0), ints(4)].into_iter().chain(lane()).chain([Doc::Null]).chain(lane());
    check(
        &Doc::Array(doc.collect()),
        "
plan: 39 bytes (expected 39, at most 47), 24 words in 1 segments, lanes from int 4, float 6, bool 2, str 16
$           array   13  39 B  lanes for 10 of 13: mixed: array until [2], then int
  $[0]      array    0   3 B
  $[1]      array    4  10 B  int lane
  $[2..6]   int      5  10 B  int lane
  $[7]      null         5 B
  $[8..12]  int      5  10 B  int lane
",
    );
    check(
        &Doc::Array(lane().chain([Doc::Uint(u64::MAX)]).collect()),
        "
plan: 32 bytes (expected 33, at most 36), 10 words in 1 segments, lanes from int 4, float 6, bool 2, str 16
$          array   6  32 B  int lanes for 5 of 6
  $[0..4]  int     5  10 B  int lane
  $[5]     int        21 B
",
    );
}

#[test]
fn nested() {
    check(
        &rows(),
        "
plan: 83 bytes (expected 135, at most 255), 44 words in 1 segments, lanes from int 4, float 6, bool 2, str 16
$                array   2  83 B  no lane: objects have none
  $[0]           object  3  41 B
    $[0].id      int         7 B
    $[0].tags    array   2  17 B  no lane: below threshold 16
    $[0].at      object  1  15 B
      $[0].at.x  float       8 B
  $[1]           object  3  41 B
    $[1].id      int         7 B
    $[1].tags    array   2  17 B  no lane: below threshold 16
    $[1].at      object  1  15 B
      $[1].at.x  float       8 B
",
    );
}

#[test]
fn indented() {
    let got = explained(&Doc::object([("rows", rows())]), INDENTED);
    let want = "
plan: 252 bytes (expected 146, at most 286), 48 words in 1 segments, lanes from int 4, float 6, bool 2, str 16
$                       object  1  252 B
  $.rows                array   2  250 B  no lane: objects have none
    $.rows[0]           object  3  117 B
      $.rows[0].id      int         15 B
      $.rows[0].tags    array   2   50 B  no lane: below threshold 16
      $.rows[0].at      object  1   40 B
        $.rows[0].at.x  float       18 B
    $.rows[1]           object  3  117 B
      $.rows[1].id      int         15 B
      $.rows[1].tags    array   2   50 B  no lane: below threshold 16
      $.rows[1].at      object  1   40 B
        $.rows[1].at.x  float       18 B
";
    assert_eq!(format!("\n{got}"), want);
}

#[test]
fn odd_keys() {
    let inner = Doc::Array(vec![Doc::Null, Doc::object([("\\", Doc::Null)])]);
    let doc = Doc::object([
        ("two words", Doc::Null),
        ("say \"hi\"", Doc::Null),
        ("a\nb", Doc::Null),
        ("größe", Doc::Null),
        ("\u{1f600}", Doc::Null),
        ("", Doc::Null),
        ("9", inner),
    ]);
    check(
        &doc,
        r#"
plan: 106 bytes (expected 117, at most 297), 30 words in 1 segments, lanes from int 4, float 6, bool 2, str 16
$                      object  7  106 B
  $["two words"]       null        17 B
  $["say \"hi\""]      null        18 B
  $["a\nb"]            null        12 B
  $.größe              null        15 B
  $["😀"]               null        12 B
  $[""]                null         8 B
  $["9"]               array   2   23 B  no lane: mixed: null until [1], then object
    $["9"][0]          null         5 B
    $["9"][1]          object  1   12 B
      $["9"][1]["\\"]  null        10 B
"#,
    );
}

/// A lane is shown as one, however many nodes and segments it has.
#[test]
fn large() {
    check(
        &ints(5000),
        "
plan: 23,891 bytes (expected 24,602, at most 27,102), 5,008 words in 2 segments, lanes from int 4, float 6, bool 2, str 16
$  array   5,000  23,891 B  int lane
",
    );
    let text = explained(&Doc::array(1200, |_| Doc::Array(vec![])), Style::default()).to_string();
    assert_eq!(text.lines().count(), 1 + 1000 + 1);
    assert!(text.ends_with("\n  $[998]  array       0      3 B\n... and 201 nodes more\n"));
}

/// The lines right below `lines[at]`.
fn below(lines: &[Line], at: usize) -> impl Iterator<Item = &Line> {
    let depth = lines[at].depth;
    lines[at + 1..].iter().take_while(move |l| l.depth > depth).filter(move |l| l.depth == depth + 1)
}

fn adds_up(lines: &[Line], at: usize) {
    let Line { depth, ref path, kind, bytes, .. } = lines[at];
    if below(lines, at).next().is_none() {
        // An array may say all on its own line.
        return;
    }
    let inside: usize = below(lines, at).map(|l| l.bytes).sum();
    // The brackets and the comma behind, and the one inside that is taken back; the document has no comma.
    let around = if depth == 0 { 1 } else { 2 };
    if depth == 0 || (path.ends_with(']') && !path.ends_with("\"]")) {
        assert_eq!(bytes, inside + around, "{path}");
    } else {
        assert!(bytes >= inside + around + "\"\":".len(), "{path}");
    }
    assert!(matches!(kind, "array" | "object"));
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn bytes_add_up(doc in document()) {
        let explained = explained(&doc, Style::default());
        prop_assert_eq!(explained.bytes, naive::json(&doc, None).len());
        prop_assert_eq!(explained.lines[0].bytes, explained.bytes);
        prop_assert!(explained.bytes < explained.strict);
        if explained.omitted == 0 {
            (0..explained.lines.len()).for_each(|at| adds_up(&explained.lines, at));
        }
    }

    #[test]
    fn bytes_add_up_indented(doc in document()) {
        let explained = explained(&doc, INDENTED);
        prop_assert_eq!(explained.bytes, naive::json(&doc, Some(2)).len());
        prop_assert_eq!(explained.lines[0].bytes, explained.bytes);
        for (at, line) in explained.lines.iter().enumerate() {
            prop_assert!(line.bytes >= below(&explained.lines, at).map(|l| l.bytes).sum());
        }
    }
}
