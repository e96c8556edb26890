//! numpy's arrays and scalars, read where they lie. numpy itself is not imported, and nothing of it is linked: an
//! array shows its inside as the struct of `__array_struct__`, and a scalar has its value behind the header.

use core::ffi::{c_char, c_int, c_void};

use pyo3::ffi::{self, PyObject};
use smallvec::SmallVec;

use super::call::Owned;
use super::leave::leave;
use super::object::Obj;
use super::protocol::{attribute_called, attribute_if_any, forget, loaded_module};
use super::seq::Buffer;
use super::world::World;
use crate::instant::Unit;
use crate::sink::{BOOLS, RUN};
use crate::text::Text;

/// What an element or a scalar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// `bool_`.
    Bool,
    /// `int8`.
    I8,
    /// `int16`.
    I16,
    /// `int32`.
    I32,
    /// `int64`.
    I64,
    /// `uint8`.
    U8,
    /// `uint16`.
    U16,
    /// `uint32`.
    U32,
    /// `uint64`.
    U64,
    /// `float16`.
    F16,
    /// `float32`.
    F32,
    /// `float64`.
    F64,
    /// `datetime64`; in an array a number of this unit, and so many of them to one step.
    Date(Unit),
}

/// The value of a scalar.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// `bool_`.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    Uint(u64),
    /// `float64`.
    Double(f64),
    /// `float32`, or `float16`, which it holds exactly.
    Single(f32),
    /// `datetime64`.
    Date(i64, Unit),
}

/// Why an array cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It does not show its inside as numpy's arrays do.
    Malformed,
    /// Its elements do not lie one behind the other, in C's order.
    Scattered,
    /// Its bytes are in the other order.
    Swapped,
    /// It has no dimensions, or elements of a type that is not known.
    Unsupported,
}

/// `PyArrayInterface` of numpy's C API, unchanged since its version 2.
#[repr(C)]
struct Interface {
    two: c_int,
    dimensions: c_int,
    kind: c_char,
    item_size: c_int,
    flags: c_int,
    shape: *const isize,
    strides: *const isize,
    data: *const c_void,
    descr: *mut PyObject,
}

const CONTIGUOUS: c_int = 1;
const NATIVE: c_int = 0x200;

/// More dimensions than any numpy has.
const MOST_DIMENSIONS: usize = 64;

/// An array that is being read. No Python code may run meanwhile: the memory that it shows is the array's own.
#[derive(Debug)]
pub struct Array {
    /// The capsule whose struct this was; it holds the array.
    capsule: Owned,
    data: *const u8,
    shape: SmallVec<[usize; 8]>,
    element: Element,
}

impl Array {
    /// Opens the array `obj`. Python code may run.
    ///
    /// # Errors
    ///
    /// Why it cannot be read.
    pub fn open(world: &mut World, obj: Obj<'_>) -> Result<Self, Unreadable> {
        let array = Self::open_as(world, obj, Unit::GENERIC)?;
        if !matches!(array.element, Element::Date(_)) {
            return Ok(array);
        }
        // To ask for the unit may run Python code, after which the array is looked at anew.
        array.close(world);
        let unit = unit_of(world, obj);
        Self::open_as(world, obj, unit)
    }

    fn open_as(world: &mut World, obj: Obj<'_>, unit: Unit) -> Result<Self, Unreadable> {
        let capsule = match attribute_called(world, obj, c"__array_struct__") {
            Ok(capsule) => capsule,
            Err(raised) => {
                forget(world, raised);
                return Err(Unreadable::Malformed);
            }
        };
        match read(&capsule, unit) {
            Ok((data, shape, element)) => Ok(Self { capsule, data, shape, element }),
            Err(unreadable) => {
                world.release(capsule);
                Err(unreadable)
            }
        }
    }

    /// Ends the reading.
    pub fn close(self, world: &mut World) {
        world.release(self.capsule);
    }

    /// Elements in each dimension, from the outermost in.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// What its elements are.
    #[must_use]
    pub const fn element(&self) -> Element {
        self.element
    }

    fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// The place of element `from`, with `n` elements of `T` behind it.
    fn at<T>(&self, from: usize, n: usize) -> *const T {
        assert!(from + n <= self.count(), "the array has so many elements");
        self.data.wrapping_add(from * size_of::<T>()).cast()
    }

    /// `n` elements of `T` from `from` on, in place if they are aligned there, else copied to `buffer`.
    fn slice<'b, T: Copy>(&'b self, from: usize, n: usize, buffer: &'b mut Buffer<T, RUN>) -> &'b [T] {
        assert!(n <= RUN, "a run has a limit");
        let at = self.at::<T>(from, n);
        // SAFETY: the array has these elements, of this size; it is held, and nobody changes it as long as no other
        // code runs. What is not aligned is copied as bytes, to as many places.
        unsafe {
            if at.is_aligned() {
                return core::slice::from_raw_parts(at, n);
            }
            let to = buffer.0.as_mut_ptr().cast::<T>();
            core::ptr::copy_nonoverlapping(at.cast::<u8>(), to.cast::<u8>(), n * size_of::<T>());
            core::slice::from_raw_parts(to, n)
        }
    }

    /// Widens `n` elements of `T` into `buffer`.
    fn widened<'b, T: Copy, W: Copy>(
        &self,
        from: usize,
        n: usize,
        buffer: &'b mut Buffer<W, RUN>,
        widen: impl Fn(T) -> W,
    ) -> &'b [W] {
        let mut place = Buffer::new();
        let narrow = self.slice::<T>(from, n, &mut place);
        for (wide, &v) in buffer.0.iter_mut().zip(narrow) {
            wide.write(widen(v));
        }
        // SAFETY: the first `n` have just been written.
        unsafe { core::slice::from_raw_parts(buffer.0.as_ptr().cast(), n) }
    }

    /// The next `n` integers, at most [`RUN`]; `None` if they are of another type.
    pub fn ints<'b>(&'b self, from: usize, n: usize, buffer: &'b mut Buffer<i64, RUN>) -> Option<&'b [i64]> {
        Some(match self.element {
            Element::I8 => self.widened(from, n, buffer, |v: i8| v.into()),
            Element::I16 => self.widened(from, n, buffer, |v: i16| v.into()),
            Element::I32 => self.widened(from, n, buffer, |v: i32| v.into()),
            Element::U8 => self.widened(from, n, buffer, |v: u8| v.into()),
            Element::U16 => self.widened(from, n, buffer, |v: u16| v.into()),
            Element::U32 => self.widened(from, n, buffer, |v: u32| v.into()),
            // As far as the sign goes, an unsigned one above the signed range is recognised by it.
            Element::I64 | Element::U64 | Element::Date(_) => self.slice(from, n, buffer),
            _ => return None,
        })
    }

    /// The next `n` doubles.
    pub fn doubles<'b>(
        &'b self,
        from: usize,
        n: usize,
        buffer: &'b mut Buffer<f64, RUN>,
    ) -> Option<&'b [f64]> {
        (self.element == Element::F64).then(|| self.slice(from, n, buffer))
    }

    /// The next `n` floats of single or half precision.
    pub fn singles<'b>(
        &'b self,
        from: usize,
        n: usize,
        buffer: &'b mut Buffer<f32, RUN>,
    ) -> Option<&'b [f32]> {
        match self.element {
            Element::F32 => Some(self.slice(from, n, buffer)),
            Element::F16 => Some(self.widened(from, n, buffer, half)),
            _ => None,
        }
    }

    /// The next `n` booleans, at most [`BOOLS`], from bit 0 on.
    #[must_use]
    pub fn bools(&self, from: usize, n: usize) -> u64 {
        assert!(n <= BOOLS, "a run has a limit");
        let at = self.at::<u8>(from, n);
        // SAFETY: as in `slice`; a byte is always aligned.
        let bytes = unsafe { core::slice::from_raw_parts(at, n) };
        let mut bits = 0;
        for (i, eight) in bytes.chunks(8).enumerate() {
            let mut word = [0; 8];
            word[..eight.len()].copy_from_slice(eight);
            bits |= low_bits(u64::from_le_bytes(word)) << (8 * i);
        }
        bits
    }
}

/// One bit for each of eight bytes, set if the byte is not zero.
const fn low_bits(bytes: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let set = (((bytes & LOW) + LOW) | bytes) >> 7 & 0x0101_0101_0101_0101;
    set.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// A half as a single, which holds it exactly.
fn half(bits: u16) -> f32 {
    let sign = u32::from(bits & 0x8000) << 16;
    let (exponent, mantissa) = (u32::from(bits >> 10 & 0x1f), u32::from(bits & 0x3ff));
    let magnitude = match exponent {
        // Subnormal halves are normal singles: so many steps of 2 to the -24.
        0 => return f32::from_bits((mantissa as f32 / 16_777_216.0).to_bits() | sign),
        0x1f => 0x7f80_0000 | mantissa << 13,
        _ => (exponent + 112) << 23 | mantissa << 13,
    };
    f32::from_bits(sign | magnitude)
}

/// The unit of an array of dates; [`Unit::GENERIC`] for others. Python code may run.
fn unit_of(world: &mut World, obj: Obj<'_>) -> Unit {
    let Some(dtype) = attribute_if_any(world, obj, c"dtype") else { return Unit::GENERIC };
    let text = attribute_if_any(world, dtype.obj(), c"str");
    world.release(dtype);
    let Some(text) = text else { return Unit::GENERIC };
    let unit = text.obj().as_str().map_or(Unit::GENERIC, |t| Unit::parse(&Text::to_lossy(t)));
    world.release(text);
    unit
}

type Inside = (*const u8, SmallVec<[usize; 8]>, Element);

/// Reads the struct of a capsule. The order of the refusals is orjson's.
fn read(capsule: &Owned, unit: Unit) -> Result<Inside, Unreadable> {
    let capsule = capsule.obj().as_ptr();
    // SAFETY: asked only if it is a capsule; one without a name that `__array_struct__` returned points to this
    // struct, which says so by the number two.
    let interface = unsafe {
        if ffi::PyCapsule_CheckExact(capsule) == 0 || ffi::PyCapsule_IsValid(capsule, core::ptr::null()) == 0
        {
            return Err(Unreadable::Malformed);
        }
        &*ffi::PyCapsule_GetPointer(capsule, core::ptr::null()).cast::<Interface>()
    };
    if interface.two != 2 {
        return Err(Unreadable::Malformed);
    }
    if interface.flags & CONTIGUOUS == 0 {
        return Err(Unreadable::Scattered);
    }
    if interface.flags & NATIVE == 0 {
        return Err(Unreadable::Swapped);
    }
    let dimensions = usize::try_from(interface.dimensions).unwrap_or(0);
    if dimensions == 0 || dimensions > MOST_DIMENSIONS {
        return Err(Unreadable::Unsupported);
    }
    let element = element(interface.kind as u8, interface.item_size, unit).ok_or(Unreadable::Unsupported)?;
    // SAFETY: the struct has a length for each dimension.
    let shape = unsafe { core::slice::from_raw_parts(interface.shape, dimensions) };
    let shape = shape.iter().map(|&n| usize::try_from(n).unwrap_or(0)).collect();
    Ok((interface.data.cast(), shape, element))
}

const fn element(kind: u8, size: c_int, unit: Unit) -> Option<Element> {
    Some(match (kind, size) {
        (b'b', 1) => Element::Bool,
        (b'i', 1) => Element::I8,
        (b'i', 2) => Element::I16,
        (b'i', 4) => Element::I32,
        (b'i', 8) => Element::I64,
        (b'u', 1) => Element::U8,
        (b'u', 2) => Element::U16,
        (b'u', 4) => Element::U32,
        (b'u', 8) => Element::U64,
        (b'f', 2) => Element::F16,
        (b'f', 4) => Element::F32,
        (b'f', 8) => Element::F64,
        (b'M', 8) => Element::Date(unit),
        _ => return None,
    })
}

/// numpy's types, as far as they are written.
#[derive(Debug)]
pub(super) struct Types {
    module: Owned,
    array: Option<Owned>,
    scalars: Vec<(Owned, Element)>,
}

/// What one of numpy's types is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numpy {
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
    pub(super) fn find(world: &mut World, known: Option<Self>) -> Option<Self> {
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
    pub(super) fn of(&self, class: Obj<'_>) -> Option<Numpy> {
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
        forget(world, super::call::Raised::fetch());
    }
    made
}

impl Obj<'_> {
    /// The value of a scalar of numpy, whose type [`super::Kind`] has found out.
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
