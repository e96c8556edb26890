//! Instances of dataclasses.
//!
//! As orjson has it: what is in an instance's `__dict__` is written, whether it is a field or not; an instance
//! without one, or of a class with `__slots__`, is asked for its fields. Names that begin with an underscore are left
//! out, and keys are neither sorted nor converted.

use core::cell::Cell;
use core::ops::ControlFlow::{self, Break, Continue};

use super::failure::{Failure, Step, Told};
use super::special::unsupported;
use super::{Walk, scalar};
use crate::cpython::{
    Access, Compared, Cursor, Dict, Field, Fields, Instance, Name, Obj, Owned, Rare, Split, Value, attribute,
    is_private, ordinary_dict,
};
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

    /// An instance whose `__dict__` is the ordinary one, which need not exist, of a class with `fields`. `compared` is
    /// the same for instances between which no Python code runs.
    #[inline(never)]
    pub(super) fn instance(
        &mut self,
        pen: S::Pen,
        obj: Obj<'_>,
        fields: &Fields,
        compared: &Cell<Compared>,
    ) -> Told<S::Pen> {
        self.check_depth()?;
        // A dict that somebody has asked the instance for shares its names as the instance did.
        let (owner, split) = match obj.instance::<A>() {
            Instance::Split(split) => (obj, split),
            Instance::Dict(dict) => match dict.split::<A>() {
                Some(split) => (dict.obj(), split),
                None => return self.attributes(pen, dict),
            },
            Instance::Unknown => return self.dataclass(pen, obj),
        };
        match split.values_of(fields, compared) {
            Some(values) if split.len() > 0 => self.values(pen, owner, fields, values),
            _ => self.split(pen, owner, split, Some(fields)),
        }
    }

    /// The attributes of `owner`, an instance or its dict, in values whose names are shared. Most of them are those of
    /// `fields`, if there are any.
    #[inline(never)]
    fn split(&mut self, pen: S::Pen, owner: Obj<'_>, split: Split, fields: Option<&Fields>) -> Told<S::Pen> {
        if split.len() == 0 {
            return Ok(self.sink.empty_object(pen));
        }
        self.world.open_instance(owner);
        let pen = self.sink.open_object(pen, split.len());
        let pen = self.told_split(Ok(pen), owner, fields, 0, split.len())?;
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    /// The attributes from `i` on, of at most `end`; `told` is what came of the one before. What is read was not read
    /// before Python code ran.
    #[inline(never)]
    pub(super) fn told_split(
        &mut self,
        mut told: Told<S::Pen>,
        owner: Obj<'_>,
        fields: Option<&Fields>,
        mut i: usize,
        end: usize,
    ) -> Told<S::Pen> {
        let mut next = i;
        loop {
            let epoch = self.world.epoch();
            let Some(split) = split_now::<A>(owner) else { return self.rest(owner, told, i, end) };
            let mut pen = match told {
                Ok(pen) => pen,
                Err(failure) => {
                    let name = i.checked_sub(1).and_then(|i| split.get(i)).map(|(name, _)| name);
                    return Err(failure.at(name.map_or(Step::Key(None), |name| name_step::<A>(name))));
                }
            };
            loop {
                let Some((name, value)) = split.get(i).filter(|_| i < end) else { return Ok(pen) };
                i += 1;
                let field = fields.and_then(|fields| fields.find(name, &mut next));
                if field.map_or_else(|| is_private::<A>(name), Field::is_private) || self.omits(value) {
                    continue;
                }
                told = match field {
                    Some(field) => match self.field_member(pen, field, value)? {
                        Break(pen) => Ok(pen),
                        Continue(told) => told,
                    },
                    None => {
                        pen = self.member_key(pen, name)?;
                        self.any_value(pen, value)
                    }
                };
                pen = match told {
                    Ok(told) if self.world.epoch() == epoch => told,
                    _ => break,
                };
            }
        }
    }

    /// A field with its value. In `Break` if no Python code can have run.
    #[inline(always)]
    pub(super) fn field_member(
        &mut self,
        pen: S::Pen,
        field: &Field,
        value: Obj<'_>,
    ) -> Told<ControlFlow<S::Pen, Told<S::Pen>>> {
        let known = match field.fragment() {
            _ if A::ENCODES || !S::KNOWS => None,
            Some(fragment) if !S::KEEPS => Some((0, fragment)),
            // A sink that keeps wants a number, which the table of known keys has.
            _ => field.name().as_exact_str().and_then(|name| self.world.find_key::<A>(name)),
        };
        let Some(known) = known else {
            let pen = self.member_key(pen, field.name())?;
            return Ok(Continue(self.any_value(pen, value)));
        };
        Ok(match scalar::member::<S, A, false>(&mut self.sink, pen, self.options, known, value) {
            Break(told) => Break(told),
            Continue(told) => Continue(self.container(told, value)),
        })
    }

    /// Python code has run while attribute `i - 1` was told, and the others are elsewhere now: goes on as with any
    /// other dict.
    #[inline(never)]
    fn rest(&mut self, owner: Obj<'_>, told: Told<S::Pen>, i: usize, end: usize) -> Told<S::Pen> {
        let dict = match as_dict(owner) {
            Some(_) => Owned::hold(owner),
            None => match ordinary_dict(&mut self.world, owner) {
                Some(dict) => dict,
                None => return told.and(Err(Failure::memory())),
            },
        };
        let told = match as_dict(dict.obj()) {
            Some(dict) => {
                let mut cursor = dict.cursor_at(i, end);
                match told {
                    Ok(pen) => self.told_attributes(pen, &mut cursor),
                    Err(failure) => Err(failure.at(self.step(&mut cursor))),
                }
            }
            None => told,
        };
        self.world.release(dict);
        told
    }

    /// An instance without a `__dict__`, whose fields are slots.
    #[inline(never)]
    pub(super) fn slots(&mut self, pen: S::Pen, obj: Obj<'_>, fields: &Fields) -> Told<S::Pen> {
        self.check_depth()?;
        self.world.open_instance(obj);
        let pen = self.sink.open_object(pen, fields.all().len());
        self.more_slots(pen, obj, fields, (0, self.world.epoch()))
    }

    /// The fields from `begin` on, and the end of the instance, whose class was as it is known at that epoch.
    #[inline(always)]
    pub(super) fn more_slots(
        &mut self,
        mut pen: S::Pen,
        obj: Obj<'_>,
        fields: &Fields,
        (begin, epoch): (usize, usize),
    ) -> Told<S::Pen> {
        for field in &fields.all()[begin..] {
            let sure = self.world.epoch() == epoch || fields.fit(obj);
            let told = match field.value(obj) {
                Some(value) if sure => {
                    if self.omits(value) {
                        continue;
                    }
                    match self.field_member(pen, field, value) {
                        Ok(Break(told)) => {
                            pen = told;
                            continue;
                        }
                        Ok(Continue(told)) => told,
                        Err(failure) => Err(failure),
                    }
                }
                _ => self.asked(pen, obj, field.name()),
            };
            pen = match told {
                Ok(pen) => pen,
                Err(failure) => return Err(failure.at(name_step::<A>(field.name()))),
            };
        }
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    /// The member that `obj` says when it is asked for the attribute `name`.
    fn asked(&mut self, pen: S::Pen, obj: Obj<'_>, name: Obj<'_>) -> Told<S::Pen> {
        let value = self.attribute(obj, name)?;
        let told = if self.omits(value.obj()) {
            Ok(pen)
        } else {
            self.member_key(pen, name).and_then(|pen| self.value(pen, value.obj()))
        };
        self.world.release(value);
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
        if let Some(split) = dict.split::<A>() {
            return self.split(pen, dict.obj(), split, None);
        }
        let Some(dict) = self.world.open_dict(dict) else { return Err(Failure::memory()) };
        let pen = self.sink.open_object(pen, dict.len::<A>());
        let pen = self.told_attributes(pen, &mut dict.cursor::<A>())?;
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    fn told_attributes(&mut self, mut pen: S::Pen, cursor: &mut Cursor<'_>) -> Told<S::Pen> {
        let mut epoch = self.world.epoch();
        while let Some((key, value)) = cursor.next() {
            if is_private::<A>(key) || self.omits(value) {
                continue;
            }
            pen = self.member_key(pen, key)?;
            pen = match self.value(pen, value) {
                Ok(pen) => pen,
                Err(failure) => return Err(failure.at(self.step(cursor))),
            };
            if self.world.epoch() != epoch {
                epoch = self.world.epoch();
                cursor.refresh::<A>();
            }
        }
        Ok(pen)
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
        let Some(fields) = self.world.open_dict(fields) else { return Err(Failure::memory()) };
        let mut cursor = fields.cursor::<A>();
        while let Some((name, field)) = cursor.next() {
            let name = Owned::hold(name);
            let kind = self.attribute(field, Name::FieldType.obj());
            let counts = kind.map(|kind| {
                let counts = kind.obj().is_field_mark();
                self.world.release(kind);
                counts && !is_private::<A>(name.obj())
            });
            match counts {
                Ok(true) if names.try_reserve(1).is_ok() => names.push(name),
                Ok(false) => self.world.release(name),
                Ok(true) | Err(_) => {
                    self.world.release(name);
                    return Err(counts.err().unwrap_or_else(Failure::memory));
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
            pen = match self.asked(pen, obj, name.obj()) {
                Ok(pen) => pen,
                Err(failure) => return Err(failure.at(name_step::<A>(name.obj()))),
            };
        }
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }
}

/// The attributes of an instance, or its dict, if they are still in values whose names are shared.
fn split_now<A: Access>(owner: Obj<'_>) -> Option<Split> {
    match (as_dict(owner), owner.instance::<A>()) {
        (Some(dict), _) => dict.split::<A>(),
        (None, Instance::Split(split)) => Some(split),
        (None, _) => None,
    }
}

/// The object as a dict, if it is one, or of a subclass.
fn as_dict(o: Obj<'_>) -> Option<Dict<'_>> {
    match (o.look(), o.rare(true)) {
        (Value::Dict(d), _) | (_, Rare::Dict(d)) => Some(d),
        _ => None,
    }
}

/// The step to the attribute `name`.
#[cold]
pub(super) fn name_step<A: Access>(name: Obj<'_>) -> Step {
    match name.look() {
        Value::Str(s) => s.text::<A>().map_or(Step::Key(None), Step::key),
        _ => Step::Key(None),
    }
}
