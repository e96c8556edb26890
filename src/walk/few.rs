//! Lists and tuples of a few values: pairs, points, names. Most have nothing in them that runs Python code, and are told
//! before the world hears of them.

use core::ops::ControlFlow::{Break, Continue};

use super::failure::{Failure, Step, Told};
use super::{Walk, scalar};
use crate::cpython::{Access, CAN_PEEK, Seq, Value};
use crate::options::Options;
use crate::sink::Sink;

/// How many elements are too few for a lane of any kind but booleans; 0 where lists are not to be told so.
#[inline(always)]
pub(super) fn fewer_than<S: Sink, A: Access>(options: &Options) -> usize {
    let thresholds = &options.thresholds;
    if CAN_PEEK && !A::ENCODES && !S::STREAMS {
        thresholds.int.min(thresholds.float).min(thresholds.text)
    } else {
        0
    }
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// A list or tuple in a container, which may be empty: those cost no call.
    #[inline(always)]
    pub(super) fn inner_array(&mut self, pen: S::Pen, seq: Seq<'_>) -> Told<S::Pen> {
        match seq.len::<A>() {
            0 => {
                // orjson writes an empty tuple however deep it is.
                if !seq.is_tuple() {
                    self.check_depth()?;
                }
                Ok(self.sink.empty_array(pen))
            }
            len if len < self.few => self.few_elements(pen, seq, len),
            _ => self.array(pen, seq),
        }
    }

    /// An array of `end` elements. As long as they are scalars of the types that most have, the world need not hear of it.
    #[inline(never)]
    fn few_elements(&mut self, pen: S::Pen, seq: Seq<'_>, end: usize) -> Told<S::Pen> {
        self.check_depth()?;
        let mut pen = self.sink.open_array(pen, end);
        for (i, obj) in seq.range::<A>(0, end).enumerate() {
            let seen = obj.look();
            pen = match scalar::element::<S, A>(&mut self.sink, pen, self.options, seen) {
                Break(pen) => pen,
                Continue(pen) => {
                    return match seen {
                        // What is recorded is looked at first, and points are told at once.
                        Value::List(s) | Value::Tuple(s) if !S::KEEPS && !self.may_be_row(s) => {
                            self.few_opened(pen, seq, (i, end))
                        }
                        _ => self.array_from(pen, seq, Some(i)),
                    };
                }
            };
        }
        Ok(self.sink.close_array(pen))
    }

    /// The elements of such an array from `i` on, which is another one: there may be anything in that, so this one is
    /// opened.
    #[inline(always)]
    fn few_opened(&mut self, mut pen: S::Pen, seq: Seq<'_>, (mut i, end): (usize, usize)) -> Told<S::Pen> {
        let Some(seq) = self.world.open_seq(seq) else { return Err(Failure::memory()) };
        // A hook may shorten the list, which `get` sees.
        while i < end
            && let Some(obj) = seq.get::<A>(i)
        {
            let told = match obj.look() {
                Value::List(s) | Value::Tuple(s) => self.inner_array(pen, s),
                Value::Dict(dict) => self.object(pen, dict),
                _ => self.any_value(pen, obj),
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
}
