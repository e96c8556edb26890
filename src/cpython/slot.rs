//! Where instances of a class keep the value of one of its `__slots__`.

use pyo3::ffi::{self, PyTypeObject};

use super::object::Obj;

/// The offset of the slot `name` that the class itself defines; `None` if it defines none. Python code may run.
pub(super) fn slot_of(class: *mut PyTypeObject, name: Obj<'_>) -> Option<isize> {
    // SAFETY: a class that the caller holds; a member descriptor's fields are public.
    unsafe {
        let dict = (*class).tp_dict;
        if dict.is_null() {
            return None;
        }
        let descriptor = ffi::PyDict_GetItemWithError(dict, name.as_ptr());
        ffi::PyErr_Clear();
        if descriptor.is_null() || ffi::Py_TYPE(descriptor) != &raw mut ffi::PyMemberDescr_Type {
            return None;
        }
        let descriptor = descriptor.cast::<ffi::PyMemberDescrObject>();
        let member = (*descriptor).d_member;
        let sound = (*descriptor).d_common.d_type == class
            && (*member).type_code == ffi::Py_T_OBJECT_EX
            && (*member).offset > 0
            && (*member).offset < (*class).tp_basicsize;
        sound.then(|| (*member).offset)
    }
}
