//! Classes of the standard library that JSON has a form for.
//!
//! They are not imported: nobody can have an instance of a class whose module has not been imported, so each is
//! looked for in `sys.modules` until it is found there, and then kept.

use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

use pyo3::ffi::{self, PyObject, PyTypeObject};

use super::date::{Date, DateTime, Time};
use super::fragment::{self, FragmentObj};
use super::names::Name;
use super::object::Obj;
use super::uuid::{self, Uuid};

/// An object of a module, once the module has been imported.
#[derive(Debug)]
pub(super) struct Found {
    module: Name,
    name: Name,
    at: AtomicPtr<PyObject>,
}

/// `uuid.UUID`.
pub(super) static UUID: Found = Found::new(Name::Uuid, Name::UuidClass);
/// `enum.EnumMeta`.
static ENUM_META: Found = Found::new(Name::Enum, Name::EnumMeta);
/// `enum.Enum`.
pub(super) static ENUM: Found = Found::new(Name::Enum, Name::EnumClass);
/// `dataclasses._FIELD`, by which a field that is one is known.
static FIELD: Found = Found::new(Name::Dataclasses, Name::Field);

impl Found {
    const fn new(module: Name, name: Name) -> Self {
        Self { module, name, at: AtomicPtr::new(null_mut()) }
    }

    /// The object, or null.
    #[inline(always)]
    pub(super) fn get(&self) -> *mut PyObject {
        self.at.load(Relaxed)
    }

    /// Looks for it if it has not been found yet; whether it is there now for the first time. Python code may run.
    fn find(&self) -> bool {
        if !self.get().is_null() {
            return false;
        }
        let Some(module) = imported(self.module) else { return false };
        // SAFETY: a module, which `sys.modules` held a moment ago and which is held during the call, and a name.
        let found = unsafe {
            ffi::Py_INCREF(module);
            let found = ffi::PyObject_GetAttr(module, self.name.obj().as_ptr());
            ffi::Py_DECREF(module);
            // A module that is just being imported may not have it yet.
            ffi::PyErr_Clear();
            found
        };
        // The reference is kept for good; two threads that find it at once keep two.
        self.at.store(found, Relaxed);
        !found.is_null()
    }
}

/// The module, if it has been imported; borrowed from `sys.modules`.
fn imported(module: Name) -> Option<*mut PyObject> {
    // SAFETY: `sys.modules` is what the interpreter says it is, and is asked only if it is a dict.
    unsafe {
        let modules = ffi::PySys_GetObject(c"modules".as_ptr());
        if modules.is_null() || ffi::PyDict_Check(modules) == 0 {
            return None;
        }
        let found = ffi::PyDict_GetItemWithError(modules, module.obj().as_ptr());
        ffi::PyErr_Clear();
        (!found.is_null()).then_some(found)
    }
}

/// What the module `datetime` gives to C, or null if nobody has imported it.
#[inline(always)]
pub(super) fn datetime() -> *mut ffi::PyDateTime_CAPI {
    // SAFETY: reads a static, which `find_datetime` alone writes, while this thread may run Python code.
    unsafe { ffi::PyDateTimeAPI() }
}

fn find_datetime() -> bool {
    if !datetime().is_null() || imported(Name::Datetime).is_none() {
        return false;
    }
    // SAFETY: asks for a capsule of a module that has been imported.
    unsafe {
        ffi::PyDateTime_IMPORT();
        ffi::PyErr_Clear();
    }
    !datetime().is_null()
}

/// An object of a class that JSON has a form for.
#[derive(Clone, Copy, Debug)]
pub enum Special<'a> {
    /// A datetime exactly.
    DateTime(DateTime<'a>),
    /// A date exactly.
    Date(Date<'a>),
    /// A time exactly.
    Time(Time<'a>),
    /// A UUID exactly.
    Uuid(Uuid<'a>),
    /// A [`super::Fragment`].
    Fragment(FragmentObj<'a>),
    /// Of a class that is made in Python, or of one that nothing is known of yet.
    Other,
}

impl<'a> Obj<'a> {
    /// What it is if it is of one of the classes that are known by now. Runs no Python code.
    #[inline]
    #[must_use]
    pub fn special(self) -> Special<'a> {
        let t = self.type_of();
        let api = datetime();
        if !api.is_null() {
            // SAFETY: the capsule's content is there for good.
            let api = unsafe { &*api };
            if t == api.DateTimeType {
                return Special::DateTime(DateTime(self));
            } else if t == api.DateType {
                return Special::Date(Date(self));
            } else if t == api.TimeType {
                return Special::Time(Time(self));
            }
        }
        if t.cast() == UUID.get() {
            Special::Uuid(Uuid(self))
        } else if t == fragment::class() {
            Special::Fragment(FragmentObj(self))
        } else {
            Special::Other
        }
    }

    /// The same, after a look at what has been imported since. Python code may run.
    #[must_use]
    pub(super) fn special_now(self) -> Special<'a> {
        let found = find_datetime() | UUID.find() | ENUM_META.find() | ENUM.find() | FIELD.find();
        if !found {
            return Special::Other;
        }
        uuid::find_slot();
        self.special()
    }

    /// Whether the class itself, and not a base of it, has `name`. Python code may run.
    #[must_use]
    pub fn class_has(self, name: Name) -> bool {
        // SAFETY: a living object has a living type. A static type of the interpreter may have no dict of its own,
        // and has none of the names.
        unsafe {
            let dict = (*self.type_of()).tp_dict;
            if dict.is_null() {
                return false;
            }
            let found = ffi::PyDict_Contains(dict, name.obj().as_ptr());
            ffi::PyErr_Clear();
            found == 1
        }
    }

    /// Whether it is what marks a dataclass's field as one, and not as a ClassVar or InitVar.
    #[must_use]
    pub fn is_field_mark(self) -> bool {
        self.as_ptr() == FIELD.get()
    }
}

/// As orjson has it: a class made by a subclass of `EnumMeta` is no Enum.
pub(super) fn is_enum(t: *mut PyTypeObject) -> bool {
    let meta = ENUM_META.get();
    // SAFETY: a type is an object.
    !meta.is_null() && unsafe { ffi::Py_TYPE(t.cast()) }.cast() == meta
}
