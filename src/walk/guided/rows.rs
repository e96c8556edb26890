//! Rows of a list one after the other, whose values are scalars, dates, times and UUIDs. No Python code runs in it.

use core::marker::PhantomData;
use core::ops::ControlFlow::{Break, Continue};

use super::row::{Odd, Place, Row};
use crate::cpython::{Access, Dict, Obj, RowMembers, Seq, Shape, Site, Value};
use crate::emit::kernel::Job;
use crate::fragment::UNNUMBERED;
use crate::options::Options;
use crate::sink::Sink;
use crate::walk::date::Moments;
use crate::walk::scalar;

/// What a loop over rows has come to.
pub(super) struct Rows<'p, 'a, P> {
    pub(super) pen: P,
    /// Rows that have been told whole.
    pub(super) rows: usize,
    /// Keys of them that were other objects than those of the shape.
    pub(super) equal: u64,
    /// Whether there are dates, times or UUIDs in them.
    pub(super) stamped: bool,
    /// The row behind them, if it has begun, and the member that stopped it.
    pub(super) begun: Option<(Row<'p, 'a>, Odd<'p, 'a>)>,
}

/// What is to be known of values that are no scalars.
#[derive(Clone, Copy)]
pub(super) struct Others<'a> {
    pub(super) options: &'a Options,
    /// Whether encoders are to be asked first.
    pub(super) encoded: bool,
}

/// Tells the dicts of `seq` from `i` on, before `end`, as long as they seem to be rows of scalars.
#[inline(never)]
pub(super) fn scalar_rows<'p, 'a, S: Sink, A: Access, const EQUAL: bool>(
    sink: &mut S,
    pen: S::Pen,
    site: &'p Site,
    seq: Seq<'a>,
    range: (usize, usize, bool),
    others: Others<'_>,
) -> Rows<'p, 'a, S::Pen> {
    A::with(Told::<S, A, EQUAL> { sink, pen, site, seq, range, others, access: PhantomData })
}

/// What is told of rows, in code that has the level's instructions.
struct Told<'w, 'p, 'a, S: Sink, A, const EQUAL: bool> {
    sink: &'w mut S,
    pen: S::Pen,
    site: &'p Site,
    seq: Seq<'a>,
    range: (usize, usize, bool),
    others: Others<'w>,
    access: PhantomData<A>,
}

impl<'p, 'a, S: Sink, A: Access, const EQUAL: bool> Job for Told<'_, 'p, 'a, S, A, EQUAL> {
    type Result = Rows<'p, 'a, S::Pen>;

    #[inline(always)]
    fn run(self) -> Rows<'p, 'a, S::Pen> {
        let Told { sink, mut pen, site, seq, range: (begin, end, ahead), others, .. } = self;
        let (mut i, mut equal, mut stamped, mut begun) = (begin, 0, false, None);
        let only = site.only();
        let mut elements = seq.range::<A>(begin, end);
        while let Some(Value::Dict(dict)) = elements.next().map(Obj::look) {
            if ahead {
                seq.ahead_of_dict::<A>(i);
            }
            let Some(entries) = dict.entries::<A>() else { break };
            let len = dict.len::<A>();
            // With key objects of their own all are compared in any case.
            let known = only.filter(|shape| EQUAL && shape.slots().len() == len);
            let Some(shape) = known.or_else(|| site.guess::<A>(len, entries)) else { break };
            let members = RowMembers::<A, EQUAL>::new(shape, entries);
            let (told, members) = sink.members(pen, members);
            pen = told;
            if EQUAL && members.equal() > 0 {
                shape.adopt::<A>(dict, members.rest());
            }
            if !members.rest().is_empty() {
                let (rest, guesses) = (members.rest(), members.guesses());
                let place = Place { rest, guesses, equal: members.equal(), stamped };
                let stopped = stopped::<S, A, EQUAL>(sink, pen, (shape, dict), place, others);
                (pen, begun) = (stopped.pen, stopped.begun);
                if begun.is_some() {
                    break;
                }
                pen = sink.close_object(pen);
                (equal, stamped) = (equal + u64::from(stopped.equal), stopped.stamped);
            } else {
                equal += u64::from(members.equal());
            }
            shape.hits.add(1);
            i += 1;
            // Such rows have a loop of their own.
            if stamped && !EQUAL {
                break;
            }
        }
        Rows { pen, rows: i - begin, equal, stamped, begun }
    }
}

/// A row that stopped before its end.
struct Stopped<'p, 'a, P> {
    pen: P,
    /// Keys of it that were other objects than those of the shape.
    equal: u32,
    /// Whether a date, a time or a UUID was told.
    stamped: bool,
    /// The row, and the member that stopped it; none if it has been told to its end.
    begun: Option<(Row<'p, 'a>, Odd<'p, 'a>)>,
}

/// Goes on with a row behind the member that stopped it. With what is needed by value, so that the loop over rows has registers.
#[inline(never)]
fn stopped<'p, 'a, S: Sink, A: Access, const EQUAL: bool>(
    sink: &mut S,
    pen: S::Pen,
    (shape, dict): (&'p Shape, Dict<'a>),
    place: Place<'p, 'a>,
    others: Others<'_>,
) -> Stopped<'p, 'a, S::Pen> {
    let (pen, place, odd) = light::<S, A, EQUAL>(sink, pen, place, others);
    let Place { equal, stamped, .. } = place;
    Stopped { pen, equal, stamped, begun: odd.map(|odd| (Row::stopped::<A>((shape, dict), place), odd)) }
}

/// Tells members as long as they are scalars, dates, times and UUIDs; the one that is not, whose key is told if it is one of the
/// shape's.
#[inline(always)]
fn light<'p, 'a, S: Sink, A: Access, const EQUAL: bool>(
    sink: &mut S,
    mut pen: S::Pen,
    Place { mut rest, mut guesses, mut equal, mut stamped }: Place<'p, 'a>,
    Others { options, encoded }: Others<'_>,
) -> (S::Pen, Place<'p, 'a>, Option<Odd<'p, 'a>>) {
    let odd = loop {
        let Some((key, value)) = rest.next() else { break None };
        let slot = match guesses.next(key) {
            Some(slot) => Some(slot),
            None if EQUAL && let Some(slot) = guesses.next_equal::<A>(key) => {
                equal += 1;
                Some(slot)
            }
            None => guesses.skip_to(key).and_then(|further| {
                guesses = further;
                guesses.next(key)
            }),
        };
        let Some(slot) = slot else { break Some(Odd::Key(key, value)) };
        let seen = value.look();
        match scalar::flat_member::<S, A>(sink, pen, options, (UNNUMBERED, &slot.fragment), seen, false) {
            Break(told) => pen = told,
            Continue(told) if matches!(seen, Value::Other) && !encoded => {
                match (Moments { options }).quiet_stamp::<S, A>(sink, told, value) {
                    Ok(told) => {
                        pen = told;
                        stamped = true;
                    }
                    Err(told) => {
                        pen = told;
                        break Some(Odd::Value(slot, value));
                    }
                }
            }
            Continue(told) => {
                pen = told;
                break Some(Odd::Value(slot, value));
            }
        }
    };
    (pen, Place { rest, guesses, equal, stamped }, odd)
}

/// Tells the dicts of `seq` from `i` on, before `end`, as long as they seem to be rows of scalars and of dates, times and UUIDs, with
/// the key objects of one shape.
#[inline(never)]
pub(super) fn light_rows<'p, 'a, S: Sink, A: Access>(
    sink: &mut S,
    mut pen: S::Pen,
    site: &'p Site,
    seq: Seq<'a>,
    (begin, end, ahead): (usize, usize, bool),
    others: Others<'_>,
) -> Rows<'p, 'a, S::Pen> {
    let (mut i, mut stamped, mut begun) = (begin, false, None);
    let mut elements = seq.range::<A>(begin, end);
    while let Some((len, entries)) = elements.next().and_then(Obj::row::<A>) {
        if ahead {
            seq.ahead_of_dict::<A>(i);
        }
        let Some(shape) = site.guess::<A>(len, entries) else { break };
        pen = if i == begin { sink.open_object(pen, len) } else { sink.next_object(pen, len) };
        let place = Place { rest: entries.rest(), guesses: shape.guesses(), equal: 0, stamped };
        let (told, place, odd) = light::<S, A, false>(sink, pen, place, others);
        (pen, stamped) = (told, place.stamped);
        if let Some(odd) = odd {
            begun = Some((Row::stopped::<A>((shape, entries.dict()), place), odd));
            break;
        }
        shape.hits.add(1);
        i += 1;
    }
    if i > begin && begun.is_none() {
        pen = sink.close_object(pen);
    }
    Rows { pen, rows: i - begin, equal: 0, stamped, begun }
}
