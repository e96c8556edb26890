//! Lists and tuples: element by element, and run by run where neighbours are alike.

use super::Walk;
use super::failure::{Failure, Fault, Step, Told};
use super::inert::Looks;
use crate::cpython::{Access, Buffer, CAN_PEEK, Obj, Seq, Value};
use crate::options::flag;
use crate::sink::{BOOLS, RUN, Sink, TEXT_RUN, WORDS};
use crate::text::{LoneSurrogate, Text};

impl<S: Sink, A: Access> Walk<'_, S, A> {
    #[inline(always)]
    pub(super) fn array(&mut self, pen: S::Pen, seq: Seq<'_>) -> Told<S::Pen> {
        self.array_from(pen, seq, None)
    }

    /// An array of which so many elements have been told, or that the sink does not know of yet.
    #[inline(never)]
    pub(super) fn array_from(&mut self, mut pen: S::Pen, seq: Seq<'_>, told: Option<usize>) -> Told<S::Pen> {
        let end = seq.len::<A>();
        if told.is_none() {
            // orjson writes an empty tuple however deep it is.
            if !(seq.is_tuple() && end == 0) {
                self.check_depth()?;
            }
            if end == 0 {
                return Ok(self.sink.empty_array(pen));
            }
            pen = self.sink.open_array(pen, end);
        }
        let Some(seq) = self.world.open_seq(seq) else { return Err(Failure::memory()) };
        let begin = told.unwrap_or(0);
        // Dicts are asked for so many elements further on than usual.
        let ahead = seq.has_far_dicts::<A>(end).then_some(0);
        let pen = self.elements_of(pen, seq, (begin, end, ahead))?;
        let pen = self.sink.close_array(pen);
        self.world.close();
        Ok(pen)
    }

    /// Tells elements of the open array.
    #[inline(never)]
    pub(super) fn some_elements(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        range: (usize, usize, Option<usize>),
    ) -> Told<S::Pen> {
        self.elements_of(pen, seq, range)
    }

    #[inline(always)]
    fn elements_of(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        (mut i, end, ahead): (usize, usize, Option<usize>),
    ) -> Told<S::Pen> {
        let mut looks = Looks::from(i);
        let mut flat = end - i > 1 && self.knows_flat();
        // A hook may shorten the list, which `get` sees, or add to it, which is left for another time.
        while i < end {
            let Some(obj) = seq.get::<A>(i) else { break };
            let alike = |next: Obj<'_>| next.is_same_type(obj);
            let told = match obj.look() {
                _ if A::ENCODES => self.value(pen, obj),
                Value::Dict(_) if Self::LOOKS && looks.are_due(i) => {
                    (pen, i) = self.pass_inert(pen, seq, (i, end, ahead), &mut looks)?;
                    continue;
                }
                Value::Dict(_) if flat => {
                    let told = self.flat_dicts(pen, seq, (i, end, ahead))?;
                    // The next ones are most likely like the last.
                    (pen, flat) = (told.pen, told.all && told.next > i);
                    i = told.next;
                    continue;
                }
                Value::Dict(d) => {
                    if let Some(further) = ahead {
                        seq.ahead_of_dict::<A>(i + further);
                    }
                    self.object(pen, d)
                }
                Value::List(s) | Value::Tuple(s) => {
                    if self.may_be_row(s) && end - i > 1 {
                        let told;
                        (pen, told) = self.rows(pen, seq, i, self.run_end(i, end), s.len::<A>())?;
                        if told > 0 {
                            i += told;
                            pen = self.hand_on(pen)?;
                            // What is no row here is followed by rows, most likely.
                            looks.put_off(i);
                            continue;
                        }
                    }
                    if Self::LOOKS && looks.are_due(i) {
                        (pen, i) = self.pass_inert(pen, seq, (i, end, ahead), &mut looks)?;
                        continue;
                    }
                    self.inner_array(pen, s)
                }
                Value::Other => {
                    let told;
                    (pen, told) = self.others(pen, seq, i, self.run_end(i, end))?;
                    i += told;
                    pen = self.hand_on(pen)?;
                    continue;
                }
                Value::None => Ok(self.sink.null(pen)),
                kind if self.may_run(kind, end - i) && seq.get::<A>(i + 1).is_some_and(alike) => {
                    let end = self.run_end(i, end);
                    let told;
                    (pen, told) = match kind {
                        Value::Int(_) => self.ints(pen, seq, i, end)?,
                        Value::Float(_) => self.floats(pen, seq, i, end)?,
                        Value::Bool(_) => self.bools(pen, seq, i, end),
                        _ => self.texts(pen, seq, i, end)?,
                    };
                    i += told;
                    pen = self.hand_on(pen)?;
                    continue;
                }
                _ => self.value(pen, obj),
            };
            pen = match told {
                Ok(pen) => self.hand_on(pen)?,
                Err(failure) => return Err(failure.at(Step::Index(i))),
            };
            i += 1;
        }
        Ok(pen)
    }

    /// Whether it may be one of several short lists of floats: points.
    #[inline(always)]
    fn may_be_row(&self, seq: Seq<'_>) -> bool {
        S::ROWS
            && CAN_PEEK
            && matches!(seq.len::<A>(), 2..=4)
            && !self.options.has(flag::NAN_ERROR)
            && [0, seq.len::<A>() - 1]
                .iter()
                .all(|&i| seq.get::<A>(i).is_some_and(|o| o.as_float().is_some()))
    }

    /// Whether so many elements are enough for a lane of this kind.
    #[inline(always)]
    fn may_run(&self, kind: Value<'_>, left: usize) -> bool {
        let thresholds = &self.options.thresholds;
        left >= match kind {
            Value::Int(_) => thresholds.int.min(RUN),
            Value::Float(_) => thresholds.float.min(RUN),
            Value::Bool(_) => thresholds.bool.min(BOOLS),
            // Those of a stream may be of any length, and none of a run could be handed on before the others.
            _ if S::STREAMS => return false,
            _ => thresholds.text.min(TEXT_RUN),
        }
    }

    /// Tells the integers from `i` on. A run that is longer than the buffer goes on in the next one, whose rest is
    /// part of the lane however short it is.
    #[inline(never)]
    fn ints(&mut self, mut pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> Told<(S::Pen, usize)> {
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
            if run.len() < RUN {
                break;
            }
        }
        if told == 0 { self.lone_int(pen, seq, i) } else { Ok((pen, told)) }
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

    #[inline(never)]
    fn floats(&mut self, mut pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> Told<(S::Pen, usize)> {
        let mut buffer = Buffer::<f64, RUN>::new();
        let (mut told, mut lane) = (0, false);
        loop {
            let run = seq.floats::<A, RUN>(i + told, end, &mut buffer);
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
            if run.len() < RUN {
                return Ok((pen, told));
            }
        }
    }

    #[inline(never)]
    fn bools(&mut self, mut pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> (S::Pen, usize) {
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
    fn texts(&mut self, mut pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> Told<(S::Pen, usize)> {
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
    fn rows(
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
