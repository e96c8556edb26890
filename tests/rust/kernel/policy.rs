//! Escapes of the caller's choice: the kernel, and the room that shares the work between it and the others.

#![allow(clippy::single_range_in_vec_init)]

use std::ops::Range;

use super::text_harness::{Guarded, Random};
use planjson::emit::kernel::{Level, MARKED_MAX, Name, Policy, SLACK};
use planjson::emit::room::{Memory, Room};
use planjson::text::{Chars, Text};

const CANARY: u8 = 0xff;

const POLICIES: [Policy; 3] = [
    Policy { ascii: true, html: false },
    Policy { ascii: false, html: true },
    Policy { ascii: true, html: true },
];

/// What the kernels that share the work do with, and ranges on both sides of each border.
const RANGES: [&[Range<u32>]; 12] = [
    &[0x61..0x7b],
    &[0x20..0x7f],
    &[0..0x80],
    &[0x61..0x7b, 0x61..0x7b, 0x61..0x7b, 0x3c..0x3f, 0x26..0x27],
    &[0x3c..0x3f],
    &[0x61..0x7b, 0x7e..0x81],
    &[0x61..0x7b, 0x80..0x100],
    &[0x61..0x7b, 0x2026..0x202c],
    &[0x4e00..0xa000, 0x20..0x80],
    &[0xe000..0x1_0000],
    &[0x1_0000..0x1_0002, 0x10_fffe..0x11_0000, 0x61..0x7b],
    &[0..0x80, 0x80..0x800, 0x800..0xd800, 0xe000..0x1_0000, 0x1_0000..0x11_0000],
];

fn naive(points: impl Iterator<Item = u32>, policy: Policy) -> Option<String> {
    let mut json = String::new();
    for c in points {
        let c = char::from_u32(c)?;
        let wanted = policy.ascii && c > '~' || policy.html && "<>&\u{2028}\u{2029}".contains(c);
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\u{8}' => json.push_str("\\b"),
            '\t' => json.push_str("\\t"),
            '\n' => json.push_str("\\n"),
            '\u{c}' => json.push_str("\\f"),
            '\r' => json.push_str("\\r"),
            _ if c < ' ' || wanted => {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| json.push_str(&format!("\\u{unit:04x}")));
            }
            _ => json.push(c),
        }
    }
    Some(json)
}

trait Char: Copy + Into<u32> + std::fmt::Debug {
    const LAST: u32;
    fn of(c: u32) -> Self;
    fn text(s: &[Self]) -> Text<'_>;
}

macro_rules! char {
    ($t:ty, $width:ident, $last:literal) => {
        impl Char for $t {
            const LAST: u32 = $last;
            fn of(c: u32) -> Self {
                c as $t
            }
            fn text(s: &[Self]) -> Text<'_> {
                Text::from(Chars::$width(s))
            }
        }
    };
}
char!(u8, Latin1, 0xff);
char!(u16, Ucs2, 0xffff);
char!(u32, Ucs4, 0x10_ffff);

/// The kernel alone keeps to its bound and its slack, and what it spares it may spare.
fn check_kernel<C: Char>(out: &mut Guarded, s: &[C], policy: Policy) {
    let want = naive(s.iter().map(|&c| c.into()), policy);
    let bound = MARKED_MAX * s.len() + SLACK;
    let room = out.bytes();
    let start = room.len() - bound;
    let room = &mut room[start..];
    room.fill(CANARY);
    // SAFETY: the bound is writable.
    let n = unsafe {
        let end = policy.write(room.as_mut_ptr(), s);
        (!end.is_null()).then(|| end.offset_from(room.as_ptr()) as usize)
    };
    assert_eq!(n.map(|n| &room[..n]), want.as_ref().map(String::as_bytes), "{policy:?} {s:x?}");
    if let Some(n) = n {
        assert!(room[(n + SLACK).min(bound)..].iter().all(|&b| b == CANARY), "wrote behind: {s:x?}");
    }
    let plain = Policy { ascii: false, html: false };
    let spared = s[..policy.spared(s)].iter().map(|&c| c.into());
    assert_eq!(naive(spared.clone(), policy), naive(spared, plain), "{policy:?} spares {s:x?}");
}

/// A room and the kernels of `L`.
fn check_room<L: Level>(text: Text<'_>, policy: Policy) {
    let mut memory = Memory::default();
    let (mut room, pen) = Room::new(&mut memory, 0);
    let got = room.text_under::<L>(policy, pen, text, *b"\",");
    let want = naive(text.points(), policy);
    match got {
        Err(_) => assert_eq!(want, None),
        Ok(pen) => {
            let written = room.finish(pen).expect("there was memory");
            let got = String::from_utf8(memory.bytes(written)).expect("UTF-8");
            assert_eq!(Some(got), want.map(|json| format!("\"{json}\",")));
        }
    }
}

fn check<C: Char>(out: &mut Guarded, s: &[C]) {
    for policy in POLICIES {
        check_kernel(out, s, policy);
        for name in Name::ALL.into_iter().filter(|name| name.is_available()) {
            planjson::with_level!(name, L => check_room::<L>(C::text(s), policy));
            if let Some(s) = ascii(s) {
                planjson::with_level!(name, L => check_room::<L>(Text::ascii(&s), policy));
            }
        }
    }
}

fn ascii<C: Char>(s: &[C]) -> Option<Vec<u8>> {
    s.iter().map(|&c| u8::try_from(c.into()).ok().filter(u8::is_ascii)).collect()
}

fn lengths_and_alignments<C: Char>() {
    let (mut r, mut input, mut out) = (Random(5), Guarded::new(2048), Guarded::new(12 * 300 + SLACK));
    for n in 0..=300 {
        for (ranges, part) in RANGES.iter().zip(0..) {
            if ranges.iter().any(|range| range.end - 1 > C::LAST) {
                continue;
            }
            let s: Vec<C> = (0..n).map(|_| C::of(r.of(ranges))).collect();
            // All alignments for some of the ranges at each length, the first for the others.
            let step = if (n + part) % 61 == 0 { 1 } else { 64 };
            for at in (0..64 / size_of::<C>()).step_by(step) {
                check(&mut out, input.place(at * size_of::<C>(), &s));
            }
            check(&mut out, input.place_last(&s));
        }
    }
}

#[test]
fn lengths_and_alignments_of_bytes() {
    lengths_and_alignments::<u8>();
}

#[test]
fn lengths_and_alignments_of_ucs2() {
    lengths_and_alignments::<u16>();
}

#[test]
fn lengths_and_alignments_of_ucs4() {
    lengths_and_alignments::<u32>();
}

#[test]
fn each_code_point_alone_and_among_others() {
    let mut out = Guarded::new(12 * 300 + SLACK);
    for c in (0..0x11_0000).step_by(251).chain(0..0x800).chain(0x2000..0x2100).chain(0xd7f0..0xe010) {
        check(&mut out, &[c]);
        let mut among = [u32::from(b'a'); 70];
        among[c as usize % 70] = c;
        check(&mut out, &among);
    }
}

#[test]
fn surrogates_anywhere() {
    let mut out = Guarded::new(12 * 300 + SLACK);
    for fill in [b'a', b'<', b'"'].map(u16::from).into_iter().chain([0x4e2d]) {
        for n in [1, 31, 32, 33, 64, 65, 100] {
            for at in 0..n {
                let mut s = vec![fill; n];
                s[at] = [0xd800, 0xdbff, 0xdc00, 0xdfff][at % 4];
                check(&mut out, &s);
            }
        }
    }
}

#[test]
fn longer_than_the_pieces_of_a_room() {
    for n in [2047, 2048, 2049, 4096, 10_000] {
        for (fill, other) in [('a', '<'), ('a', '\u{1f600}'), ('\u{1f600}', 'a'), ('\u{2028}', '"')] {
            for at in [0, 31, 32, 2047, 2048, n - 1].into_iter().filter(|&at| at < n) {
                let mut s = vec![fill as u32; n];
                s[at] = other as u32;
                for policy in POLICIES {
                    for name in Name::ALL.into_iter().filter(|name| name.is_available()) {
                        planjson::with_level!(name, L => check_room::<L>(u32::text(&s), policy));
                    }
                }
            }
        }
    }
}
