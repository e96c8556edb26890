//! What OPT_SERIALIZE_MORE adds: iterables, mappings, bytes, paths, addresses, lengths of time.

use super::Walk;
use super::failure::{Failure, Fault, Told};
use crate::cpython::{
    Access, Asked, Int, Obj, Public, attribute_called, bytes_of, dict_of, list_of, path_of, str_of,
};
use crate::sink::Sink;
use crate::text::Text;
use crate::{base64, span};

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Walks what was made of `obj` in its place, and lets go of it.
    pub(super) fn instead(&mut self, pen: S::Pen, obj: Obj<'_>, made: Asked) -> Told<S::Pen> {
        let made = made.map_err(|raised| Failure::read(obj.type_name(), raised))?;
        let told = self.value(pen, made.obj());
        self.world.release(made);
        told
    }

    /// An iterable is read to its end before the first of its elements is written.
    pub(super) fn iterable(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        self.check_depth()?;
        let list = list_of(&mut self.world, obj);
        self.instead(pen, obj, list)
    }

    pub(super) fn mapping(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        self.check_depth()?;
        let dict = dict_of(&mut self.world, obj);
        self.instead(pen, obj, dict)
    }

    pub(super) fn fs_path(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        let path = path_of(&mut self.world, obj);
        self.instead(pen, obj, path)
    }

    pub(super) fn shown(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        let text = str_of(&mut self.world, obj);
        self.instead(pen, obj, text)
    }

    pub(super) fn bytes(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        if let Some(bytes) = obj.as_bytes() {
            return self.base64(pen, bytes);
        }
        let copy = bytes_of(&mut self.world, obj).map_err(|raised| Failure::read(obj.type_name(), raised))?;
        let told = match copy.obj().as_bytes() {
            Some(bytes) => self.base64(pen, bytes),
            None => Err(Failure::read(obj.type_name(), None)),
        };
        self.world.release(copy);
        told
    }

    fn base64(&mut self, pen: S::Pen, bytes: &[u8]) -> Told<S::Pen> {
        let Some(text) = base64::encode(bytes) else { return Err(Failure::new(Fault::Memory)) };
        self.made_text(pen, &text)
    }

    /// A str of ASCII that was made for this.
    fn made_text(&mut self, pen: S::Pen, text: &str) -> Told<S::Pen> {
        self.sink.passing_text(pen, Text::ascii(text.as_bytes())).map_err(super::surrogate)
    }

    pub(super) fn span(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        let days = self.int_attribute(obj, c"days")?;
        let seconds = self.int_attribute(obj, c"seconds")?;
        let microseconds = self.int_attribute(obj, c"microseconds")?;
        self.made_text(pen, &span::iso(days, seconds, microseconds))
    }

    fn int_attribute(&mut self, obj: Obj<'_>, name: &core::ffi::CStr) -> Result<i64, Box<Failure>> {
        let failure = |raised| Failure::read(obj.type_name(), raised);
        let found = attribute_called(&mut self.world, obj, name).map_err(failure)?;
        let value = match found.obj().int::<Public>() {
            Some(Int::Small(v)) => Some(v),
            _ => None,
        };
        self.world.release(found);
        value.ok_or_else(|| failure(None))
    }
}
