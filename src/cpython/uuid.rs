//! UUIDs: a number of 128 bits in a slot.

use core::sync::atomic::{AtomicIsize, Ordering::Relaxed};

use pyo3::ffi::{self, PyObject};

use super::access::Access;
use super::names::Name;
use super::object::Obj;
use super::slot::offset_of;
use super::types;

/// A borrowed UUID.
#[derive(Clone, Copy, Debug)]
pub struct Uuid<'a>(pub(super) Obj<'a>);

/// Where the slot `int` is in a UUID, or 0 if it is no slot.
static SLOT: AtomicIsize = AtomicIsize::new(0);

/// The class has been found.
pub(super) fn find_slot() {
    let class = types::UUID.get();
    if !class.is_null() {
        let descriptor = types::own_item(class.cast(), Name::Int);
        let slot = descriptor.and_then(|descriptor| {
            let slot = offset_of(class.cast(), descriptor.obj().as_ptr());
            descriptor.drop_now();
            slot
        });
        SLOT.store(slot.unwrap_or(0), Relaxed);
    }
}

impl<'a> Uuid<'a> {
    /// The object.
    #[must_use]
    pub const fn obj(self) -> Obj<'a> {
        self.0
    }

    /// Its number, if the slot has one.
    #[must_use]
    pub fn number<A: Access>(self) -> Option<u128> {
        let slot = SLOT.load(Relaxed);
        // Without a GIL another thread may put something else there.
        if slot == 0 || cfg!(Py_GIL_DISABLED) {
            return None;
        }
        // SAFETY: `special` has found a UUID exactly, and instances of that class have a reference in this slot, or
        // null.
        unsafe {
            let number = self.0.as_ptr().byte_offset(slot).cast::<*mut PyObject>().read();
            if number.is_null() { None } else { Obj::new(number).wide_int::<A>() }
        }
    }
}

impl Obj<'_> {
    /// Its value if it is an int from 0 to 2^128 - 1.
    #[must_use]
    pub fn wide_int<A: Access>(self) -> Option<u128> {
        // SAFETY: asked of an int only.
        unsafe { if ffi::PyLong_Check(self.as_ptr()) == 0 { None } else { A::wide_int(self.as_ptr()) } }
    }
}
