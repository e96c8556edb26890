//! Classes of the standard library that JSON has a form for.
//!
//! They are not imported: nobody can have an instance of a class whose module has not been imported, so each is
//! looked for in `sys.modules` until it is found there, and then kept.

use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering::Acquire, Ordering::Release};

use pyo3::ffi::{self, PyObject, PyTypeObject};

use super::call::{Owned, clear_error, item};
use super::date::{Date, DateTime, Time};
use super::fragment::{self, FragmentObj};
use super::leave::leave;
use super::names::Name;
use super::object::Obj;
use super::protocol::module_named;
use super::scalars::learn_light;
use super::uuid::{self, Uuid};

/// An object of a module, once the module has been imported. One that is used as a class is one.
#[derive(Debug)]
pub(super) struct Found {
    module: Name,
    name: Name,
    is_class: bool,
    at: AtomicPtr<PyObject>,
}

/// `uuid.UUID`.
pub(super) static UUID: Found = Found::new(Name::Uuid, Name::UuidClass);
/// `enum.EnumMeta`.
static ENUM_META: Found = Found::new(Name::Enum, Name::EnumMeta);
/// `enum.Enum`.
pub(super) static ENUM: Found = Found::new(Name::Enum, Name::EnumClass);
/// `dataclasses._FIELD`, by which a field that is one is known.
static FIELD: Found = Found { is_class: false, ..Found::new(Name::Dataclasses, Name::Field) };

impl Found {
    const fn new(module: Name, name: Name) -> Self {
        Self { module, name, is_class: true, at: AtomicPtr::new(null_mut()) }
    }

    /// The object, or null.
    #[inline(always)]
    pub(super) fn get(&self) -> *mut PyObject {
        self.at.load(Acquire)
    }

    /// Looks for it if it has not been found yet; whether it is there now for the first time. Python code may run.
    fn find(&self) -> bool {
        if !self.get().is_null() {
            return false;
        }
        let Some(module) = module_named(self.module.obj()) else { return false };
        let (of, name) = (module.obj().as_ptr(), self.name.obj().as_ptr());
        // SAFETY: what `sys.modules` had, which is held, and a name.
        let found = unsafe { Owned::take(leave(|| ffi::PyObject_GetAttr(of, name))) };
        module.drop_now();
        let Some(found) = found else {
            // A module that is just being imported may not have it yet.
            clear_error();
            return false;
        };
        if self.is_class && !found.obj().is_type() {
            found.drop_now();
            return false;
        }
        // The reference is kept for good; two threads that find it at once keep two.
        self.at.store(found.into_ptr(), Release);
        true
    }
}

/// What the module `datetime` gives to C, or null if nobody has imported it.
#[inline(always)]
pub(super) fn datetime() -> *mut ffi::PyDateTime_CAPI {
    // SAFETY: reads a static, which `find_datetime` alone writes, while this thread may run Python code.
    unsafe { ffi::PyDateTimeAPI() }
}

fn find_datetime() -> bool {
    if !datetime().is_null() {
        return false;
    }
    let Some(module) = module_named(Name::Datetime.obj()) else { return false };
    module.drop_now();
    // SAFETY: asks for a capsule of a module that has been imported.
    leave(|| unsafe { ffi::PyDateTime_IMPORT() });
    clear_error();
    let api = datetime();
    if !api.is_null() {
        // SAFETY: the capsule's content is there for good.
        let api = unsafe { &*api };
        [api.DateTimeType, api.DateType, api.TimeType].into_iter().for_each(learn_light);
    }
    !api.is_null()
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
        if !UUID.get().is_null() {
            learn_light(UUID.get().cast());
        }
        uuid::find_slot();
        self.special()
    }

    /// Whether it is of a class that is written without Python code, most likely: a zone may have some.
    #[inline(never)]
    pub(super) fn is_quiet(self) -> bool {
        !matches!(self.special(), Special::Other) || is_enum(self.type_of())
    }

    /// Whether the class itself, and not a base of it, has `name`. Python code may run.
    #[must_use]
    pub fn class_has(self, name: Name) -> bool {
        own_item(self.type_of(), name).is_some_and(|found| {
            found.drop_now();
            true
        })
    }

    /// Whether it is what marks a dataclass's field as one, and not as a ClassVar or InitVar.
    #[must_use]
    pub fn is_field_mark(self) -> bool {
        self.as_ptr() == FIELD.get()
    }
}

/// What the dict of `class` itself has for `name`. Python code may run; the class is held meanwhile.
pub(super) fn own_item(class: *mut PyTypeObject, name: Name) -> Option<Owned> {
    // SAFETY: a living class. A static type of the interpreter may have no dict of its own, and has none of the names.
    let (class, dict) = unsafe { (Owned::hold(Obj::new(class.cast())), (*class).tp_dict) };
    // SAFETY: a class that has a dict has it for as long as it lives.
    let found = if dict.is_null() { None } else { item(unsafe { Obj::new(dict) }, name.obj()) };
    class.drop_now();
    found
}

/// As orjson has it: a class made by a subclass of `EnumMeta` is no Enum.
pub(super) fn is_enum(t: *mut PyTypeObject) -> bool {
    let meta = ENUM_META.get();
    // SAFETY: a type is an object.
    !meta.is_null() && unsafe { ffi::Py_TYPE(t.cast()) }.cast() == meta
}
