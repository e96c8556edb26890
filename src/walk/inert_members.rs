//! Members of a dict that a plan need not record: some are looked at, those behind them when they are told.

use super::Walk;
use super::failure::Told;
use super::inert::{ENOUGH, LEAST, Looked, look};
use crate::cpython::{Access, Entries};
use crate::fragment::PLACES;
use crate::options::flag;
use crate::sink::Sink;

/// Members of a dict that may be inert.
struct Inert<'a> {
    entries: Entries<'a>,
    /// Whether dicts in them may have keys of any type.
    any_keys: bool,
}

impl Inert<'_> {
    /// How many entries from `i` on are inert, and of how many values they consist. Of those whose keys are not looked for, no
    /// more than make it worth: the others are looked at when they are told.
    #[inline(always)]
    fn look_at<A: Access>(&self, i: usize) -> (usize, usize) {
        let enough = if self.are_strangers::<A>() { LEAST } else { ENOUGH };
        look(self.any_keys).members_of::<A>(self.entries.split_at(i).1, enough)
    }

    #[inline(always)]
    fn are_strangers<A: Access>(&self) -> bool {
        self.entries.dict().len::<A>() > PLACES
    }
}

impl Looked for Inert<'_> {
    #[inline(always)]
    fn look<A: Access>(&self, i: usize) -> usize {
        if self.are_strangers::<A>() { 0 } else { self.look_at::<A>(i).0 }
    }

    #[inline(always)]
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        i: usize,
        n: usize,
    ) -> Told<(S::Pen, usize)> {
        let entries = self.entries.split_at(i).1;
        if self.are_strangers::<A>() {
            let (pen, left) = walk.inert_strangers(pen, entries)?;
            return Ok((pen, entries.most() - left.map_or(0, Entries::most)));
        }
        Ok((walk.some_members(pen, entries.split_at(n).0)?, n))
    }
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Tells members from the first on, if there are enough that are inert; those that are left.
    #[inline(never)]
    pub(super) fn pass_inert_members<'d>(
        &mut self,
        pen: S::Pen,
        entries: Entries<'d>,
    ) -> Told<(S::Pen, Entries<'d>)> {
        let members = Inert { entries, any_keys: self.options.has(flag::NON_STR_KEYS) };
        let (n, values) = members.look_at::<A>(0);
        let (pen, next) = self.pass_looked_at(pen, members, 0, if values < LEAST { 0 } else { n })?;
        Ok((pen, entries.split_at(next).1))
    }
}
