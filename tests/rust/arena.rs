//! A plan whose segments pass takes little memory, whatever it is told.

use planjson::emit::kernel::Scalar;
use planjson::emit::room::fragment;
use planjson::emit::window::TextsOf;
use planjson::plan::{Arena, Recorder, Run, Segment, SegmentRef, Spot, Window};
use planjson::sink::Sink;
use planjson::text::{Keeper, Text};

use crate::ways::Copies;

const MEBIBYTE: usize = 1 << 20;

static LONG: [u8; 5000] = [b'x'; 5000];

/// A window that emits nothing and remembers what copies it was given, which should be none.
#[derive(Default)]
struct Watch {
    segments: usize,
    runs: usize,
    copied: usize,
}

impl Window for Watch {
    type Texts = TextsOf<Scalar>;

    const PASSES: bool = true;
    const EMITS: bool = true;

    fn close(&mut self, _: SegmentRef<'_>, copies: Copies) {
        self.segments += 1;
        self.copied = self.copied.max(copies.iter().map(|copy| 8 * copy.len()).sum());
    }

    fn emit(&mut self, _: Run<'_>) -> Result<(), usize> {
        self.runs += 1;
        Ok(())
    }
}

/// What a window has seen of `tell`, and how much memory the arena takes afterwards.
fn watched(tell: impl FnOnce(&mut Recorder<'_, &mut Watch>, Spot) -> Spot) -> (Watch, usize) {
    let mut arena = Arena::new().expect("there is memory");
    let (segment, pen) = Segment::new_in(&mut arena);
    let mut watch = Watch::default();
    // SAFETY: held are texts in statics only.
    let keeper = unsafe { Keeper::new() };
    let mut recorder = Recorder::new(segment, keeper, &mut watch);
    let pen = tell(&mut recorder, pen);
    assert!(recorder.finish(pen).is_some(), "there was memory");
    (watch, arena.bytes())
}

#[test]
fn any_number_of_known_keys() {
    let (watch, bytes) = watched(|recorder, pen| {
        let mut pen = recorder.open_object(pen, 0);
        for id in 0..100_000 {
            let name = format!("key {id}");
            let finished = fragment(Text::ascii(name.as_bytes())).expect("it is short");
            pen = recorder.known_key(pen, id, &finished);
            pen = recorder.null(pen);
        }
        recorder.close_object(pen)
    });
    assert!(watch.segments > 20);
    assert!(bytes < MEBIBYTE, "{bytes}");
}

#[test]
fn any_number_of_held_texts() {
    let (watch, bytes) = watched(|recorder, pen| {
        let pen = recorder.open_array(pen, 0);
        let pen =
            (0..100_000).fold(pen, |pen, _| recorder.text(pen, Text::ascii(&LONG)).expect("it is ASCII"));
        recorder.close_array(pen)
    });
    assert!(watch.segments > 90);
    assert!(bytes < MEBIBYTE, "{bytes}");
}

/// Copies are made in the arena, and go with their segment.
#[test]
fn any_number_of_passing_texts() {
    let (watch, bytes) = watched(|recorder, pen| {
        let pen = recorder.open_array(pen, 0);
        let pen = (0..2000).fold(pen, |pen, _| {
            let pen = recorder.passing_text(pen, Text::ascii(&LONG)).expect("it is ASCII");
            recorder.raw(pen, &LONG)
        });
        recorder.close_array(pen)
    });
    assert!(watch.segments > 200 && watch.copied == 0, "{}, {}", watch.segments, watch.copied);
    assert!(bytes < MEBIBYTE, "{bytes}");
}

/// Long runs are emitted without being recorded, and those that nothing waits before.
#[test]
fn runs_pass_at_once() {
    let (watch, bytes) = watched(|recorder, pen| {
        let pen = recorder.open_array(pen, 0);
        let pen = recorder.ints(pen, &[7; 4]);
        assert!(recorder.keeps(&pen), "what is recorded is looked at again");
        let pen = (0..1000).fold(pen, |pen, _| recorder.ints(pen, &[7; 256]));
        let pen = (0..1000).fold(pen, |pen, _| recorder.rows(pen, &[0.5; 255], 3));
        let pen = recorder.rows(pen, &[0.5; 4], 2);
        let pen = recorder.texts(pen, &[Text::ascii(&LONG); 20]).expect("it is ASCII");
        assert!(!recorder.keeps(&pen), "what has passed is not");
        recorder.close_array(pen)
    });
    assert_eq!((watch.segments, watch.runs), (2, 2002));
    assert!(bytes < MEBIBYTE, "{bytes}");
}
