//! The fields of a class: their names, finished, and where they are.

use std::sync::Arc;

use pyo3::ffi::{PyObject, PyTypeObject};

use super::access::Access;
use super::call::Owned;
use super::class::{ClassId, is_private, lookup};
use super::flat::are_flat;
use super::object::Obj;
use super::public::Public;
use super::slot::offset_of;
use crate::emit::room::fragment;
use crate::fragment::Fragment;

/// The fields of a class in order.
#[derive(Debug)]
pub struct Fields {
    fields: Vec<Field>,
    /// Their names, finished, if all of them are written and can be finished; else nothing.
    fragments: Vec<Fragment>,
    /// Where they are, if all are slots; else nothing.
    slots: Vec<isize>,
    class: ClassId,
}

/// A field.
#[derive(Debug)]
pub struct Field {
    /// A str exactly.
    name: Owned,
    /// Finished, if it can be.
    fragment: Option<Fragment>,
    private: bool,
    /// Where it is, if it is a slot.
    slot: Option<isize>,
}

impl Field {
    /// Its name.
    #[inline(always)]
    #[must_use]
    pub fn name(&self) -> Obj<'_> {
        self.name.obj()
    }

    /// Its name, finished.
    #[inline(always)]
    #[must_use]
    pub const fn fragment(&self) -> Option<&Fragment> {
        self.fragment.as_ref()
    }

    /// Whether it is left out.
    #[inline(always)]
    #[must_use]
    pub const fn is_private(&self) -> bool {
        self.private
    }

    /// The value that `obj`, an instance of the class, has in this slot; `None` if it has none.
    #[inline(always)]
    #[must_use]
    pub fn value<'a>(&self, obj: Obj<'a>) -> Option<Obj<'a>> {
        // SAFETY: a slot of the class.
        unsafe { value_at(obj, self.slot?) }
    }
}

/// The value in a slot; `None` if there is none.
///
/// # Safety
///
/// A slot of its class, or of one whose place that has taken.
#[inline(always)]
unsafe fn value_at(obj: Obj<'_>, slot: isize) -> Option<Obj<'_>> {
    // SAFETY: the caller's promise; what is in a slot is a living object.
    unsafe {
        let value = raw_value_at(obj, slot);
        (!value.is_null()).then(|| Obj::new(value))
    }
}

/// The same; null if there is none.
///
/// # Safety
///
/// As there.
#[inline(always)]
unsafe fn raw_value_at(obj: Obj<'_>, slot: isize) -> *mut PyObject {
    // SAFETY: instances of the class have a reference there, or null. Only a class of the same layout can have taken its
    // place since.
    unsafe { obj.as_ptr().byte_offset(slot).cast::<*mut PyObject>().read() }
}

impl Drop for Fields {
    fn drop(&mut self) {
        // Names are strs exactly, so that no Python code runs when they end.
        self.fields.drain(..).for_each(|field| field.name.drop_now());
    }
}

impl Fields {
    /// Those of `class`.
    pub(super) fn new(fields: Vec<Field>, class: ClassId) -> Self {
        let finished = |field: &Field| field.fragment.filter(|_| !field.private);
        let fragments = fields.iter().map(finished).collect::<Option<_>>().unwrap_or_default();
        let slots = fields.iter().map(|field| field.slot).collect::<Option<_>>().unwrap_or_default();
        Self { fields, fragments, slots, class }
    }

    /// The values that `obj`, an instance of the class, has in its slots, which all fields are; `None` for one that is
    /// missing.
    #[inline(always)]
    pub fn slots_of<'a>(&'a self, obj: Obj<'a>) -> impl Iterator<Item = Option<Obj<'a>>> {
        debug_assert!(self.are_of_class_of(obj), "an instance of the class");
        // SAFETY: slots of the class.
        self.slots.iter().map(move |&slot| unsafe { value_at(obj, slot) })
    }

    /// Whether all values that `obj`, an instance of the class, has in its slots are flat, and none is missing. By a call, for
    /// the loop that tells instances has no registers left.
    #[inline(never)]
    #[must_use]
    pub fn are_flat_in<A: Access>(&self, obj: Obj<'_>) -> bool {
        debug_assert!(self.are_of_class_of(obj), "an instance of the class");
        // SAFETY: slots of the class; none is asked for but these.
        unsafe { are_flat::<A>(self.slots.len(), |i| raw_value_at(obj, *self.slots.get_unchecked(i))) }
    }

    /// The names of all fields, finished; nothing if one of them is left out or cannot be finished.
    #[inline(always)]
    #[must_use]
    pub fn fragments(&self) -> &[Fragment] {
        &self.fragments
    }

    /// Whether they are those of the class of `obj`, as long as that has not changed.
    #[inline(always)]
    #[must_use]
    pub fn are_of_class_of(&self, obj: Obj<'_>) -> bool {
        self.class.is_at(obj.type_of())
    }

    /// The fields.
    #[inline(always)]
    #[must_use]
    pub fn all(&self) -> &[Field] {
        &self.fields
    }

    /// The field called `name`, which is a str exactly or not, from the one at `next` on: attributes mostly come in
    /// the order of the fields. `next` moves behind it.
    #[inline(always)]
    #[must_use]
    pub fn find(&self, name: Obj<'_>, next: &mut usize) -> Option<&Field> {
        // Names that are held are compared by address, which is theirs alone.
        let skipped = self.fields.get(*next..)?.iter().position(|field| field.name.obj().is(name))?;
        *next += skipped + 1;
        self.fields.get(*next - 1)
    }

    /// Whether `obj` is still an instance of the class, and the class as it was.
    #[inline(always)]
    #[must_use]
    pub fn fit(&self, obj: Obj<'_>) -> bool {
        self.class.is_of(obj)
    }
}

/// The names of a record's fields: strs exactly.
#[derive(Clone, Debug)]
pub struct Names(Arc<Held>);

#[derive(Debug)]
struct Held(Vec<Owned>);

impl Names {
    pub(super) fn new(names: Vec<Owned>) -> Self {
        Self(Arc::new(Held(names)))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Obj<'_>> {
        self.0.0.iter().map(Owned::obj)
    }

    /// Name `i`, if there are so many.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<Obj<'_>> {
        self.0.0.get(i).map(Owned::obj)
    }

    /// How many they are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.0.len()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // To let go of a str of type str exactly runs no Python code.
        self.0.drain(..).for_each(Owned::drop_now);
    }
}

/// `fields` and one more, if its name is a str exactly and it is a slot if it should be.
pub(super) fn with_field(
    mut fields: Vec<Field>,
    class: *mut PyTypeObject,
    name: Obj<'_>,
    slots: bool,
) -> Option<Vec<Field>> {
    let text = name.as_str();
    let slot = text.filter(|_| slots).and_then(|_| lookup(class, name));
    let slot = slot.and_then(|descriptor| {
        let offset = offset_of(class, descriptor.obj().as_ptr());
        descriptor.drop_now();
        offset
    });
    match text {
        Some(text) if slots == slot.is_some() && fields.try_reserve(1).is_ok() => {
            let private = is_private::<Public>(name);
            fields.push(Field { name: Owned::hold(name), fragment: fragment(text), private, slot });
            Some(fields)
        }
        _ => {
            fields.into_iter().for_each(|field| field.name.drop_now());
            None
        }
    }
}
