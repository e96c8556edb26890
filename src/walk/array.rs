//! Lists and tuples: element by element, and run by run where neighbours are alike.

use super::Walk;
use super::failure::{Failure, Fault, Step, Told};
use crate::cpython::{Access, Buffer, LONG, Obj, Seq, Value};
use crate::options::flag;
use crate::sink::{RUN, Sink, TEXT_RUN};
use crate::text::Text;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    #[inline(never)]
    pub(super) fn array(&mut self, pen: S::Pen, seq: Seq<'_>) -> Told<S::Pen> {
        let end = seq.len::<A>();
        // orjson writes an empty tuple however deep it is.
        if !(seq.is_tuple() && end == 0) {
            self.check_depth()?;
        }
        if end == 0 {
            return Ok(self.sink.empty_array(pen));
        }
        let Some(seq) = self.world.open_seq(seq) else { return Err(Failure::new(Fault::Memory)) };
        let mut pen = self.sink.open_array(pen, end);
        let mut i = 0;
        // A hook may shorten the list, which `get` sees, or add to it, which is left for another time.
        while i < end {
            let Some(obj) = seq.get::<A>(i) else { break };
            let alike = |next: Obj<'_>| next.is_same_type(obj);
            let told = match obj.look() {
                Value::Dict(d) => {
                    if end >= LONG {
                        seq.ahead_of_dict::<A>(i);
                    }
                    self.object(pen, d)
                }
                Value::List(s) | Value::Tuple(s) => self.array(pen, s),
                Value::Other => self.rare(pen, obj),
                Value::None => Ok(self.sink.null(pen)),
                kind if i + 1 < end && seq.get::<A>(i + 1).is_some_and(alike) => {
                    let told;
                    (pen, told) = match kind {
                        Value::Int(_) => self.ints(pen, seq, i, end)?,
                        Value::Float(_) => self.floats(pen, seq, i, end),
                        Value::Bool(_) => self.bools(pen, seq, i, end),
                        _ => self.texts(pen, seq, i, end)?,
                    };
                    i += told;
                    continue;
                }
                _ => self.value(pen, obj),
            };
            pen = match told {
                Ok(pen) => pen,
                Err(failure) => return Err(failure.at(Step::Index(i))),
            };
            i += 1;
        }
        let pen = self.sink.close_array(pen);
        self.world.close();
        Ok(pen)
    }

    #[inline(never)]
    fn ints(&mut self, pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> Told<(S::Pen, usize)> {
        let mut buffer = Buffer::<i64, RUN>::new();
        let run = if self.options.has(flag::STRICT_INTEGER) {
            &[]
        } else {
            seq.ints::<A, RUN>(i, end, &mut buffer)
        };
        if run.is_empty() {
            return self.lone_int(pen, seq, i);
        }
        let pen = if run.len() >= self.options.thresholds.int {
            self.sink.ints(pen, run)
        } else {
            run.iter().fold(pen, |pen, &v| self.sink.int(pen, v))
        };
        Ok((pen, run.len()))
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
    fn floats(&mut self, pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> (S::Pen, usize) {
        let mut buffer = Buffer::<f64, RUN>::new();
        let run = seq.floats::<A, RUN>(i, end, &mut buffer);
        let pen = if run.len() >= self.options.thresholds.float {
            self.sink.floats(pen, run)
        } else {
            run.iter().fold(pen, |pen, &v| self.sink.float(pen, v))
        };
        (pen, run.len())
    }

    #[inline(never)]
    fn bools(&mut self, pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> (S::Pen, usize) {
        let (bits, n) = seq.bools::<A>(i, end);
        let pen = if n >= self.options.thresholds.bool {
            self.sink.bools(pen, bits, n)
        } else {
            (0..n).fold(pen, |pen, i| self.sink.bool(pen, bits >> i & 1 == 1))
        };
        (pen, n)
    }

    #[inline(never)]
    fn texts(&mut self, pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> Told<(S::Pen, usize)> {
        let mut buffer = Buffer::<Text<'_>, TEXT_RUN>::new();
        let run = seq.texts::<A, TEXT_RUN>(i, end, &mut buffer);
        if run.is_empty() {
            return Err(Failure::new(Fault::Memory));
        }
        let told = if run.len() >= self.options.thresholds.text {
            self.sink.texts(pen, run)
        } else {
            run.iter().enumerate().try_fold(pen, |pen, (k, &t)| self.sink.text(pen, t).map_err(|_| k))
        };
        let pen = match told {
            Ok(pen) => pen,
            Err(k) => return Err(Failure::new(Fault::Surrogate).at(Step::Index(i + k))),
        };
        if S::KEEPS {
            for (k, t) in run.iter().enumerate() {
                if let Some(obj) = seq.get::<A>(i + k) {
                    self.keep(obj, *t)?;
                }
            }
        }
        Ok((pen, run.len()))
    }
}
