//! The sink that writes a plan.

use super::node::{LANE, PAYLOADS, RAW_SHORT, SHORT, Tag, small_int, text_payload};
use super::segment::{BRACKETS, SPARE, Segment, SegmentRef, Spot, WORDS};
#[cfg(debug_assertions)]
use super::verify::Verifier;
use crate::fragment::{self, Fragment};
use crate::sink::{BOOLS, RUN, Sink, TEXT_RUN};
use crate::stamp::{self, Stamp};
use crate::text::{CLEAN, Chars, Clean, Held, Keeper, LoneSurrogate, Text, Width};

/// A segment that streams is full when it has long texts of so many bytes, so that what is emitted stays small.
const STREAM_TEXTS: usize = 64 * 1024;

/// What becomes of a segment that is full: it is emitted at once, or kept.
pub trait Window {
    /// Whether segments pass and are gone, and keys are written as their fragments, so that known keys can be numbers
    /// in them.
    const PASSES: bool;
    /// Whether long runs may be told it at once, so that nobody has to copy them.
    const EMITS: bool = false;

    /// Whether what is emitted is to be taken away from time to time, between two values.
    const STREAMS: bool = false;

    /// As [`Sink::finished`].
    fn finished(&self) -> Option<&[u8]> {
        None
    }

    /// As [`Sink::taken`].
    fn taken(&mut self) {}

    /// Takes a closed segment. Its held texts are alive during the call; those that are in `copies` stay as long as
    /// these do. A window that emits is given none: what it has copied is in the arena until the call returns.
    fn close(&mut self, segment: SegmentRef<'_>, copies: Vec<Box<[u64]>>);

    /// Length of a text in UTF-8 without escapes, or the news that it has none. Here because it wants a kernel.
    ///
    /// # Errors
    ///
    /// [`LoneSurrogate`].
    fn utf8_len(&self, t: Text<'_>) -> Result<usize, LoneSurrogate>;

    /// Emits a run behind all segments so far. Only windows that say so are asked.
    ///
    /// # Errors
    ///
    /// The index of the first text that has a lone surrogate.
    fn emit(&mut self, _: Run<'_>) -> Result<(), usize> {
        Ok(())
    }
}

impl<W: Window> Window for &mut W {
    const PASSES: bool = W::PASSES;
    const EMITS: bool = W::EMITS;

    fn close(&mut self, segment: SegmentRef<'_>, copies: Vec<Box<[u64]>>) {
        W::close(self, segment, copies);
    }

    #[inline(always)]
    fn utf8_len(&self, t: Text<'_>) -> Result<usize, LoneSurrogate> {
        W::utf8_len(self, t)
    }

    #[inline(always)]
    fn emit(&mut self, run: Run<'_>) -> Result<(), usize> {
        W::emit(self, run)
    }
}

/// Neighbours in an array, as a walk has read them.
#[derive(Clone, Copy, Debug)]
pub enum Run<'r> {
    /// Integers.
    Ints(&'r [i64]),
    /// Doubles.
    Floats(&'r [f64]),
    /// So many bits.
    Bools(u64, usize),
    /// Strings.
    Texts(&'r [Text<'r>]),
}

impl Run<'_> {
    const fn len(self) -> usize {
        match self {
            Self::Ints(run) => run.len(),
            Self::Floats(run) => run.len(),
            Self::Bools(_, n) => n,
            Self::Texts(run) => run.len(),
        }
    }

    /// Whether it is as long as a run can be, so that more of the same is likely to follow.
    const fn is_full(self) -> bool {
        self.len()
            == match self {
                Self::Ints(_) | Self::Floats(_) => RUN,
                Self::Bools(..) => BOOLS,
                Self::Texts(_) => TEXT_RUN,
            }
    }
}

/// Bytes of copies from which on a segment that passes is closed.
const COPIED: usize = 64 * 1024;

/// Words that the largest node takes that is neither a lane nor a bracket.
const NODE: usize = 1 + RAW_SHORT / 8;
const _: () = assert!(NODE + BRACKETS <= SPARE);

/// Records what it hears, segment by segment.
///
/// Numbers and short texts are copied, longer texts held. A text is checked for lone surrogates when it is
/// recorded, so that emission cannot fail.
pub struct Recorder<'b, W> {
    segment: Segment<'b>,
    keeper: Keeper,
    window: W,
    /// Long texts that this segment has copies of.
    copies: Vec<Box<[u64]>>,
    short_of_memory: bool,
    /// Bytes of long texts in this segment.
    waiting: usize,
    /// The lane that was recorded last.
    lane: Lane,
    closed: usize,
    /// Where the pen was last, for a document that ends early: then it does not come back. Not known of segments that
    /// pass.
    reached: usize,
    #[cfg(debug_assertions)]
    verifier: Verifier,
}

/// A lane in the segment.
#[derive(Clone, Copy)]
struct Lane {
    tag: Tag,
    /// Where its first word is.
    at: usize,
    count: usize,
    /// Where it ends. It goes on only there.
    end: usize,
}

impl Lane {
    const NONE: Self = Self { tag: Tag::Null, at: 0, count: 0, end: usize::MAX };
}

impl<'b, W: Window> Recorder<'b, W> {
    /// A recorder that fills `segment` time and again, and holds long texts on the word of `keeper`.
    pub fn new(segment: Segment<'b>, keeper: Keeper, window: W) -> Self {
        Self {
            segment,
            keeper,
            window,
            copies: Vec::new(),
            short_of_memory: false,
            waiting: 0,
            lane: Lane::NONE,
            closed: 0,
            reached: 0,
            #[cfg(debug_assertions)]
            verifier: Verifier::default(),
        }
    }

    /// The document is complete: closes the last segment and returns the window, or `None` if memory ran out.
    pub fn finish(mut self, pen: Spot) -> Option<W> {
        if self.short_of_memory {
            return None;
        }
        self.turn(pen);
        #[cfg(debug_assertions)]
        self.verifier.finish().expect("a finished plan is complete");
        Some(self.window)
    }

    /// The document has ended early: as [`Recorder::finish`], for those who want to look at what there is of it.
    pub fn stop(mut self) -> Option<W> {
        if self.short_of_memory {
            return None;
        }
        self.turn(Spot::new(self.reached));
        Some(self.window)
    }

    /// Closes the segment and begins another.
    #[cold]
    #[inline(never)]
    fn turn(&mut self, pen: Spot) -> Spot {
        let copies = core::mem::take(&mut self.copies);
        // What was recorded without memory has gaps, and no one will ask for it.
        if !self.short_of_memory {
            let segment = self.segment.up_to(pen.at());
            #[cfg(debug_assertions)]
            self.verifier.check(segment).expect("a recorded segment is well formed");
            self.window.close(segment, copies);
        }
        self.segment.forget();
        self.waiting = 0;
        self.lane = Lane::NONE;
        self.closed += 1;
        self.reach(0);
        pen.moved_to_front()
    }

    /// A value or key comes next: the only places where a plan may be cut. Where its first word is, behind which
    /// there is place for [`NODE`] words, and the known key that goes with it.
    #[inline(always)]
    fn place(&mut self, pen: Spot) -> (usize, u64) {
        let key = pen.key();
        // Told apart here, so that the compiler knows of either that it is inside the segment.
        if pen.at() < WORDS {
            (pen.at(), key)
        } else {
            self.turn(pen);
            (0, key)
        }
    }

    /// Stores a node's first word and says where the next node is, `more` words behind it.
    #[inline(always)]
    fn begin(&mut self, (at, key): (usize, u64), word: u64, more: usize) -> Spot {
        *self.segment.word_mut(at) = word | key;
        self.reach(at + 1 + more)
    }

    #[inline(always)]
    fn reach(&mut self, at: usize) -> Spot {
        if !W::PASSES {
            self.reached = at;
        }
        Spot::new(at)
    }

    /// Records a value of one word.
    #[inline(always)]
    fn one(&mut self, pen: Spot, word: u64) -> Spot {
        let place = self.place(pen);
        self.begin(place, word, 0)
    }

    /// Records a value of two words.
    #[inline(always)]
    fn two(&mut self, pen: Spot, word: u64, value: u64) -> Spot {
        let place = self.place(pen);
        *self.segment.word_mut(place.0 + 1) = value;
        self.begin(place, word, 1)
    }

    /// Records a bracket, for which there is always place.
    #[inline(always)]
    fn close(&mut self, pen: Spot, tag: Tag) -> Spot {
        self.begin((pen.at(), 0), tag.word(0), 0)
    }

    /// Records a text at `place`.
    #[inline(always)]
    fn put_text(&mut self, place: (usize, u64), t: Text<'_>, tags: TextTags) -> Spot {
        if t.as_bytes().len() > SHORT {
            return self.hold(place, t, tags.held);
        }
        if t.copy_clean(self.segment.words_mut(place.0 + 1)) {
            return self.begin(place, tags.clean.word(t.len() as u64), words_of(t.len()));
        }
        self.put_unclean(place, t, tags)
    }

    /// Records a short text that is not clean, or was not seen to be.
    #[inline(never)]
    fn put_unclean(&mut self, place: (usize, u64), t: Text<'_>, tags: TextTags) -> Spot {
        let header = if t.width() == Width::Ascii {
            tags.ascii.word(t.len() as u64)
        } else {
            tags.wide.word(text_payload(t.width(), t.len()))
        };
        *self.segment.words_mut(place.0 + 1) = t.padded_words();
        self.begin(place, header, words_of(t.as_bytes().len()))
    }

    /// Records a text, or says that it has a lone surrogate.
    #[inline(always)]
    fn any_text(&mut self, pen: Spot, t: Text<'_>, tags: TextTags) -> Result<Spot, LoneSurrogate> {
        if t.width() != Width::Ascii {
            self.window.utf8_len(t)?;
        }
        let place = self.place(pen);
        Ok(self.put_text(place, t, tags))
    }

    /// Records a text by copying it, however long it is: a long one to a place of its own.
    fn copy_text(&mut self, pen: Spot, t: Text<'_>, tags: TextTags) -> Result<Spot, LoneSurrogate> {
        if t.as_bytes().len() <= SHORT {
            return self.any_text(pen, t, tags);
        }
        self.window.utf8_len(t)?;
        let place = self.place(pen);
        Ok(self.hold_copy(place, t, tags.held))
    }

    /// Records a copy of `t` as held; nothing if there is no memory for it.
    fn hold_copy(&mut self, place: (usize, u64), t: Text<'_>, tag: Tag) -> Spot {
        // First, because a segment that is closed forgets its copies.
        let place = self.place_to_hold(place);
        let Some(held) = self.held_copy(t) else {
            self.short_of_memory = true;
            return Spot::new(place.0);
        };
        self.waiting += t.as_bytes().len();
        let pen = self.put_held(place, held, tag);
        // Where segments pass, so that what they have copied is not much at a time.
        if W::EMITS && self.segment.copied() > COPIED { self.turn(pen) } else { pen }
    }

    /// A copy of `t`: in the arena if segments pass, and else in a place of its own that goes with its segment.
    fn held_copy(&mut self, t: Text<'_>) -> Option<Held> {
        if W::EMITS {
            let copy = self.segment.copy(t.as_bytes())?;
            return Some(Text::from_words(t.width(), copy, t.len()).hold(self.keeper));
        }
        let copy = copied(t.as_bytes())?;
        // A box stays where it is, whoever it is handed to.
        let held = Text::from_words(t.width(), &copy, t.len()).hold(self.keeper);
        self.copies.push(copy);
        Some(held)
    }

    /// Records a text by its address. If the segment can hold no more, it is closed before.
    #[inline(always)]
    fn hold(&mut self, place: (usize, u64), t: Text<'_>, tag: Tag) -> Spot {
        let place = self.place_to_hold(place);
        self.waiting += t.as_bytes().len();
        let held = t.hold(self.keeper);
        self.put_held(place, held, tag)
    }

    /// The place, in a segment that can hold one text more.
    #[inline(always)]
    fn place_to_hold(&mut self, (at, key): (usize, u64)) -> (usize, u64) {
        let waits = W::STREAMS && self.waiting >= STREAM_TEXTS;
        let at = if self.segment.can_hold(1) && !waits { at } else { self.turn(Spot::new(at)).at() };
        (at, key)
    }

    #[inline(always)]
    fn put_held(&mut self, place: (usize, u64), held: Held, tag: Tag) -> Spot {
        let word = tag.word(self.segment.held.len() as u64);
        self.segment.held.push(held);
        self.begin(place, word, 0)
    }

    #[inline(always)]
    fn put_clean(&mut self, pen: Spot, t: Clean<'_>, tag: Tag) -> Spot {
        let place = self.place(pen);
        *self.segment.words_mut(place.0 + 1) = bytemuck::cast::<_, [u64; CLEAN / 8]>(*t.padded());
        self.begin(place, tag.word(t.len() as u64), words_of(t.len()))
    }

    /// Records a key whose fragment is known but has no number.
    #[cold]
    #[inline(never)]
    fn finished_key(&mut self, pen: Spot, fragment: &Fragment) -> Spot {
        const WORDS: usize = fragment::SIZE / 8;
        let place = self.place(pen);
        *self.segment.words_mut(place.0 + 1) = bytemuck::cast::<_, [u64; WORDS]>(*fragment.padded());
        self.begin(place, Tag::FinishedKey.word(fragment.len() as u64), WORDS)
    }

    /// Records finished JSON that is short.
    #[inline(always)]
    fn put_raw(&mut self, place: (usize, u64), bytes: &[u8]) -> Spot {
        let words = self.segment.words_mut::<{ RAW_SHORT / 8 }>(place.0 + 1);
        bytemuck::cast_slice_mut(words)[..bytes.len()].copy_from_slice(bytes);
        self.begin(place, Tag::Raw.word(bytes.len() as u64), words_of(bytes.len()))
    }

    /// Whether a run is better emitted at once than recorded: it is long, or nothing waits before it.
    #[inline(always)]
    fn passes(pen: &Spot, run: Run<'_>) -> bool {
        W::EMITS && (pen.at() == 0 || run.is_full())
    }

    /// Emits a run at once, behind all that has been recorded.
    #[inline(never)]
    fn pass(&mut self, pen: Spot, run: Run<'_>) -> Result<Spot, usize> {
        let pen = if pen.at() == 0 { pen } else { self.turn(pen) };
        #[cfg(debug_assertions)]
        self.verifier.check_lane(run.len()).expect("a run stands where a lane may");
        self.window.emit(run)?;
        Ok(pen)
    }

    /// As [`Recorder::pass`], for runs that cannot fail.
    #[inline(always)]
    fn pass_numbers(&mut self, pen: Spot, run: Run<'_>) -> Spot {
        self.pass(pen, run).expect("only texts have surrogates")
    }

    /// Makes `add` elements part of a lane: of the one that the segment ends with, or of a new one. Returns its
    /// count before, and the pen, which has place for `words` more.
    #[inline(always)]
    fn lane(&mut self, pen: Spot, tag: Tag, add: usize, words: usize) -> (usize, Spot) {
        let Lane { tag: last, at, count, end } = self.lane;
        if last == tag && end == pen.at() && count + add <= LANE && pen.at() + words <= WORDS {
            *self.segment.word_mut(at) = tag.word((count + add) as u64);
            self.lane.count = count + add;
            return (count, pen);
        }
        let pen = if pen.at() + 1 + words <= WORDS { pen } else { self.turn(pen) };
        self.lane = Lane { tag, at: pen.at(), count: add, end: usize::MAX };
        (0, self.begin((pen.at(), 0), tag.word(add as u64), 0))
    }

    /// The words of a lane's elements.
    #[inline(always)]
    fn put_lane(&mut self, pen: Spot, words: &[u64]) -> Spot {
        self.segment.store(pen.at(), words);
        self.lane.end = pen.at() + words.len();
        self.reach(self.lane.end)
    }
}

/// Words that so many bytes fill.
#[inline(always)]
const fn words_of(bytes: usize) -> usize {
    (bytes + 7) >> 3
}

/// Bytes as words, in memory of their own; `None` if there is none.
fn copied(bytes: &[u8]) -> Option<Box<[u64]>> {
    let mut words = Vec::new();
    words.try_reserve_exact(bytes.len().div_ceil(8)).ok()?;
    let (whole, tail) = bytes.as_chunks::<8>();
    words.extend(whole.iter().map(|w| u64::from_ne_bytes(*w)));
    if !tail.is_empty() {
        let mut last = [0; 8];
        last[..tail.len()].copy_from_slice(tail);
        words.push(u64::from_ne_bytes(last));
    }
    Some(words.into_boxed_slice())
}

/// The tags of a text, or of a key.
#[derive(Clone, Copy)]
struct TextTags {
    clean: Tag,
    ascii: Tag,
    wide: Tag,
    held: Tag,
}

const TEXT: TextTags =
    TextTags { clean: Tag::Clean, ascii: Tag::Ascii, wide: Tag::Text, held: Tag::HeldText };
const KEY: TextTags =
    TextTags { clean: Tag::CleanKey, ascii: Tag::AsciiKey, wide: Tag::Key, held: Tag::HeldKey };

impl<W: Window> Sink for Recorder<'_, W> {
    type Pen = Spot;
    const KEEPS: bool = true;
    const KNOWS: bool = W::PASSES;
    const STREAMS: bool = W::STREAMS;

    #[inline(always)]
    fn finished(&self, _: &Spot) -> Option<&[u8]> {
        self.window.finished()
    }

    fn taken(&mut self, pen: Spot) -> Spot {
        self.window.taken();
        pen
    }

    #[inline(always)]
    fn null(&mut self, pen: Spot) -> Spot {
        self.one(pen, Tag::Null.word(0))
    }

    #[inline(always)]
    fn bool(&mut self, pen: Spot, v: bool) -> Spot {
        self.one(pen, if v { Tag::True } else { Tag::False }.word(0))
    }

    #[inline(always)]
    fn int(&mut self, pen: Spot, v: i64) -> Spot {
        match small_int(v) {
            Some(word) => self.one(pen, word),
            None => self.two(pen, Tag::Int64.word(0), v as u64),
        }
    }

    fn uint(&mut self, pen: Spot, v: u64) -> Spot {
        self.two(pen, Tag::Uint64.word(0), v)
    }

    #[inline(always)]
    fn float(&mut self, pen: Spot, v: f64) -> Spot {
        self.two(pen, Tag::Float.word(0), v.to_bits())
    }

    #[inline(always)]
    fn text(&mut self, pen: Spot, t: Text<'_>) -> Result<Spot, LoneSurrogate> {
        self.any_text(pen, t, TEXT)
    }

    #[inline(always)]
    fn key(&mut self, pen: Spot, t: Text<'_>) -> Result<Spot, LoneSurrogate> {
        self.any_text(pen, t, KEY)
    }

    fn passing_text(&mut self, pen: Spot, t: Text<'_>) -> Result<Spot, LoneSurrogate> {
        self.copy_text(pen, t, TEXT)
    }

    #[inline(always)]
    fn clean(&mut self, pen: Spot, t: Clean<'_>) -> Spot {
        self.put_clean(pen, t, Tag::Clean)
    }

    #[inline(always)]
    fn clean_key(&mut self, pen: Spot, t: Clean<'_>) -> Spot {
        self.put_clean(pen, t, Tag::CleanKey)
    }

    fn raw(&mut self, pen: Spot, bytes: &[u8]) -> Spot {
        let place = self.place(pen);
        if bytes.len() <= RAW_SHORT {
            self.put_raw(place, bytes)
        } else {
            self.hold_copy(place, Text::from(Chars::Latin1(bytes)), Tag::HeldRaw)
        }
    }

    #[inline(always)]
    fn stamp(&mut self, pen: Spot, stamp: &Stamp) -> Spot {
        let place = self.place(pen);
        let words = self.segment.words_mut::<{ stamp::PLACE / 8 }>(place.0 + 1);
        let len = stamp.write(bytemuck::cast_mut(words));
        self.begin(place, Tag::Raw.word(len as u64), words_of(len))
    }

    fn passing_key(&mut self, pen: Spot, t: Text<'_>) -> Result<Spot, LoneSurrogate> {
        self.copy_text(pen, t, KEY)
    }

    #[inline(always)]
    fn known_key(&mut self, pen: Spot, id: u32, fragment: &Fragment) -> Spot {
        // The plan is cut before the key, if it must be: the key goes on with the pen.
        if self.segment.knows(id, fragment) { pen.behind_key(id) } else { self.finished_key(pen, fragment) }
    }

    fn ints(&mut self, pen: Spot, run: &[i64]) -> Spot {
        if run.is_empty() {
            return pen;
        }
        if Self::passes(&pen, Run::Ints(run)) {
            return self.pass_numbers(pen, Run::Ints(run));
        }
        let (_, pen) = self.lane(pen, Tag::Ints, run.len(), run.len());
        self.put_lane(pen, bytemuck::cast_slice(run))
    }

    fn floats(&mut self, pen: Spot, run: &[f64]) -> Spot {
        if run.is_empty() {
            return pen;
        }
        if Self::passes(&pen, Run::Floats(run)) {
            return self.pass_numbers(pen, Run::Floats(run));
        }
        let (_, pen) = self.lane(pen, Tag::Floats, run.len(), run.len());
        self.put_lane(pen, bytemuck::cast_slice(run))
    }

    fn bools(&mut self, pen: Spot, bits: u64, n: usize) -> Spot {
        debug_assert!(n <= 64);
        if n == 0 {
            return pen;
        }
        if Self::passes(&pen, Run::Bools(bits, n)) {
            return self.pass_numbers(pen, Run::Bools(bits, n));
        }
        let bits = if n == 64 { bits } else { bits & ((1 << n) - 1) };
        let (before, pen) = self.lane(pen, Tag::Bools, n, 2);
        let shift = before % 64;
        if shift == 0 {
            return self.put_lane(pen, &[bits]);
        }
        *self.segment.word_mut(pen.at() - 1) |= bits << shift;
        let rest = [bits >> (64 - shift)];
        self.put_lane(pen, if shift + n > 64 { &rest } else { &[] })
    }

    fn texts(&mut self, pen: Spot, run: &[Text<'_>]) -> Result<Spot, usize> {
        if run.is_empty() {
            return Ok(pen);
        }
        if Self::passes(&pen, Run::Texts(run)) {
            return self.pass(pen, Run::Texts(run));
        }
        // Found before anything is recorded, so that a lane has as many texts as it says.
        let bad = run.iter().position(|&t| t.width() != Width::Ascii && self.window.utf8_len(t).is_err());
        if let Some(bad) = bad {
            return Err(bad);
        }
        let pen = if self.segment.can_hold(run.len()) { pen } else { self.turn(pen) };
        let (_, mut pen) = self.lane(pen, Tag::Texts, run.len(), run.len() * (1 + SHORT / 8));
        for &t in run {
            pen = self.put_text((pen.at(), 0), t, TEXT);
        }
        self.lane.end = pen.at();
        Ok(pen)
    }

    #[inline(always)]
    fn open_array(&mut self, pen: Spot, len: usize) -> Spot {
        self.one(pen, Tag::OpenArray.word((len as u64).min(PAYLOADS)))
    }

    #[inline(always)]
    fn close_array(&mut self, pen: Spot) -> Spot {
        self.close(pen, Tag::CloseArray)
    }

    #[inline(always)]
    fn open_object(&mut self, pen: Spot, len: usize) -> Spot {
        self.one(pen, Tag::OpenObject.word((len as u64).min(PAYLOADS)))
    }

    #[inline(always)]
    fn close_object(&mut self, pen: Spot) -> Spot {
        self.close(pen, Tag::CloseObject)
    }

    #[inline(always)]
    fn keeps(&self, pen: &Spot) -> bool {
        // What was emitted at once is not in the segment.
        pen.at() > 0
    }

    fn let_go(&self) -> usize {
        self.closed
    }
}
