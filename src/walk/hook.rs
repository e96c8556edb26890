//! The caller's `default`: asked for what JSON has no form for.

use core::cell::Cell;

use super::Walk;
use super::failure::{Failure, Fault, Told};
use crate::cpython::{Access, Obj, Owned, Raised, call_one};
use crate::sink::Sink;

/// How often the result of a hook may go to the hook again: orjson's limit.
const MAX_HOOKS: usize = 255;

/// Containers that may be open in all the walks of a thread that wait for hooks: each takes its part of the stack.
const MAX_SUSPENDED: usize = 2000;

std::thread_local! {
    /// Containers that are open in walks of this thread that wait for a hook.
    static SUSPENDED: Cell<usize> = const { Cell::new(0) };
}

/// A walk that waits for Python code.
pub(super) struct Suspended {
    /// What was counted before it.
    outside: usize,
}

impl Suspended {
    /// The walk goes on.
    pub(super) fn end(self) {
        let _ = SUSPENDED.try_with(|s| s.set(self.outside));
    }
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Counts the open containers of this walk, which is about to wait for Python code.
    pub(super) fn suspend(&self) -> Result<Suspended, Box<Failure>> {
        let outside = SUSPENDED.try_with(Cell::get).unwrap_or_default();
        let suspended = outside + self.world.depth() + 1;
        if suspended > MAX_SUSPENDED {
            return Err(Failure::new(Fault::Depth));
        }
        let _ = SUSPENDED.try_with(|s| s.set(suspended));
        Ok(Suspended { outside })
    }

    #[cold]
    #[inline(never)]
    pub(super) fn hook(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        let Some(default) = self.default else {
            return Err(Failure::new(Fault::Unsupported(obj.type_name())));
        };
        if self.hooks == MAX_HOOKS {
            return Err(Failure::new(Fault::HookDepth));
        }
        let suspended = self.suspend()?;
        // Held, because the hook may end it, and its type's name may still be wanted.
        let held = Owned::hold(obj);
        let result = call_one(&mut self.world, default, held.obj());
        suspended.end();
        let told = match result {
            Ok(result) => self.hook_result(pen, result),
            Err(raised) => Err(hook_failure(held.obj(), raised)),
        };
        self.world.release(held);
        told
    }

    fn hook_result(&mut self, pen: S::Pen, result: Owned) -> Told<S::Pen> {
        self.hooks += 1;
        let told = self.value(pen, result.obj());
        self.hooks -= 1;
        self.world.release(result);
        told
    }
}

fn hook_failure(obj: Obj<'_>, raised: Option<Raised>) -> Box<Failure> {
    let mut failure = Failure::new(Fault::Unsupported(obj.type_name()));
    failure.cause = raised;
    failure
}
