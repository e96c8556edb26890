//! Runs of neighbours of one type in a list.

use super::Walk;
use super::failure::{Failure, Fault, Step, Told};
use super::inert::Looked;
use crate::cpython::{Access, Buffer, Int, Obj, Seq, Value};
use crate::options::flag;
use crate::sink::{BOOLS, RUN, Sink, TEXT_RUN, WORDS};
use crate::text::{LoneSurrogate, Text};

/// So many ints behind one that takes 64 bits without a sign are told one by one: the next one of these is not far.
const AMONG: usize = 8;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Tells the Nones from `i` on, of which there is one at least.
    #[inline(always)]
    pub(super) fn nulls(&mut self, mut pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> (S::Pen, usize) {
        let mut told = 0;
        for obj in seq.range::<A>(i, end) {
            if !matches!(obj.look(), Value::None) {
                break;
            }
            pen = self.sink.null(pen);
            told += 1;
        }
        (pen, told)
    }

    /// Tells the dicts from `i` on that have nothing in them, of which there is one at least. The next element to tell.
    #[inline(never)]
    pub(super) fn empty_objects(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        (mut i, end): (usize, usize),
    ) -> Told<(S::Pen, usize)> {
        self.check_depth().map_err(|failure| failure.at(Step::Index(i)))?;
        for obj in seq.range::<A>(i, end) {
            if !matches!(obj.look(), Value::Dict(dict) if dict.len::<A>() == 0) {
                break;
            }
            pen = self.sink.empty_object(pen);
            i += 1;
        }
        Ok((pen, i))
    }

    /// Tells the integers from `i` on. A run that is longer than the buffer goes on in the next one, whose rest is
    /// part of the lane however short it is.
    #[inline(never)]
    pub(super) fn ints(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        i: usize,
        end: usize,
    ) -> Told<(S::Pen, usize)> {
        if self.options.has(flag::STRICT_INTEGER) {
            return self.lone_int(pen, seq, i);
        }
        let mut buffer = Buffer::<i64, RUN>::new();
        let (mut told, mut lane) = (0, false);
        loop {
            let run = seq.ints::<A, RUN>(i + told, end, &mut buffer);
            lane |= run.len() >= self.options.thresholds.int.min(RUN);
            pen = if lane {
                self.sink.ints(pen, run)
            } else {
                run.iter().fold(pen, |pen, &v| self.sink.int(pen, v))
            };
            told += run.len();
            if run.len() == RUN {
                continue;
            }
            let others;
            (pen, others) = if S::PASSES && self.are_many_unsigned(seq, i + told, end) {
                let (pen, next) = self.pass_looked_at(pen, Ints { seq, end }, i + told, 1)?;
                (pen, next - i - told)
            } else {
                self.unsigned(pen, seq, i + told, end)
            };
            if others == 0 {
                break;
            }
            (told, lane) = (told + others, false);
        }
        if told == 0 { self.lone_int(pen, seq, i) } else { Ok((pen, told)) }
    }

    /// Whether the next one is such, and enough elements are left for others of them: they are not in lanes, and what is recorded
    /// one by one is better told at once.
    #[inline(always)]
    fn are_many_unsigned(&self, seq: Seq<'_>, i: usize, end: usize) -> bool {
        self.are_many(seq, i, end) && matches!(seq.get::<A>(i).and_then(Obj::int::<A>), Some(Int::Big(_)))
    }

    /// Tells ints one by one, as long as those of 64 bits without a sign are among them; how many there were.
    #[inline(always)]
    fn unsigned(&mut self, mut pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> (S::Pen, usize) {
        let (mut told, mut small) = (0, 0);
        for int in seq.range::<A>(i, end).map_while(Obj::int::<A>) {
            match int {
                Int::Big(v) => (pen, small) = (self.sink.uint(pen, v), 0),
                Int::Small(v) if small < AMONG => (pen, small) = (self.sink.int(pen, v), small + 1),
                _ => break,
            }
            told += 1;
        }
        (pen, told)
    }

    /// An integer that cannot be part of a run.
    #[cold]
    fn lone_int(&mut self, pen: S::Pen, seq: Seq<'_>, i: usize) -> Told<(S::Pen, usize)> {
        match seq.get::<A>(i) {
            Some(obj) => match self.value(pen, obj) {
                Ok(pen) => Ok((pen, 1)),
                Err(failure) => Err(failure.at(Step::Index(i))),
            },
            None => Ok((pen, 1)),
        }
    }

    /// Whether None may be told as a double that is no number.
    #[inline(always)]
    pub(super) fn nulls_are_floats(&self) -> bool {
        Self::MIXES && !self.options.has(flag::NAN_ERROR)
    }

    /// Tells the floats from `i` on, of which there is one at least, and Nones among them.
    #[inline(never)]
    pub(super) fn floats(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        i: usize,
        end: usize,
    ) -> Told<(S::Pen, usize)> {
        let mut buffer = Buffer::<f64, RUN>::new();
        let (mut told, mut lane) = (0, false);
        let mut among_nulls = None;
        loop {
            let run = match among_nulls {
                Some(float) => seq.floats_or_none::<A, RUN>(i + told, end, float, &mut buffer),
                None => seq.floats::<A, RUN>(i + told, end, &mut buffer),
            };
            if self.options.has(flag::NAN_ERROR)
                && let Some(k) = run.iter().position(|v| !v.is_finite())
            {
                return Err(Failure::new(Fault::NotFinite).at(Step::Index(i + told + k)));
            }
            lane |= run.len() >= self.options.thresholds.float.min(RUN);
            pen = if lane {
                self.sink.floats(pen, run)
            } else {
                run.iter().fold(pen, |pen, &v| self.sink.float(pen, v))
            };
            told += run.len();
            if run.len() == RUN {
                continue;
            }
            let ends_at_null = i + told < end && seq.get::<A>(i + told).is_some_and(Obj::is_none);
            if !ends_at_null || among_nulls.is_some() || !self.nulls_are_floats() {
                return Ok((pen, told));
            }
            among_nulls = seq.get::<A>(i);
        }
    }

    #[inline(never)]
    pub(super) fn bools(&mut self, mut pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> (S::Pen, usize) {
        let (mut told, mut lane) = (0, false);
        let (mut words, mut full) = ([0; WORDS], 0);
        loop {
            let (bits, n) = seq.bools::<A>(i + told, end);
            told += n;
            if n == BOOLS {
                words[full] = bits;
                full += 1;
                if full < WORDS {
                    continue;
                }
            }
            pen = self.sink.many_bools(pen, &words[..full]);
            lane |= full > 0;
            full = 0;
            if n < BOOLS {
                lane |= n >= self.options.thresholds.bool;
                pen = if lane {
                    self.sink.bools(pen, bits, n)
                } else {
                    (0..n).fold(pen, |pen, i| self.sink.bool(pen, bits >> i & 1 == 1))
                };
                return (pen, told);
            }
        }
    }

    #[inline(never)]
    pub(super) fn texts(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        i: usize,
        end: usize,
    ) -> Told<(S::Pen, usize)> {
        let many = || seq.get::<A>(i + TEXT_RUN - 1).is_some_and(|o| o.as_exact_str().is_some());
        if S::DRAWS && self.sink.draws(&pen, end - i >= TEXT_RUN && many()) {
            return if seq.wants_ahead::<A>(i) {
                self.drawn::<true>(pen, seq, i, end)
            } else {
                self.drawn::<false>(pen, seq, i, end)
            };
        }
        let mut buffer = Buffer::<Text<'_>, TEXT_RUN>::new();
        let (mut told, mut lane) = (0, false);
        loop {
            let run = seq.texts::<A, TEXT_RUN>(i + told, end, &mut buffer);
            lane |= run.len() >= self.options.thresholds.text.min(TEXT_RUN);
            let result = if lane {
                self.sink.texts(pen, run)
            } else {
                run.iter().enumerate().try_fold(pen, |pen, (k, &t)| self.sink.text(pen, t).map_err(|_| k))
            };
            pen = match result {
                Ok(pen) => pen,
                Err(k) => {
                    if S::KEEPS {
                        // Those before it have been told, and somebody may want to look at them.
                        self.keep_run(seq, i + told, &run[..k])?;
                    }
                    return Err(Failure::new(Fault::Surrogate).at(Step::Index(i + told + k)));
                }
            };
            if self.sink.keeps(&pen) {
                self.keep_run(seq, i + told, run)?;
            }
            told += run.len();
            if run.len() < TEXT_RUN {
                break;
            }
        }
        // A str whose text cannot be had is one that there is no memory for.
        if told == 0 { Err(Failure::memory()) } else { Ok((pen, told)) }
    }

    fn drawn<const AHEAD: bool>(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        i: usize,
        end: usize,
    ) -> Told<(S::Pen, usize)> {
        let mut strs = seq.strs::<A, AHEAD>(i, end);
        match self.sink.draw(pen, &mut strs) {
            Err(LoneSurrogate) => Err(Failure::new(Fault::Surrogate).at(Step::Index(i + strs.passed()))),
            // As above.
            Ok(_) if strs.passed() == 0 => Err(Failure::memory()),
            Ok(pen) => Ok((pen, strs.passed())),
        }
    }

    /// Tells short lists of floats, as many as there are from `i` on; how many there were, perhaps none. They are no
    /// containers to the world, because no Python code runs.
    #[inline(never)]
    pub(super) fn rows(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        i: usize,
        end: usize,
        width: usize,
    ) -> Told<(S::Pen, usize)> {
        let mut buffer = Buffer::<f64, RUN>::new();
        let run = seq.rows::<A, RUN>(i, end, width, &mut buffer);
        if run.is_empty() {
            return Ok((pen, 0));
        }
        self.check_depth().map_err(|failure| failure.at(Step::Index(i)))?;
        Ok((self.sink.rows(pen, run, width), run.len() / width))
    }

    fn keep_run(&mut self, seq: Seq<'_>, from: usize, run: &[Text<'_>]) -> Told<()> {
        for (k, t) in run.iter().enumerate() {
            if let Some(obj) = seq.get::<A>(from + k) {
                self.keep(obj, *t)?;
            }
        }
        Ok(())
    }
}

/// Ints of a list, told as far as they go.
struct Ints<'a> {
    seq: Seq<'a>,
    end: usize,
}

impl Looked for Ints<'_> {
    #[inline(always)]
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        i: usize,
        _: usize,
    ) -> Told<(S::Pen, usize)> {
        walk.ints(pen, self.seq, i, self.end)
    }
}
