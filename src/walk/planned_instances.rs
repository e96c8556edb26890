//! Instances of one class in a list that are planned and then told: looked at first, up to 64 at a time, and told at once if
//! all have the fields of the class and flat values.

use core::marker::PhantomData;
use core::ops::ControlFlow::{Break, Continue};

use super::dataclass::name_step;
use super::failure::{Failure, Fault, Step, Told};
use super::held::Held;
use super::{MAX_DEPTH, Walk, scalar, surrogate};
use crate::cpython::{Access, Fields, Int, Obj, Seq, Value};
use crate::fragment::{Fragment, UNNUMBERED};
use crate::options::{Options, flag};
use crate::sink::{Elements, Sink};

/// So many are worth a plan of their own: for fewer, what waits before them would be emitted too often.
const LEAST: usize = 16;

/// The most of one plan: what the look has brought into the cache is still there when they are told.
const INSTANCES: usize = 64;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Tells the elements from `begin` on at once if there are enough instances of the class of the first, which has
    /// `fields`, with flat values; how many there were. No Python code has run since its class was looked at.
    #[inline(always)]
    pub(super) fn pass_instances<H: Held>(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        (begin, end): (usize, usize),
        fields: &Fields,
        held: H,
    ) -> Told<(S::Pen, usize)> {
        /// What makes an error of a number, or Python code run for it, or leaves a member out.
        const OTHERS: u32 = flag::STRICT_INTEGER | flag::BIG_INTEGER | flag::NAN_ERROR | flag::OMIT_NONE;
        let simple = Self::LOOKS
            && end - begin >= LEAST
            && !fields.fragments().is_empty()
            && !self.options.has(OTHERS)
            // A list in an instance in the list is not too deep.
            && self.world.depth() + 1 < MAX_DEPTH;
        if !simple {
            return Ok((pen, 0));
        }
        let range = (begin, end.min(begin + INSTANCES));
        let ahead = seq.is_scattered::<A>(begin, end);
        let found = flat_instances::<A, H>(seq, range, ahead, fields, held);
        if found < LEAST {
            return Ok((pen, 0));
        }
        let range = (begin, begin + found);
        let planned = Instances { options: self.options, seq, range, fields, held, access: PhantomData::<A> };
        Ok((self.sink.pass(pen, found, planned)?, found))
    }
}

/// How many elements of `seq` in the range, from the first on, are instances of that class with those fields and flat
/// values.
#[inline(never)]
fn flat_instances<A: Access, H: Held>(
    seq: Seq<'_>,
    (begin, end): (usize, usize),
    ahead: bool,
    fields: &Fields,
    held: H,
) -> usize {
    let is_flat = |value: Option<Obj<'_>>| value.is_some_and(Obj::is_flat::<A>);
    let mut i = begin;
    while i < end
        && let Some(obj) = seq.get::<A>(i)
        && fields.are_of_class_of(obj)
        && let Some(values) = held.values::<A>(obj, fields)
        && values.take(fields.all().len()).all(is_flat)
    {
        if ahead {
            H::ahead::<A>(seq, i, fields);
        }
        i += 1;
    }
    i - begin
}

/// Instances of one class that have been looked at.
struct Instances<'r, 'a, A, H> {
    options: &'r Options,
    seq: Seq<'a>,
    range: (usize, usize),
    fields: &'r Fields,
    held: H,
    access: PhantomData<A>,
}

impl<A: Access, H: Held> Elements for Instances<'_, '_, A, H> {
    type Failure = Box<Failure>;

    fn tell<S: Sink>(self, mut sink: S, mut pen: S::Pen) -> Told<(S, S::Pen)> {
        let fragments = self.fields.fragments();
        for i in self.range.0..self.range.1 {
            let obj = self.seq.get::<A>(i).filter(|&obj| self.fields.are_of_class_of(obj));
            let values = obj.and_then(|obj| self.held.values::<A>(obj, self.fields));
            let mut values = values.expect("a planned instance is there");
            pen = sink.open_object(pen, fragments.len());
            for (field, fragment) in fragments.iter().enumerate() {
                let value = values.next().flatten().expect("a planned instance has all fields");
                pen = match flat::<S, A>(&mut sink, pen, self.options, fragment, value) {
                    Ok(told) => told,
                    Err(failure) => {
                        let name = self.fields.all()[field].name();
                        return Err(failure.at(name_step::<A>(name)).at(Step::Index(i)));
                    }
                };
            }
            pen = sink.close_object(pen);
        }
        Ok((sink, pen))
    }
}

/// A member with a finished key and a flat value.
#[inline(always)]
fn flat<S: Sink, A: Access>(
    sink: &mut S,
    pen: S::Pen,
    options: &Options,
    key: &Fragment,
    value: Obj<'_>,
) -> Told<S::Pen> {
    match scalar::member::<S, A, true>(sink, pen, options, (UNNUMBERED, key), value) {
        Break(told) => Ok(told),
        Continue(told) => other::<S, A>(sink, told, value),
    }
}

/// A flat value that is told in a longer way: a str of any width, an int of any size, an empty list.
#[inline(never)]
fn other<S: Sink, A: Access>(sink: &mut S, pen: S::Pen, value: Obj<'_>) -> Told<S::Pen> {
    match value.look() {
        Value::Str(s) => match s.text::<A>() {
            Some(t) => sink.text(pen, t).map_err(surrogate),
            None => Err(Failure::memory()),
        },
        Value::Int(v) => match v.read::<A>() {
            Int::Small(v) => Ok(sink.int(pen, v)),
            Int::Big(v) => Ok(sink.uint(pen, v)),
            Int::Huge => Err(Failure::new(Fault::Integer64)),
        },
        Value::List(_) => Ok(sink.empty_array(pen)),
        _ => unreachable!("a flat value"),
    }
}
