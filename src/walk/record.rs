//! Objects with named fields: attrs classes, msgspec's structs, pydantic's models, named tuples.

use core::ops::ControlFlow::{Break, Continue};

use super::Walk;
use super::dataclass::name_step;
use super::failure::{Failure, Fault, Told};
use super::hook::MAX_HOOKS;
use crate::cpython::{
    Access, Fields, Names, Obj, Owned, Seq, Value, attribute_called, attribute_named, call_method, forget,
};
use crate::options::flag;
use crate::sink::Sink;

/// How the fields of a record are had.
#[derive(Clone, Copy, Debug)]
enum How<'a> {
    /// As attributes; one that is not there is an error.
    Attributes,
    /// As attributes; one that is not there is left out, as is one that is `msgspec.UNSET`.
    Present,
    /// As elements of a tuple.
    Elements(Seq<'a>),
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    pub(super) fn record(&mut self, pen: S::Pen, obj: Obj<'_>, names: &Names) -> Told<S::Pen> {
        self.named_fields(pen, obj, names, How::Attributes)
    }

    /// A pydantic model without rules. One with more fields than its class says is left to pydantic.
    pub(super) fn model(&mut self, pen: S::Pen, obj: Obj<'_>, names: &Names) -> Told<S::Pen> {
        let extra = attribute_called(&mut self.world, obj, c"__pydantic_extra__");
        let extra = extra.map_err(|raised| Failure::read(obj.type_name(), raised))?;
        let has_more = match extra.obj().look() {
            Value::None => false,
            Value::Dict(d) => d.len::<A>() > 0,
            _ => true,
        };
        self.world.release(extra);
        if has_more { self.ruled_model(pen, obj) } else { self.named_fields(pen, obj, names, How::Present) }
    }

    /// A pydantic model that says itself what is written.
    pub(super) fn ruled_model(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        self.check_depth()?;
        // What it returns may be such a model again.
        if self.hooks == MAX_HOOKS {
            return Err(Failure::new(Fault::HookDepth));
        }
        let dump = call_method(&mut self.world, obj, c"model_dump");
        self.hooks += 1;
        let told = self.instead(pen, obj, dump);
        self.hooks -= 1;
        told
    }

    pub(super) fn named_tuple(&mut self, pen: S::Pen, seq: Seq<'_>, names: &Names) -> Told<S::Pen> {
        if self.options.has(flag::NAMEDTUPLE_AS_OBJECT) {
            self.named_fields(pen, seq.obj(), names, How::Elements(seq))
        } else {
            self.array(pen, seq)
        }
    }

    fn named_fields(&mut self, pen: S::Pen, obj: Obj<'_>, names: &Names, how: How<'_>) -> Told<S::Pen> {
        self.check_depth()?;
        self.world.open_obj(obj);
        let mut pen = self.sink.open_object(pen, names.len());
        for i in 0..names.len() {
            let Some(name) = names.get(i) else { break };
            let Some(value) = self.field(obj, name, i, how)? else { continue };
            pen = self.held_member(pen, name, value)?;
        }
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    fn held_member(&mut self, pen: S::Pen, name: Obj<'_>, value: Owned) -> Told<S::Pen> {
        let told = match self.member_key(pen, name) {
            Ok(pen) => self.value(pen, value.obj()).map_err(|failure| failure.at(name_step::<A>(name))),
            failed => failed,
        };
        self.world.release(value);
        told
    }

    /// A record all of whose fields are slots, as the class is now.
    #[inline(never)]
    pub(super) fn slotted_record(&mut self, pen: S::Pen, obj: Obj<'_>, fields: &Fields) -> Told<S::Pen> {
        self.check_depth()?;
        self.world.open_instance(obj);
        let pen = self.sink.open_object(pen, fields.all().len());
        self.more_of_record(pen, obj, fields, (0, self.world.epoch()))
    }

    /// The fields from `begin` on, and the end of the record, whose class was as it is known at that epoch.
    #[inline(always)]
    pub(super) fn more_of_record(
        &mut self,
        mut pen: S::Pen,
        obj: Obj<'_>,
        fields: &Fields,
        (begin, epoch): (usize, usize),
    ) -> Told<S::Pen> {
        for field in &fields.all()[begin..] {
            let sure = self.world.epoch() == epoch || fields.fit(obj);
            let Some(value) = field.value(obj).filter(|_| sure) else {
                if let Some(value) = self.field(obj, field.name(), 0, How::Attributes)? {
                    pen = self.held_member(pen, field.name(), value)?;
                }
                continue;
            };
            if self.omits(value) || is_unset(value) {
                continue;
            }
            pen = match self.field_member(pen, field, value)? {
                Break(pen) => pen,
                Continue(told) => told.map_err(|failure| failure.at(name_step::<A>(field.name())))?,
            };
        }
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    /// Field `i`, held; `None` if it is to be left out.
    fn field(
        &mut self,
        obj: Obj<'_>,
        name: Obj<'_>,
        i: usize,
        how: How<'_>,
    ) -> Result<Option<Owned>, Box<Failure>> {
        if let How::Elements(seq) = how {
            // The class may name more than a tuple has.
            return Ok(seq.get::<A>(i).filter(|&value| !self.omits(value)).map(Owned::hold));
        }
        match attribute_named(&mut self.world, obj, name) {
            Ok(value) if self.omits(value.obj()) || is_unset(value.obj()) => {
                self.world.release(value);
                Ok(None)
            }
            Ok(value) => Ok(Some(value)),
            Err(Some(raised)) if matches!(how, How::Present) && raised.is_missing_attribute() => {
                forget(&mut self.world, Some(raised));
                Ok(None)
            }
            Err(raised) => Err(Failure::read(obj.type_name(), raised)),
        }
    }
}

/// Whether it is `msgspec.UNSET`.
#[inline(always)]
fn is_unset(value: Obj<'_>) -> bool {
    matches!(value.look(), Value::Other) && value.is_called(c"msgspec.UnsetType")
}
