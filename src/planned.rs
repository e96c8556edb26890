//! The two-phase path: walk -> recorder, then replay -> writer.

use core::cell::Cell;
use core::marker::PhantomData;

use crate::cpython::{Access, File, Obj, Output, Owned, World};
use crate::emit::format::Format;
use crate::emit::kernel::Level;
use crate::emit::replay::replay;
use crate::emit::room::{Grow, Memory, Pen, Room, Written};
use crate::emit::window::{Emit, TextsOf};
use crate::emit::writer::{PIECE, Writer};
use crate::options::{Options, flag};
use crate::plan::{Arena, OwnedSegment, Recorder, Segment, SegmentRef, Window};
use crate::sink::Sink;

use crate::walk::failure::{Failure, Fault};
use crate::walk::inert::is_inert;
use crate::walk::{Hooks, Walk};

std::thread_local! {
    /// The arena of this thread, when nobody has it out. A plan that is made inside another gets a new one.
    static SPARE: Cell<Option<Box<Arena>>> = const { Cell::new(None) };
}

/// Runs `work` with this thread's arena, or a new one; `None` if there is no memory for that.
fn with_arena<R>(work: impl FnOnce(&mut Arena) -> R) -> Option<R> {
    let mut arena = take_arena()?;
    let result = work(&mut arena);
    give_back(arena);
    Some(result)
}

/// This thread's arena, or a new one; `None` if there is no memory for that.
#[inline(always)]
fn take_arena() -> Option<Box<Arena>> {
    match SPARE.try_with(Cell::take).ok().flatten() {
        Some(arena) => Some(arena),
        None => new_arena(),
    }
}

#[cold]
#[inline(never)]
fn new_arena() -> Option<Box<Arena>> {
    Arena::new().map(Box::new)
}

#[inline(always)]
fn give_back(arena: Box<Arena>) {
    let _ = SPARE.try_with(|spare| spare.set(Some(arena)));
}

/// What a stream's segments become: pieces of a document, in a format that need not be known here.
trait Emitter {
    fn emit(&mut self, segment: SegmentRef<'_>);
    fn finished(&self) -> Option<&[u8]>;
    fn taken(&mut self);
}

/// A writer and its pen, which is always there between two calls.
struct Pieces<'g, L, F>(Writer<'g, L, F, true>, Option<Pen>);

impl<L: Level, F: Format> Emitter for Pieces<'_, L, F> {
    fn emit(&mut self, segment: SegmentRef<'_>) {
        self.1 = self.1.take().map(|pen| {
            let pen = self.0.expect(pen, segment.about());
            replay(segment, &mut self.0, pen)
        });
    }

    fn finished(&self) -> Option<&[u8]> {
        self.1.as_ref().and_then(|pen| self.0.finished(pen))
    }

    fn taken(&mut self) {
        self.1 = self.1.take().map(|pen| self.0.taken(pen));
    }
}

/// The window of `dump(plan=True)`: a full segment is emitted at once, and the file gets it between two values.
struct Stream<'e, L> {
    emitter: &'e mut dyn Emitter,
    /// Whether the emitter has a piece.
    ready: bool,
    level: PhantomData<L>,
}

impl<L: Level> Window for Stream<'_, L> {
    type Texts = TextsOf<L>;

    const PASSES: bool = false;
    const STREAMS: bool = true;

    #[inline(always)]
    fn finished(&self) -> Option<&[u8]> {
        if self.ready { self.emitter.finished() } else { None }
    }

    fn taken(&mut self) {
        self.emitter.taken();
        self.ready = false;
    }

    fn close(&mut self, segment: SegmentRef<'_>, _: Vec<Box<[u64]>>) {
        self.emitter.emit(segment);
        self.ready = true;
    }
}

/// The window of `plan()`: a full segment is copied out of the arena.
struct Keep<L> {
    /// Or none, if there was no memory for one of them.
    segments: Option<Vec<OwnedSegment>>,
    level: PhantomData<L>,
}

impl<L: Level> Window for Keep<L> {
    type Texts = TextsOf<L>;

    const PASSES: bool = false;

    fn close(&mut self, segment: SegmentRef<'_>, copies: Vec<Box<[u64]>>) {
        self.segments = self.segments.take().and_then(|mut segments| {
            segments.try_reserve(1).ok()?;
            segments.push(segment.to_owned(copies)?);
            Some(segments)
        });
    }
}

/// Whether the first phase is no more than a look: `obj` is a small document to which nothing is likely to happen between the
/// two. The second is the direct path then.
#[inline(always)]
pub fn is_a_look<A: Access>(obj: Obj<'_>) -> bool {
    is_inert::<A>(obj)
}

/// Writes the JSON of `obj` to the memory of `grower`, window by window.
///
/// # Errors
///
/// Where the walk ended and why.
#[inline(always)]
pub fn write<L: Level, F: Format, A: Access>(
    grower: &mut dyn Grow,
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
    format: F,
) -> Result<Written, Box<Failure>> {
    let mut arena = take_arena().ok_or_else(Failure::memory)?;
    let written = write_in::<L, F, A>(&mut arena, grower, obj, hooks, options, format);
    give_back(arena);
    written
}

#[inline(always)]
fn write_in<L: Level, F: Format, A: Access>(
    arena: &mut Arena,
    grower: &mut dyn Grow,
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
    format: F,
) -> Result<Written, Box<Failure>> {
    let (segment, spot) = Segment::new_in(arena);
    let (room, pen) = Room::new(grower, 0);
    let mut window = Emit::new(Writer::<L, F>::new(room, format), pen);
    let mut walk =
        Walk::<_, A>::new(options, hooks, |world| Recorder::new(segment, world.keeper(), &mut window))?;
    let spot = walk.run(spot, obj)?;
    // The last segment is emitted while the walk's world still holds what it keeps.
    let complete = walk.sink().complete(spot);
    drop(walk);
    let written = if complete { window.finish(options.has(flag::APPEND_NEWLINE)) } else { None };
    written.ok_or_else(Failure::memory)
}

/// Writes the JSON of `obj` to `file`, piece by piece.
///
/// # Errors
///
/// Where the walk ended and why, or what the file raised. Whole pieces may have been written before.
pub fn dump<L: Level, F: Format, A: Access>(
    file: &File,
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
    format: F,
) -> Result<(), Box<Failure>> {
    let mut memory = Memory::default();
    let (room, pen) = Room::new(&mut memory, 2 * PIECE);
    let mut pieces = Pieces::<L, F>(Writer::new(room, format), Some(pen));
    stream::<L, A>(file, obj, hooks, options, &mut pieces)?;
    let Pieces(mut writer, pen) = pieces;
    let written = pen.and_then(|pen| writer.finish(pen, options.has(flag::APPEND_NEWLINE)));
    let written = written.ok_or_else(Failure::memory)?;
    file.write_all(memory.written(written)).map_err(Failure::raised)
}

/// Apart from the format, so that there is one walk for all.
fn stream<L: Level, A: Access>(
    file: &File,
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
    emitter: &mut dyn Emitter,
) -> Result<(), Box<Failure>> {
    with_arena(|arena| {
        let (segment, spot) = Segment::new_in(arena);
        let window = Stream::<L> { emitter, ready: false, level: PhantomData };
        let mut walk =
            Walk::<_, A>::new(options, hooks, |world| Recorder::new(segment, world.keeper(), window))?;
        walk.stream_to(file);
        let spot = walk.run(spot, obj)?;
        // The last segment is emitted while the walk's world still holds what it keeps.
        walk.finish(|recorder| recorder.finish(spot).map(drop)).ok_or_else(Failure::memory)
    })
    .unwrap_or_else(|| Err(Failure::memory()))
}

/// What a planning pass that keeps everything leaves behind.
pub struct Kept {
    /// The plan.
    pub segments: Vec<OwnedSegment>,
    /// The references to what its texts are in.
    pub owners: Vec<Owned>,
    /// Where the walk ended early and why; then the plan is what there is up to that place.
    pub failure: Option<Box<Failure>>,
}

/// The plan of `obj`, up to the place where it could not go on.
///
/// # Errors
///
/// [`Fault::Memory`], which leaves nothing to look at.
pub fn plan_until<L: Level, A: Access>(
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
) -> Result<Kept, Box<Failure>> {
    with_arena(|arena| {
        let (segment, spot) = Segment::new_in(arena);
        let window = Keep::<L> { segments: Some(Vec::new()), level: PhantomData };
        let mut walk =
            Walk::<_, A>::new(options, hooks, |world| Recorder::new(segment, world.keeper(), window))?;
        walk.keep_all();
        let (spot, failure) = match walk.run(spot, obj) {
            Ok(spot) => (Some(spot), None),
            Err(failure) => (None, Some(failure)),
        };
        // A text that could not be remembered may be gone, so nobody may look at what was recorded.
        if failure.as_ref().is_some_and(|failure| matches!(failure.fault, Fault::Memory)) {
            return Err(Failure::memory());
        }
        let (recorder, owners) = walk.into_parts();
        let window = match spot {
            Some(spot) => recorder.finish(spot),
            None => recorder.stop(),
        };
        match window.and_then(|window| window.segments) {
            Some(segments) => Ok(Kept { segments, owners, failure }),
            None => {
                World::release_all(owners);
                Err(Failure::memory())
            }
        }
    })
    .unwrap_or_else(|| Err(Failure::memory()))
}

/// The plan of `obj`: its segments, and the references to what their texts are in.
///
/// # Errors
///
/// Where the walk ended and why.
pub fn plan<L: Level, A: Access>(
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
) -> Result<(Vec<OwnedSegment>, Vec<Owned>), Box<Failure>> {
    let Kept { segments, owners, failure } = plan_until::<L, A>(obj, hooks, options)?;
    match failure {
        None => Ok((segments, owners)),
        Some(failure) => {
            drop(segments);
            World::release_all(owners);
            Err(failure)
        }
    }
}

/// The JSON of a plan as a bytes object.
///
/// # Errors
///
/// A failure for want of memory.
pub fn emit<L: Level, F: Format>(
    segments: &[OwnedSegment],
    likely: usize,
    options: &Options,
    format: F,
) -> Result<Owned, Box<Failure>> {
    let mut output = Output::new(options.result()).ok_or_else(Failure::memory)?;
    let (room, pen) = Room::new(&mut output, likely);
    let mut writer = Writer::<L, F>::new(room, format);
    let pen = segments.iter().fold(pen, |pen, segment| replay(segment.as_ref(), &mut writer, pen));
    let written = writer.finish(pen, options.has(flag::APPEND_NEWLINE));
    output.finish(written.ok_or_else(Failure::memory)?).map_err(Failure::raised)
}
