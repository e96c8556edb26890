//! In which order the members of a dict are told.
//!
//! Rows have the same keys in the same order. Keys are compared by their addresses, which no other objects can come to
//! have as long as no Python code runs and the document stays as it is. Afterwards the keys are put in order anew. Where
//! they are the same objects as before they most likely will be again, and are held: then their order is known for good.

mod row;

use pyo3::ffi::{self, PyObject};

pub(super) use row::{AnyRow, Row};
pub use row::{Ordered, OrderedAny};

use super::access::Access;
use crate::sort::Few;

/// Places for orders.
const PLACES: usize = 512;

/// A dict with a longer key is looked at each time: its keys are not worth holding.
const LONGEST: usize = 64;

/// The generation of an order whose keys are held: no later one comes. They stay so when the thread ends, which may not
/// touch Python then.
const HELD: u64 = u64::MAX;

/// So many rows that were not known, and no half as many that were: then nothing is looked for or learnt until Python code has run.
const PATIENCE: u32 = 64;

/// The keys of a dict, and the numbers of its members in their order.
#[derive(Clone, Debug, Default)]
struct Order {
    /// The keys are those of dicts of this stretch of a walk without Python code, or [`HELD`].
    generation: u64,
    /// Of the keys: [`Row::trace`].
    trace: u64,
    keys: Vec<*mut PyObject>,
    sorted: Vec<u8>,
}

/// Orders that have been found.
#[derive(Debug, Default)]
struct Known {
    /// None until one is found.
    places: Vec<Order>,
    generation: u64,
    /// So many rows were not known since Python code has run, less two for each that was.
    strange: u32,
}

/// Where orders are looked for and found.
#[derive(Debug, Default)]
pub(super) struct Orders {
    known: Known,
    /// Where the last one was found.
    few: Few,
}

impl Order {
    #[inline(always)]
    fn is_of<const STRIDE: usize>(&self, row: Row<STRIDE>, trace: u64, generation: u64) -> bool {
        self.trace == trace && self.generation >= generation && self.has_keys_of(row)
    }

    #[inline(always)]
    fn has_keys_of<const STRIDE: usize>(&self, row: Row<STRIDE>) -> bool {
        self.keys.len() == row.len() && self.keys.iter().enumerate().all(|(i, &key)| key == row.key(i))
    }

    /// What is lost if another one takes its place: most, if it is of the document at hand.
    const fn worth(&self, generation: u64) -> u8 {
        match self.generation {
            _ if self.keys.is_empty() => 0,
            HELD => 2,
            own if own == generation => 3,
            _ => 1,
        }
    }

    /// From now on it is that of the row's keys. `None` if there is no memory.
    fn adopt<const STRIDE: usize>(&mut self, row: Row<STRIDE>, sorted: &[u8], generation: u64) -> Option<()> {
        if self.generation == HELD {
            self.let_go();
        }
        self.generation = generation;
        self.trace = row.trace();
        self.keys.clear();
        self.keys.try_reserve(row.len()).ok()?;
        self.sorted.clear();
        self.sorted.try_reserve(sorted.len()).ok()?;
        self.keys.extend((0..row.len()).map(|i| row.key(i)));
        self.sorted.extend_from_slice(sorted);
        Some(())
    }

    #[cold]
    #[inline(never)]
    fn learn<A: Access, const STRIDE: usize>(&mut self, row: Row<STRIDE>, sorted: &[u8], generation: u64) {
        // Not if they are held: then they would have been known.
        let again = self.has_keys_of(row) && row.is_lasting::<A>(LONGEST);
        if self.adopt(row, sorted, generation).is_none() {
            self.keys.clear();
        } else if again {
            self.hold();
        }
    }

    /// Holds the keys, which are those of a living row.
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
            // SAFETY: the reference that `hold` took. The key is exactly of one of the types that `Row::is_lasting` takes, so that
            // no Python code runs when it ends.
            unsafe { ffi::Py_DECREF(key) };
        }
    }
}

/// The places where the order of a row may be: documents that take turns have keys of their own.
#[inline(always)]
const fn places(trace: u64) -> [usize; 4] {
    let at = (trace >> (64 - PLACES.trailing_zeros())) as usize;
    [at, at ^ 1, at ^ 2, at ^ 3]
}

impl Known {
    #[inline(always)]
    fn order<const STRIDE: usize>(&mut self, row: Row<STRIDE>) -> Option<&[u8]> {
        if !self.learns() {
            return None;
        }
        let (trace, generation) = (row.trace(), self.generation);
        let known =
            |&at: &usize| self.places.get(at).is_some_and(|order| order.is_of(row, trace, generation));
        let at = places(trace).into_iter().find(known)?;
        // So that the shapes of a document are learnt although there are more.
        self.strange = self.strange.saturating_sub(2);
        Some(&self.places[at].sorted)
    }

    #[inline(always)]
    const fn learns(&self) -> bool {
        self.strange < PATIENCE
    }

    #[inline(always)]
    fn learn<A: Access, const STRIDE: usize>(&mut self, row: Row<STRIDE>, sorted: &[u8]) {
        row::outdate();
        self.strange += 1;
        if self.places.is_empty() && self.places.try_reserve_exact(PLACES).is_ok() {
            self.places.resize(PLACES, Order::default());
        }
        let generation = self.generation;
        let worth = |&at: &usize| self.places.get(at).map(|order| order.worth(generation));
        let at = places(row.trace()).into_iter().min_by_key(worth);
        if let Some(order) = at.and_then(|at| self.places.get_mut(at)) {
            order.learn::<A, _>(row, sorted, generation);
        }
    }
}

impl Orders {
    /// Python code may run, or another walk begins.
    pub(super) fn forget(&mut self) {
        row::outdate();
        self.known.generation += 1;
        self.known.strange = 0;
    }

    /// The row with its order; `None` if one of its keys cannot be told.
    #[inline(always)]
    pub(super) fn order<A: Access>(&mut self, row: Row) -> Option<Ordered> {
        let order = match self.known.order(row) {
            Some(order) => order,
            None => self.find::<A>(row)?,
        };
        // SAFETY: an order of as many numbers; it stays until another one is found.
        Some(unsafe { Ordered::new(row, order.as_ptr()) })
    }

    /// Puts the row in order, and keeps that.
    #[inline(never)]
    fn find<A: Access>(&mut self, row: Row) -> Option<&[u8]> {
        if !row.is_plain::<A>() {
            return None;
        }
        row::outdate();
        let sorted = self.few.order(row.len(), |i| row.text::<A>(i));
        if self.known.learns() {
            self.known.learn::<A, _>(row, sorted);
        }
        Some(sorted)
    }

    /// The row, whose keys may be of any type, with its order; `None` if that is not known.
    #[inline(always)]
    pub(super) fn known_order(&mut self, row: AnyRow) -> Option<OrderedAny> {
        let order = self.known.order(row)?;
        // SAFETY: an order of as many numbers; it stays until another one is found.
        Some(unsafe { Ordered::new(row, order.as_ptr()) })
    }

    /// Whether orders are learnt.
    pub(super) const fn learns(&self) -> bool {
        self.known.learns()
    }

    /// Keeps the order of such a row, all of whose numbers are in `sorted`; without a row, it was looked for in vain.
    #[cold]
    #[inline(never)]
    pub(super) fn learn<A: Access>(&mut self, row: Option<AnyRow>, sorted: &[u8]) {
        debug_assert!(row.is_none_or(|row| row.len() == sorted.len()));
        match row {
            Some(row) => self.known.learn::<A, _>(row, sorted),
            None => self.known.strange += 1,
        }
    }
}
