//! Dicts of a list that hold nothing in which Python code may run: told one after the other, without being opened.
//!
//! A dict is told as flat until it turns out not to be. Nothing could change it until then; there it is opened, and goes
//! on as any other.

use core::ops::ControlFlow::{Break, Continue};

use super::failure::{Failure, Step, Told};
use super::{MAX_DEPTH, Walk, scalar};
use crate::cpython::{Access, CAN_PEEK, Entries, LastKey, Obj, Rest, Seq, Value};
use crate::options::flag;
use crate::plan::is_copied;
use crate::sink::Sink;

/// Flat dicts that have been told.
pub(super) struct Flat<P> {
    pub(super) pen: P,
    /// The element behind them.
    pub(super) next: usize,
    /// Whether the last one was flat as well. If not, the next ones are most likely none either.
    pub(super) all: bool,
}

/// The value that is not flat, if its key is told, and the members of which nothing is told; nothing if all have been told.
pub(super) type Odd<'d> = Option<(Option<Obj<'d>>, Rest<'d>)>;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Whether the open list may be asked for flat dicts.
    #[inline(always)]
    pub(super) fn knows_flat(&self) -> bool {
        let simple = S::KNOWS && !S::STREAMS && !A::ENCODES && CAN_PEEK;
        simple
            && !self.options.has(flag::OMIT_NONE)
            // A list in a dict in the list is not too deep.
            && self.world.depth() + 1 < MAX_DEPTH
    }

    /// Tells the dicts of `seq` from `i` on, before `end`, as long as they are flat. If they are to be `LOOKED` at, each before
    /// anything of it is told, it ends before one that is not inert, too.
    #[inline(always)]
    pub(super) fn flat_dicts<const LOOKED: bool>(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        (i, end, ahead): (usize, usize, Option<usize>),
    ) -> Told<Flat<S::Pen>> {
        if self.options.has(flag::SORT_KEYS) {
            self.sorted_flat_dicts::<LOOKED>(pen, seq, (i, end, ahead))
        } else {
            self.unsorted_flat_dicts::<LOOKED>(pen, seq, (i, end, ahead))
        }
    }

    #[inline(never)]
    fn unsorted_flat_dicts<const LOOKED: bool>(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        (first, end, ahead): (usize, usize, Option<usize>),
    ) -> Told<Flat<S::Pen>> {
        let mut i = first;
        let mut last = self.world.last_key();
        let mut elements = seq.range::<A>(first, end);
        while let Some((len, mut entries)) = elements.next().and_then(Obj::row::<A>)
            && (!LOOKED || entries.are_light::<A>())
        {
            if let Some(further) = ahead {
                seq.ahead_of_dict::<A>(i + further);
            }
            pen = if i == first { self.sink.open_object(pen, len) } else { self.sink.next_object(pen, len) };
            let (told, odd) = self.flat_members(pen, &mut last, entries.rest(), false);
            pen = told;
            let odd = match odd {
                Some((None, rest)) => {
                    self.world.set_last_key(last);
                    let told;
                    (pen, told) = self.flat_strangers(pen, rest, false);
                    last = self.world.last_key();
                    told
                }
                odd => odd,
            };
            if let Some((value, rest)) = odd {
                self.world.set_last_key(last);
                entries.go_on(rest);
                return match self.begun(pen, value, entries) {
                    Ok(pen) => Ok(Flat { pen, next: i + 1, all: false }),
                    Err(failure) => Err(failure.at(Step::Index(i))),
                };
            }
            i += 1;
        }
        self.world.set_last_key(last);
        if i > first {
            pen = self.sink.close_object(pen);
        }
        Ok(Flat { pen, next: i, all: true })
    }

    /// Tells members of the open dict as long as they are flat; otherwise also what stopped it.
    #[inline(always)]
    pub(super) fn flat_members_of_one<'d>(
        &mut self,
        pen: S::Pen,
        rest: Rest<'d>,
        too_deep: bool,
    ) -> (S::Pen, Odd<'d>) {
        let mut last = self.world.last_key();
        let (pen, odd) = self.flat_members(pen, &mut last, rest, too_deep);
        self.world.set_last_key(last);
        match odd {
            Some((None, rest)) => self.flat_strangers(pen, rest, too_deep),
            odd => (pen, odd),
        }
    }

    /// Tells members as long as they are flat; otherwise also what stopped it.
    #[inline(always)]
    fn flat_members<'d>(
        &mut self,
        mut pen: S::Pen,
        last: &mut LastKey,
        mut rest: Rest<'d>,
        too_deep: bool,
    ) -> (S::Pen, Odd<'d>) {
        loop {
            let here = rest;
            let Some((key, value)) = rest.next() else { return (pen, None) };
            let Some(known) = self.world.find_key_behind::<A>(last, key) else {
                return (pen, Some((None, here)));
            };
            let seen = value.look();
            pen = match scalar::flat_member::<S, A>(&mut self.sink, pen, self.options, known, seen, too_deep)
            {
                Break(told) => told,
                Continue(told) => match self.quiet_other(told, value, seen) {
                    Ok(told) => told,
                    Err(told) => return (told, Some((Some(value), rest))),
                },
            }
        }
    }

    /// Tells what is of no type of JSON's, if no Python code can run.
    #[inline(always)]
    pub(super) fn quiet_other(
        &mut self,
        pen: S::Pen,
        value: Obj<'_>,
        seen: Value<'_>,
    ) -> Result<S::Pen, S::Pen> {
        if !matches!(seen, Value::Other) || self.encoders.is_some() {
            return Err(pen);
        }
        self.moments().quiet_stamp::<S, A>(&mut self.sink, pen, value)
    }

    /// The same for members of which the key of the first is not known, as far as nothing can be wrong with it. Apart, because
    /// the loop that tells others has no registers left.
    #[inline(never)]
    fn flat_strangers<'d>(
        &mut self,
        mut pen: S::Pen,
        mut rest: Rest<'d>,
        too_deep: bool,
    ) -> (S::Pen, Odd<'d>) {
        let mut last = self.world.last_key();
        let odd = loop {
            let here = rest;
            let Some((key, value)) = rest.next() else { break None };
            let Some(t) = key.ascii::<A>().filter(|t| !S::KEEPS || is_copied(t.len(), t.width())) else {
                break Some((None, here));
            };
            self.world.meet_key::<A>(key, t);
            pen = self.sink.key(pen, t).expect("ASCII has no surrogates");
            let seen = value.look();
            match scalar::flat_value::<S, A>(&mut self.sink, pen, self.options, seen, too_deep) {
                Break(told) => pen = told,
                Continue(told) => match self.quiet_other(told, value, seen) {
                    Ok(told) => pen = told,
                    Err(told) => {
                        pen = told;
                        break Some((Some(value), rest));
                    }
                },
            }
            let odd;
            (pen, odd) = self.flat_members(pen, &mut last, rest, too_deep);
            match odd {
                Some((None, behind)) => rest = behind,
                odd => break odd,
            }
        };
        self.world.set_last_key(last);
        (pen, odd)
    }

    /// The rest of a dict that has turned out not to be flat: the value of the key that was told last, if it is the
    /// value's turn, and the members behind it.
    #[inline(never)]
    fn begun(&mut self, pen: S::Pen, value: Option<Obj<'_>>, entries: Entries<'_>) -> Told<S::Pen> {
        if self.world.open_dict(entries.dict()).is_none() {
            return Err(Failure::memory());
        }
        let pen = if self.options.has(flag::NON_STR_KEYS) {
            self.gathered_strs(pen, value, entries)?
        } else {
            self.begun_members(pen, value, entries)?
        };
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    #[inline(always)]
    fn begun_members(&mut self, pen: S::Pen, value: Option<Obj<'_>>, entries: Entries<'_>) -> Told<S::Pen> {
        let epoch = self.world.epoch();
        let told = match value {
            Some(value) => self.container(pen, value),
            None => Ok(pen),
        };
        let pen = match told {
            Ok(pen) => pen,
            Err(failure) => return Err(failure.at(self.step(&mut entries.cursor()))),
        };
        if self.world.epoch() == epoch {
            self.entries::<false>(pen, entries)
        } else {
            self.changed_members::<false>(pen, entries)
        }
    }
}
