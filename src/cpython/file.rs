//! A file object that a document goes to.

use core::ffi::CStr;

use pyo3::ffi::{self, PyObject};

use super::call::{Owned, Raised, call};
use super::make::{new_bytes, str_of};
use super::object::Obj;

/// What the `write` of a file takes and says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Takes bytes. Says how many it took, or None, which means all: so do many objects that are like files.
    Binary,
    /// Takes bytes; None means that it could take none just now (`io.RawIOBase`).
    Raw,
    /// Takes str, all of it.
    Text,
}

/// The `write` of a file. Every call of it may run any Python code: a walk must have told its world before.
#[derive(Debug)]
pub struct File {
    write: Owned,
    kind: Kind,
}

const NONE_TAKEN: &CStr =
    c"the file took no bytes: write() returned None, or 0. planjson needs a blocking file";
const NOT_A_NUMBER: &CStr = c"write() must return the number of bytes that it took, or None for all";
const TOO_MANY: &CStr =
    c"write() returned a number that is not between 0 and the number of bytes that it was given";

impl File {
    /// From the bound method `write`.
    pub const fn new(write: Owned, kind: Kind) -> Self {
        Self { write, kind }
    }

    /// Whether it is given str.
    #[must_use]
    pub fn takes_text(&self) -> bool {
        self.kind == Kind::Text
    }

    /// Lets go of it. Python code may run.
    pub fn close(self) {
        self.write.drop_now();
    }

    /// Writes all of `bytes`, which for a text file are whole characters of UTF-8. Python code may run.
    ///
    /// # Errors
    ///
    /// What was raised; `None` if there was no memory.
    pub fn write_all(&self, bytes: &[u8]) -> Result<(), Option<Raised>> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let piece = if self.kind == Kind::Text { str_of(rest)? } else { new_bytes(rest).ok_or(None)? };
            let answer = call(self.write.obj(), piece.obj());
            piece.drop_now();
            let answer = answer?;
            let taken = self.taken(answer.obj(), rest.len());
            answer.drop_now();
            rest = &rest[taken?..];
        }
        Ok(())
    }

    /// How much of `given` bytes `write` says that it took.
    fn taken(&self, answer: Obj<'_>, given: usize) -> Result<usize, Option<Raised>> {
        if self.kind == Kind::Text {
            return Ok(given);
        }
        // SAFETY: None is alive as long as the interpreter is, and so are the classes of exceptions; the answer is
        // held by the caller.
        unsafe {
            if answer.as_ptr() == ffi::Py_None() {
                return match self.kind {
                    Kind::Raw => Err(raise(ffi::PyExc_BlockingIOError, NONE_TAKEN)),
                    _ => Ok(given),
                };
            }
            if ffi::PyLong_Check(answer.as_ptr()) == 0 {
                return Err(raise(ffi::PyExc_TypeError, NOT_A_NUMBER));
            }
            let taken = ffi::PyLong_AsSsize_t(answer.as_ptr());
            if taken == -1 {
                ffi::PyErr_Clear();
            }
            match usize::try_from(taken) {
                Ok(0) => Err(raise(ffi::PyExc_BlockingIOError, NONE_TAKEN)),
                Ok(taken) if taken <= given => Ok(taken),
                _ => Err(raise(ffi::PyExc_ValueError, TOO_MANY)),
            }
        }
    }
}

/// An exception of `class`, made and not set.
///
/// # Safety
///
/// `class` is a living class of exceptions.
unsafe fn raise(class: *mut PyObject, message: &CStr) -> Option<Raised> {
    // SAFETY: sets an exception of that class, which is fetched at once.
    unsafe { ffi::PyErr_SetString(class, message.as_ptr()) };
    Raised::fetch()
}
