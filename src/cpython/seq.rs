//! Lists and tuples.

use core::hint::select_unpredictable;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr::null_mut;

use pyo3::ffi;

use super::access::Access;
use super::ahead::{self, AHEAD, LONG, ask_for};
use super::object::{Obj, Str, Value};
use crate::emit::kernel::{BOOLS_MAX, Chars, Source};
use crate::sink::{NUMBERS, Numbers};
use crate::text::Text;

/// Whether a list may be looked at that has not been opened. Without a GIL another thread may be changing it.
pub const CAN_PEEK: bool = cfg!(not(Py_GIL_DISABLED));

/// A borrowed list or tuple. A list's length and place are read anew each time, for it may change.
#[derive(Clone, Copy, Debug)]
pub struct Seq<'a> {
    obj: Obj<'a>,
    is_tuple: bool,
}

/// A place on the stack for a run, not yet written.
#[derive(Debug)]
pub struct Buffer<T, const N: usize>(pub(super) [MaybeUninit<T>; N]);

/// Whether a place has been written. Only [`put`] says so.
struct Written(bool);

/// Writes what there is.
#[inline(always)]
fn put<T>(place: &mut MaybeUninit<T>, value: Option<T>) -> Written {
    match value {
        Some(v) => {
            place.write(v);
            Written(true)
        }
        None => Written(false),
    }
}

impl<T: Copy, const N: usize> Buffer<T, N> {
    /// An empty place.
    #[inline(always)]
    #[must_use]
    pub const fn new() -> Self {
        Self([const { MaybeUninit::uninit() }; N])
    }

    /// Fills it from the front until `next` has written no more, and returns what is in it. `next` writes into
    /// the place itself, because a value of three words that is returned goes through memory on its way.
    #[inline(always)]
    fn fill(&mut self, most: usize, mut next: impl FnMut(usize, &mut MaybeUninit<T>) -> Written) -> &[T] {
        let mut n = 0;
        while n < most.min(N) && next(n, &mut self.0[n]).0 {
            n += 1;
        }
        // SAFETY: the first `n` have just been written.
        unsafe { core::slice::from_raw_parts(self.0.as_ptr().cast(), n) }
    }
}

impl<T: Copy, const N: usize> Default for Buffer<T, N> {
    fn default() -> Self {
        Self::new()
    }
}

#[inline(never)]
fn wide<'a, A: Access>(s: Str<'a>, place: &mut MaybeUninit<Text<'a>>) -> Written {
    put(place, s.text::<A>())
}

/// Elements of a list or tuple that is as it was: no Python code runs meanwhile.
#[derive(Clone, Debug, Default)]
pub struct Elements<'a>(core::slice::Iter<'a, *mut ffi::PyObject>);

impl<'a> Iterator for Elements<'a> {
    type Item = Obj<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Obj<'a>> {
        // SAFETY: an element of a list is a living object.
        self.0.next().map(|&o| unsafe { Obj::new(o) })
    }

    #[inline(always)]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Elements<'_> {}

impl<'a> Seq<'a> {
    #[inline(always)]
    pub(super) const fn list(obj: Obj<'a>) -> Self {
        Self { obj, is_tuple: false }
    }

    #[inline(always)]
    pub(super) const fn tuple(obj: Obj<'a>) -> Self {
        Self { obj, is_tuple: true }
    }

    /// The object.
    #[inline(always)]
    #[must_use]
    pub const fn obj(self) -> Obj<'a> {
        self.obj
    }

    /// Whether it is a tuple.
    #[inline(always)]
    #[must_use]
    pub const fn is_tuple(self) -> bool {
        self.is_tuple
    }

    /// Number of elements now.
    #[inline(always)]
    #[must_use]
    pub fn len<A: Access>(self) -> usize {
        let o = self.obj.as_ptr();
        // SAFETY: `look` has found a list or a tuple.
        unsafe { if self.is_tuple { A::tuple_len(o) } else { A::list_len(o) } }
    }

    #[inline(always)]
    fn items<A: Access>(self) -> *const *mut ffi::PyObject {
        let o = self.obj.as_ptr();
        // SAFETY: `look` has found a list or a tuple.
        unsafe { if self.is_tuple { A::tuple_items(o) } else { A::list_items(o) } }
    }

    /// Element `i`, if there is one now.
    #[inline(always)]
    #[must_use]
    pub fn get<A: Access>(self, i: usize) -> Option<Obj<'a>> {
        if i >= self.len::<A>() {
            return None;
        }
        // SAFETY: there are more than `i` elements, and none of a list or tuple that has been handed out is null.
        unsafe { Some(Obj::new(*self.items::<A>().add(i))) }
    }

    /// Runs over the elements from `from` on, as long as `read` takes them and there is place.
    #[inline(always)]
    fn gather<'b, A: Access, T: Copy, const N: usize>(
        self,
        from: usize,
        end: usize,
        buffer: &'b mut Buffer<T, N>,
        read: impl Fn(Obj<'a>, &mut MaybeUninit<T>) -> Written,
    ) -> &'b [T] {
        let most = end.min(self.len::<A>()).saturating_sub(from);
        let items = self.items::<A>().wrapping_add(from);
        let scattered = most >= LONG && !self.in_order::<A>(from);
        buffer.fill(most, |i, place| {
            if scattered {
                // SAFETY: the last element is one of those behind `from`.
                ask_for(unsafe { Obj::new(*items.add((i + AHEAD).min(most - 1))) });
            }
            // SAFETY: `i` is below the number of elements behind `from`; `read` runs no Python code, so that the
            // list stays as it is.
            let obj = unsafe { Obj::new(*items.add(i)) };
            read(obj, place)
        })
    }

    /// The elements. Whoever asks runs no Python code while it looks at them.
    #[inline(always)]
    pub(super) fn all<A: Access>(self, from: usize, end: usize) -> &'a [*mut ffi::PyObject] {
        let most = end.min(self.len::<A>()).saturating_sub(from);
        // SAFETY: there are so many elements behind `from`, and the list stays as it is as long as no Python code runs.
        unsafe {
            if most == 0 { &[] } else { core::slice::from_raw_parts(self.items::<A>().add(from), most) }
        }
    }

    /// The elements from `from` on, before `end`. Whoever asks runs no Python code while it looks at them.
    #[inline(always)]
    #[must_use]
    pub fn range<A: Access>(self, from: usize, end: usize) -> Elements<'a> {
        Elements(self.all::<A>(from, end).iter())
    }

    /// The elements from `from` on, before `end`, and whether it pays to ask for them ahead.
    #[inline(always)]
    fn objects<A: Access>(self, from: usize, end: usize) -> (&'a [*mut ffi::PyObject], bool) {
        let objects = self.all::<A>(from, end);
        let scattered = objects.len() >= LONG && !self.in_order::<A>(from);
        (objects, scattered)
    }

    /// How many of the elements behind `from`, before `end`, are of another type than the one before.
    #[inline(always)]
    #[must_use]
    pub fn changes<A: Access>(self, from: usize, end: usize) -> usize {
        // SAFETY: elements of a list are living objects.
        let object = |o: *mut ffi::PyObject| unsafe { Obj::new(o) };
        let apart = |pair: &[*mut ffi::PyObject]| !object(pair[0]).is_same_type(object(pair[1]));
        self.all::<A>(from, end).windows(2).map(|pair| usize::from(apart(pair))).sum()
    }

    /// The ints of 64 bits that stand from `from` on, before `end`.
    #[inline(always)]
    pub fn ints<A: Access, const N: usize>(
        self,
        from: usize,
        end: usize,
        buffer: &mut Buffer<i64, N>,
    ) -> &[i64] {
        let (objects, scattered) = self.objects::<A>(from, end);
        // SAFETY: elements of a list are living objects; `ints` says how many it has written.
        unsafe {
            let n = A::ints(objects, &mut buffer.0, scattered);
            debug_assert!(n <= N);
            core::slice::from_raw_parts(buffer.0.as_ptr().cast(), n)
        }
    }

    /// The floats that stand from `from` on, before `end`.
    #[inline(always)]
    pub fn floats<A: Access, const N: usize>(
        self,
        from: usize,
        end: usize,
        buffer: &mut Buffer<f64, N>,
    ) -> &[f64] {
        self.gather::<A, _, N>(from, end, buffer, |o, place| put(place, o.as_float().map(|v| v.read::<A>())))
    }

    /// The floats and Nones that stand from `from` on, before `end`: a None as what is no number, which looks the same. Which they are
    /// is no branch. `float` is any float.
    #[inline(always)]
    pub fn floats_or_none<'b, A: Access, const N: usize>(
        self,
        from: usize,
        end: usize,
        float: Obj<'a>,
        buffer: &'b mut Buffer<f64, N>,
    ) -> &'b [f64] {
        self.gather::<A, _, N>(from, end, buffer, |o, place| {
            let is_none = o.is_none();
            let v = select_unpredictable(is_none, float, o).as_float().map(|v| v.read::<A>());
            put(place, v.map(|v| select_unpredictable(is_none, f64::NAN, v)))
        })
    }

    /// If [`CAN_PEEK`]: the ints of 64 bits and the floats that stand from `from` on, before `end`, as many as there is place for. Which
    /// they are is no branch.
    #[inline(always)]
    pub fn numbers<'b, A: Access>(
        self,
        from: usize,
        end: usize,
        buffers: &'b mut (Buffer<i64, NUMBERS>, Buffer<f64, NUMBERS>),
    ) -> Numbers<'b> {
        let mut of_kind = [[null_mut(); NUMBERS]; 2];
        let (mut n, mut doubles) = ([0; 2], 0_u64);
        for (i, &o) in self.all::<A>(from, end).iter().take(NUMBERS).enumerate() {
            // SAFETY: an element of a list is a living object.
            let class = unsafe { ffi::Py_TYPE(o) };
            let is_float = class == &raw mut ffi::PyFloat_Type;
            if !is_float && class != &raw mut ffi::PyLong_Type {
                break;
            }
            // One of the two is overwritten by the next of its kind.
            of_kind[0][n[0]] = o;
            of_kind[1][n[1]] = o;
            n[0] += usize::from(!is_float);
            n[1] += usize::from(is_float);
            doubles |= u64::from(is_float) << i;
        }
        // SAFETY: ints, living, and floats; `ints` says how many it has written.
        unsafe {
            let ints = A::ints(&of_kind[0][..n[0]], &mut buffers.0.0, false);
            if ints < n[0] {
                // It ends before the first that does not fit: behind so many bits that are of ints.
                let misfit = (0..ints).fold(!doubles, |left, _| left & (left - 1)).trailing_zeros();
                doubles &= (1 << misfit) - 1;
            }
            let floats = doubles.count_ones() as usize;
            for (&o, to) in of_kind[1][..floats].iter().zip(&mut buffers.1.0) {
                to.write(A::float(o));
            }
            Numbers {
                ints: core::slice::from_raw_parts(buffers.0.0.as_ptr().cast(), ints),
                floats: core::slice::from_raw_parts(buffers.1.0.as_ptr().cast(), floats),
                doubles,
            }
        }
    }

    /// The strs that stand from `from` on, before `end`.
    #[inline(always)]
    pub fn texts<'b, A: Access, const N: usize>(
        self,
        from: usize,
        end: usize,
        buffer: &'b mut Buffer<Text<'a>, N>,
    ) -> &'b [Text<'a>] {
        self.gather::<A, _, N>(from, end, buffer, |o, place| match o.look() {
            Value::Str(v) => match v.ascii::<A>() {
                Some(t) => put(place, Some(t)),
                None => wide::<A>(v, place),
            },
            _ => Written(false),
        })
    }

    /// If [`CAN_PEEK`]: lists and tuples of `width` floats each that stand from `from` on, before `end`: their floats, row by row.
    #[inline]
    pub fn rows<A: Access, const N: usize>(
        self,
        from: usize,
        end: usize,
        width: usize,
        buffer: &mut Buffer<f64, N>,
    ) -> &[f64] {
        let objects = self.all::<A>(from, end);
        let mut n = 0;
        for &o in objects {
            // SAFETY: an element of a list is a living object.
            let (Value::List(row) | Value::Tuple(row)) = (unsafe { Obj::new(o) }).look() else { break };
            let floats = row.all::<A>(0, usize::MAX);
            if floats.len() != width || n + width > N {
                break;
            }
            let mut all = true;
            for (&o, to) in floats.iter().zip(&mut buffer.0[n..]) {
                // SAFETY: as above.
                match unsafe { Obj::new(o) }.as_float() {
                    Some(v) => _ = to.write(v.read::<A>()),
                    None => all = false,
                }
            }
            if !all {
                break;
            }
            n += width;
        }
        // SAFETY: the first `n` have just been written.
        unsafe { core::slice::from_raw_parts(buffer.0.as_ptr().cast(), n) }
    }

    /// The booleans that stand from `from` on, before `end`: bits from bit 0 on, and how many, at most 64.
    #[inline(always)]
    #[must_use]
    pub fn bools<A: Access>(self, from: usize, end: usize) -> (u64, usize) {
        // SAFETY: both are alive as long as the interpreter is.
        let (yes, no) = unsafe { (ffi::Py_True(), ffi::Py_False()) };
        let objects = self.all::<A>(from, end);
        if let Some(many) = objects.first_chunk::<BOOLS_MAX>() {
            // SAFETY: pointers are words.
            let bits = unsafe { A::bits(&*core::ptr::from_ref(many).cast(), yes as usize, no as usize) };
            if let Some(bits) = bits {
                return (bits, BOOLS_MAX);
            }
        }
        let (mut bits, mut n) = (0, 0);
        for &o in objects.iter().take(BOOLS_MAX) {
            if o != yes && o != no {
                break;
            }
            bits |= u64::from(o == yes) << n;
            n += 1;
        }
        (bits, n)
    }

    /// Whether it pays to ask for the strs from `from` on ahead: they are scattered, or long, or not ASCII, whose
    /// characters are further from the start.
    #[inline]
    #[must_use]
    pub fn wants_ahead<A: Access>(self, from: usize) -> bool {
        /// Characters of a str that are more than a line or two of memory.
        const MANY: usize = 64;
        const SAMPLES: usize = 4;
        let is_long = |i: &usize| {
            let s = self.get::<A>(from + i).and_then(Obj::as_exact_str);
            s.is_some_and(|s| s.ascii::<A>().is_none_or(|t| t.len() > MANY))
        };
        let in_order = |i: &usize| self.in_order::<A>(from + 8 * i);
        (0..SAMPLES).filter(in_order).count() < SAMPLES / 2
            || (0..SAMPLES).filter(is_long).count() >= SAMPLES / 2
    }

    /// The strs that stand from `from` on, before `end`, to be looked at one after the other.
    #[inline]
    #[must_use]
    pub fn strs<A: Access, const AHEAD: bool>(self, from: usize, end: usize) -> Strs<'a, A, AHEAD> {
        Strs { objects: self.all::<A>(from, end), at: 0, access: PhantomData }
    }
}

/// The strs of a list or tuple, up to an element that is none. No Python code may run while there is one.
///
/// With `AHEAD` it asks for those behind.
#[derive(Debug)]
pub struct Strs<'a, A, const AHEAD: bool> {
    objects: &'a [*mut ffi::PyObject],
    at: usize,
    access: PhantomData<A>,
}

impl<A, const AHEAD: bool> Clone for Strs<'_, A, AHEAD> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, const AHEAD: bool> Copy for Strs<'_, A, AHEAD> {}

impl<'a, A, const AHEAD: bool> Strs<'a, A, AHEAD> {
    #[inline(always)]
    fn next(&self) -> Option<Str<'a>> {
        let &o = self.objects.get(self.at)?;
        // SAFETY: an element is a living object.
        unsafe { Obj::new(o) }.as_exact_str()
    }

    /// How many are behind.
    #[inline(always)]
    #[must_use]
    pub const fn passed(&self) -> usize {
        self.at
    }
}

// SAFETY: behind the characters of a str is a zero, as behind its UTF-8.
unsafe impl<'a, A: Access, const AHEAD: bool> Source<'a> for Strs<'a, A, AHEAD> {
    #[inline(always)]
    fn ascii(&mut self) -> Option<&'a [u8]> {
        if AHEAD && let Some(&ahead) = self.objects.get(self.at + ahead::AHEAD) {
            // SAFETY: an element is a living object.
            ask_for(unsafe { Obj::new(ahead) });
        }
        Some(self.next()?.ascii::<A>()?.as_bytes())
    }

    #[inline(always)]
    fn peek(&mut self) -> Option<Chars<'a>> {
        self.next()?.text::<A>().map(Text::chars)
    }

    #[inline(always)]
    fn utf8(&mut self) -> Option<&'a [u8]> {
        self.next()?.utf8::<A>()
    }

    #[inline(always)]
    fn advance(&mut self) {
        self.at += 1;
    }
}
