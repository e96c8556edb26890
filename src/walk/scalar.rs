//! Members whose keys are known and whose values are of the types that most have: the way that costs least.

use core::ops::ControlFlow::{self, Break, Continue};

use crate::cpython::{Access, Int, Obj, Value};
use crate::fragment::Fragment;
use crate::options::{Options, flag};
use crate::plan::is_copied;
use crate::sink::{Few, Sink};

/// Tells a member if its value is a str of ASCII that is not kept, an int of 63 bits, a float, a bool or None; then the
/// pen is in `Break`. Of another one only the key has been told. `SCALAR` if the value is hardly ever
/// another one.
#[inline(always)]
pub(super) fn member<S: Sink, A: Access, const SCALAR: bool>(
    sink: &mut S,
    pen: S::Pen,
    options: &Options,
    known: (u32, &Fragment),
    value: Obj<'_>,
) -> ControlFlow<S::Pen, S::Pen> {
    let value = if SCALAR { value.look_scalar() } else { value.look() };
    seen_member::<S, A>(sink, pen, options, known, value)
}

/// The same, and a member whose value is a list with nothing in it, unless lists are too deep here.
#[inline(always)]
pub(super) fn flat_member<S: Sink, A: Access>(
    sink: &mut S,
    pen: S::Pen,
    options: &Options,
    (id, fragment): (u32, &Fragment),
    value: Value<'_>,
    too_deep: bool,
) -> ControlFlow<S::Pen, S::Pen> {
    match value {
        Value::List(s) if s.len::<A>() == 0 && !too_deep => {
            Break(sink.few_member(pen, id, fragment, Few::EmptyArray))
        }
        value => seen_member::<S, A>(sink, pen, options, (id, fragment), value),
    }
}

#[inline(always)]
fn seen_member<S: Sink, A: Access>(
    sink: &mut S,
    pen: S::Pen,
    options: &Options,
    (id, fragment): (u32, &Fragment),
    value: Value<'_>,
) -> ControlFlow<S::Pen, S::Pen> {
    match value {
        Value::Str(s) => {
            if let Some(t) = s.ascii::<A>()
                && (!S::KEEPS || is_copied(t.len(), t.width()))
            {
                return Break(sink.ascii_member(pen, id, fragment, t.as_bytes()));
            }
        }
        Value::Int(v) => {
            if let Int::Small(v) = v.read::<A>()
                && !options.has(flag::STRICT_INTEGER)
            {
                return Break(sink.int_member(pen, id, fragment, v));
            }
        }
        Value::Float(v) if !options.has(flag::NAN_ERROR) => {
            return Break(sink.float_member(pen, id, fragment, v.read::<A>()));
        }
        Value::Bool(v) => {
            return Break(sink.bool_member(pen, id, fragment, v));
        }
        Value::None => {
            return Break(sink.null_member(pen, id, fragment));
        }
        _ => {}
    }
    Continue(sink.known_key(pen, id, fragment))
}

/// Tells a value as [`flat_member`] does, behind its key or without one. Of another one nothing has been told.
#[inline(always)]
pub(crate) fn flat_value<S: Sink, A: Access>(
    sink: &mut S,
    pen: S::Pen,
    options: &Options,
    value: Value<'_>,
    too_deep: bool,
) -> ControlFlow<S::Pen, S::Pen> {
    match value {
        Value::Bool(v) => Break(sink.bool(pen, v)),
        Value::List(s) if s.len::<A>() == 0 && !too_deep => Break(sink.empty_array(pen)),
        value => element::<S, A>(sink, pen, options, value),
    }
}

/// Tells an element if it is a str of ASCII that is not kept, an int of 63 bits, a float or None; then the pen is in
/// `Break`.
#[inline(always)]
pub(super) fn element<S: Sink, A: Access>(
    sink: &mut S,
    pen: S::Pen,
    options: &Options,
    value: Value<'_>,
) -> ControlFlow<S::Pen, S::Pen> {
    match value {
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
