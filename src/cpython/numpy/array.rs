//! Arrays: their elements, where they lie.

use core::ffi::{c_char, c_int, c_void};

use pyo3::ffi::{self, PyObject};
use smallvec::SmallVec;

use super::{Element, half};
use crate::cpython::call::Owned;
use crate::cpython::names::Name;
use crate::cpython::object::Obj;
use crate::cpython::protocol::{attribute_if_any, attribute_named, forget};
use crate::cpython::seq::Buffer;
use crate::cpython::world::World;
use crate::instant::Unit;
use crate::sink::{BOOLS, RUN};
use crate::text::Text;

/// Why an array cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It does not show its inside as numpy's arrays do.
    Malformed,
    /// Its elements do not lie one behind the other, in C's order.
    Scattered,
    /// Its bytes are in the other order.
    Swapped,
    /// It has no dimensions.
    Single,
    /// It has elements of a type that is not known, or too many dimensions.
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

/// An array that is being read. No Python code may run meanwhile, unless the memory is the array's own ([`Array::owns_memory`]): then it
/// must be as before ([`Array::is_as_before`]), or nothing may be read any more.
#[derive(Debug)]
pub struct Array {
    owner: Owned,
    /// The capsule whose struct this was.
    capsule: Owned,
    data: *const u8,
    shape: SmallVec<[usize; 8]>,
    element: Element,
    /// Whether it is known to own its memory.
    owns: bool,
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
        let capsule = match attribute_named(world, obj, Name::ArrayStruct.obj()) {
            Ok(capsule) => capsule,
            Err(raised) => {
                forget(world, raised);
                return Err(Unreadable::Malformed);
            }
        };
        match read(&capsule, unit) {
            Ok((data, shape, element)) => {
                Ok(Self { owner: Owned::hold(obj), capsule, data, shape, element, owns: false })
            }
            Err(unreadable) => {
                world.release(capsule);
                Err(unreadable)
            }
        }
    }

    /// Ends the reading.
    pub fn close(self, world: &mut World) {
        world.release(self.capsule);
        world.release(self.owner);
    }

    /// Whether its memory is where it was, with the same elements in it, though Python code ran, which may have made the array
    /// smaller or given it other memory. Python code may run.
    pub fn is_as_before(&self, world: &mut World) -> bool {
        let Ok(now) = Self::open(world, self.owner.obj()) else { return false };
        let same = (now.data, &now.shape, now.element) == (self.data, &self.shape, self.element);
        now.close(world);
        same
    }

    /// Asks whether its memory is its own. That of another object, as a view has, may go without the array's changing.
    pub fn ask_for_base(&mut self, world: &mut World) {
        if let Some(base) = attribute_if_any(world, self.owner.obj(), c"base") {
            self.owns = base.obj().is_none();
            world.release(base);
        }
    }

    /// What the answer was; false if it was not asked.
    #[must_use]
    pub const fn owns_memory(&self) -> bool {
        self.owns
    }

    /// Elements of the innermost dimension.
    #[must_use]
    pub fn row_len(&self) -> usize {
        self.shape.last().copied().unwrap_or(0)
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
        // code runs; where some does, the memory is the array's own, and `is_as_before` has been asked. What is not aligned is copied as bytes, to as many places.
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
        if let Some(all) = bytes.first_chunk() {
            return bits(all);
        }
        let mut all = [0; BOOLS];
        all[..n].copy_from_slice(bytes);
        bits(&all)
    }
}

/// One bit for each byte, set if the byte is not zero. So many that nothing is asked in between.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn bits(bytes: &[u8; BOOLS]) -> u64 {
    use core::arch::x86_64::{_mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_setzero_si128};
    let sixteens = bytes.as_chunks::<16>().0.iter().enumerate();
    !sixteens.fold(0, |zeros, (i, sixteen)| {
        // SAFETY: 16 bytes; SSE2 is part of x86-64.
        let mask = unsafe {
            let sixteen = _mm_loadu_si128(sixteen.as_ptr().cast());
            _mm_movemask_epi8(_mm_cmpeq_epi8(sixteen, _mm_setzero_si128()))
        };
        zeros | u64::from(mask as u16) << (16 * i)
    })
}

/// As above.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn bits(bytes: &[u8; BOOLS]) -> u64 {
    let eights = bytes.as_chunks::<8>().0.iter().enumerate();
    eights.fold(0, |bits, (i, eight)| bits | low_bits(u64::from_le_bytes(*eight)) << (8 * i))
}

#[cfg(not(target_arch = "x86_64"))]
/// One bit for each of eight bytes, set if the byte is not zero.
const fn low_bits(bytes: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let set = (((bytes & LOW) + LOW) | bytes) >> 7 & 0x0101_0101_0101_0101;
    set.wrapping_mul(0x0102_0408_1020_4080) >> 56
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
    if dimensions == 0 {
        return Err(Unreadable::Single);
    }
    if dimensions > MOST_DIMENSIONS {
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
