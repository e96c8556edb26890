//! What is known of the classes that were met: found out once, and good until the class or a base of it changes.
//!
//! CPython gives a class a version when its attributes are looked up, no version is given twice, and a class that
//! changes loses it. So a class is known by its address and its version together, and need not be held.

use std::rc::Rc;

use core::ptr::null_mut;

use pyo3::ffi::{self, PyObject, PyTypeObject};

use super::access::Access;
use super::call::{Owned, clear_error, item};
use super::fields::{Field, Fields, with_field};
use super::leave::leave;
use super::names::Name;
#[cfg(not(Py_3_13))]
use super::object::type_flags;
use super::object::{Obj, Value};
use super::public::Public;
use super::types;

/// Places for classes.
const PLACES: usize = 64;

/// What becomes of the instances of a class.
#[derive(Clone, Debug)]
pub enum Form {
    /// Not known yet.
    New,
    /// They go to the hook.
    None,
    /// They are members of an Enum. Whether `value` is Enum's own, which looks at `_value_`.
    Enum(bool),
    /// They are dataclass instances whose `__dict__` is the ordinary one, mostly with these fields in it.
    Attributes(Rc<Fields>),
    /// They are dataclass instances without a `__dict__`, and all fields are slots.
    Slots(Rc<Fields>),
    /// They are dataclass instances that have to be asked for everything.
    Dataclass,
}

#[derive(Debug)]
struct Place {
    class: Option<ClassId>,
    form: Form,
}

/// The classes that a thread has met.
#[derive(Debug)]
pub(super) struct Classes(Vec<Place>);

/// The version of a class, or 0 if it has none.
#[inline(always)]
pub(super) fn version(class: *mut PyTypeObject) -> u32 {
    if cfg!(Py_GIL_DISABLED) {
        return 0;
    }
    // SAFETY: a living class.
    unsafe {
        #[cfg(not(Py_3_13))]
        if type_flags(class) & ffi::Py_TPFLAGS_VALID_VERSION_TAG == 0 {
            return 0;
        }
        (*class).tp_version_tag
    }
}

/// A class as it was: no other has its address and its version together.
#[derive(Clone, Copy, Debug)]
pub struct ClassId {
    class: *mut PyTypeObject,
    version: u32,
}

impl ClassId {
    /// Whether `class` is where it was: another one may be there by now.
    #[inline(always)]
    pub(super) fn is_at(self, class: *mut PyTypeObject) -> bool {
        self.class == class
    }

    /// The class of `o`, if it has a version.
    #[inline(always)]
    #[must_use]
    pub fn of(o: Obj<'_>) -> Option<Self> {
        let class = o.type_of();
        Some(version(class)).filter(|&version| version != 0).map(|version| Self { class, version })
    }

    /// Whether `o` is of that class, and nobody has changed it since.
    #[inline(always)]
    #[must_use]
    pub fn is_of(self, o: Obj<'_>) -> bool {
        o.type_of() == self.class && version(self.class) == self.version
    }
}

#[inline(always)]
fn place_of(class: *mut PyTypeObject) -> usize {
    let spread = (class as usize as u64 >> 4).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (spread >> (64 - PLACES.trailing_zeros())) as usize
}

impl Classes {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// What is known of the class of `o`. Runs no Python code.
    #[inline]
    pub(super) fn find(&self, o: Obj<'_>) -> Form {
        match self.0.get(place_of(o.type_of())) {
            Some(place) if place.class.is_some_and(|class| class.is_of(o)) => place.form.clone(),
            _ => Form::New,
        }
    }

    /// Remembers what was found out when the class had that version.
    pub(super) fn learn(&mut self, o: Obj<'_>, at: u32, form: &Form) {
        let Some(class) = ClassId::of(o).filter(|class| class.version == at) else { return };
        if self.0.is_empty() {
            if self.0.try_reserve_exact(PLACES).is_err() {
                return;
            }
            self.0.resize_with(PLACES, || Place { class: None, form: Form::None });
        }
        self.0[place_of(o.type_of())] = Place { class: Some(class), form: form.clone() };
    }
}

/// `names` as fields of `class`, which is held, if all of them are slots that are read as usual. Python code may run.
pub(super) fn slots<'a>(
    class: *mut PyTypeObject,
    mut names: impl Iterator<Item = Obj<'a>>,
) -> Option<Rc<Fields>> {
    let at = version(class);
    if at == 0 || !is_generic(class) {
        return None;
    }
    let fields = names.try_fold(Vec::new(), |fields, name| with_field(fields, class, name, true))?;
    Some(Rc::new(Fields::new(fields, ClassId { class, version: at })))
}

/// Finds out what becomes of instances of the class of `o`, which must be held: Python code may run. With it comes
/// the version that the class had.
pub(super) fn examine(o: Obj<'_>) -> (Form, u32) {
    // Held as well, because Python code may give the object another one.
    let held = Owned::hold(o.class());
    let found = examine_class(o, held.obj().as_ptr().cast());
    held.drop_now();
    found
}

fn examine_class(o: Obj<'_>, class: *mut PyTypeObject) -> (Form, u32) {
    give_version(o);
    let before = version(class);
    let is_enum = types::is_enum(class);
    let fields = if is_enum { None } else { types::own_item(class, Name::Fields) };
    if let Some(fields) = fields {
        fields.drop_now();
    } else if !is_enum {
        return (Form::None, before);
    }
    if cfg!(Py_GIL_DISABLED) {
        // Another thread may change the class, or what is in a slot: they are asked.
        return (if is_enum { Form::Enum(false) } else { Form::Dataclass }, 0);
    }
    // SAFETY: a class that is held. To look something up gives it a version.
    let looked_up =
        unsafe { Owned::take(leave(|| ffi::PyObject_GetAttr(class.cast(), Name::Fields.obj().as_ptr()))) };
    match looked_up {
        Some(fields) => fields.drop_now(),
        None => clear_error(),
    }
    let at = version(class);
    let form = if is_enum { Form::Enum(is_plain_enum(class)) } else { dataclass(o, class, at) };
    (form, at)
}

/// Gives the class of `o` a version if it has none: it gets one when something is looked up in it, if only in vain.
fn give_version(o: Obj<'_>) {
    if cfg!(Py_GIL_DISABLED) || version(o.type_of()) != 0 {
        return;
    }
    let (o, name) = (o.as_ptr(), Name::Nothing.obj().as_ptr());
    // SAFETY: a living object, which the caller holds. Nobody has an attribute that is called so.
    let found = unsafe { Owned::take(leave(|| ffi::PyObject_GenericGetAttr(o, name))) };
    match found {
        Some(found) => found.drop_now(),
        None => clear_error(),
    }
}

/// Whether attributes are looked up as usual.
fn is_generic(class: *mut PyTypeObject) -> bool {
    // SAFETY: a living class.
    let lookup = unsafe { (*class).tp_getattro };
    lookup.is_some_and(|f| core::ptr::fn_addr_eq(f, ffi::PyObject_GenericGetAttr as ffi::getattrofunc))
}

/// What `name` is in the class, which is held, or its bases, in their order. Python code may run.
pub(super) fn lookup(class: *mut PyTypeObject, name: Obj<'_>) -> Option<Owned> {
    // SAFETY: a living class has a tuple of classes, itself the first. It is held, because the class may get another
    // one meanwhile.
    unsafe {
        let mro = (*class).tp_mro;
        if mro.is_null() {
            return None;
        }
        let mro = Owned::hold(Obj::new(mro));
        let classes = mro.obj().as_ptr();
        let found = (0..ffi::PyTuple_GET_SIZE(classes)).find_map(|i| {
            let dict = dict_of(ffi::PyTuple_GET_ITEM(classes, i).cast())?;
            let found = item(dict.obj(), name);
            dict.drop_now();
            found
        });
        mro.drop_now();
        found
    }
}

/// The dict of a class. Since 3.12 a static type of the interpreter keeps it elsewhere.
///
/// # Safety
///
/// A living class.
unsafe fn dict_of(class: *mut PyTypeObject) -> Option<Owned> {
    // SAFETY: the caller's promise; a class that has a dict holds it.
    unsafe {
        #[cfg(Py_3_12)]
        {
            Owned::take(ffi::PyType_GetDict(class))
        }
        #[cfg(not(Py_3_12))]
        {
            let dict = (*class).tp_dict;
            if dict.is_null() { None } else { Some(Owned::hold(Obj::new(dict))) }
        }
    }
}

/// The address of what `lookup` finds, which may be gone.
fn address(class: *mut PyTypeObject, name: Name) -> Option<*mut PyObject> {
    lookup(class, name.obj()).map(|found| {
        let at = found.obj().as_ptr();
        found.drop_now();
        at
    })
}

/// Whether instances of `class`, which is held, say that they are of it, as those of most do. Python code may run.
pub(super) fn says_itself(class: *mut PyTypeObject) -> bool {
    is_generic(class) && address(class, Name::Class) == address(&raw mut ffi::PyBaseObject_Type, Name::Class)
}

fn is_plain_enum(class: *mut PyTypeObject) -> bool {
    let own = types::ENUM.get().cast::<PyTypeObject>();
    if own.is_null() || !is_generic(class) || address(class, Name::InnerValue).is_some() {
        return false;
    }
    let value = address(own, Name::Value);
    value.is_some() && value == address(class, Name::Value)
}

fn dataclass(o: Obj<'_>, class: *mut PyTypeObject, at: u32) -> Form {
    if !is_generic(class) {
        return Form::Dataclass;
    }
    let slots = o.class_has(Name::Slots);
    let fields = |slots| {
        fields(class, slots).map(|fields| Rc::new(Fields::new(fields, ClassId { class, version: at })))
    };
    let Some(found) = lookup(class, Name::Dict.obj()) else {
        return fields(true).map_or(Form::Dataclass, Form::Slots);
    };
    let ordinary = found.obj().type_of() == &raw mut ffi::PyGetSetDescr_Type;
    found.drop_now();
    match fields(false) {
        Some(fields) if ordinary && !slots => Form::Attributes(fields),
        _ => Form::Dataclass,
    }
}

/// The fields of a dataclass, if all have strs for names. Those of one whose instances have no `__dict__` must all be
/// `slots`, and private ones are left out.
fn fields(class: *mut PyTypeObject, slots: bool) -> Option<Vec<Field>> {
    let all = lookup(class, Name::Fields.obj())?;
    // SAFETY: what was found is held; a copy of a dict is ours alone.
    let copy = unsafe {
        let all = all.obj().as_ptr();
        if ffi::PyDict_CheckExact(all) == 0 { None } else { Owned::take(ffi::PyDict_Copy(all)) }
    };
    all.drop_now();
    clear_error();
    let all = copy?;
    let mut found = Some(Vec::new());
    let (mut at, mut name, mut field) = (0, null_mut(), null_mut());
    // SAFETY: a dict that nobody changes.
    while unsafe { ffi::PyDict_Next(all.obj().as_ptr(), &raw mut at, &raw mut name, &raw mut field) } != 0 {
        // SAFETY: the dict holds both.
        let (name, field) = unsafe { (Obj::new(name), Obj::new(field)) };
        if !slots || counts(name, field) {
            found = found.and_then(|fields| with_field(fields, class, name, slots));
        }
    }
    all.drop_now();
    found
}

/// Whether a field is one that is written.
fn counts(name: Obj<'_>, field: Obj<'_>) -> bool {
    // SAFETY: a living object and a name.
    let mark = unsafe {
        Owned::take(leave(|| ffi::PyObject_GetAttr(field.as_ptr(), Name::FieldType.obj().as_ptr())))
    };
    let Some(mark) = mark else {
        // The general way will raise it.
        clear_error();
        return true;
    };
    let is_field = mark.obj().is_field_mark();
    mark.drop_now();
    is_field && !is_private::<Public>(name)
}

/// Whether a name is a str that begins with an underscore.
pub fn is_private<A: Access>(name: Obj<'_>) -> bool {
    match name.look() {
        Value::Str(s) => match s.ascii::<A>() {
            Some(t) => t.as_bytes().first() == Some(&b'_'),
            None => s.text::<A>().is_some_and(|t| t.points().next() == Some(u32::from(b'_'))),
        },
        _ => false,
    }
}
