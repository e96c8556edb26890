//! In which order the members of a dict are told whose keys are those of a dict that was sorted before.
//!
//! Rows have the same keys in the same order. Keys are compared by their addresses, which no other objects can come to
//! have as long as no Python code runs and the document stays as it is. Afterwards an order is a guess: the keys are
//! looked at once, whether it sorts them. Where they are the same objects as before they most likely will be again, and
//! are held: then their order is known for good.

use pyo3::ffi::{self, PyObject};

use super::access::{Access, Table};

/// Dicts with more members are sorted each time.
const MOST: usize = 64;

/// Words from one entry to the next where all keys are strs exactly.
const STRIDE: usize = 2;

/// Places for orders.
const PLACES: usize = 64;

/// A dict with a longer key is looked at each time: its keys are not worth holding.
const LONGEST: usize = 64;

/// The generation of an order whose keys are held: no later one comes. They stay so when the thread ends, which may not
/// touch Python then.
const HELD: u64 = u64::MAX;

/// How often a place learns before it stays as it is: dicts that take turns would be learnt each time.
const PATIENCE: u8 = 16;

/// The keys of a dict, and the numbers of its members in their order.
#[derive(Clone, Debug, Default)]
struct Order {
    /// The keys are those of dicts of this stretch of a walk without Python code, or [`HELD`].
    generation: u64,
    /// How often other keys have been learnt here meanwhile.
    changes: u8,
    keys: Vec<*mut PyObject>,
    /// Empty if the keys came for the first time.
    sorted: Vec<u8>,
}

/// Orders that have been found.
#[derive(Debug, Default)]
pub(super) struct Orders {
    /// None until one is found.
    places: Vec<Order>,
    generation: u64,
}

/// The entries of a dict that has no holes and few members, all of whose keys are strs exactly.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    first: *const *mut PyObject,
    len: usize,
}

/// A row whose order is known. Good until another order is learnt, or Python code may run.
#[derive(Clone, Copy, Debug)]
pub struct Ordered {
    row: Row,
    /// So many numbers below the row's length.
    order: *const u8,
}

impl Ordered {
    /// The key and the value of member `k` in the order of the keys.
    #[inline(always)]
    pub(super) fn member(self, k: usize) -> (*mut PyObject, *mut PyObject) {
        debug_assert!(k < self.row.len);
        // SAFETY: the order is as long as the row, and stays as long as this is used.
        self.row.member(usize::from(unsafe { self.order.add(k).read() }))
    }

    /// Number of members.
    #[inline(always)]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.row.len
    }

    /// The same order for another row, if that has the same keys.
    #[inline(always)]
    pub(super) fn of_another(self, row: Row) -> Option<Self> {
        let alike = row.len == self.row.len && (0..row.len).all(|i| row.key(i) == self.row.key(i));
        alike.then_some(Self { row, ..self })
    }
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
        let Table { first, entries, exact_str, .. } = table;
        (entries == used && exact_str && (1..=MOST).contains(&used)).then_some(Self { first, len: entries })
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    fn key(&self, i: usize) -> *mut PyObject {
        self.member(i).0
    }

    /// The key and the value of member `i`.
    #[inline(always)]
    fn member(&self, i: usize) -> (*mut PyObject, *mut PyObject) {
        debug_assert!(i < self.len);
        // SAFETY: an entry of the dict (`of`); there is a value to each key, for there are no holes.
        unsafe { (*self.first.add(STRIDE * i), *self.first.add(STRIDE * i + 1)) }
    }

    /// The places where its order may be: rows of another document with the same keys have it there too.
    #[inline(always)]
    fn places<A: Access>(&self) -> [usize; 2] {
        // SAFETY: a row's keys are strs.
        let hash = unsafe { A::str_hash(self.key(0)) };
        let spread = (hash as u64 ^ self.len as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let at = (spread >> (64 - PLACES.trailing_zeros())) as usize;
        [at, at ^ 1]
    }

    /// Whether no key is long. All are ASCII.
    fn is_short<A: Access>(&self) -> bool {
        // SAFETY: a row's keys are strs.
        (0..self.len).all(|i| unsafe { A::ascii(self.key(i)) }.is_some_and(|text| text.len() <= LONGEST))
    }

    /// Whether `order` sorts its keys. Not every order that does is seen to do so.
    #[inline(never)]
    fn is_sorted_by<A: Access>(&self, order: &[u8]) -> bool {
        // SAFETY: as above.
        let text = |i: &u8| unsafe { A::ascii(self.key(usize::from(*i))) };
        order.len() == self.len
            && text(&0).is_some()
            && order.is_sorted_by(|a, b| text(a).zip(text(b)).is_some_and(|(a, b)| a < b))
    }
}

impl Order {
    #[inline(always)]
    fn is_of(&self, row: Row, generation: u64) -> bool {
        self.generation >= generation && self.sorted.len() == row.len && self.has_keys_of(row)
    }

    #[inline(always)]
    fn has_keys_of(&self, row: Row) -> bool {
        self.keys.len() == row.len && self.keys.iter().enumerate().all(|(i, &key)| key == row.key(i))
    }

    /// Whether the row came last, most likely, although it may not have been sorted.
    fn is_met(&self, row: Row) -> bool {
        self.keys.len() == row.len && self.keys.first() == Some(&row.key(0))
    }

    /// What is lost if the row takes its place: least if it was met there.
    fn worth(&self, row: Row, generation: u64) -> u8 {
        let (is_known, is_present) = (!self.sorted.is_empty(), self.generation >= generation);
        if self.is_met(row) { 0 } else { 1 + 2 * u8::from(is_known) + u8::from(is_present) }
    }

    /// From now on it is that of the row's keys. What was learnt in another generation does not count.
    #[inline(always)]
    fn adopt(&mut self, row: Row, generation: u64) {
        if self.generation == HELD {
            self.let_go();
        }
        if self.generation != generation {
            (self.generation, self.changes) = (generation, 0);
        }
        self.keys.clear();
        self.keys.extend((0..row.len).map(|i| row.key(i)));
    }

    /// Holds the keys, which are those of a living row.
    #[cold]
    #[inline(never)]
    fn hold(&mut self) {
        debug_assert!(self.generation != HELD);
        for &key in &self.keys {
            // SAFETY: the row is alive, and with it its keys.
            unsafe { ffi::Py_INCREF(key) };
        }
        self.generation = HELD;
    }

    #[cold]
    #[inline(never)]
    fn let_go(&mut self) {
        self.generation = 0;
        for key in self.keys.drain(..) {
            // SAFETY: the reference that `hold` took. The key is of type str exactly, so that no Python code runs when it
            // ends.
            unsafe { ffi::Py_DECREF(key) };
        }
    }
}

impl Orders {
    /// Python code may run, or another walk begins.
    pub(super) fn forget(&mut self) {
        self.generation += 1;
    }

    /// The row with its order, if that is known.
    #[inline(always)]
    pub(super) fn find<A: Access>(&mut self, row: Row) -> Option<Ordered> {
        let places = row.places::<A>();
        let known = |&at: &usize| self.places.get(at).is_some_and(|order| order.is_of(row, self.generation));
        let at = match places.into_iter().find(known) {
            Some(at) => at,
            None => self.guess::<A>(row, places)?,
        };
        Some(Ordered { row, order: self.places[at].sorted.as_ptr() })
    }

    /// The place of an order of other keys that is that of these as well.
    #[inline(never)]
    fn guess<A: Access>(&mut self, row: Row, places: [usize; 2]) -> Option<usize> {
        let sorts =
            |&at: &usize| self.places.get(at).is_some_and(|order| row.is_sorted_by::<A>(&order.sorted));
        let at = places.into_iter().find(sorts)?;
        let order = &mut self.places[at];
        let as_before = order.generation < self.generation && order.has_keys_of(row);
        // There is place, for there were as many keys.
        order.adopt(row, self.generation);
        if as_before && row.is_short::<A>() {
            order.hold();
        }
        Some(at)
    }

    /// The keys of the row, sorted, are these. Learnt when it comes for the second time.
    #[cold]
    #[inline(never)]
    pub(super) fn learn<A: Access>(&mut self, row: Row, sorted: impl Iterator<Item = *mut PyObject>) {
        if self.places.is_empty() && self.places.try_reserve_exact(PLACES).is_ok() {
            self.places.resize(PLACES, Order::default());
        }
        if self.places.is_empty() {
            return;
        }
        let (places, generation) = (row.places::<A>(), self.generation);
        let worth = |&at: &usize| self.places[at].worth(row, generation);
        let Some(at) = places.into_iter().min_by_key(worth) else { return };
        let order = &mut self.places[at];
        if order.generation == generation && order.changes == PATIENCE {
            return;
        }
        let again = order.is_met(row);
        order.sorted.clear();
        let more = row.len.saturating_sub(order.keys.len());
        if order.keys.try_reserve(more).is_err() || order.sorted.try_reserve(row.len).is_err() {
            return;
        }
        order.adopt(row, generation);
        order.changes += 1;
        if again {
            let number = |key| order.keys.iter().position(|&k| k == key);
            order.sorted.extend(sorted.filter_map(number).map(|i| i as u8));
            if order.sorted.len() != row.len {
                debug_assert!(false, "the sorted keys are those of the row");
                order.sorted.clear();
            }
        }
    }
}
