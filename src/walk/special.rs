//! Objects of the standard library's classes: which they are, and what becomes of them.

use core::cell::Cell;
use std::rc::Rc;

use super::Walk;
use super::failure::{Failure, Fault, Step, Told};
use super::held::{Held, Shared, Slots};
use crate::cpython::{
    Access, Compared, Contents, Fields, Form, FragmentObj, Obj, Owned, Raised, Rare, Seq, Special, attribute,
};
use crate::options::{self, flag};
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
            form => {
                let told = self.formed(pen, obj, &form);
                self.let_go(form);
                told
            }
        }
    }

    /// Lets go of what was known of a class.
    #[inline(always)]
    fn let_go(&mut self, form: Form) {
        if let Form::Attributes(fields) | Form::Slots(fields) = form {
            self.let_go_of_fields(fields);
        }
    }

    /// A plan may look at the name of a field that only this still holds.
    #[inline(always)]
    pub(super) fn let_go_of_fields(&mut self, fields: Rc<Fields>) {
        if Rc::strong_count(&fields) == 1 {
            self.world.before_python();
        }
        drop(fields);
    }

    /// Tells the elements from `i` on, of which the first is of none of JSON's types, as long as they are of one class;
    /// how many they are.
    #[inline(never)]
    pub(super) fn others(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        i: usize,
        end: usize,
    ) -> Told<(S::Pen, usize)> {
        let Some(first) = seq.get::<A>(i) else { return Ok((pen, 1)) };
        if self.options.has(flag::PLAIN) || self.encoders.is_some() {
            return self.lone(pen, first, i);
        }
        let special = first.special();
        let rare = first.rare(!self.options.has(flag::PASSTHROUGH_SUBCLASS));
        // What is not told at once to a stream may be large.
        if !S::STREAMS && (matches!(special, Special::Fragment(_)) || !matches!(rare, Rare::Unknown)) {
            return self.derived(pen, seq, i, end, rare);
        }
        if self.passes_date(special) {
            return self.hooked(pen, seq, (i, end));
        }
        if !matches!(special, Special::Other) {
            return match self.stamps(pen, seq, i, end, special)? {
                (pen, 0) => self.lone(pen, first, i),
                told => Ok(told),
            };
        }
        if S::STREAMS || self.options.has(flag::PASSTHROUGH_DATACLASS) {
            return self.lone(pen, first, i);
        }
        let form = self.world.form(first);
        let range = (i, end);
        let told = match &form {
            Form::Attributes(fields) => {
                self.of_one_class(pen, seq, range, fields, Shared(&Cell::new(Compared::NOTHING)))
            }
            Form::Slots(fields) => self.of_one_class(pen, seq, range, fields, Slots { records: false }),
            Form::Enum(true) if S::PASSES && self.are_many(seq, i, end) => self.pass_members(pen, seq, range),
            Form::Enum(plain) => {
                self.alike(pen, seq, i, end, |walk, pen, obj| walk.enumeration(pen, obj, *plain))
            }
            Form::New | Form::None if self.may_be_record() => {
                let Some(fields) = self.world.record_slots(first) else {
                    return self.of_one_kind(pen, seq, range);
                };
                let told = self.of_one_class(pen, seq, range, &fields, Slots { records: true });
                self.let_go_of_fields(fields);
                return told;
            }
            Form::None if !self.options.has(flag::KINDS) => return self.hooked(pen, seq, range),
            Form::None => return self.of_one_kind(pen, seq, range),
            _ => return self.lone(pen, first, i),
        };
        self.let_go(form);
        told
    }

    /// Instances of one class from the first on: planned and then told if that pays, else told one after the other.
    #[inline(always)]
    fn of_one_class<H: Held>(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        range: (usize, usize),
        fields: &Fields,
        held: H,
    ) -> Told<(S::Pen, usize)> {
        match self.pass_instances(pen, seq, range, fields, held)? {
            (pen, 0) => self.instances::<_, false>(pen, seq, range, fields, held),
            told => Ok(told),
        }
    }

    pub(super) fn lone(&mut self, pen: S::Pen, obj: Obj<'_>, i: usize) -> Told<(S::Pen, usize)> {
        match self.rare(pen, obj) {
            Ok(pen) => Ok((pen, 1)),
            Err(failure) => Err(failure.at(Step::Index(i))),
        }
    }

    /// Tells the elements from `i` on with `tell`, as long as they are of the class of the first, and no Python code
    /// has run, which may have changed it.
    #[inline(always)]
    pub(super) fn alike(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        i: usize,
        end: usize,
        tell: impl Fn(&mut Self, S::Pen, Obj<'_>) -> Told<S::Pen>,
    ) -> Told<(S::Pen, usize)> {
        let (epoch, mut at) = (self.world.epoch(), i);
        let Some(first) = seq.get::<A>(i) else { return Ok((pen, 1)) };
        while at < end
            && self.world.epoch() == epoch
            && let Some(obj) = seq.get::<A>(at)
            && obj.is_same_type(first)
        {
            pen = match tell(self, pen, obj) {
                Ok(pen) => pen,
                Err(failure) => return Err(failure.at(Step::Index(at))),
            };
            at += 1;
        }
        Ok((pen, at - i))
    }

    /// An object of a class that has not been met as one that has a form.
    #[inline(never)]
    fn unknown(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        let held = Owned::hold(obj);
        let told = match self.world.examine(held.obj()) {
            (Special::Other, form) => {
                let told = self.formed(pen, held.obj(), &form);
                self.let_go(form);
                told
            }
            (special, _) => self.known(pen, held.obj(), special),
        };
        self.world.release(held);
        told
    }

    /// Apart, because what is written here needs a large frame, which no walk inside should stand on.
    #[inline(never)]
    fn known(&mut self, pen: S::Pen, obj: Obj<'_>, special: Special<'_>) -> Told<S::Pen> {
        // Each is told where its kind is certain: a stamp that may be of any kind would be made in memory first.
        match special {
            special if self.passes_date(special) => self.hook(pen, obj),
            Special::DateTime(d) => {
                let stamp = self.datetime(d)?;
                Ok(self.sink.stamp(pen, &stamp))
            }
            Special::Date(d) => Ok(self.sink.stamp(pen, &Self::date(d))),
            Special::Time(t) => {
                let stamp = self.time(t)?;
                Ok(self.sink.stamp(pen, &stamp))
            }
            Special::Uuid(u) => {
                let stamp = self.uuid(u)?;
                Ok(self.sink.stamp(pen, &stamp))
            }
            Special::Fragment(f) => self.fragment(pen, f),
            Special::Other => self.hook(pen, obj),
        }
    }

    #[inline(always)]
    fn formed(&mut self, pen: S::Pen, obj: Obj<'_>, form: &Form) -> Told<S::Pen> {
        match form {
            Form::Enum(plain) => self.enumeration(pen, obj, *plain),
            Form::New | Form::None => self.by_kind(pen, obj),
            _ if self.options.has(flag::PASSTHROUGH_DATACLASS) => self.hook(pen, obj),
            Form::Attributes(fields) => self.instance(pen, obj, fields, &Cell::new(Compared::NOTHING)),
            Form::Slots(fields) => self.slots(pen, obj, fields),
            Form::Dataclass => self.dataclass(pen, obj),
        }
    }

    #[inline(always)]
    pub(super) fn fragment(&mut self, pen: S::Pen, fragment: FragmentObj<'_>) -> Told<S::Pen> {
        match fragment.contents() {
            Contents::Bytes(bytes) => {
                if self.options.result() == options::Form::Str && core::str::from_utf8(bytes).is_err() {
                    return Err(Failure::new(Fault::FragmentNotText));
                }
                Ok(self.sink.raw(pen, bytes))
            }
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
