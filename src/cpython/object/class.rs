//! Questions about an object's class: its names, what it is derived from, what its instances can do.

use core::ffi::CStr;
use core::marker::PhantomData;

use pyo3::ffi;

use super::Obj;

/// Which type an object is of, to be compared while that type is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeId(*mut ffi::PyTypeObject);

impl<'a> Obj<'a> {
    /// Which type it is of.
    #[inline(always)]
    #[must_use]
    pub fn type_id(self) -> TypeId {
        TypeId(self.type_of())
    }

    /// Its type.
    #[must_use]
    pub fn class(self) -> Obj<'a> {
        Obj(self.type_of().cast(), PhantomData)
    }

    /// Whether it is a type itself.
    #[must_use]
    pub fn is_type(self) -> bool {
        // SAFETY: a living object.
        unsafe { ffi::PyType_Check(self.0) != 0 }
    }

    /// The name of a type.
    #[must_use]
    pub fn name_of_type(self) -> String {
        debug_assert!(self.is_type());
        // SAFETY: a living type, whose name ends in NUL.
        unsafe {
            CStr::from_ptr((*self.0.cast::<ffi::PyTypeObject>()).tp_name).to_string_lossy().into_owned()
        }
    }

    /// Whether its type is `class` or derived from it.
    #[must_use]
    pub fn is_of(self, class: Obj<'_>) -> bool {
        // SAFETY: a living object, and a living type, if it is one.
        class.is_type() && unsafe { ffi::PyType_IsSubtype(self.type_of(), class.0.cast()) != 0 }
    }

    /// Whether it is a bytearray or a memoryview.
    #[must_use]
    pub fn is_buffer(self) -> bool {
        // SAFETY: a living object.
        unsafe { ffi::PyByteArray_Check(self.0) != 0 || ffi::PyMemoryView_Check(self.0) != 0 }
    }

    /// Whether its type is called so, and is not made in Python.
    #[must_use]
    pub fn is_called(self, name: &CStr) -> bool {
        // SAFETY: a living object has a living type, whose name ends in NUL.
        unsafe { CStr::from_ptr((*self.type_of()).tp_name) == name }
    }

    /// Whether its type is derived from bytes, bytearray, tuple, set or frozenset, and none of them exactly.
    #[must_use]
    pub fn is_of_builtin_subclass(self) -> bool {
        let class = self.type_of();
        let bases = [
            &raw mut ffi::PyBytes_Type,
            &raw mut ffi::PyByteArray_Type,
            &raw mut ffi::PyTuple_Type,
            &raw mut ffi::PySet_Type,
            &raw mut ffi::PyFrozenSet_Type,
        ];
        // SAFETY: living types.
        bases.iter().all(|&base| base != class)
            && bases.iter().any(|&base| unsafe { ffi::PyType_IsSubtype(class, base) } != 0)
    }

    /// Whether its type has `__iter__`.
    #[must_use]
    pub fn is_iterable(self) -> bool {
        // SAFETY: a living object has a living type; the slot is only compared.
        unsafe { !ffi::PyType_GetSlot(self.type_of(), ffi::Py_tp_iter).is_null() }
    }

    /// The name of its type, as `tp_name` has it.
    #[must_use]
    pub fn type_name(self) -> String {
        // SAFETY: a living object has a living type, whose name ends in NUL.
        unsafe { CStr::from_ptr((*self.type_of()).tp_name).to_string_lossy().into_owned() }
    }
}
