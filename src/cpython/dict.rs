//! Dicts.

use core::marker::PhantomData;
use core::ptr::{null, null_mut};

use pyo3::ffi::{self, PyObject};

use super::access::{Access, Table};
use super::flat::{Entry, WIDE_ROW, entries_are_light};
use super::object::{Obj, Str};

/// A borrowed dict.
#[derive(Clone, Copy, Debug)]
pub struct Dict<'a>(pub(super) Obj<'a>);

/// The way through a dict's items, in order.
///
/// It ends where the entries ended at first, so that a hook that adds some cannot keep it going. After Python code
/// ran, [`Cursor::refresh`] must come before [`Cursor::next`].
#[derive(Debug)]
pub struct Cursor<'a> {
    dict: Dict<'a>,
    /// The next entry's key, and one past the last entry: of the dict's present table, or both null if it has none
    /// that can be walked.
    at: *const *mut PyObject,
    end: *const *mut PyObject,
    table: Table,
    /// The way for a dict without such a table.
    slow: Option<Slow>,
}

/// The way through the entries of a table whose keys are all of type str exactly. It is good until Python code may run;
/// then [`Entries::cursor`] goes on.
#[derive(Clone, Copy, Debug)]
pub struct Entries<'a> {
    rest: Rest<'a>,
    /// Of the first entry: how far the way went when Python code runs.
    first: *const *mut PyObject,
    dict: Dict<'a>,
}

/// What is left of [`Entries`]: all that a loop over them needs.
#[derive(Clone, Copy, Debug)]
pub struct Rest<'a> {
    at: *const *mut PyObject,
    end: *const *mut PyObject,
    life: PhantomData<&'a PyObject>,
}

/// What `PyDict_Next` knows its place by.
#[derive(Clone, Copy, Debug)]
struct Slow {
    at: ffi::Py_ssize_t,
    /// What `at` was before the last item.
    before: ffi::Py_ssize_t,
    left: usize,
}

/// Words from one entry to the next where all keys are of type str exactly.
const STRIDE: usize = 2;

/// A table without entries.
const NOTHING: Table = Table { first: null(), stride: 2, entries: 0, exact_str: false };

impl<'a> Dict<'a> {
    /// The object.
    #[inline(always)]
    #[must_use]
    pub const fn obj(self) -> Obj<'a> {
        self.0
    }

    /// A tuple of its keys and values by turns, in their order, which nobody else knows; `None` if there is no memory
    /// for it. [`super::Public`] reads it as if it were the dict. A copy that is a dict would ask keys for their hash,
    /// and subclasses for their items, and so run Python code.
    #[cfg(Py_GIL_DISABLED)]
    pub(super) fn frozen(self) -> Option<super::call::Owned> {
        let dict = self.0.as_ptr();
        // SAFETY: a living dict, which is locked while it is read; no Python code runs meanwhile. The tuple's places
        // are filled before anybody sees them.
        unsafe {
            let mut section = core::mem::zeroed();
            ffi::PyCriticalSection_Begin(&raw mut section, dict);
            let len = ffi::PyDict_Size(dict);
            let tuple = ffi::PyTuple_New(2 * len);
            let (mut at, mut key, mut value) = (0, null_mut(), null_mut());
            let mut i = 0;
            while !tuple.is_null()
                && i < len
                && ffi::PyDict_Next(dict, &raw mut at, &raw mut key, &raw mut value) != 0
            {
                ffi::PyTuple_SET_ITEM(tuple, 2 * i, ffi::Py_NewRef(key));
                ffi::PyTuple_SET_ITEM(tuple, 2 * i + 1, ffi::Py_NewRef(value));
                i += 1;
            }
            ffi::PyCriticalSection_End(&raw mut section);
            debug_assert!(tuple.is_null() || i == len, "nobody has changed the dict");
            super::call::Owned::take(tuple)
        }
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

    /// The quick way through its items, if there is one.
    #[inline(always)]
    #[must_use]
    pub fn entries<A: Access>(self) -> Option<Entries<'a>> {
        // SAFETY: `look` has found a dict.
        let table = unsafe { A::dict_table(self.0.as_ptr()) }.filter(|table| table.exact_str)?;
        debug_assert!(table.stride == STRIDE);
        let end = table.first.wrapping_add(table.entries * STRIDE);
        let rest = Rest { at: table.first, end, life: PhantomData };
        Some(Entries { rest, first: table.first, dict: self })
    }

    /// The entries of its table, keys and values by turns, if all keys are of type str exactly. Where there are more than items,
    /// some are empty: their values are null. Whoever asks runs no Python code while it looks at them.
    #[inline(always)]
    pub(super) fn table<A: Access>(self) -> Option<&'a [[*mut PyObject; STRIDE]]> {
        // SAFETY: `look` has found a dict.
        let table = unsafe { A::dict_table(self.0.as_ptr()) }?;
        if !table.exact_str {
            return None;
        }
        if table.entries == 0 {
            // The table that all new dicts share ends before an address that entries could have.
            return Some(&[]);
        }
        debug_assert!(table.stride == STRIDE);
        // SAFETY: so many entries of the dict's table.
        Some(unsafe { core::slice::from_raw_parts(table.first.cast(), table.entries) })
    }

    /// A way through its items.
    #[inline(always)]
    #[must_use]
    pub fn cursor<A: Access>(self) -> Cursor<'a> {
        // SAFETY: `look` has found a dict.
        let table = unsafe { A::dict_table(self.0.as_ptr()) };
        let slow = match table {
            Some(_) => None,
            None => Some(Slow { at: 0, before: 0, left: self.len::<A>() }),
        };
        let table = table.unwrap_or(NOTHING);
        let end = table.first.wrapping_add(table.entries * table.stride);
        Cursor { dict: self, at: table.first, end, table, slow }
    }
}

impl<'a> Dict<'a> {
    /// A way through its items from the `i`-th on, to the `end`-th.
    #[must_use]
    pub fn cursor_at(self, i: usize, end: usize) -> Cursor<'a> {
        let slow = Slow { at: i as isize, before: i.saturating_sub(1) as isize, left: end.saturating_sub(i) };
        Cursor { dict: self, at: null(), end: null(), table: NOTHING, slow: Some(slow) }
    }
}

impl<'a> Rest<'a> {
    /// Whether there are none.
    #[inline(always)]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at == self.end
    }

    /// As [`Rest::next`], where hardly any entry is empty: without a loop, which would cost the loop around it registers.
    #[inline(always)]
    pub(super) fn next_in_line(&mut self) -> Option<(Str<'a>, Obj<'a>)> {
        if self.is_empty() {
            return None;
        }
        // SAFETY: as in `next`; where it is not empty, `behind_empty` ends at an entry with a value.
        unsafe {
            if (*self.at.add(1)).is_null() {
                *self = self.behind_empty();
                if self.is_empty() {
                    return None;
                }
            }
            let entry = (Str::exact(*self.at), Obj::new(*self.at.add(1)));
            self.at = self.at.wrapping_add(STRIDE);
            Some(entry)
        }
    }

    /// The same from the next entry on that is not empty.
    #[cold]
    #[inline(never)]
    fn behind_empty(mut self) -> Self {
        // SAFETY: as in `next`.
        while self.at != self.end && unsafe { (*self.at.add(1)).is_null() } {
            self.at = self.at.wrapping_add(STRIDE);
        }
        self
    }

    /// The entry that came last is to come again.
    #[inline(always)]
    pub(super) fn step_back(&mut self) {
        self.at = self.at.wrapping_sub(STRIDE);
    }

    /// The first `n`, empty ones among them.
    #[inline(always)]
    pub(super) fn first(self, n: usize) -> Self {
        if n < self.most() { Self { end: self.at.wrapping_add(n * STRIDE), ..self } } else { self }
    }

    /// From where these stand on all of `whole`, of which they are the first.
    #[inline(always)]
    pub(super) fn go_on(self, whole: Self) -> Self {
        debug_assert!(whole.at <= self.at && self.end <= whole.end, "they are of the same table");
        Self { end: whole.end, ..self }
    }

    /// How many there are at the most: some may have been taken out.
    #[inline(always)]
    pub(super) fn most(&self) -> usize {
        (self.end.addr() - self.at.addr()) / (STRIDE * size_of::<usize>())
    }

    /// The next key and value.
    #[inline(always)]
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Option<(Str<'a>, Obj<'a>)> {
        while self.at != self.end {
            // SAFETY: an entry of the dict's table, in which no Python code has run since it was found.
            let (key, value) = unsafe { (*self.at, *self.at.add(1)) };
            self.at = self.at.wrapping_add(STRIDE);
            if !value.is_null() {
                // SAFETY: an entry with a value has a key, of exact type in this table; the dict holds both.
                return Some(unsafe { (Str::exact(key), Obj::new(value)) });
            }
        }
        None
    }
}

impl<'a> Entries<'a> {
    /// The next key and value.
    #[inline(always)]
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Option<(Str<'a>, Obj<'a>)> {
        self.rest.next()
    }

    /// The dict that they are of.
    #[must_use]
    pub const fn dict(&self) -> Dict<'a> {
        self.dict
    }

    /// Those to come.
    #[inline(always)]
    #[must_use]
    pub const fn rest(&self) -> Rest<'a> {
        self.rest
    }

    /// Whether there are not too many to come, and the values of all are light.
    #[inline(always)]
    #[must_use]
    pub fn are_light<A: Access>(self) -> bool {
        let most = self.most();
        if most == 0 {
            // Where the entries of no table begin is no address.
            return true;
        }
        debug_assert!(self.rest.at.is_aligned());
        // SAFETY: so many entries of the table, as in `next`.
        let entries = unsafe { core::slice::from_raw_parts(self.rest.at.cast::<Entry>(), most) };
        most <= WIDE_ROW && entries_are_light::<A>(entries, most > self.dict.len::<A>())
    }

    /// How many there are to come at the most: some may have been taken out.
    #[inline(always)]
    #[must_use]
    pub fn most(self) -> usize {
        self.rest.most()
    }

    /// The `n` first of those to come, empty ones among them, and those behind.
    #[inline(always)]
    #[must_use]
    pub fn split_at(self, n: usize) -> (Self, Self) {
        let first = self.rest.first(n);
        let behind = Rest { at: first.end, ..self.rest };
        (Self { rest: first, ..self }, Self { rest: behind, ..self })
    }

    /// Those to come, and before them the one that `next` gave last.
    #[inline(always)]
    #[must_use]
    pub fn with_last(self) -> Self {
        debug_assert!(self.rest.at > self.first, "one has been given");
        Self { rest: Rest { at: self.rest.at.wrapping_sub(STRIDE), ..self.rest }, ..self }
    }

    /// Only these are left of them.
    #[inline(always)]
    pub fn go_on(&mut self, rest: Rest<'a>) {
        debug_assert!(rest.at >= self.rest.at && rest.end == self.rest.end, "they are of the same table");
        self.rest = rest;
    }

    /// The first key of those to come, unless the item was taken out.
    #[inline(always)]
    #[must_use]
    pub fn first(self) -> Option<Str<'a>> {
        if self.rest.at == self.rest.end {
            return None;
        }
        // SAFETY: an entry of the table, as in `next`.
        unsafe {
            let held = !(*self.rest.at.add(1)).is_null();
            held.then(|| Str::exact(*self.rest.at))
        }
    }

    /// The first and the last key of those to come. Items that were taken out do not count.
    #[inline(always)]
    #[must_use]
    pub fn ends<A: Access>(self) -> Option<(Str<'a>, Str<'a>)> {
        let (at, end) = (self.rest.at, self.rest.end);
        let bytes = self.dict.len::<A>() * STRIDE * size_of::<*mut PyObject>();
        if at != end && end.addr() - self.first.addr() == bytes {
            // SAFETY: entries of the table, as in `next`, none of which is empty, for the dict has as many items.
            return Some(unsafe { (Str::exact(*at), Str::exact(*end.sub(STRIDE))) });
        }
        self.ends_among_empty()
    }

    #[cold]
    #[inline(never)]
    fn ends_among_empty(self) -> Option<(Str<'a>, Str<'a>)> {
        let mut rest = self.rest;
        let (first, _) = rest.next()?;
        let mut last = self.rest.end;
        loop {
            last = last.wrapping_sub(STRIDE);
            // SAFETY: an entry of the table, as in `next`, which has found one: the loop goes no further than to that.
            unsafe {
                if !(*last.add(1)).is_null() {
                    return Some((first, Str::exact(*last)));
                }
            }
        }
    }

    /// The same way after Python code ran, if the dict still has a table in which all keys are of type str exactly, with as many entries
    /// as there were. What these are may have changed.
    #[inline(never)]
    #[must_use]
    pub fn renewed<A: Access>(self) -> Option<Self> {
        let mut cursor = self.cursor();
        cursor.refresh::<A>();
        let Cursor { dict, at, end, table, slow: _ } = cursor;
        // Where there are fewer, there may be more again later: a cursor remembers how many there were.
        let all = end == table.first.wrapping_add(table.entries * table.stride);
        (all && table.exact_str).then_some(Self {
            rest: Rest { at, end, life: PhantomData },
            first: table.first,
            dict,
        })
    }

    /// The same way, for when Python code ran: to be refreshed.
    #[cold]
    #[must_use]
    pub fn cursor(self) -> Cursor<'a> {
        let Rest { at, end, .. } = self.rest;
        let entries = (end as usize - self.first as usize) / (STRIDE * size_of::<usize>());
        let table = Table { first: self.first, stride: STRIDE, entries, exact_str: true };
        Cursor { dict: self.dict, at, end, table, slow: None }
    }
}

impl<'a> Cursor<'a> {
    /// The dict whose items they are.
    #[must_use]
    pub const fn dict(&self) -> Dict<'a> {
        self.dict
    }

    /// Python code ran, and the dict may have another table.
    #[inline]
    pub fn refresh<A: Access>(&mut self) {
        // Whoever began with one way goes on with it: they count their place differently. A dict that lost its
        // table has been emptied or become an instance's; what was left of it is gone.
        if self.slow.is_some() {
            return;
        }
        let passed =
            (self.at as usize - self.table.first as usize) / (size_of::<usize>() * self.table.stride);
        // SAFETY: a dict that is open in the world, so it is alive.
        let now = unsafe { A::dict_table(self.dict.0.as_ptr()) }.unwrap_or(NOTHING);
        let entries = now.entries.min(self.table.entries);
        self.table = Table { entries: self.table.entries, ..now };
        self.at = now.first.wrapping_add(passed.min(entries) * now.stride);
        self.end = now.first.wrapping_add(entries * now.stride);
    }

    /// The next key and value.
    #[inline(always)]
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Option<(Obj<'a>, Obj<'a>)> {
        while self.at != self.end {
            // SAFETY: an entry of the dict's present table, see `refresh`.
            let (key, value) = unsafe { (*self.at, *self.at.add(1)) };
            self.at = self.at.wrapping_add(self.table.stride);
            if !value.is_null() {
                // SAFETY: an entry with a value has a key, and the dict holds both.
                return Some(unsafe { (Obj::new(key), Obj::new(value)) });
            }
        }
        if self.slow.is_some() { self.api_next() } else { None }
    }

    /// The key of the item that [`Cursor::next`] returned last, as the dict has it now. The cursor is of no use
    /// afterwards.
    #[cold]
    pub fn last_key(&mut self) -> Option<Obj<'a>> {
        match &mut self.slow {
            Some(slow) => (slow.at, slow.left) = (slow.before, 1),
            None if self.at == self.table.first => return None,
            None => self.at = self.at.wrapping_sub(self.table.stride),
        }
        self.next().map(|(key, _)| key)
    }

    #[inline(never)]
    fn api_next(&mut self) -> Option<(Obj<'a>, Obj<'a>)> {
        let slow = self.slow.as_mut()?;
        slow.left = slow.left.checked_sub(1)?;
        slow.before = slow.at;
        let (mut key, mut value) = (null_mut(), null_mut());
        // SAFETY: a dict that is alive. `PyDict_Next` minds its bounds whatever the dict has become.
        let found =
            unsafe { ffi::PyDict_Next(self.dict.0.as_ptr(), &raw mut slow.at, &raw mut key, &raw mut value) };
        // SAFETY: the dict holds what `PyDict_Next` found.
        (found != 0).then(|| unsafe { (Obj::new(key), Obj::new(value)) })
    }
}
