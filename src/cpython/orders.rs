//! In which order the members of a dict are told whose keys are those of a dict that was sorted before.
//!
//! Rows have the same keys in the same order. Keys are compared by their addresses, which no other objects can come to
//! have as long as no Python code runs and the document stays as it is: before it may run, all orders are forgotten.

use pyo3::ffi::PyObject;

use super::access::{Access, Table};

/// Dicts with more members are sorted each time.
const MOST: usize = 64;

/// Places for orders.
const PLACES: usize = 64;

/// How often a place learns before it stays as it is: dicts that take turns would be learnt each time.
const PATIENCE: u8 = 16;

/// The keys of a dict, and the numbers of its members in their order.
#[derive(Clone, Debug, Default)]
struct Order {
    /// Those of the walk's present stretch without Python code count.
    generation: u64,
    /// How often other keys have been learnt here meanwhile.
    changes: u8,
    keys: Vec<*mut PyObject>,
    sorted: Vec<u8>,
}

/// Orders that have been found since Python code ran last.
#[derive(Debug, Default)]
pub(super) struct Orders {
    /// None until one is found.
    places: Vec<Order>,
    generation: u64,
}

/// The entries of a dict that has no holes and few members.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    first: *const *mut PyObject,
    stride: usize,
    len: usize,
}

impl Row {
    /// # Safety
    ///
    /// `dict` is a dict that is alive, and stays as it is as long as the row is used.
    #[inline(always)]
    pub(super) unsafe fn of<A: Access>(dict: *mut PyObject) -> Option<Self> {
        if cfg!(Py_GIL_DISABLED) {
            return None;
        }
        // SAFETY: the caller's promise.
        let (table, used) = unsafe { (A::dict_table(dict)?, A::dict_len(dict)) };
        let Table { first, stride, entries, .. } = table;
        (entries == used && (1..=MOST).contains(&used)).then_some(Self { first, stride, len: entries })
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    fn key(&self, i: usize) -> *mut PyObject {
        debug_assert!(i < self.len);
        // SAFETY: an entry of the dict (`of`).
        unsafe { *self.first.add(i * self.stride) }
    }

    /// The key and the value of member `i`.
    #[inline(always)]
    pub(super) fn member(&self, i: usize) -> (*mut PyObject, *mut PyObject) {
        debug_assert!(i < self.len);
        // SAFETY: an entry of the dict (`of`); there is a value to each key, for there are no holes.
        unsafe { (self.key(i), *self.first.add(i * self.stride + 1)) }
    }

    #[inline(always)]
    fn place(&self) -> usize {
        let spread = (self.key(0) as usize as u64 >> 4 ^ self.len as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (spread >> (64 - PLACES.trailing_zeros())) as usize
    }
}

impl Orders {
    /// Python code may run, or another walk begins.
    pub(super) fn forget(&mut self) {
        self.generation += 1;
    }

    /// The numbers of the row's members in the order of their keys, if that is known. Each is below its length.
    #[inline(always)]
    pub(super) fn find(&self, row: Row) -> Option<&[u8]> {
        let order = self.places.get(row.place())?;
        let known = order.generation == self.generation
            && order.sorted.len() == row.len
            && order.keys.iter().enumerate().all(|(i, &key)| key == row.key(i));
        known.then_some(&order.sorted)
    }

    /// The keys of the row, sorted, are these. Learnt when it comes for the second time.
    #[cold]
    #[inline(never)]
    pub(super) fn learn(&mut self, row: Row, sorted: impl Iterator<Item = *mut PyObject>) {
        if self.places.is_empty() && self.places.try_reserve_exact(PLACES).is_ok() {
            self.places.resize(PLACES, Order::default());
        }
        let Some(order) = self.places.get_mut(row.place()) else { return };
        if order.generation != self.generation {
            (order.generation, order.changes) = (self.generation, 0);
            order.keys.clear();
        }
        if order.changes == PATIENCE {
            return;
        }
        order.changes += 1;
        let again = order.keys.first() == Some(&row.key(0));
        order.keys.clear();
        order.sorted.clear();
        if order.keys.try_reserve(row.len).is_err() || order.sorted.try_reserve(row.len).is_err() {
            return;
        }
        order.keys.extend((0..row.len).map(|i| row.key(i)));
        if again {
            let number = |key| order.keys.iter().position(|&k| k == key);
            order.sorted.extend(sorted.filter_map(number).map(|i| i as u8));
        }
        debug_assert!(!again || order.sorted.len() == row.len);
    }
}
