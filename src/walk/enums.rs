//! Members of Enums: their values.

use super::Walk;
use super::failure::{Step, Told};
use super::inert::{Alike, Looked};
use crate::cpython::{Access, Name, Obj, Seq};
use crate::sink::Sink;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// `plain` says that `value` is what `_value_` is.
    #[inline(never)]
    pub(super) fn enumeration(&mut self, pen: S::Pen, obj: Obj<'_>, plain: bool) -> Told<S::Pen> {
        self.check_members()?;
        if plain && let Some(value) = obj.own_attribute::<A>(Name::InnerValue) {
            self.members += 1;
            let told = self.value(pen, value);
            self.members -= 1;
            return told;
        }
        let value = self.attribute(obj, Name::Value.obj())?;
        self.members += 1;
        let told = self.value(pen, value.obj());
        self.members -= 1;
        self.world.release(value);
        told
    }

    /// Tells many members of an Enum whose values are where they can be read: those in front with flat values from where they
    /// are, or else the first one.
    #[inline(never)]
    pub(super) fn pass_members(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        (i, end): (usize, usize),
    ) -> Told<(S::Pen, usize)> {
        let Some(first) = seq.get::<A>(i) else { return Ok((pen, 1)) };
        let planned = Members { alike: Alike::to(first, seq, end), members: self.members };
        let n = if flat_value::<A>(first).is_some() { planned.look::<A>(i) } else { 0 };
        let (pen, next) = self.pass_looked_at(pen, planned, i, n)?;
        if next == i { self.lone(pen, first, i) } else { Ok((pen, next - i)) }
    }
}

/// Members of one Enum.
struct Members<'a> {
    alike: Alike<'a>,
    /// Those that the walk is in the values of.
    members: usize,
}

impl Looked for Members<'_> {
    #[inline(always)]
    fn look<A: Access>(&self, i: usize) -> usize {
        self.alike.from::<A>(i)
    }

    #[inline(always)]
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        mut pen: S::Pen,
        i: usize,
        n: usize,
    ) -> Told<(S::Pen, usize)> {
        walk.members = self.members;
        walk.check_members().map_err(|failure| failure.at(Step::Index(i)))?;
        let (Alike { seq, of, .. }, epoch, mut at) = (self.alike, walk.world.epoch(), i);
        while at < i + n
            && walk.world.epoch() == epoch
            && let Some(obj) = seq.get::<A>(at)
            && obj.type_id() == of
            && let Some(value) = flat_value::<A>(obj)
        {
            // There are no members in what is flat, which would have to know how deep they are.
            pen = walk.any_value(pen, value).map_err(|failure| failure.at(Step::Index(at)))?;
            at += 1;
        }
        Ok((pen, at - i))
    }
}

/// Its value, if that is where it can be read, and flat, so that no Python code runs for it.
#[inline(always)]
fn flat_value<'a, A: Access>(obj: Obj<'a>) -> Option<Obj<'a>> {
    obj.own_attribute::<A>(Name::InnerValue).filter(|value| value.is_flat::<A>())
}
