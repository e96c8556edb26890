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
            // In a table of strs alone the look is not needed, but it is the cheapest way to a typed view.
            let Value::Str(key) = key.look() else { return Err(Failure::new(Fault::KeyNotStr)) };
            self.key(key)?;
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
