//! The ways from a document to bytes, and to the segments of its plan.

use core::marker::PhantomData;

use planjson::emit::format::Format;
use planjson::emit::kernel::Level;
use planjson::emit::replay::replay;
use planjson::emit::room::{Memory, Pen, Room};
use planjson::emit::window::{Emit, TextsOf};
use planjson::emit::writer::Writer;
use planjson::plan::{Arena, OwnedSegment, Recorder, Segment, SegmentRef, Spot, Thresholds, Window};
use planjson::text::Keeper;

use crate::documents::Doc;
use crate::documents::tell::tell;

/// Long texts that a segment has copies of.
pub type Copies = Vec<Box<[u64]>>;

/// A window that shows each segment and its copies to a function; `PASSES` as in [`Window`].
pub struct Each<L, C, const PASSES: bool> {
    close: C,
    level: PhantomData<L>,
}

impl<L, C: FnMut(SegmentRef<'_>, Copies), const PASSES: bool> Each<L, C, PASSES> {
    pub fn new(close: C) -> Self {
        Self { close, level: PhantomData }
    }
}

impl<L: Level, C: FnMut(SegmentRef<'_>, Copies), const PASSES: bool> Window for Each<L, C, PASSES> {
    type Texts = TextsOf<L>;

    const PASSES: bool = PASSES;

    fn close(&mut self, segment: SegmentRef<'_>, copies: Copies) {
        (self.close)(segment, copies);
    }
}

/// A plan that is kept, and the document that its texts are in.
pub struct Kept<'d> {
    pub segments: Vec<OwnedSegment>,
    document: PhantomData<&'d Doc>,
}

/// Records what `work` tells and shows each segment to `close`.
///
/// # Safety
///
/// Texts that are told as those that stay live until `close` and its caller are through with the segments.
pub unsafe fn by_hand<L: Level, C: FnMut(SegmentRef<'_>, Copies), const PASSES: bool>(
    work: impl FnOnce(&mut Recorder<'_, Each<L, C, PASSES>>, Spot) -> Spot,
    close: C,
) {
    let mut arena = Arena::new().expect("there is memory");
    // SAFETY: the caller's promise.
    let keeper = unsafe { Keeper::new() };
    let (segment, pen) = Segment::new_in(&mut arena);
    let mut recorder = Recorder::new(segment, keeper, Each::new(close));
    let pen = work(&mut recorder, pen);
    assert!(recorder.finish(pen).is_some(), "there was memory");
}

/// Records `doc` and shows each segment to `close`.
pub fn record<L: Level, const PASSES: bool>(
    doc: &Doc,
    thresholds: &Thresholds,
    close: impl FnMut(SegmentRef<'_>, Copies),
) {
    // SAFETY: `tell` tells texts of `doc` as those that stay, and `doc` outlives the call; for plans that are
    // kept see `keep`.
    unsafe { by_hand::<L, _, PASSES>(|recorder, pen| tell(doc, thresholds, recorder, pen), close) }
}

/// The plan of `doc`, which stays borrowed for the sake of the texts that the plan holds.
pub fn keep<L: Level>(doc: &Doc) -> Kept<'_> {
    let mut segments = Vec::new();
    record::<L, false>(doc, &Thresholds::default(), |segment, copies| {
        segments.push(segment.to_owned(copies).expect("there was memory"));
    });
    Kept { segments, document: PhantomData }
}

impl Kept<'_> {
    pub fn segments(&self) -> impl Iterator<Item = SegmentRef<'_>> + Clone {
        self.segments.iter().map(OwnedSegment::as_ref)
    }

    /// The JSON of the plan.
    pub fn json<L: Level, F: Format>(&self, format: F) -> Vec<u8> {
        written::<L, F>(format, |writer, pen| self.segments().fold(pen, |pen, s| replay(s, writer, pen)))
    }
}

/// What a writer on memory of its own has written after `work`.
pub fn written<L: Level, F: Format>(
    format: F,
    work: impl FnOnce(&mut Writer<'_, L, F>, Pen) -> Pen,
) -> Vec<u8> {
    let mut memory = Memory::default();
    let (room, pen) = Room::new(&mut memory, 0);
    let mut writer = Writer::<L, F>::new(room, format);
    let pen = work(&mut writer, pen);
    let written = writer.finish(pen, false).expect("there was memory");
    memory.bytes(written)
}

/// The JSON of `doc` in one pass.
pub fn direct<L: Level, F: Format>(doc: &Doc, format: F, thresholds: &Thresholds) -> Vec<u8> {
    written::<L, F>(format, |writer, pen| tell(doc, thresholds, writer, pen))
}

/// What takes closed segments.
pub type Close<'c> = &'c mut dyn FnMut(SegmentRef<'_>, Copies);

/// Emits each segment that `record` closes, as soon as it is closed.
pub fn passed<L: Level, F: Format>(
    writer: &mut Writer<'_, L, F>,
    pen: Pen,
    record: impl FnOnce(Close<'_>),
) -> Pen {
    let mut pen = Some(pen);
    record(&mut |segment, _| {
        pen = pen.take().map(|pen| {
            let pen = writer.expect(pen, segment.about());
            replay(segment, writer, pen)
        });
    });
    pen.expect("a pen that was handed back")
}

/// The JSON of `doc` through a plan, each segment emitted as soon as it is closed.
pub fn planned<L: Level, F: Format>(doc: &Doc, format: F, thresholds: &Thresholds) -> Vec<u8> {
    written::<L, F>(format, |writer, pen| {
        passed(writer, pen, |close| record::<L, true>(doc, thresholds, close))
    })
}

/// The same through the window of `dumps(plan=True)`, which emits long runs without recording them.
pub fn at_once<L: Level, F: Format>(doc: &Doc, format: F, thresholds: &Thresholds) -> Vec<u8> {
    let mut memory = Memory::default();
    let (room, pen) = Room::new(&mut memory, 0);
    let mut window = Emit::new(Writer::<L, F>::new(room, format), pen);
    let mut arena = Arena::new().expect("there is memory");
    let (segment, pen) = Segment::new_in(&mut arena);
    // SAFETY: `tell` tells texts of `doc` as those that stay, and `doc` outlives the call.
    let keeper = unsafe { Keeper::new() };
    let mut recorder = Recorder::new(segment, keeper, &mut window);
    let pen = tell(doc, thresholds, &mut recorder, pen);
    assert!(recorder.finish(pen).is_some(), "there was memory");
    let written = window.finish(false).expect("there was memory");
    memory.bytes(written)
}
