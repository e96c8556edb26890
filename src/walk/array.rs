//! Lists and tuples: element by element, and run by run where neighbours are alike.

use super::Walk;
use super::failure::{Failure, Fault, Step, Told};
use crate::cpython::{Access, Buffer, LONG, Obj, Seq, Value};
use crate::options::flag;
use crate::sink::{RUN, Sink, TEXT_RUN};
use crate::text::Text;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    #[inline(never)]
    pub(super) fn array(&mut self, seq: Seq<'_>) -> Told {
        let end = seq.len::<A>();
        // orjson writes an empty tuple however deep it is.
        if !(seq.is_tuple() && end == 0) {
            self.check_depth()?;
        }
        let Some(seq) = self.world.open_seq(seq) else { return Err(Failure::new(Fault::Memory)) };
        self.sink.open_array(end);
        let mut i = 0;
        // A hook may shorten the list, which `get` sees, or add to it, which is left for another time.
        while i < end {
            let Some(obj) = seq.get::<A>(i) else { break };
            i += self.elements(seq, i, end, obj)?;
        }
        self.sink.close_array();
        self.world.close();
        Ok(())
    }

    /// Tells the element `obj` at `i`, and perhaps some of those that follow; returns how many.
    #[inline(always)]
    fn elements(&mut self, seq: Seq<'_>, i: usize, end: usize, obj: Obj<'_>) -> Result<usize, Box<Failure>> {
        let told = match obj.look() {
            Value::Dict(d) => {
                if end >= LONG {
                    seq.ahead_of_dict::<A>(i);
                }
                self.object(d)
            }
            Value::List(s) | Value::Tuple(s) => self.array(s),
            Value::Other => self.rare(obj),
            Value::None => {
                self.sink.null();
                Ok(())
            }
            kind => {
                if i + 1 < end && seq.get::<A>(i + 1).is_some_and(|next| next.is_same_type(obj)) {
                    let told = match kind {
                        Value::Int(_) => Ok(self.ints(seq, i, end)),
                        Value::Float(_) => Ok(self.floats(seq, i, end)),
                        Value::Bool(_) => Ok(self.bools(seq, i, end)),
                        _ => self.texts(seq, i, end),
                    }?;
                    if told > 0 {
                        return Ok(told);
                    }
                }
                self.value(obj)
            }
        };
        match told {
            Ok(()) => Ok(1),
            Err(failure) => Err(failure.at(Step::Index(i))),
        }
    }

    #[inline(never)]
    fn ints(&mut self, seq: Seq<'_>, i: usize, end: usize) -> usize {
        if self.options.has(flag::STRICT_INTEGER) {
            return 0;
        }
        let mut buffer = Buffer::<i64, RUN>::new();
        let run = seq.ints::<A, RUN>(i, end, &mut buffer);
        if run.len() >= self.options.thresholds.int {
            self.sink.ints(run);
        } else {
            run.iter().for_each(|&v| self.sink.int(v));
        }
        run.len()
    }

    #[inline(never)]
    fn floats(&mut self, seq: Seq<'_>, i: usize, end: usize) -> usize {
        let mut buffer = Buffer::<f64, RUN>::new();
        let run = seq.floats::<A, RUN>(i, end, &mut buffer);
        if run.len() >= self.options.thresholds.float {
            self.sink.floats(run);
        } else {
            run.iter().for_each(|&v| self.sink.float(v));
        }
        run.len()
    }

    #[inline(never)]
    fn bools(&mut self, seq: Seq<'_>, i: usize, end: usize) -> usize {
        let (bits, n) = seq.bools::<A>(i, end);
        if n >= self.options.thresholds.bool {
            self.sink.bools(bits, n);
        } else {
            (0..n).for_each(|i| self.sink.bool(bits >> i & 1 == 1));
        }
        n
    }

    #[inline(never)]
    fn texts(&mut self, seq: Seq<'_>, i: usize, end: usize) -> Result<usize, Box<Failure>> {
        let mut buffer = Buffer::<Text<'_>, TEXT_RUN>::new();
        let run = seq.texts::<A, TEXT_RUN>(i, end, &mut buffer);
        let told = if run.len() >= self.options.thresholds.text {
            self.sink.texts(run)
        } else {
            run.iter().enumerate().try_for_each(|(k, &t)| self.sink.text(t).map_err(|_| k))
        };
        if let Err(k) = told {
            return Err(Failure::new(Fault::Surrogate).at(Step::Index(i + k)));
        }
        if S::KEEPS {
            for (k, t) in run.iter().enumerate() {
                if let Some(obj) = seq.get::<A>(i + k) {
                    self.keep(obj, *t)?;
                }
            }
        }
        Ok(run.len())
    }
}
