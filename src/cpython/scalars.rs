//! The types of scalars, and of dates, times and UUIDs, told from others without a branch on which it is, for that cannot be
//! foreseen.

use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

use pyo3::ffi::{self, PyTypeObject};

/// Where types fall by the last bits of their addresses, which are multiples of 8: so many places that two of the scalars'
/// hardly ever meet. If they do, one of them counts as no scalar's, which costs time and nothing else.
const PLACES: usize = (1 << 16) / 8;

/// For each place the type that falls there, or null.
struct Types([AtomicPtr<PyTypeObject>; PLACES]);

/// Those of scalars.
static SCALARS: Types = Types::none();
/// The same, and those of dates, times and UUIDs, as soon as they are known.
static LIGHT: Types = Types::none();

impl Types {
    const fn none() -> Self {
        Self([const { AtomicPtr::new(null_mut()) }; PLACES])
    }

    #[inline(always)]
    fn place(&self, class: *mut PyTypeObject) -> &AtomicPtr<PyTypeObject> {
        let bits = usize::from(class.addr() as u16);
        debug_assert!(bits % 8 == 0, "a type has pointers in it");
        // SAFETY: a multiple of 8 below 2^16, as types lie at such addresses, is a place of the table.
        unsafe { &*self.0.as_ptr().byte_add(bits) }
    }

    #[inline(always)]
    fn has(&self, class: *mut PyTypeObject) -> bool {
        self.place(class).load(Relaxed) == class
    }
}

/// Learns where the types of str, int, float, bool and None are. Called at import.
pub(super) fn start() {
    // SAFETY: None is alive as long as the interpreter is.
    let none = unsafe { ffi::Py_TYPE(ffi::Py_None()) };
    for class in [
        &raw mut ffi::PyUnicode_Type,
        &raw mut ffi::PyLong_Type,
        &raw mut ffi::PyFloat_Type,
        &raw mut ffi::PyBool_Type,
        none,
    ] {
        SCALARS.place(class).store(class, Relaxed);
        LIGHT.place(class).store(class, Relaxed);
    }
}

/// A type of dates, times or UUIDs is known, and kept for good.
pub(super) fn learn_light(class: *mut PyTypeObject) {
    let place = LIGHT.place(class);
    // A scalar's stays.
    if place.load(Relaxed).is_null() {
        place.store(class, Relaxed);
    }
}

/// Whether it is the type of a scalar, exactly.
#[inline(always)]
pub(super) fn is_scalars(class: *mut PyTypeObject) -> bool {
    SCALARS.has(class)
}

/// Whether it is that, or a type that has been learnt.
#[inline(always)]
pub(super) fn is_light(class: *mut PyTypeObject) -> bool {
    LIGHT.has(class)
}
