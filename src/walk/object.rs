//! Dicts with str keys, in their own order.

use super::Walk;
use super::failure::{Failure, Fault, Step, Told};
use crate::cpython::{Access, Cursor, Dict, Obj, Value};
use crate::options::flag;
use crate::sink::Sink;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    #[inline(never)]
    pub(super) fn object(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        self.check_depth()?;
        if dict.len::<A>() == 0 {
            return Ok(self.sink.empty_object(pen));
        }
        let Some(dict) = self.world.open_dict(dict) else { return Err(Failure::memory()) };
        let pen = self.sink.open_object(pen, dict.len::<A>());
        let chosen = self.options.has(flag::SORT_KEYS | flag::NON_STR_KEYS | flag::OMIT_NONE);
        let pen = if self.encodes_keys(dict) {
            self.gathered_members(pen, dict)?
        } else if chosen {
            self.chosen_members(pen, dict)?
        } else {
            self.members::<false>(pen, dict)?
        };
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    /// Members in another order, with other keys, or not all of them. Each way has a frame of its own on the stack.
    #[inline(always)]
    fn chosen_members(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        if self.options.has(flag::NON_STR_KEYS) {
            self.gathered_members(pen, dict)
        } else if self.options.has(flag::SORT_KEYS) {
            self.sorted_members(pen, dict)
        } else {
            self.members_but_none(pen, dict)
        }
    }

    #[inline(never)]
    fn members_but_none(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        self.members::<true>(pen, dict)
    }

    /// Whether a member with this value is left out.
    #[inline(always)]
    pub(super) fn omits(&self, value: Obj<'_>) -> bool {
        self.options.has(flag::OMIT_NONE) && matches!(value.look(), Value::None)
    }

    #[inline(always)]
    fn members<const OMIT: bool>(&mut self, mut pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        let mut cursor = dict.cursor::<A>();
        let mut epoch = self.world.epoch();
        while let Some((key, value)) = cursor.next() {
            if OMIT && self.omits(value) {
                continue;
            }
            pen = self.member_key(pen, key)?;
            pen = match self.value(pen, value) {
                Ok(pen) => self.hand_on(pen)?,
                Err(failure) => return Err(failure.at(self.step(&mut cursor))),
            };
            if self.world.epoch() != epoch {
                epoch = self.world.epoch();
                cursor.refresh::<A>();
            }
        }
        Ok(pen)
    }

    #[inline(always)]
    pub(super) fn member_key(&mut self, pen: S::Pen, key: Obj<'_>) -> Told<S::Pen> {
        if S::KNOWS
            && let Some((id, fragment)) = self.world.find_key(key, S::KEEPS)
        {
            return Ok(self.sink.known_key(pen, id, fragment));
        }
        self.new_key(pen, key)
    }

    #[inline(never)]
    fn new_key(&mut self, pen: S::Pen, key: Obj<'_>) -> Told<S::Pen> {
        let Value::Str(s) = key.look() else { return Err(Failure::new(Fault::KeyNotStr)) };
        if S::KNOWS
            && let Some(t) = s.ascii::<A>()
        {
            self.world.meet_key(key, t);
        }
        self.key(pen, s)
    }

    /// The step to the member that the cursor has passed last. Its key is looked for anew, for Python code may
    /// have run since.
    #[cold]
    pub(super) fn step(&self, cursor: &mut Cursor<'_>) -> Step {
        cursor.refresh::<A>();
        match cursor.last_key().map(Obj::look) {
            Some(Value::Str(s)) => s.text::<A>().map_or(Step::Key(None), Step::key),
            _ => Step::Key(None),
        }
    }
}
