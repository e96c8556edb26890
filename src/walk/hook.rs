//! The caller's `default`: asked for what JSON has no form for.

use super::Walk;
use super::failure::{Failure, Fault, Step, Told};
use super::special::unsupported;
use crate::cpython::{
    Access, ClassId, Form, Obj, Owned, Rare, Seq, Special, Suspended, Value, World, call_one,
};
use crate::options::flag;
use crate::sink::Sink;

/// How often the result of a hook may go to the hook again: orjson's limit.
pub(super) const MAX_HOOKS: usize = 255;

impl<S: Sink, A: Access> Walk<'_, S, A> {
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
        let told = match self.outside(|world| call_one(world, default, &held)) {
            Ok(Ok(result)) => self.hook_result(pen, result),
            Ok(Err(raised)) => Err(unsupported(held.obj(), raised)),
            Err(failure) => Err(failure),
        };
        self.world.release(held);
        told
    }

    /// Tells the elements from `i` on that go to the hook, of which the first is one. After each of them the list and the
    /// class of the next one are looked at anew.
    #[inline(never)]
    pub(super) fn hooked(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        (i, end): (usize, usize),
    ) -> Told<(S::Pen, usize)> {
        let Some(first) = seq.get::<A>(i) else { return Ok((pen, 1)) };
        let (class, mut at) = (ClassId::of(first), i);
        while at < end
            && let Some(obj) = seq.get::<A>(at)
            && (at == i || class.is_some_and(|class| class.is_of(obj)) || self.goes_to_hook(obj))
        {
            pen = self.hook(pen, obj).map_err(|failure| failure.at(Step::Index(at)))?;
            pen = self.hand_on(pen)?;
            at += 1;
        }
        Ok((pen, at - i))
    }

    /// Whether nothing but the hook can be asked about `obj`, as far as that is known of its class.
    #[inline(always)]
    fn goes_to_hook(&self, obj: Obj<'_>) -> bool {
        let special = obj.special();
        if !matches!(special, Special::Other) {
            return self.passes_date(special);
        }
        matches!(obj.look(), Value::Other)
            && matches!(obj.rare(!self.options.has(flag::PASSTHROUGH_SUBCLASS)), Rare::Unknown)
            && !self.options.has(flag::KINDS)
            && matches!(self.world.form(obj), Form::None)
    }

    /// Whether it is a date or time, and the caller wants to be asked about those.
    #[inline(always)]
    pub(super) fn passes_date(&self, special: Special<'_>) -> bool {
        self.options.has(flag::PASSTHROUGH_DATETIME)
            && matches!(special, Special::DateTime(_) | Special::Date(_) | Special::Time(_))
    }

    /// Does `work`, in which Python code may run and begin other walks, unless there are too many that wait already.
    pub(super) fn outside<R>(&mut self, work: impl FnOnce(&mut World) -> R) -> Told<R> {
        let Some(_suspended) = Suspended::new(&self.world) else { return Err(Failure::new(Fault::Depth)) };
        Ok(work(&mut self.world))
    }

    fn hook_result(&mut self, pen: S::Pen, result: Owned) -> Told<S::Pen> {
        self.hooks += 1;
        let told = match result.obj().look() {
            Value::List(s) | Value::Tuple(s) if !A::ENCODES => self.inner_array(pen, s),
            _ => self.value(pen, result.obj()),
        };
        self.hooks -= 1;
        self.world.release(result);
        told
    }
}
