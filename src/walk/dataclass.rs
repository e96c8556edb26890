//! Instances of dataclasses.
//!
//! As orjson has it: what is in an instance's `__dict__` is written, whether it is a field or not; an instance
//! without one, or of a class with `__slots__`, is asked for its fields. Names that begin with an underscore are left
//! out, and keys are neither sorted nor converted.

use super::Walk;
use super::failure::{Failure, Fault, Step, Told};
use super::special::unsupported;
use crate::cpython::{Access, Dict, Name, Obj, Owned, Rare, Value, attribute};
use crate::sink::Sink;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    #[inline(never)]
    pub(super) fn dataclass(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        self.check_depth()?;
        let held = Owned::hold(obj);
        let told = self.held_dataclass(pen, held.obj());
        self.world.release(held);
        told
    }

    fn held_dataclass(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        let attributes = match self.outside(|world| attribute(world, obj, Name::Dict.obj()))? {
            Ok(attributes) => attributes,
            Err(raised) => {
                if let Some(raised) = raised {
                    self.world.release(raised.0);
                }
                return self.fields(pen, obj);
            }
        };
        self.world.before_python();
        let told = match as_dict(attributes.obj()) {
            Some(dict) if !obj.class_has(Name::Slots) => self.attributes(pen, dict),
            _ => self.fields(pen, obj),
        };
        self.world.release(attributes);
        told
    }

    /// What an instance's `__dict__` has.
    fn attributes(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        if dict.len::<A>() == 0 {
            return Ok(self.sink.empty_object(pen));
        }
        let Some(dict) = self.world.open_dict(dict) else { return Err(Failure::new(Fault::Memory)) };
        let mut pen = self.sink.open_object(pen, dict.len::<A>());
        let mut cursor = dict.cursor::<A>();
        let mut epoch = self.world.epoch();
        while let Some((key, value)) = cursor.next() {
            if self.is_private(key)? {
                continue;
            }
            pen = self.member_key(pen, key)?;
            pen = match self.value(pen, value) {
                Ok(pen) => pen,
                Err(failure) => return Err(failure.at(self.step(&mut cursor))),
            };
            if self.world.epoch() != epoch {
                epoch = self.world.epoch();
                cursor.refresh::<A>();
            }
        }
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    /// Whether a name begins with an underscore.
    #[inline(always)]
    fn is_private(&self, name: Obj<'_>) -> Told<bool> {
        let Value::Str(s) = name.look() else { return Err(Failure::new(Fault::KeyNotStr)) };
        match s.text::<A>() {
            Some(t) => Ok(t.points().next() == Some(u32::from(b'_'))),
            None => Err(Failure::new(Fault::Memory)),
        }
    }

    /// What the fields of an instance say.
    fn fields(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        let fields = self.attribute(obj, Name::Fields.obj())?;
        let mut names = Vec::new();
        let told = match as_dict(fields.obj()) {
            Some(dict) if dict.len::<A>() == 0 => Ok(self.sink.empty_object(pen)),
            Some(dict) => match self.names(dict, &mut names) {
                Ok(()) => self.named(pen, obj, &names),
                Err(failure) => Err(failure),
            },
            None => Err(unsupported(obj, None)),
        };
        for name in names {
            self.world.release(name);
        }
        self.world.release(fields);
        told
    }

    /// The names of those fields that count.
    fn names(&mut self, fields: Dict<'_>, names: &mut Vec<Owned>) -> Told<()> {
        let Some(fields) = self.world.open_dict(fields) else { return Err(Failure::new(Fault::Memory)) };
        let mut cursor = fields.cursor::<A>();
        while let Some((name, field)) = cursor.next() {
            let name = Owned::hold(name);
            let kind = self.attribute(field, Name::FieldType.obj());
            let counts = kind.and_then(|kind| {
                let counts = kind.obj().is_field_mark();
                self.world.release(kind);
                Ok(counts && !self.is_private(name.obj())?)
            });
            match counts {
                Ok(true) if names.try_reserve(1).is_ok() => names.push(name),
                Ok(false) => self.world.release(name),
                Ok(true) | Err(_) => {
                    self.world.release(name);
                    return Err(counts.err().unwrap_or_else(|| Failure::new(Fault::Memory)));
                }
            }
            cursor.refresh::<A>();
        }
        self.world.close();
        Ok(())
    }

    fn named(&mut self, pen: S::Pen, obj: Obj<'_>, names: &[Owned]) -> Told<S::Pen> {
        self.world.open_instance(obj);
        let mut pen = self.sink.open_object(pen, names.len());
        for name in names {
            let told = self.attribute(obj, name.obj()).and_then(|value| {
                let told = self.member_key(pen, name.obj()).and_then(|pen| self.value(pen, value.obj()));
                self.world.release(value);
                told
            });
            pen = match told {
                Ok(pen) => pen,
                Err(failure) => return Err(failure.at(self.name_step(name.obj()))),
            };
        }
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    #[cold]
    fn name_step(&self, name: Obj<'_>) -> Step {
        match name.look() {
            Value::Str(s) => s.text::<A>().map_or(Step::Key(None), Step::key),
            _ => Step::Key(None),
        }
    }
}

/// The object as a dict, if it is one, or of a subclass.
fn as_dict(o: Obj<'_>) -> Option<Dict<'_>> {
    match (o.look(), o.rare(true)) {
        (Value::Dict(d), _) | (_, Rare::Dict(d)) => Some(d),
        _ => None,
    }
}
