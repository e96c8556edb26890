//! Keys that were met before, known by their address or by what they say.
//!
//! The same few words are the keys of most dicts. Where they are the same str objects as well, because names of
//! attributes and literals are interned and a parser makes each key of a document once, an address tells them apart.
//! Where each record has keys of its own, a look at their characters does. A key that is met a second time gets a
//! fragment, which costs two stores to write. Its place follows from the hash that a str that is a key has in it. The
//! table holds a reference to each of its keys, so that no other object can come to have the address of one.

use core::ptr::{NonNull, null_mut};
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use pyo3::ffi::{self, PyObject};

use super::access::Access;
use super::object::Str;
use crate::emit::room::{fragment, says};
use crate::fragment::{Fragment, LONGEST, PLACES, UNNUMBERED};
use crate::text::Text;

/// How often a key is refused a place that another one holds.
const PATIENCE: u8 = 100;

/// A place for the keys whose hashes fall on it.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Place {
    /// A key that is held, or null.
    key: *mut PyObject,
    /// The place of the key that was found after this one the last time.
    next: NonNull<Place>,
    /// Bits of the key's hash.
    hash: u32,
    /// Of the last key that says the same and is another object: its [`trace`].
    other: u32,
    /// The number of the fragment, see [`next_id`].
    id: u32,
    fragment: Fragment,
}
const _: () = assert!(size_of::<Place>() == 64, "a place is a cache line");

/// What of a place is looked at only when a key is not known.
#[derive(Clone, Copy, Debug)]
struct Doubt {
    /// Bits of the two hashes that were met here last without being known, the last one first. Two, for where a document
    /// has two keys of one place they come by turns.
    met: [u32; 2],
    /// Bits of the hash of the last key that was met here and has no fragment.
    never: u32,
    /// How often another key was refused this place.
    refused: u8,
    /// Whether the place beside it gives way the next time. By turns, for one of the two may be held by a key that
    /// nobody has any more, while two that are in use want the other.
    beside: bool,
}

/// The known keys of a thread.
#[derive(Debug)]
pub(super) struct Keys {
    /// As many as [`PLACES`], on the heap: a thread's stack may be small. They stay where they are, and the pointers
    /// from place to place good.
    places: NonNull<Place>,
    doubts: Box<[Doubt]>,
    /// The place of the key that was found last.
    last: NonNull<Place>,
}

/// A key that was found: a place in the table of a walk's desk. As a pen belongs to its room, it belongs to the world that
/// gave it, and goes back there; places stay as long as their desk.
#[derive(Clone, Copy, Debug)]
pub struct LastKey(NonNull<Place>);

/// The number of a fragment at `at` that no other has: the place, and above it a count. When that has come to its end,
/// keys are known without a number.
fn next_id(at: usize) -> u32 {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let most = UNNUMBERED / PLACES as u32;
    let count = COUNT.fetch_update(Relaxed, Relaxed, |count| (count < most).then_some(count + 1));
    count.map_or(UNNUMBERED, |count| (count * PLACES as u32) | at as u32)
}

/// The place that a hash falls on. The interpreter's hashes are random in all of their bits.
#[inline(always)]
const fn place_of(hash: isize) -> usize {
    hash as usize % PLACES
}

/// The bits of a hash that its place does not say.
const fn rest_of(hash: isize) -> u32 {
    (hash as usize / PLACES) as u32
}

/// What of an address tells keys apart that were met one after the other.
pub(super) fn trace(key: *mut PyObject) -> u32 {
    (key as usize >> 4) as u32
}

impl Keys {
    /// No keys; `None` if there is no memory for their places.
    pub(super) fn new() -> Option<Self> {
        let (mut places, mut doubts) = (Vec::new(), Vec::new());
        places.try_reserve_exact(PLACES).ok()?;
        doubts.try_reserve_exact(PLACES).ok()?;
        let (key, next) = (null_mut(), NonNull::dangling());
        places.resize(
            PLACES,
            Place { key, next, hash: 0, other: 0, id: UNNUMBERED, fragment: Fragment::EMPTY },
        );
        doubts.resize(PLACES, Doubt { met: [0; 2], never: 0, refused: 0, beside: false });
        // SAFETY: a box is never null; it is taken back when the keys are dropped.
        let places: NonNull<Place> =
            unsafe { NonNull::new_unchecked(Box::into_raw(places.into_boxed_slice())) }.cast();
        for i in 0..PLACES {
            // SAFETY: one of the places, of which nobody else knows yet.
            unsafe { places.add(i).as_mut() }.next = places;
        }
        Some(Self { places, doubts: doubts.into_boxed_slice(), last: places })
    }

    #[inline(always)]
    fn place(&self, i: usize) -> &Place {
        debug_assert!(i < PLACES);
        // SAFETY: there are so many places, each looked at through these keys alone.
        unsafe { self.places.add(i % PLACES).as_ref() }
    }

    fn place_mut(&mut self, i: usize) -> &mut Place {
        debug_assert!(i < PLACES);
        // SAFETY: as above.
        unsafe { self.places.add(i % PLACES).as_mut() }
    }

    /// The key that was found last.
    #[inline(always)]
    pub(super) const fn last(&self) -> LastKey {
        LastKey(self.last)
    }

    /// The next key is expected behind `last`, which is from these keys.
    #[inline(always)]
    pub(super) fn set_last(&mut self, last: LastKey) {
        debug_assert!(self.has(last.0));
        self.last = last.0;
    }

    fn has(&self, at: NonNull<Place>) -> bool {
        let first = self.places.addr().get();
        (first..first + PLACES * size_of::<Place>()).contains(&at.addr().get())
    }

    /// The fragment of `key`, a str of exact type, if it is known, and its number: as [`crate::sink::Sink::known_key`]
    /// wants it. `last` is the key that was found last; it is in the hands of whoever asks, for a loop that asks again and
    /// again would wait for what it has just stored.
    ///
    /// Keys follow one another as they did before, within a record and from one record to the next.
    #[inline(always)]
    pub(super) fn find_behind<A: Access>(
        &mut self,
        last: &mut LastKey,
        key: Str<'_>,
    ) -> Option<(u32, &Fragment)> {
        debug_assert!(self.has(last.0));
        // SAFETY: `last` came from these keys, as its type says, and so it, and `next` of every place, are places of them.
        let place = unsafe {
            let next = last.0.as_ref().next;
            if next.as_ref().key == key.obj().as_ptr() {
                last.0 = next;
            } else {
                let found = self.look_for::<A>(key, next)?;
                last.0.as_mut().next = found;
                last.0 = found;
            }
            last.0.as_ref()
        };
        Some((place.id, &place.fragment))
    }

    /// The same behind the key that is known to have been found last.
    #[inline(always)]
    pub(super) fn find<A: Access>(&mut self, key: Str<'_>) -> Option<(u32, &Fragment)> {
        let mut last = self.last();
        self.find_behind::<A>(&mut last, key)?;
        self.last = last.0;
        // SAFETY: a place of these keys.
        let place = unsafe { self.last.as_ref() };
        Some((place.id, &place.fragment))
    }

    /// The place of `key`, which is not the object that was `expected`. Whatever is to be called comes last, so that a walk
    /// need not keep these keys at hand.
    #[inline(always)]
    fn look_for<A: Access>(&mut self, key: Str<'_>, expected: NonNull<Place>) -> Option<NonNull<Place>> {
        // SAFETY: a living str, as the caller has found.
        let hash = unsafe { A::str_hash(key.obj().as_ptr()) };
        // SAFETY: the caller has it from one of these keys' places.
        let place = unsafe { &mut *expected.as_ptr() };
        if place.equals::<A>(key, hash) {
            place.adopt(key);
            return Some(expected);
        }
        // The same few keys in another order, as where dicts of several shapes take turns.
        let own = self.place_mut(place_of(hash));
        if own.key == key.obj().as_ptr() {
            return Some(NonNull::from(own));
        }
        self.look_further::<A>(key, hash)
    }

    /// The place of a key that is not held in its own.
    #[inline(never)]
    fn look_further<A: Access>(&mut self, key: Str<'_>, hash: isize) -> Option<NonNull<Place>> {
        let (own, beside) = (place_of(hash), place_of(hash) ^ 1);
        let at = if self.place(beside).key == key.obj().as_ptr() {
            beside
        } else {
            let at = [own, beside].into_iter().find(|&at| self.place(at).equals_any::<A>(key, hash))?;
            self.place_mut(at).adopt(key);
            at
        };
        Some(NonNull::from(self.place_mut(at)))
    }

    /// A key that is not known has been met, a str of exact type; `text` is what it says.
    #[inline(always)]
    pub(super) fn meet<A: Access>(&mut self, key: Str<'_>, text: Text<'_>) {
        if text.len() > LONGEST {
            return;
        }
        // SAFETY: a living str.
        let hash = unsafe { A::str_hash(key.obj().as_ptr()) };
        let at = place_of(hash);
        if self.doubts[at].never == rest_of(hash) {
            return;
        }
        if self.doubts[at].met.contains(&rest_of(hash)) {
            self.learn(at, key, hash, text);
        }
        let met = &mut self.doubts[at].met;
        *met = [rest_of(hash), met[0]];
    }

    /// Keeps a key that has been met a second time, at `at` or in the place beside it. A key that is there already
    /// stays until so many others have asked for its place: two that take turns would be learnt each time.
    #[cold]
    #[inline(never)]
    fn learn(&mut self, at: usize, key: Str<'_>, hash: isize, text: Text<'_>) {
        let free = [at, at ^ 1].into_iter().find(|&at| self.place(at).key.is_null());
        let doubt = &mut self.doubts[at];
        if free.is_none() && doubt.refused < PATIENCE {
            doubt.refused += 1;
            return;
        }
        let Some(fragment) = fragment(text) else {
            doubt.never = rest_of(hash);
            return;
        };
        let at = free.unwrap_or_else(|| {
            doubt.refused = 0;
            doubt.beside = !doubt.beside;
            at ^ usize::from(doubt.beside)
        });
        let place = self.place_mut(at);
        place.hold(key);
        (place.hash, place.id, place.fragment) = (hash as u32, next_id(at), fragment);
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let places = core::ptr::slice_from_raw_parts_mut(self.places.as_ptr(), PLACES);
        // SAFETY: made from a box of so many. Their keys stay held: a thread that ends may not touch Python.
        drop(unsafe { Box::from_raw(places) });
    }
}

impl Place {
    /// Whether `key`, which is another object than the key that is held here, says the same. In any alphabet.
    fn equals_any<A: Access>(&self, key: Str<'_>, hash: isize) -> bool {
        if self.hash != hash as u32 || self.key.is_null() {
            return false;
        }
        match key.ascii::<A>() {
            Some(t) => says(&self.fragment, t.as_bytes()),
            // SAFETY: a str that is held, of exact type.
            None => key.says_the_same::<A>(unsafe { Str::exact(self.key) }),
        }
    }

    /// The same of ASCII.
    #[inline(always)]
    fn equals<A: Access>(&self, key: Str<'_>, hash: isize) -> bool {
        self.hash == hash as u32 && key.ascii::<A>().is_some_and(|t| says(&self.fragment, t.as_bytes()))
    }

    /// A key that is another object says the same. If it is the same one for the second time, it is not one of many but
    /// what this document has, and takes the other's place.
    #[inline(always)]
    fn adopt(&mut self, key: Str<'_>) {
        let trace = trace(key.obj().as_ptr());
        if self.other == trace {
            self.hold(key);
        }
        self.other = trace;
    }

    /// Holds `key` in the place of the one that was held.
    #[cold]
    #[inline(never)]
    fn hold(&mut self, key: Str<'_>) {
        let key = key.obj().as_ptr();
        // SAFETY: asked of a living object.
        debug_assert!(unsafe { ffi::PyUnicode_CheckExact(key) } != 0, "no finaliser may run here");
        // SAFETY: a living str is held in the place of one that was held. Both are of type str exactly, so that
        // no Python code runs when the old one ends.
        unsafe {
            ffi::Py_INCREF(key);
            ffi::Py_XDECREF(self.key);
        }
        self.key = key;
    }
}
