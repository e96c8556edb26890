//! Plans as text, and that the bytes of their lines add up.

use planjson::emit::kernel::Scalar;
use planjson::explain::{Explained, Limits, Line, Print, Wanted, explain, measure};
use planjson::options::{Options, flag};
use planjson::plan::Thresholds;
use planjson::style::Style;
use proptest::prelude::*;

use crate::documents::strategy::{config, document};
use crate::documents::{Doc, Stored, naive};
use crate::ways::keep;

fn explained(doc: &Doc, indented: bool) -> Explained {
    let flags = if indented { flag::INDENT_2 } else { 0 };
    let options = Options::new(i64::from(flags), Thresholds::default()).expect("flags that are known");
    explain::<Scalar>(keep::<Scalar>(doc).segments(), &options, Wanted::default()).expect("memory").0
}

fn text(doc: &Doc, limits: Limits) -> String {
    Print { explained: &explained(doc, false), limits, color: false }.to_string()
}

/// `want` begins with a line break.
#[track_caller]
fn check(doc: &Doc, want: &str) {
    assert_eq!(format!("\n{}", text(doc, Limits::default())), want);
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
plan: 1 value, 1 node, 0 lanes for 0 of 0 elements; 4 bytes (expected 5, at most 5)
      1 word in 1 segment (8 bytes); lanes from int 4, float 6, bool 2, str 16
$  null  1  4 B  100.0 %
",
    );
    check(
        &Doc::from("a \"b\""),
        "
plan: 1 value, 1 node, 0 lanes for 0 of 0 elements; 9 bytes (expected 9, at most 34)
      2 words in 1 segment (16 bytes); lanes from int 4, float 6, bool 2, str 16
$  str  1  9 B  100.0 %  ! escapes in 100 %
",
    );
}

#[test]
fn empty_containers() {
    check(
        &Doc::Array(vec![]),
        "
plan: 1 value, 1 node, 0 lanes for 0 of 0 elements; 2 bytes (expected 3, at most 3)
      2 words in 1 segment (16 bytes); lanes from int 4, float 6, bool 2, str 16
$  array[0]  1  2 B  100.0 %
",
    );
    check(
        &Doc::object([("a", Doc::Array(vec![])), ("o", Doc::Object(vec![]))]),
        "
plan: 3 values, 3 nodes, 0 lanes for 0 of 0 elements; 15 bytes (expected 19, at most 29)
      10 words in 1 segment (80 bytes); lanes from int 4, float 6, bool 2, str 16
$      object    1  15 B  100.0 %
  $.a  array[0]  1   7 B   46.7 %
  $.o  object    1   7 B   46.7 %
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
plan: 138 values, 5 nodes, 4 lanes for 133 of 133 elements; 482 bytes (expected 699, at most 1,044)
      173 words in 1 segment (1,384 bytes); lanes from int 4, float 6, bool 2, str 16
$           object     1  482 B  100.0 %
  $.ints    int[100]   1  299 B   62.0 %  int (2 digits) lane
  $.floats  float[10]  1   56 B   11.6 %  float (64 bits) lane
  $.bools   bool[3]    1   27 B    5.6 %  bool (1 bit) lane
  $.strs    str[20]    1   99 B   20.5 %  str (ascii) lane
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
plan: 35 values, 6 nodes, 0 lanes for 0 of 29 elements; 240 bytes (expected 347, at most 537)
      76 words in 1 segment (608 bytes); lanes from int 4, float 6, bool 2, str 16
      elements outside of lanes: 24 below-threshold, 5 unsigned
$          object    1  240 B  100.0 %
  $.int    int[3]    1   14 B    5.8 %  ! below threshold 4
  $.float  float[5]  1   30 B   12.5 %  ! below threshold 6
  $.bool   bool[1]   1   14 B    5.8 %  ! below threshold 2
  $.str    str[15]   1   68 B   28.3 %  ! below threshold 16
  $.big    int[5]    1  113 B   47.1 %  ! integers beyond 63 bits interrupt lanes
",
    );
}

/// Strings that were not told as a run, as those of subclasses are not.
#[test]
fn subclasses() {
    check(
        &Doc::array(16, |_| Doc::Passing(Stored::new("s"))),
        "
plan: 17 values, 1 node, 0 lanes for 0 of 16 elements; 65 bytes (expected 83, at most 163)
      34 words in 1 segment (272 bytes); lanes from int 4, float 6, bool 2, str 16
      elements outside of lanes: 16 single
$  str[16]  1  65 B  100.0 %  ! told one by one, as instances of subclasses are
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
plan: 7 values, 1 node, 1 lane for 2 of 5 elements; 29 bytes (expected 48, at most 68)
      10 words in 1 segment (80 bytes); lanes from int 4, float 6, bool 2, str 16
      elements outside of lanes: 3 mixed
$  mixed[6]  1  29 B  100.0 %  bool (1 bit) lane for 2 of 6  ! mixed: int until [1], then str
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
plan: 18 values, 2 nodes, 3 lanes for 14 of 14 elements; 39 bytes (expected 39, at most 47)
      24 words in 1 segment (192 bytes); lanes from int 4, float 6, bool 2, str 16
$       mixed[13]            1  39 B  100.0 %  int (1 digit) lane for 10 of 13
  $[*]  int|int[0..4]|null  13  38 B   97.4 %  int (1 digit) lane
",
    );
    check(
        &Doc::Array(lane().chain([Doc::Uint(u64::MAX)]).collect()),
        "
plan: 7 values, 1 node, 1 lane for 5 of 6 elements; 32 bytes (expected 33, at most 36)
      10 words in 1 segment (80 bytes); lanes from int 4, float 6, bool 2, str 16
      elements outside of lanes: 1 unsigned
$  int[6]  1  32 B  100.0 %  int (20 digits) lane for 5 of 6  ! integers beyond 63 bits interrupt lanes
",
    );
}

#[test]
fn nested() {
    check(
        &rows(),
        "
plan: 15 values, 6 nodes, 0 lanes for 0 of 4 elements; 83 bytes (expected 135, at most 255)
      44 words in 1 segment (352 bytes); lanes from int 4, float 6, bool 2, str 16
      elements outside of lanes: 4 below-threshold
$                object[2]  1  83 B  100.0 %
  $[*]           object     2  82 B   98.8 %
    $[*].id      int        2  14 B   16.9 %
    $[*].tags    str[2]     2  34 B   41.0 %  ! below threshold 16 (all 2 arrays)
    $[*].at      object     2  30 B   36.1 %
      $[*].at.x  float      2  16 B   19.3 %
",
    );
}

#[test]
fn indented() {
    let explained = explained(&Doc::object([("rows", rows())]), true);
    let got = Print { explained: &explained, limits: Limits::default(), color: false };
    let want = "
plan: 16 values, 7 nodes, 0 lanes for 0 of 4 elements; 252 bytes (expected 146, at most 286)
      48 words in 1 segment (384 bytes); lanes from int 4, float 6, bool 2, str 16
      elements outside of lanes: 4 below-threshold
$                       object     1  252 B  100.0 %
  $.rows                object[2]  1  250 B   99.2 %
    $.rows[*]           object     2  234 B   92.9 %
      $.rows[*].id      int        2   30 B   11.9 %
      $.rows[*].tags    str[2]     2  100 B   39.7 %  ! below threshold 16 (all 2 arrays)
      $.rows[*].at      object     2   80 B   31.7 %
        $.rows[*].at.x  float      2   36 B   14.3 %
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
plan: 11 values, 10 nodes, 0 lanes for 0 of 0 elements; 106 bytes (expected 117, at most 297)
      30 words in 1 segment (240 bytes); lanes from int 4, float 6, bool 2, str 16
$                      object       1  106 B  100.0 %
  $["two words"]       null         1   17 B   16.0 %
  $["say \"hi\""]      null         1   18 B   17.0 %
  $["a\nb"]            null         1   12 B   11.3 %
  $.größe              null         1   15 B   14.2 %
  $["😀"]               null         1   12 B   11.3 %
  $[""]                null         1    8 B    7.5 %
  $["9"]               mixed[2]     1   23 B   21.7 %
    $["9"][*]          null|object  2   17 B   16.0 %
      $["9"][*]["\\"]  null         1   10 B    9.4 %
"#,
    );
}

/// A lane is shown as one, however many nodes and segments it has.
#[test]
fn large() {
    check(
        &ints(5000),
        "
plan: 5,001 values, 1 node, 1 lane for 5,000 of 5,000 elements; 23,891 bytes (expected 24,602, at most 27,102)
      5,008 words in 2 segments (40,064 bytes); lanes from int 4, float 6, bool 2, str 16
$  int[5,000]  1  23,891 B  100.0 %  int (4 digits) lane
",
    );
    let wide = Doc::Object((0..1200).map(|i| (Doc::key(&format!("k{i}")), Doc::Null)).collect());
    let lines = text(&wide, Limits::default());
    assert_eq!(lines.lines().count(), 2 + 1 + 16 + 1);
    assert!(lines.contains("... 985 more"), "{lines}");
}

/// Rows are one node, whatever their number.
#[test]
fn many_rows() {
    let doc = Doc::array(1000, |i| {
        let mut row = vec![(Doc::key("id"), Doc::Int(i as i64)), (Doc::key("name"), Doc::from("n"))];
        if i == 400 {
            row.reverse();
        }
        if i >= 900 {
            row.push((Doc::key("note"), if i % 2 == 0 { Doc::Null } else { Doc::from("\"a\"") }));
        }
        Doc::Object(row)
    });
    check(&doc, "
plan: 3,101 values, 5 nodes, 0 lanes for 0 of 0 elements; 23,241 bytes (expected 27,819, at most 65,569)
      9,352 words in 3 segments (74,816 bytes); lanes from int 4, float 6, bool 2, str 16
$              object[1,000]      1  23,241 B  100.0 %
  $[*]         object         1,000  23,240 B  100.0 %  ! key order differs from row 0 in 1 of 1,000, first at $[400]; keys differ from row 0 in 100 of 1,000, first at $[900]
    $[*].id    int            1,000   8,890 B   38.3 %
    $[*].name  str            1,000  11,000 B   47.3 %
    $[*].note  null|str         100   1,350 B    5.8 %  ! escapes in 100 %
");
}

#[test]
fn maps() {
    let doc = Doc::Object(
        (0..20)
            .map(|i| {
                let inner = Doc::object([("a", Doc::Int(i)), ("b", ints(i as usize % 3))]);
                (Doc::key(&format!("k{i}")), inner)
            })
            .collect(),
    );
    check(
        &doc,
        "
plan: 80 values, 4 nodes, 0 lanes for 0 of 19 elements; 446 bytes (expected 543, at most 993)
      241 words in 1 segment (1,928 bytes); lanes from int 4, float 6, bool 2, str 16
      elements outside of lanes: 19 below-threshold
$          object      1  446 B  100.0 %
  $.*      object     20  445 B   99.8 %
    $.*.a  int        20  130 B   29.1 %
    $.*.b  int[0..2]  20  165 B   37.0 %  ! below threshold 4 (13 of 20 arrays)
",
    );
}

#[test]
fn limits() {
    let doc = Doc::object([("a", Doc::Null.nested(5)), ("b", rows())]);
    let limits = Limits { depth: 1, width: 16 };
    assert_eq!(
        format!("\n{}", text(&doc, limits)),
        "
plan: 22 values, 12 nodes, 0 lanes for 0 of 4 elements; 108 bytes (expected 168, at most 298)
      61 words in 1 segment (488 bytes); lanes from int 4, float 6, bool 2, str 16
      elements outside of lanes: 4 below-threshold
$               object     1  108 B  100.0 %
  $.a           array[1]   1   19 B   17.6 %
    ... 4 more  (depth)        13 B   12.0 %
  $.b           object[2]  1   88 B   81.5 %
    ... 5 more  (depth)        82 B   75.9 %
"
    );
    let all = explained(&doc, false);
    assert_eq!(all.lines(Limits::NONE).len(), all.shown());
}

#[test]
fn reasons() {
    let wide = |n: usize| Doc::array(20, |i| Doc::from(if i < n { "\u{e9}" } else { "e\n" }));
    let key = "a key that is longer than thirty characters";
    let row = |v| Doc::object([("lost", Doc::Float(v)), (key, Doc::Null)]);
    let doc = Doc::object([("wide", wide(1)), ("rows", Doc::Array(vec![row(f64::NAN), row(1.0)]))]);
    check(&doc, "
plan: 29 values, 6 nodes, 1 lane for 20 of 20 elements; 267 bytes (expected 311, at most 1,031)
      79 words in 1 segment (632 bytes); lanes from int 4, float 6, bool 2, str 16
$                                                               object     1  267 B  100.0 %
  $.wide                                                        str[20]    1  128 B   47.9 %  str (latin-1) lane  ! non-ASCII in 5 %; escapes in 95 %
  $.rows                                                        object[2]  1  138 B   51.7 %
    $.rows[*]                                                   object     2  129 B   48.3 %
      $.rows[*].lost                                            float      2   23 B    8.6 %  ! NaN or infinity written as null: 1
      $.rows[*][\"a key that is longer than thirty characters\"]  null       2  102 B   38.2 %  ! key longer than 28: written anew each time
");
}

/// Times are there, and those of the nodes below are part of those above.
#[test]
fn times() {
    let doc = Doc::object([("ints", ints(5000)), ("rows", Doc::array(3000, |_| rows()))]);
    let kept = keep::<Scalar>(&doc);
    let wanted = Wanted { trace: true, values: false };
    let (mut explained, trace) =
        explain::<Scalar>(kept.segments(), &Options::default(), wanted).expect("memory");
    measure::<Scalar>(kept.segments(), &mut explained, &trace, Style::default()).expect("memory");
    let own: u64 = explained.nodes.iter().map(|node| node.time).sum();
    assert_eq!(explained.nodes[0].total_time, own);
    assert!(explained.times.is_some_and(|times| times.emitting > 0 && times.measured > 0));
    assert!(own > 0);
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn bytes_add_up(doc in document(), indented: bool) {
        let explained = explained(&doc, indented);
        let spaces = indented.then_some(2);
        prop_assert_eq!(explained.totals.bytes, naive::json(&doc, spaces).len());
        prop_assert_eq!(explained.nodes[0].bytes(), explained.totals.bytes);
        prop_assert!(indented || explained.totals.bytes < explained.totals.strict);
        for (at, node) in explained.nodes.iter().enumerate() {
            let below = explained.below(at as u32);
            let inside: usize = below.iter().map(|&at| explained.nodes[at as usize].bytes()).sum();
            prop_assert!(node.bytes() >= inside);
            prop_assert!(below.iter().all(|&b| explained.nodes[b as usize].parent as usize == at));
        }
        let lines = explained.lines(Limits::NONE);
        prop_assert_eq!(lines.len(), explained.shown());
        prop_assert!(lines.iter().all(|line| matches!(line, Line::Node(..))));
    }
}
