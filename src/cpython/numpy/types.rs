//! Which of numpy's types a type is, and scalars of them.

use core::ffi::c_int;

use pyo3::ffi::{self, PyObject};

use super::{Element, Number, half};
use crate::cpython::call::{Owned, Raised};
use crate::cpython::leave::leave;
use crate::cpython::object::Obj;
use crate::cpython::protocol::{attribute_if_any, forget, loaded_module};
use crate::cpython::world::World;
use crate::instant::Unit;

/// numpy's types, as far as they are written.
#[derive(Debug)]
pub(in crate::cpython) struct Types {
    module: Owned,
    array: Option<Owned>,
    scalars: Vec<(Owned, Element)>,
}

/// What one of numpy's types is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cpython) enum Numpy {
    Array,
    Scalar(Element),
}

const SCALARS: [(&core::ffi::CStr, Element); 13] = [
    (c"bool_", Element::Bool),
    (c"int8", Element::I8),
    (c"int16", Element::I16),
    (c"int32", Element::I32),
    (c"int64", Element::I64),
    (c"uint8", Element::U8),
    (c"uint16", Element::U16),
    (c"uint32", Element::U32),
    (c"uint64", Element::U64),
    (c"float16", Element::F16),
    (c"float32", Element::F32),
    (c"float64", Element::F64),
    (c"datetime64", Element::Date(Unit::GENERIC)),
];

impl Types {
    /// The types of numpy if it has been imported. `known` are those of before.
    pub(in crate::cpython) fn find(world: &mut World, known: Option<Self>) -> Option<Self> {
        let module = loaded_module(world, c"numpy")?;
        match known {
            Some(known) if known.module.obj().as_ptr() == module.obj().as_ptr() => {
                world.release(module);
                Some(known)
            }
            known => {
                if let Some(known) = known {
                    known.release(world);
                }
                Some(Self::load(world, module))
            }
        }
    }

    fn load(world: &mut World, module: Owned) -> Self {
        let array = attribute_if_any(world, module.obj(), c"ndarray");
        let mut scalars = Vec::new();
        for (name, element) in SCALARS {
            let Some(class) = attribute_if_any(world, module.obj(), name) else { continue };
            if is_as_expected(world, class.obj(), element) {
                scalars.push((class, element));
            } else {
                world.release(class);
            }
        }
        Self { module, array, scalars }
    }

    fn release(self, world: &mut World) {
        world.release(self.module);
        let rest = self.scalars.into_iter().map(|(class, _)| class).chain(self.array);
        rest.for_each(|class| world.release(class));
    }

    /// What objects of `class` are.
    pub(in crate::cpython) fn of(&self, class: Obj<'_>) -> Option<Numpy> {
        let class = class.as_ptr();
        if self.array.as_ref().is_some_and(|array| array.obj().as_ptr() == class) {
            return Some(Numpy::Array);
        }
        let found = self.scalars.iter().find(|(scalar, _)| scalar.obj().as_ptr() == class);
        found.map(|&(_, element)| Numpy::Scalar(element))
    }
}

/// Where a scalar has its value, and a date its unit.
const VALUE: usize = size_of::<PyObject>();
const DATE_UNIT: usize = VALUE + 8;

/// Whether a scalar of `class` that is made of 1 has its value where it is looked for.
fn is_as_expected(world: &mut World, class: Obj<'_>, element: Element) -> bool {
    let Some(one) = make_one(world, class, matches!(element, Element::Date(_))) else { return false };
    let fits = core::ptr::eq(one.obj().type_of().cast::<PyObject>(), class.as_ptr())
        // SAFETY: a living type.
        && unsafe { (*one.obj().type_of()).tp_basicsize } >= (DATE_UNIT + 8 * usize::from(matches!(element, Element::Date(_)))) as isize
        && match one.obj().number(element) {
            Number::Bool(v) => v,
            Number::Int(v) => v == 1,
            Number::Uint(v) => v == 1,
            Number::Double(v) => v == 1.0,
            Number::Single(v) => v == 1.0,
            Number::Date(v, unit) => v == 1 && unit == Unit { code: 9, steps: 1 },
        };
    world.release(one);
    fits
}

/// `class(1)`, or `class(1, "us")` for a date.
fn make_one(world: &mut World, class: Obj<'_>, date: bool) -> Option<Owned> {
    world.before_python();
    let format = if date { c"is".as_ptr() } else { c"i".as_ptr() };
    // SAFETY: a living object that the caller holds is called with an int, and a str where that is wanted.
    let made = unsafe {
        Owned::take(leave(|| ffi::PyObject_CallFunction(class.as_ptr(), format, 1 as c_int, c"us".as_ptr())))
    };
    if made.is_none() {
        forget(world, Raised::fetch());
    }
    made
}

impl Obj<'_> {
    /// The value of a scalar of numpy, whose type [`crate::cpython::Kind`] has found out.
    #[must_use]
    pub fn number(self, element: Element) -> Number {
        let at = self.as_ptr().cast::<u8>();
        // SAFETY: numpy's scalars of this type have their value behind the header: `is_as_expected`.
        unsafe {
            let value = at.add(VALUE);
            match element {
                Element::Bool => Number::Bool(value.read() != 0),
                Element::I8 => Number::Int(value.cast::<i8>().read().into()),
                Element::I16 => Number::Int(value.cast::<i16>().read().into()),
                Element::I32 => Number::Int(value.cast::<i32>().read().into()),
                Element::I64 => Number::Int(value.cast::<i64>().read()),
                Element::U8 => Number::Uint(value.read().into()),
                Element::U16 => Number::Uint(value.cast::<u16>().read().into()),
                Element::U32 => Number::Uint(value.cast::<u32>().read().into()),
                Element::U64 => Number::Uint(value.cast::<u64>().read()),
                Element::F16 => Number::Single(half(value.cast::<u16>().read())),
                Element::F32 => Number::Single(value.cast::<f32>().read()),
                Element::F64 => Number::Double(value.cast::<f64>().read()),
                Element::Date(_) => {
                    let code = at.add(DATE_UNIT).cast::<c_int>().read();
                    let steps = at.add(DATE_UNIT + 4).cast::<c_int>().read();
                    let steps = u32::try_from(steps).unwrap_or(1);
                    let code = u8::try_from(code).unwrap_or(Unit::GENERIC.code);
                    Number::Date(value.cast::<i64>().read(), Unit { code, steps })
                }
            }
        }
    }
}
