//! Of which kind an object is that [`Obj::rare`] does not know. To find that out takes many questions, so the answer
//! is remembered with the type.
//!
//! A type is recognised by what `sys.modules` has or by its own attributes; nothing is imported for it.

use std::rc::Rc;

use pyo3::ffi;

use super::call::Owned;
use super::class::{says_itself, slots};
use super::fields::{Fields, Names};
use super::numpy::{Element, Numpy, Types};
use super::object::{Obj, Value};
use super::protocol::{attribute_if_any, is_instance, list_of, loaded};
use super::seq::Seq;
use super::world::World;

/// What an object is, beyond what JSON has a form for.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `numpy.ndarray`.
    Array,
    /// A scalar of numpy.
    Scalar(Element),
    /// `decimal.Decimal`, or of a subclass.
    Decimal {
        /// Whether it is of no subclass.
        exact: bool,
    },
    /// bytes, bytearray, memoryview.
    Bytes,
    /// `datetime.timedelta`.
    Span,
    /// It has `__fspath__`.
    Path,
    /// An address or network of `ipaddress`: `str` shows it.
    Address,
    /// A tuple of a subclass without names.
    Tuple,
    /// A tuple of a subclass with names.
    NamedTuple(Names),
    /// It has attributes that are its fields: attrs, `msgspec.Struct`. All of them may be slots.
    Record(Names, Option<Rc<Fields>>),
    /// A pydantic model whose fields are written as they are.
    Model(Names),
    /// A pydantic model that has rules of its own for what is written.
    RuledModel,
    /// A mapping that is no dict.
    Mapping,
    /// It can be iterated over.
    Iterable,
    /// None of these.
    Unknown,
}

/// Types that are remembered.
const PLACES: usize = 64;

/// A type and what its objects are. The tag is the interpreter's: it is of this version of this type alone and is
/// never given out again, so that the type need not be held.
#[derive(Debug)]
struct Place {
    class: *const ffi::PyTypeObject,
    tag: u32,
    kind: Kind,
}

/// The kinds that are known.
#[derive(Debug)]
pub(super) struct Kinds {
    places: Vec<Option<Place>>,
    numpy: Option<Types>,
}

impl Kinds {
    pub(super) const fn new() -> Self {
        Self { places: Vec::new(), numpy: None }
    }
}

fn place_of(class: *const ffi::PyTypeObject) -> usize {
    (class as usize >> 4).wrapping_mul(0x9e37_79b9) >> 7 & (PLACES - 1)
}

/// The tag of the present version of `class`; `None` if it has none, and then nothing about it can be remembered.
fn tag_of(class: *const ffi::PyTypeObject) -> Option<u32> {
    // SAFETY: a living type. Before 3.12 a flag says whether the tag holds.
    unsafe {
        #[cfg(not(Py_3_12))]
        if (*class).tp_flags & ffi::Py_TPFLAGS_VALID_VERSION_TAG == 0 {
            return None;
        }
        let tag = (&raw const (*class).tp_version_tag).read_volatile();
        (tag != 0).then_some(tag)
    }
}

impl World {
    /// Of which kind `obj` is. Python code may run.
    pub fn kind(&mut self, obj: Obj<'_>) -> Kind {
        match self.known_kind(obj) {
            Some(kind) => kind.clone(),
            None => self.classify(obj),
        }
    }

    #[inline]
    fn known_kind(&mut self, obj: Obj<'_>) -> Option<&Kind> {
        let class = obj.type_of().cast_const();
        match self.kinds().places.get(place_of(class)) {
            Some(Some(place)) if place.class == class && Some(place.tag) == tag_of(class) => {
                Some(&place.kind)
            }
            _ => None,
        }
    }

    #[cold]
    #[inline(never)]
    fn classify(&mut self, obj: Obj<'_>) -> Kind {
        // Both held: Python code may give the object another class.
        let (held, class) = (Owned::hold(obj), Owned::hold(obj.class()));
        let before = tag_of(class.obj().as_ptr().cast()).or_else(|| {
            // It gets one when something is looked up in it.
            self.has(class.obj(), c"__fspath__");
            tag_of(class.obj().as_ptr().cast())
        });
        let kind = self.found_kind(held.obj(), class.obj());
        let is_of_class = match kind {
            // It may be registered with Mapping later.
            Kind::Unknown => false,
            // What an object says of its class counts here, and another one may say something else.
            Kind::Mapping | Kind::Iterable => says_itself(class.obj().as_ptr().cast()),
            _ => true,
        };
        // What changes the type meanwhile changes its tag.
        if let Some(tag) = before
            && tag_of(class.obj().as_ptr().cast()) == before
            && is_of_class
        {
            self.remember_kind(class.obj().as_ptr().cast(), tag, kind.clone());
        }
        self.release(class);
        self.release(held);
        kind
    }

    fn remember_kind(&mut self, class: *const ffi::PyTypeObject, tag: u32, kind: Kind) {
        let kinds = self.kinds();
        if kinds.places.is_empty() {
            kinds.places.resize_with(PLACES, || None);
        }
        kinds.places[place_of(class)] = Some(Place { class, tag, kind });
    }

    fn found_kind(&mut self, obj: Obj<'_>, class: Obj<'_>) -> Kind {
        let known = self.kinds().numpy.take();
        let numpy = Types::find(self, known);
        let found = numpy.as_ref().and_then(|types| types.of(class));
        self.kinds().numpy = numpy;
        match found {
            Some(Numpy::Array) => Kind::Array,
            Some(Numpy::Scalar(element)) => Kind::Scalar(element),
            None if obj.is_type() => Kind::Unknown,
            None => self.builtin_kind(obj, class).unwrap_or_else(|| self.foreign_kind(obj, class)),
        }
    }

    /// What the type's flags say.
    fn builtin_kind(&mut self, obj: Obj<'_>, class: Obj<'_>) -> Option<Kind> {
        // SAFETY: a living type.
        let flags = unsafe { ffi::PyType_GetFlags(class.as_ptr().cast()) };
        let passed_through = ffi::Py_TPFLAGS_UNICODE_SUBCLASS
            | ffi::Py_TPFLAGS_LONG_SUBCLASS
            | ffi::Py_TPFLAGS_LIST_SUBCLASS
            | ffi::Py_TPFLAGS_DICT_SUBCLASS;
        if flags & passed_through != 0 {
            return Some(Kind::Unknown);
        }
        if flags & ffi::Py_TPFLAGS_BYTES_SUBCLASS != 0 || obj.is_buffer() {
            return Some(Kind::Bytes);
        }
        if flags & ffi::Py_TPFLAGS_TUPLE_SUBCLASS == 0 {
            return None;
        }
        let names = self.names(class, c"_fields", None);
        Some(names.map_or(Kind::Tuple, Kind::NamedTuple))
    }

    fn foreign_kind(&mut self, obj: Obj<'_>, class: Obj<'_>) -> Kind {
        if let Some(decimal) = loaded(self, c"decimal", c"Decimal") {
            let (is, exact) =
                (obj.is_of(decimal.obj()), core::ptr::eq(class.as_ptr(), decimal.obj().as_ptr()));
            self.release(decimal);
            if is {
                return Kind::Decimal { exact };
            }
        }
        let classes =
            [(c"datetime", c"timedelta", Kind::Span), (c"ipaddress", c"_IPAddressBase", Kind::Address)];
        for (module, name, kind) in classes {
            if self.is_loaded_class(obj, module, name) {
                return kind;
            }
        }
        if let Some(record) = self.record_kind(class) {
            return record;
        }
        if self.has(class, c"__fspath__") {
            return Kind::Path;
        }
        if self.is_loaded_instance(obj, c"_collections_abc", c"Mapping") {
            return Kind::Mapping;
        }
        if obj.is_iterable() { Kind::Iterable } else { Kind::Unknown }
    }

    fn record_kind(&mut self, class: Obj<'_>) -> Option<Kind> {
        if let Some(names) = self.names(class, c"__attrs_attrs__", Some(c"name")) {
            return Some(self.slotted(class, names));
        }
        if let Some(names) = self.names(class, c"__struct_fields__", None) {
            return Some(self.slotted(class, names));
        }
        let names = self.names(class, c"__pydantic_fields__", None)?;
        if self.has_rules(class) {
            return Some(Kind::RuledModel);
        }
        Some(Kind::Model(names))
    }

    fn slotted(&mut self, class: Obj<'_>, names: Names) -> Kind {
        self.before_python();
        let fields = slots(class.as_ptr().cast(), names.iter());
        Kind::Record(names, fields)
    }

    /// The fields of `obj` if it is known as a record, and all of them are slots.
    #[inline]
    #[must_use]
    pub fn record_slots(&mut self, obj: Obj<'_>) -> Option<Rc<Fields>> {
        match self.known_kind(obj) {
            Some(Kind::Record(_, fields)) => fields.clone(),
            _ => None,
        }
    }

    /// What `obj` is if its type is known as one of numpy's scalars.
    #[inline]
    pub fn scalar_of_numpy(&mut self, obj: Obj<'_>) -> Option<Element> {
        match self.known_kind(obj) {
            Some(Kind::Scalar(element)) => Some(*element),
            _ => None,
        }
    }

    /// Whether the type of `obj` is known as numpy's arrays.
    #[inline]
    pub fn is_array_of_numpy(&mut self, obj: Obj<'_>) -> bool {
        matches!(self.known_kind(obj), Some(Kind::Array))
    }

    /// Whether a pydantic model says itself what is written of it: serializers, computed or excluded fields, a root.
    fn has_rules(&mut self, class: Obj<'_>) -> bool {
        let Some(rules) = attribute_if_any(self, class, c"__pydantic_decorators__") else { return true };
        let kinds = [c"field_serializers", c"model_serializers", c"computed_fields"];
        let any = kinds.into_iter().any(|name| self.is_filled(rules.obj(), name));
        self.release(rules);
        any || self.is_true_attribute(class, c"__pydantic_root_model__") || self.has_field_rules(class)
    }

    fn has_field_rules(&mut self, class: Obj<'_>) -> bool {
        let Some(fields) = attribute_if_any(self, class, c"__pydantic_fields__") else { return true };
        let values = super::protocol::call_method(self, fields.obj(), c"values");
        self.release(fields);
        let Some(values) = values.ok().and_then(|values| self.listed(values)) else { return true };
        let mut i = 0;
        let mut any = false;
        while let Some(field) = element(values.obj(), i) {
            let excluded = attribute_if_any(self, field.obj(), c"exclude");
            any |= excluded.is_none_or(|e| {
                let none = matches!(e.obj().look(), Value::None | Value::Bool(false));
                self.release(e);
                !none
            });
            any |= self.is_filled(field.obj(), c"metadata") && self.has_serializer(field.obj());
            self.release(field);
            i += 1;
        }
        self.release(values);
        any
    }

    /// Whether a field's metadata has a serializer: `Annotated[int, PlainSerializer(...)]`.
    fn has_serializer(&mut self, field: Obj<'_>) -> bool {
        let metadata = attribute_if_any(self, field, c"metadata").and_then(|m| self.listed(m));
        let Some(metadata) = metadata else { return false };
        let mut i = 0;
        let mut any = false;
        while let Some(item) = element(metadata.obj(), i) {
            any |= item.obj().type_name().ends_with("Serializer");
            self.release(item);
            i += 1;
        }
        self.release(metadata);
        any
    }

    fn listed(&mut self, obj: Owned) -> Option<Owned> {
        let list = list_of(self, obj.obj());
        self.release(obj);
        self.or_forget(list)
    }

    fn or_forget(&mut self, asked: super::protocol::Asked) -> Option<Owned> {
        match asked {
            Ok(found) => Some(found),
            Err(raised) => {
                super::protocol::forget(self, raised);
                None
            }
        }
    }

    fn has(&mut self, class: Obj<'_>, name: &core::ffi::CStr) -> bool {
        match attribute_if_any(self, class, name) {
            Some(found) => {
                let none = matches!(found.obj().look(), Value::None);
                self.release(found);
                !none
            }
            None => false,
        }
    }

    fn is_true_attribute(&mut self, class: Obj<'_>, name: &core::ffi::CStr) -> bool {
        attribute_if_any(self, class, name).is_some_and(|found| {
            let yes = matches!(found.obj().look(), Value::Bool(true));
            self.release(found);
            yes
        })
    }

    /// Whether the collection `obj.name` has anything in it.
    fn is_filled(&mut self, obj: Obj<'_>, name: &core::ffi::CStr) -> bool {
        let list = attribute_if_any(self, obj, name).and_then(|found| self.listed(found));
        list.is_some_and(|list| {
            let filled = element(list.obj(), 0).is_some_and(|item| {
                self.release(item);
                true
            });
            self.release(list);
            filled
        })
    }

    /// Whether `obj` is of a class that `module` has, or of a subclass. No class of Python's runs for it.
    fn is_loaded_class(&mut self, obj: Obj<'_>, module: &core::ffi::CStr, name: &core::ffi::CStr) -> bool {
        loaded(self, module, name).is_some_and(|class| {
            let is = obj.is_of(class.obj());
            self.release(class);
            is
        })
    }

    /// The same as `isinstance` sees it.
    fn is_loaded_instance(&mut self, obj: Obj<'_>, module: &core::ffi::CStr, name: &core::ffi::CStr) -> bool {
        loaded(self, module, name).is_some_and(|class| {
            let is = is_instance(self, obj, class.obj());
            self.release(class);
            is
        })
    }

    /// The strs that `class.attribute` iterates over, or their attributes `inner`; `None` if they are not all strs.
    fn names(
        &mut self,
        class: Obj<'_>,
        attribute: &core::ffi::CStr,
        inner: Option<&core::ffi::CStr>,
    ) -> Option<Names> {
        let list = attribute_if_any(self, class, attribute).and_then(|found| self.listed(found))?;
        let mut names = Vec::new();
        let mut good = true;
        while let Some(item) = element(list.obj(), names.len()) {
            let name = match inner {
                None => Some(Owned::hold(item.obj())),
                Some(inner) => attribute_if_any(self, item.obj(), inner),
            };
            self.release(item);
            let Some(name) = name else {
                good = false;
                break;
            };
            good &= matches!(name.obj().look(), Value::Str(_));
            names.push(name);
        }
        self.release(list);
        if good {
            return Some(Names::new(names));
        }
        names.into_iter().for_each(|name| self.release(name));
        None
    }
}

/// Element `i` of a list that is ours alone, held.
fn element(list: Obj<'_>, i: usize) -> Option<Owned> {
    Seq::list(list).get::<super::Public>(i).map(Owned::hold)
}
