//! Objects read through the public C API: for free-threaded builds, and for a layout that `check` does not know.

use pyo3::ffi::{self, PyObject};

use super::access::{Access, Table};
use super::instance::{Place, Split};
use super::int::Int;
use crate::text::{Text, Width};

/// Reads objects through the public API.
#[derive(Clone, Copy, Debug)]
pub struct Public;

// SAFETY: the interpreter itself says what is where; the pointer is of the right type (the caller's promise).
unsafe impl Access for Public {
    unsafe fn int(o: *mut PyObject) -> Int {
        // SAFETY: an int.
        unsafe {
            let mut overflow = 0;
            let small = ffi::PyLong_AsLongLongAndOverflow(o, &raw mut overflow);
            if overflow == 0 {
                return Int::Small(small);
            }
            if overflow < 0 {
                return Int::Huge;
            }
            let big = ffi::PyLong_AsUnsignedLongLong(o);
            if ffi::PyErr_Occurred().is_null() {
                return Int::Big(big);
            }
            ffi::PyErr_Clear();
            Int::Huge
        }
    }

    unsafe fn wide_int(o: *mut PyObject) -> Option<u128> {
        let mut bytes = [0; 16];
        // SAFETY: an int, of which at most 16 bytes are asked for: unsigned, least significant first.
        unsafe {
            #[cfg(Py_3_13)]
            {
                const UNSIGNED: core::ffi::c_int = 1 | 4;
                const REFUSE_NEGATIVE: core::ffi::c_int = 8;
                let need = ffi::PyLong_AsNativeBytes(
                    o,
                    bytes.as_mut_ptr().cast(),
                    bytes.len() as isize,
                    UNSIGNED | REFUSE_NEGATIVE,
                );
                if !(0..=16).contains(&need) {
                    ffi::PyErr_Clear();
                    return None;
                }
            }
            #[cfg(not(Py_3_13))]
            if ffi::_PyLong_AsByteArray(o.cast(), bytes.as_mut_ptr(), bytes.len(), 1, 0) != 0 {
                ffi::PyErr_Clear();
                return None;
            }
        }
        Some(u128::from_le_bytes(bytes))
    }

    unsafe fn float(o: *mut PyObject) -> f64 {
        // SAFETY: a float, so that this neither calls Python code nor fails.
        unsafe { ffi::PyFloat_AsDouble(o) }
    }

    unsafe fn ascii<'a>(_: *mut PyObject) -> Option<&'a [u8]> {
        None
    }

    unsafe fn text<'a>(o: *mut PyObject) -> Option<Text<'a>> {
        // SAFETY: a str; KIND and DATA are the C API's own words for where its characters are.
        unsafe {
            #[cfg(not(Py_3_12))]
            if ffi::PyUnicode_READY(o) != 0 {
                ffi::PyErr_Clear();
                return None;
            }
            let len = usize::try_from(ffi::PyUnicode_GetLength(o)).ok()?;
            let at = ffi::PyUnicode_DATA(o).cast_const();
            let width = match ffi::PyUnicode_KIND(o) {
                1 => Width::Latin1,
                2 => Width::Ucs2,
                _ => Width::Ucs4,
            };
            Some(Text::from_raw(at.cast(), len, width))
        }
    }

    unsafe fn str_hash(o: *mut PyObject) -> isize {
        // SAFETY: a str of exact type, so that this neither calls Python code nor fails.
        unsafe { ffi::PyObject_Hash(o) }
    }

    unsafe fn list_len(o: *mut PyObject) -> usize {
        // SAFETY: a list.
        unsafe { ffi::PyList_GET_SIZE(o) as usize }
    }

    unsafe fn list_items(o: *mut PyObject) -> *const *mut PyObject {
        // SAFETY: a list. PySequence_Fast_ITEMS of the C API names the same field.
        unsafe { (*o.cast::<ffi::PyListObject>()).ob_item.cast_const() }
    }

    unsafe fn tuple_len(o: *mut PyObject) -> usize {
        // SAFETY: a tuple.
        unsafe { ffi::PyTuple_GET_SIZE(o) as usize }
    }

    unsafe fn tuple_items(o: *mut PyObject) -> *const *mut PyObject {
        // SAFETY: a tuple. PySequence_Fast_ITEMS of the C API names the same field.
        unsafe { (&raw const (*o.cast::<ffi::PyTupleObject>()).ob_item).cast() }
    }

    unsafe fn dict_len(o: *mut PyObject) -> usize {
        // SAFETY: a dict, or what `Dict::frozen` made of one.
        unsafe {
            if let Some(table) = frozen_table(o) {
                return table.entries;
            }
            ffi::PyDict_Size(o) as usize
        }
    }

    unsafe fn dict_keys(_: *mut PyObject) -> Option<*const u8> {
        None
    }

    unsafe fn dict_table(o: *mut PyObject) -> Option<Table> {
        // SAFETY: a dict, or what `Dict::frozen` made of one.
        unsafe { frozen_table(o) }
    }

    unsafe fn dict_split(_: *mut PyObject) -> Option<Split> {
        None
    }

    unsafe fn instance(_: *mut PyObject) -> Place {
        Place::Unknown
    }
}

/// The members of what `Dict::frozen` made of a dict, which only a free-threaded build does.
///
/// # Safety
///
/// A dict, or what `Dict::frozen` made of one.
#[inline(always)]
unsafe fn frozen_table(o: *mut PyObject) -> Option<Table> {
    // SAFETY: a tuple of keys and values by turns.
    unsafe {
        if !cfg!(Py_GIL_DISABLED) || ffi::PyTuple_CheckExact(o) == 0 {
            return None;
        }
        let (first, entries) = (Public::tuple_items(o), Public::tuple_len(o) / 2);
        Some(Table { first, stride: 2, entries, exact_str: false })
    }
}

/// Reads objects as [`Public`] does, in a walk whose encoders may override JSON's own types. Such a walk has an access
/// of its own, so that the others need not ask.
#[derive(Clone, Copy, Debug)]
pub struct Encoding;

// SAFETY: as for `Public`, which does it all.
unsafe impl Access for Encoding {
    const ENCODES: bool = true;

    unsafe fn int(o: *mut PyObject) -> Int {
        // SAFETY: the caller's promise.
        unsafe { Public::int(o) }
    }

    unsafe fn float(o: *mut PyObject) -> f64 {
        // SAFETY: the caller's promise.
        unsafe { Public::float(o) }
    }

    unsafe fn ascii<'a>(o: *mut PyObject) -> Option<&'a [u8]> {
        // SAFETY: the caller's promise.
        unsafe { Public::ascii(o) }
    }

    unsafe fn text<'a>(o: *mut PyObject) -> Option<Text<'a>> {
        // SAFETY: the caller's promise.
        unsafe { Public::text(o) }
    }

    unsafe fn str_hash(o: *mut PyObject) -> isize {
        // SAFETY: the caller's promise.
        unsafe { Public::str_hash(o) }
    }

    unsafe fn list_len(o: *mut PyObject) -> usize {
        // SAFETY: the caller's promise.
        unsafe { Public::list_len(o) }
    }

    unsafe fn list_items(o: *mut PyObject) -> *const *mut PyObject {
        // SAFETY: the caller's promise.
        unsafe { Public::list_items(o) }
    }

    unsafe fn tuple_len(o: *mut PyObject) -> usize {
        // SAFETY: the caller's promise.
        unsafe { Public::tuple_len(o) }
    }

    unsafe fn tuple_items(o: *mut PyObject) -> *const *mut PyObject {
        // SAFETY: the caller's promise.
        unsafe { Public::tuple_items(o) }
    }

    unsafe fn dict_len(o: *mut PyObject) -> usize {
        // SAFETY: the caller's promise.
        unsafe { Public::dict_len(o) }
    }

    unsafe fn dict_keys(o: *mut PyObject) -> Option<*const u8> {
        // SAFETY: the caller's promise.
        unsafe { Public::dict_keys(o) }
    }

    unsafe fn dict_table(o: *mut PyObject) -> Option<Table> {
        // SAFETY: the caller's promise.
        unsafe { Public::dict_table(o) }
    }

    unsafe fn wide_int(o: *mut PyObject) -> Option<u128> {
        // SAFETY: the caller's promise.
        unsafe { Public::wide_int(o) }
    }

    unsafe fn dict_split(o: *mut PyObject) -> Option<Split> {
        // SAFETY: the caller's promise.
        unsafe { Public::dict_split(o) }
    }

    unsafe fn instance(o: *mut PyObject) -> Place {
        // SAFETY: the caller's promise.
        unsafe { Public::instance(o) }
    }
}

/// The same access whatever the level.
#[cfg(Py_GIL_DISABLED)]
pub trait Everywhere {
    /// [`Public`].
    type Access;
}

#[cfg(Py_GIL_DISABLED)]
impl<L: crate::emit::kernel::Level> Everywhere for L {
    type Access = Public;
}
