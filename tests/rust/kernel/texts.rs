//! Runs of strings, drawn from a source.

#![allow(clippy::single_range_in_vec_init)]

use super::harness::rounds;
use super::text_harness::{Guarded, Random, naive};
use planjson::emit::kernel::{Chars, Level, NARROW_MAX, SLACK, Source, Stop, stands_in};
use std::ops::Range;

for_each_level! {
    every_length_at_a_page,
    every_length_among_others,
    escapes_come_and_go,
    little_room,
    utf8_that_is_there,
    surrogates,
    copies_tell_what_is_to_be_escaped,
}

/// Between pages that must not be touched, on both sides.
fn copies_tell_what_is_to_be_escaped<L: Level>() {
    let (mut from, mut to) = (Guarded::new(1), Guarded::new(1));
    let mut check = |s: &[u8], plain: bool| {
        for at_end in [false, true] {
            let place = |all: usize| if at_end { all - s.len()..all } else { 0..s.len() };
            let (from, to) = (from.bytes(), to.bytes());
            let (source, copy) = (place(from.len()), place(to.len()));
            from[source.clone()].copy_from_slice(s);
            to.fill(0xff);
            // SAFETY: so much is writable; the test's level is available.
            let told = unsafe { L::plain(to[copy.clone()].as_mut_ptr(), &from[source]) };
            assert_eq!(told, plain, "{}: {s:x?}", L::NAME);
            assert_eq!(&to[copy.clone()], s, "{}", L::NAME);
            assert!(
                to[..copy.start].iter().chain(&to[copy.end..]).all(|&b| b == 0xff),
                "{}: {}",
                L::NAME,
                s.len()
            );
        }
    };
    for len in 32..=200 {
        let mut s: Vec<u8> = (0..len).map(|i| b' ' + (i * 7 % 95) as u8).collect();
        s.iter_mut().filter(|c| [b'"', b'\\'].contains(c)).for_each(|c| *c = 0x7f);
        check(&s, true);
        for at in 0..len {
            let c = core::mem::replace(&mut s[at], [0, 0x1f, b'"', b'\\'][at % 4]);
            check(&s, false);
            s[at] = c;
        }
    }
}

/// Strings that are there already.
#[derive(Clone, Copy)]
struct Strings<'a, 'b> {
    all: &'b [Chars<'a>],
    passed: usize,
}

/// The same string where a byte is readable, if it is empty.
fn readable(s: &[u8]) -> &[u8] {
    static ZERO: [u8; 1] = [0];
    if s.is_empty() { &ZERO[..0] } else { s }
}

// SAFETY: what is given is `readable`.
unsafe impl<'a> Source<'a> for Strings<'a, '_> {
    fn ascii(&mut self) -> Option<&'a [u8]> {
        match self.peek() {
            Some(Chars::Ascii(s)) => Some(readable(s)),
            _ => None,
        }
    }

    fn peek(&mut self) -> Option<Chars<'a>> {
        self.all.get(self.passed).copied()
    }

    fn advance(&mut self) {
        self.passed += 1;
    }
}

/// As JSON, in quotes and with a comma; none if there is a surrogate.
fn expected(chars: Chars<'_>) -> Option<Vec<u8>> {
    let json = match chars {
        Chars::Ascii(s) | Chars::Latin1(s) => naive(s).json,
        Chars::Ucs2(s) => naive(s).json,
        Chars::Ucs4(s) => naive(s).json,
    };
    Some([b"\"".as_slice(), &json?, b"\","].concat())
}

/// Runs the kernel in `room` bytes before a page that must not be touched; how many strings it wrote, and why no more.
fn check<L: Level>(place: &mut Guarded, all: &[Chars<'_>], room: usize) -> (usize, Stop) {
    let bytes = place.bytes();
    let at = bytes.len() - room;
    bytes.fill(0xff);
    let out = bytes[at..].as_mut_ptr();
    let source = Strings { all, passed: 0 };
    // SAFETY: so much is writable; the test's level is available.
    let (source, end, stop) = unsafe { L::texts(out, out.add(room), source) };
    let passed = source.passed;
    let text = &bytes[at..at + (end.addr() - out.addr())];
    let right: Vec<u8> = all[..passed].iter().flat_map(|&c| expected(c).expect("no surrogate")).collect();
    assert_eq!(
        String::from_utf8_lossy(text),
        String::from_utf8_lossy(&right),
        "{} {:?}",
        L::NAME,
        &all[..passed]
    );
    assert!(bytes[..at].iter().all(|&b| b == 0xff), "{}: wrote in front", L::NAME);
    let left = room - right.len();
    match stop {
        Stop::Done => assert_eq!(passed, all.len()),
        Stop::Surrogate => assert_eq!(expected(all[passed]), None),
        Stop::Room => {
            assert!(left < NARROW_MAX * all[passed].len().max(64) + 3 + SLACK, "{}: {left}", L::NAME)
        }
    }
    (passed, stop)
}

/// Simple ones, those with escapes, with many of them, and with any.
const ASCII: [&[Range<u32>]; 5] = [
    &[0x23..0x5c, 0x5d..0x80],
    &[0x61..0x7b, 0x61..0x7b, 0x61..0x7b, 8..11, 0x22..0x23],
    &[8..11, 0x22..0x23, 0x5c..0x5d],
    &[0x61..0x7b, 0x61..0x7b, 0x61..0x7b, 0x61..0x7b, 0..0x20],
    &[0..0x80],
];

fn ascii(random: &mut Random, n: usize, of: &[Range<u32>]) -> Vec<u8> {
    (0..n).map(|_| random.of(of) as u8).collect()
}

const ROOM: usize = 64 * 1024;

fn every_length_at_a_page<L: Level>() {
    let (mut place, mut random) = (Guarded::new(ROOM), Random(1));
    let mut page = Guarded::new(4096);
    for n in 0..300 {
        for of in ASCII {
            let s = ascii(&mut random, n, of);
            for back in [0, 1, 7, 31, 32, 33] {
                let at = 4096 - n - back;
                page.bytes().fill(b'"');
                let s = page.place(at, &s);
                check::<L>(&mut place, &[Chars::Ascii(s)], ROOM);
            }
        }
    }
}

/// Between others whose text must not be touched: it is written right before and behind.
fn every_length_among_others<L: Level>() {
    let (mut place, mut random) = (Guarded::new(ROOM), Random(2));
    for n in 0..rounds(20_000).max(300) {
        let of = ASCII[n % ASCII.len()];
        let sizes = [n % 131, random.below(40) as usize, random.below(140) as usize, 0, n % 33];
        let strings = sizes.map(|n| ascii(&mut random, n, of));
        let latin1: Vec<u8> = (0..n % 70).map(|_| random.of(&[0..0x80, 0x80..0x100]) as u8).collect();
        let ucs2: Vec<u16> =
            (0..n % 50).map(|_| random.of(&[0..0x80, 0x400..0x500, 0x4e00..0x5000]) as u16).collect();
        let ucs4: Vec<u32> =
            (0..n % 40).map(|_| random.of(&[0..0x80, 0x400..0x500, 0x1_f300..0x1_f650])).collect();
        let mut all: Vec<_> = strings.iter().map(|s| Chars::Ascii(s)).collect();
        all.insert(random.below(6) as usize, Chars::Latin1(&latin1));
        all.insert(random.below(6) as usize, Chars::Ucs2(&ucs2));
        all.insert(random.below(6) as usize, Chars::Ucs4(&ucs4));
        assert_eq!(check::<L>(&mut place, &all, ROOM), (8, Stop::Done));
    }
}

/// Runs in which stretches are clean, have some escapes, or many: more strings than are done at once, next to a page that
/// must not be touched on the one side, and with room that ends anywhere on the other.
fn escapes_come_and_go<L: Level>() {
    let (mut place, mut random) = (Guarded::new(ROOM), Random(4));
    let mut page = Guarded::new(4096);
    for n in 0..rounds(3_000).max(60) {
        let most = [12, 32, 43, 65, 80][n % 5];
        let mut strings = Vec::new();
        while strings.len() < 150 {
            let of = ASCII[random.below(5) as usize];
            for _ in 0..random.below(70) {
                let len = random.below(most) as usize;
                strings.push(ascii(&mut random, len, of));
            }
        }
        // One of them is the last of its page.
        let at = random.below(strings.len() as u32) as usize;
        let last = page.place(4096 - strings[at].len(), &strings[at]);
        let mut all: Vec<_> = strings.iter().map(|s| Chars::Ascii(s)).collect();
        all[at] = Chars::Ascii(last);
        let room = if n % 2 == 0 { ROOM } else { 3 + SLACK + random.below(8_000) as usize };
        check::<L>(&mut place, &all, room);
    }
}

/// It stops where there might be too little room, and not much before.
fn little_room<L: Level>() {
    let (mut place, mut random) = (Guarded::new(ROOM), Random(3));
    for room in 0..2500 {
        let strings: Vec<_> =
            (0..24).map(|i| ascii(&mut random, (room + 13 * i) % 71, ASCII[i % 5])).collect();
        let all: Vec<_> = strings.iter().map(|s| Chars::Ascii(s)).collect();
        check::<L>(&mut place, &all, room);
    }
}

/// Strings of which there may be UTF-8 as well.
#[derive(Clone, Copy)]
struct Copied<'a, 'b> {
    strings: Strings<'a, 'b>,
    copies: &'b [Option<&'a [u8]>],
}

// SAFETY: as above.
unsafe impl<'a> Source<'a> for Copied<'a, '_> {
    fn ascii(&mut self) -> Option<&'a [u8]> {
        self.strings.ascii()
    }

    fn peek(&mut self) -> Option<Chars<'a>> {
        self.strings.peek()
    }

    fn utf8(&mut self) -> Option<&'a [u8]> {
        self.copies.get(self.strings.passed).copied().flatten().map(readable)
    }

    fn advance(&mut self) {
        self.strings.advance();
    }
}

/// What has a copy is written from that: the characters here are others. It is read up to the end of its page and no further.
fn utf8_that_is_there<L: Level>() {
    const UNREAD: Chars<'_> = Chars::Latin1(b"the characters");
    let (mut place, mut random, mut page) = (Guarded::new(ROOM), Random(5), Guarded::new(4096));
    let points =
        [0..0x80, 0x80..0x100, 0x400..0x500, 0x4e00..0x5000, 0x1_f300..0x1_f650, 0..0x24, 0x5c..0x5d];
    for n in 0..rounds(4_000).max(400) {
        let text =
            |random: &mut Random, n: usize| -> Vec<u32> { (0..n).map(|_| random.of(&points)).collect() };
        let texts =
            [n % 150, random.below(20) as usize, random.below(70) as usize].map(|n| text(&mut random, n));
        let utf8 = texts
            .each_ref()
            .map(|t| t.iter().map(|&c| char::from_u32(c).expect("a character")).collect::<String>());
        let last = page.place(4096 - utf8[0].len(), utf8[0].as_bytes());
        let simple = ascii(&mut random, n % 40, ASCII[n % 5]);
        let all = [Chars::Ascii(&simple), UNREAD, UNREAD, Chars::Ucs4(&texts[0]), UNREAD];
        let copies = [None, Some(last), Some(utf8[1].as_bytes()), None, Some(utf8[2].as_bytes())];
        let said = [all[0], Chars::Ucs4(&texts[0]), Chars::Ucs4(&texts[1]), all[3], Chars::Ucs4(&texts[2])];
        let right = said.map(|chars| expected(chars).expect("no surrogate"));
        for room in [ROOM, 3 + SLACK + random.below(3_000) as usize] {
            let bytes = place.bytes();
            let at = bytes.len() - room;
            let out = bytes[at..].as_mut_ptr();
            let source = Copied { strings: Strings { all: &all, passed: 0 }, copies: &copies };
            // SAFETY: so much is writable; the test's level is available.
            let (source, end, stop) = unsafe { L::texts(out, out.add(room), source) };
            let passed = source.strings.passed;
            let text = &bytes[at..at + (end.addr() - out.addr())];
            assert_eq!(
                String::from_utf8_lossy(text),
                String::from_utf8_lossy(&right[..passed].concat()),
                "{}",
                L::NAME
            );
            assert_eq!(matches!(stop, Stop::Done), passed == all.len());
            assert!(room < ROOM || passed == all.len());
        }
    }
}

fn surrogates<L: Level>() {
    let mut place = Guarded::new(ROOM);
    for n in 1..40 {
        for at in 0..n {
            let (mut ucs2, mut ucs4) = (vec![0x416; n], vec![0x1_f600; n]);
            (ucs2[at], ucs4[at]) = (0xd800, 0xdfff);
            let good = Chars::Ascii(b"good");
            assert_eq!(check::<L>(&mut place, &[good, Chars::Ucs2(&ucs2), good], ROOM), (1, Stop::Surrogate));
            assert_eq!(check::<L>(&mut place, &[good, good, Chars::Ucs4(&ucs4)], ROOM), (2, Stop::Surrogate));
        }
    }
}

/// A key is compared at every length and place in its page, up to its last byte, with one that differs anywhere.
#[test]
fn keys_stand_in_fragments() {
    let mut page = Guarded::new(1);
    let bytes = page.bytes();
    let all = bytes.len();
    for len in 0..32 {
        let mut fragment = [b'"'; 32];
        for (i, c) in fragment[1..=len].iter_mut().enumerate() {
            *c = b'a' + (i * 7 % 26) as u8;
        }
        for from_end in 0..40 {
            let place = all - from_end - len..all - from_end;
            bytes[place.clone()].copy_from_slice(&fragment[1..=len]);
            assert!(stands_in(&fragment, &bytes[place.clone()]), "{len}");
            for at in place.clone() {
                bytes[at] ^= 1;
                assert!(!stands_in(&fragment, &bytes[place.clone()]), "{len}");
                bytes[at] ^= 1;
            }
        }
    }
    assert!(!stands_in(&[b'a'; 32], &[b'a'; 255]), "longer than what it could stand in");
}
