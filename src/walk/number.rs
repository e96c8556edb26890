//! Numbers beyond a machine's: integers of any size, decimals.

use super::Walk;
use super::failure::{Failure, Fault, Told};
use crate::cpython::{Access, Asked, Obj, Owned, attribute_called, call_one, hex_of, loaded, str_of};
use crate::digits;
use crate::options::flag;
use crate::sink::Sink;
use crate::text::Text;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// The decimal digits of an int beyond 64 bits.
    pub(super) fn digits(&mut self, obj: Obj<'_>) -> Result<String, Box<Failure>> {
        let hex = hex_of(&mut self.world, obj).map_err(|raised| Failure::read(obj.type_name(), raised))?;
        let digits = hex.obj().as_str().and_then(|hex| digits::decimal(&hex.to_lossy()));
        self.world.release(hex);
        digits.ok_or_else(|| Failure::new(Fault::Memory))
    }

    /// An int beyond 64 bits.
    pub(super) fn huge(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        let strict = self.options.has(flag::STRICT_INTEGER);
        if strict || !self.options.has(flag::BIG_INTEGER) {
            let known = strict && self.options.has(flag::BIG_INTEGER);
            return Err(Failure::new(if known { Fault::Integer53 } else { Fault::Integer64 }));
        }
        let digits = self.digits(obj)?;
        Ok(self.sink.raw(pen, digits.as_bytes()))
    }

    /// A `decimal.Decimal`. Its text is JSON already, but for NaN and the infinities; a context may write `e` for `E`.
    pub(super) fn decimal(&mut self, pen: S::Pen, obj: Obj<'_>, exact: bool) -> Told<S::Pen> {
        let text = if exact { str_of(&mut self.world, obj) } else { self.plain_decimal(obj) };
        let text = text.map_err(|raised| Failure::read(obj.type_name(), raised))?;
        let number = text.obj().as_str().map(Text::to_lossy).unwrap_or_default().replace('e', "E");
        self.world.release(text);
        if digits::is_number(&number) {
            return Ok(self.sink.raw(pen, number.as_bytes()));
        }
        let word = number.trim_start_matches('-').trim_start_matches('s');
        if word.starts_with("NaN") || word.starts_with("Infinity") {
            return self.float(pen, f64::NAN);
        }
        Err(Failure::read(obj.type_name(), None))
    }

    /// What `Decimal` itself says of an instance of a subclass.
    fn plain_decimal(&mut self, obj: Obj<'_>) -> Asked {
        let Some(class) = loaded(&mut self.world, c"decimal", c"Decimal") else { return Err(None) };
        let show = attribute_called(&mut self.world, class.obj(), c"__str__");
        self.world.release(class);
        let show = show?;
        let held = Owned::hold(obj);
        let text = call_one(&mut self.world, show.obj(), &held);
        self.world.release(held);
        self.world.release(show);
        text
    }
}
