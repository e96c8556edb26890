//! Objects of types that are written because an option says so.

use super::Walk;
use super::failure::{Step, Told};
use super::inert::{Alike, Looked};
use crate::cpython::{Access, Element, Kind, Obj, Owned, Seq};
use crate::options::flag;
use crate::sink::Sink;

/// Scalars of numpy, of one type.
struct Scalars<'a>(Alike<'a>, Element);

impl Looked for Scalars<'_> {
    #[inline(always)]
    fn look<A: Access>(&self, i: usize) -> usize {
        self.0.from::<A>(i)
    }

    #[inline(always)]
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        i: usize,
        n: usize,
    ) -> Told<(S::Pen, usize)> {
        let &Self(Alike { seq, .. }, element) = self;
        walk.alike(pen, seq, i, i + n, |walk, pen, obj| walk.numpy_scalar(pen, obj, element))
    }
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// An object of a type that JSON has no form for.
    #[inline(never)]
    pub(super) fn by_kind(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        if !self.options.has(flag::KINDS) {
            return self.hook(pen, obj);
        }
        if self.may_be_record()
            && let Some(fields) = self.world.record_slots(obj)
        {
            let told = self.slotted_record(pen, obj, &fields);
            self.let_go_of_fields(fields);
            return told;
        }
        // To find out runs Python code, after which nobody else may hold it.
        let held = Owned::hold(obj);
        let told = self.held_by_kind(pen, held.obj());
        self.world.release(held);
        told
    }

    /// Tells the elements from `i` on if the first is known as a scalar of numpy, as long as they are of its type: no Python
    /// code runs. Else the first one alone.
    #[inline(never)]
    pub(super) fn of_one_kind(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        (i, end): (usize, usize),
    ) -> Told<(S::Pen, usize)> {
        let Some(first) = seq.get::<A>(i) else { return Ok((pen, 1)) };
        if !self.options.has(flag::SERIALIZE_NUMPY) || self.options.has(flag::PASSTHROUGH_SUBCLASS) {
            return self.lone(pen, first, i);
        }
        if let Some(element) = self.world.scalar_of_numpy(first) {
            if let Some(alike) = self.many_alike(seq, i, end) {
                let scalars = Scalars(alike, element);
                let (pen, next) = self.pass_looked_at(pen, scalars, i, alike.from::<A>(i))?;
                return Ok((pen, next - i));
            }
            return self.alike(pen, seq, i, end, |walk, pen, obj| walk.numpy_scalar(pen, obj, element));
        }
        if !self.world.is_array_of_numpy(first) {
            return self.lone(pen, first, i);
        }
        let held = Owned::hold(first);
        let told = self.numpy_array(pen, held.obj());
        self.world.release(held);
        match told {
            Ok(pen) => Ok((pen, 1)),
            Err(failure) => Err(failure.at(Step::Index(i))),
        }
    }

    /// Whether records are written that are of no subclass of a builtin type.
    #[inline(always)]
    pub(super) fn may_be_record(&self) -> bool {
        self.options.has(flag::SERIALIZE_MORE) && !self.options.has(flag::PASSTHROUGH_SUBCLASS)
    }

    fn held_by_kind(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        let kind = self.world.kind(obj);
        let passes = self.options.has(flag::PASSTHROUGH_SUBCLASS) && obj.is_of_builtin_subclass();
        if passes || !self.is_asked_for(&kind) {
            return self.hook(pen, obj);
        }
        let told = match kind.clone() {
            Kind::Array => self.numpy_array(pen, obj),
            Kind::Scalar(element) => self.numpy_scalar(pen, obj, element),
            Kind::Decimal { exact } => self.decimal(pen, obj, exact),
            Kind::Bytes => self.bytes(pen, obj),
            Kind::Span => self.span(pen, obj),
            Kind::Path => self.fs_path(pen, obj),
            Kind::Address => self.shown(pen, obj),
            Kind::Tuple => match obj.as_tuple() {
                Some(seq) => self.array(pen, seq),
                None => self.hook(pen, obj),
            },
            Kind::NamedTuple(names) => match obj.as_tuple() {
                Some(seq) => self.named_tuple(pen, seq, &names),
                None => self.hook(pen, obj),
            },
            Kind::Record(names, _) => self.record(pen, obj, &names),
            Kind::Model(names) => self.model(pen, obj, &names),
            Kind::RuledModel => self.ruled_model(pen, obj),
            Kind::Mapping => self.mapping(pen, obj),
            Kind::Iterable => self.iterable(pen, obj),
            Kind::Unknown => self.hook(pen, obj),
        };
        // A plan may look at a name that only this kind still holds.
        self.world.before_python();
        drop(kind);
        told
    }

    fn is_asked_for(&self, kind: &Kind) -> bool {
        let flags = match kind {
            Kind::Array | Kind::Scalar(_) => flag::SERIALIZE_NUMPY,
            Kind::Decimal { .. } => flag::SERIALIZE_DECIMAL,
            Kind::NamedTuple(_) => flag::SERIALIZE_MORE | flag::NAMEDTUPLE_AS_OBJECT,
            Kind::Unknown => 0,
            _ => flag::SERIALIZE_MORE,
        };
        self.options.has(flags)
    }
}
