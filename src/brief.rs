//! Scalars, and lists of a few: small enough for the stack, so that no tools are taken and given back. Calls for such are all
//! fixed cost.

use crate::cpython::{Access, CAN_PEEK, Obj, Value};
use crate::emit::format::Compact;
use crate::emit::kernel::{FLOAT_MAX, Level, NARROW_MAX};
use crate::emit::room::{Pen, Room, SPARE, Stack};
use crate::emit::writer::Writer;
use crate::options::Options;
use crate::plan::Thresholds;
use crate::sink::Sink;
use crate::walk::flat_value;

/// The most elements, and the most characters of one.
const FEW: usize = 8;
const SHORT: usize = 32;

/// Elements with quotes and commas, brackets, and what a room wants to have left.
const SIZE: usize = FEW * (SHORT * NARROW_MAX + 3) + 2 + SPARE;
const _: () = assert!(FLOAT_MAX < SHORT * NARROW_MAX);

/// Nothing that is asked for but what is there: thresholds decide nothing where there are no runs.
const OPTIONS: Options = Options::without_flags(Thresholds::FIRST);

/// The compact JSON of `obj`, seen by `finish`, if it is a short scalar, a list of a few such, or a dict with nothing in it.
#[inline(always)]
pub fn brief<L: Level, A: Access, R>(obj: Obj<'_>, finish: impl FnOnce(&[u8]) -> R) -> Option<R> {
    match obj.look() {
        Value::Dict(dict) if dict.len::<A>() > 0 => None,
        Value::Dict(_) => Some(finish(b"{}")),
        Value::List(seq) | Value::Tuple(seq) => match seq.len::<A>() {
            0 => Some(finish(b"[]")),
            len if CAN_PEEK && len <= FEW => on_the_stack::<L, R>(finish, |writer, pen| {
                let pen = writer.open_array(pen, len);
                let pen =
                    seq.range::<A>(0, len).try_fold(pen, |pen, obj| scalar::<L, A>(writer, pen, obj))?;
                Some(writer.close_array(pen))
            }),
            _ => None,
        },
        Value::Other => None,
        _ => on_the_stack::<L, R>(finish, |writer, pen| scalar::<L, A>(writer, pen, obj)),
    }
}

type Brief<'g, L> = Writer<'g, L, Compact>;

/// By a call: the stack is given back before another walk begins.
#[inline(never)]
fn on_the_stack<L: Level, R>(
    finish: impl FnOnce(&[u8]) -> R,
    tell: impl FnOnce(&mut Brief<'_, L>, Pen) -> Option<Pen>,
) -> Option<R> {
    let mut stack = Stack::<SIZE>::empty();
    let (room, pen) = Room::new(&mut stack, 0);
    let mut writer = Writer::new(room, Compact);
    let pen = tell(&mut writer, pen)?;
    let written = writer.finish(pen, false)?;
    Some(finish(stack.written(written)))
}

/// A scalar, if it is a short one about which nobody has to be asked.
#[inline(always)]
fn scalar<L: Level, A: Access>(writer: &mut Brief<'_, L>, pen: Pen, obj: Obj<'_>) -> Option<Pen> {
    let value = obj.look_scalar();
    if let Value::Str(s) = value
        && s.ascii::<A>().is_none_or(|t| t.len() > SHORT)
    {
        return None;
    }
    flat_value::<_, A>(writer, pen, &OPTIONS, value, true).break_value()
}
