//! Dicts with str keys, in the order of the keys.

use core::ops::ControlFlow::{Break, Continue};

use super::failure::{Failure, Fault, Step, Told};
use super::{Walk, scalar};
use crate::cpython::{Access, Dict, Ordered, Value};
use crate::options::flag;
use crate::sink::Sink;
use crate::text::Text;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// All keys are looked at before the first value is told.
    #[inline(never)]
    pub(super) fn sorted_members(&mut self, mut pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        let from = self.world.members();
        if !self.world.expect_members(dict.len::<A>()) {
            return Err(Failure::new(Fault::Memory));
        }
        let mut next = from;
        if !self.options.has(flag::OMIT_NONE)
            && let Some(ordered) = self.world.ordered::<A>(dict)
        {
            let (told, k) = self.ordered_scalars(pen, dict, ordered)?;
            pen = told;
            if k == ordered.len() {
                return Ok(pen);
            }
            // Python code may run from here on.
            self.world.add_ordered(ordered, k);
            if S::KNOWS && !S::STREAMS {
                let value = self.world.member(dict, from).1;
                let told = self.container(pen, value);
                pen = self.sorted_told(told, dict, from)?;
                next += 1;
            }
        } else {
            self.gather_members(dict)?;
            self.world.sort_members::<A>(dict, from);
        }
        for i in next..self.world.members() {
            let (key, value) = self.world.member(dict, i);
            pen = self.member_key(pen, key)?;
            let told = self.value(pen, value);
            pen = self.sorted_told(told, dict, i)?;
        }
        self.world.drop_members(from);
        Ok(pen)
    }

    /// The first members, as long as no Python code can run, and how many they are. The key of the next one is told.
    #[inline(always)]
    fn ordered_scalars(
        &mut self,
        mut pen: S::Pen,
        dict: Dict<'_>,
        ordered: Ordered,
    ) -> Told<(S::Pen, usize)> {
        if !S::KNOWS || S::STREAMS {
            return Ok((pen, 0));
        }
        for k in 0..ordered.len() {
            let (key, value) = self.world.ordered_member(dict, ordered, k);
            let Some(known) = self.world.find_key::<A>(key) else {
                return Ok((self.new_key(pen, key)?, k));
            };
            pen = match scalar::member::<S, A, false>(&mut self.sink, pen, self.options, known, value) {
                Break(told) => told,
                Continue(told) => return Ok((told, k)),
            };
        }
        Ok((pen, ordered.len()))
    }

    /// What came of member `i`.
    #[inline(always)]
    fn sorted_told(&mut self, told: Told<S::Pen>, dict: Dict<'_>, i: usize) -> Told<S::Pen> {
        match told {
            Ok(pen) => self.hand_on(pen),
            Err(failure) => Err(failure.at(self.sorted_step(dict, i))),
        }
    }

    #[inline(never)]
    fn gather_members(&mut self, dict: Dict<'_>) -> Told<()> {
        let mut cursor = dict.cursor::<A>();
        while let Some((key, value)) = cursor.next() {
            if self.omits(value) {
                continue;
            }
            let Value::Str(s) = key.look() else { return Err(Failure::new(Fault::KeyNotStr)) };
            let text = match s.ascii::<A>() {
                Some(t) => t,
                None => wide_key(s.text::<A>())?,
            };
            self.world.add_member(key, text, value);
        }
        Ok(())
    }

    #[cold]
    fn sorted_step(&self, dict: Dict<'_>, i: usize) -> Step {
        match self.world.member(dict, i).0.look() {
            Value::Str(s) => s.text::<A>().map_or(Step::Key(None), Step::key),
            _ => Step::Key(None),
        }
    }
}

#[inline(never)]
fn wide_key(text: Option<Text<'_>>) -> Told<Text<'_>> {
    match text {
        None => Err(Failure::new(Fault::Memory)),
        Some(t) if t.surrogate().is_some() => Err(Failure::new(Fault::Surrogate)),
        Some(t) => Ok(t),
    }
}
