//! An iterator.

use pyo3::ffi;

use super::call::{Owned, Raised};
use super::leave::leave;
use super::object::Obj;

/// An iterator. To ask it, and to let go of what it gave, may run any Python code; no walk may be under way.
#[derive(Debug)]
pub struct Iter(Owned);

impl Iter {
    /// Of an iterable.
    ///
    /// # Errors
    ///
    /// What was raised.
    pub fn new(iterable: Obj<'_>) -> Result<Self, Option<Raised>> {
        // SAFETY: a living object.
        unsafe { Owned::take(leave(|| ffi::PyObject_GetIter(iterable.as_ptr()))) }
            .map(Self)
            .ok_or_else(Raised::fetch)
    }

    /// Gives `each` the next object, which is held meanwhile; `None` if there is none.
    ///
    /// # Errors
    ///
    /// What was raised.
    pub fn next<R>(&self, each: impl FnOnce(Obj<'_>) -> R) -> Result<Option<R>, Option<Raised>> {
        // SAFETY: a living iterator.
        match unsafe { Owned::take(leave(|| ffi::PyIter_Next(self.0.obj().as_ptr()))) } {
            Some(item) => {
                let result = each(item.obj());
                item.drop_now();
                Ok(Some(result))
            }
            None => Raised::fetch().map_or(Ok(None), |raised| Err(Some(raised))),
        }
    }

    /// Lets go of it. Python code may run.
    pub fn close(self) {
        self.0.drop_now();
    }
}
