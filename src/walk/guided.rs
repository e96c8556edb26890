//! The walk along a cached plan: the next key of a dict is guessed, compared, and written as its slot has it.
//!
//! A guess that fails costs a look for the key; what is in no slot goes the general way, and so does everything that
//! is no dict, list or tuple. Nothing is written before it was compared, so that there is nothing to undo.

use core::ops::ControlFlow::{Break, Continue};

use super::failure::{Failure, Step, Told};
use super::{Walk, scalar};
use crate::cpython::{Access, Dict, Entries, Guesses, Obj, Program, Seq, Shape, Site, Slot, Str, Value};
use crate::sink::Sink;

/// What a guided walk has seen of one dict.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    equal: u64,
    unknown: u64,
    reordered: u64,
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Walks `obj` along `program`. The sink must neither number keys nor stream.
    ///
    /// # Errors
    ///
    /// Where the walk ended and why.
    pub fn run_guided(&mut self, pen: S::Pen, program: &Program, obj: Obj<'_>) -> Told<S::Pen> {
        const { assert!(!S::KEEPS && S::KNOWS && !S::STREAMS) };
        program.calls.add(1);
        self.guided(pen, (program, program.root()), obj)
    }

    #[inline(always)]
    fn guided(&mut self, pen: S::Pen, (program, site): (&Program, &Site), obj: Obj<'_>) -> Told<S::Pen> {
        match obj.look() {
            Value::Dict(dict) => self.guided_object(pen, (program, site), dict),
            Value::List(seq) | Value::Tuple(seq) => self.guided_array(pen, (program, site), seq),
            _ => self.any_value(pen, obj),
        }
    }

    #[inline(never)]
    fn guided_array(
        &mut self,
        pen: S::Pen,
        (program, site): (&Program, &Site),
        seq: Seq<'_>,
    ) -> Told<S::Pen> {
        let end = seq.len::<A>();
        if !leads_to_dict::<A>(seq) {
            return self.array(pen, seq);
        }
        self.check_depth()?;
        let Some(seq) = self.world.open_seq(seq) else { return Err(Failure::memory()) };
        let mut pen = self.sink.open_array(pen, end);
        let site = site.its_element();
        let (mut i, ahead) = (0, seq.has_scattered_dicts::<A>(end));
        while i < end {
            let Some(obj) = seq.get::<A>(i) else { break };
            let told = match obj.look() {
                Value::Dict(dict) => {
                    if ahead {
                        seq.ahead_of_dict::<A>(i);
                    }
                    self.guided_object(pen, (program, site), dict)
                }
                _ => self.guided(pen, (program, site), obj),
            };
            pen = match told {
                Ok(pen) => pen,
                Err(failure) => return Err(failure.at(Step::Index(i))),
            };
            i += 1;
        }
        let pen = self.sink.close_array(pen);
        self.world.close();
        Ok(pen)
    }

    #[inline(never)]
    fn guided_object(
        &mut self,
        pen: S::Pen,
        (program, site): (&Program, &Site),
        dict: Dict<'_>,
    ) -> Told<S::Pen> {
        let len = dict.len::<A>();
        site.counts.rows.add(1);
        let Some(entries) = dict.entries::<A>().filter(|_| len > 0) else {
            site.counts.tableless.add(u64::from(len > 0));
            return self.object(pen, dict);
        };
        if site.is_general() {
            site.counts.unshaped.add(1);
            return self.object(pen, dict);
        }
        let Some(shape) = site.guess::<A>(len, entries) else {
            site.counts.unshaped.add(1);
            site.judge(false);
            program.meet::<A>(site, entries);
            return self.object(pen, dict);
        };
        self.check_depth()?;
        let Some(dict) = self.world.open_dict(dict) else { return Err(Failure::memory()) };
        let pen = self.sink.open_object(pen, dict.len::<A>());
        let pen = self.guided_members(pen, (program, site), shape, entries)?;
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    #[inline(always)]
    fn guided_members(
        &mut self,
        mut pen: S::Pen,
        (program, site): (&Program, &Site),
        shape: &Shape,
        mut entries: Entries<'_>,
    ) -> Told<S::Pen> {
        let (begin, epoch) = (entries, self.world.epoch());
        let (mut guesses, mut seen) = (shape.guesses(), Seen::default());
        while let Some((key, value)) = entries.next() {
            let slot = if let Some(slot) = guesses.next(key) {
                Some(slot)
            } else if let Some(slot) = guesses.next_equal::<A>(key) {
                seen.equal += 1;
                Some(slot)
            } else {
                seen.look_for::<A>(shape, &mut guesses, key)
            };
            let told = if let Some(slot) = slot {
                match scalar::member::<S, A>(&mut self.sink, pen, self.options, (0, &slot.fragment), value) {
                    Break(told) => {
                        pen = told;
                        continue;
                    }
                    Continue(told) => self.guided(told, (program, slot.its_site()), value),
                }
            } else {
                let told = self.new_key(pen, key)?;
                self.any_value(told, value)
            };
            pen = match told {
                Ok(told) => told,
                Err(failure) => return Err(failure.at(self.step(&mut entries.cursor()))),
            };
            if self.world.epoch() != epoch {
                site.counts.interrupted.add(1);
                let mut cursor = entries.cursor();
                cursor.refresh::<A>();
                return self.items::<false>(pen, cursor);
            }
        }
        shape.rows.add(1);
        if seen.unknown > 0 {
            program.meet::<A>(site, begin);
        }
        // A few keys of its own do not make a dict one of another shape.
        site.judge(seen.unknown * 2 <= shape.slots().len() as u64);
        seen.count(site);
        Ok(pen)
    }
}

/// Whether the first elements of a list, and of the lists in it, lead to a dict: only dicts are guessed at, and numbers
/// have quicker ways.
fn leads_to_dict<A: Access>(mut seq: Seq<'_>) -> bool {
    /// Lists inside lists that are looked into.
    const DEPTH: usize = 4;
    for _ in 0..DEPTH {
        match seq.get::<A>(0).map(Obj::look) {
            Some(Value::Dict(_)) => return true,
            Some(Value::List(inner) | Value::Tuple(inner)) => seq = inner,
            _ => return false,
        }
    }
    false
}

impl Seen {
    /// The slot of a key that is not the one that was guessed.
    #[inline(never)]
    fn look_for<'p, A: Access>(
        &mut self,
        shape: &'p Shape,
        guesses: &mut Guesses<'p>,
        key: Str<'_>,
    ) -> Option<&'p Slot> {
        let next = shape.expected(*guesses);
        let Some(found) = shape.find::<A>(next, key) else {
            self.unknown += 1;
            return None;
        };
        self.equal += u64::from(!found.same);
        self.reordered += u64::from(found.slot < next);
        *guesses = shape.guesses_behind(found.slot);
        let slot = &shape.slots()[found.slot];
        if !found.same {
            slot.adopt(key);
        }
        Some(slot)
    }

    #[inline(always)]
    fn count(self, site: &Site) {
        let counts = &site.counts;
        if self.equal + self.unknown + self.reordered == 0 {
            counts.hits.add(1);
        } else {
            self.count_rest(site);
        }
    }

    #[inline(never)]
    fn count_rest(self, site: &Site) {
        let counts = &site.counts;
        counts.hits.add(u64::from(self.unknown + self.reordered == 0));
        counts.equal.add(self.equal);
        counts.unknown.add(self.unknown);
        counts.reordered.add(self.reordered);
    }
}
