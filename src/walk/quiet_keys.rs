//! Dicts under OPT_NON_STR_KEYS in which nothing runs Python code and no key can be refused: members are told one by one,
//! and none is held. In all others every key is made before the first value is told.

use super::date::Moments;
use super::failure::{Step, Told};
use super::{Walk, keys};
use crate::cpython::{Access, Dict, Int, Obj, Str, Value};
use crate::options::flag;
use crate::sink::Sink;
use crate::text::Text;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Members whose keys may be of other types. Apart, so that other dicts are told without its registers.
    #[inline(never)]
    pub(super) fn members_of_any_keys(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        if self.has_quiet_members(dict) {
            self.quiet_members(pen, dict)
        } else {
            self.gathered_members(pen, dict)
        }
    }

    /// Whether nothing in `dict` runs Python code, and no key of it can be refused.
    #[inline(always)]
    fn has_quiet_members(&self, dict: Dict<'_>) -> bool {
        const OTHERS: u32 = flag::SORT_KEYS | flag::OMIT_NONE | flag::BIG_INTEGER;
        if S::STREAMS || self.encoders.is_some() || self.options.has(OTHERS) {
            return false;
        }
        if let Some(mut entries) = dict.entries::<A>() {
            while let Some((key, value)) = entries.next() {
                if key.ascii::<A>().is_none() || !value.is_flat::<A>() {
                    return false;
                }
            }
            return true;
        }
        let mut cursor = dict.cursor::<A>();
        while let Some((key, value)) = cursor.next() {
            if !value.is_flat::<A>() || !self.is_quiet_key(key) {
                return false;
            }
        }
        true
    }

    #[inline(never)]
    fn quiet_members(&mut self, mut pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        if dict.entries::<A>().is_some() {
            return self.all_members(pen, dict);
        }
        let mut cursor = dict.cursor::<A>();
        while let Some((key, value)) = cursor.next() {
            pen = match key.look() {
                Value::Str(_) => self.member_key(pen, key)?,
                _ => self.made_key(pen, key),
            };
            pen = match self.value(pen, value) {
                Ok(pen) => pen,
                Err(failure) => return Err(failure.at(self.quiet_step(key))),
            };
        }
        Ok(pen)
    }

    /// Whether the key has a text, which nobody has to be asked for.
    #[inline(always)]
    fn is_quiet_key(&self, key: Obj<'_>) -> bool {
        match key.look() {
            Value::Str(s) => s.ascii::<A>().is_some(),
            Value::Int(v) => matches!(v.read::<A>(), Int::Small(_) | Int::Big(_)),
            Value::Float(v) => v.read::<A>().is_finite(),
            Value::Bool(_) | Value::None => true,
            Value::Other => self.moments().quiet_key::<A>(key).is_some(),
            _ => false,
        }
    }

    /// Tells a quiet key that is no str.
    #[inline(always)]
    fn made_key(&mut self, pen: S::Pen, key: Obj<'_>) -> S::Pen {
        let (moments, sink) = (self.moments(), &mut self.sink);
        let tell = |text: &[u8]| sink.passing_key(pen, Text::ascii(text)).expect("ASCII has no surrogates");
        with_quiet_text::<A, _>(moments, key, tell)
    }

    #[cold]
    #[inline(never)]
    fn quiet_step(&self, key: Obj<'_>) -> Step {
        match key.as_exact_str().and_then(Str::text::<A>) {
            Some(text) => Step::key(text),
            None => with_quiet_text::<A, _>(self.moments(), key, |text| Step::key(Text::ascii(text))),
        }
    }
}

/// What `tell` makes of the text of a quiet key that is no str.
#[inline(always)]
fn with_quiet_text<A: Access, R>(moments: Moments<'_>, key: Obj<'_>, tell: impl FnOnce(&[u8]) -> R) -> R {
    match key.look() {
        Value::Other => with_stamp::<A, R>(moments, key, tell),
        look => keys::with_text::<A, _>(look, |text| tell(text.as_bytes())).expect("a quiet key has a text"),
    }
}

#[inline(never)]
fn with_stamp<A: Access, R>(moments: Moments<'_>, key: Obj<'_>, tell: impl FnOnce(&[u8]) -> R) -> R {
    let stamp = moments.quiet_key::<A>(key);
    stamp.expect("a quiet key of another type is a date, a time or a UUID").with_characters(tell)
}
