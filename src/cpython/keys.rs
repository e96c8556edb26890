//! Keys that were met before, known by their address.
//!
//! The same few str objects are the keys of most dicts: names of attributes and literals are interned, and a parser
//! makes each key of a document once. A key that is met a second time gets a fragment, which costs a comparison to
//! find and two stores to write. The cache holds a reference to each of its keys, so that no other object can come
//! to have the address of one.

use core::cell::Cell;
use core::ptr::null_mut;
use std::sync::{Mutex, PoisonError};

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
    /// The walk that gave out `id`.
    walk: u32,
    id: u32,
    /// How often another key was refused this place.
    refused: u8,
    fragment: Fragment,
}
const _: () = assert!(size_of::<Place>() == 64, "a place is a cache line");

const EMPTY: Place =
    Place { key: null_mut(), met: null_mut(), walk: 0, id: 0, refused: 0, fragment: Fragment::EMPTY };

/// The known keys, while a walk has them.
#[derive(Debug)]
pub struct Keys {
    table: Option<Box<Table>>,
}

#[derive(Debug)]
struct Table {
    places: [Place; PLACES],
    /// The number of the present walk.
    walk: u32,
    /// Ids given out in it.
    ids: u32,
}

// SAFETY: a table is looked at by whoever has it, one thread at a time, under the rules for objects.
unsafe impl Send for Table {}

/// Tables of threads that have ended. They cannot let go of their keys, for a thread that ends may not touch Python.
static ORPHANS: Mutex<Vec<Box<Table>>> = Mutex::new(Vec::new());

/// This thread's table, when no walk has it.
struct Spare(Cell<Option<Box<Table>>>);

impl Drop for Spare {
    fn drop(&mut self) {
        if let Some(table) = self.0.take() {
            ORPHANS.lock().unwrap_or_else(PoisonError::into_inner).push(table);
        }
    }
}

std::thread_local! {
    static SPARE: Spare = const { Spare(Cell::new(None)) };
}

impl Table {
    #[cold]
    fn obtain() -> Box<Self> {
        let orphan = ORPHANS.lock().unwrap_or_else(PoisonError::into_inner).pop();
        orphan.unwrap_or_else(|| Box::new(Self { places: [EMPTY; PLACES], walk: 0, ids: 0 }))
    }
}

/// The place that an address falls on: objects lie 16 bytes apart, and a multiplication spreads the rest.
#[inline(always)]
fn place_of(key: *mut PyObject) -> usize {
    let spread = (key as usize as u64 >> 4).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (spread >> (64 - PLACES.trailing_zeros())) as usize
}

impl Keys {
    /// This thread's keys, for one walk.
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let spare = SPARE.try_with(|spare| spare.0.take()).ok().flatten();
        let mut table = spare.unwrap_or_else(Table::obtain);
        table.walk = table.walk.wrapping_add(1);
        table.ids = 0;
        Self { table: Some(table) }
    }

    /// The fragment of `key` if it is known, and its number in this walk: 0 for the first that is found, and so on.
    #[inline(always)]
    pub fn find(&mut self, key: Obj<'_>) -> Option<(u32, &Fragment)> {
        let table = self.table.as_mut()?;
        let mut at = place_of(key.as_ptr());
        if table.places[at].key != key.as_ptr() {
            at ^= 1;
            if table.places[at].key != key.as_ptr() {
                return None;
            }
        }
        let place = &mut table.places[at];
        if place.walk != table.walk {
            place.walk = table.walk;
            place.id = table.ids;
            table.ids += 1;
        }
        Some((place.id, &place.fragment))
    }

    /// A key that is not known has been met; `text` is what it says, in ASCII.
    #[inline(always)]
    pub fn meet(&mut self, key: Obj<'_>, text: Text<'_>) {
        let Some(table) = self.table.as_mut() else { return };
        let at = place_of(key.as_ptr());
        if table.places[at].met == key.as_ptr() {
            table.learn(at, key, text);
        }
        table.places[at].met = key.as_ptr();
    }
}

impl Table {
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

impl Default for Keys {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if let Some(table) = self.table.take() {
            let mut table = Some(table);
            let _ = SPARE.try_with(|spare| spare.0.set(table.take()));
            if let Some(table) = table {
                ORPHANS.lock().unwrap_or_else(PoisonError::into_inner).push(table);
            }
        }
    }
}
