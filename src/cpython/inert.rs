//! Whether values are inert: scalars, dicts with str keys, lists and tuples, exactly of these types, however deep. To write one
//! runs no code of the caller's. It takes a look at types, and reads no value.
//!
//! It is a guess: what the containers in a value hold is told from what is first in them, and objects of a few other types are taken
//! for quiet. Whoever tells the value must be ready for Python code.

use super::access::Access;
use super::dict::{Dict, Entries};
use super::flat::{Entry, WIDE, WIDE_ROW, all_of, entries_are_light};
use super::object::{Obj, Rare, Value};
use super::seq::Seq;

/// The most containers inside one another that are looked into, which bounds the stack.
const DEEP: usize = 32;

/// So many values are few: whether all of them are flat is asked at once, though some may be looked at again.
const FEW: usize = 8;

/// So many points are better read at once.
const POINTS: usize = 8;

/// Dicts behind one that is inert for which it stands: what Python code they run is run where it belongs.
pub const UNLOOKED: usize = 7;

/// A look at so many values at the most.
#[derive(Debug)]
pub struct Look {
    left: usize,
    /// Whether dicts with keys of other types than str may be inert.
    any_keys: bool,
}

/// A dict that was looked at.
#[derive(Default)]
struct Last {
    /// Its members.
    len: usize,
    /// The values in it, however deep.
    size: usize,
    /// Dicts behind it for which it stands: they are taken to be as large.
    unlooked: usize,
}

impl Look {
    /// At so many; with `any_keys` dicts with keys of other types than str may be inert, too.
    #[inline(always)]
    #[must_use]
    pub const fn at(most: usize, any_keys: bool) -> Self {
        Self { left: most, any_keys }
    }

    /// Whether `value` is inert, with all that is in it.
    #[inline(always)]
    #[must_use]
    pub fn is_inert<A: Access>(&mut self, value: Obj<'_>) -> bool {
        match value.look_container() {
            Value::Dict(dict) => self.whole_dict::<A>(dict, DEEP),
            _ => self.value::<A>(value, DEEP),
        }
    }

    /// The same of a document. If it is a list, each of its elements is looked at.
    #[inline(always)]
    #[must_use]
    pub fn is_inert_document<A: Access>(&mut self, value: Obj<'_>) -> bool {
        let (Value::List(seq) | Value::Tuple(seq)) = value.look_container() else {
            return self.is_inert::<A>(value);
        };
        let len = seq.len::<A>();
        let is_flat = |i| seq.get::<A>(i).is_some_and(Obj::is_flat::<A>);
        self.goes_into(len, DEEP) && (len <= FEW && all_of(len, is_flat) || self.all::<A>(seq, len))
    }

    /// Whether all `len` elements are inert.
    #[inline(never)]
    fn all<A: Access>(&mut self, seq: Seq<'_>, len: usize) -> bool {
        let elements = || seq.range::<A>(0, len);
        let looked_at = match elements().next() {
            Some(first) if first.is_scalar() => elements().take_while(|o| o.is_same_type(first)).count(),
            _ => self.rows::<A>(elements(), self.left),
        };
        let mut last = Last::default();
        elements().skip(looked_at).all(|value| self.is_inert_behind::<A>(&mut last, value))
    }

    /// Whether `value`, which stands behind others, is inert, or a dict no longer than the last one, which stands for it.
    #[inline(always)]
    fn is_inert_behind<A: Access>(&mut self, last: &mut Last, value: Obj<'_>) -> bool {
        let Value::Dict(dict) = value.look_container() else { return self.is_inert::<A>(value) };
        let len = dict.len::<A>();
        if last.unlooked > 0 && len <= last.len {
            last.unlooked -= 1;
            self.left = self.left.saturating_sub(last.size);
            return true;
        }
        let left = self.left;
        let is = self.is_inert::<A>(value);
        *last = Last { len, size: left - self.left, unlooked: UNLOOKED };
        is
    }

    /// How many elements of `seq` from the first on, before the second, are inert, one behind the other, and of how many values
    /// they consist; it ends where these are `enough`.
    #[inline(never)]
    #[must_use]
    pub fn elements<A: Access>(
        mut self,
        seq: Seq<'_>,
        (begin, end): (usize, usize),
        enough: usize,
    ) -> (usize, usize) {
        let most = self.left;
        let rows = self.rows::<A>(seq.range::<A>(begin, end), enough);
        // What is told of one type, or of some by turns, begins like this.
        let some = end.min(begin + rows + enough.saturating_sub(most - self.left));
        let scalars = seq.range::<A>(begin + rows, some).take_while(|value| value.is_scalar()).count();
        self.left = self.left.saturating_sub(scalars);
        let (mut i, mut values) = (begin + rows + scalars, most - self.left);
        for value in seq.range::<A>(i, end) {
            if values >= enough || self.left == 0 || !self.is_inert::<A>(value) {
                break;
            }
            i += 1;
            self.left = self.left.saturating_sub(1);
            values = most - self.left;
        }
        (i - begin, values)
    }

    /// How many of these entries have values that are inert, one behind the other from the first on, and of how many values
    /// they consist; it ends where these are `enough`.
    #[inline(never)]
    #[must_use]
    pub fn members_of<A: Access>(mut self, entries: Entries<'_>, enough: usize) -> (usize, usize) {
        let (most, mut rest, mut last) = (self.left, entries.rest(), Last::default());
        let (mut behind, least) = (rest, most.saturating_sub(enough));
        while self.left > least
            && let Some((_, value)) = rest.next()
        {
            let left = self.left;
            if !value.is_scalar() && !self.is_inert_behind::<A>(&mut last, value) {
                // What has been seen of it does not count.
                self.left = left;
                break;
            }
            self.left = self.left.saturating_sub(1);
            behind = rest;
        }
        (entries.most() - behind.most(), most - self.left)
    }

    /// How many of the first are dicts of light values; it ends where these are `enough`.
    #[inline(always)]
    fn rows<'a, A: Access>(&mut self, elements: impl Iterator<Item = Obj<'a>>, enough: usize) -> usize {
        let (mut rows, mut values, mut gaps) = (0, 0, false);
        for element in elements {
            let Value::Dict(dict) = element.look_container() else { break };
            let Some(entries) = dict.table::<A>().filter(|entries| entries.len() <= WIDE_ROW) else { break };
            // Which have lost members cannot be foreseen where some have.
            gaps |= entries.len() > dict.len::<A>();
            if !entries_are_light::<A>(entries, gaps) {
                break;
            }
            rows += 1;
            values += entries.len() + 1;
            if values >= enough {
                break;
            }
        }
        self.left = self.left.saturating_sub(values);
        rows
    }

    #[inline(always)]
    fn value<A: Access>(&mut self, value: Obj<'_>, deep: usize) -> bool {
        value.is_scalar() || self.container::<A>(value, deep)
    }

    #[inline(never)]
    fn container<A: Access>(&mut self, value: Obj<'_>, deep: usize) -> bool {
        match value.look_container() {
            Value::Dict(dict) => self.dict::<A>(dict, deep),
            Value::List(seq) | Value::Tuple(seq) => self.seq::<A>(seq, deep),
            _ => self.other::<A>(value, deep),
        }
    }

    #[inline(never)]
    fn other<A: Access>(&mut self, value: Obj<'_>, deep: usize) -> bool {
        match value.rare(true) {
            Rare::Dict(dict) => self.dict::<A>(dict, deep),
            Rare::List(seq) => self.seq::<A>(seq, deep),
            _ => value.is_quiet(),
        }
    }

    /// A dict, for which its first member stands.
    #[inline(always)]
    fn dict<A: Access>(&mut self, dict: Dict<'_>, deep: usize) -> bool {
        let Some(entries) = dict.table::<A>() else { return self.any_dict::<A>(dict, deep) };
        self.goes_into(entries.len(), deep)
            && entries.first().is_none_or(|entry| self.member::<A>(entry, deep - 1))
    }

    /// A dict with all of its members.
    #[inline(always)]
    fn whole_dict<A: Access>(&mut self, dict: Dict<'_>, deep: usize) -> bool {
        let Some(entries) = dict.table::<A>() else { return self.any_dict::<A>(dict, deep) };
        self.goes_into(entries.len(), deep) && entries.iter().all(|entry| self.member::<A>(entry, deep - 1))
    }

    /// One with keys of any type, for which its first member stands.
    #[inline(never)]
    fn any_dict<A: Access>(&mut self, dict: Dict<'_>, deep: usize) -> bool {
        let len = dict.len::<A>();
        len == 0
            || self.any_keys
                && self.goes_into(len, deep)
                && dict.cursor::<A>().next().is_some_and(|(_, value)| self.value::<A>(value, deep - 1))
    }

    #[inline(always)]
    fn member<A: Access>(&mut self, &[_, value]: &Entry, deep: usize) -> bool {
        // SAFETY: a value that a dict holds, if it has not been taken out.
        value.is_null() || self.value::<A>(unsafe { Obj::new(value) }, deep)
    }

    #[inline(always)]
    fn seq<A: Access>(&mut self, seq: Seq<'_>, deep: usize) -> bool {
        let len = seq.len::<A>();
        self.goes_into(len, deep)
            && seq.get::<A>(0).is_none_or(|first| first.is_scalar() || self.first::<A>(first, len, deep - 1))
    }

    /// Whether `len` elements of which this is the first are inert, most likely.
    #[inline(never)]
    fn first<A: Access>(&mut self, first: Obj<'_>, len: usize, deep: usize) -> bool {
        let many = len >= POINTS;
        match first.look_container() {
            // What is too much need not be counted to the end.
            Value::Dict(dict) if many && len * dict.len::<A>() > self.left => false,
            // Points are better read as rows of floats.
            Value::List(point) | Value::Tuple(point) if many && begins_with_float::<A>(point) => false,
            _ => self.value::<A>(first, deep),
        }
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

#[inline(always)]
fn begins_with_float<A: Access>(seq: Seq<'_>) -> bool {
    seq.get::<A>(0).is_some_and(|o| o.as_float().is_some())
}
