//! A lone surrogate is refused wherever it stands.

use planjson::emit::format::Compact;
use planjson::emit::kernel::{Level, Name};
use planjson::emit::room::{Memory, Room, utf8_len};
use planjson::emit::writer::Writer;
use planjson::plan::{Arena, Recorder, Segment, SegmentRef, Spot};
use planjson::sink::{Sink, TEXT_RUN};
use planjson::text::{Chars, Keeper, LoneSurrogate, Text};
use planjson::with_level;

use crate::documents::Stored;
use crate::ways::{Copies, Each};

const SURROGATES: [u16; 4] = [0xd800, 0xdbff, 0xdc00, 0xdfff];

/// Calls `check` with texts that have a surrogate at each place of short texts, and at many of long ones.
fn each_text(mut check: impl FnMut(Text<'_>, usize)) {
    let short = (1..=40).flat_map(|len| (0..len).map(move |at| (len, at)));
    let around = |at: usize| [at - 1, at, at + 1].map(|at| (5000, at));
    let long = [1, 63, 64, 1000, 2047, 2048, 4096, 4998].into_iter().flat_map(around);
    for (i, (len, at)) in short.chain(long).chain([(2048, 2047), (2049, 2048)]).enumerate() {
        let (mut narrow, mut wide) = (vec![0x4e2d_u16; len], vec![0x1f600_u32; len]);
        narrow[at] = SURROGATES[i % 4];
        wide[at] = SURROGATES[i % 4].into();
        check(Text::from(Chars::Ucs2(&narrow)), at);
        check(Text::from(Chars::Ucs4(&wide)), at);
        // Between characters of one byte, which take other ways through the kernels.
        narrow.iter_mut().enumerate().filter(|&(i, _)| i != at).for_each(|(_, c)| *c = 0x61);
        wide.iter_mut().enumerate().filter(|&(i, _)| i != at).for_each(|(_, c)| *c = 0x61);
        check(Text::from(Chars::Ucs2(&narrow)), at);
        check(Text::from(Chars::Ucs4(&wide)), at);
    }
}

/// Runs `check` for every level that the machine has.
macro_rules! every_level {
    ($check:ident) => {
        for level in Name::ALL.into_iter().filter(|n| n.is_available()) {
            with_level!(level, L => $check::<L>());
        }
    };
}

fn lengths_are_refused<L: Level>() {
    each_text(|t, at| {
        assert_eq!(utf8_len::<L>(t), Err(LoneSurrogate), "{} {at}", L::NAME);
        assert_eq!(t.surrogate(), Some(at));
    });
}

/// What a text is told as.
#[derive(Clone, Copy, Debug)]
enum Place {
    Element,
    Passing,
    Run,
    Key,
    PassingKey,
    Member,
}

const PLACES: [Place; 6] =
    [Place::Element, Place::Passing, Place::Run, Place::Key, Place::PassingKey, Place::Member];

/// A document that ends with `t`, which is refused.
fn tell_refused<S: Sink>(sink: &mut S, pen: S::Pen, place: Place, t: Text<'_>) {
    let pen = sink.open_array(pen, 2);
    let pen = sink.ints(pen, &[1, 2, 3, 4]);
    let told = match place {
        Place::Element => sink.text(pen, t),
        Place::Passing => sink.passing_text(pen, t),
        Place::Run => sink.texts(pen, &[t, t]).map_err(|i| {
            assert_eq!(i, 0);
            LoneSurrogate
        }),
        Place::Key | Place::PassingKey | Place::Member => {
            let pen = sink.open_object(pen, 1);
            match place {
                Place::Key => sink.key(pen, t),
                Place::PassingKey => sink.passing_key(pen, t),
                _ => {
                    let pen = sink.key(pen, Text::ascii(b"k")).unwrap_or_else(|_| panic!("a key of ASCII"));
                    sink.text(pen, t)
                }
            }
        }
    };
    assert_eq!(told.err(), Some(LoneSurrogate), "{place:?}");
}

/// Calls `work` with a writer.
fn writing<L: Level>(work: impl FnOnce(&mut Writer<'_, L, Compact>, <Writer<'_, L, Compact> as Sink>::Pen)) {
    let mut memory = Memory::default();
    let (room, pen) = Room::new(&mut memory, 0);
    work(&mut Writer::new(room, Compact), pen);
}

/// Calls `work` with a recorder, to tell it what fits into a segment.
///
/// # Safety
///
/// As in [`crate::ways::by_hand`].
unsafe fn recording<L: Level>(
    arena: &mut Arena,
    work: impl FnOnce(&mut Recorder<'_, Each<L, fn(SegmentRef<'_>, Copies), false>>, Spot),
) {
    // SAFETY: the caller's promise.
    let keeper = unsafe { Keeper::new() };
    let close: fn(SegmentRef<'_>, Copies) = |_, _| panic!("a segment that is not full was closed");
    let (segment, pen) = Segment::new_in(arena);
    work(&mut Recorder::new(segment, keeper, Each::new(close)), pen);
}

fn writers_refuse<L: Level>() {
    each_text(|t, _| {
        for place in PLACES {
            writing::<L>(|writer, pen| tell_refused(writer, pen, place, t));
        }
    });
}

fn recorders_refuse<L: Level>() {
    let mut arena = Arena::new().expect("there is memory");
    each_text(|t, _| {
        for place in PLACES {
            // SAFETY: nobody looks at the texts again.
            unsafe { recording::<L>(&mut arena, |recorder, pen| tell_refused(recorder, pen, place, t)) }
        }
    });
}

/// A run with a surrogate in the text at `bad`, the first of as many as there are.
fn runs_say_where<L: Level>() {
    let good: Vec<Stored> = (0..TEXT_RUN)
        .map(|i| Stored::new(&["a", "é", "中", "\u{1f600}"][i % 4].repeat([1, 8, 20, 50][i / 4 % 4])))
        .collect();
    let mut arena = Arena::new().expect("there is memory");
    for bad in 0..TEXT_RUN {
        for chars in [Chars::Ucs2(&[0x61, 0xd800, 0x62]), Chars::Ucs4(&[0xdfff])] {
            let mut run: Vec<Text<'_>> = good.iter().map(Stored::text).collect();
            run[bad] = Text::from(chars);
            run[TEXT_RUN - 1] = Text::from(chars);
            writing::<L>(|writer, pen| tell_run(writer, pen, &run, bad));
            // SAFETY: nobody looks at the texts again.
            unsafe { recording::<L>(&mut arena, |recorder, pen| tell_run(recorder, pen, &run, bad)) }
        }
    }
}

fn tell_run<S: Sink>(sink: &mut S, pen: S::Pen, run: &[Text<'_>], bad: usize) {
    let pen = sink.open_array(pen, 0);
    assert_eq!(sink.texts(pen, run).err(), Some(bad));
}

#[test]
fn lengths() {
    every_level!(lengths_are_refused);
}

#[test]
fn writers() {
    every_level!(writers_refuse);
}

#[test]
fn recorders() {
    every_level!(recorders_refuse);
}

#[test]
fn runs() {
    every_level!(runs_say_where);
}

/// What stands for one character in UTF-16 is two lone surrogates here: the interpreter does not pair them.
#[test]
fn pairs_are_not_paired() {
    let pair = Text::from(Chars::Ucs2(&[0xd83d, 0xde00]));
    for level in Name::ALL.into_iter().filter(|n| n.is_available()) {
        with_level!(level, L => assert_eq!(utf8_len::<L>(pair), Err(LoneSurrogate)));
    }
}

/// The neighbours of the surrogates are characters.
#[test]
fn neighbours_are_let_in() {
    for c in [0xd7ff, 0xe000] {
        let want = Ok(3 * 40);
        for level in Name::ALL.into_iter().filter(|n| n.is_available()) {
            with_level!(level, L => {
                assert_eq!(utf8_len::<L>(Text::from(Chars::Ucs2(&[c; 40]))), want);
                assert_eq!(utf8_len::<L>(Text::from(Chars::Ucs4(&[c.into(); 40]))), want);
            });
        }
    }
}
