//! The caller's `default`: asked for what JSON has no form for.

use core::cell::Cell;

use super::Walk;
use super::failure::{Failure, Fault, Told};
use super::special::unsupported;
use crate::cpython::{Access, Obj, Owned, World, call_one};
use crate::sink::Sink;

/// How often the result of a hook may go to the hook again: orjson's limit.
const MAX_HOOKS: usize = 255;

/// Containers that may be open in all the walks of a thread that wait for hooks: each takes its part of the stack.
const MAX_SUSPENDED: usize = 2000;

std::thread_local! {
    /// Containers that are open in walks of this thread that wait for a hook.
    static SUSPENDED: Cell<usize> = const { Cell::new(0) };
}

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
        let before = SUSPENDED.try_with(Cell::get).unwrap_or_default();
        let suspended = before + self.world.depth() + 1;
        if suspended > MAX_SUSPENDED {
            return Err(Failure::new(Fault::Depth));
        }
        let _ = SUSPENDED.try_with(|s| s.set(suspended));
        let result = work(&mut self.world);
        let _ = SUSPENDED.try_with(|s| s.set(before));
        Ok(result)
    }

    fn hook_result(&mut self, pen: S::Pen, result: Owned) -> Told<S::Pen> {
        self.hooks += 1;
        let told = self.value(pen, result.obj());
        self.hooks -= 1;
        self.world.release(result);
        told
    }
}
