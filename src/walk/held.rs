//! Where instances of a class have their values: those that have the class's fields and no other attributes, in their order.

use core::cell::Cell;
use core::iter::from_fn;

use super::Walk;
use super::dataclass::name_step;
use super::failure::Told;
use crate::cpython::{Access, Compared, Fields, Obj, Seq, Values};
use crate::sink::Sink;

/// Where instances of a class have their values, and how one is told that is opened.
pub(super) trait Held: Copy {
    /// The values of `obj`, in the order of `fields`: `None` for one that is missing, or for all, if they are others.
    fn values<'a, A: Access>(
        self,
        obj: Obj<'a>,
        fields: &'a Fields,
    ) -> Option<impl Iterator<Item = Option<Obj<'a>>>>;

    /// Whether `obj` has the values of `fields` and no others, in their order, and all are flat.
    fn are_flat<A: Access>(self, obj: Obj<'_>, fields: &Fields) -> bool;

    /// Asks for what comes behind element `i`.
    fn ahead<A: Access>(seq: Seq<'_>, i: usize, fields: &Fields);

    /// Tells an instance of any kind.
    fn tell<S: Sink, A: Access>(
        self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        obj: Obj<'_>,
        fields: &Fields,
    ) -> Told<S::Pen>;

    /// Tells the rest of an instance of which the fields before this one have been told; of this one the name, if there is
    /// a value. No Python code has run since it was begun.
    fn go_on<S: Sink, A: Access>(
        self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        obj: Obj<'_>,
        fields: &Fields,
        stopped: (usize, Option<Obj<'_>>),
    ) -> Told<S::Pen>;
}

/// In values whose names they share.
#[derive(Clone, Copy)]
pub(super) struct Shared<'c>(pub(super) &'c Cell<Compared>);

impl Held for Shared<'_> {
    #[inline(always)]
    fn values<'a, A: Access>(
        self,
        obj: Obj<'a>,
        fields: &'a Fields,
    ) -> Option<impl Iterator<Item = Option<Obj<'a>>>> {
        let (_, split) = obj.own_split::<A>()?;
        let mut values = split.values_of(fields, self.0)?;
        Some(from_fn(move || Some(values.next())))
    }

    #[inline(always)]
    fn are_flat<A: Access>(self, obj: Obj<'_>, fields: &Fields) -> bool {
        obj.own_split::<A>()
            .and_then(|(_, split)| split.values_of(fields, self.0))
            .is_some_and(Values::are_flat::<A>)
    }

    #[inline(always)]
    fn ahead<A: Access>(seq: Seq<'_>, i: usize, _: &Fields) {
        seq.ahead_of_instance::<A>(i);
    }

    #[inline(always)]
    fn tell<S: Sink, A: Access>(
        self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        obj: Obj<'_>,
        fields: &Fields,
    ) -> Told<S::Pen> {
        walk.instance(pen, obj, fields, self.0)
    }

    #[inline(always)]
    fn go_on<S: Sink, A: Access>(
        self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        obj: Obj<'_>,
        fields: &Fields,
        stopped: (usize, Option<Obj<'_>>),
    ) -> Told<S::Pen> {
        walk.begun_instance(pen, obj, (fields, self.0), stopped)
    }
}

/// In slots of their own.
#[derive(Clone, Copy)]
pub(super) struct Slots {
    /// Whether they are records, not dataclasses.
    pub(super) records: bool,
}

impl Held for Slots {
    #[inline(always)]
    fn values<'a, A: Access>(
        self,
        obj: Obj<'a>,
        fields: &'a Fields,
    ) -> Option<impl Iterator<Item = Option<Obj<'a>>>> {
        Some(fields.slots_of(obj))
    }

    #[inline(always)]
    fn are_flat<A: Access>(self, obj: Obj<'_>, fields: &Fields) -> bool {
        fields.are_flat_in::<A>(obj)
    }

    #[inline(always)]
    fn ahead<A: Access>(seq: Seq<'_>, i: usize, fields: &Fields) {
        seq.ahead_of_slots::<A>(i, fields);
    }

    #[inline(always)]
    fn tell<S: Sink, A: Access>(
        self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        obj: Obj<'_>,
        fields: &Fields,
    ) -> Told<S::Pen> {
        if self.records { walk.slotted_record(pen, obj, fields) } else { walk.slots(pen, obj, fields) }
    }

    #[inline(never)]
    fn go_on<S: Sink, A: Access>(
        self,
        walk: &mut Walk<'_, S, A>,
        mut pen: S::Pen,
        obj: Obj<'_>,
        fields: &Fields,
        (mut field, value): (usize, Option<Obj<'_>>),
    ) -> Told<S::Pen> {
        walk.world.open_instance(obj);
        let epoch = walk.world.epoch();
        if let Some(value) = value {
            let told = walk.container(pen, value);
            pen = told.map_err(|failure| failure.at(name_step::<A>(fields.all()[field].name())))?;
            field += 1;
        }
        if self.records {
            walk.more_of_record(pen, obj, fields, (field, epoch))
        } else {
            walk.more_slots(pen, obj, fields, (field, epoch))
        }
    }
}
