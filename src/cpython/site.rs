//! A place of the document, and what a cached plan knows of the dicts there.

use core::ptr::null_mut;
use core::sync::atomic::{
    AtomicPtr, AtomicU8, AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release,
};
use std::sync::OnceLock;

use super::access::Access;
use super::boxed::boxed;
use super::dict::{Dict, Entries};
use super::shape::Shape;

/// Shapes that one site keeps. With more it is megamorphic, and learns no more.
const MOST_SHAPES: usize = 8;

/// Places for shapes by their first keys.
const PLACES: usize = 32;

/// Ways to spread first keys over their places that are tried.
const SPREADS: u64 = 16;

/// What a wrong guess costs, where a right one saves 1: so many right ones make up for it.
const COST: u64 = 16;

/// The balance at which a site is not guessed at any more: 128 wrong guesses in turn, or one in ten for a while.
const DESPAIR: u64 = 128 * COST;

/// Dicts that then go the general way before the next try, of so many guesses.
const REST: u64 = 4096;
const TRIES: u64 = 8;

/// Signatures that are remembered.
const SIGNATURES: usize = 16;

/// What a dict was like, as the next ones most likely are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// Keys are other objects than those of the shape, which say the same.
    pub equal: bool,
    /// There are values that are no scalars, and no dates, times or UUIDs.
    pub nested: bool,
    /// There are dates, times or UUIDs.
    pub stamped: bool,
}

impl Manner {
    const EQUAL: u8 = 1;
    const NESTED: u8 = 2;
    const STAMPED: u8 = 4;

    #[inline(always)]
    fn bits(self) -> u8 {
        let bit = |is: bool, bit: u8| u8::from(is) * bit;
        bit(self.equal, Self::EQUAL) | bit(self.nested, Self::NESTED) | bit(self.stamped, Self::STAMPED)
    }
}

/// A number that only counts. Threads that count at the same time may lose some.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// So many more.
    #[inline(always)]
    pub fn add(&self, n: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_add(n), Relaxed);
    }

    fn set(&self, n: u64) {
        self.0.store(n, Relaxed);
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
    /// Dicts that were not walked along a shape to their end.
    pub shapeless: Counter,
    /// Keys that say the same as a slot's and are other objects.
    pub equal: Counter,
    /// Keys that are in no slot of the shape.
    pub unknown: Counter,
    /// Keys that are in a slot of the shape which stands before.
    pub reordered: Counter,
    /// Dicts walked without a guess, because no shape is known that begins so.
    pub unshaped: Counter,
    /// Dicts with nothing in them: there is nothing to guess.
    pub empty: Counter,
    /// Dicts walked without a guess, because most of the last ones were wrong.
    pub general: Counter,
    /// Dicts walked without a guess, because their entries are in no table of strs.
    pub tableless: Counter,
    /// Dicts walked without a guess, because no shape has so many keys.
    pub wide: Counter,
    /// Instances of classes, which are written as without a plan. In a list that begins with one all elements count.
    pub instances: Counter,
    /// Dicts in which Python code has run, from which place on nothing was guessed.
    pub interrupted: Counter,
}

/// A place of the document.
#[derive(Debug, Default)]
pub struct Site {
    shapes: [OnceLock<Box<Shape>>; MOST_SHAPES],
    /// The only one of them that others do not cover; null if there are several.
    only: AtomicPtr<Shape>,
    /// Those that others do not cover; null behind the last.
    candidates: [AtomicPtr<Shape>; MOST_SHAPES],
    /// The shape that was chosen last of those whose first keys fall on each place: without a branch that nobody can
    /// foresee where shapes come by chance.
    chosen: [AtomicPtr<Shape>; PLACES],
    /// What addresses of keys are multiplied by, so that the first keys fall on places of their own; odd.
    spread: AtomicU64,
    element: OnceLock<Box<Site>>,
    /// What happened here.
    pub counts: Counts,
    /// The signatures of the last dicts whose shapes are not known, the oldest at the next place.
    met: [AtomicU64; SIGNATURES],
    next_met: Counter,
    /// Dicts of shapes that were not kept: because they did not come again, or for want of place.
    pub refused: Counter,
    /// What wrong guesses have cost beyond what right ones have saved; above `DESPAIR`, dicts that were not guessed at.
    balance: Counter,
    /// What the last dict was like: the bits of a [`Manner`].
    manner: AtomicU8,
}

impl Site {
    /// The shapes that are known here.
    pub fn shapes(&self) -> impl Iterator<Item = &Shape> {
        self.shapes.iter().map_while(OnceLock::get).map(|shape| &**shape)
    }

    /// Whether no dict is guessed at for now, because too many of the last ones were of other shapes.
    #[inline(always)]
    #[must_use]
    pub fn is_general(&self) -> bool {
        self.balance.get() >= DESPAIR
    }

    /// Whether that is so, or would be again after a few more wrong guesses.
    #[must_use]
    pub fn is_as_good_as_general(&self) -> bool {
        self.balance.get() >= DESPAIR - TRIES * COST
    }

    /// So many guesses were right.
    #[inline(always)]
    pub fn right(&self, n: u64) {
        let balance = self.balance.get();
        if balance > 0 {
            self.balance.set(balance.saturating_sub(n));
        }
    }

    /// A guess was wrong.
    #[inline(always)]
    pub fn wrong(&self) {
        self.balance.add(COST);
    }

    /// So many dicts were not guessed at, because the place is general.
    pub fn pass(&self, n: u64) {
        self.counts.general.add(n);
        self.counts.shapeless.add(n);
        let balance = self.balance.get() + n;
        self.balance.set(if balance < DESPAIR + REST { balance } else { DESPAIR - TRIES * COST });
    }

    /// Whether a dict of this signature was among the last ones of unknown shape.
    pub(super) fn has_met(&self, signature: u64) -> bool {
        if self.met.iter().any(|met| met.load(Relaxed) == signature) {
            return true;
        }
        let next = self.next_met.get();
        self.next_met.set(next.wrapping_add(1));
        self.met[next as usize % SIGNATURES].store(signature, Relaxed);
        false
    }

    /// Whether each dict is likely to have key objects of its own.
    #[must_use]
    pub fn is_of_equal_keys(&self) -> bool {
        self.is(Manner::EQUAL)
    }

    /// Whether each dict is likely to have values that are no scalars.
    #[inline(always)]
    #[must_use]
    pub fn is_nested(&self) -> bool {
        self.is(Manner::NESTED)
    }

    /// Whether each dict is likely to have dates, times or UUIDs in it.
    #[must_use]
    pub fn is_stamped(&self) -> bool {
        self.is(Manner::STAMPED)
    }

    #[inline(always)]
    fn is(&self, manner: u8) -> bool {
        self.manner.load(Relaxed) & manner != 0
    }

    /// A dict was like that.
    #[inline(always)]
    pub fn note(&self, manner: Manner) {
        let manner = manner.bits();
        if self.manner.load(Relaxed) != manner {
            self.manner.store(manner, Relaxed);
        }
    }

    /// Dicts that were met here.
    #[must_use]
    pub fn rows(&self) -> u64 {
        let rows = |shape: &Shape| shape.hits.get() + shape.others.get();
        self.counts.empty.get() + self.counts.shapeless.get() + self.shapes().map(rows).sum::<u64>()
    }

    /// Those whose keys were those of a shape, in its order, or that have none.
    #[must_use]
    pub fn hits(&self) -> u64 {
        self.counts.empty.get() + self.shapes().map(|shape| shape.hits.get()).sum::<u64>()
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

    /// Makes the site of the elements of arrays; `None` if there is no memory for it.
    pub(super) fn make_element(&self) -> Option<&Self> {
        // Where another thread was quicker, its site stays.
        let _ = self.element.set(boxed(Self::default())?);
        self.element()
    }

    /// The shape that a dict most likely has which has so many items and these entries.
    #[inline(always)]
    pub fn guess<A: Access>(&self, len: usize, entries: Entries<'_>) -> Option<&Shape> {
        let dict = entries.dict();
        if let Some(shape) = self.only()
            && shape.begins(len, entries)
        {
            return Some(shape);
        }
        let (first, last) = entries.ends::<A>()?;
        let place = self.chosen_for(first.obj().as_ptr().addr());
        match self.published(place) {
            Some(shape) if shape.fits(len, first, last) => Some(shape),
            _ => self.choose::<A>(dict, place),
        }
    }

    #[inline(always)]
    fn chosen_for(&self, key: usize) -> &AtomicPtr<Shape> {
        let spread = (key as u64).wrapping_mul(self.spread.load(Relaxed));
        &self.chosen[(spread >> (u64::BITS - PLACES.trailing_zeros())) as usize]
    }

    #[inline(never)]
    fn choose<A: Access>(&self, dict: Dict<'_>, place: &AtomicPtr<Shape>) -> Option<&Shape> {
        let (len, entries) = (dict.len::<A>(), dict.entries::<A>()?);
        let (first, last) = entries.ends::<A>()?;
        let Some(shape) = self.candidates().find(|shape| shape.fits(len, first, last)) else {
            return self.best::<A>(len, entries);
        };
        place.store(address(shape), Release);
        Some(shape)
    }

    /// Spreads the first keys of the candidates, so that they do not take each other's places.
    fn spread_chosen(&self) {
        self.chosen.iter().for_each(|place| place.store(null_mut(), Release));
        for i in 0..SPREADS {
            self.spread.store((2 * i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15), Relaxed);
            let place_of = |shape: &Shape| core::ptr::from_ref(self.chosen_for(shape.first())).addr();
            let candidates = self.candidates();
            let apart = |shape: &Shape| {
                candidates.clone().filter(|other| place_of(other) == place_of(shape)).count() == 1
            };
            if candidates.clone().all(apart) {
                break;
            }
        }
    }

    /// The shape that all dicts here have, as far as is known.
    #[inline(always)]
    pub fn only(&self) -> Option<&Shape> {
        self.published(&self.only)
    }

    #[inline(always)]
    fn candidates(&self) -> impl Iterator<Item = &Shape> + Clone {
        self.candidates.iter().map_while(|place| self.published(place))
    }

    #[inline(always)]
    fn published(&self, place: &AtomicPtr<Shape>) -> Option<&Shape> {
        // SAFETY: null, or one of this site's shapes, which stay where they are as long as it lives.
        unsafe { place.load(Acquire).as_ref() }
    }

    /// The shape with these ends and so many keys; where there are several, one that has all the keys. Where some keys
    /// are absent, the longest shape that has the first one.
    #[inline(never)]
    fn best<A: Access>(&self, len: usize, entries: Entries<'_>) -> Option<&Shape> {
        let (first, last) = entries.ends::<A>()?;
        // SAFETY: living strs of exact type.
        let hashes = unsafe { [first, last].map(|key| A::str_hash(key.obj().as_ptr())) };
        let mut fit = self.candidates().filter(|shape| {
            let slots = shape.slots();
            slots.len() == len
                && (slots[0].is(first) || slots[0].equals::<A>(first, hashes[0]))
                && (slots[len - 1].is(last) || slots[len - 1].equals::<A>(last, hashes[1]))
        });
        match (fit.next(), fit.next()) {
            (Some(shape), None) => return Some(shape),
            (None, _) => {}
            _ => return self.candidates().find(|shape| shape.covers::<A>(entries)),
        }
        let has = |shape: &&Shape| shape.find::<A>(first).is_some();
        self.candidates().filter(has).max_by_key(|shape| shape.slots().len())
    }

    /// Keeps a shape, if there is place and memory for it.
    pub(super) fn publish(&self, shape: Shape) -> bool {
        let Some(place) = self.shapes.iter().position(|place| place.get().is_none()) else { return false };
        let Some(shape) = boxed(shape) else { return false };
        self.shapes().filter(|old| shape.covers_shape(old)).for_each(Shape::note_covered);
        // Where another thread was quicker the shape is met again.
        let _ = self.shapes[place].set(shape);
        let mut count = 0;
        for shape in self.shapes().filter(|shape| !shape.is_covered()) {
            self.candidates[count].store(address(shape), Release);
            count += 1;
        }
        self.candidates[count..].iter().for_each(|place| place.store(null_mut(), Release));
        let only = if count == 1 { self.candidates[0].load(Relaxed) } else { null_mut() };
        self.only.store(only, Release);
        self.spread_chosen();
        true
    }
}

fn address(shape: &Shape) -> *mut Shape {
    core::ptr::from_ref(shape).cast_mut()
}
