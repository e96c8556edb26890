//! Dicts with str keys, in the order of the keys.

use super::Walk;
use super::failure::{Failure, Fault, Step, Told};
use crate::cpython::{Access, Dict, Value};
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
        if self.options.has(flag::OMIT_NONE) || !self.world.add_sorted_members::<A>(dict) {
            self.gather_members(dict)?;
            self.world.sort_members::<A>(dict, from);
        }
        let end = self.world.members();
        for i in from..end {
            let (key, value) = self.world.member(dict, i);
            pen = self.member_key(pen, key)?;
            pen = match self.value(pen, value) {
                Ok(pen) => self.hand_on(pen)?,
                Err(failure) => return Err(failure.at(self.sorted_step(dict, i))),
            };
        }
        self.world.drop_members(from);
        Ok(pen)
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
