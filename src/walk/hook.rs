//! The caller's `default`: asked for what JSON has no form for.

use super::Walk;
use super::failure::{Failure, Fault, Told};
use super::special::unsupported;
use crate::cpython::{Access, Obj, Owned, Suspended, World, call_one};
use crate::sink::Sink;

/// How often the result of a hook may go to the hook again: orjson's limit.
pub(super) const MAX_HOOKS: usize = 255;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    #[cold]
    #[inline(never)]
    pub(super) fn hook(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        let Some(default) = self.default else {
            return Err(Failure::new(Fault::Unsupported(obj.type_name())));
        };
        if self.hooks == MAX_HOOKS {
            return Err(Failure::new(Fault::HookDepth));
        }
        // Held, because the hook may end it, and its type's name may still be wanted.
        let held = Owned::hold(obj);
        let told = match self.outside(|world| call_one(world, default, held.obj())) {
            Ok(Ok(result)) => self.hook_result(pen, result),
            Ok(Err(raised)) => Err(unsupported(held.obj(), raised)),
            Err(failure) => Err(failure),
        };
        self.world.release(held);
        told
    }

    /// Does `work`, in which Python code may run and begin other walks, unless there are too many that wait already.
    pub(super) fn outside<R>(&mut self, work: impl FnOnce(&mut World) -> R) -> Told<R> {
        let Some(_suspended) = Suspended::new(&self.world) else { return Err(Failure::new(Fault::Depth)) };
        Ok(work(&mut self.world))
    }

    fn hook_result(&mut self, pen: S::Pen, result: Owned) -> Told<S::Pen> {
        self.hooks += 1;
        let told = self.value(pen, result.obj());
        self.hooks -= 1;
        self.world.release(result);
        told
    }
}
