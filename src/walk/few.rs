//! Lists and tuples of a few values: pairs, points, names. Most have nothing in them that runs Python code, and are told
//! before the world hears of them.

use core::ops::ControlFlow::{self, Break, Continue};

use super::Walk;
use super::failure::Told;
use crate::cpython::{Access, CAN_PEEK, Int, Obj, Seq, Value};
use crate::options::{Options, flag};
use crate::plan::is_copied;
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
            pen = match element::<S, A>(&mut self.sink, pen, self.options, obj) {
                Break(pen) => pen,
                Continue(pen) => return self.array_from(pen, seq, Some(i)),
            };
        }
        Ok(self.sink.close_array(pen))
    }
}

/// Tells an element if it is a str of ASCII that is not kept, an int of 63 bits, a float or None; then the pen is in
/// `Break`.
#[inline(always)]
fn element<S: Sink, A: Access>(
    sink: &mut S,
    pen: S::Pen,
    options: &Options,
    value: Obj<'_>,
) -> ControlFlow<S::Pen, S::Pen> {
    match value.look() {
        Value::Str(s) => {
            if let Some(t) = s.ascii::<A>()
                && (!S::KEEPS || is_copied(t.len(), t.width()))
            {
                return Break(sink.text(pen, t).expect("ASCII has no surrogates"));
            }
        }
        Value::Int(v) => {
            if let Int::Small(v) = v.read::<A>()
                && !options.has(flag::STRICT_INTEGER)
            {
                return Break(sink.int(pen, v));
            }
        }
        Value::Float(v) if !options.has(flag::NAN_ERROR) => return Break(sink.float(pen, v.read::<A>())),
        Value::None => return Break(sink.null(pen)),
        _ => {}
    }
    Continue(pen)
}
