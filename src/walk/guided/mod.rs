//! The walk along a cached plan: the next key of a dict is guessed, compared, and written as its slot has it.
//!
//! A guess that fails costs a look for the key; what is in no slot goes the general way, and so does everything that
//! is no dict, list or tuple. Nothing is written before it was compared, so that there is nothing to undo.

mod row;
mod rows;

use core::ops::ControlFlow::{self, Break, Continue};

use super::failure::{Failure, Step, Told};
use super::{MAX_DEPTH, Walk, scalar};
use crate::cpython::{
    Access, Dict, Entries, MOST_KEYS, Manner, Obj, Program, Seq, Site, Slot, Special, Str, Value,
};
use crate::fragment::UNNUMBERED;
use crate::options::flag;
use crate::sink::Sink;
use row::{Odd, Row};
use rows::{Others, Rows};

/// Rows of so few members do not make up for the look at the room for all of a row.
const FEW_MEMBERS: usize = 2;

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

    #[inline(always)]
    fn guided_seq(&mut self, pen: S::Pen, (program, site): (&Program, &Site), seq: Seq<'_>) -> Told<S::Pen> {
        match seq.get::<A>(0).map(Obj::look) {
            Some(Value::Dict(_) | Value::List(_) | Value::Tuple(_)) => {
                self.guided_array(pen, (program, site), seq)
            }
            Some(Value::Other) => self.instances_of(pen, (program, site), seq),
            Some(Value::None) => self.behind_null(pen, (program, site), seq),
            _ => self.inner_array(pen, seq),
        }
    }

    /// A list that begins with an object of another type.
    #[inline(never)]
    fn instances_of(
        &mut self,
        pen: S::Pen,
        (program, site): (&Program, &Site),
        seq: Seq<'_>,
    ) -> Told<S::Pen> {
        if seq.get::<A>(0).is_some_and(is_instance)
            && let Some(element) = program.element_of(site)
        {
            element.counts.instances.add(seq.len::<A>() as u64);
        }
        self.inner_array(pen, seq)
    }

    /// A list that begins with None, behind which there may be dicts.
    #[inline(never)]
    fn behind_null(&mut self, pen: S::Pen, place: (&Program, &Site), seq: Seq<'_>) -> Told<S::Pen> {
        self.guided_array(pen, place, seq)
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
    fn guided_array(
        &mut self,
        pen: S::Pen,
        (program, site): (&Program, &Site),
        seq: Seq<'_>,
    ) -> Told<S::Pen> {
        let end = seq.len::<A>();
        let Some(site) = leads_to_dict::<A>(seq).then(|| program.element_of(site)).flatten() else {
            return self.array(pen, seq);
        };
        self.check_depth()?;
        let Some(seq) = self.world.open_seq(seq) else { return Err(Failure::memory()) };
        let mut pen = self.sink.open_array(pen, end);
        let (mut i, ahead) = (0, seq.has_far_dicts::<A>(end));
        while i < end {
            let Some(obj) = seq.get::<A>(i) else { break };
            let told = match obj.look() {
                Value::Dict(_) if site.is_general() => {
                    // Counted as if all were dicts, for most are.
                    site.pass((end - i) as u64);
                    pen = self.some_elements(pen, seq, (i, end, ahead.then_some(0)))?;
                    break;
                }
                Value::Dict(dict) if dict.len::<A>() == 0 => {
                    let first = i;
                    (pen, i) = self.empty_objects(pen, seq, (first, self.run_end(first, end)))?;
                    pen = self.hand_on(pen)?;
                    site.counts.empty.add((i - first) as u64);
                    continue;
                }
                Value::Dict(dict) => {
                    let told;
                    (pen, told, i) = self.guided_rows(pen, (program, site), seq, (i, end, ahead))?;
                    if told {
                        continue;
                    }
                    if ahead {
                        seq.ahead_of_dict::<A>(i);
                    }
                    self.guided_object(pen, (program, site), dict)
                }
                _ => self.guided(pen, (program, site), obj),
            };
            pen = match told {
                Ok(pen) => self.hand_on(pen)?,
                Err(failure) => return Err(failure.at(Step::Index(i))),
            };
            i += 1;
        }
        let pen = self.sink.close_array(pen);
        self.world.close();
        Ok(pen)
    }

    /// Tells dicts of an array that are as guessed; whether there were any, and which element comes next.
    #[inline(always)]
    fn guided_rows(
        &mut self,
        pen: S::Pen,
        (program, site): (&Program, &Site),
        seq: Seq<'_>,
        (i, end, ahead): (usize, usize, bool),
    ) -> Told<(S::Pen, bool, usize)> {
        let checked = self.options.has(flag::STRICT_INTEGER | flag::NAN_ERROR);
        // A list in a dict in the list is not too deep.
        let too_deep = self.world.depth() + 1 >= MAX_DEPTH;
        // A piece may be finished between any two members.
        if S::STREAMS || site.is_nested() || site.is_general() || checked || too_deep {
            return Ok((pen, false, i));
        }
        let others = Others { options: self.options, encoded: self.encoders.is_some() };
        let tell = if site.is_of_equal_keys() {
            rows::scalar_rows::<S, A, true>
        } else if site.is_stamped() || site.only().is_some_and(|shape| shape.slots().len() <= FEW_MEMBERS) {
            rows::light_rows::<S, A>
        } else {
            rows::scalar_rows::<S, A, false>
        };
        let Rows { pen, rows, equal, stamped, begun } =
            tell(&mut self.sink, pen, site, seq, (i, end, ahead), others);
        if rows > 0 {
            site.counts.equal.add(equal);
            site.right(rows as u64);
            site.note(Manner { equal: equal > rows as u64, nested: false, stamped });
        }
        let next = i + rows;
        let Some((row, odd)) = begun else { return Ok((pen, rows > 0, next)) };
        match self.begun_row(pen, (program, site), row, odd) {
            Ok(pen) => Ok((pen, true, next + 1)),
            Err(failure) => Err(failure.at(Step::Index(next))),
        }
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

/// Whether the first elements of a list, and of the lists in it, lead to a dict: only dicts are guessed at, and numbers
/// have quicker ways. Nones and lists with nothing in them do not count where they are few.
fn leads_to_dict<A: Access>(mut seq: Seq<'_>) -> bool {
    /// Lists inside lists that are looked into.
    const DEPTH: usize = 64;
    /// Elements among which there should be one that counts.
    const FEW: usize = 8;
    let counts = |value: &Value<'_>| match value {
        Value::None => false,
        Value::List(inner) | Value::Tuple(inner) => inner.len::<A>() > 0,
        _ => true,
    };
    for _ in 0..DEPTH {
        match seq.range::<A>(0, seq.len::<A>().min(FEW)).map(Obj::look).find(counts) {
            Some(Value::Dict(_)) => return true,
            Some(Value::List(inner) | Value::Tuple(inner)) => seq = inner,
            _ => return false,
        }
    }
    false
}
