//! The caller's `default`: asked for what JSON has no form for.

use super::Walk;
use super::failure::{Failure, Fault, Told};
use crate::cpython::{Access, Obj, Owned, Raised, call_one};
use crate::sink::Sink;

/// How often the result of a hook may go to the hook again: orjson's limit.
const MAX_HOOKS: usize = 255;

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
        let result = call_one(&mut self.world, default, held.obj());
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
