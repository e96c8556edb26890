//! The walk along a cached plan: the next key of a dict is guessed, compared, and written as its slot has it.
//!
//! A guess that fails costs a look for the key; what is in no slot goes the general way, and so does everything that
//! is no dict, list or tuple. Nothing is written before it was compared, so that there is nothing to undo.

mod array;
mod row;
mod rows;

use core::ops::ControlFlow::{self, Break, Continue};

use super::failure::{Failure, Told};
use super::{MAX_DEPTH, Walk, scalar};
use crate::cpython::{Access, Dict, Entries, MOST_KEYS, Obj, Program, Site, Slot, Special, Str, Value};
use crate::fragment::UNNUMBERED;
use crate::sink::Sink;
use row::{Odd, Row};

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Walks `obj` along `program`. The sink must not number keys.
    ///
    /// # Errors
    ///
    /// Where the walk ended and why.
    pub fn run_guided(&mut self, pen: S::Pen, program: &Program, obj: Obj<'_>) -> Told<S::Pen> {
        const { assert!(!S::KEEPS && S::KNOWS) };
        program.calls.add(1);
        self.guided(pen, (program, program.root()), obj)
    }

    #[inline(always)]
    fn guided(&mut self, pen: S::Pen, (program, site): (&Program, &Site), obj: Obj<'_>) -> Told<S::Pen> {
        match obj.look() {
            Value::Dict(dict) => self.guided_object(pen, (program, site), dict),
            Value::List(seq) | Value::Tuple(seq) => self.guided_seq(pen, (program, site), seq),
            Value::Other => self.guided_instance(pen, Some(site), obj),
            _ => self.any_value(pen, obj),
        }
    }

    /// An object of another type. Its class is known as without a plan; the site only counts it if it is an instance.
    #[inline(never)]
    fn guided_instance(&mut self, pen: S::Pen, site: Option<&Site>, obj: Obj<'_>) -> Told<S::Pen> {
        if let Some(site) = site.filter(|_| is_instance(obj)) {
            site.counts.instances.add(1);
        }
        self.any_value(pen, obj)
    }

    /// A member of a slot. What runs no Python code is in `Break`.
    #[inline(always)]
    fn guided_member(
        &mut self,
        pen: S::Pen,
        (program, slot): (&Program, &Slot),
        nested: &mut u32,
        value: Obj<'_>,
    ) -> ControlFlow<S::Pen, Told<S::Pen>> {
        let seen = value.look();
        if let Value::Dict(dict) = seen {
            *nested += 1;
            let pen = self.sink.known_key(pen, UNNUMBERED, &slot.fragment);
            return Continue(match program.site_of(slot) {
                Some(site) => self.guided_object(pen, (program, site), dict),
                None => self.siteless(pen, value),
            });
        }
        let (known, too_deep) = ((UNNUMBERED, &slot.fragment), self.world.depth() >= MAX_DEPTH);
        match scalar::flat_member::<S, A>(&mut self.sink, pen, self.options, known, seen, too_deep) {
            Break(pen) => Break(pen),
            Continue(pen) => {
                *nested += 1;
                Continue(self.guided_other(pen, (program, slot), value, seen))
            }
        }
    }

    /// A value whose key is told, and which is no simple scalar.
    #[inline(always)]
    fn guided_other(
        &mut self,
        pen: S::Pen,
        (program, slot): (&Program, &Slot),
        value: Obj<'_>,
        seen: Value<'_>,
    ) -> Told<S::Pen> {
        match seen {
            Value::Dict(_) | Value::List(_) | Value::Tuple(_) => {}
            Value::Other if is_instance(value) => {
                return self.guided_instance(pen, program.site_of(slot), value);
            }
            _ => return self.any_value(pen, value),
        }
        match program.site_of(slot) {
            Some(site) => self.guided(pen, (program, site), value),
            None => self.siteless(pen, value),
        }
    }

    /// A value for whose site there is no memory: nothing is guessed there.
    #[cold]
    #[inline(never)]
    fn siteless(&mut self, pen: S::Pen, value: Obj<'_>) -> Told<S::Pen> {
        self.any_value(pen, value)
    }

    #[inline(never)]
    fn guided_object(
        &mut self,
        pen: S::Pen,
        (program, site): (&Program, &Site),
        dict: Dict<'_>,
    ) -> Told<S::Pen> {
        let len = dict.len::<A>();
        if len == 0 {
            site.counts.empty.add(1);
            return self.object(pen, dict);
        }
        let Some(entries) = dict.entries::<A>() else {
            site.counts.tableless.add(1);
            return self.shapeless(pen, site, dict);
        };
        if site.is_general() {
            site.pass(1);
            return self.object(pen, dict);
        }
        if len > MOST_KEYS {
            site.counts.wide.add(1);
            return self.shapeless(pen, site, dict);
        }
        let Some(mut row) = Row::new::<A>(site, dict, entries) else {
            site.counts.unshaped.add(1);
            site.wrong();
            program.meet::<A>(site, entries);
            return self.shapeless(pen, site, dict);
        };
        self.check_depth()?;
        if self.world.open_dict(dict).is_none() {
            return Err(Failure::memory());
        }
        let pen = self.sink.open_object(pen, len);
        let pen = self.guided_members(pen, (program, site), &mut row)?;
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    fn shapeless(&mut self, pen: S::Pen, site: &Site, dict: Dict<'_>) -> Told<S::Pen> {
        site.counts.shapeless.add(1);
        self.object(pen, dict)
    }

    /// The member that stopped a row which had begun as one of scalars, and the rest of the row. Nothing could change the
    /// dict until now; from here on Python code may run, so it is opened.
    #[inline(never)]
    fn begun_row<'p>(
        &mut self,
        pen: S::Pen,
        (program, site): (&'p Program, &'p Site),
        mut row: Row<'p, '_>,
        odd: Odd<'p, '_>,
    ) -> Told<S::Pen> {
        if self.world.open_dict(row.entries.dict()).is_none() {
            return Err(Failure::memory());
        }
        let epoch = self.world.epoch();
        let told = match odd {
            Odd::Key(key, value) => self.unguessed(pen, program, &mut row, key, value)?,
            Odd::Value(slot, value) => {
                row.seen.nested += 1;
                self.guided_other(pen, (program, slot), value, value.look())
            }
        };
        let pen = match told {
            Err(failure) => return Err(failure.at(self.step(&mut row.entries.cursor()))),
            Ok(pen) if self.world.epoch() != epoch && !row.renew::<A>() => {
                self.interrupted(pen, site, row.entries)?
            }
            Ok(pen) => self.guided_members(pen, (program, site), &mut row)?,
        };
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    /// The members of a row that are to come. What is seldom wanted stays in the row, so that the loop has registers.
    #[inline(always)]
    fn guided_members<'p>(
        &mut self,
        mut pen: S::Pen,
        (program, site): (&'p Program, &'p Site),
        row: &mut Row<'p, '_>,
    ) -> Told<S::Pen> {
        let (mut rest, mut guesses, mut epoch) = (row.entries.rest(), row.guesses, self.world.epoch());
        while let Some((key, value)) = rest.next() {
            let told = if let Some(slot) = guesses.next(key) {
                match self.guided_member(pen, (program, slot), &mut row.seen.nested, value) {
                    Break(told) if !S::STREAMS => {
                        pen = told;
                        continue;
                    }
                    Break(told) => Ok(told),
                    Continue(told) => told,
                }
            } else {
                row.guesses = guesses;
                let told = self.unguessed(pen, program, row, key, value)?;
                guesses = row.guesses;
                told
            };
            pen = match told {
                Ok(told) => self.hand_on(told)?,
                Err(failure) => {
                    row.entries.go_on(rest);
                    return Err(failure.at(self.step(&mut row.entries.cursor())));
                }
            };
            if self.world.epoch() != epoch {
                row.entries.go_on(rest);
                if !row.renew::<A>() {
                    return self.interrupted(pen, site, row.entries);
                }
                (rest, epoch) = (row.entries.rest(), self.world.epoch());
            }
        }
        row.judge::<A>(program, site);
        Ok(pen)
    }

    /// A member whose key was not guessed. What is wrong with a key is no fault of the member, but of its dict.
    #[inline(never)]
    fn unguessed<'p>(
        &mut self,
        pen: S::Pen,
        program: &'p Program,
        row: &mut Row<'p, '_>,
        key: Str<'_>,
        value: Obj<'_>,
    ) -> Told<Told<S::Pen>> {
        let Some(slot) = row.find::<A>(key) else {
            let pen = self.member_key(pen, key.obj())?;
            return Ok(self.any_value(pen, value));
        };
        Ok(match self.guided_member(pen, (program, slot), &mut row.seen.nested, value) {
            Break(pen) => Ok(pen),
            Continue(told) => told,
        })
    }

    /// What is left of a dict after Python code has run, which has changed it.
    #[cold]
    fn interrupted(&mut self, pen: S::Pen, site: &Site, entries: Entries<'_>) -> Told<S::Pen> {
        site.counts.interrupted.add(1);
        site.counts.shapeless.add(1);
        self.changed_members::<false>(pen, entries)
    }
}

/// Whether it is of a class, and no date, time, UUID or fragment.
#[inline(always)]
fn is_instance(obj: Obj<'_>) -> bool {
    matches!(obj.special(), Special::Other)
}
