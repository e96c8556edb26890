//! Dicts whose keys must be seen before the first value is told: to sort them, or to make text of them.

use super::failure::{Failure, Fault, Step, Told};
use super::{Walk, surrogate};
use crate::cpython::{Access, Dict, Form, Int, IntObj, Name, Obj, Owned, Rare, Special, Str, Value};
use crate::options::flag;
use crate::sink::Sink;
use crate::text::Text;

/// The text of a key.
enum Key {
    /// A str.
    Str(Owned),
    /// Made from a key of another type; ASCII.
    Made(String),
}

struct Member {
    /// Its place in the dict.
    index: usize,
    key: Key,
    value: Owned,
}

impl Key {
    fn text<A: Access>(&self) -> Text<'_> {
        match self {
            Self::Made(s) => Text::ascii(s.as_bytes()),
            // A str whose text could not be had has not become a key.
            Self::Str(s) => s.obj().any_str().and_then(Str::text::<A>).unwrap_or(Text::EMPTY),
        }
    }
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    #[inline(never)]
    pub(super) fn gathered_members(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        let mut members = Vec::new();
        if members.try_reserve_exact(dict.len::<A>()).is_err() {
            return Err(Failure::memory());
        }
        let gathered = self.gather(dict, &mut members);
        if self.options.has(flag::SORT_KEYS) && gathered.is_ok() {
            // Unstable, because a stable sort asks for memory and ends the process if there is none.
            members.sort_unstable_by(|a, b| {
                a.key.text::<A>().cmp_points(b.key.text::<A>()).then(a.index.cmp(&b.index))
            });
        }
        let told = gathered.and_then(|()| members.iter().try_fold(pen, |pen, m| self.member(pen, m)));
        for member in members {
            if let Key::Str(key) = member.key {
                self.world.release(key);
            }
            self.world.release(member.value);
        }
        told
    }

    fn gather(&mut self, dict: Dict<'_>, members: &mut Vec<Member>) -> Told<()> {
        let mut cursor = dict.cursor::<A>();
        let mut epoch = self.world.epoch();
        while let Some((key, value)) = cursor.next() {
            if self.omits(value) {
                continue;
            }
            let value = Owned::hold(value);
            match self.make_key(key) {
                Ok(key) if members.try_reserve(1).is_ok() => {
                    members.push(Member { index: members.len(), key, value });
                }
                made => {
                    self.world.release(value);
                    return Err(made.err().unwrap_or_else(Failure::memory));
                }
            }
            if self.world.epoch() != epoch {
                epoch = self.world.epoch();
                cursor.refresh::<A>();
            }
        }
        Ok(())
    }

    fn member(&mut self, pen: S::Pen, member: &Member) -> Told<S::Pen> {
        let t = member.key.text::<A>();
        let pen = match &member.key {
            Key::Str(s) if matches!(s.obj().look(), Value::Str(_)) => {
                let pen = self.sink.key(pen, t).map_err(surrogate)?;
                self.keep(s.obj(), t)?;
                pen
            }
            Key::Str(_) | Key::Made(_) => self.sink.passing_key(pen, t).map_err(surrogate)?,
        };
        let told = self.value(pen, member.value.obj());
        self.hand_on(told.map_err(|failure| failure.at(Step::key(member.key.text::<A>())))?)
    }

    fn make_key(&mut self, key: Obj<'_>) -> Told<Key> {
        if self.encoders.is_none() {
            return self.plain_key(key);
        }
        let key = self.encoded_key(key)?;
        let made = self.plain_key(key.obj());
        self.world.release(key);
        made
    }

    fn plain_key(&mut self, key: Obj<'_>) -> Told<Key> {
        let look = key.look();
        if let Value::Str(s) = look {
            return match s.text::<A>() {
                None => Err(Failure::memory()),
                Some(t) if t.surrogate().is_some() => Err(Failure::new(Fault::Surrogate)),
                Some(_) => Ok(Key::Str(Owned::hold(key))),
            };
        }
        if !self.options.has(flag::NON_STR_KEYS) {
            return Err(Failure::new(Fault::KeyNotStr(key.type_name())));
        }
        if let Some(text) = with_text::<A, _>(look, str::to_owned) {
            return Ok(Key::Made(text));
        }
        match look {
            Value::Int(v) => self.huge_key(v),
            Value::Float(_) if self.options.has(flag::NAN_ERROR) => Err(Failure::new(Fault::NotFinite)),
            Value::Float(_) => Ok(Key::Made(String::from("null"))),
            _ => self.rare_key(key),
        }
    }

    fn int_key(&mut self, v: IntObj<'_>) -> Told<Key> {
        match with_text::<A, _>(Value::Int(v), str::to_owned) {
            Some(text) => Ok(Key::Made(text)),
            None => self.huge_key(v),
        }
    }

    fn huge_key(&mut self, v: IntObj<'_>) -> Told<Key> {
        if self.options.has(flag::BIG_INTEGER) {
            Ok(Key::Made(self.digits(v.obj())?))
        } else {
            Err(Failure::new(Fault::KeyInteger))
        }
    }

    fn rare_key(&mut self, key: Obj<'_>) -> Told<Key> {
        match key.rare(true) {
            Rare::Str(s) => match s.text::<A>() {
                None => Err(Failure::memory()),
                Some(t) if t.surrogate().is_some() => Err(Failure::new(Fault::Surrogate)),
                Some(_) => Ok(Key::Str(Owned::hold(key))),
            },
            Rare::Int(v) => self.int_key(v),
            Rare::Unknown => {
                let held = Owned::hold(key);
                let key = self.special_key(held.obj());
                self.world.release(held);
                key
            }
            Rare::List(_) | Rare::Dict(_) => Err(Failure::new(Fault::KeyType(key.type_name()))),
        }
    }

    /// The key must be held. What PASSTHROUGH_DATETIME says does not count for keys.
    fn special_key(&mut self, key: Obj<'_>) -> Told<Key> {
        let (special, form) = match (key.special(), self.world.form(key)) {
            (Special::Other, Form::New) => self.world.examine(key),
            known => known,
        };
        let stamp = match special {
            Special::DateTime(d) => self.datetime(d)?,
            Special::Date(d) => Self::date(d),
            Special::Time(t) => self.time(t)?,
            Special::Uuid(u) => self.uuid(u)?,
            Special::Other if matches!(form, Form::Enum(_)) => return self.enum_key(key),
            Special::Fragment(_) | Special::Other => {
                return Err(Failure::new(Fault::KeyType(key.type_name())));
            }
        };
        Ok(Key::Made(stamp.characters()))
    }

    fn enum_key(&mut self, key: Obj<'_>) -> Told<Key> {
        self.check_members()?;
        let value = self.attribute(key, Name::Value.obj())?;
        self.members += 1;
        let key = self.make_key(value.obj());
        self.members -= 1;
        self.world.release(value);
        key
    }
}

/// What `tell` makes of the text of a key that is an int of 64 bits, a finite float, a bool or None; `None` of another one.
#[inline(always)]
pub(super) fn with_text<A: Access, R>(key: Value<'_>, tell: impl FnOnce(&str) -> R) -> Option<R> {
    Some(match key {
        Value::Int(v) => match v.read::<A>() {
            Int::Small(v) => tell(itoa::Buffer::new().format(v)),
            Int::Big(v) => tell(itoa::Buffer::new().format(v)),
            Int::Huge => return None,
        },
        Value::Float(v) => {
            let v = v.read::<A>();
            if !v.is_finite() {
                return None;
            }
            tell(zmij::Buffer::new().format_finite(v))
        }
        Value::Bool(v) => tell(if v { "true" } else { "false" }),
        Value::None => tell("null"),
        _ => return None,
    })
}
