//! Where the attributes of an instance are: in a dict of its own, or in values that share their keys with the other
//! instances of its class.

use pyo3::ffi::PyObject;

use super::access::Access;
use super::dict::Dict;
use super::names::Name;
use super::object::Obj;

/// Attributes whose names are shared: the values, the entries that hold the names, and in which order they came.
///
/// Good until Python code may run.
#[derive(Clone, Copy, Debug)]
pub struct Split {
    /// The name of the first entry; the next one's is two words further.
    pub(super) names: *const *mut PyObject,
    pub(super) values: *const *mut PyObject,
    /// The number of the entry that came first. The next number is `step` bytes further.
    pub(super) order: *const u8,
    pub(super) step: isize,
    pub(super) len: usize,
}

/// Where the attributes of an instance are.
#[derive(Clone, Copy, Debug)]
pub enum Instance<'a> {
    /// In values that are its own.
    Split(Split),
    /// In a dict.
    Dict(Dict<'a>),
    /// The layout does not say.
    Unknown,
}

/// The same without a lifetime, as the layout says it.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// See [`Instance::Split`].
    #[cfg_attr(Py_GIL_DISABLED, expect(dead_code, reason = "only the layout knows"))]
    Split(Split),
    /// See [`Instance::Dict`].
    #[cfg_attr(Py_GIL_DISABLED, expect(dead_code, reason = "only the layout knows"))]
    Dict(*mut PyObject),
    /// See [`Instance::Unknown`].
    Unknown,
}

impl Split {
    /// Number of attributes.
    #[inline(always)]
    #[must_use]
    pub const fn len(self) -> usize {
        self.len
    }

    /// The name and the value of attribute `i`, in the order in which they came.
    #[inline(always)]
    #[must_use]
    pub fn get<'a>(self, i: usize) -> Option<(Obj<'a>, Obj<'a>)> {
        if i >= self.len {
            return None;
        }
        // SAFETY: there are so many attributes; the number is that of an entry, which has a name, and of a value.
        unsafe {
            let at = usize::from(self.order.offset(self.step * i as isize).read());
            let (name, value) = (*self.names.add(2 * at), *self.values.add(at));
            (!name.is_null() && !value.is_null()).then(|| (Obj::new(name), Obj::new(value)))
        }
    }
}

impl<'a> Obj<'a> {
    /// Where its attributes are. It must be an instance of a class whose instances have a `__dict__` as usual.
    #[inline(always)]
    #[must_use]
    pub fn instance<A: Access>(self) -> Instance<'a> {
        // SAFETY: a living object; the dict is its own.
        unsafe {
            match A::instance(self.as_ptr()) {
                Place::Split(split) => Instance::Split(split),
                Place::Dict(dict) => Instance::Dict(Dict(Obj::new(dict))),
                Place::Unknown => Instance::Unknown,
            }
        }
    }

    /// The attribute `name`, if it is where it can be read without running anything.
    #[inline]
    #[must_use]
    pub fn own_attribute<A: Access>(self, name: Name) -> Option<Obj<'a>> {
        let split = match self.instance::<A>() {
            Instance::Split(split) => split,
            Instance::Dict(dict) => dict.split::<A>()?,
            Instance::Unknown => return None,
        };
        let name = name.obj().as_ptr();
        (0..split.len()).map_while(|i| split.get(i)).find(|(n, _)| n.as_ptr() == name).map(|(_, value)| value)
    }
}

impl Dict<'_> {
    /// Its attributes, if it shares its keys with others.
    #[inline(always)]
    #[must_use]
    pub fn split<A: Access>(self) -> Option<Split> {
        // SAFETY: a living dict.
        unsafe { A::dict_split(self.0.as_ptr()) }
    }
}
