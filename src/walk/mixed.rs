//! Scalars of several types, as rows that are lists have: where hardly any is like the next, to look for a run at each is
//! a branch more that nobody can foresee.

use core::ops::ControlFlow::{Break, Continue};

use super::failure::Told;
use super::{Walk, scalar};
use crate::cpython::{Access, Buffer, CAN_PEEK, Int, Obj, Seq, Value};
use crate::options::flag;
use crate::sink::Sink;

/// Elements that are compared with their neighbours.
const SAMPLE: usize = 8;

/// Of so many neighbours each is of another type than the one before it: runs among them are shorter than four.
const CHANGES: usize = 3;

/// So many ints and floats by turns are worth a run.
const LEAST: usize = 16;

/// Elements among which Nones are counted, and how many are too few for telling the next ones one by one.
const WINDOW: usize = 64;
const SELDOM: usize = 4;

/// Elements of an array that is told before it is opened, at the most: to open a longer one does not count.
const SHORT: usize = 256;

/// So few ints are read sooner one by one than as a run.
const FEW_INTS: usize = 24;

/// So few strs are told sooner one by one than by a kernel for a run.
const FEW_STRS: usize = 40;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Whether scalars may be told without looking for runs: a recording shows these.
    pub(super) const MIXES: bool = CAN_PEEK && !A::ENCODES && !S::KEEPS && !S::STREAMS;

    /// Tells scalars from `i` on, before `end`, as long as they are of types by turns; how many there were, perhaps none.
    #[inline(never)]
    pub(super) fn mixed(&mut self, mut pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> (S::Pen, usize) {
        let (mut told, mut enough) = (i, CHANGES);
        while seq.changes::<A>(told, end.min(told + SAMPLE)) >= enough {
            if told == i && end - i >= LEAST && self.numbers_by_turns(seq, i, end) {
                (pen, told) = self.numbers(pen, seq, i, end);
            }
            // It is likely to go on so.
            enough = CHANGES - 1;
            for obj in seq.range::<A>(told, end.min(told + SAMPLE)) {
                // No lists are among those that are told here, which might be too deep.
                match scalar::flat_value::<S, A>(&mut self.sink, pen, self.options, obj.look_scalar(), true) {
                    Break(after) => (pen, told) = (after, told + 1),
                    Continue(pen) => return (pen, told - i),
                }
            }
        }
        (pen, told - i)
    }

    /// Whether a run of so many that ends before element `i` was short, and None is what ended it: floats go on behind one.
    #[inline(always)]
    pub(super) fn ends_at_null(&self, told: usize, seq: Seq<'_>, i: usize) -> bool {
        Self::MIXES && told < WINDOW / SELDOM && seq.get::<A>(i).is_some_and(Obj::is_none)
    }

    /// Tells scalars one by one from `i` on, before `end`, as long as None is often among them, which makes runs short; how many
    /// there were.
    #[inline(never)]
    pub(super) fn among_nulls(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        i: usize,
        end: usize,
    ) -> (S::Pen, usize) {
        let (mut told, mut nulls) = (i, SELDOM);
        while nulls >= SELDOM && told < end {
            nulls = 0;
            for obj in seq.range::<A>(told, end.min(told + WINDOW)) {
                let seen = obj.look_scalar();
                nulls += usize::from(matches!(seen, Value::None));
                match scalar::flat_value::<S, A>(&mut self.sink, pen, self.options, seen, true) {
                    Break(after) => (pen, told) = (after, told + 1),
                    Continue(pen) => return (pen, told - i),
                }
            }
        }
        (pen, told - i)
    }

    /// Tells ints and floats from `i` on, as long as there are many, by turns. The next one to tell.
    #[inline(never)]
    fn numbers(&mut self, mut pen: S::Pen, seq: Seq<'_>, mut i: usize, end: usize) -> (S::Pen, usize) {
        let mut buffers = (Buffer::new(), Buffer::new());
        loop {
            let run = seq.numbers::<A>(i, end, &mut buffers);
            if run.len() < LEAST {
                return (pen, i);
            }
            pen = self.sink.numbers(pen, run);
            i += run.len();
            if run.changes() < run.len() / 4 {
                return (pen, i);
            }
        }
    }

    /// Whether ints and floats seem to come by turns from `i` on, and no option asks what is wrong with one.
    #[inline(always)]
    fn numbers_by_turns(&self, seq: Seq<'_>, i: usize, end: usize) -> bool {
        let is_number = |i| matches!(seq.get::<A>(i).map(Obj::look), Some(Value::Int(_) | Value::Float(_)));
        !self.options.has(flag::STRICT_INTEGER | flag::NAN_ERROR)
            && is_number(i)
            && is_number(i + 1)
            && seq.changes::<A>(i, end.min(i + 2 * LEAST)) * 4 > LEAST * 2
    }

    /// Whether so many elements may be told by [`Walk::unopened`].
    #[inline(always)]
    pub(super) const fn may_be_unopened(&self, len: usize) -> bool {
        // Fewer are told elsewhere, unless there is something else among them.
        Self::MIXES && self.few <= len && len <= SHORT
    }

    /// Tells elements of an array before it is opened, for no Python code runs: scalars of types by turns, as rows of tables have; or
    /// those of one type, if the last is of the type of the first: most likely all. How many there were.
    #[inline(always)]
    pub(super) fn unopened(&mut self, pen: S::Pen, seq: Seq<'_>, end: usize) -> Told<(S::Pen, usize)> {
        let (Some(first), Some(last)) = (seq.get::<A>(0), seq.get::<A>(end - 1)) else { return Ok((pen, 0)) };
        if seq.get::<A>(1).is_some_and(|next| !next.is_same_type(first)) {
            return Ok(self.mixed(pen, seq, 0, end));
        }
        match first.look() {
            _ if !first.is_same_type(last) => Ok((pen, 0)),
            Value::Str(_) if end < FEW_STRS => Ok(self.last_alike(pen, seq, 0, end)),
            Value::Int(_) if end <= FEW_INTS => Ok(self.few_ints(pen, seq, end)),
            // For the digits of a large one Python is asked.
            Value::Int(_) if !self.options.has(flag::BIG_INTEGER) => self.ints(pen, seq, 0, end),
            Value::Float(_) => self.floats(pen, seq, 0, end),
            Value::Bool(_) => Ok(self.bools(pen, seq, 0, end)),
            _ => Ok((pen, 0)),
        }
    }

    /// Tells the ints with which `seq` begins, before `end`, which is not far; how many there were.
    #[inline(never)]
    fn few_ints(&mut self, mut pen: S::Pen, seq: Seq<'_>, end: usize) -> (S::Pen, usize) {
        if self.options.has(flag::STRICT_INTEGER) {
            return self.last_alike(pen, seq, 0, end);
        }
        let mut told = 0;
        for obj in seq.range::<A>(0, end) {
            let Some(Int::Small(v)) = obj.int::<A>() else { break };
            (pen, told) = (self.sink.int_among_ints(pen, v), told + 1);
        }
        (pen, told)
    }

    /// Tells scalars of one type from `i` on, before `end`, which are too few for a lane; how many there were, perhaps none.
    #[inline(never)]
    pub(super) fn last_alike(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        i: usize,
        end: usize,
    ) -> (S::Pen, usize) {
        let (mut told, first) = (0, seq.get::<A>(i));
        for obj in seq.range::<A>(i, end) {
            if !first.is_some_and(|first| first.is_same_type(obj)) {
                break;
            }
            match scalar::flat_value::<S, A>(&mut self.sink, pen, self.options, obj.look_scalar(), true) {
                Break(after) => (pen, told) = (after, told + 1),
                Continue(pen) => return (pen, told),
            }
        }
        (pen, told)
    }
}
