//! Runs: lanes in a plan, or emitted at once where that saves a copy.

use super::text::TEXT;
use super::{Recorder, words_of};
use crate::emit::kernel::Source;
use crate::plan::node::{LANE, Tag, is_copied, rows_payload};
use crate::plan::segment::{Spot, WORDS};
use crate::plan::window::{Run, TextKernels, Window};
use crate::sink::{BOOLS, Elements};
use crate::text::{LoneSurrogate, Text, Width};

/// What a lane is of.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Kind {
    tag: Tag,
    /// Of rows.
    width: usize,
}

impl Kind {
    const fn of(tag: Tag) -> Self {
        Self { tag, width: 0 }
    }

    /// The first word of a lane that takes up so much: elements, or doubles of rows.
    #[inline(always)]
    const fn word(self, count: usize) -> u64 {
        self.tag.word(match self.width {
            0 => count as u64,
            width => rows_payload(width, count),
        })
    }
}

/// A lane in the segment.
#[derive(Clone, Copy)]
pub(super) struct Lane {
    kind: Kind,
    /// Where its first word is.
    at: usize,
    count: usize,
    /// Where it ends. It goes on only there.
    end: usize,
}

impl Lane {
    pub(super) const NONE: Self = Self { kind: Kind::of(Tag::Null), at: 0, count: 0, end: usize::MAX };
}

impl<W: Window> Recorder<'_, W> {
    /// Whether a run is better emitted at once than recorded: it is long, or nothing waits before it.
    #[inline(always)]
    fn passes(pen: &Spot, run: Run<'_>) -> bool {
        W::EMITS && (pen.at() == 0 || run.is_full())
    }

    /// All that has been recorded is emitted before `n` elements that are not to be recorded.
    #[inline(always)]
    fn make_way_for(&mut self, pen: Spot, n: usize) -> Spot {
        debug_assert!(n > 0);
        let pen = self.make_way(pen);
        #[cfg(debug_assertions)]
        self.verifier.check_lane(n).expect("a run stands where a lane may");
        pen
    }

    #[inline(always)]
    fn make_way(&mut self, pen: Spot) -> Spot {
        if W::EMITS && pen.at() > 0 { self.turn(pen) } else { pen }
    }

    /// Emits a run at once, behind all that has been recorded.
    #[inline(always)]
    fn pass(&mut self, pen: Spot, run: Run<'_>) -> Result<Spot, usize> {
        let pen = self.make_way_for(pen, run.len());
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
    fn lane(&mut self, pen: Spot, kind: Kind, add: usize, words: usize) -> (usize, Spot) {
        let Lane { kind: last, at, count, end } = self.lane;
        if last == kind && end == pen.at() && count + add <= LANE && pen.at() + words <= WORDS {
            *self.segment.word_mut(at) = kind.word(count + add);
            self.lane.count = count + add;
            return (count, pen);
        }
        let pen = if pen.at() + 1 + words <= WORDS { pen } else { self.turn(pen) };
        self.lane = Lane { kind, at: pen.at(), count: add, end: usize::MAX };
        (0, self.begin((pen.at(), 0), kind.word(add), 0))
    }

    /// The words of a lane's elements.
    #[inline(always)]
    fn put_lane(&mut self, pen: Spot, words: &[u64]) -> Spot {
        self.segment.store(pen.at(), words);
        self.lane.end = pen.at() + words.len();
        self.reach(self.lane.end)
    }

    /// Records integers, or emits them.
    pub(super) fn put_ints(&mut self, pen: Spot, run: &[i64]) -> Spot {
        if run.is_empty() {
            return pen;
        }
        if Self::passes(&pen, Run::Ints(run)) {
            return self.pass_numbers(pen, Run::Ints(run));
        }
        let (_, pen) = self.lane(pen, Kind::of(Tag::Ints), run.len(), run.len());
        self.put_lane(pen, bytemuck::cast_slice(run))
    }

    /// Records doubles, or emits them.
    pub(super) fn put_floats(&mut self, pen: Spot, run: &[f64]) -> Spot {
        if run.is_empty() {
            return pen;
        }
        if Self::passes(&pen, Run::Floats(run)) {
            return self.pass_numbers(pen, Run::Floats(run));
        }
        let (_, pen) = self.lane(pen, Kind::of(Tag::Floats), run.len(), run.len());
        self.put_lane(pen, bytemuck::cast_slice(run))
    }

    /// Records rows of doubles, or emits them.
    pub(super) fn put_rows(&mut self, pen: Spot, run: &[f64], width: usize) -> Spot {
        if run.is_empty() {
            return pen;
        }
        if Self::passes(&pen, Run::Rows(run, width)) {
            return self.pass_numbers(pen, Run::Rows(run, width));
        }
        let (_, pen) = self.lane(pen, Kind { tag: Tag::Rows, width }, run.len(), run.len());
        self.put_lane(pen, bytemuck::cast_slice(run))
    }

    /// Records booleans, or emits them.
    pub(super) fn put_bools(&mut self, pen: Spot, bits: u64, n: usize) -> Spot {
        debug_assert!(n <= 64);
        if n == 0 {
            return pen;
        }
        if Self::passes(&pen, Run::Bools(bits, n)) {
            return self.pass_numbers(pen, Run::Bools(bits, n));
        }
        let bits = if n == 64 { bits } else { bits & ((1 << n) - 1) };
        let (before, pen) = self.lane(pen, Kind::of(Tag::Bools), n, 2);
        let shift = before % 64;
        if shift == 0 {
            return self.put_lane(pen, &[bits]);
        }
        *self.segment.word_mut(pen.at() - 1) |= bits << shift;
        let rest = [bits >> (64 - shift)];
        self.put_lane(pen, if shift + n > 64 { &rest } else { &[] })
    }

    /// Records words of booleans, or emits them.
    pub(super) fn put_many_bools(&mut self, pen: Spot, words: &[u64]) -> Spot {
        if words.is_empty() {
            return pen;
        }
        if Self::passes(&pen, Run::ManyBools(words)) {
            return self.pass_numbers(pen, Run::ManyBools(words));
        }
        words.iter().fold(pen, |pen, &bits| self.put_bools(pen, bits, BOOLS))
    }

    /// Emits `n` elements, behind all that has been recorded.
    #[inline(always)]
    pub(super) fn pass_elements<E: Elements>(&mut self, pen: Spot, elements: E) -> Result<Spot, E::Failure> {
        let pen = self.make_way(pen);
        #[cfg(debug_assertions)]
        self.verifier.check_passing().expect("elements pass in an array, members in an object");
        self.window.pass(elements)?;
        Ok(pen)
    }

    /// Emits all strings of `source`, behind all that has been recorded.
    pub(super) fn pass_on<'t, T: Source<'t> + Copy>(
        &mut self,
        pen: Spot,
        source: &mut T,
    ) -> Result<Spot, LoneSurrogate> {
        let pen = self.make_way_for(pen, 1);
        self.window.draw(source)?;
        Ok(pen)
    }

    /// Records strings, or emits them.
    pub(super) fn put_texts(&mut self, pen: Spot, run: &[Text<'_>]) -> Result<Spot, usize> {
        if run.is_empty() {
            return Ok(pen);
        }
        if Self::passes(&pen, Run::Texts(run)) {
            return self.pass(pen, Run::Texts(run));
        }
        // Found before anything is recorded, so that a lane has as many texts as it says.
        let bad = run.iter().position(|&t| t.width() != Width::Ascii && W::Texts::utf8_len(t).is_err());
        if let Some(bad) = bad {
            return Err(bad);
        }
        let pen = if self.segment.can_hold(run.len()) { pen } else { self.turn(pen) };
        let copied = run.iter().filter(|t| is_copied(t.len(), t.width()));
        let words = run.len() + copied.map(|t| words_of(t.as_bytes().len())).sum::<usize>();
        let (_, mut pen) = self.lane(pen, Kind::of(Tag::Texts), run.len(), words);
        for &t in run {
            pen = self.put_text((pen.at(), 0), t, TEXT);
        }
        self.lane.end = pen.at();
        Ok(pen)
    }
}
