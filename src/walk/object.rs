//! Dicts with str keys, in their own order.

use super::Walk;
use super::failure::{Failure, Fault, Step, Told};
use crate::cpython::{Access, Cursor, Dict, Obj, Value};
use crate::options::flag;
use crate::sink::Sink;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    #[inline(never)]
    pub(super) fn object(&mut self, dict: Dict<'_>) -> Told {
        self.check_depth()?;
        let Some(dict) = self.world.open_dict(dict) else { return Err(Failure::new(Fault::Memory)) };
        self.sink.open_object(dict.len::<A>());
        if self.options.has(flag::SORT_KEYS | flag::NON_STR_KEYS) {
            self.gathered_members(dict)?;
        } else {
            self.members(dict)?;
        }
        self.sink.close_object();
        self.world.close();
        Ok(())
    }

    #[inline(always)]
    fn members(&mut self, dict: Dict<'_>) -> Told {
        let mut cursor = dict.cursor::<A>();
        let mut epoch = self.world.epoch();
        while let Some((key, value)) = cursor.next() {
            self.member_key(key)?;
            if let Err(failure) = self.value(value) {
                return Err(failure.at(self.step(&mut cursor)));
            }
            if self.world.epoch() != epoch {
                epoch = self.world.epoch();
                cursor.refresh::<A>();
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn member_key(&mut self, key: Obj<'_>) -> Told {
        if S::KNOWS
            && let Some((id, fragment)) = self.keys.find(key)
        {
            self.sink.known_key(id, fragment);
            return Ok(());
        }
        self.new_key(key)
    }

    #[inline(never)]
    fn new_key(&mut self, key: Obj<'_>) -> Told {
        let Value::Str(s) = key.look() else { return Err(Failure::new(Fault::KeyNotStr)) };
        if S::KNOWS
            && let Some(t) = s.ascii::<A>()
        {
            self.keys.meet(key, t);
        }
        self.key(s)
    }

    /// The step to the member that the cursor has passed last. Its key is looked for anew, for Python code may
    /// have run since.
    #[cold]
    fn step(&self, cursor: &mut Cursor<'_>) -> Step {
        cursor.refresh::<A>();
        Step::Key(cursor.last_key().and_then(key_name::<A>))
    }
}

/// A key for a message.
#[cold]
pub(super) fn key_name<A: Access>(key: Obj<'_>) -> Option<String> {
    match key.look() {
        Value::Str(s) => s.text::<A>().map(|t| t.to_lossy()),
        _ => None,
    }
}
