//! Dicts.

use core::ptr::null_mut;

use pyo3::ffi::{self, PyObject};

use super::access::{Access, Table};
use super::object::Obj;

/// A borrowed dict.
#[derive(Clone, Copy, Debug)]
pub struct Dict<'a>(pub(super) Obj<'a>);

/// The way through a dict's items, in order.
///
/// It ends after as many items as there were at first, so that a hook that adds some cannot keep it going. After
/// Python code ran, [`Cursor::refresh`] must come before [`Cursor::next`].
#[derive(Debug)]
pub struct Cursor<'a> {
    dict: Dict<'a>,
    /// The table to walk, or none: then `PyDict_Next` walks.
    table: Option<Table>,
    /// Entries passed, or what `PyDict_Next` knows its place by.
    at: usize,
    /// What `at` was before the last item.
    before: usize,
    left: usize,
}

impl<'a> Dict<'a> {
    /// The object.
    #[inline(always)]
    #[must_use]
    pub const fn obj(self) -> Obj<'a> {
        self.0
    }

    /// Number of items now.
    #[inline(always)]
    #[must_use]
    pub fn len<A: Access>(self) -> usize {
        // SAFETY: `look` has found a dict.
        unsafe { A::dict_len(self.0.as_ptr()) }
    }

    /// Where its table begins, for look-ahead.
    #[inline(always)]
    pub(super) fn keys_address<A: Access>(self) -> Option<*const u8> {
        // SAFETY: `look` has found a dict.
        unsafe { A::dict_keys(self.0.as_ptr()) }
    }

    /// Gives the addresses of the first values to `look_ahead`.
    #[inline(always)]
    pub(super) fn each_value<A: Access>(self, most: usize, look_ahead: impl Fn(*const PyObject)) {
        // SAFETY: `look` has found a dict; entries below the table's number are its own.
        unsafe {
            let Some(table) = A::dict_table(self.0.as_ptr()) else { return };
            for i in 0..table.entries.min(most) {
                look_ahead(*table.first.add(i * table.stride + 1));
            }
        }
    }

    /// A way through its items.
    #[inline(always)]
    #[must_use]
    pub fn cursor<A: Access>(self) -> Cursor<'a> {
        // SAFETY: `look` has found a dict.
        let table = unsafe { A::dict_table(self.0.as_ptr()) };
        Cursor { dict: self, table, at: 0, before: 0, left: self.len::<A>() }
    }
}

impl<'a> Cursor<'a> {
    /// Python code ran, and the dict may have another table.
    #[inline]
    pub fn refresh<A: Access>(&mut self) {
        // SAFETY: a dict that is open in the world, so it is alive.
        let now = unsafe { A::dict_table(self.dict.0.as_ptr()) };
        // Whoever began with one way goes on with it: they count their place differently. A dict that lost its
        // table has been emptied or become an instance's; what was left of it is gone.
        match (self.table, now) {
            (Some(_), Some(_)) => self.table = now,
            (Some(_), None) => *self = Self { dict: self.dict, table: None, at: 0, before: 0, left: 0 },
            (None, _) => {}
        }
    }

    /// The next key and value.
    #[inline(always)]
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Option<(Obj<'a>, Obj<'a>)> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        let Some(table) = self.table else {
            self.before = self.at;
            return self.api_next();
        };
        while self.at < table.entries {
            // SAFETY: the entry is one of the table's; the table is the dict's present one, see `refresh`.
            let (key, value) = unsafe {
                let entry = table.first.add(self.at * table.stride);
                (*entry, *entry.add(1))
            };
            self.at += 1;
            if !value.is_null() {
                // SAFETY: an entry with a value has a key, and the dict holds both.
                return Some(unsafe { (Obj::new(key), Obj::new(value)) });
            }
        }
        None
    }

    /// The key of the item that [`Cursor::next`] returned last, as the dict has it now. The cursor is of no use
    /// afterwards.
    #[cold]
    pub fn last_key(&mut self) -> Option<Obj<'a>> {
        match self.table {
            Some(_) => self.at = self.at.checked_sub(1)?,
            None if self.left == 0 && self.at == 0 => return None,
            None => self.at = self.before,
        }
        self.left = 1;
        self.next().map(|(key, _)| key)
    }

    #[inline(never)]
    fn api_next(&mut self) -> Option<(Obj<'a>, Obj<'a>)> {
        let (mut key, mut value) = (null_mut(), null_mut());
        let mut at = self.at as ffi::Py_ssize_t;
        // SAFETY: a dict that is alive. `PyDict_Next` minds its bounds whatever the dict has become.
        let found =
            unsafe { ffi::PyDict_Next(self.dict.0.as_ptr(), &raw mut at, &raw mut key, &raw mut value) };
        self.at = at as usize;
        // SAFETY: the dict holds what `PyDict_Next` found.
        (found != 0).then(|| unsafe { (Obj::new(key), Obj::new(value)) })
    }
}
