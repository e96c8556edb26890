//! What a cached plan knows: the sites of a document, and the shapes of the dicts that were met there.
//!
//! A site is a place of the document, indices aside: `$`, `$[*]`, `$[*].customer`. A shape is the keys of a dict, in
//! order, each in a slot with its finished fragment and the site of its value. All of it only grows: what is published
//! stays as it is until the program goes, so that a walk may borrow it while Python code runs, walks begin inside walks,
//! and other threads learn. A walk only ever uses it to guess the next key, and compares before it writes.
//!
//! The idea is that of inline caches: Chambers, Ungar, Lee, "An Efficient Implementation of SELF" (OOPSLA 1989), and
//! Hölzle, Chambers, Ungar, "Optimizing Dynamically-Typed Object-Oriented Languages With Polymorphic Inline Caches"
//! (ECOOP 1991).

use core::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::OnceLock;

use pyo3::ffi::PyObject;

use super::access::Access;
use super::call::Owned;
use super::dict::{Dict, Entries};
use super::keys::{same, trace};
use super::object::{Obj, Str, Value};
use super::seq::Seq;
use crate::emit::room::fragment;
use crate::fragment::Fragment;
use crate::text::Text;

/// Shapes that one site keeps. With more it is megamorphic, and learns no more.
pub const MOST_SHAPES: usize = 4;

/// Slots of all shapes of a program together.
const MOST_SLOTS: usize = 16_384;

/// Members of one shape.
const MOST_KEYS: usize = 2_048;

/// Sites inside sites; a document that is deeper is walked without a guess from there on.
const MOST_DEPTH: usize = 64;

/// Elements of an array that are looked at to compile.
const SAMPLE: usize = 64;

/// Dicts of unknown shape after which a site that never met one twice gives up learning.
const PATIENCE: u64 = 256;

/// Wrong guesses in turn after which a site is not guessed at any more.
const DESPAIR: u64 = 512;

/// A number that only counts. Threads that count at the same time may lose some.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// So many more.
    #[inline(always)]
    pub fn add(&self, n: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_add(n), Relaxed);
    }

    fn reset(&self) {
        self.0.store(0, Relaxed);
    }

    /// What it has counted.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// What happened at a site.
#[derive(Debug, Default)]
pub struct Counts {
    /// Dicts that were met.
    pub rows: Counter,
    /// Dicts whose keys were those of a shape, in its order; some of them may have been absent.
    pub hits: Counter,
    /// Keys that say the same as a slot's and are other objects.
    pub equal: Counter,
    /// Keys that are in no slot of the shape.
    pub unknown: Counter,
    /// Keys that are in a slot of the shape which stands before.
    pub reordered: Counter,
    /// Dicts walked without a guess, because no shape is known that begins so.
    pub unshaped: Counter,
    /// Dicts walked without a guess, because their entries are in no table of strs.
    pub tableless: Counter,
    /// Dicts in which Python code has run, from which place on nothing was guessed.
    pub interrupted: Counter,
}

/// A place of the document.
#[derive(Debug, Default)]
pub struct Site {
    shapes: [OnceLock<Box<Shape>>; MOST_SHAPES],
    element: OnceLock<Box<Site>>,
    /// What happened here.
    pub counts: Counts,
    /// The signature of the last dict whose shape is not known.
    met: AtomicU64,
    /// Shapes that were not kept: because they did not come again, or for want of place.
    pub refused: Counter,
    /// Dicts in turn that were guessed wrong.
    wrong: Counter,
}

/// The keys of a dict, in order.
#[derive(Debug)]
pub struct Shape {
    slots: Box<[Slot]>,
    /// Dicts that began as this shape does.
    pub rows: Counter,
}

/// A key of a shape.
#[derive(Debug)]
pub struct Slot {
    /// Held, and a str exactly, so that no Python code runs when it ends. Another that says the same may take its place
    /// ([`Slot::adopt`]), so it is looked at anew each time.
    key: AtomicPtr<PyObject>,
    hash: isize,
    /// Of the last key that says the same and is another object: its [`trace`].
    other: AtomicU32,
    /// The key as it is written; empty if it is not to be had as one.
    pub fragment: Fragment,
    site: OnceLock<Box<Site>>,
}

/// The slots of a shape whose keys are expected next.
#[derive(Clone, Copy, Debug)]
pub struct Guesses<'a>(&'a [Slot]);

impl<'a> Guesses<'a> {
    /// The next slot, if it is that of `key` itself.
    #[inline(always)]
    pub fn next(&mut self, key: Str<'_>) -> Option<&'a Slot> {
        let (slot, rest) = self.0.split_first()?;
        if !slot.is(key) {
            return None;
        }
        self.0 = rest;
        Some(slot)
    }

    /// The next slot, if `key` says the same as its key.
    #[inline(always)]
    pub fn next_equal<A: Access>(&mut self, key: Str<'_>) -> Option<&'a Slot> {
        let (slot, rest) = self.0.split_first()?;
        // SAFETY: a living str of exact type.
        let hash = unsafe { A::str_hash(key.obj().as_ptr()) };
        if !slot.equals::<A>(key, hash) {
            return None;
        }
        slot.adopt(key);
        self.0 = rest;
        Some(slot)
    }

    /// How many they are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }
}

/// A cached plan's knowledge.
#[derive(Debug)]
pub struct Program {
    root: Site,
    slots: AtomicUsize,
    learns: bool,
    /// Documents.
    pub calls: Counter,
}

impl Drop for Slot {
    fn drop(&mut self) {
        // SAFETY: the slot's own reference, which nobody else gives back.
        if let Some(key) = unsafe { Owned::take(*self.key.get_mut()) } {
            key.drop_now();
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
    #[inline(always)]
    fn is(&self, key: Str<'_>) -> bool {
        self.key.load(Relaxed) == key.obj().as_ptr()
    }

    /// What the key says, which is ASCII.
    #[inline(always)]
    fn text<A: Access>(&self) -> Option<&[u8]> {
        // SAFETY: held, a str exactly. It stays as long as this thread has the GIL; on a free-threaded build no other
        // takes its place.
        unsafe { A::ascii(self.key.load(Relaxed)) }
    }

    /// Whether `key`, which is another object, says the same.
    #[inline(always)]
    fn equals<A: Access>(&self, key: Str<'_>, hash: isize) -> bool {
        hash == self.hash
            && key.ascii::<A>().is_some_and(|t| self.text::<A>().is_some_and(|own| same(own, t.as_bytes())))
    }

    /// A key that is another object says the same. If it is the same one for the second time, it is not one of many but
    /// what this document has, and takes the other's place.
    #[inline(always)]
    fn adopt(&self, key: Str<'_>) {
        let trace = trace(key.obj().as_ptr());
        if self.other.swap(trace, Relaxed) == trace && !cfg!(Py_GIL_DISABLED) {
            let old = self.key.swap(Owned::hold(key.obj()).into_ptr(), Relaxed);
            // SAFETY: the reference that the slot had.
            if let Some(old) = unsafe { Owned::take(old) } {
                old.drop_now();
            }
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
        self.site.get().map(|site| &**site)
    }

    /// The site of its values.
    #[inline(always)]
    #[must_use]
    pub fn its_site(&self) -> &Site {
        self.site.get_or_init(Box::default)
    }
}

impl Shape {
    /// Its slots, in order.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// All of its slots.
    #[inline(always)]
    #[must_use]
    pub const fn guesses(&self) -> Guesses<'_> {
        Guesses(&self.slots)
    }

    /// Those behind slot `i`.
    #[must_use]
    pub fn guesses_behind(&self, i: usize) -> Guesses<'_> {
        Guesses(self.slots.get(i + 1..).unwrap_or_default())
    }

    /// The slot of `key`. Those from `next` on are looked at before the others.
    #[inline(never)]
    pub fn find<A: Access>(&self, next: usize, key: Str<'_>) -> Option<Found> {
        // SAFETY: a living str of exact type.
        let hash = unsafe { A::str_hash(key.obj().as_ptr()) };
        let (before, behind) = self.slots.split_at(next.min(self.slots.len()));
        let own = |slots: &[Slot]| slots.iter().position(|slot| slot.is(key));
        let equal = |slots: &[Slot]| slots.iter().position(|slot| slot.equals::<A>(key, hash));
        let (slot, same) = if let Some(i) = own(behind) {
            (next + i, true)
        } else if let Some(i) = own(before) {
            (i, true)
        } else if let Some(i) = equal(behind) {
            (next + i, false)
        } else {
            (equal(before)?, false)
        };
        if !same {
            self.slots[slot].adopt(key);
        }
        Some(Found { slot, same })
    }

    /// A shape of the dict's keys, if each can be had as a fragment.
    fn of<A: Access>(mut entries: Entries<'_>) -> Option<Self> {
        let mut slots = Vec::new();
        while let Some((key, _)) = entries.next() {
            let fragment = fragment(key.ascii::<A>()?)?;
            slots.try_reserve(1).ok()?;
            // SAFETY: a living str of exact type.
            let hash = unsafe { A::str_hash(key.obj().as_ptr()) };
            let key = AtomicPtr::new(Owned::hold(key.obj()).into_ptr());
            slots.push(Slot { key, hash, other: AtomicU32::new(0), fragment, site: OnceLock::new() });
        }
        (1..=MOST_KEYS)
            .contains(&slots.len())
            .then(|| Self { slots: slots.into_boxed_slice(), rows: Counter::default() })
    }
}

/// A number that dicts with the same keys in the same order share; never 0.
fn signature<A: Access>(mut entries: Entries<'_>) -> u64 {
    let mut sum = 1_u64;
    while let Some((key, _)) = entries.next() {
        // SAFETY: a living str of exact type.
        let hash = unsafe { A::str_hash(key.obj().as_ptr()) };
        sum = (sum.rotate_left(5) ^ hash as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    sum | 1
}

impl Site {
    /// The shapes that are known here.
    pub fn shapes(&self) -> impl Iterator<Item = &Shape> {
        self.shapes.iter().map_while(OnceLock::get).map(|shape| &**shape)
    }

    /// Whether no dict is guessed at any more, because the last ones were of other shapes.
    #[inline(always)]
    #[must_use]
    pub fn is_general(&self) -> bool {
        self.wrong.get() >= DESPAIR
    }

    /// A guess was right, or it was not.
    #[inline(always)]
    pub fn judge(&self, right: bool) {
        if !right {
            self.wrong.add(1);
        } else if self.wrong.get() > 0 {
            self.wrong.reset();
        }
    }

    /// Whether no shape has place here any more.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.shapes.last().is_some_and(|last| last.get().is_some())
    }

    /// The site of the elements of arrays, if any was made.
    #[must_use]
    pub fn element(&self) -> Option<&Self> {
        self.element.get().map(|site| &**site)
    }

    /// The site of the elements of arrays.
    #[must_use]
    pub fn its_element(&self) -> &Self {
        self.element.get_or_init(Box::default)
    }

    /// The shape that a dict most likely has which has so many items and these entries.
    #[inline(always)]
    pub fn guess<A: Access>(&self, len: usize, entries: Entries<'_>) -> Option<&Shape> {
        let (first, last) = entries.ends()?;
        let fits = |shape: &&Shape| {
            let slots = &shape.slots;
            slots.len() == len && slots[0].is(first) && slots[len - 1].is(last)
        };
        self.shapes().find(fits).or_else(|| self.best::<A>(len, first, last))
    }

    /// Where some keys may be absent, the longest shape that has the first key fits best.
    #[inline(never)]
    fn best<A: Access>(&self, len: usize, first: Str<'_>, last: Str<'_>) -> Option<&Shape> {
        // SAFETY: living strs of exact type.
        let hashes = unsafe { [first, last].map(|key| A::str_hash(key.obj().as_ptr())) };
        let fits = |shape: &&Shape| {
            let slots = &shape.slots;
            slots.len() == len
                && (slots[0].is(first) || slots[0].equals::<A>(first, hashes[0]))
                && (slots[len - 1].is(last) || slots[len - 1].equals::<A>(last, hashes[1]))
        };
        let has = |shape: &&Shape| shape.find::<A>(0, first).is_some();
        let longest = || self.shapes().filter(has).max_by_key(|shape| shape.slots.len());
        self.shapes().find(fits).or_else(longest)
    }

    fn publish(&self, shape: Shape) {
        let mut shape = Some(Box::new(shape));
        for place in &self.shapes {
            if place.get().is_none() {
                let _ = place.set(shape.take().expect("it is given once"));
                return;
            }
        }
    }
}

impl Program {
    /// One that knows nothing yet. Without `learns` it keeps what it was compiled with.
    #[must_use]
    pub fn new(learns: bool) -> Self {
        Self { root: Site::default(), slots: AtomicUsize::new(0), learns, calls: Counter::default() }
    }

    /// The site of the document itself.
    #[must_use]
    pub const fn root(&self) -> &Site {
        &self.root
    }

    /// Whether it learns shapes that it meets.
    #[must_use]
    pub const fn learns(&self) -> bool {
        self.learns
    }

    /// Slots of all shapes.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.slots.load(Relaxed)
    }

    /// Looks at an example: the shapes of its dicts become known. No Python code runs.
    pub fn compile<A: Access>(&self, example: Obj<'_>) {
        self.look_at::<A>(&self.root, example, 0);
    }

    fn look_at<A: Access>(&self, site: &Site, o: Obj<'_>, depth: usize) {
        if depth == MOST_DEPTH {
            return;
        }
        match o.look() {
            Value::Dict(dict) => self.look_at_dict::<A>(site, dict, depth),
            Value::List(seq) | Value::Tuple(seq) => self.look_at_elements::<A>(site, seq, depth),
            _ => {}
        }
    }

    fn look_at_elements<A: Access>(&self, site: &Site, seq: Seq<'_>, depth: usize) {
        for i in 0..seq.len::<A>().min(SAMPLE) {
            match seq.get::<A>(i).map(|o| (o, o.look())) {
                Some((o, Value::Dict(_) | Value::List(_) | Value::Tuple(_))) => {
                    self.look_at::<A>(site.its_element(), o, depth + 1);
                }
                Some(_) => {}
                None => break,
            }
        }
    }

    fn look_at_dict<A: Access>(&self, site: &Site, dict: Dict<'_>, depth: usize) {
        let Some(entries) = dict.entries::<A>() else { return };
        if !site.shapes().any(|shape| shape.fits::<A>(entries)) {
            self.keep::<A>(site, entries);
        }
        let Some(shape) = site.shapes().find(|shape| shape.fits::<A>(entries)) else { return };
        let mut entries = entries;
        for slot in &shape.slots {
            let Some((_, value)) = entries.next() else { break };
            if matches!(value.look(), Value::Dict(_) | Value::List(_) | Value::Tuple(_)) {
                self.look_at::<A>(slot.its_site(), value, depth + 1);
            }
        }
    }

    /// A dict of no known shape has been met at `site`: if it is the second in turn, its shape is learnt.
    #[inline(never)]
    pub fn meet<A: Access>(&self, site: &Site, entries: Entries<'_>) {
        if !self.learns || site.is_full() || site.refused.get() >= PATIENCE {
            return;
        }
        let signature = signature::<A>(entries);
        if site.met.swap(signature, Relaxed) == signature {
            self.keep::<A>(site, entries);
        } else {
            site.refused.add(1);
        }
    }

    fn keep<A: Access>(&self, site: &Site, entries: Entries<'_>) {
        if site.is_full() {
            return;
        }
        match Shape::of::<A>(entries) {
            Some(shape) if self.slots() + shape.slots.len() <= MOST_SLOTS => {
                self.slots.fetch_add(shape.slots.len(), Relaxed);
                site.publish(shape);
            }
            _ => site.refused.add(1),
        }
    }
}

impl Shape {
    /// Whether these entries have its keys, all of them and in its order.
    fn fits<A: Access>(&self, mut entries: Entries<'_>) -> bool {
        let mut next = 0;
        while let Some((key, _)) = entries.next() {
            match self.find::<A>(next, key) {
                Some(found) if found.slot == next => next += 1,
                _ => return false,
            }
        }
        next == self.slots.len()
    }
}
