//! The keys of a dict, in order: what a cached plan guesses with.

use core::marker::PhantomData;
use core::ptr::{NonNull, null_mut};
use core::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU32, Ordering::AcqRel, Ordering::Acquire, Ordering::Relaxed,
};

use pyo3::ffi::PyObject;

use super::access::Access;
use super::call::Owned;
use super::dict::{Dict, Entries, Rest};
use super::keys::trace;
use super::object::{Obj, Str, Value};
use super::site::{Counter, Site};
use crate::emit::room::{fragment, says};
use crate::fragment::Fragment;
use crate::text::Text;

/// Members of one shape.
const MOST_KEYS: usize = 2_048;

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

/// A key of a shape.
#[derive(Debug)]
#[repr(align(64))]
pub struct Slot {
    /// Held, and a str exactly, so that no Python code runs when it ends. Another that says the same may take its place
    /// ([`Slot::adopt`]), so it is looked at anew each time.
    key: AtomicPtr<PyObject>,
    hash: isize,
    /// Of the last key that says the same and is another object: its [`trace`].
    other: AtomicU32,
    /// The key as it is written; empty if it is not to be had as one.
    pub fragment: Fragment,
    /// What its value was when the shape was learnt. For people: no walk relies on it.
    pub sample: Sample,
    /// The site of its values, or null; made once and the slot's own.
    site: AtomicPtr<Site>,
}
const _: () = assert!(size_of::<Slot>() == 64, "a slot is a cache line");

/// What a value was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Sample {
    /// Null, true or false.
    Literal,
    /// An int.
    Int,
    /// A float.
    Float,
    /// A str.
    Text,
    /// A list or tuple.
    Array,
    /// A dict.
    Object,
    /// Of another type.
    Other,
}

impl Sample {
    fn of(value: Obj<'_>) -> Self {
        match value.look() {
            Value::None | Value::Bool(_) => Self::Literal,
            Value::Int(_) => Self::Int,
            Value::Float(_) => Self::Float,
            Value::Str(_) => Self::Text,
            Value::List(_) | Value::Tuple(_) => Self::Array,
            Value::Dict(_) => Self::Object,
            Value::Other => Self::Other,
        }
    }
}

/// The slot of a shape whose key is expected next, perhaps the one behind the last: a single address, because the walk
/// has few registers.
#[derive(Clone, Copy, Debug)]
pub struct Guesses<'a>(NonNull<Slot>, PhantomData<&'a Slot>);

impl<'a> Guesses<'a> {
    #[inline(always)]
    fn slot(self) -> &'a Slot {
        // SAFETY: a slot of a shape that is borrowed as long as `'a`: the first, or one behind a slot that has a key,
        // which is never the last.
        unsafe { self.0.as_ref() }
    }

    #[inline(always)]
    fn advance(&mut self) {
        debug_assert!(!self.slot().key.load(Relaxed).is_null(), "there is one behind a slot that has a key");
        // SAFETY: as above.
        self.0 = unsafe { self.0.add(1) };
    }

    /// This slot is to come again.
    #[inline(always)]
    pub(super) fn step_back(&mut self, slot: &'a Slot) {
        self.0 = NonNull::from(slot);
    }

    /// The next slot, if it is that of `key` itself.
    #[inline(always)]
    pub fn next(&mut self, key: Str<'_>) -> Option<&'a Slot> {
        let slot = self.slot();
        if !slot.is(key) {
            return None;
        }
        debug_assert!(slot.says_its_key(), "a key that is held is what its fragment says");
        self.advance();
        Some(slot)
    }

    /// The slot of `key` itself, if it is further on: those between are absent.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn skip_to(mut self, key: Str<'_>) -> Option<Self> {
        while !self.slot().key.load(Relaxed).is_null() {
            self.advance();
            if self.slot().is(key) {
                return Some(self);
            }
        }
        None
    }

    /// The next slot, if `key` says the same as its key.
    #[inline(always)]
    pub fn next_equal<A: Access>(&mut self, key: Str<'_>) -> Option<&'a Slot> {
        let slot = self.slot();
        if !slot.says::<A>(key) {
            return None;
        }
        self.advance();
        Some(slot)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        // SAFETY: the slot's own reference, which nobody else gives back.
        if let Some(key) = unsafe { Owned::take(*self.key.get_mut()) } {
            key.drop_now();
        }
        let site = *self.site.get_mut();
        if !site.is_null() {
            // SAFETY: made from a box, and the slot's own.
            drop(unsafe { Box::from_raw(site) });
        }
    }
}

/// Where a key was found in a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The slot.
    pub slot: usize,
    /// Whether the key is the slot's own object.
    pub same: bool,
}

impl Slot {
    const fn new(key: AtomicPtr<PyObject>, hash: isize, fragment: Fragment, sample: Sample) -> Self {
        Self { key, hash, other: AtomicU32::new(0), fragment, sample, site: AtomicPtr::new(null_mut()) }
    }

    #[inline(always)]
    pub(super) fn is(&self, key: Str<'_>) -> bool {
        self.key.load(Relaxed) == key.obj().as_ptr()
    }

    /// Whether `key`, which is another object, says the same.
    #[inline(always)]
    pub(super) fn equals<A: Access>(&self, key: Str<'_>, hash: isize) -> bool {
        hash == self.hash && self.says::<A>(key)
    }

    #[inline(always)]
    fn says<A: Access>(&self, key: Str<'_>) -> bool {
        key.ascii::<A>().is_some_and(|t| says(&self.fragment, t.as_bytes()))
    }

    /// Whether the fragment is that of the key.
    fn says_its_key(&self) -> bool {
        self.fragment.bytes().contains(&b'\\') || says(&self.fragment, self.name().as_bytes())
    }

    /// A key that is another object is in this place. If it is the same one for the second time, it is not one of many but
    /// what this document has: where it says the same, it takes the other's place.
    #[inline(always)]
    pub fn adopt<A: Access>(&self, key: Str<'_>) {
        let trace = trace(key.obj().as_ptr());
        // Two plain instructions: what another thread puts there meanwhile is as good a guess.
        if self.other.load(Relaxed) == trace && !cfg!(Py_GIL_DISABLED) {
            self.take_over::<A>(key);
        }
        self.other.store(trace, Relaxed);
    }

    #[cold]
    #[inline(never)]
    fn take_over<A: Access>(&self, key: Str<'_>) {
        // Where keys are absent the one in this place may be another's.
        if !self.says::<A>(key) {
            return;
        }
        let old = self.key.swap(Owned::hold(key.obj()).into_ptr(), Relaxed);
        // SAFETY: the reference that the slot had.
        if let Some(old) = unsafe { Owned::take(old) } {
            old.drop_now();
        }
    }

    /// What the key says.
    #[must_use]
    pub fn name(&self) -> String {
        // SAFETY: held.
        unsafe { Obj::new(self.key.load(Relaxed)) }.as_str().unwrap_or(Text::EMPTY).to_lossy()
    }

    /// The site of its values, if any was made.
    #[must_use]
    pub fn site(&self) -> Option<&Site> {
        // SAFETY: null, or what `make_site` has made, which stays as long as the slot does.
        unsafe { self.site.load(Acquire).as_ref() }
    }

    /// The site of its values.
    #[inline(always)]
    #[must_use]
    pub fn its_site(&self) -> &Site {
        self.site().unwrap_or_else(|| self.make_site())
    }

    #[cold]
    #[inline(never)]
    fn make_site(&self) -> &Site {
        let made = Box::into_raw(Box::<Site>::default());
        match self.site.compare_exchange(null_mut(), made, AcqRel, Acquire) {
            // SAFETY: it is the slot's from now on.
            Ok(_) => unsafe { &*made },
            // SAFETY: another thread was quicker: its site stays as long as the slot does, and nobody knows of this one.
            Err(its) => unsafe {
                drop(Box::from_raw(made));
                &*its
            },
        }
    }
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

    /// What is expected first.
    #[inline(always)]
    #[must_use]
    pub fn guesses(&self) -> Guesses<'_> {
        Guesses(NonNull::from(&*self.slots).cast(), PhantomData)
    }

    /// What is expected behind slot `i`.
    #[must_use]
    pub fn guesses_behind(&self, i: usize) -> Guesses<'_> {
        self.guesses_from((i + 1).min(self.slots().len()))
    }

    #[inline(always)]
    fn guesses_from(&self, i: usize) -> Guesses<'_> {
        Guesses(NonNull::from(&self.slots[i]), PhantomData)
    }

    /// Which slot is expected; one that there is not, if none is.
    #[must_use]
    pub fn expected(&self, guesses: Guesses<'_>) -> usize {
        (guesses.0.addr().get() - self.slots.as_ptr().addr()) / size_of::<Slot>()
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
        let mut slots = Vec::new();
        while let Some((key, value)) = entries.next() {
            let fragment = fragment(key.ascii::<A>()?)?;
            slots.try_reserve(2).ok()?;
            // SAFETY: a living str of exact type.
            let hash = unsafe { A::str_hash(key.obj().as_ptr()) };
            let key = AtomicPtr::new(Owned::hold(key.obj()).into_ptr());
            slots.push(Slot::new(key, hash, fragment, Sample::of(value)));
        }
        if !(1..=MOST_KEYS).contains(&slots.len()) {
            return None;
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
