//! The sink that writes a plan.

use super::node::{LANE, RAW_SHORT, SHORT, Tag, text_payload};
use super::segment::{Segment, SegmentRef, Spot};
#[cfg(debug_assertions)]
use super::verify::Verifier;
use crate::fragment::Fragment;
use crate::sink::Sink;
use crate::stamp::{self, Stamp};
use crate::text::{Chars, Keeper, LoneSurrogate, Text, Width};

/// A segment that streams is full when it has long texts of so many bytes, so that what is emitted stays small.
const STREAM_TEXTS: usize = 64 * 1024;

/// What becomes of a segment that is full: it is emitted at once, or kept.
pub trait Window {
    /// Whether segments pass and are gone, and keys are written as their fragments, so that known keys can be numbers
    /// in them.
    const PASSES: bool;

    /// Whether what is emitted is to be taken away from time to time, between two values.
    const STREAMS: bool = false;

    /// As [`Sink::finished`].
    fn finished(&self) -> Option<&[u8]> {
        None
    }

    /// As [`Sink::taken`].
    fn taken(&mut self) {}

    /// Takes a closed segment. Its held texts are alive during the call; those that are in `copies` stay as long as
    /// these do.
    fn close(&mut self, segment: SegmentRef<'_>, copies: Vec<Box<[u64]>>);

    /// Length of a text in UTF-8 without escapes, or the news that it has none. Here because it wants a kernel.
    ///
    /// # Errors
    ///
    /// [`LoneSurrogate`].
    fn utf8_len(&self, t: Text<'_>) -> Result<usize, LoneSurrogate>;
}

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
        self.turn(Spot(self.reached));
        Some(self.window)
    }

    /// Closes the segment and begins another.
    #[cold]
    #[inline(never)]
    fn turn(&mut self, pen: Spot) -> Spot {
        let copies = core::mem::take(&mut self.copies);
        // What was recorded without memory has gaps, and no one will ask for it.
        if !self.short_of_memory {
            let segment = self.segment.up_to(pen.0);
            #[cfg(debug_assertions)]
            self.verifier.check(segment).expect("a recorded segment is well formed");
            self.window.close(segment, copies);
        }
        self.segment.held.clear();
        self.waiting = 0;
        self.lane = Lane::NONE;
        self.closed += 1;
        self.reach(0)
    }

    /// A value or key of `words` words comes next: the only places where a plan may be cut.
    #[inline(always)]
    fn place(&mut self, pen: Spot, words: usize) -> Spot {
        if self.segment.make_place(pen.0, words) { pen } else { self.turn(pen) }
    }

    /// Stores the first `n` of `words`; those behind have place, and mean nothing.
    #[inline(always)]
    fn put<const N: usize>(&mut self, pen: Spot, words: [u64; N], n: usize) -> Spot {
        debug_assert!(n <= N);
        self.segment.store(pen.0, &words);
        self.reach(pen.0 + n)
    }

    #[inline(always)]
    fn reach(&mut self, at: usize) -> Spot {
        if !W::PASSES {
            self.reached = at;
        }
        Spot(at)
    }

    #[inline(always)]
    fn one(&mut self, pen: Spot, word: u64) -> Spot {
        let pen = self.place(pen, 1);
        self.put(pen, [word], 1)
    }

    /// Records a text, for which there is place.
    #[inline(always)]
    fn put_text(&mut self, pen: Spot, t: Text<'_>, tags: TextTags) -> Spot {
        let bytes = t.as_bytes().len();
        if bytes > SHORT {
            return self.hold(pen, t, tags.held);
        }
        let header = if t.width() == Width::Ascii {
            tags.ascii.word(t.len() as u64)
        } else {
            tags.wide.word(text_payload(t.width(), t.len()))
        };
        let [a, b, c, d] = t.padded_words();
        self.put(pen, [header, a, b, c, d], 1 + bytes.div_ceil(8))
    }

    /// Records a text, or says that it has a lone surrogate.
    #[inline(always)]
    fn any_text(&mut self, pen: Spot, t: Text<'_>, tags: TextTags) -> Result<Spot, LoneSurrogate> {
        if t.width() != Width::Ascii {
            self.window.utf8_len(t)?;
        }
        let pen = self.place(pen, 1 + SHORT / 8);
        Ok(self.put_text(pen, t, tags))
    }

    /// Records a text by copying it, however long it is: a long one to a place of its own.
    fn copy_text(&mut self, pen: Spot, t: Text<'_>, tags: TextTags) -> Result<Spot, LoneSurrogate> {
        if t.as_bytes().len() <= SHORT {
            return self.any_text(pen, t, tags);
        }
        self.window.utf8_len(t)?;
        let pen = self.place(pen, 1);
        Ok(self.hold_copy(pen, t, tags.held))
    }

    /// Records a copy of `t` as held, for which there is place; nothing if there is no memory for it.
    fn hold_copy(&mut self, pen: Spot, t: Text<'_>, tag: Tag) -> Spot {
        let Some(copy) = copied(t.as_bytes()) else {
            self.short_of_memory = true;
            return pen;
        };
        // A box stays where it is, whoever it is handed to.
        let pen = self.hold(pen, Text::from_words(t.width(), &copy, t.len()), tag);
        self.copies.push(copy);
        pen
    }

    #[inline(always)]
    fn hold(&mut self, pen: Spot, t: Text<'_>, tag: Tag) -> Spot {
        let waits = W::STREAMS && self.waiting >= STREAM_TEXTS;
        let pen = if self.segment.can_hold(1) && !waits { pen } else { self.turn(pen) };
        self.waiting += t.as_bytes().len();
        let header = tag.word(self.segment.held.len() as u64);
        self.segment.held.push(t.hold(self.keeper));
        self.put(pen, [header], 1)
    }

    /// Records finished JSON that is short.
    #[inline(always)]
    fn put_raw(&mut self, pen: Spot, bytes: &[u8]) -> Spot {
        let mut words = [0; 1 + RAW_SHORT / 8];
        words[0] = Tag::Raw.word(bytes.len() as u64);
        bytemuck::cast_slice_mut(&mut words[1..])[..bytes.len()].copy_from_slice(bytes);
        self.put(pen, words, 1 + bytes.len().div_ceil(8))
    }

    /// Makes `add` elements part of a lane: of the one that the segment ends with, or of a new one. Returns its
    /// count before, and the pen, which has place for `words` more.
    #[inline(always)]
    fn lane(&mut self, pen: Spot, tag: Tag, add: usize, words: usize) -> (usize, Spot) {
        let Lane { tag: last, at, count, end } = self.lane;
        if last == tag && end == pen.0 && count + add <= LANE && self.segment.make_place(pen.0, words) {
            *self.segment.word_mut(at) = tag.word((count + add) as u64);
            self.lane.count = count + add;
            return (count, pen);
        }
        let pen = self.place(pen, words + 1);
        self.lane = Lane { tag, at: pen.0, count: add, end: usize::MAX };
        (0, self.put(pen, [tag.word(add as u64)], 1))
    }

    /// The words of a lane's elements.
    #[inline(always)]
    fn put_lane(&mut self, pen: Spot, words: &[u64]) -> Spot {
        self.segment.store(pen.0, words);
        self.lane.end = pen.0 + words.len();
        self.reach(self.lane.end)
    }
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
    ascii: Tag,
    wide: Tag,
    held: Tag,
}

const TEXT: TextTags = TextTags { ascii: Tag::Ascii, wide: Tag::Text, held: Tag::HeldText };
const KEY: TextTags = TextTags { ascii: Tag::AsciiKey, wide: Tag::Key, held: Tag::HeldKey };

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
        if v << 8 >> 8 == v {
            return self.one(pen, (v as u64) << 8 | Tag::Int as u64);
        }
        let pen = self.place(pen, 2);
        self.put(pen, [Tag::Int64.word(0), v as u64], 2)
    }

    fn uint(&mut self, pen: Spot, v: u64) -> Spot {
        let pen = self.place(pen, 2);
        self.put(pen, [Tag::Uint64.word(0), v], 2)
    }

    #[inline(always)]
    fn float(&mut self, pen: Spot, v: f64) -> Spot {
        let pen = self.place(pen, 2);
        self.put(pen, [Tag::Float.word(0), v.to_bits()], 2)
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

    fn raw(&mut self, pen: Spot, bytes: &[u8]) -> Spot {
        let pen = self.place(pen, 1 + RAW_SHORT / 8);
        if bytes.len() <= RAW_SHORT {
            self.put_raw(pen, bytes)
        } else {
            self.hold_copy(pen, Text::from(Chars::Latin1(bytes)), Tag::HeldRaw)
        }
    }

    #[inline(always)]
    fn stamp(&mut self, pen: Spot, stamp: &Stamp) -> Spot {
        const WORDS: usize = stamp::PLACE / 8;
        let pen = self.place(pen, 1 + WORDS);
        let place = bytemuck::cast_mut::<[u64; WORDS], _>(self.segment.words_mut(pen.0 + 1));
        let len = stamp.write(place);
        *self.segment.word_mut(pen.0) = Tag::Raw.word(len as u64);
        self.reach(pen.0 + 1 + len.div_ceil(8))
    }

    fn passing_key(&mut self, pen: Spot, t: Text<'_>) -> Result<Spot, LoneSurrogate> {
        self.copy_text(pen, t, KEY)
    }

    #[inline(always)]
    fn known_key(&mut self, pen: Spot, id: u32, fragment: &Fragment) -> Spot {
        if id as usize == self.segment.known.len() && !self.segment.add_known(fragment) {
            self.short_of_memory = true;
        }
        self.one(pen, Tag::KnownKey.word(u64::from(id)))
    }

    fn ints(&mut self, pen: Spot, run: &[i64]) -> Spot {
        if run.is_empty() {
            return pen;
        }
        let (_, pen) = self.lane(pen, Tag::Ints, run.len(), run.len());
        self.put_lane(pen, bytemuck::cast_slice(run))
    }

    fn floats(&mut self, pen: Spot, run: &[f64]) -> Spot {
        if run.is_empty() {
            return pen;
        }
        let (_, pen) = self.lane(pen, Tag::Floats, run.len(), run.len());
        self.put_lane(pen, bytemuck::cast_slice(run))
    }

    fn bools(&mut self, pen: Spot, bits: u64, n: usize) -> Spot {
        debug_assert!(n <= 64);
        if n == 0 {
            return pen;
        }
        let bits = if n == 64 { bits } else { bits & ((1 << n) - 1) };
        let (before, pen) = self.lane(pen, Tag::Bools, n, 2);
        let shift = before % 64;
        if shift == 0 {
            return self.put_lane(pen, &[bits]);
        }
        *self.segment.word_mut(pen.0 - 1) |= bits << shift;
        let rest = [bits >> (64 - shift)];
        self.put_lane(pen, if shift + n > 64 { &rest } else { &[] })
    }

    fn texts(&mut self, pen: Spot, run: &[Text<'_>]) -> Result<Spot, usize> {
        // Found before anything is recorded, so that a lane has as many texts as it says.
        let bad = run.iter().position(|&t| t.width() != Width::Ascii && self.window.utf8_len(t).is_err());
        if let Some(bad) = bad {
            return Err(bad);
        }
        if run.is_empty() {
            return Ok(pen);
        }
        let pen = if self.segment.can_hold(run.len()) { pen } else { self.turn(pen) };
        let (_, mut pen) = self.lane(pen, Tag::Texts, run.len(), run.len() * (1 + SHORT / 8));
        for &t in run {
            pen = self.put_text(pen, t, TEXT);
        }
        self.lane.end = pen.0;
        Ok(pen)
    }

    #[inline(always)]
    fn open_array(&mut self, pen: Spot, len: usize) -> Spot {
        self.one(pen, Tag::OpenArray.word(len as u64))
    }

    #[inline(always)]
    fn close_array(&mut self, pen: Spot) -> Spot {
        self.put(pen, [Tag::CloseArray.word(0)], 1)
    }

    #[inline(always)]
    fn open_object(&mut self, pen: Spot, len: usize) -> Spot {
        self.one(pen, Tag::OpenObject.word(len as u64))
    }

    #[inline(always)]
    fn close_object(&mut self, pen: Spot) -> Spot {
        self.put(pen, [Tag::CloseObject.word(0)], 1)
    }

    fn let_go(&self) -> usize {
        self.closed
    }
}
