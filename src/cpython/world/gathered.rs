//! The members of dicts that are to be sorted: gathered, put in order, and borrowed like all that is open.

use super::World;
use crate::cpython::access::Access;
use crate::cpython::call::Owned;
use crate::cpython::dict::Dict;
use crate::cpython::members::{Member, sort};
use crate::cpython::object::{Obj, Str};
use crate::cpython::orders::{AnyRow, Ordered, OrderedAny, Row};
use crate::sort::Many;
use crate::text::Text;

impl World {
    /// How many members are gathered, in all open containers.
    #[inline(always)]
    #[must_use]
    pub fn members(&self) -> usize {
        self.desk.members.len()
    }

    /// Makes place for `n` more members; false if there is no memory for them.
    #[inline(always)]
    #[must_use]
    pub fn expect_members(&mut self, n: usize) -> bool {
        self.desk.members.try_reserve(n).is_ok()
    }

    /// Gathers a member of the innermost dict: its key, which is a str exactly and says `text`, and its value.
    #[inline(always)]
    pub fn add_member(&mut self, key: Obj<'_>, text: Text<'_>, value: Obj<'_>) {
        self.desk.members.push(Member::new(key, text, value));
    }

    /// Gathers a member that is not to be sorted.
    #[inline(always)]
    pub fn add_unsorted(&mut self, key: Obj<'_>, value: Obj<'_>) {
        self.desk.members.push(Member::placed((key.as_ptr(), value.as_ptr())));
    }

    /// The members of `dict` in the order of their keys, if they are few, and all keys are strs that can be told. They may be as
    /// those of the `last` one, since which no Python code has run.
    #[inline(always)]
    #[must_use]
    pub fn ordered<A: Access>(&mut self, dict: Dict<'_>, last: Option<Ordered>) -> Option<Ordered> {
        // SAFETY: a living dict; no Python code runs as long as this is used.
        let row = unsafe { Row::of::<A>(dict.obj().as_ptr()) }?;
        if let Some(as_last) = last.and_then(|last| last.of_another(row)) {
            return Some(as_last);
        }
        self.desk.orders.order::<A>(row)
    }

    /// The key and the value of member `k` of those of `dict`.
    #[inline(always)]
    #[must_use]
    pub fn ordered_member<'a>(&self, _: Dict<'a>, ordered: Ordered, k: usize) -> (Str<'a>, Obj<'a>) {
        let (key, value) = ordered.member(k);
        // SAFETY: the dict holds both; a row's keys are strs exactly.
        unsafe { (Str::exact(key), Obj::new(value)) }
    }

    /// The members of `dict` in the order of their keys, which may be of any type, if that is known.
    #[inline(always)]
    #[must_use]
    pub fn known_order<A: Access>(&mut self, dict: Dict<'_>) -> Option<OrderedAny> {
        // SAFETY: as above.
        let row = unsafe { AnyRow::of::<A>(dict.obj().as_ptr()) }?;
        self.desk.orders.known_order(row)
    }

    /// Whether the order of dicts with keys of any type is worth finding.
    #[inline(always)]
    #[must_use]
    pub fn learns_orders(&self) -> bool {
        self.desk.orders.learns()
    }

    /// Keeps the order of the members of `dict`, whose keys can be told without Python code: the numbers of all its entries. None where
    /// it cannot be known; that is a row in vain.
    pub fn learn_order<A: Access>(&mut self, dict: Dict<'_>, sorted: &[u8]) {
        // SAFETY: a living dict; no Python code runs as long as this is used.
        let row = unsafe { AnyRow::of::<A>(dict.obj().as_ptr()) };
        self.desk.orders.learn::<A>(row.filter(|row| row.len() == sorted.len()), sorted);
    }

    /// The key and the value of member `k` of those of `dict`, whose keys may be of any type.
    #[inline(always)]
    #[must_use]
    pub fn member_in_order<'a>(&self, _: Dict<'a>, ordered: OrderedAny, k: usize) -> (Obj<'a>, Obj<'a>) {
        let (key, value) = ordered.member(k);
        // SAFETY: the dict holds both.
        unsafe { (Obj::new(key), Obj::new(value)) }
    }

    /// Gathers the members from `k` on. Place is made.
    #[inline(always)]
    pub fn add_ordered(&mut self, ordered: Ordered, k: usize) {
        self.desk.members.extend((k..ordered.len()).map(|k| Member::placed(ordered.member(k))));
    }

    /// Sorts the members from `from` on by their keys.
    pub fn sort_members<A: Access>(&mut self, from: usize) {
        sort::<A>(&mut self.desk.members[from..]);
    }

    /// Where many texts are put in order.
    #[must_use]
    pub fn sorter(&mut self) -> &mut Many {
        &mut self.desk.many
    }

    /// The key and the value of member `i`, which was gathered from `dict`.
    #[inline(always)]
    #[must_use]
    pub fn member<'a>(&self, _: Dict<'a>, i: usize) -> (Obj<'a>, Obj<'a>) {
        let Member { key, value, .. } = self.desk.members[i];
        // SAFETY: the dict holds both as long as no Python code runs, and from then on they are held here, until the
        // members are dropped. Then the dict is closed.
        unsafe { (Obj::new(key), Obj::new(value)) }
    }

    /// Forgets the members from `from` on. Python code may run.
    #[inline(always)]
    pub fn drop_members(&mut self, from: usize) {
        if self.members_held > from {
            self.drop_held_members(from);
        }
        self.desk.members.truncate(from);
    }

    #[cold]
    #[inline(never)]
    fn drop_held_members(&mut self, from: usize) {
        self.desk.members.truncate(self.members_held);
        while self.members_held > from
            && let Some(Member { key, value, .. }) = self.desk.members.pop()
        {
            self.members_held -= 1;
            for o in [key, value] {
                // SAFETY: it was below `members_held`, so a reference to each is held.
                if let Some(owned) = unsafe { Owned::take(o) } {
                    self.release(owned);
                }
            }
        }
    }
}
