//! References held, and Python code called.

use core::ptr::NonNull;

use pyo3::ffi::{self, PyObject};

use super::leave::{call_one_arg, leave, let_go};
use super::object::Obj;
use super::world::World;

/// A reference that is held. To let go of it may run Python code, so that nothing does so by itself:
/// [`super::World::release`] takes it back.
#[derive(Debug)]
#[must_use = "a reference that is not released is leaked"]
pub struct Owned(NonNull<PyObject>);

// SAFETY: only a number until it is looked at or released, for which the holder must have the GIL anyway.
unsafe impl Send for Owned {}
// SAFETY: as above.
unsafe impl Sync for Owned {}

/// An exception that Python code raised.
#[derive(Debug)]
pub struct Raised(pub Owned);

impl Owned {
    /// Holds one more reference to `o`.
    #[inline]
    pub fn hold(o: Obj<'_>) -> Self {
        // SAFETY: a living object.
        unsafe {
            ffi::Py_INCREF(o.as_ptr());
            Self(NonNull::new_unchecked(o.as_ptr()))
        }
    }

    /// Takes a reference that somebody held; `None` if there is none.
    ///
    /// # Safety
    ///
    /// The caller owns the reference and gives it away.
    pub unsafe fn take(o: *mut PyObject) -> Option<Self> {
        NonNull::new(o).map(Self)
    }

    /// The object.
    #[must_use]
    pub fn obj(&self) -> Obj<'_> {
        // SAFETY: it is held.
        unsafe { Obj::new(self.0.as_ptr()) }
    }

    /// The reference, for somebody else to hold.
    #[must_use]
    pub fn into_ptr(self) -> *mut PyObject {
        self.0.as_ptr()
    }

    /// Lets go of it if it is certain that others hold the object, too: then no code runs. Gives it back otherwise.
    #[inline(always)]
    pub(super) fn drop_shared(self) -> Result<(), Self> {
        let o = self.0.as_ptr();
        // SAFETY: it is held. With the GIL nobody else lets go of theirs meanwhile.
        unsafe {
            if cfg!(Py_GIL_DISABLED) || ffi::Py_REFCNT(o) <= 1 {
                return Err(self);
            }
            ffi::Py_DECREF(o);
        }
        Ok(())
    }

    /// Lets go of it at once. Python code may run.
    pub(super) fn drop_now(self) {
        if let Err(last) = self.drop_shared() {
            let o = last.0.as_ptr();
            // SAFETY: it is held.
            unsafe { let_go(o) };
        }
    }
}

impl Raised {
    /// Whether it says that there is no such attribute.
    #[must_use]
    pub fn is_missing_attribute(&self) -> bool {
        // SAFETY: two living objects are compared; the second is a class, so that no Python code runs.
        unsafe { ffi::PyErr_GivenExceptionMatches(self.0.obj().as_ptr(), ffi::PyExc_AttributeError) != 0 }
    }

    /// The exception that is set in this thread.
    pub(super) fn fetch() -> Option<Self> {
        // SAFETY: this thread may run Python code; what is fetched is owned.
        #[cfg(Py_3_12)]
        unsafe {
            Owned::take(ffi::PyErr_GetRaisedException()).map(Self)
        }
        #[cfg(not(Py_3_12))]
        // SAFETY: as above; the type and the traceback are let go of, after the latter went to the exception.
        unsafe {
            let (mut kind, mut value, mut traceback) =
                (core::ptr::null_mut(), core::ptr::null_mut(), core::ptr::null_mut());
            ffi::PyErr_Fetch(&raw mut kind, &raw mut value, &raw mut traceback);
            let (at_kind, at_value, at_traceback) = (&raw mut kind, &raw mut value, &raw mut traceback);
            leave(|| ffi::PyErr_NormalizeException(at_kind, at_value, at_traceback));
            if !value.is_null() && !traceback.is_null() {
                ffi::PyException_SetTraceback(value, traceback);
            }
            ffi::Py_XDECREF(kind);
            ffi::Py_XDECREF(traceback);
            Owned::take(value).map(Self)
        }
    }
}

/// Calls `callable(argument)`. The caller has told the world before.
pub(super) fn call(callable: Obj<'_>, argument: Obj<'_>) -> Result<Owned, Option<Raised>> {
    // SAFETY: both are living objects, held by the caller.
    unsafe { Owned::take(call_one_arg(callable.as_ptr(), argument.as_ptr())) }.ok_or_else(Raised::fetch)
}

/// Forgets the exception that is set, if one is. Python code may run.
pub(super) fn clear_error() {
    // SAFETY: this thread may run Python code.
    leave(|| unsafe { ffi::PyErr_Clear() });
}

/// What `dict` has for `name`, held; what is raised counts as nothing. Python code may run: keys can be of any type.
pub(super) fn item(dict: Obj<'_>, name: Obj<'_>) -> Option<Owned> {
    let dict = Owned::hold(dict);
    let mut found = core::ptr::null_mut();
    let at = &raw mut found;
    // SAFETY: a dict that is held meanwhile, and a name, which lives as long as the process. What is found is owned.
    let found = unsafe {
        leave(|| ffi::compat::PyDict_GetItemRef(dict.obj().as_ptr(), name.as_ptr(), at));
        Owned::take(found)
    };
    if found.is_none() {
        clear_error();
    }
    dict.drop_now();
    found
}

/// Calls `callable(argument)`, with `world` prepared for it.
///
/// # Errors
///
/// What was raised; `None` if the call failed without an exception.
pub fn call_one(world: &mut World, callable: Obj<'_>, argument: &Owned) -> Result<Owned, Option<Raised>> {
    world.before_python();
    call(callable, argument.obj())
}

/// The attribute `name` of `o`, with `world` prepared for what that may run.
///
/// # Errors
///
/// What was raised.
pub fn attribute(world: &mut World, o: Obj<'_>, name: Obj<'_>) -> Result<Owned, Option<Raised>> {
    let (o, name) = (Owned::hold(o), Owned::hold(name));
    world.before_python();
    // SAFETY: both are held.
    let value =
        unsafe { Owned::take(leave(|| ffi::PyObject_GetAttr(o.obj().as_ptr(), name.obj().as_ptr()))) };
    let value = value.ok_or_else(Raised::fetch);
    world.release(name);
    world.release(o);
    value
}

/// The `__dict__` of an instance that has an ordinary one, made if need be; `None` if there is no memory for it.
pub fn ordinary_dict(world: &mut World, o: Obj<'_>) -> Option<Owned> {
    let o = Owned::hold(o);
    world.before_python();
    // SAFETY: held.
    let dict = unsafe { Owned::take(ffi::PyObject_GenericGetDict(o.obj().as_ptr(), core::ptr::null_mut())) };
    if dict.is_none() {
        clear_error();
    }
    world.release(o);
    dict
}
