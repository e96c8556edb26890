//! Which key of a shape comes next.

use core::marker::PhantomData;
use core::ptr::NonNull;
use core::sync::atomic::Ordering::Relaxed;

use super::{Shape, Slot};
use crate::cpython::access::Access;
use crate::cpython::object::Str;

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
    pub(in crate::cpython) fn step_back(&mut self, slot: &'a Slot) {
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

impl Shape {
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
}
