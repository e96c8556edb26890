//! Objects of the standard library's classes: which they are, and what becomes of them.

use std::rc::Rc;

use super::Walk;
use super::failure::{Failure, Fault, Told};
use crate::cpython::{Access, Contents, Form, FragmentObj, Name, Obj, Owned, Raised, Special, attribute};
use crate::options::flag;
use crate::sink::Sink;
use crate::text::Text;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// An object that is of no subclass of a basic type.
    pub(super) fn special(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        match obj.special() {
            Special::Other => {}
            special => return self.known(pen, obj, special),
        }
        match self.world.form(obj) {
            Form::New => self.unknown(pen, obj),
            form => self.formed(pen, obj, &form),
        }
    }

    /// An object of a class that has not been met as one that has a form.
    #[inline(never)]
    fn unknown(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        let held = Owned::hold(obj);
        let told = match self.world.examine(held.obj()) {
            (Special::Other, form) => self.formed(pen, held.obj(), &form),
            (special, _) => self.known(pen, held.obj(), special),
        };
        self.world.release(held);
        told
    }

    /// Apart, because what is written here needs a large frame, which no walk inside should stand on.
    #[inline(never)]
    fn known(&mut self, pen: S::Pen, obj: Obj<'_>, special: Special<'_>) -> Told<S::Pen> {
        let stamp = match special {
            Special::DateTime(_) | Special::Date(_) | Special::Time(_)
                if self.options.has(flag::PASSTHROUGH_DATETIME) =>
            {
                return self.hook(pen, obj);
            }
            Special::DateTime(d) => self.datetime(d)?,
            Special::Date(d) => Self::date(d),
            Special::Time(t) => self.time(t)?,
            Special::Uuid(u) => self.uuid(u)?,
            Special::Fragment(f) => return self.fragment(pen, f),
            Special::Other => return self.hook(pen, obj),
        };
        Ok(self.sink.stamp(pen, &stamp))
    }

    #[inline(always)]
    fn formed(&mut self, pen: S::Pen, obj: Obj<'_>, form: &Form) -> Told<S::Pen> {
        match form {
            Form::Enum(plain) => self.enumeration(pen, obj, *plain),
            Form::New | Form::None => self.by_kind(pen, obj),
            _ if self.options.has(flag::PASSTHROUGH_DATACLASS) => self.hook(pen, obj),
            Form::Attributes => self.instance(pen, obj),
            Form::Slots(fields) => {
                let told = self.slots(pen, obj, fields);
                if Rc::strong_count(fields) == 1 {
                    // A plan may look at a name that only this form still holds.
                    self.world.before_python();
                }
                told
            }
            Form::Dataclass => self.dataclass(pen, obj),
        }
    }

    #[inline(never)]
    fn fragment(&mut self, pen: S::Pen, fragment: FragmentObj<'_>) -> Told<S::Pen> {
        match fragment.contents() {
            Contents::Bytes(bytes) => Ok(self.sink.raw(pen, bytes)),
            Contents::Str(s) => match (s.ascii::<A>(), s.text::<A>()) {
                (Some(t), _) => Ok(self.sink.raw(pen, t.as_bytes())),
                (None, Some(t)) => Ok(self.sink.raw(pen, &utf8(t)?)),
                (None, None) => Err(Failure::memory()),
            },
            Contents::Other => Err(Failure::new(Fault::Fragment)),
        }
    }

    /// The attribute `name` of `obj`, or of its class.
    pub(super) fn attribute(&mut self, obj: Obj<'_>, name: Obj<'_>) -> Result<Owned, Box<Failure>> {
        let class = Owned::hold(obj);
        let value = self.outside(|world| attribute(world, class.obj(), name));
        let value = match value {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(raised)) => Err(unsupported(class.obj(), raised)),
            Err(failure) => Err(failure),
        };
        self.world.release(class);
        value
    }

    /// `plain` says that `value` is what `_value_` is.
    #[inline(never)]
    fn enumeration(&mut self, pen: S::Pen, obj: Obj<'_>, plain: bool) -> Told<S::Pen> {
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
}

/// An object whose own code has raised an exception while it was looked at.
pub(super) fn unsupported(obj: Obj<'_>, raised: Option<Raised>) -> Box<Failure> {
    let mut failure = Failure::new(Fault::Unsupported(obj.type_name()));
    failure.cause = raised;
    failure
}

/// `t` in UTF-8. Rare enough to be done the plain way.
fn utf8(t: Text<'_>) -> Result<Vec<u8>, Box<Failure>> {
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(t.as_bytes().len() * 3).is_err() {
        return Err(Failure::memory());
    }
    for point in t.points() {
        let c = char::from_u32(point).ok_or_else(|| Failure::new(Fault::Surrogate))?;
        bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Ok(bytes)
}
