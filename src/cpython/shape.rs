//! The keys of a dict, in order: what a cached plan guesses with.

mod guesses;
mod slot;

use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, Ordering::Relaxed};

pub use guesses::Guesses;
pub use slot::{Sample, Slot};

use super::access::Access;
use super::call::Owned;
use super::dict::{Dict, Entries, Rest};
use super::object::Str;
use super::site::Counter;
use crate::emit::room::fragment;
use crate::fragment::Fragment;

/// Members of one shape at the most.
pub const MOST_KEYS: usize = 2_048;

/// Keys that are looked for one by one; where there are more, by their hash.
const FEW: usize = 8;

/// The keys of a dict, in order.
#[derive(Debug)]
pub struct Shape {
    /// One more than there are keys: the last has none, and so is never that of a key.
    slots: Box<[Slot]>,
    /// The numbers of slots, and 1 more, at the place that the hash of a key falls on, or the next free one; 0 where there
    /// is none. Empty if the keys are few.
    index: Box<[u16]>,
    /// Dicts whose keys were those of this shape, in its order; some of them may have been absent.
    pub hits: Counter,
    /// Dicts that began as this shape does and had other keys, or another order.
    pub others: Counter,
    covered: AtomicBool,
}

/// Where a key was found in a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The slot.
    pub slot: usize,
    /// Whether the key is the slot's own object.
    pub same: bool,
}

impl Shape {
    /// Its slots, in order.
    #[must_use]
    #[inline(always)]
    pub fn slots(&self) -> &[Slot] {
        debug_assert!(!self.slots.is_empty(), "there is one more than there are keys");
        // SAFETY: `of` has put one behind the others.
        unsafe { self.slots.get_unchecked(..self.slots.len() - 1) }
    }

    /// Whether it has so many keys or more, and the first of them is that of the entries.
    #[inline(always)]
    #[must_use]
    pub fn begins(&self, len: usize, entries: Entries<'_>) -> bool {
        self.slots.len() > len && entries.first().is_some_and(|first| self.slots[0].is(first))
    }

    /// Whether it has so many keys, of which these are the first and the last.
    #[inline(always)]
    pub(super) fn fits(&self, len: usize, first: Str<'_>, last: Str<'_>) -> bool {
        let slots = self.slots();
        slots.len() == len && slots[0].is(first) && slots[len - 1].is(last)
    }

    /// The address of its first key, which may be another one later.
    pub(super) fn first(&self) -> usize {
        self.slots[0].key.load(Relaxed).addr()
    }

    /// Keys of a dict's entries before `rest`, some of them other objects than those in their places. If all are, one
    /// stands for all: where rows begin to share their keys it is known again, and then the others are.
    #[inline(always)]
    pub fn adopt<A: Access>(&self, dict: Dict<'_>, rest: Rest<'_>) {
        let Some(mut told) = dict.entries::<A>().map(|entries| entries.rest()) else { return };
        let Some((key, _)) = told.next() else { return };
        if self.slots[0].is(key) { self.adopt_others::<A>(told, rest) } else { self.slots[0].adopt::<A>(key) }
    }

    #[cold]
    #[inline(never)]
    fn adopt_others<A: Access>(&self, mut told: Rest<'_>, rest: Rest<'_>) {
        for slot in &self.slots()[1..] {
            if told.most() <= rest.most() {
                break;
            }
            if let Some((key, _)) = told.next()
                && !slot.is(key)
            {
                slot.adopt::<A>(key);
            }
        }
    }

    /// The slot of `key`.
    #[inline(never)]
    #[must_use]
    pub fn find<A: Access>(&self, key: Str<'_>) -> Option<Found> {
        // SAFETY: a living str of exact type.
        let hash = unsafe { A::str_hash(key.obj().as_ptr()) };
        let has = |slot: &Slot| slot.is(key) || slot.equals::<A>(key, hash);
        let slot = if self.index.is_empty() {
            self.slots().iter().position(has)?
        } else {
            let numbers = places(hash, self.index.len()).map(|i| usize::from(self.index[i]));
            numbers.take_while(|&n| n > 0).find(|&n| has(&self.slots[n - 1]))? - 1
        };
        Some(Found { slot, same: self.slots[slot].is(key) })
    }

    /// A shape of the dict's keys, if each can be had as a fragment.
    pub(super) fn of<A: Access>(mut entries: Entries<'_>) -> Option<Self> {
        let mut all = entries;
        let count = core::iter::from_fn(|| all.next()).count();
        if !(1..=MOST_KEYS).contains(&count) {
            return None;
        }
        let mut slots = Vec::new();
        // Exactly: the box that it becomes must not ask for memory again.
        slots.try_reserve_exact(count + 1).ok()?;
        while let Some((key, value)) = entries.next() {
            let fragment = fragment(key.text::<A>()?)?;
            // SAFETY: a living str of exact type.
            let hash = unsafe { A::str_hash(key.obj().as_ptr()) };
            let key = AtomicPtr::new(Owned::hold(key.obj()).into_ptr());
            slots.push(Slot::new(key, hash, fragment, Sample::of(value)));
        }
        let index = index_of(&slots)?;
        slots.push(Slot::new(AtomicPtr::new(null_mut()), 0, Fragment::EMPTY, Sample::Other));
        Some(Self {
            slots: slots.into_boxed_slice(),
            index,
            hits: Counter::default(),
            others: Counter::default(),
            covered: AtomicBool::new(false),
        })
    }

    /// About how many bytes it holds, its keys and sites not counted.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(self) + size_of_val(&*self.slots) + size_of_val(&*self.index)
    }

    /// Whether it has all keys of another shape, in the same order.
    pub(super) fn covers_shape(&self, other: &Self) -> bool {
        let mut slots = self.slots().iter();
        let same = |a: &Slot, b: &Slot| a.hash == b.hash && a.fragment == b.fragment;
        other.slots().iter().all(|own| slots.any(|slot| same(slot, own)))
    }

    /// Another shape of the same site covers it, and is taken in its place.
    pub(super) fn note_covered(&self) {
        self.covered.store(true, Relaxed);
    }

    pub(super) fn is_covered(&self) -> bool {
        self.covered.load(Relaxed)
    }

    /// Whether these entries have its keys, in its order; some may be absent.
    pub(super) fn covers<A: Access>(&self, mut entries: Entries<'_>) -> bool {
        let mut next = 0;
        while let Some((key, _)) = entries.next() {
            match self.find::<A>(key) {
                Some(found) if found.slot >= next => next = found.slot + 1,
                _ => return false,
            }
        }
        true
    }
}

/// The places of an index of so many, in the order in which a key with this hash is looked for there.
fn places(hash: isize, len: usize) -> impl Iterator<Item = usize> {
    debug_assert!(len.is_power_of_two());
    (0..len).map(move |i| (hash as usize).wrapping_add(i) & (len - 1))
}

/// The index of slots; half of its places stay free. `None` if there is no memory for it.
fn index_of(slots: &[Slot]) -> Option<Box<[u16]>> {
    const { assert!(MOST_KEYS < u16::MAX as usize) }
    let mut index = Vec::new();
    if slots.len() > FEW {
        let len = 2 * slots.len().next_power_of_two();
        index.try_reserve_exact(len).ok()?;
        index.resize(len, 0);
        for (number, slot) in (1..).zip(slots) {
            let free = places(slot.hash, len).find(|&i| index[i] == 0)?;
            index[free] = number;
        }
    }
    Some(index.into_boxed_slice())
}

/// A number that dicts with the same keys in the same order share; never 0.
pub(super) fn signature<A: Access>(mut entries: Entries<'_>) -> u64 {
    let mut sum = 1_u64;
    while let Some((key, _)) = entries.next() {
        // SAFETY: a living str of exact type.
        let hash = unsafe { A::str_hash(key.obj().as_ptr()) };
        sum = (sum.rotate_left(5) ^ hash as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    sum | 1
}
