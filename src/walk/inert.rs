//! Values that a plan need not record, because nothing is likely to happen to them while they are written: many of them are looked at
//! first, and then told from where they are. For a sink that would record them otherwise, word by word.
//!
//! The plan is what the look has found: so many elements are inert. They are told by a walk of their own, to the sink that
//! hears the plan, behind all that was recorded before them.

use core::marker::PhantomData;

use super::failure::{Failure, Told};
use super::{Hooks, Walk};
use crate::cpython::{Access, CAN_PEEK, Look, Obj, Seq, TypeId, UNLOOKED, Value, World};
use crate::options::{Options, flag};
use crate::sink::{Elements, RUN, Sink};

/// The most values that are looked at at once.
const MOST: usize = 2048;

/// So many values are enough for once: what the look has brought into the cache nearest to the core is still there when
/// they are told.
pub(super) const ENOUGH: usize = 256;

/// A list of so many elements may be told without a look behind one that is inert, as dicts are.
const SHORT: usize = 16;

/// So few values are not worth it: what waits before them would be emitted too often.
pub(super) const LEAST: usize = 32;

/// Elements to wait for before the next look, where one was in vain.
pub(super) const WAIT: usize = 8;

/// Whether `obj` is a document of few values, all of them inert.
#[inline(always)]
pub fn is_inert<A: Access>(obj: Obj<'_>) -> bool {
    CAN_PEEK && !A::ENCODES && look(false).is_inert_document::<A>(obj)
}

/// A look at some values, among them dicts with keys of any type or with strs alone.
#[inline(always)]
pub(super) const fn look(any_keys: bool) -> Look {
    Look::at(MOST, any_keys)
}

/// At which elements of a list to look: at fewer and fewer as long as it is in vain.
#[derive(Debug)]
pub(super) struct Looks {
    next: usize,
    wait: usize,
}

impl Looks {
    #[inline(always)]
    pub(super) const fn from(next: usize) -> Self {
        Self { next, wait: WAIT }
    }

    #[inline(always)]
    pub(super) const fn are_due(&self, i: usize) -> bool {
        i >= self.next
    }

    /// The elements before `i` had a quicker way.
    #[inline(always)]
    pub(super) const fn put_off(&mut self, i: usize) {
        self.next = i + self.wait;
    }

    /// `told` elements before `i` were inert.
    #[inline(always)]
    pub(super) const fn have_found(&mut self, told: usize, i: usize) {
        if told > 0 {
            *self = Self::from(i);
        } else {
            *self = Self { next: i + self.wait, wait: 2 * self.wait };
        }
    }
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Whether elements are looked at.
    pub(super) const LOOKS: bool = S::PASSES && S::KNOWS && CAN_PEEK && !A::ENCODES;

    /// Those from `i` on that are of the type of the first, if they are likely to be many, for a sink that passes them.
    #[inline(always)]
    pub(super) fn many_alike<'s>(&self, seq: Seq<'s>, i: usize, end: usize) -> Option<Alike<'s>> {
        let first = seq.get::<A>(i)?;
        (S::PASSES && self.are_many(seq, i, end)).then(|| Alike::to(first, seq, end))
    }

    /// A look at some of what is to be told.
    #[inline(always)]
    pub(super) const fn look(&self) -> Look {
        look(self.options.has(flag::NON_STR_KEYS))
    }

    /// Whether a value that is no scalar is inert behind others that are: a look says so, or it is a dict or a short list for which
    /// the last one that was looked at stands, as for `unlooked` more.
    #[inline(always)]
    pub(super) fn seems_inert(&self, value: Obj<'_>, unlooked: &mut usize) -> bool {
        let is_like_the_last = match value.look_container() {
            Value::Dict(_) => true,
            Value::List(seq) | Value::Tuple(seq) => seq.len::<A>() <= SHORT,
            _ => false,
        };
        if is_like_the_last && *unlooked > 0 {
            *unlooked -= 1;
            return true;
        }
        *unlooked = UNLOOKED;
        self.look().is_inert::<A>(value)
    }

    /// Tells the `n` elements from `i` on, which have been looked at, and all behind them in which a look finds nothing
    /// either. The next one to tell.
    #[inline(always)]
    pub(super) fn pass_looked_at<P: Looked>(
        &mut self,
        pen: S::Pen,
        part: P,
        i: usize,
        n: usize,
    ) -> Told<(S::Pen, usize)> {
        let mut next = i;
        if n == 0 {
            return Ok((pen, next));
        }
        let lender = Lender {
            world: &mut self.world,
            options: self.options,
            hooks: Hooks { default: self.default, encoders: self.encoders },
            within: (self.hooks, self.members),
        };
        let passing = Passing { lender, part, n, next: &mut next, access: PhantomData::<A> };
        let pen = self.sink.pass(pen, passing)?;
        Ok((pen, next))
    }
}

/// Elements of a list that are looked at some at a time, and then told; or asked what they are when they are told.
pub(super) trait Looked {
    /// How many of those from `i` on, behind some that were told, seem to be such that no Python code runs when they are told, as far
    /// as it has been looked. None where `tell` has gone on as far as it could.
    fn look<A: Access>(&self, _i: usize) -> usize {
        0
    }

    /// Tells the `n` elements from `i` on, or as many as it can, or more; how many.
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        i: usize,
        n: usize,
    ) -> Told<(S::Pen, usize)>;
}

/// Elements of a list, as many as are of one type, and one of them at the least.
#[derive(Clone, Copy)]
pub(super) struct Alike<'a> {
    pub(super) seq: Seq<'a>,
    pub(super) end: usize,
    pub(super) of: TypeId,
}

impl<'a> Alike<'a> {
    /// Those before `end` of the type of `first`.
    #[inline(always)]
    pub(super) fn to(first: Obj<'_>, seq: Seq<'a>, end: usize) -> Self {
        Self { seq, end, of: first.type_id() }
    }

    /// How many from `i` on are told at once, if that one is of the type. What those behind it are is asked when they are told, not
    /// before.
    #[inline(always)]
    pub(super) fn from<A: Access>(&self, i: usize) -> usize {
        let is_alike = self.seq.get::<A>(i).is_some_and(|value| value.type_id() == self.of);
        if is_alike { (self.end - i).min(RUN) } else { 0 }
    }
}

/// Elements on their way to the sink, of which `n` have been looked at.
struct Passing<'r, 'w, P, A> {
    lender: Lender<'r, 'w>,
    part: P,
    n: usize,
    next: &'r mut usize,
    access: PhantomData<A>,
}

impl<P: Looked, A: Access> Elements for Passing<'_, '_, P, A> {
    type Failure = Box<Failure>;

    fn tell<S: Sink>(self, sink: S, mut pen: S::Pen) -> Told<(S, S::Pen)> {
        let (mut n, next) = (self.n, self.next);
        self.lender.over::<S, A>(sink, |walk| {
            let epoch = walk.world.epoch();
            loop {
                let told;
                (pen, told) = self.part.tell(walk, pen, *next, n)?;
                *next += told;
                // What was not looked at may have run Python code.
                if told < n || walk.world.epoch() != epoch {
                    return Ok(pen);
                }
                n = self.part.look::<A>(*next);
                if n == 0 {
                    return Ok(pen);
                }
            }
        })
    }
}

/// A walk that lets another one tell something.
struct Lender<'r, 'w> {
    world: &'r mut World,
    options: &'w Options,
    hooks: Hooks<'w>,
    /// How many calls of `default`, and how many members of Enums, it is within.
    within: (usize, usize),
}

impl Lender<'_, '_> {
    /// Lets a walk of `sink` tell something. It has all that is open and kept, so that it goes on as the one that lends would.
    #[inline(always)]
    fn over<S: Sink, A: Access>(
        self,
        sink: S,
        tell: impl FnOnce(&mut Walk<'_, S, A>) -> Told<S::Pen>,
    ) -> Told<(S, S::Pen)> {
        let mut walk = Walk::<S, A>::over(self.world.lend(), self.options, self.hooks, |_| sink);
        (walk.hooks, walk.members) = self.within;
        let told = tell(&mut walk);
        let Walk { sink, world: lent, .. } = walk;
        *self.world = lent;
        Ok((sink, told?))
    }
}
