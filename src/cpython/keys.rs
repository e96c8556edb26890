//! Keys that were met before, known by their address or by what they say.
//!
//! The same few words are the keys of most dicts. Where they are the same str objects as well, because names of
//! attributes and literals are interned and a parser makes each key of a document once, an address tells them apart.
//! Where each record has keys of its own, a look at their characters does. A key that is met a second time gets a
//! fragment, which costs two stores to write. Its place follows from the hash that a str that is a key has in it. The
//! table holds a reference to each of its keys, so that no other object can come to have the address of one.

use core::ptr::null_mut;
use pyo3::ffi::{self, PyObject};

use super::access::Access;
use super::object::Str;
use crate::emit::room::fragment;
use crate::fragment::Fragment;
use crate::text::Text;

/// Places for keys: so many str objects a thread are kept alive at the most.
const PLACES: usize = 512;

/// How often a key is refused a place that another one holds.
const PATIENCE: u8 = 100;

/// A place for the keys whose hashes fall on it.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Place {
    /// A key that is held, or null.
    key: *mut PyObject,
    /// Bits of its hash.
    hash: u32,
    /// Of the last key that says the same and is another object: its [`trace`].
    other: u32,
    /// The walk that gave out `id`; walks are counted from 1.
    walk: u64,
    /// Bits of the hash that was met here last without being known.
    met: u32,
    id: u16,
    /// How often another key was refused this place.
    refused: u8,
    fragment: Fragment,
}
const _: () = assert!(size_of::<Place>() == 64, "a place is a cache line");

const EMPTY: Place = Place {
    key: null_mut(),
    hash: 0,
    other: 0,
    walk: 0,
    met: 0,
    id: 0,
    refused: 0,
    fragment: Fragment::EMPTY,
};

/// The known keys of a thread.
#[derive(Debug)]
pub(super) struct Keys {
    /// Made on the heap: a thread's stack may be small.
    places: Box<[Place; PLACES]>,
    /// The number of the present walk.
    walk: u64,
    /// Ids given out in it.
    ids: u16,
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

/// Whether two keys are the same: few bytes, for which a call would cost more than the comparison.
#[inline(always)]
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    let word = |s: &[u8], at: usize| s[at..].first_chunk().map(|bytes| u64::from_ne_bytes(*bytes));
    let n = a.len();
    n == b.len()
        && match n.checked_sub(8) {
            Some(last) => (0..last).step_by(8).chain([last]).all(|at| word(a, at) == word(b, at)),
            None => a.iter().zip(b).all(|(a, b)| a == b),
        }
}

/// What of an address tells keys apart that were met one after the other.
pub(super) fn trace(key: *mut PyObject) -> u32 {
    (key as usize >> 4) as u32
}

impl Keys {
    /// No keys; `None` if there is no memory for their places.
    pub(super) fn new() -> Option<Self> {
        let mut places = Vec::new();
        places.try_reserve_exact(PLACES).ok()?;
        places.resize(PLACES, EMPTY);
        Some(Self { places: places.into_boxed_slice().try_into().ok()?, walk: 0, ids: 0 })
    }

    /// Another walk begins.
    pub(super) fn begin(&mut self) {
        self.walk += 1;
        self.ids = 0;
    }

    /// The fragment of `key`, a str of exact type, if it is known, and its number in this walk: 0 for the first that is
    /// found, and so on. Without `numbered` the number means nothing, and is not looked for.
    #[inline(always)]
    pub(super) fn find<A: Access>(&mut self, key: Str<'_>, numbered: bool) -> Option<(u32, &Fragment)> {
        let o = key.obj().as_ptr();
        // SAFETY: a living str, as the caller has found.
        let hash = unsafe { A::str_hash(o) };
        let mut at = place_of(hash);
        if self.places[at].key != o {
            at ^= 1;
            if self.places[at].key != o {
                at = self.find_equal::<A>(key, hash)?;
            }
        }
        if numbered && self.places[at].walk != self.walk {
            let next = self.ids.checked_add(1)?;
            (self.places[at].walk, self.places[at].id) = (self.walk, core::mem::replace(&mut self.ids, next));
        }
        let place = &self.places[at];
        Some((place.id.into(), &place.fragment))
    }

    /// The place of a key that is another object than `key` and says the same. If `key` is such a one for the second
    /// time it takes the other's place: then it is not one of many, but what this document has.
    #[inline(never)]
    fn find_equal<A: Access>(&mut self, key: Str<'_>, hash: isize) -> Option<usize> {
        let text = key.ascii::<A>()?.as_bytes();
        let says = |place: &Place| {
            // SAFETY: a key that is held, a str of exact type.
            let own = || unsafe { A::ascii(place.key) };
            place.hash == hash as u32 && !place.key.is_null() && own().is_some_and(|own| same(own, text))
        };
        let at = place_of(hash);
        let at = [at, at ^ 1].into_iter().find(|&at| says(&self.places[at]))?;
        let (place, trace) = (&mut self.places[at], trace(key.obj().as_ptr()));
        if place.other == trace {
            place.hold(key);
        }
        place.other = trace;
        Some(at)
    }

    /// A key that is not known has been met, a str of exact type; `text` is what it says, in ASCII.
    #[inline(always)]
    pub(super) fn meet<A: Access>(&mut self, key: Str<'_>, text: Text<'_>) {
        // SAFETY: a living str.
        let hash = unsafe { A::str_hash(key.obj().as_ptr()) };
        let at = place_of(hash);
        if self.places[at].met == rest_of(hash) {
            self.learn(at, key, hash, text);
        }
        self.places[at].met = rest_of(hash);
    }

    /// Keeps a key that has been met a second time, at `at` or in the place beside it. A key that is there already
    /// stays until so many others have asked for its place: two that take turns would be learnt each time.
    #[cold]
    #[inline(never)]
    fn learn(&mut self, at: usize, key: Str<'_>, hash: isize, text: Text<'_>) {
        let at =
            if self.places[at].key.is_null() || !self.places[at ^ 1].key.is_null() { at } else { at ^ 1 };
        let place = &mut self.places[at];
        if !place.key.is_null() && place.refused < PATIENCE {
            place.refused += 1;
            return;
        }
        if let Some(fragment) = fragment(text) {
            place.hold(key);
            // The id of the key that was here before is not this one's.
            (place.hash, place.walk, place.refused, place.fragment) = (hash as u32, 0, 0, fragment);
        }
    }
}

impl Place {
    /// Holds `key` in the place of the one that was held.
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
