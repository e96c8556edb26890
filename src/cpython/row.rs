//! The members of a dict that is as a shape says, to be drawn.

use core::marker::PhantomData;

use super::access::Access;
use super::dict::{Entries, Rest};
use super::int::Int;
use super::object::{Obj, Str, Value};
use super::shape::{Guesses, Shape};
use crate::emit::kernel::{Leaf, Members};
use crate::fragment::Fragment;

/// Members of a dict as long as their keys come as guessed (with `EQUAL`, or say the same) and their values are scalars.
#[derive(Clone, Copy, Debug)]
pub struct RowMembers<'p, 'a, A, const EQUAL: bool> {
    rest: Rest<'a>,
    guesses: Guesses<'p>,
    /// Keys that are other objects than those of the shape.
    equal: u32,
    access: PhantomData<A>,
}

impl<'p, 'a, A: Access, const EQUAL: bool> RowMembers<'p, 'a, A, EQUAL> {
    /// Those that most likely have this shape.
    #[inline(always)]
    #[must_use]
    pub fn new(shape: &'p Shape, entries: Entries<'a>) -> Self {
        Self { rest: entries.rest(), guesses: shape.guesses(), equal: 0, access: PhantomData }
    }

    /// The members that have not been drawn.
    #[inline(always)]
    #[must_use]
    pub fn rest(&self) -> Rest<'a> {
        self.rest
    }

    /// What is expected next.
    #[inline(always)]
    #[must_use]
    pub fn guesses(&self) -> Guesses<'p> {
        self.guesses
    }

    /// Keys drawn that are other objects than those of the shape.
    #[inline(always)]
    #[must_use]
    pub fn equal(&self) -> u32 {
        self.equal
    }
}

/// A value of one of the types that are drawn.
#[inline(always)]
fn leaf<'a, A: Access>(value: Obj<'a>) -> Option<Leaf<'a>> {
    match value.look_scalar() {
        Value::Str(s) => Some(Leaf::Ascii(s.ascii::<A>()?.as_bytes())),
        Value::Int(v) => match v.read::<A>() {
            Int::Small(v) => Some(Leaf::Int(v)),
            _ => None,
        },
        Value::Float(v) => Some(Leaf::Float(v.read::<A>())),
        Value::None => Some(Leaf::Null),
        Value::Bool(v) => Some(Leaf::Bool(v)),
        _ if value.is_empty_list::<A>() => Some(Leaf::EmptyArray),
        _ => None,
    }
}

// SAFETY: one member comes of each entry at the most.
unsafe impl<'p, 'a, A: Access, const EQUAL: bool> Members<'a, &'p Fragment> for RowMembers<'p, 'a, A, EQUAL> {
    #[inline(always)]
    fn most(&self) -> usize {
        self.rest.most()
    }

    #[inline(always)]
    fn first(self, n: usize) -> Self {
        Self { rest: self.rest.first(n), ..self }
    }

    #[inline(always)]
    fn go_on(self, whole: Self) -> Self {
        Self { rest: self.rest.go_on(whole.rest), ..self }
    }

    #[inline(always)]
    fn next(&mut self) -> Option<(&'p Fragment, Leaf<'a>)> {
        let (key, value) = self.rest.next_in_line()?;
        let member = self.seen(key, value);
        if member.is_none() {
            self.rest.step_back();
        }
        member
    }
}

impl<'p, 'a, A: Access, const EQUAL: bool> RowMembers<'p, 'a, A, EQUAL> {
    #[inline(always)]
    fn seen(&mut self, key: Str<'_>, value: Obj<'a>) -> Option<(&'p Fragment, Leaf<'a>)> {
        let mut other = false;
        let slot = if let Some(slot) = self.guesses.next(key) {
            slot
        } else if EQUAL && let Some(slot) = self.guesses.next_equal::<A>(key) {
            other = true;
            slot
        } else {
            self.guesses = self.guesses.skip_to(key)?;
            self.guesses.next(key)?
        };
        let Some(leaf) = leaf::<A>(value) else {
            self.guesses.step_back(slot);
            return None;
        };
        self.equal += u32::from(EQUAL && other);
        Some((&slot.fragment, leaf))
    }
}
