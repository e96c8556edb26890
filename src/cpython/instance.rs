//! Where the attributes of an instance are: in a dict of its own, or in values that share their keys with the other
//! instances of its class.

use core::cell::Cell;

use pyo3::ffi::PyObject;

use super::access::Access;
use super::dict::Dict;
use super::fields::Fields;
use super::flat::are_flat;
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

/// Bytes that stand before the order, in its first word: until 3.12 its size and its length.
const BEFORE: usize = if cfg!(Py_3_13) { 0 } else { 2 };

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

    /// Whether the attributes came in the order of their entries.
    fn is_in_order(self) -> bool {
        (0..words(self.len)).all(|i| {
            // SAFETY: the order has at least one byte in this word, and consists of whole words.
            unsafe { self.is_word_in_order(i, mask(self.len, i)) }
        })
    }

    /// Whether the bytes of `mask` in word `i` of the order are those of attributes in the order of their entries.
    ///
    /// # Safety
    ///
    /// The order has at least one byte in this word.
    #[inline(always)]
    unsafe fn is_word_in_order(self, i: usize, mask: u64) -> bool {
        const FIRST: u64 = 0x0706_0504_0302_0100;
        const EIGHT: u64 = 0x0808_0808_0808_0808;
        let numbers = match i {
            // The numbers from 0 on, behind what stands before them.
            0 => FIRST << (8 * BEFORE),
            _ => FIRST.wrapping_add(EIGHT.wrapping_mul(i as u64)).wrapping_sub((EIGHT >> 3) * BEFORE as u64),
        };
        // SAFETY: the caller's promise; the order consists of whole words. One that runs backwards begins with what stands
        // before it, and has the lowest byte of a word at its end.
        unsafe {
            let word =
                if cfg!(Py_3_13) { self.order.add(8 * i) } else { self.order.add(BEFORE).sub(7 + 8 * i) };
            (word.cast::<u64>().read_unaligned() ^ as_it_lies(numbers)) & mask == 0
        }
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

/// Values of attributes, one behind the other.
///
/// Good until Python code may run.
#[derive(Clone, Copy, Debug)]
pub struct Values {
    at: *const *mut PyObject,
    end: *const *mut PyObject,
}

impl Values {
    /// The next value; `None` behind the last one, and where one is missing.
    #[inline(always)]
    #[must_use]
    pub fn next<'a>(&mut self) -> Option<Obj<'a>> {
        if self.at == self.end {
            return None;
        }
        // SAFETY: a value before the end, or null.
        unsafe {
            let value = *self.at;
            self.at = self.at.add(1);
            (!value.is_null()).then(|| Obj::new(value))
        }
    }
}

impl Values {
    /// Whether all that are left are flat, and none is missing.
    #[inline(always)]
    #[must_use]
    pub fn are_flat<A: Access>(self) -> bool {
        // SAFETY: both point into the same values, or behind the last one; each is a living object, or null.
        unsafe { are_flat::<A>(self.end.offset_from_unsigned(self.at), |i| *self.at.add(i)) }
    }
}

/// Words of the order that so many attributes have.
#[inline(always)]
const fn words(len: usize) -> usize {
    (len + BEFORE).div_ceil(8)
}

/// The bytes of word `i` of the order, as it lies in memory, that are numbers of attributes.
#[inline(always)]
const fn mask(len: usize, i: usize) -> u64 {
    let end = len + BEFORE - 8 * i;
    let before_end = u64::MAX >> (64 - 8 * if end < 8 { end } else { 8 });
    as_it_lies(if i == 0 { before_end & u64::MAX << (8 * BEFORE) } else { before_end })
}

/// A word of which the lowest byte comes first, as it lies in memory.
#[inline(always)]
const fn as_it_lies(word: u64) -> u64 {
    if cfg!(Py_3_13) { word.to_le() } else { word.to_be() }
}

/// Whether a name is that of a field, which need not be the same object: a class may have made its names anew.
fn says_the_same(name: Obj<'_>, field: Obj<'_>) -> bool {
    name.is(field) || name.as_str().zip(field.as_str()).is_some_and(|(a, b)| a.cmp_points(b).is_eq())
}

/// Names of attributes that were compared with those of fields, and how many there are: as long as no Python code runs they
/// need not be compared again, and of the others that share them only the order.
#[derive(Clone, Copy, Debug)]
pub struct Compared {
    names: *const *mut PyObject,
    len: usize,
    /// The bytes of the order's first two words that are numbers, not none.
    masks: [u64; 2],
}

impl Compared {
    /// Nothing has been compared.
    pub const NOTHING: Self = Self { names: core::ptr::null(), len: 0, masks: [0; 2] };

    #[inline(always)]
    fn are_in_order(self, split: Split) -> bool {
        let Self { names, len, masks: [first, second] } = self;
        if split.names != names || split.len != len {
            return false;
        }
        debug_assert!(len > 0, "nothing is not compared");
        // SAFETY: the order has a byte in the first word, as there is an attribute, and in another of which some count.
        unsafe {
            split.is_word_in_order(0, first)
                && (second == 0
                    || split.is_word_in_order(1, second) && (words(len) <= 2 || split.is_in_order()))
        }
    }
}

impl Split {
    /// The values of the attributes, if these are `fields`, all of them and in their order, and lie so.
    #[inline(always)]
    #[must_use]
    pub fn values_of(self, fields: &Fields, compared: &Cell<Compared>) -> Option<Values> {
        // SAFETY: the numbers of the values are those from 0 to the length.
        (compared.get().are_in_order(self) || self.compare(fields, compared))
            .then(|| unsafe { Values { at: self.values, end: self.values.add(self.len) } })
    }

    #[inline(never)]
    fn compare(self, fields: &Fields, compared: &Cell<Compared>) -> bool {
        let (names, len) = (self.names, self.len);
        let same = len == fields.all().len()
            && self.is_in_order()
            && fields
                .all()
                .iter()
                .enumerate()
                .all(|(i, field)| self.get(i).is_some_and(|(name, _)| says_the_same(name, field.name())));
        if same && len > 0 {
            let second = if words(len) > 1 { mask(len, 1) } else { 0 };
            compared.set(Compared { names, len, masks: [mask(len, 0), second] });
        }
        same
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

    /// Its attributes, if they are in values whose names are shared, and who has these: it, or its dict, if somebody has
    /// asked for that.
    #[inline(always)]
    #[must_use]
    pub fn own_split<A: Access>(self) -> Option<(Self, Split)> {
        match self.instance::<A>() {
            Instance::Split(split) => Some((self, split)),
            Instance::Dict(dict) => dict.split::<A>().map(|split| (dict.obj(), split)),
            Instance::Unknown => None,
        }
    }

    /// The attribute `name`, if it is where it can be read without running anything.
    #[inline]
    #[must_use]
    pub fn own_attribute<A: Access>(self, name: Name) -> Option<Obj<'a>> {
        let split = self.instance::<A>().split::<A>()?;
        let name = name.obj().as_ptr();
        (0..split.len()).map_while(|i| split.get(i)).find(|(n, _)| n.as_ptr() == name).map(|(_, value)| value)
    }
}

impl Instance<'_> {
    /// The attributes, if they are in values whose names are shared: its own, or those of its dict.
    #[inline(always)]
    #[must_use]
    pub fn split<A: Access>(self) -> Option<Split> {
        match self {
            Self::Split(split) => Some(split),
            Self::Dict(dict) => dict.split::<A>(),
            Self::Unknown => None,
        }
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
