//! The sink that writes a plan.

use super::node::{LANE, SHORT, Tag, text_payload};
use super::segment::{Segment, SegmentRef};
#[cfg(debug_assertions)]
use super::verify::Verifier;
use crate::fragment::Fragment;
use crate::sink::Sink;
use crate::text::{Keeper, LoneSurrogate, Text, Width};

/// What becomes of a segment that is full: it is emitted at once, or kept.
pub trait Window {
    /// Whether segments pass and are gone, so that known keys can be numbers in them.
    const PASSES: bool;

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
    /// The lane node that the segment ends with: its tag, where its first word is, and its count.
    lane: Option<(Tag, usize, usize)>,
    closed: usize,
    #[cfg(debug_assertions)]
    verifier: Verifier,
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
            lane: None,
            closed: 0,
            #[cfg(debug_assertions)]
            verifier: Verifier::default(),
        }
    }

    /// The document is complete: closes the last segment and returns the window, or `None` if memory ran out.
    pub fn finish(mut self) -> Option<W> {
        if self.short_of_memory {
            return None;
        }
        self.turn();
        #[cfg(debug_assertions)]
        self.verifier.finish().expect("a finished plan is complete");
        Some(self.window)
    }

    /// The document has ended early: as [`Recorder::finish`], for those who want to look at what there is of it.
    pub fn stop(mut self) -> Option<W> {
        if self.short_of_memory {
            return None;
        }
        self.turn();
        Some(self.window)
    }

    /// Closes the segment and begins another.
    #[cold]
    #[inline(never)]
    fn turn(&mut self) {
        let copies = core::mem::take(&mut self.copies);
        // What was recorded without memory has gaps, and no one will ask for it.
        if !self.short_of_memory {
            #[cfg(debug_assertions)]
            self.verifier.check(self.segment.as_ref()).expect("a recorded segment is well formed");
            self.window.close(self.segment.as_ref(), copies);
        }
        self.segment.clear();
        self.lane = None;
        self.closed += 1;
    }

    /// A value or key of `words` words comes next: the only places where a plan may be cut.
    #[inline(always)]
    fn place(&mut self, words: usize) {
        if !self.segment.has_place(words) {
            self.turn();
        }
        self.lane = None;
    }

    #[inline(always)]
    fn one(&mut self, word: u64, likely: usize) {
        self.place(1);
        self.segment.push(word);
        self.segment.size.add(likely, likely);
    }

    #[inline(always)]
    fn two(&mut self, tag: Tag, value: u64, likely: usize, strict: usize) {
        self.place(2);
        self.segment.push_first([tag.word(0), value], 2);
        self.segment.size.add(likely, strict);
    }

    /// Records a text of which `utf8` says how long it is in UTF-8.
    #[inline(always)]
    fn put_text(&mut self, t: Text<'_>, utf8: usize, tags: TextTags) {
        let bytes = t.as_bytes().len();
        if bytes <= SHORT {
            let header = if t.width() == Width::Ascii {
                tags.ascii.word(t.len() as u64)
            } else {
                tags.wide.word(text_payload(t.width(), t.len()))
            };
            let [a, b, c, d] = t.padded_words();
            self.segment.push_first([header, a, b, c, d], 1 + bytes.div_ceil(8));
        } else {
            if !self.segment.can_hold(1) {
                self.turn();
            }
            let header = tags.held.word(self.segment.held.len() as u64);
            self.segment.push(header);
            self.segment.held.push(t.hold(self.keeper));
        }
        self.segment.size.add(utf8 + 4, 6 * utf8 + 4);
    }

    /// Records a text by copying it, however long it is: a long one to a place of its own.
    fn copy_text(&mut self, t: Text<'_>, tags: TextTags) -> Result<(), LoneSurrogate> {
        let utf8 = self.window.utf8_len(t)?;
        self.place(1 + SHORT / 8);
        if t.as_bytes().len() <= SHORT {
            self.put_text(t, utf8, tags);
            return Ok(());
        }
        match copied(t.as_bytes()) {
            Some(copy) => {
                // A box stays where it is, whoever it is handed to.
                self.put_text(Text::from_words(t.width(), &copy, t.len()), utf8, tags);
                self.copies.push(copy);
            }
            None => self.short_of_memory = true,
        }
        Ok(())
    }

    /// Makes `add` elements part of a lane: of the one that the segment ends with, or of a new one. Returns its
    /// count before, after the segment has been given place for `words` more.
    #[inline(always)]
    fn lane(&mut self, tag: Tag, add: usize, words: usize) -> usize {
        let fits = self.segment.has_place(words);
        if let Some((last, at, count)) = self.lane
            && last == tag
            && fits
            && count + add <= LANE
        {
            *self.segment.word_mut(at) = tag.word((count + add) as u64);
            self.lane = Some((tag, at, count + add));
            return count;
        }
        self.place(words + 1);
        self.lane = Some((tag, self.segment.len(), add));
        self.segment.push(tag.word(add as u64));
        0
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

/// An upper bound of the decimal digits of `v`, off by one at the most: 1233/4096 is log10(2) but for 5 parts in a million.
#[inline(always)]
const fn digits(v: u64) -> usize {
    (((64 - v.leading_zeros()) as usize * 1233) >> 12) + 1
}

impl<W: Window> Sink for Recorder<'_, W> {
    /// The recorder's place is its segment's end.
    type Pen = ();
    const KEEPS: bool = true;
    const KNOWS: bool = W::PASSES;

    #[inline(always)]
    fn null(&mut self, (): ()) {
        self.one(Tag::Null.word(0), 5);
    }

    #[inline(always)]
    fn bool(&mut self, (): (), v: bool) {
        let tag = if v { Tag::True } else { Tag::False };
        self.one(tag.word(0), 6 - usize::from(v));
    }

    #[inline(always)]
    fn int(&mut self, (): (), v: i64) {
        let size = digits(v.unsigned_abs()) + 1 + usize::from(v < 0);
        if v << 8 >> 8 == v {
            self.one((v as u64) << 8 | Tag::Int as u64, size);
        } else {
            self.two(Tag::Int64, v as u64, size, size);
        }
    }

    fn uint(&mut self, (): (), v: u64) {
        self.two(Tag::Uint64, v, 21, 21);
    }

    #[inline(always)]
    fn float(&mut self, (): (), v: f64) {
        self.two(Tag::Float, v.to_bits(), 20, 25);
    }

    #[inline(always)]
    fn text(&mut self, (): (), t: Text<'_>) -> Result<(), LoneSurrogate> {
        let utf8 = self.window.utf8_len(t)?;
        self.place(1 + SHORT / 8);
        self.put_text(t, utf8, TEXT);
        Ok(())
    }

    #[inline(always)]
    fn key(&mut self, (): (), t: Text<'_>) -> Result<(), LoneSurrogate> {
        let utf8 = self.window.utf8_len(t)?;
        self.place(1 + SHORT / 8);
        self.put_text(t, utf8, KEY);
        Ok(())
    }

    fn passing_text(&mut self, (): (), t: Text<'_>) -> Result<(), LoneSurrogate> {
        self.copy_text(t, TEXT)
    }

    fn passing_key(&mut self, (): (), t: Text<'_>) -> Result<(), LoneSurrogate> {
        self.copy_text(t, KEY)
    }

    #[inline(always)]
    fn known_key(&mut self, (): (), id: u32, fragment: &Fragment) {
        self.place(1);
        if id as usize == self.segment.known.len() && !self.segment.add_known(fragment) {
            self.short_of_memory = true;
        }
        self.segment.push(Tag::KnownKey.word(u64::from(id)));
        self.segment.size.add(fragment.len(), fragment.len());
    }

    fn ints(&mut self, (): (), run: &[i64]) {
        if run.is_empty() {
            return;
        }
        self.lane(Tag::Ints, run.len(), run.len());
        self.segment.extend(bytemuck::cast_slice(run));
        let bits: u32 = run.iter().map(|v| 64 - v.unsigned_abs().leading_zeros()).sum();
        let negative = run.iter().filter(|v| **v < 0).count();
        // A digit for each 3.32 bits, half a digit for rounding up, and the comma.
        let likely = ((bits as usize * 1233) >> 12) + run.len() * 3 / 2 + negative;
        self.segment.size.add(likely, ((bits as usize * 1233) >> 12) + 2 * run.len() + negative);
    }

    fn floats(&mut self, (): (), run: &[f64]) {
        if run.is_empty() {
            return;
        }
        self.lane(Tag::Floats, run.len(), run.len());
        self.segment.extend(bytemuck::cast_slice(run));
        self.segment.size.add(20 * run.len(), 25 * run.len());
    }

    fn bools(&mut self, (): (), bits: u64, n: usize) {
        debug_assert!(n <= 64);
        if n == 0 {
            return;
        }
        let bits = if n == 64 { bits } else { bits & ((1 << n) - 1) };
        let before = self.lane(Tag::Bools, n, 2);
        let shift = before % 64;
        if shift == 0 {
            self.segment.push(bits);
        } else {
            let last = self.segment.len() - 1;
            *self.segment.word_mut(last) |= bits << shift;
            if shift + n > 64 {
                self.segment.push(bits >> (64 - shift));
            }
        }
        let size = 6 * n - bits.count_ones() as usize;
        self.segment.size.add(size, size);
    }

    fn texts(&mut self, (): (), run: &[Text<'_>]) -> Result<(), usize> {
        // Found before anything is recorded, so that a lane has as many texts as it says.
        let bad = run.iter().position(|&t| t.width() != Width::Ascii && self.window.utf8_len(t).is_err());
        let run = &run[..bad.unwrap_or(run.len())];
        if !self.segment.can_hold(run.len()) {
            self.turn();
        }
        if !run.is_empty() {
            self.lane(Tag::Texts, run.len(), run.len() * (1 + SHORT / 8));
        }
        for &t in run {
            let utf8 = self.window.utf8_len(t).unwrap_or_default();
            self.put_text(t, utf8, TEXT);
        }
        bad.map_or(Ok(()), Err)
    }

    #[inline(always)]
    fn open_array(&mut self, (): (), len: usize) {
        self.one(Tag::OpenArray.word(len as u64), 1);
    }

    #[inline(always)]
    fn close_array(&mut self, (): ()) {
        self.lane = None;
        self.segment.push(Tag::CloseArray.word(0));
        self.segment.size.add(2, 2);
    }

    #[inline(always)]
    fn open_object(&mut self, (): (), len: usize) {
        self.one(Tag::OpenObject.word(len as u64), 1);
    }

    #[inline(always)]
    fn close_object(&mut self, (): ()) {
        self.lane = None;
        self.segment.push(Tag::CloseObject.word(0));
        self.segment.size.add(2, 2);
    }

    fn let_go(&self) -> usize {
        self.closed
    }
}
