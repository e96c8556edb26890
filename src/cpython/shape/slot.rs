//! One key of a shape, as it is written, and the site of its values.

use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicU32, Ordering::AcqRel, Ordering::Acquire, Ordering::Relaxed};

use pyo3::ffi::PyObject;

use crate::cpython::access::Access;
use crate::cpython::boxed::boxed;
use crate::cpython::call::Owned;
use crate::cpython::keys::trace;
use crate::cpython::object::{Obj, Str, Value};
use crate::cpython::site::Site;
use crate::emit::room::says;
use crate::fragment::Fragment;
use crate::text::Text;

/// A key of a shape.
#[derive(Debug)]
#[repr(align(64))]
pub struct Slot {
    /// Held, and a str exactly, so that no Python code runs when it ends. Another that says the same may take its place
    /// ([`Slot::adopt`]), so it is looked at anew each time.
    pub(super) key: AtomicPtr<PyObject>,
    pub(super) hash: isize,
    /// Of the last key that says the same and is another object: its [`trace`].
    other: AtomicU32,
    /// The key as it is written; empty if it is not to be had as one.
    pub fragment: Fragment,
    /// What its value was when the shape was learnt. For people: no walk relies on it.
    pub sample: Sample,
    /// The site of its values, or null; made once and the slot's own.
    site: AtomicPtr<Site>,
}
const _: () = assert!(size_of::<Slot>() == 64, "a slot is a cache line");

/// What a value was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Sample {
    /// Null, true or false.
    Literal,
    /// An int.
    Int,
    /// A float.
    Float,
    /// A str.
    Text,
    /// A list or tuple.
    Array,
    /// A dict.
    Object,
    /// Of another type.
    Other,
}

impl Sample {
    pub(super) fn of(value: Obj<'_>) -> Self {
        match value.look() {
            Value::None | Value::Bool(_) => Self::Literal,
            Value::Int(_) => Self::Int,
            Value::Float(_) => Self::Float,
            Value::Str(_) => Self::Text,
            Value::List(_) | Value::Tuple(_) => Self::Array,
            Value::Dict(_) => Self::Object,
            Value::Other => Self::Other,
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        // SAFETY: the slot's own reference, which nobody else gives back.
        if let Some(key) = unsafe { Owned::take(*self.key.get_mut()) } {
            key.drop_now();
        }
        let site = *self.site.get_mut();
        if !site.is_null() {
            // SAFETY: made from a box, and the slot's own.
            drop(unsafe { Box::from_raw(site) });
        }
    }
}

impl Slot {
    pub(super) const fn new(
        key: AtomicPtr<PyObject>,
        hash: isize,
        fragment: Fragment,
        sample: Sample,
    ) -> Self {
        Self { key, hash, other: AtomicU32::new(0), fragment, sample, site: AtomicPtr::new(null_mut()) }
    }

    #[inline(always)]
    pub(in crate::cpython) fn is(&self, key: Str<'_>) -> bool {
        self.key.load(Relaxed) == key.obj().as_ptr()
    }

    /// Whether `key`, which is another object, says the same.
    #[inline(always)]
    pub(in crate::cpython) fn equals<A: Access>(&self, key: Str<'_>, hash: isize) -> bool {
        hash == self.hash && self.says::<A>(key)
    }

    #[inline(always)]
    pub(super) fn says<A: Access>(&self, key: Str<'_>) -> bool {
        match key.ascii::<A>() {
            Some(t) => says(&self.fragment, t.as_bytes()),
            None => self.says_wide::<A>(key),
        }
    }

    #[cold]
    #[inline(never)]
    fn says_wide<A: Access>(&self, key: Str<'_>) -> bool {
        let own = self.key.load(Relaxed);
        // SAFETY: held, and a str exactly.
        !own.is_null() && key.says_the_same::<A>(unsafe { Str::exact(own) })
    }

    /// Whether the fragment is that of the key.
    pub(super) fn says_its_key(&self) -> bool {
        self.fragment.bytes().contains(&b'\\') || says(&self.fragment, self.name().as_bytes())
    }

    /// A key that is another object is in this place. If it is the same one for the second time, it is not one of many but
    /// what this document has: where it says the same, it takes the other's place.
    #[inline(always)]
    pub fn adopt<A: Access>(&self, key: Str<'_>) {
        let trace = trace(key.obj().as_ptr());
        // Two plain instructions: what another thread puts there meanwhile is as good a guess.
        if self.other.load(Relaxed) == trace && !cfg!(Py_GIL_DISABLED) {
            self.take_over::<A>(key);
        }
        self.other.store(trace, Relaxed);
    }

    #[cold]
    #[inline(never)]
    fn take_over<A: Access>(&self, key: Str<'_>) {
        // Where keys are absent the one in this place may be another's.
        if !self.says::<A>(key) {
            return;
        }
        let old = self.key.swap(Owned::hold(key.obj()).into_ptr(), Relaxed);
        // SAFETY: the reference that the slot had.
        if let Some(old) = unsafe { Owned::take(old) } {
            old.drop_now();
        }
    }

    /// What the key says.
    #[must_use]
    pub fn name(&self) -> String {
        // SAFETY: held.
        unsafe { Obj::new(self.key.load(Relaxed)) }.as_str().unwrap_or(Text::EMPTY).to_lossy()
    }

    /// The site of its values, if any was made.
    #[must_use]
    pub fn site(&self) -> Option<&Site> {
        // SAFETY: null, or what `make_site` has made, which stays as long as the slot does.
        unsafe { self.site.load(Acquire).as_ref() }
    }

    /// Makes the site of its values; `None` if there is no memory for it.
    pub(in crate::cpython) fn make_site(&self) -> Option<&Site> {
        let made = Box::into_raw(boxed(Site::default())?);
        Some(match self.site.compare_exchange(null_mut(), made, AcqRel, Acquire) {
            // SAFETY: it is the slot's from now on.
            Ok(_) => unsafe { &*made },
            // SAFETY: another thread was quicker: its site stays as long as the slot does, and nobody knows of this one.
            Err(its) => unsafe {
                drop(Box::from_raw(made));
                &*its
            },
        })
    }
}
