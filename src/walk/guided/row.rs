//! Rows whose keys come as guessed and whose values are scalars: one loop over the members of one dict after the other.
//! No Python code runs in it.

use core::ops::ControlFlow::{Break, Continue};

use super::super::scalar;
use crate::cpython::{Access, Dict, Entries, Guesses, Obj, Program, Seq, Shape, Site, Slot, Str, Value};
use crate::options::Options;
use crate::sink::Sink;

/// A dict that most likely has a known shape, and how far it has been told. All of it is seldom wanted: a loop over the
/// members has what it needs in registers, and puts it back here.
pub(super) struct Row<'p, 'a> {
    pub(super) shape: &'p Shape,
    /// Members to come.
    pub(super) entries: Entries<'a>,
    pub(super) guesses: Guesses<'p>,
    pub(super) seen: Seen,
}

/// What has been seen in a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// Keys that were not guessed: those below, and such as stand further on in the shape.
    pub(super) missed: u32,
    /// Keys that are other objects than those of the shape.
    pub(super) equal: u32,
    /// Keys that are not in the shape.
    pub(super) unknown: u32,
    /// Keys that stand before, in the shape.
    pub(super) reordered: u32,
    /// Values that are no scalars.
    pub(super) nested: u32,
}

/// A member that no loop could tell.
pub(super) enum Odd<'p, 'a> {
    /// Its key was not guessed; nothing has been told.
    Key(Str<'a>, Obj<'a>),
    /// Its value is no scalar; the key has been told.
    Value(&'p Slot, Obj<'a>),
}

impl<'p, 'a> Row<'p, 'a> {
    /// `dict` as a row that most likely has one of the shapes of `site`.
    #[inline(always)]
    pub(super) fn new<A: Access>(site: &'p Site, dict: Dict<'a>, entries: Entries<'a>) -> Option<Self> {
        let shape = site.guess::<A>(dict.len::<A>(), entries)?;
        Some(Self::of(shape, entries))
    }

    /// Entries that most likely have this shape.
    #[inline(always)]
    fn of(shape: &'p Shape, entries: Entries<'a>) -> Self {
        Self { shape, entries, guesses: shape.guesses(), seen: Seen::default() }
    }

    /// Tells members as long as their keys come as guessed (with `EQUAL`, or say the same) and their values are
    /// scalars; the first that is another one.
    #[inline(always)]
    fn scalars<S: Sink, A: Access, const EQUAL: bool>(
        &mut self,
        sink: &mut S,
        mut pen: S::Pen,
        options: &Options,
    ) -> (S::Pen, Option<Odd<'p, 'a>>) {
        let (mut rest, mut guesses) = (self.entries.rest(), self.guesses);
        let (mut equal, mut shared) = (0, false);
        let odd = loop {
            let Some((key, value)) = rest.next() else { break None };
            let slot = if let Some(slot) = guesses.next(key) {
                shared = true;
                slot
            } else if EQUAL && let Some(slot) = guesses.next_equal::<A>(key) {
                // One stands for all: where rows begin to share their keys it is known again, and then the others are.
                if shared || equal == 0 {
                    slot.adopt(key);
                }
                equal += 1;
                slot
            } else {
                break Some(Odd::Key(key, value));
            };
            match scalar::member::<S, A, true>(sink, pen, options, (0, &slot.fragment), value) {
                Break(told) => pen = told,
                Continue(told) => {
                    pen = told;
                    break Some(Odd::Value(slot, value));
                }
            }
        };
        self.entries.go_on(rest);
        self.guesses = guesses;
        self.seen.equal += equal;
        self.seen.missed += equal;
        (pen, odd)
    }
}

impl<'p, 'a> Row<'p, 'a> {
    /// Goes on at the slot of `key`, which was the last one, if it stands further on: keys between are absent.
    #[inline(never)]
    fn skip_to(&mut self, key: Str<'_>) -> bool {
        let Some(found) = self.guesses.skip_to(key) else { return false };
        self.guesses = found;
        self.entries.step_back();
        true
    }

    /// The slot of a key that was not guessed.
    #[inline(always)]
    pub(super) fn find<A: Access>(&mut self, key: Str<'_>) -> Option<&'p Slot> {
        self.seen.missed += 1;
        if let Some(slot) = self.guesses.next_equal::<A>(key) {
            slot.adopt(key);
            self.seen.equal += 1;
            return Some(slot);
        }
        self.look_for::<A>(key)
    }

    #[inline(never)]
    fn look_for<A: Access>(&mut self, key: Str<'_>) -> Option<&'p Slot> {
        let next = self.shape.expected(self.guesses);
        let Some(found) = self.shape.find::<A>(key) else {
            self.seen.unknown += 1;
            return None;
        };
        self.seen.equal += u32::from(!found.same);
        self.seen.reordered += u32::from(found.slot < next);
        self.guesses = self.shape.guesses_behind(found.slot);
        let slot = &self.shape.slots()[found.slot];
        if !found.same {
            slot.adopt(key);
        }
        Some(slot)
    }

    /// The row is told: what its site is to learn from it.
    #[inline(always)]
    pub(super) fn judge<A: Access>(&self, program: &Program, site: &Site) {
        if self.seen.missed == 0 {
            self.shape.hits.add(1);
            site.judge(true);
            site.note(false, self.seen.nested > 0);
        } else {
            self.judge_odd::<A>(program, site);
        }
    }

    #[inline(never)]
    fn judge_odd<A: Access>(&self, program: &Program, site: &Site) {
        let Seen { equal, unknown, reordered, nested, .. } = self.seen;
        let as_guessed = unknown | reordered == 0;
        if !as_guessed && let Some(entries) = self.entries.dict().entries::<A>() {
            program.meet::<A>(site, entries);
        }
        if as_guessed { &self.shape.hits } else { &self.shape.others }.add(1);
        site.counts.equal.add(equal.into());
        site.counts.unknown.add(unknown.into());
        site.counts.reordered.add(reordered.into());
        // A few keys of its own, or in another place, do not make a dict one of another shape. For each that stands
        // before there is one further on.
        let keys = self.shape.slots().len();
        site.judge((unknown + 2 * reordered) as usize * 2 <= keys);
        site.note(equal as usize * 2 > keys, nested > 0);
    }
}

/// What [`rows`] has come to.
pub(super) struct Rows<'p, 'a, P> {
    pub(super) pen: P,
    /// Rows that have been told whole.
    pub(super) rows: usize,
    /// Keys of them that were other objects than those of the shape.
    pub(super) equal: u64,
    /// The row behind them, if it has begun, and the member that stopped it.
    pub(super) begun: Option<(Row<'p, 'a>, Odd<'p, 'a>)>,
}

/// Tells the dicts of `seq` from `i` on, before `end`, as long as they seem to be rows of scalars.
#[inline(never)]
pub(super) fn rows<'p, 'a, S: Sink, A: Access, const EQUAL: bool>(
    sink: &mut S,
    mut pen: S::Pen,
    options: &Options,
    site: &'p Site,
    seq: Seq<'a>,
    (begin, end, ahead): (usize, usize, bool),
) -> Rows<'p, 'a, S::Pen> {
    let (mut i, mut equal, mut begun) = (begin, 0, None);
    // With key objects of their own all are compared in any case.
    let only = site.only();
    while i < end {
        let Some(Value::Dict(dict)) = seq.get::<A>(i).map(Obj::look) else { break };
        if ahead {
            seq.ahead_of_dict::<A>(i);
        }
        let Some(entries) = dict.entries::<A>() else { break };
        let known = only.filter(|shape| EQUAL && shape.slots().len() == dict.len::<A>());
        let next = known.map(|shape| Row::of(shape, entries)).or_else(|| Row::new::<A>(site, dict, entries));
        let Some(mut row) = next else { break };
        pen = sink.open_object(pen, dict.len::<A>());
        let odd = loop {
            let odd;
            (pen, odd) = row.scalars::<S, A, EQUAL>(sink, pen, options);
            match odd {
                Some(Odd::Key(key, _)) if row.skip_to(key) => {}
                odd => break odd,
            }
        };
        if let Some(odd) = odd {
            begun = Some((row, odd));
            break;
        }
        row.shape.hits.add(1);
        pen = sink.close_object(pen);
        equal += u64::from(row.seen.equal);
        i += 1;
    }
    Rows { pen, rows: i - begin, equal, begun }
}
