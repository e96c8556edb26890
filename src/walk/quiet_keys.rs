//! Dicts under OPT_NON_STR_KEYS: members are told as they come as long as nothing about them runs Python code or can be
//! refused. Of all behind, every key is made before the next value is told.

use super::date::{Moments, Teller};
use super::failure::{Step, Told};
use super::inert::{LEAST, Looked};
use super::{MAX_DEPTH, Walk};
use crate::cpython::{
    Access, CAN_PEEK, Cursor, Dict, Entries, Form, Int, Name, Obj, Rare, Special, Value, World,
};
use crate::options::{Options, flag};
use crate::sink::Sink;
use crate::stamp::Stamp;
use crate::text::Text;

/// As a key.
struct AsKey<'s, S>(&'s mut S);

impl<S: Sink> Teller<S::Pen> for AsKey<'_, S> {
    type Told = S::Pen;

    #[inline(always)]
    fn tell(self, pen: S::Pen, stamp: &Stamp) -> S::Pen {
        self.0.stamp_key(pen, stamp)
    }
}

/// By its characters.
struct Characters<F>(F);

impl<P, R, F: FnOnce(P, &[u8]) -> R> Teller<P> for Characters<F> {
    type Told = R;

    fn tell(self, state: P, stamp: &Stamp) -> R {
        stamp.with_characters(|text| (self.0)(state, text))
    }
}

/// What is to be known of keys about which nobody has to be asked.
#[derive(Clone, Copy)]
pub(super) struct QuietKeys<'a> {
    moments: Moments<'a>,
    world: &'a World,
    /// Whether values of members of Enums may be asked for.
    members: bool,
}

impl<'a> QuietKeys<'a> {
    /// In a walk that is in the values of so many `members` of Enums.
    #[inline(always)]
    const fn new(options: &'a Options, world: &'a World, members: usize) -> Self {
        Self { moments: Moments { options }, world, members: members < MAX_DEPTH }
    }

    /// What `tell` makes of the text of `key`, which is ASCII, and of `state`; or the state, if Python code has to be asked for
    /// the text, or if the key is refused.
    #[inline(always)]
    pub(super) fn with_text<A: Access, P, R>(
        self,
        key: Obj<'_>,
        state: P,
        tell: impl FnOnce(P, &[u8]) -> R,
    ) -> Result<R, P> {
        match key.look() {
            Value::Other => self.with_text_of_object::<A, P, R>(key, state, tell),
            look => with_text::<A, P, R>(look, state, tell),
        }
    }

    #[inline(never)]
    fn with_text_of_object<A: Access, P, R>(
        self,
        key: Obj<'_>,
        state: P,
        tell: impl FnOnce(P, &[u8]) -> R,
    ) -> Result<R, P> {
        match key.special() {
            Special::Other => {}
            special => {
                return self.moments.quiet::<A, P, _>(special, state, Characters(tell));
            }
        }
        match key.rare(true) {
            Rare::Str(s) => with_text::<A, P, R>(Value::Str(s), state, tell),
            Rare::Int(v) => with_text::<A, P, R>(Value::Int(v), state, tell),
            Rare::Unknown if self.members && matches!(self.world.form(key), Form::Enum(true)) => {
                match key.own_attribute::<A>(Name::InnerValue) {
                    Some(value) => with_text::<A, P, R>(value.look(), state, tell),
                    None => Err(state),
                }
            }
            _ => Err(state),
        }
    }
}

/// What `tell` makes of `state` and the text of a key that is a str of ASCII, an int of 64 bits, a finite float, a bool or None; or
/// the state.
#[inline(always)]
fn with_text<A: Access, P, R>(key: Value<'_>, state: P, tell: impl FnOnce(P, &[u8]) -> R) -> Result<R, P> {
    Ok(match key {
        Value::Str(s) => match s.ascii::<A>() {
            Some(text) => tell(state, text.as_bytes()),
            None => return Err(state),
        },
        Value::Int(v) => match v.read::<A>() {
            Int::Small(v) => tell(state, itoa::Buffer::new().format(v).as_bytes()),
            Int::Big(v) => tell(state, itoa::Buffer::new().format(v).as_bytes()),
            Int::Huge => return Err(state),
        },
        Value::Float(v) => {
            let v = v.read::<A>();
            if !v.is_finite() {
                return Err(state);
            }
            tell(state, zmij::Buffer::new().format_finite(v).as_bytes())
        }
        Value::Bool(v) => tell(state, if v { b"true" } else { b"false" }),
        Value::None => tell(state, b"null"),
        _ => return Err(state),
    })
}

/// Tells a text, which is ASCII, as a key.
#[inline(always)]
fn as_key<S: Sink>(sink: &mut S) -> impl FnOnce(S::Pen, &[u8]) -> S::Pen {
    |pen, text| sink.passing_key(pen, Text::ascii(text)).expect("ASCII has no surrogates")
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Members whose keys may be of other types. Apart, so that other dicts are told without its registers.
    #[inline(never)]
    pub(super) fn members_of_any_keys(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        if self.encodes_keys(dict) {
            return self.gathered_members(pen, None, dict.cursor::<A>());
        }
        match dict.entries::<A>() {
            Some(_) if self.options.has(flag::SORT_KEYS) => self.sorted_members(pen, dict),
            Some(entries) if S::STREAMS || self.options.has(flag::OMIT_NONE) => {
                self.gathered_strs(pen, None, entries)
            }
            Some(entries) => self.members_of_strs(pen, entries),
            None if self.options.has(flag::SORT_KEYS) => self.sorted_members_of_any_keys(pen, dict),
            None if S::STREAMS
                || self.encoders.is_some()
                || self.options.has(flag::OMIT_NONE | flag::BIG_INTEGER) =>
            {
                self.gathered_members(pen, None, dict.cursor::<A>())
            }
            None if Self::LOOKS && dict.len::<A>() >= LEAST => self.pass_members_of_any_keys(pen, dict),
            None => self.quiet_members(pen, dict.cursor::<A>()),
        }
    }

    /// Members whose keys are all strs.
    #[inline(always)]
    fn members_of_strs(&mut self, pen: S::Pen, mut entries: Entries<'_>) -> Told<S::Pen> {
        if !S::KNOWS || !CAN_PEEK || A::ENCODES {
            return self.gathered_strs(pen, None, entries);
        }
        let too_deep = self.world.depth() >= MAX_DEPTH;
        let (pen, odd) = self.flat_members_of_one(pen, entries.rest(), too_deep);
        match odd {
            None => Ok(pen),
            Some((value, rest)) => {
                entries.go_on(rest);
                self.gathered_strs(pen, value, entries)
            }
        }
    }

    /// So many members that a plan need not record them, if the first is quiet.
    #[inline(never)]
    fn pass_members_of_any_keys(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        let first = dict.cursor::<A>().next();
        let is_quiet = first.is_some_and(|(key, value)| value.is_scalar() && self.is_quiet_key(key));
        match self.pass_looked_at(pen, Members(dict), 0, usize::from(is_quiet))? {
            (pen, 0) => self.quiet_members(pen, dict.cursor::<A>()),
            (pen, _) => Ok(pen),
        }
    }

    pub(super) fn is_quiet_key(&self, key: Obj<'_>) -> bool {
        self.quiet_keys().with_text::<A, _, _>(key, (), |(), _| ()).is_ok()
    }

    #[inline(never)]
    fn quiet_members(&mut self, mut pen: S::Pen, mut cursor: Cursor<'_>) -> Told<S::Pen> {
        while let Some((key, value)) = cursor.next() {
            // A list with nothing in it may have something by the time that all keys are made.
            let told = if value.is_scalar() { self.told_quiet_key(pen, key)? } else { Err(pen) };
            let told = match told {
                Ok(told) => self.value(told, value),
                Err(pen) => return self.gathered_members(pen, Some((key, value)), cursor),
            };
            pen = match told {
                Ok(pen) => pen,
                Err(failure) => {
                    let step = self.quiet_step(key);
                    return Err(self.refusal_behind(cursor).unwrap_or_else(|| failure.at(step)));
                }
            };
        }
        Ok(pen)
    }

    #[inline(always)]
    pub(super) const fn quiet_keys(&self) -> QuietKeys<'_> {
        QuietKeys::new(self.options, &self.world, self.members)
    }

    /// Tells a key about which nobody has to be asked; gives the pen back where it is another one.
    #[inline(always)]
    pub(super) fn told_quiet_key(&mut self, pen: S::Pen, key: Obj<'_>) -> Told<Result<S::Pen, S::Pen>> {
        if let Some(s) = key.as_exact_str() {
            return Ok(if s.ascii::<A>().is_some() { Ok(self.member_key(pen, key)?) } else { Err(pen) });
        }
        match key.look() {
            Value::Int(v) => match v.read::<A>() {
                Int::Small(v) => Ok(Ok(self.sink.int_key(pen, v))),
                Int::Big(_) | Int::Huge => Ok(self.told_made_key(pen, key)),
            },
            literal @ (Value::Bool(_) | Value::None) => {
                Ok(with_text::<A, _, _>(literal, pen, as_key(&mut self.sink)))
            }
            _ => Ok(self.told_made_key(pen, key)),
        }
    }

    #[inline(never)]
    fn told_made_key(&mut self, pen: S::Pen, key: Obj<'_>) -> Result<S::Pen, S::Pen> {
        let Self { sink, world, options, members, .. } = self;
        let keys = QuietKeys::new(options, world, *members);
        let pen = match keys.moments.quiet::<A, _, _>(key.special(), pen, AsKey(sink)) {
            Err(pen) => pen,
            told => return told,
        };
        keys.with_text::<A, _, _>(key, pen, as_key(sink))
    }

    #[cold]
    #[inline(never)]
    pub(super) fn quiet_step(&self, key: Obj<'_>) -> Step {
        let text = self.quiet_keys().with_text::<A, _, _>(key, (), |(), text| Step::key(Text::ascii(text)));
        text.unwrap_or(Step::Key(None))
    }
}

/// All members of a dict, told at once.
struct Members<'d>(Dict<'d>);

impl Looked for Members<'_> {
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        _: usize,
        n: usize,
    ) -> Told<(S::Pen, usize)> {
        Ok((walk.quiet_members(pen, self.0.cursor::<A>())?, n))
    }
}
