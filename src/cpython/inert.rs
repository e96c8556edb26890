//! Whether values are inert: scalars, dicts with str keys, lists and tuples, exactly of these types, however deep. To write one
//! runs no code of the caller's. It takes a look at types, and reads no value.

use super::access::Access;
use super::dict::{Dict, Rest};
use super::object::{Obj, Value};
use super::seq::Seq;

/// The most elements or members of a container that is looked into. A longer list of numbers or strs is read as a lane, and
/// one of containers part by part.
const WIDE: usize = 128;

/// The most containers inside one another that are looked into, which bounds the stack.
const DEEP: usize = 32;

/// So many points are better read at once.
const POINTS: usize = 8;

/// A look at so many values at the most.
#[derive(Debug)]
pub struct Look {
    left: usize,
}

impl Look {
    /// At so many.
    #[inline(always)]
    #[must_use]
    pub const fn at(most: usize) -> Self {
        Self { left: most }
    }

    /// Whether `value` is inert, with all that is in it.
    #[inline(always)]
    #[must_use]
    pub fn is_inert<A: Access>(&mut self, value: Obj<'_>) -> bool {
        self.value::<A>(value, DEEP)
    }

    /// How many elements of `seq` from the first on, before the second, are inert, one behind the other, and of how many values
    /// they consist; it ends where these are `enough`. If asked to, with a look ahead in memory.
    #[inline(never)]
    #[must_use]
    pub fn elements<A: Access>(
        mut self,
        seq: Seq<'_>,
        (begin, end, ahead): (usize, usize, bool),
        enough: usize,
    ) -> (usize, usize) {
        let most = self.left;
        let (mut i, mut values) = (begin, 0);
        while i < end
            && values < enough
            && let Some(value) = seq.get::<A>(i)
        {
            if ahead {
                ask_ahead::<A>(seq, i);
            }
            if self.left == 0 || !self.is_inert::<A>(value) {
                break;
            }
            i += 1;
            self.left = self.left.saturating_sub(1);
            values = most - self.left;
        }
        (i - begin, values)
    }

    #[inline(always)]
    fn value<A: Access>(&mut self, value: Obj<'_>, deep: usize) -> bool {
        value.is_flat::<A>()
            || match value.look_container() {
                Value::Dict(dict) => self.dict::<A>(dict, deep),
                Value::List(seq) | Value::Tuple(seq) => self.seq::<A>(seq, deep),
                _ => false,
            }
    }

    #[inline(never)]
    fn dict<A: Access>(&mut self, dict: Dict<'_>, deep: usize) -> bool {
        let len = dict.len::<A>();
        let Some(entries) = dict.entries::<A>() else { return len == 0 };
        if !self.goes_into(len, deep) {
            return false;
        }
        match entries.values(len) {
            Some(mut values) => values.all(|value| self.value::<A>(value, deep - 1)),
            None => self.with_gaps::<A>(entries.rest(), deep - 1),
        }
    }

    /// Values of a dict of which some members were taken out.
    #[inline(never)]
    fn with_gaps<A: Access>(&mut self, mut members: Rest<'_>, deep: usize) -> bool {
        while let Some((_, value)) = members.next() {
            if !self.value::<A>(value, deep) {
                return false;
            }
        }
        true
    }

    #[inline(never)]
    fn seq<A: Access>(&mut self, seq: Seq<'_>, deep: usize) -> bool {
        let len = seq.len::<A>();
        // Points are better read as rows of floats.
        let points = len >= POINTS && is_point::<A>(seq);
        !points
            && self.goes_into(len, deep)
            && seq.first::<A>(len).all(|value| self.value::<A>(value, deep - 1))
    }

    /// Whether to look into a container of `len` values.
    #[inline(always)]
    fn goes_into(&mut self, len: usize, deep: usize) -> bool {
        let goes = deep > 0 && len <= WIDE && len <= self.left;
        if goes {
            self.left -= len;
        }
        goes
    }
}

/// Out of the loop, where it is seldom wanted.
#[inline(never)]
fn ask_ahead<A: Access>(seq: Seq<'_>, i: usize) {
    seq.ahead_of_dict::<A>(i);
}

/// Whether the first element is a list that begins with a float.
#[inline(never)]
fn is_point<A: Access>(seq: Seq<'_>) -> bool {
    match seq.get::<A>(0).map(Obj::look_container) {
        Some(Value::List(point) | Value::Tuple(point)) => {
            point.get::<A>(0).is_some_and(|o| o.as_float().is_some())
        }
        _ => false,
    }
}
