//! Rows that are planned and then told: flat dicts of a list, up to 64 at a time. For a sink that would record them
//! otherwise, word by word.
//!
//! The plan says which keys each has; what is told are the objects themselves. Between the look and the last of them no
//! Python code runs, nor is a key learnt.

use core::marker::PhantomData;
use core::ops::ControlFlow::{Break, Continue};

use super::dataclass::name_step;
use super::failure::{Failure, Fault, Step, Told};
use super::flat::Flat;
use super::{Walk, scalar, surrogate};
use crate::cpython::{Access, Int, Obj, Seq, Value, World};
use crate::fragment::{Fragment, UNNUMBERED};
use crate::options::{Options, flag};
use crate::sink::{Elements, Sink};

/// So many rows are worth a plan of their own: for fewer, what waits before them would be emitted too often.
pub(super) const LEAST: usize = 16;

/// Where rows are far, those are asked for that are to be looked at when these are told.
const NEXT: usize = 48;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Whether so many dicts that may be flat are to be planned as rows.
    #[inline(always)]
    pub(super) fn passes_rows(&self, dicts: usize) -> bool {
        /// What makes an error of a number, or Python code run for it.
        const NUMBERS: u32 = flag::STRICT_INTEGER | flag::BIG_INTEGER | flag::NAN_ERROR;
        S::PASSES && dicts >= LEAST && !self.options.has(NUMBERS)
    }

    /// As [`Walk::flat_dicts`], planned before they are told as long as there are enough of them.
    #[inline(never)]
    pub(super) fn passed_rows(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        (mut i, end, ahead): (usize, usize, bool),
    ) -> Told<Flat<S::Pen>> {
        while self.passes_rows(end - i) {
            let rows = self.world.plan_rows::<A>(seq, (i, end, ahead));
            if rows < LEAST {
                break;
            }
            let planned = Rows {
                world: &self.world,
                options: self.options,
                seq,
                begin: i,
                ahead,
                access: PhantomData::<A>,
            };
            pen = self.sink.pass(pen, rows, planned)?;
            i += rows;
        }
        self.unsorted_flat_dicts(pen, seq, (i, end, ahead))
    }
}

/// Rows of `seq`, as the world has planned them.
struct Rows<'r, 'a, A> {
    world: &'r World,
    options: &'r Options,
    seq: Seq<'a>,
    begin: usize,
    ahead: bool,
    access: PhantomData<A>,
}

impl<A: Access> Elements for Rows<'_, '_, A> {
    type Failure = Box<Failure>;

    fn tell<S: Sink>(self, sink: &mut S, mut pen: S::Pen) -> Told<S::Pen> {
        let mut at = self.begin;
        for (rows, keys) in self.world.planned_rows() {
            for i in at..at + rows {
                let (len, entries) = self.seq.row::<A>(i).expect("a planned row is there");
                debug_assert!(len == keys.len());
                if self.ahead {
                    ask_for_next::<A>(self.seq, i);
                }
                pen = sink.open_object(pen, len);
                let mut members = entries.rest();
                for known in keys {
                    let (key, value) = members.next().expect("a planned row has its members");
                    debug_assert!(known.says::<A>(key), "a row has the keys that were planned");
                    pen = match flat::<S, A>(sink, pen, self.options, known.fragment(), value) {
                        Ok(told) => told,
                        Err(failure) => return Err(failure.at(name_step::<A>(key.obj())).at(Step::Index(i))),
                    };
                }
                pen = sink.close_object(pen);
            }
            at += rows;
        }
        Ok(pen)
    }
}

/// A member with a finished key and a flat value.
#[inline(always)]
pub(super) fn flat<S: Sink, A: Access>(
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

/// Asks for what the next look comes to.
#[inline(never)]
fn ask_for_next<A: Access>(seq: Seq<'_>, i: usize) {
    seq.ahead_of_dict::<A>(i + NEXT);
}
