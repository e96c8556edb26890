//! Where instances of a class keep the value of one of its `__slots__`.

use pyo3::ffi::{self, PyObject, PyTypeObject};

/// The offset of the slot that `descriptor`, found in `class` or a base of it, stands for; `None` if it stands for
/// something else.
pub(super) fn offset_of(class: *mut PyTypeObject, descriptor: *mut PyObject) -> Option<isize> {
    // SAFETY: a living class and an object that it has; a member descriptor's fields are public.
    unsafe {
        if ffi::Py_TYPE(descriptor) != &raw mut ffi::PyMemberDescr_Type {
            return None;
        }
        let descriptor = descriptor.cast::<ffi::PyMemberDescrObject>();
        let (owner, member) = ((*descriptor).d_common.d_type, (*descriptor).d_member);
        let sound = ffi::PyType_IsSubtype(class, owner) != 0
            && (*member).type_code == ffi::Py_T_OBJECT_EX
            && (*member).offset > 0
            && (*member).offset < (*owner).tp_basicsize;
        sound.then(|| (*member).offset)
    }
}
