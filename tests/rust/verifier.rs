//! The verifier refuses each thing that it is there to refuse.

mod any;

use planjson::emit::kernel::Scalar;
use planjson::fragment::Fragment;
use planjson::plan::verify::{Flaw, Verifier};
use planjson::plan::{Recorder, SegmentRef};
use planjson::sink::Sink;
use planjson::text::{Chars, Held, Keeper, Text};

use crate::ways::{Copies, by_hand};

/// The tags, by their numbers.
#[derive(Clone, Copy)]
#[repr(u64)]
enum Tag {
    Null,
    False,
    True,
    EmptyArray,
    EmptyObject,
    Int,
    Int64,
    Uint64,
    Float,
    Wide,
    WideKey,
    HeldText,
    HeldKey,
    OpenArray,
    OpenObject,
    CloseArray,
    CloseObject,
    Ints,
    Floats,
    Bools,
    Texts,
    FinishedKey,
    Ascii,
    AsciiKey,
    Raw,
    HeldRaw,
    Clean,
    CleanKey,
    Rows,
    Plain,
}
use Tag::*;

/// A word with a payload.
const fn of(tag: Tag, payload: u64) -> u64 {
    payload << 24 | tag as u64
}

/// A word without a payload that is the value of the known key at this place.
const fn member(place: u64, tag: Tag) -> u64 {
    (512 + place) << 8 | tag as u64
}

/// A word without one.
const fn w(tag: Tag) -> u64 {
    tag as u64
}

/// Header of a text of `len` characters of the width with this number, from narrow to wide.
const fn wide(tag: Tag, width: u64, len: u64) -> u64 {
    of(tag, len << 8 | width)
}

const KEY: [u64; 2] = [of(AsciiKey, 1), b'k' as u64];

const JSON: &[u8; 65] = &[b'1'; 65];

const LONG: &[u8; 129] = &[b'x'; 129];

/// Two texts, of which the second is too short to be held, and three pieces of JSON, of which the first may be held.
fn held() -> [Held; 5] {
    // SAFETY: both are constants.
    let keeper = unsafe { Keeper::new() };
    let raw = |n| Text::from(Chars::Latin1(&JSON[..n])).hold(keeper);
    let ascii = Text::ascii(JSON).hold(keeper);
    [Text::ascii(LONG).hold(keeper), Text::ascii(&LONG[..128]).hold(keeper), raw(65), raw(64), ascii]
}

/// Checks a document of one segment.
fn whole(words: &[u64]) -> Result<(), Flaw> {
    let mut verifier = Verifier::default();
    verifier.check(SegmentRef::from_parts(words, &held()))?;
    verifier.finish()
}

/// The plan is refused because of `what`, and would be accepted if `wrong` were `right`.
fn refused(what: &str, front: &[u64], wrong: &[u64], right: &[u64], back: &[u64]) {
    let flaw = whole(&[front, wrong, back].concat()).expect_err(what);
    assert_eq!(flaw.what, what, "{wrong:x?}");
    assert!(flaw.at <= front.len() + wrong.len() + back.len());
    assert_eq!(whole(&[front, right, back].concat()), Ok(()), "{right:x?}");
}

fn in_array(what: &str, wrong: &[u64], right: &[u64]) {
    refused(what, &[w(OpenArray)], wrong, right, &[w(CloseArray)]);
}

fn in_object(what: &str, wrong: &[u64], right: &[u64]) {
    refused(what, &[w(OpenObject)], wrong, right, &[w(CloseObject)]);
}

#[test]
fn a_document_is_one_value() {
    const WHAT: &str = "a document is one value";
    refused(WHAT, &[], &[], &[w(Null)], &[]);
    refused(WHAT, &[], &[w(Null), w(True)], &[w(False)], &[]);
    refused(WHAT, &[w(OpenArray), w(CloseArray)], &[w(OpenArray), w(CloseArray)], &[], &[]);
}

#[test]
fn containers_are_closed() {
    const WHAT: &str = "a container is left open";
    refused(WHAT, &[w(OpenArray)], &[], &[w(CloseArray)], &[]);
    refused(WHAT, &[w(OpenObject)], &[], &[w(CloseObject)], &[]);
    refused(WHAT, &[w(OpenArray), w(OpenArray), w(CloseArray)], &[], &[w(CloseArray)], &[]);
}

#[test]
fn brackets_match() {
    const WHAT: &str = "a bracket closes another one";
    refused(WHAT, &[w(OpenArray)], &[w(CloseObject)], &[w(CloseArray)], &[]);
    refused(WHAT, &[w(OpenObject)], &[w(CloseArray)], &[w(CloseObject)], &[]);
    refused(WHAT, &[], &[w(CloseArray)], &[w(Null)], &[]);
    refused(WHAT, &[], &[w(CloseObject)], &[w(Null)], &[]);
    // A key without a value.
    in_object(WHAT, &KEY, &[KEY[0], KEY[1], w(Null)]);
}

#[test]
fn members_begin_with_keys() {
    const WHAT: &str = "a member begins with a key";
    let plain = [
        of(Plain, 33),
        0x2020_2020_2020_2020,
        0x2020_2020_2020_2020,
        0x2020_2020_2020_2020,
        0x2020_2020_2020_2020,
        0x20,
    ];
    let values: [&[u64]; 16] = [
        &plain,
        &[w(Null)],
        &[w(False)],
        &[of(Int, 1)],
        &[w(Int64), 1],
        &[w(Uint64), u64::MAX],
        &[w(Float), 0],
        &[w(HeldText)],
        &[of(Ascii, 0)],
        &[of(Clean, 0)],
        &[of(Raw, 1), b'1' as u64],
        &[of(HeldRaw, 2)],
        &[w(OpenArray), w(CloseArray)],
        &[w(OpenObject), w(CloseObject)],
        &[w(EmptyArray)],
        &[w(EmptyObject)],
    ];
    for value in values {
        let member = [&KEY, value].concat();
        in_object(WHAT, value, &member);
        in_object(WHAT, &[&member, value].concat(), &member);
    }
}

#[test]
fn keys_stand_in_objects() {
    const WHAT: &str = "a key stands in an object, before its value";
    let [k, e] = KEY;
    let finished = vec![of(FinishedKey, 4), u64::from_ne_bytes(*b"\"k\":\0\0\0\0"), 0, 0, 0];
    let clean = vec![of(CleanKey, 1), e];
    for key in [vec![k, e], vec![w(HeldKey)], vec![wide(WideKey, 1, 1), 0xe9], finished, clean] {
        let value = [w(Null)];
        refused(WHAT, &[], &key, &value, &[]);
        in_array(WHAT, &key, &value);
        in_object(WHAT, &[key.clone(), key.clone()].concat(), &[&key[..], &value].concat());
    }
}

#[test]
fn lanes_stand_in_arrays() {
    const WHAT: &str = "a lane stands in an array";
    let [k, e] = KEY;
    let lanes = [
        [of(Ints, 1), 7],
        [of(Floats, 1), 7],
        [wide(Rows, 1, 1), 7],
        [of(Bools, 1), 1],
        [of(Texts, 1), of(Ascii, 0)],
    ];
    for lane in lanes {
        refused(WHAT, &[], &lane, &[w(OpenArray), lane[0], lane[1], w(CloseArray)], &[]);
        in_object(WHAT, &[k, e, lane[0], lane[1]], &[k, e, w(Null)]);
        in_object(WHAT, &lane, &[]);
    }
}

#[test]
fn lanes_have_1_to_1024_elements() {
    const WHAT: &str = "a lane has 1 to 1024 elements";
    let lane = |tag, n: usize, words: usize| {
        let mut lane = vec![of(tag, n as u64)];
        lane.resize(1 + words, of(Ascii, 0));
        lane
    };
    for tag in [Ints, Floats, Texts] {
        in_array(WHAT, &lane(tag, 0, 0), &lane(tag, 1, 1));
        in_array(WHAT, &lane(tag, 1025, 1025), &lane(tag, 1024, 1024));
    }
    in_array(WHAT, &lane(Bools, 0, 0), &lane(Bools, 1, 1));
    in_array(WHAT, &lane(Bools, 1025, 17), &lane(Bools, 1024, 16));
}

#[test]
fn lanes_of_texts_hold_texts() {
    const WHAT: &str = "a lane of texts holds texts";
    let text = of(Ascii, 0);
    for other in
        [w(Null), of(Int, 1), w(OpenArray), w(CloseArray), w(HeldKey), of(AsciiKey, 0), of(CleanKey, 0)]
    {
        in_array(WHAT, &[of(Texts, 2), text, other], &[of(Texts, 2), text, text]);
    }
    in_array(WHAT, &[of(Texts, 2), text], &[of(Texts, 1), text]);
    in_array(WHAT, &[of(Texts, 1), of(Texts, 1), text], &[of(Texts, 1), text]);
}

#[test]
fn what_is_long_is_held() {
    const WHAT: &str = "a long text is held";
    let copied = |tag: u64, bytes: usize| [vec![tag], vec![0; bytes / 8]].concat();
    for (ascii, is_wide) in [(Ascii, Wide), (AsciiKey, WideKey)] {
        let long =
            [copied(of(ascii, 129), 136), copied(wide(is_wide, 1, 33), 40), copied(wide(is_wide, 2, 17), 40)];
        let short =
            [copied(of(ascii, 128), 128), copied(wide(is_wide, 1, 32), 32), copied(wide(is_wide, 2, 16), 32)];
        for (long, short) in long.iter().zip(&short) {
            if let Ascii = ascii {
                refused(WHAT, &[], long, short, &[]);
                refused(WHAT, &[w(OpenArray), of(Texts, 1)], long, short, &[w(CloseArray)]);
            } else {
                refused(WHAT, &[w(OpenObject)], long, short, &[w(Null), w(CloseObject)]);
            }
        }
    }
    let plain = |n: u64| [vec![of(Plain, n)], vec![0x2020_2020_2020_2020; n.div_ceil(8) as usize]].concat();
    refused(WHAT, &[], &plain(129), &plain(128), &[]);
    refused("a plain text is not short", &[], &plain(32), &plain(33), &[]);
    refused(
        "a plain text is not short",
        &[w(OpenArray), of(Texts, 1)],
        &plain(32),
        &plain(33),
        &[w(CloseArray)],
    );
    in_array("a short text is copied in", &[of(Texts, 1), of(HeldText, 1)], &[of(Texts, 1), of(HeldText, 0)]);
}

#[test]
fn long_json_is_held_and_short_json_copied() {
    let copied = |bytes: usize| [vec![of(Raw, bytes as u64)], vec![0; bytes.div_ceil(8)]].concat();
    refused("long JSON is held", &[], &copied(65), &copied(64), &[]);
    refused("short JSON is copied in", &[], &[of(HeldRaw, 3)], &[of(HeldRaw, 2)], &[]);
    refused("held JSON is bytes", &[], &[of(HeldRaw, 4)], &[of(HeldRaw, 2)], &[]);
    in_array("a lane of texts holds texts", &[of(Texts, 1), of(Raw, 0)], &[of(Texts, 1), of(Ascii, 0)]);
}

#[test]
fn lanes_of_texts_are_whole() {
    let (check, open) =
        (|v: &mut Verifier, words: &[u64]| v.check(SegmentRef::from_parts(words, &[])), w(OpenArray));
    let flaw = check(&mut Verifier::default(), &[open, of(Texts, 2), of(Ascii, 0)]).expect_err("cut off");
    assert_eq!(flaw, Flaw { what: "a lane of texts is cut off", at: 3 });
    let mut verifier = Verifier::default();
    assert_eq!(check(&mut verifier, &[open, of(Texts, 1), of(Ascii, 0)]), Ok(()));
    assert_eq!(check(&mut verifier, &[of(Texts, 1), of(Ascii, 0), w(CloseArray)]), Ok(()));
    assert_eq!(verifier.finish(), Ok(()));
}

#[test]
fn what_is_short_is_copied_in() {
    const WHAT: &str = "a short text is copied in";
    refused(WHAT, &[], &[of(HeldText, 1)], &[of(HeldText, 0)], &[]);
    in_object(WHAT, &[of(HeldKey, 1), w(Null)], &[of(HeldKey, 0), w(Null)]);
}

#[test]
fn small_integers_are_signed() {
    const WHAT: &str = "a small integer is not unsigned";
    for v in [0, 1, i64::MAX as u64] {
        refused(WHAT, &[w(Uint64)], &[v], &[1 << 63], &[]);
    }
}

#[test]
fn ascii_is_ascii() {
    const WHAT: &str = "an ASCII text is ASCII";
    let (good, bad) = (u64::from_ne_bytes(*b"abcdefgh"), u64::from_ne_bytes(*b"abcdefg\xe9"));
    refused(WHAT, &[of(Ascii, 8)], &[bad], &[good], &[]);
    refused(WHAT, &[wide(Wide, 0, 8)], &[bad], &[good], &[]);
    in_array(WHAT, &[of(Texts, 1), of(Ascii, 8), bad], &[of(Texts, 1), of(Ascii, 8), good]);
    in_object(WHAT, &[of(AsciiKey, 8), bad, w(Null)], &[of(AsciiKey, 8), good, w(Null)]);
    // What is behind the end means nothing, and in Latin-1 it is a character.
    assert_eq!(whole(&[of(Ascii, 7), bad]), Ok(()));
    assert_eq!(whole(&[wide(Wide, 1, 8), bad]), Ok(()));
}

/// With storage behind them and at a segment's end.
#[test]
fn clean_texts_are_clean() {
    const WHAT: &str = "a clean text has nothing to escape";
    let word = |c: u8| u64::from_ne_bytes([b'a', b'b', b'c', b'd', b'e', b'f', b'g', c]);
    for bad in [0, 0x1f, b'"', b'\\', 0x80, 0xff] {
        let text = |tag, c: u8| vec![of(tag, 16), word(b'h'), word(c), 0, 0];
        let followed = |c: u8| [&text(Clean, c)[..3], &[w(True), w(True)]].concat();
        in_array(WHAT, &followed(bad), &followed(b'h'));
        in_array(
            WHAT,
            &[&[of(Texts, 1)], &followed(bad)[..]].concat(),
            &[&[of(Texts, 1)], &followed(b'h')[..]].concat(),
        );
        in_object(
            WHAT,
            &[&text(CleanKey, bad)[..3], &[w(Null)]].concat(),
            &[&text(CleanKey, b'h')[..3], &[w(Null)]].concat(),
        );
        let plain = |c: u8| [of(Plain, 40), word(b'h'), word(b'h'), word(b'h'), word(b'h'), word(c)];
        in_array(WHAT, &plain(bad), &plain(b'h'));
        // Behind the end anything may stand.
        assert_eq!(whole(&[w(OpenArray), of(Clean, 7), word(bad), w(True), w(True), w(CloseArray)]), Ok(()));
    }
    refused("an ASCII text is ASCII", &[], &[of(Clean, 8), word(0x80)], &[of(Clean, 8), word(b'"')], &[]);
}

/// A known key that there is none of, before any kind of node.
#[test]
fn known_keys_are_known() {
    const WHAT: &str = "a node cannot be read";
    for tag in [Null, True, OpenArray, EmptyArray, EmptyObject, CloseArray, Clean] {
        in_object(WHAT, &[member(0, tag), w(Null)], &[]);
        in_object(WHAT, &[member(511, tag), w(Null)], &[]);
        // No place of a known key.
        in_object(WHAT, &[1 << 8 | tag as u64, w(Null)], &[]);
        in_object(WHAT, &[member(512, tag), w(Null)], &[]);
        in_object(WHAT, &[0xffff << 8 | tag as u64, w(Null)], &[]);
    }
}

#[test]
fn texts_have_no_surrogates() {
    const WHAT: &str = "a text has no surrogates";
    for (bad, good) in [(0xd800, 0xd7ff), (0xdbff, 0x1234), (0xdc00, 0xe000), (0xdfff, 0xffff)] {
        let narrow = |c: u16| u64::from_ne_bytes(memory([0x61, 0x62, 0x63, c]));
        refused(WHAT, &[wide(Wide, 2, 4)], &[narrow(bad)], &[narrow(good)], &[]);
        in_object(
            WHAT,
            &[wide(WideKey, 2, 4), narrow(bad), w(Null)],
            &[wide(WideKey, 2, 4), narrow(good), w(Null)],
        );
        let lane = |c| [of(Texts, 1), wide(Wide, 2, 4), narrow(c)];
        in_array(WHAT, &lane(bad), &lane(good));
        // One UCS4 character: whichever half of the word comes first, both hold it.
        let both = |c: u16| u64::from(c) << 32 | u64::from(c);
        refused(WHAT, &[wide(Wide, 3, 1)], &[both(bad)], &[both(good)], &[]);
    }
}

/// The bytes of four characters in memory.
fn memory(chars: [u16; 4]) -> [u8; 8] {
    let [a, b, c, d] = chars.map(u16::to_ne_bytes);
    [a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1]]
}

/// Words that are no node, with something behind them.
#[test]
fn nodes_can_be_read() {
    const WHAT: &str = "a node cannot be read";
    let end = [w(CloseArray)];
    for tag in [Plain as u64 + 1, 0x7f, 0x80, 0xff] {
        in_array(WHAT, &[tag], &[w(Null)]);
    }
    in_array(WHAT, &[of(HeldText, 5)], &[of(HeldText, 0)]);
    in_array(WHAT, &[of(HeldRaw, 5)], &[of(HeldRaw, 2)]);
    in_array(WHAT, &[of(HeldText, u64::MAX >> 24)], &[of(HeldText, 0)]);
    in_object(WHAT, &[of(HeldKey, 5), w(Null)], &[of(HeldKey, 0), w(Null)]);
    in_object(WHAT, &[of(FinishedKey, 33), 0, 0, 0, 0, w(Null)], &[]);
    for (tag, count) in
        [(Ints, 2), (Floats, 2), (Bools, 65), (Ascii, 9), (Raw, 9), (Clean, 9), (Plain, 33), (FinishedKey, 1)]
    {
        refused(WHAT, &[w(OpenArray)], &[of(tag, count)], &[w(Null)], &end);
        refused(WHAT, &[w(OpenArray)], &[of(tag, u64::MAX >> 24)], &[w(Null)], &end);
    }
    for (width, len) in [(0, 9), (1, 9), (2, 5), (3, 3)] {
        refused(WHAT, &[w(OpenArray)], &[wide(Wide, width, len)], &[w(Null)], &end);
        refused(WHAT, &[w(OpenArray)], &[wide(Wide, width, u64::MAX >> 32)], &[w(Null)], &end);
    }
}

/// A node whose header is the last word of its segment: unknown, cut off, or with an index out of range.
#[test]
fn a_last_node_can_be_read() {
    let last = [
        w(Plain) + 1,
        of(Plain, 1),
        wide(Rows, 2, 2),
        wide(Rows, 2, 0x7f),
        wide(Rows, 3, 4),
        w(Rows),
        0xff,
        of(Raw, 1),
        w(HeldRaw),
        w(Int64),
        w(Uint64),
        w(Float),
        of(Ints, 1),
        of(Floats, 1),
        of(Bools, 1),
        of(Ascii, 1),
        of(Clean, 1),
        w(HeldText),
        w(HeldKey),
        w(FinishedKey),
        member(0, Null),
    ];
    for last in last {
        let words = [w(OpenArray), w(CloseArray), last];
        let flaw = Verifier::default().check(SegmentRef::from_parts(&words, &[])).expect_err("cut off");
        assert_eq!(flaw, Flaw { what: "a node cannot be read", at: 2 }, "{last:x}");
    }
}

#[test]
fn finished_keys_have_fragments() {
    in_object(
        "a known key has a fragment",
        &[of(FinishedKey, 0), 0, 0, 0, 0, w(Null)],
        &[of(FinishedKey, 1), 0, 0, 0, 0, w(Null)],
    );
}

/// In release builds the recorder does not check, and the window does.
#[test]
#[should_panic(expected = "a known key has a fragment")]
fn known_keys_have_fragments() {
    let tell = |recorder: &mut Recorder<'_, _>, pen| {
        let pen = recorder.open_object(pen, 1);
        let pen = recorder.known_key(pen, 0, &Fragment::EMPTY);
        let pen = recorder.null(pen);
        recorder.close_object(pen)
    };
    let check = |segment: SegmentRef<'_>, _: Copies| Verifier::default().check(segment).expect("well formed");
    // SAFETY: no text is told.
    unsafe { by_hand::<Scalar, _, true>(tell, check) }
}
