//! The sink that writes a plan.

mod bracket;
mod lane;
mod member;
mod text;

use super::node::{RAW_SHORT, SHORT, Tag, small_int};
use super::segment::{BRACKETS, SPARE, Segment, Spot, WORDS};
#[cfg(debug_assertions)]
use super::verify::Verifier;
use super::window::Window;
use crate::emit::kernel::Source;
use crate::fragment::Fragment;
use crate::sink::{Elements, Sink};
use crate::stamp::{self, Stamp};
use crate::text::{Chars, Clean, Keeper, LoneSurrogate, PLAIN, Text};
use lane::Lane;
use text::{KEY, TEXT};

/// Words that the largest node takes that is neither a lane nor a bracket.
const NODE: usize = 1 + PLAIN / 8;
const _: () = assert!(NODE + BRACKETS <= SPARE && PLAIN >= RAW_SHORT);

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
        self.complete(pen).then_some(self.window)
    }

    /// The document is complete: closes the last segment. False if memory ran out. To be told nothing more.
    #[inline]
    pub fn complete(&mut self, pen: Spot) -> bool {
        if self.short_of_memory {
            return false;
        }
        self.close_segment(&pen);
        self.segment.forget();
        #[cfg(debug_assertions)]
        self.verifier.finish().expect("a finished plan is complete");
        true
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
        // What was recorded without memory has gaps, and no one will ask for it.
        if !self.short_of_memory {
            self.close_segment(&pen);
        }
        self.copies.clear();
        self.segment.forget();
        self.waiting = 0;
        self.lane = Lane::NONE;
        self.closed += 1;
        self.reach(0);
        pen.moved_to_front()
    }

    /// Hands the segment to the window.
    #[inline(always)]
    fn close_segment(&mut self, pen: &Spot) {
        let copies = core::mem::take(&mut self.copies);
        let segment = self.segment.up_to(pen.at());
        #[cfg(debug_assertions)]
        self.verifier.check(segment).expect("a recorded segment is well formed");
        self.window.close(segment, copies);
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
}

/// Words that so many bytes fill.
#[inline(always)]
const fn words_of(bytes: usize) -> usize {
    (bytes + 7) >> 3
}

impl<W: Window> Sink for Recorder<'_, W> {
    type Pen = Spot;
    const KEEPS: bool = true;
    const KNOWS: bool = W::PASSES;
    const STREAMS: bool = W::STREAMS;
    const DRAWS: bool = W::EMITS;
    const ROWS: bool = true;
    const PASSES: bool = W::EMITS;

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
        match self.segment.key(id) {
            Some(key) => pen.behind_key(key),
            None => self.new_known_key(pen, id, fragment),
        }
    }

    #[inline(always)]
    fn int_member(&mut self, pen: Spot, id: u32, fragment: &Fragment, v: i64) -> Spot {
        if let Some(word) = small_int(v)
            && let Some(place) = self.place_of_member(&pen, id)
        {
            return self.begin(place, word, 0);
        }
        self.other_int_member(pen, id, fragment, v)
    }

    #[inline(always)]
    fn float_member(&mut self, pen: Spot, id: u32, fragment: &Fragment, v: f64) -> Spot {
        let Some(place) = self.place_of_member(&pen, id) else {
            let pen = self.next_known_key(pen, id, fragment);
            return self.float(pen, v);
        };
        *self.segment.word_mut(place.0 + 1) = v.to_bits();
        self.begin(place, Tag::Float.word(0), 1)
    }

    #[inline(always)]
    fn bool_member(&mut self, pen: Spot, id: u32, fragment: &Fragment, v: bool) -> Spot {
        self.member(pen, id, fragment, if v { Tag::True } else { Tag::False })
    }

    #[inline(always)]
    fn null_member(&mut self, pen: Spot, id: u32, fragment: &Fragment) -> Spot {
        self.member(pen, id, fragment, Tag::Null)
    }

    #[inline(always)]
    fn ascii_member(&mut self, pen: Spot, id: u32, fragment: &Fragment, s: &[u8]) -> Spot {
        if let Some(place) = self.place_of_member(&pen, id) {
            if self.put_clean_at(place.0 + 1, s) {
                return self.begin(place, Tag::Clean.word(s.len() as u64), words_of(s.len()));
            }
            if (SHORT + 1..=PLAIN).contains(&s.len()) {
                return self.put_long(place, s, TEXT);
            }
        }
        self.other_ascii_member(pen, id, fragment, s)
    }

    fn ints(&mut self, pen: Spot, run: &[i64]) -> Spot {
        self.put_ints(pen, run)
    }

    fn floats(&mut self, pen: Spot, run: &[f64]) -> Spot {
        self.put_floats(pen, run)
    }

    fn rows(&mut self, pen: Spot, run: &[f64], width: usize) -> Spot {
        self.put_rows(pen, run, width)
    }

    fn bools(&mut self, pen: Spot, bits: u64, n: usize) -> Spot {
        self.put_bools(pen, bits, n)
    }

    fn many_bools(&mut self, pen: Spot, words: &[u64]) -> Spot {
        self.put_many_bools(pen, words)
    }

    fn texts(&mut self, pen: Spot, run: &[Text<'_>]) -> Result<Spot, usize> {
        self.put_texts(pen, run)
    }

    fn draws(&self, pen: &Spot, many: bool) -> bool {
        // As for runs: what is long, or what nothing waits before.
        W::EMITS && (many || pen.at() == 0)
    }

    fn draw<'t, T: Source<'t> + Copy>(&mut self, pen: Spot, source: &mut T) -> Result<Spot, LoneSurrogate> {
        self.pass_on(pen, source)
    }

    #[inline(always)]
    fn pass<E: Elements>(&mut self, pen: Spot, elements: E) -> Result<Spot, E::Failure> {
        self.pass_elements(pen, elements)
    }

    #[inline(always)]
    fn open_array(&mut self, pen: Spot, len: usize) -> Spot {
        self.open(pen, Tag::OpenArray, len)
    }

    #[inline(always)]
    fn close_array(&mut self, pen: Spot) -> Spot {
        self.close(pen, Tag::CloseArray)
    }

    #[inline(always)]
    fn empty_array(&mut self, pen: Spot) -> Spot {
        self.empty(pen, Tag::EmptyArray, [Tag::OpenArray, Tag::CloseArray])
    }

    #[inline(always)]
    fn empty_object(&mut self, pen: Spot) -> Spot {
        self.empty(pen, Tag::EmptyObject, [Tag::OpenObject, Tag::CloseObject])
    }

    #[inline(always)]
    fn open_object(&mut self, pen: Spot, len: usize) -> Spot {
        self.open(pen, Tag::OpenObject, len)
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
