//! Members of Enums: their values.

use core::marker::PhantomData;

use super::Walk;
use super::failure::{Failure, Step, Told};
use super::inert::over;
use crate::cpython::{Access, Name, Obj, Seq, World};
use crate::options::Options;
use crate::sink::{Elements, Sink};

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
        mut pen: S::Pen,
        seq: Seq<'_>,
        range: (usize, usize),
    ) -> Told<(S::Pen, usize)> {
        let Some(first) = seq.get::<A>(range.0) else { return Ok((pen, 1)) };
        let mut told = 0;
        if has_flat_value::<A>(first) {
            let (world, options, members) = (&mut self.world, self.options, self.members);
            let planned =
                Members { world, options, seq, range, members, told: &mut told, access: PhantomData::<A> };
            pen = self.sink.pass(pen, 1, planned)?;
        }
        if told == 0 { self.lone(pen, first, range.0) } else { Ok((pen, told)) }
    }
}

/// The members of one Enum at the beginning of a range of elements.
struct Members<'r, 'a, A> {
    world: &'r mut World,
    options: &'r Options,
    seq: Seq<'a>,
    range: (usize, usize),
    /// Those that the walk is in the values of.
    members: usize,
    told: &'r mut usize,
    access: PhantomData<A>,
}

impl<A: Access> Elements for Members<'_, '_, A> {
    type Failure = Box<Failure>;

    fn tell<S: Sink>(self, sink: S, mut pen: S::Pen) -> Told<(S, S::Pen)> {
        let Self { seq, range: (i, end), told, members, .. } = self;
        over::<S, A>(self.world, self.options, sink, |walk| {
            walk.members = members;
            let epoch = walk.world.epoch();
            let class = seq.get::<A>(i);
            while i + *told < end
                && walk.world.epoch() == epoch
                && let Some(obj) = seq.get::<A>(i + *told)
                && class.is_some_and(|first| obj.is_same_type(first))
                && has_flat_value::<A>(obj)
            {
                pen =
                    walk.enumeration(pen, obj, true).map_err(|failure| failure.at(Step::Index(i + *told)))?;
                *told += 1;
            }
            Ok(pen)
        })
    }
}

/// Whether its value is where it can be read, and flat, so that no Python code runs for it.
#[inline(always)]
fn has_flat_value<A: Access>(obj: Obj<'_>) -> bool {
    obj.own_attribute::<A>(Name::InnerValue).is_some_and(Obj::is_flat::<A>)
}
