//! Keys that were met before, known by their address.
//!
//! The same few str objects are the keys of most dicts: names of attributes and literals are interned, and a parser
//! makes each key of a document once. A key that is met a second time gets a fragment, which costs a comparison to
//! find and two stores to write. The cache holds a reference to each of its keys, so that no other object can come
//! to have the address of one.

use core::ptr::null_mut;
use pyo3::ffi::{self, PyObject};

use super::object::Obj;
use crate::emit::room::fragment;
use crate::fragment::Fragment;
use crate::text::Text;

/// Places for keys: so many str objects a thread are kept alive at the most.
const PLACES: usize = 512;

/// How often a key is refused a place that another one holds.
const PATIENCE: u8 = 100;

/// A place for the keys whose addresses fall on it.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Place {
    /// A key that is held, or null.
    key: *mut PyObject,
    /// The address that was met here last without being known. Nothing is read from it.
    met: *mut PyObject,
    /// The walk that gave out `id`; walks are counted from 1.
    walk: u64,
    id: u32,
    /// How often another key was refused this place.
    refused: u8,
    fragment: Fragment,
}
const _: () = assert!(size_of::<Place>() == 64, "a place is a cache line");

const EMPTY: Place =
    Place { key: null_mut(), met: null_mut(), walk: 0, id: 0, refused: 0, fragment: Fragment::EMPTY };

/// The known keys of a thread.
#[derive(Debug)]
pub(super) struct Keys {
    /// Made on the heap: a thread's stack may be small.
    places: Box<[Place; PLACES]>,
    /// The number of the present walk.
    walk: u64,
    /// Ids given out in it.
    ids: u32,
}

/// The place that an address falls on: objects lie 16 bytes apart, and a multiplication spreads the rest.
#[inline(always)]
fn place_of(key: *mut PyObject) -> usize {
    let spread = (key as usize as u64 >> 4).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (spread >> (64 - PLACES.trailing_zeros())) as usize
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

    /// The fragment of `key` if it is known, and its number in this walk: 0 for the first that is found, and so on.
    /// Without `numbered` the number means nothing, and is not looked for.
    #[inline(always)]
    pub(super) fn find(&mut self, key: Obj<'_>, numbered: bool) -> Option<(u32, &Fragment)> {
        let mut at = place_of(key.as_ptr());
        if self.places[at].key != key.as_ptr() {
            at ^= 1;
            if self.places[at].key != key.as_ptr() {
                return None;
            }
        }
        let place = &mut self.places[at];
        if numbered && place.walk != self.walk {
            place.walk = self.walk;
            place.id = self.ids;
            self.ids += 1;
        }
        Some((place.id, &place.fragment))
    }

    /// A key that is not known has been met; `text` is what it says, in ASCII.
    #[inline(always)]
    pub(super) fn meet(&mut self, key: Obj<'_>, text: Text<'_>) {
        let at = place_of(key.as_ptr());
        if self.places[at].met == key.as_ptr() {
            self.learn(at, key, text);
        }
        self.places[at].met = key.as_ptr();
    }

    /// Keeps a key that has been met a second time, at `at` or in the place beside it. A key that is there already
    /// stays until so many others have asked for its place: two that take turns would be learnt each time.
    #[cold]
    #[inline(never)]
    fn learn(&mut self, at: usize, key: Obj<'_>, text: Text<'_>) {
        let at =
            if self.places[at].key.is_null() || !self.places[at ^ 1].key.is_null() { at } else { at ^ 1 };
        let place = &mut self.places[at];
        if !place.key.is_null() && place.refused < PATIENCE {
            place.refused += 1;
            return;
        }
        if let Some(fragment) = fragment(text) {
            place.put(key, fragment);
        }
    }
}

impl Place {
    fn put(&mut self, key: Obj<'_>, fragment: Fragment) {
        // SAFETY: asked of a living object.
        debug_assert!(unsafe { ffi::PyUnicode_CheckExact(key.as_ptr()) } != 0, "no finaliser may run here");
        // SAFETY: a living str is held in the place of one that was held. Both are of type str exactly, so that
        // no Python code runs when the old one ends.
        unsafe {
            ffi::Py_INCREF(key.as_ptr());
            ffi::Py_XDECREF(self.key);
        }
        // The id of the key that was here before is not this one's.
        *self = Self { key: key.as_ptr(), met: null_mut(), walk: 0, id: 0, refused: 0, fragment };
    }
}
