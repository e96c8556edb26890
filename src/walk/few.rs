//! Lists and tuples of a few values: pairs, points, names. Most have nothing in them that runs Python code, and are told
//! before the world hears of them.

use core::ops::ControlFlow::{self, Break, Continue};

use super::failure::{Failure, Step, Told};
use super::{MAX_DEPTH, Walk, scalar};
use crate::cpython::{Access, CAN_PEEK, Elements, Obj, Seq, Value};
use crate::options::Options;
use crate::sink::Sink;

/// Arrays inside arrays that are told before the world hears of them.
const DEEP: usize = 8;

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
            pen = match self.few_element(pen, seen) {
                Break(pen) => pen,
                Continue(pen) => match self.as_plain(seen).map(Seq::len::<A>) {
                    Some(0) if self.world.depth() + 1 < MAX_DEPTH => self.sink.empty_array(pen),
                    Some(len) if len < self.few => return self.nested_elements(pen, seq, (i, end)),
                    // Without the frame of the loop over nested ones, for much may stand on it.
                    Some(_) => return self.nest_opened(pen, seq, &[seq.range::<A>(i + 1, end)]),
                    None => return self.array_from(pen, seq, Some(i)),
                },
            };
        }
        Ok(self.sink.close_array(pen))
    }

    /// Tells one of the types that most have. Booleans are in lanes where there is a recording.
    #[inline(always)]
    fn few_element(&mut self, pen: S::Pen, seen: Value<'_>) -> ControlFlow<S::Pen, S::Pen> {
        match seen {
            Value::Bool(v) if !S::KEEPS => Break(self.sink.bool(pen, v)),
            seen => scalar::element::<S, A>(&mut self.sink, pen, self.options, seen),
        }
    }

    /// It as an array that is told as any: what is recorded is looked at first, and points are told at once.
    #[inline(always)]
    fn as_plain<'a>(&self, seen: Value<'a>) -> Option<Seq<'a>> {
        match seen {
            Value::List(seq) | Value::Tuple(seq) if !S::KEEPS && !self.may_be_row(seq) => Some(seq),
            _ => None,
        }
    }

    /// The elements of such an array from `i` on, of which the first is another one. Nor need the world hear of these, as long
    /// as there is nothing else in them.
    #[inline(never)]
    fn nested_elements(&mut self, mut pen: S::Pen, seq: Seq<'_>, (i, end): (usize, usize)) -> Told<S::Pen> {
        let mut nest: [_; DEEP + 1] = core::array::from_fn(|_| Elements::default());
        let most = DEEP.min(MAX_DEPTH - 1 - self.world.depth());
        let (mut rest, mut deep) = (seq.range::<A>(i, end), 0);
        loop {
            let Some(obj) = rest.next() else {
                pen = self.sink.close_array(pen);
                if deep == 0 {
                    return Ok(pen);
                }
                deep -= 1;
                rest = nest[deep].clone();
                continue;
            };
            let seen = obj.look();
            pen = match self.few_element(pen, seen) {
                Break(pen) => pen,
                Continue(pen) => {
                    nest[deep] = rest.clone();
                    match self.as_plain(seen).map(|inner| (inner, inner.len::<A>())) {
                        Some((inner, len)) if len > 0 && len < self.few && deep < most => {
                            deep += 1;
                            rest = inner.range::<A>(0, len);
                            self.sink.open_array(pen, len)
                        }
                        Some((_, 0)) if deep < most => self.sink.empty_array(pen),
                        _ => return self.nest_opened(pen, seq, &nest[..=deep]),
                    }
                }
            };
        }
    }

    /// The rest of such an array and of those in it, of each from the element on that was looked at last: there may be anything in
    /// the last one, so they are opened.
    #[inline(never)]
    fn nest_opened(&mut self, mut pen: S::Pen, seq: Seq<'_>, nest: &[Elements<'_>]) -> Told<S::Pen> {
        let Some((rest, mut inner)) = nest.split_first() else { return Ok(pen) };
        let (mut i, end) = (seq.len::<A>() - rest.len() - 1, seq.len::<A>());
        let is_plain = |obj: Obj<'_>| self.as_plain(obj.look()).is_some();
        if inner.is_empty() && !seq.get::<A>(i).is_some_and(is_plain) {
            return self.array_from(pen, seq, Some(i));
        }
        let Some(seq) = self.world.open_seq(seq) else { return Err(Failure::memory()) };
        // A hook may shorten the list, which `get` sees.
        while i < end
            && let Some(obj) = seq.get::<A>(i)
        {
            let told = match obj.look() {
                Value::List(s) | Value::Tuple(s) if !inner.is_empty() => {
                    self.nest_opened(pen, s, core::mem::take(&mut inner))
                }
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
