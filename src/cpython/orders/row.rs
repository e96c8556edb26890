//! The dicts whose order is looked for: of few members.

use pyo3::ffi::PyObject;

use crate::cpython::access::{Access, Table};
use crate::cpython::int::Int;
use crate::cpython::object::{Obj, Value};
use crate::sort::few::MOST;
use crate::text::Text;

/// Words from one entry to the next where all keys are strs exactly.
const STRS: usize = 2;

/// The same where some are not: in front of each key is its hash.
const ANY: usize = 3;

/// The entries of a dict that has no holes and few members, from one to the next as many words as are where all keys are strs exactly,
/// or where they may be of any type.
#[derive(Clone, Copy, Debug)]
pub(in crate::cpython) struct Row<const STRIDE: usize = STRS> {
    first: *const *mut PyObject,
    len: usize,
}

/// A row with keys of any type.
pub(in crate::cpython) type AnyRow = Row<ANY>;

/// A row whose order is known. Good until another order is learnt, or Python code may run.
#[derive(Clone, Copy, Debug)]
pub struct Ordered<const STRIDE: usize = STRS> {
    row: Row<STRIDE>,
    /// So many numbers below the row's length.
    order: *const u8,
    #[cfg(debug_assertions)]
    moment: u64,
}

/// What [`Ordered`] rests on: that no order of this thread has been found or forgotten since.
#[cfg(debug_assertions)]
mod moment {
    use core::cell::Cell;

    std::thread_local! {
        static NOW: Cell<u64> = const { Cell::new(0) };
    }

    pub(super) fn now() -> u64 {
        NOW.with(Cell::get)
    }

    pub(super) fn pass() {
        NOW.with(|now| now.set(now.get() + 1));
    }
}

/// An order is found or forgotten: every [`Ordered`] of before must not be used any more.
#[inline(always)]
pub(super) fn outdate() {
    #[cfg(debug_assertions)]
    moment::pass();
}

/// The same of one with keys of any type.
pub type OrderedAny = Ordered<ANY>;

impl<const STRIDE: usize> Ordered<STRIDE> {
    /// # Safety
    ///
    /// `order` has all numbers below the row's length, and stays as long as this is used.
    #[inline(always)]
    pub(in crate::cpython) unsafe fn new(row: Row<STRIDE>, order: *const u8) -> Self {
        Self {
            row,
            order,
            #[cfg(debug_assertions)]
            moment: moment::now(),
        }
    }

    /// The key and the value of member `k` in the order of the keys.
    #[inline(always)]
    pub(in crate::cpython) fn member(self, k: usize) -> (*mut PyObject, *mut PyObject) {
        debug_assert!(k < self.row.len);
        #[cfg(debug_assertions)]
        assert_eq!(self.moment, moment::now(), "no other order has been found since");
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
    pub(in crate::cpython) fn of_another(self, row: Row<STRIDE>) -> Option<Self> {
        let alike = row.len == self.row.len && (0..row.len).all(|i| row.key(i) == self.row.key(i));
        alike.then_some(Self { row, ..self })
    }
}

impl<const STRIDE: usize> Row<STRIDE> {
    /// # Safety
    ///
    /// `dict` is a dict that is alive, and stays as it is as long as the row is used.
    #[inline(always)]
    pub(in crate::cpython) unsafe fn of<A: Access>(dict: *mut PyObject) -> Option<Self> {
        if cfg!(Py_GIL_DISABLED) {
            return None;
        }
        // SAFETY: the caller's promise.
        let (table, used) = unsafe { (A::dict_table(dict)?, A::dict_len(dict)) };
        let Table { first, entries, exact_str, stride } = table;
        let is_such = if STRIDE == STRS { exact_str } else { stride == STRIDE };
        (entries == used && is_such && (1..=MOST).contains(&used)).then_some(Self { first, len: entries })
    }

    pub(in crate::cpython) const fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    pub(in crate::cpython) fn key(&self, i: usize) -> *mut PyObject {
        self.member(i).0
    }

    /// The key and the value of member `i`.
    #[inline(always)]
    fn member(&self, i: usize) -> (*mut PyObject, *mut PyObject) {
        debug_assert!(i < self.len);
        // SAFETY: an entry of the dict (`of`); there is a value to each key, for there are no holes.
        unsafe { (*self.first.add(STRIDE * i), *self.first.add(STRIDE * i + 1)) }
    }

    /// A number that rows with the same keys in the same order have as well, spread over all bits.
    #[inline(always)]
    pub(in crate::cpython) fn trace(&self) -> u64 {
        // Products that do not wait for each other.
        let sum = (0..self.len)
            .fold(0u64, |sum, i| sum.wrapping_add((self.key(i) as u64).wrapping_mul(2 * i as u64 + 1)));
        sum.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// Whether what every key says stays the same as long as it lives, which is no longer than so many characters.
    pub(in crate::cpython) fn is_lasting<A: Access>(&self, longest: usize) -> bool {
        // SAFETY: the row's keys are alive.
        (0..self.len).all(|i| match unsafe { Obj::new(self.key(i)) }.look() {
            Value::Str(s) => s.text::<A>().is_some_and(|text| text.len() <= longest),
            Value::Int(v) => matches!(v.read::<A>(), Int::Small(_)),
            Value::Bool(_) | Value::None => true,
            _ => false,
        })
    }
}

impl Row {
    /// What key `i` says. It says something (`is_plain`).
    #[inline(always)]
    pub(in crate::cpython) fn text<A: Access>(&self, i: usize) -> Text<'_> {
        // SAFETY: a row's keys are strs.
        match unsafe { A::ascii(self.key(i)) } {
            Some(text) => Text::ascii(text),
            None => self.wide_text::<A>(i).unwrap_or(Text::EMPTY),
        }
    }

    #[cold]
    #[inline(never)]
    fn wide_text<A: Access>(&self, i: usize) -> Option<Text<'_>> {
        // SAFETY: as above.
        unsafe { A::text(self.key(i)) }
    }

    /// Whether all keys can be told.
    #[inline(always)]
    pub(in crate::cpython) fn is_plain<A: Access>(&self) -> bool {
        let is_plain = |i| {
            // SAFETY: as above.
            let ascii = unsafe { A::ascii(self.key(i)) };
            ascii.is_some() || self.wide_text::<A>(i).is_some_and(|text| text.surrogate().is_none())
        };
        (0..self.len).all(is_plain)
    }
}
