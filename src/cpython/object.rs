//! What an object is.

mod class;

use core::marker::PhantomData;

use pyo3::ffi::{self, PyObject};

use super::access::Access;
use super::dict::{Dict, Entries};
use super::int::Int;
use super::scalars::{is_light, is_scalars};
use super::seq::Seq;
use crate::text::Text;

pub use class::TypeId;

/// The flags of a class: read where they are, for the function that says them is a call away.
///
/// # Safety
///
/// A living class.
#[inline(always)]
pub(super) unsafe fn type_flags(class: *mut ffi::PyTypeObject) -> core::ffi::c_ulong {
    // SAFETY: the caller's promise. Without a GIL another thread may change them meanwhile.
    unsafe {
        #[cfg(Py_GIL_DISABLED)]
        {
            ffi::PyType_GetFlags(class)
        }
        #[cfg(not(Py_GIL_DISABLED))]
        {
            (*class).tp_flags
        }
    }
}

/// A borrowed object of any type.
#[derive(Clone, Copy, Debug)]
pub struct Obj<'a>(*mut PyObject, PhantomData<&'a PyObject>);

/// A borrowed str.
#[derive(Clone, Copy, Debug)]
pub struct Str<'a>(Obj<'a>);

/// A borrowed int.
#[derive(Clone, Copy, Debug)]
pub struct IntObj<'a>(Obj<'a>);

/// A borrowed float.
#[derive(Clone, Copy, Debug)]
pub struct Float<'a>(Obj<'a>);

/// An object seen as what JSON has a form for.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// A str exactly.
    Str(Str<'a>),
    /// An int exactly.
    Int(IntObj<'a>),
    /// A float exactly.
    Float(Float<'a>),
    /// True or False.
    Bool(bool),
    /// None.
    None,
    /// A list exactly.
    List(Seq<'a>),
    /// A tuple exactly.
    Tuple(Seq<'a>),
    /// A dict exactly.
    Dict(Dict<'a>),
    /// Something else: see [`Obj::rare`].
    Other,
}

/// An object of a type that is none of the exact ones.
#[derive(Clone, Copy, Debug)]
pub enum Rare<'a> {
    /// Of a subclass of str.
    Str(Str<'a>),
    /// Of a subclass of int.
    Int(IntObj<'a>),
    /// Of a subclass of list.
    List(Seq<'a>),
    /// Of a subclass of dict.
    Dict(Dict<'a>),
    /// Of a type that has no form in JSON.
    Unknown,
}

impl<'a> Obj<'a> {
    /// # Safety
    ///
    /// `o` is a living object for as long as `'a`, or until Python code runs that ends it: see the module's text.
    #[inline(always)]
    #[must_use]
    pub unsafe fn new(o: *mut PyObject) -> Self {
        debug_assert!(!o.is_null());
        Self(o, PhantomData)
    }

    /// The object itself.
    #[inline(always)]
    #[must_use]
    pub const fn as_ptr(self) -> *mut PyObject {
        self.0
    }

    #[inline(always)]
    pub(super) fn type_of(self) -> *mut ffi::PyTypeObject {
        // SAFETY: a living object has a type.
        unsafe { ffi::Py_TYPE(self.0) }
    }

    /// Whether this is the object `other`.
    #[inline(always)]
    #[must_use]
    pub fn is(self, other: Obj<'_>) -> bool {
        self.0 == other.0
    }

    /// Whether this and `other` are of the same type.
    #[inline(always)]
    #[must_use]
    pub fn is_same_type(self, other: Obj<'_>) -> bool {
        self.type_of() == other.type_of()
    }

    /// What it is, by its exact type. The order is that of how often types occur.
    #[inline(always)]
    #[must_use]
    pub fn look(self) -> Value<'a> {
        let t = self.type_of();
        if let Some(value) = self.look_first(t) {
            value
        } else if t == &raw mut ffi::PyDict_Type {
            Value::Dict(Dict(self))
        } else if t == &raw mut ffi::PyList_Type {
            Value::List(Seq::list(self))
        } else {
            self.look_further(t)
        }
    }

    /// What it is if it has others in it; [`Value::Other`] for everything else.
    #[inline(always)]
    #[must_use]
    pub fn look_container(self) -> Value<'a> {
        let t = self.type_of();
        if t == &raw mut ffi::PyDict_Type {
            Value::Dict(Dict(self))
        } else if t == &raw mut ffi::PyList_Type {
            Value::List(Seq::list(self))
        } else if t == &raw mut ffi::PyTuple_Type {
            Value::Tuple(Seq::tuple(self))
        } else {
            Value::Other
        }
    }

    /// What it is if it has no others in it; [`Value::Other`] for everything else.
    #[inline(always)]
    #[must_use]
    pub fn look_scalar(self) -> Value<'a> {
        // SAFETY: None is alive as long as the interpreter is.
        let none = unsafe { ffi::Py_None() };
        let t = self.type_of();
        if let Some(value) = self.look_first(t) {
            value
        } else if self.0 == none {
            Value::None
        } else if t == &raw mut ffi::PyBool_Type {
            // By the type: which of the two it is would be a branch on chance.
            Value::Bool(self.is_true())
        } else {
            Value::Other
        }
    }

    /// Whether it is a scalar of exact type.
    #[inline(always)]
    #[must_use]
    pub fn is_scalar(self) -> bool {
        is_scalars(self.type_of())
    }

    /// Whether it is a scalar of exact type, or a list with nothing in it. Which of them it is cannot be foreseen, and is
    /// no branch.
    #[inline(always)]
    #[must_use]
    pub fn is_flat<A: Access>(self) -> bool {
        self.is_scalar() || self.is_empty_list::<A>()
    }

    /// Whether it is that, or a date, a time or a UUID: hardly ever does Python code run when it is told. For a zone that is
    /// written in Python it does, so whoever tells it must be ready for that.
    #[inline(always)]
    pub(super) fn is_light<A: Access>(self) -> bool {
        is_light(self.type_of()) || self.is_empty_list::<A>()
    }

    /// Whether it is a list with nothing in it.
    #[inline(always)]
    #[must_use]
    pub fn is_empty_list<A: Access>(self) -> bool {
        self.type_of() == &raw mut ffi::PyList_Type && Seq::list(self).len::<A>() == 0
    }

    /// It as one of the types that most objects have.
    #[inline(always)]
    fn look_first(self, t: *mut ffi::PyTypeObject) -> Option<Value<'a>> {
        if t == &raw mut ffi::PyUnicode_Type {
            Some(Value::Str(Str(self)))
        } else if t == &raw mut ffi::PyLong_Type {
            Some(Value::Int(IntObj(self)))
        } else if t == &raw mut ffi::PyFloat_Type {
            Some(Value::Float(Float(self)))
        } else {
            None
        }
    }

    /// Its value, if it is an int exactly.
    #[inline(always)]
    #[must_use]
    pub fn int<A: Access>(self) -> Option<Int> {
        match self.look() {
            Value::Int(v) => Some(v.read::<A>()),
            _ => None,
        }
    }

    /// It as a str, if it is one, or of a subclass.
    #[inline]
    #[must_use]
    pub fn any_str(self) -> Option<Str<'a>> {
        match self.rare(true) {
            Rare::Str(s) => Some(s),
            _ => None,
        }
    }

    /// It as a float, if it is one exactly.
    #[inline(always)]
    #[must_use]
    pub fn as_float(self) -> Option<Float<'a>> {
        (self.type_of() == &raw mut ffi::PyFloat_Type).then_some(Float(self))
    }

    /// Whether it is None.
    #[inline(always)]
    #[must_use]
    pub fn is_none(self) -> bool {
        // SAFETY: None is alive as long as the interpreter is.
        self.0 == unsafe { ffi::Py_None() }
    }

    /// It as a str, if it is one exactly.
    #[inline(always)]
    #[must_use]
    pub fn as_exact_str(self) -> Option<Str<'a>> {
        (self.type_of() == &raw mut ffi::PyUnicode_Type).then_some(Str(self))
    }

    #[inline(always)]
    fn look_further(self, t: *mut ffi::PyTypeObject) -> Value<'a> {
        // SAFETY: None is alive as long as the interpreter is.
        if self.0 == unsafe { ffi::Py_None() } {
            Value::None
        } else if t == &raw mut ffi::PyBool_Type {
            Value::Bool(self.is_true())
        } else if t == &raw mut ffi::PyTuple_Type {
            Value::Tuple(Seq::tuple(self))
        } else {
            Value::Other
        }
    }

    /// Whether it is the object True.
    #[inline(always)]
    #[must_use]
    pub fn is_true(self) -> bool {
        // SAFETY: True is alive as long as the interpreter is.
        self.0 == unsafe { ffi::Py_True() }
    }

    /// What its class is or is derived from, for those that [`Obj::look`] did not know; `subclasses` says whether subclasses count as their base.
    #[inline]
    #[must_use]
    pub fn rare(self, subclasses: bool) -> Rare<'a> {
        // SAFETY: a living object has a living type.
        let flags = unsafe { type_flags(self.type_of()) };
        if !subclasses {
            Rare::Unknown
        } else if flags & ffi::Py_TPFLAGS_UNICODE_SUBCLASS != 0 {
            Rare::Str(Str(self))
        } else if flags & ffi::Py_TPFLAGS_LONG_SUBCLASS != 0 {
            Rare::Int(IntObj(self))
        } else if flags & ffi::Py_TPFLAGS_LIST_SUBCLASS != 0 {
            Rare::List(Seq::list(self))
        } else if flags & ffi::Py_TPFLAGS_DICT_SUBCLASS != 0 {
            Rare::Dict(Dict(self))
        } else {
            Rare::Unknown
        }
    }

    /// It as a row: the number of its members, and the way through them.
    #[inline(always)]
    #[must_use]
    pub fn row<A: Access>(self) -> Option<(usize, Entries<'a>)> {
        match self.look() {
            Value::Dict(dict) if dict.len::<A>() > 0 => Some((dict.len::<A>(), dict.entries::<A>()?)),
            _ => None,
        }
    }

    /// Its characters if it is a str exactly.
    #[must_use]
    pub fn as_str(self) -> Option<Text<'a>> {
        match self.look() {
            Value::Str(s) => s.text::<super::Public>(),
            _ => None,
        }
    }

    /// What is in it if it is bytes.
    #[must_use]
    pub fn as_bytes(self) -> Option<&'a [u8]> {
        // SAFETY: a living object; bytes do not change and are there as long as it is.
        unsafe {
            if ffi::PyBytes_Check(self.0) == 0 {
                return None;
            }
            let (at, len) = (ffi::PyBytes_AsString(self.0), ffi::PyBytes_Size(self.0));
            Some(core::slice::from_raw_parts(at.cast(), len as usize))
        }
    }

    /// It as a tuple, if it is one, or of a subclass.
    #[must_use]
    pub fn as_tuple(self) -> Option<Seq<'a>> {
        // SAFETY: a living object.
        unsafe { ffi::PyTuple_Check(self.0) != 0 }.then(|| Seq::tuple(self))
    }
}

impl<'a> Str<'a> {
    /// A str of exact type.
    ///
    /// # Safety
    ///
    /// `o` is one, and as alive as [`Obj::new`] wants it.
    #[inline(always)]
    pub(super) unsafe fn exact(o: *mut PyObject) -> Self {
        // SAFETY: the caller's promise; a living object.
        unsafe {
            debug_assert!(ffi::PyUnicode_CheckExact(o) != 0);
            Self(Obj::new(o))
        }
    }

    /// Its characters if it is compact and ASCII: the way that costs least.
    #[inline(always)]
    #[must_use]
    pub fn ascii<A: Access>(self) -> Option<Text<'a>> {
        // SAFETY: `look` and `rare` have found a str.
        unsafe { A::ascii(self.0.0) }.map(Text::ascii)
    }

    /// Its characters; `None` if memory ran out on the way to them.
    #[inline(always)]
    #[must_use]
    pub fn text<A: Access>(self) -> Option<Text<'a>> {
        // SAFETY: `look` and `rare` have found a str.
        unsafe { A::text(self.0.0) }
    }

    /// Its UTF-8, if that is there already and it is not ASCII.
    #[inline(always)]
    #[must_use]
    pub fn utf8<A: Access>(self) -> Option<&'a [u8]> {
        // SAFETY: as above.
        unsafe { A::utf8(self.0.0) }
    }

    /// Whether it says the same as another, which is not ASCII.
    #[cold]
    #[inline(never)]
    pub(super) fn says_the_same<A: Access>(self, other: Str<'_>) -> bool {
        let (Some(a), Some(b)) = (self.text::<A>(), other.text::<A>()) else { return false };
        // Two that are equal are of the same width: the interpreter takes the narrowest.
        a.width() == b.width() && a.as_bytes() == b.as_bytes()
    }

    /// The object.
    #[inline(always)]
    #[must_use]
    pub const fn obj(self) -> Obj<'a> {
        self.0
    }
}

impl<'a> IntObj<'a> {
    /// The object.
    #[inline(always)]
    #[must_use]
    pub const fn obj(self) -> Obj<'a> {
        self.0
    }

    /// Its value.
    #[inline(always)]
    #[must_use]
    pub fn read<A: Access>(self) -> Int {
        // SAFETY: `look` and `rare` have found an int.
        unsafe { A::int(self.0.0) }
    }
}

impl Float<'_> {
    /// Its value.
    #[inline(always)]
    #[must_use]
    pub fn read<A: Access>(self) -> f64 {
        // SAFETY: `look` has found a float.
        unsafe { A::float(self.0.0) }
    }
}
