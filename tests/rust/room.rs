//! Rooms: they grow where they must, and become a drain when they cannot.

use core::ptr::NonNull;

use planjson::emit::format::{Compact, Indented, Lines};
use planjson::emit::kernel::{LINE, Leaf, Level, Members, Name, SLACK};
use planjson::emit::room::{Grow, MOST, Memory, Room, fragment};
use planjson::emit::writer::Writer;
use planjson::fragment::Fragment;
use planjson::plan::Thresholds;
use planjson::sink::{NUMBERS, Numbers};
use planjson::style::Indent;
use planjson::text::Text;
use planjson::{with_chosen, with_level};

use crate::documents::random::Random;
use crate::documents::tell::tell;
use crate::documents::{Doc, Stored, naive};

const CANARY: u8 = 0xA5;

/// Canaries in front of and behind each memory.
const GUARD: usize = 512;

/// Hands out memory of exactly the size that is asked for, and a little that the test chooses, between canaries.
#[derive(Default)]
struct Tight {
    /// Bytes beyond those that were asked for.
    extra: usize,
    /// The most bytes that there may be; no limit if it is 0.
    limit: usize,
    /// The memory that the room has.
    now: Vec<u8>,
    grown: usize,
    drained: usize,
}

impl Tight {
    fn check(&self) {
        if !self.now.is_empty() {
            let end = self.now.len() - GUARD;
            assert!(self.now[..GUARD].iter().all(|&b| b == CANARY), "wrote in front of its memory");
            assert!(self.now[end..].iter().all(|&b| b == CANARY), "wrote behind its memory");
        }
    }

    /// New memory of `size` bytes that begins with the first `used` of the old, which is spoilt.
    fn turn(&mut self, used: usize, size: usize) -> (NonNull<u8>, usize) {
        self.check();
        let mut new = vec![CANARY; GUARD + size + GUARD];
        if used > 0 {
            new[GUARD..GUARD + used].copy_from_slice(&self.now[GUARD..GUARD + used]);
        }
        self.now = new;
        let at = NonNull::new(self.now[GUARD..].as_mut_ptr()).expect("the memory of a vector");
        (at, size)
    }
}

// SAFETY: the memory is part of a vector that is only looked at when the room has ended or asks for more, and it
// begins with what the one before began with.
unsafe impl Grow for Tight {
    fn grow(&mut self, used: usize, need: usize) -> Option<(NonNull<u8>, usize)> {
        assert_eq!(self.drained, 0, "a drain does not grow");
        self.check();
        self.grown += 1;
        let size = used.saturating_add(need).saturating_add(self.extra);
        if self.limit > 0 && size > self.limit { None } else { Some(self.turn(used, size)) }
    }

    fn drain(&mut self) -> (NonNull<u8>, usize) {
        self.drained += 1;
        self.turn(0, MOST)
    }
}

/// Writes `doc` into a room on `memory`; what was written, if there was memory.
fn write<L: Level>(memory: &mut Tight, doc: &Doc, step: Option<usize>) -> Option<Vec<u8>> {
    let (room, pen) = Room::new(memory, 0);
    let thresholds = Thresholds::default();
    let written = match step {
        None => {
            let mut writer = Writer::<L, _>::new(room, Compact);
            let pen = tell(doc, &thresholds, &mut writer, pen);
            writer.finish(pen, true)
        }
        Some(step) => {
            let lines = Lines::new(Indent::spaces(step as u32));
            let mut writer = Writer::<L, _>::new(room, Indented::new(&lines));
            let pen = tell(doc, &thresholds, &mut writer, pen);
            writer.finish(pen, true)
        }
    };
    memory.check();
    written.map(|w| {
        assert!(core::ptr::eq(w.start(), memory.now[GUARD..].as_ptr()));
        assert!(w.len() + SLACK <= memory.now.len() - 2 * GUARD, "there is slack behind what was written");
        memory.now[GUARD..GUARD + w.len()].to_vec()
    })
}

/// All that a room can be asked to write, the longest of each kind among it.
fn document() -> Doc {
    let mut random = Random::new(31);
    let mut elements = vec![
        Doc::array(600, |_| Doc::Int(i64::MIN)),
        Doc::array(600, |_| Doc::Float(-2.225_073_858_507_201_4e-308)),
        Doc::array(600, |i| Doc::Bool(i % 7 == 0)),
        Doc::Uint(u64::MAX),
        Doc::Null,
        Doc::Text(Stored::Ascii(vec![1; 2048])),
        Doc::Text(Stored::Ascii(vec![1; 5000])),
        Doc::Text(Stored::Latin1(vec![1; 5000])),
        Doc::Text(Stored::Ucs2(vec![0xffff; 5000])),
        Doc::Text(Stored::Ucs4(vec![0x10ffff; 5000])),
        Doc::Null.nested(100),
    ];
    elements.extend((0..20).map(|_| random.value(2)));
    Doc::Array(elements)
}

#[test]
fn grows_at_every_boundary() {
    let doc = document();
    for step in [None, Some(2)] {
        let want = [naive::json(&doc, step), b"\n".to_vec()].concat();
        for extra in (0..12).chain([31, 32, 33, 64]) {
            for level in Name::ALL.into_iter().filter(|n| n.is_available()) {
                let mut memory = Tight { extra, ..Tight::default() };
                let got = with_level!(level, L => write::<L>(&mut memory, &doc, step));
                assert!(got.as_ref() == Some(&want), "{} {extra}", level.as_str());
                assert!(memory.grown > 20, "{}", memory.grown);
            }
        }
    }
}

#[test]
fn drains_when_memory_runs_out() {
    let doc = document();
    let size = |step| naive::json(&doc, step).len() + 1;
    let (compact, indented) = (size(None), size(Some(2)));
    let limits = (1..200).step_by(7).chain((200..indented).step_by(20_011)).chain([indented, 2 * indented]);
    for limit in limits {
        let ways =
            [(Name::Scalar, None, compact), (Name::best(), None, compact), (Name::best(), Some(2), indented)];
        for (level, step, size) in ways {
            let mut memory = Tight { limit, extra: limit % 5, ..Tight::default() };
            let got = with_level!(level, L => write::<L>(&mut memory, &doc, step));
            assert_eq!(got.is_some(), memory.drained == 0, "{limit}");
            assert!(got.is_none() || size < limit, "{limit} bytes hold {size}");
            assert!(got.is_some() || limit < size + MOST, "{limit} bytes do not hold {size}");
        }
    }
}

/// However little is written: a room without memory says so at the end.
#[test]
fn drains_from_the_start() {
    for likely in [0, 1, 100_000] {
        let mut memory = Tight { limit: 1, ..Tight::default() };
        let (room, pen) = Room::new(&mut memory, likely);
        assert!(room.finish(pen).is_none());
        // It asks for less before it gives up.
        assert_eq!((memory.grown, memory.drained), (2, 1));
    }
}

/// More is expected than there can be, and then it does not come.
#[test]
fn what_is_expected_may_be_too_much() {
    for likely in [10_000, usize::MAX / 2, usize::MAX] {
        let mut memory = Tight { limit: 1000, ..Tight::default() };
        let (mut room, pen) = Room::new(&mut memory, likely);
        let pen = room.bytes(pen, b"before");
        let pen = room.expect(pen, likely);
        let pen = room.bytes(pen, b", after");
        let written = room.finish(pen).expect("there was memory");
        memory.check();
        assert_eq!(memory.drained, 0);
        assert_eq!(&memory.now[GUARD..GUARD + written.len()], b"before, after");
    }
}

/// What is written in a drain stays in it.
#[test]
fn fills_in_a_drain() {
    // What would leave the drain would still be seen in the guard.
    for n in [1, MOST - SLACK, MOST - 1, MOST, MOST + 1, MOST + GUARD / 2] {
        for behind in [0, 1, SLACK, 5000] {
            let mut memory = Tight { limit: 1, ..Tight::default() };
            let (mut room, pen) = Room::new(&mut memory, 0);
            let pen = room.fill(pen, b'-', behind);
            let pen = room.fill(pen, b' ', n);
            assert!(room.finish(pen).is_none());
            memory.check();
        }
    }
}

/// A text with a surrogate, in a room that becomes a drain while it is written.
#[test]
fn surrogates_in_a_drain() {
    let mut text = vec![0x4e2d_u16; 5000];
    text[4999] = 0xd800;
    let text = Stored::Ucs2(text);
    let mut drained = 0;
    for limit in (1..40_000).step_by(997) {
        let mut memory = Tight { limit, ..Tight::default() };
        let (mut room, pen) = Room::new(&mut memory, 0);
        let pen = room.bytes(pen, &[b'x'; 100]);
        with_level!(Name::best(), L => {
            assert!(room.text::<L>(pen, text.text(), *b"\",").is_err());
        });
        memory.check();
        drained += memory.drained;
    }
    assert!(drained > 5, "there were drains: {drained}");
}

/// What is written by itself, without a writer.
#[test]
fn single_parts() {
    for extra in 0..70 {
        let mut memory = Tight { extra, ..Tight::default() };
        let (mut room, pen) = Room::new(&mut memory, 0);
        assert_eq!(room.len(&pen), 0);
        let (pen, found) = room.take_back(pen, b',');
        assert!(!found, "nothing was written");
        let pen = room.byte(pen, b'a');
        let pen = room.few(pen, *b"bcdefghi", 3);
        let pen = room.fill(pen, b'-', 100);
        let pen = room.bytes(pen, &[b'r'; 40_000]);
        let pen = room.bytes(pen, b"");
        let (pen, found) = room.take_back(pen, b',');
        assert!(!found, "another byte");
        let pen = room.byte(pen, b',');
        let (pen, found) = room.take_back(pen, b',');
        assert!(found, "it was the last");
        let (pen, found) = room.take_back(pen, b',');
        assert!(!found, "taken twice");
        assert_eq!(room.len(&pen), 40_104);
        let written = room.finish(pen).expect("there was memory");
        memory.check();
        let want = [&b"abcd"[..], &[b'-'; 100], &[b'r'; 40_000]].concat();
        assert!(memory.now[GUARD..GUARD + written.len()] == want, "{extra}");
    }
}

/// Members from a slice, up to one that is not to be drawn.
#[derive(Clone, Copy)]
struct List<'a> {
    all: &'a [(Fragment, Leaf<'a>)],
    at: usize,
    odd: usize,
}

// SAFETY: there come no more than are left.
unsafe impl<'a> Members<'a, &'a Fragment> for List<'a> {
    fn most(&self) -> usize {
        self.all.len() - self.at
    }

    fn first(self, n: usize) -> Self {
        Self { all: &self.all[..self.all.len().min(self.at + n)], ..self }
    }

    fn go_on(self, whole: Self) -> Self {
        Self { all: whole.all, ..self }
    }

    fn next(&mut self) -> Option<(&'a Fragment, Leaf<'a>)> {
        let (fragment, leaf) = self.all.get(self.at).filter(|_| self.at != self.odd)?;
        self.at += 1;
        Some((fragment, *leaf))
    }
}

/// Members of an object.
fn some_members<'a>(random: &mut Random, n: usize, texts: &'a [Vec<u8>]) -> Vec<(Fragment, Leaf<'a>)> {
    let member = |i: usize| {
        let leaf = match random.below(9) {
            0 => Leaf::Null,
            1 => Leaf::Bool(i.is_multiple_of(2)),
            2 => Leaf::Int(i64::MIN),
            3 => Leaf::Float(-0.001_953_125),
            4 => Leaf::EmptyArray,
            _ => Leaf::Ascii(&texts[random.below(texts.len())]),
        };
        let key = "k".repeat(1 + random.below(25)) + &i.to_string();
        (fragment(Text::ascii(key.as_bytes())).expect("it is short"), leaf)
    };
    (0..n).map(member).collect()
}

/// Members of an object with one look at the room, which is as tight as can be; the longest texts there are.
#[test]
fn members_at_every_boundary() {
    /// For which room is made at once.
    const MOST_MEMBERS: usize = 66;
    let texts: Vec<Vec<u8>> = [0, 1, 16, 31, 32, 33, 70, 3000].map(|n| vec![1; n]).into();
    let mut random = Random::new(7);
    let lengths = (0..MOST_MEMBERS + 4)
        .chain([2, 3].into_iter().flat_map(|k| k * MOST_MEMBERS - 2..k * MOST_MEMBERS + 3));
    for (n, extra) in lengths.flat_map(|n| [0, 1, 63, 700].map(|extra| (n, extra))) {
        let odd = [n, n / 2][extra % 2];
        let list = some_members(&mut random, n, &texts);
        for level in Name::ALL.into_iter().filter(|level| level.is_available()) {
            let mut memory = Tight { extra, ..Tight::default() };
            let (mut room, pen) = Room::new(&mut memory, 0);
            let (pen, left) =
                with_chosen!(level, L => room.members::<L, _>(pen, List { all: &list, at: 0, odd }));
            let written = room.finish(pen).expect("there was memory");
            memory.check();
            let at = left.at;
            assert_eq!((at, left.all.len()), (odd, n));
            let mut want = String::from("{");
            for (fragment, leaf) in &list[..at] {
                want += core::str::from_utf8(fragment.bytes()).expect("it is ASCII");
                want += &match leaf {
                    Leaf::Null => String::from("null,"),
                    Leaf::EmptyArray => String::from("[],"),
                    Leaf::Bool(v) => format!("{v},"),
                    Leaf::Int(v) => format!("{v},"),
                    Leaf::Float(v) => format!("{v},"),
                    Leaf::Ascii(s) => format!("\"{}\",", "\\u0001".repeat(s.len())),
                };
            }
            if at == n {
                want.truncate(want.len() - usize::from(n > 0));
                want += "},";
            }
            assert_eq!(&memory.now[GUARD..GUARD + written.len()], want.as_bytes(), "{n} {extra}");
        }
    }
}

#[test]
fn memory_holds_what_was_written() {
    for likely in [0, 1, MOST - SLACK, MOST, 1_000_000] {
        let mut memory = Memory::default();
        let (mut room, mut pen) = Room::new(&mut memory, likely);
        for i in 0..5000_u32 {
            pen = room.bytes(pen, &i.to_le_bytes());
        }
        let written = room.finish(pen).expect("there was memory");
        assert!(!written.is_empty());
        let want: Vec<u8> = (0..5000_u32).flat_map(u32::to_le_bytes).collect();
        assert!(memory.bytes(written) == want, "{likely}");
    }
}

#[test]
#[should_panic(expected = "written to this memory")]
fn memory_knows_its_own() {
    let (mut one, mut other) = (Memory::default(), Memory::default());
    let (room, pen) = Room::new(&mut one, 0);
    let written = room.finish(pen).expect("there was memory");
    let (room, pen) = Room::new(&mut other, 0);
    assert!(room.finish(pen).is_some());
    let _ = other.bytes(written);
}

#[test]
fn rows_on_lines_of_every_width() {
    let mut random = Random::new(11);
    let run: Vec<f64> = (0..240).map(|_| random.float()).collect();
    let texts: Vec<String> = run
        .iter()
        .map(|&v| String::from_utf8(naive::json(&Doc::Float(v), None)).expect("numbers are ASCII"))
        .collect();
    let line: [u8; LINE] = core::array::from_fn(|i| if i == 0 { b'\n' } else { b' ' });
    let text = str::from_utf8(&line).expect("spaces are ASCII");
    for (outer, inner) in (1..=LINE).flat_map(|outer| [(outer, outer), (outer, LINE), (1, outer)]) {
        for (width, rows) in [(1, 240), (2, 1), (2, 120), (3, 43), (4, 60), (120, 2)] {
            let (before, within) = (&text[..outer], &text[..inner]);
            let row =
                |row: &[String]| format!("{before}[{within}{}{before}],", row.join(&format!(",{within}")));
            let want: String = texts.chunks(width).take(rows).map(row).collect();
            for level in Name::ALL.into_iter().filter(|n| n.is_available()) {
                let mut memory = Tight::default();
                let (mut room, pen) = Room::new(&mut memory, 0);
                let run = &run[..rows * width];
                let pen =
                    with_level!(level, L => room.row_lines::<L>(pen, run, width, &line, (outer, inner)));
                let written = room.finish(pen).expect("there was memory");
                memory.check();
                let got = &memory.now[GUARD..GUARD + written.len()];
                assert!(got == want.as_bytes(), "{} {outer} {inner} {width}", level.as_str());
            }
        }
    }
}

#[test]
fn numbers_by_turns() {
    let mut random = Random::new(17);
    let line: [u8; LINE] = core::array::from_fn(|i| if i == 0 { b'\n' } else { b' ' });
    for count in 0..=NUMBERS {
        for n in [0, 1, 7, LINE] {
            let (mut ints, mut floats, mut doubles, mut want) = (vec![], vec![], 0, Vec::new());
            for i in 0..count {
                let is_double = random.below(1 + count % 5) > 0;
                let doc = if is_double {
                    floats.push(random.float());
                    Doc::Float(floats[floats.len() - 1])
                } else {
                    ints.push(random.int());
                    Doc::Int(ints[ints.len() - 1])
                };
                doubles |= u64::from(is_double) << i;
                want.extend([&line[..n], &naive::json(&doc, None), b","].concat());
            }
            for level in Name::ALL.into_iter().filter(|n| n.is_available()) {
                let mut memory = Tight::default();
                let (mut room, pen) = Room::new(&mut memory, 0);
                let run = Numbers { ints: &ints, floats: &floats, doubles };
                let pen = with_level!(level, L => room.numbers::<L>(pen, run, &line, n));
                let written = room.finish(pen).expect("there was memory");
                memory.check();
                let got = &memory.now[GUARD..GUARD + written.len()];
                let want = want.strip_suffix(b",").unwrap_or(&want);
                assert!(got.strip_suffix(b",").unwrap_or(got) == want, "{} {count} {n}", level.as_str());
            }
        }
    }
}
