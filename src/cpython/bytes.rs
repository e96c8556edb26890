//! The bytes object that a room grows into, and the str that is made of one.

use core::mem::MaybeUninit;
use core::ptr::{NonNull, null_mut};

use pyo3::ffi::{self, PyObject};

use super::boxed::boxed;
use super::call::{Owned, Raised};
use super::make::str_of;
use super::spare::{Spare, Taken, spare};
use crate::emit::room::{Grow, MOST, Written};
use crate::options::Form;
use crate::sizes::SMALL;

/// Results up to this size are written to a scratch that stays, and copied once into an object of their size.
const SCRATCH: usize = SMALL;
const _: () = assert!(SCRATCH >= MOST);

unsafe extern "C" {
    /// Public since Python 2 in spite of its name; the bindings leave it out.
    fn _PyBytes_Resize(bytes: *mut *mut PyObject, size: ffi::Py_ssize_t) -> core::ffi::c_int;
}

/// Memory that results are written to, and how large the last ones were.
#[derive(Debug)]
struct Scratch {
    bytes: Box<[MaybeUninit<u8>]>,
    streak: Streak,
    /// About how large the last results were that the scratch could not hold. The next one starts with as much: a result
    /// that grows to its size by doubling asks the allocator for more than it returns, and so gets fresh pages from the
    /// kernel, at a fault each, where the last result's could have served again.
    last: usize,
}

/// Results that the scratch could not hold, without another one between them. The next one begins in an object: to write
/// 32 kB to the scratch and to copy them takes a twelfth of the time that 50 kB take.
#[derive(Clone, Copy, Debug, Default)]
struct Streak {
    times: u32,
    /// Bytes of the last one.
    size: u32,
}

/// A streak is none before so many: large results and small ones that come by turns are written to the scratch.
const STREAK: u32 = 2;

/// Those above are none either: an object for a small result would be fresh pages from the kernel.
const STREAK_MOST: usize = 256 * 1024;

spare! {
    /// The scratch, when nobody has it out.
    static SPARE: Box<Scratch>, drop
}

/// A result that was larger than this says nothing of the next one: a wrong guess would be an expensive one.
const GUESS: usize = 64 << 20;

/// The part of a result's memory, 1 / this, that may stay unused behind it. Giving back less costs more.
const UNUSED: usize = 16;

#[cold]
fn new_scratch() -> Option<Box<Scratch>> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(SCRATCH).ok()?;
    bytes.resize(SCRATCH, MaybeUninit::uninit());
    boxed(Scratch { bytes: bytes.into_boxed_slice(), streak: Streak::default(), last: 0 })
}

/// Memory for one result.
#[derive(Debug)]
pub struct Output {
    scratch: Taken<Scratch>,
    /// The object that the result has outgrown the scratch into, or null.
    object: *mut PyObject,
    /// The object could not grow and is gone, and with it what was written.
    lost: bool,
    form: Form,
    /// About how many bytes the result will have, if more than the scratch; or 0.
    likely: usize,
}

impl Output {
    /// With the scratch that is spare, or a new one; `None` if there is no memory for one.
    #[inline]
    #[must_use]
    pub fn new(form: Form) -> Option<Self> {
        let scratch = match Spare::take(&SPARE) {
            Some(scratch) => scratch,
            None => new_scratch()?,
        };
        let Streak { times, size } = scratch.streak;
        let likely = if times < STREAK { 0 } else { size as usize };
        Some(Self { scratch: Taken::new(scratch), object: null_mut(), lost: false, form, likely })
    }

    /// About how many bytes the result will have.
    #[inline(always)]
    pub const fn expect(&mut self, bytes: usize) {
        self.likely = if bytes > SCRATCH && bytes <= GUESS { bytes } else { 0 };
    }

    /// What a room has written here, in the form that was asked for. Once only.
    ///
    /// # Errors
    ///
    /// What was raised, if it is no text; `None` if there is no memory for it.
    #[inline(always)]
    pub fn finish(&mut self, written: Written) -> Result<Owned, Option<Raised>> {
        match self.form {
            Form::Bytes if core::ptr::eq(written.start(), self.scratch.bytes.as_ptr().cast()) => {
                self.scratch.streak = Streak::default();
                self.copied(written).ok_or(None)
            }
            Form::Bytes => self.cut_off(written).ok_or(None),
            Form::Str => self.str(written),
        }
    }

    /// An object with a copy of what is in the scratch.
    #[inline(always)]
    fn copied(&self, written: Written) -> Option<Owned> {
        debug_assert!(written.len() <= self.scratch.bytes.len());
        // SAFETY: a room has initialised so many bytes of the scratch, no more than it has.
        unsafe {
            let at = self.scratch.bytes.as_ptr().cast();
            Owned::take(ffi::PyBytes_FromStringAndSize(at, written.len() as isize)).or_else(clear_error)
        }
    }

    /// A str, by one copy if all is ASCII.
    #[cold]
    fn str(&mut self, written: Written) -> Result<Owned, Option<Raised>> {
        let in_scratch = self.object.is_null();
        let at =
            if in_scratch { self.scratch.bytes.as_ptr().cast() } else { self.at(0).ok_or(None)?.0.as_ptr() };
        assert!(core::ptr::eq(written.start(), at), "written to this output");
        if !in_scratch {
            self.scratch.last = written.len();
        }
        self.scratch.streak.add(written.len());
        // SAFETY: a room has initialised so many bytes of the memory that it names, which is ours.
        str_of(unsafe { core::slice::from_raw_parts(at, written.len()) })
    }

    /// The object that has outgrown the scratch, as long as what is written.
    #[inline(never)]
    fn cut_off(&mut self, written: Written) -> Option<Owned> {
        let length = isize::try_from(written.len()).ok()?;
        assert!(core::ptr::eq(written.start(), self.at(0)?.0.as_ptr()), "written to this output");
        // SAFETY: a room has initialised so many bytes of the object.
        unsafe {
            self.scratch.last = written.len();
            self.scratch.streak.add(written.len());
            self.cut(length);
            Owned::take(core::mem::replace(&mut self.object, null_mut()))
        }
    }

    /// Makes an object of `size` bytes, and says its size; `None` if there is no memory for it.
    fn make(&mut self, size: usize) -> Option<usize> {
        let length = isize::try_from(size).ok()?;
        // SAFETY: makes an object of which nobody knows, or clears the error that says why not.
        unsafe {
            self.object = ffi::PyBytes_FromStringAndSize(core::ptr::null(), length);
            if self.object.is_null() {
                ffi::PyErr_Clear();
                return None;
            }
        }
        Some(size)
    }

    /// Makes the object `length` bytes long.
    ///
    /// # Safety
    ///
    /// There is one, it is that long at least, and so much of it is initialised.
    unsafe fn cut(&mut self, length: isize) {
        // SAFETY: the object is ours alone. Its size field and the NUL behind its bytes are all that says how long
        // it is; the memory behind is freed with it.
        unsafe {
            let unused = ffi::PyBytes_Size(self.object) - length;
            debug_assert!(unused >= 0);
            if unused as usize <= written_share(length) {
                (*self.object.cast::<ffi::PyVarObject>()).ob_size = length;
                ffi::PyBytes_AsString(self.object).offset(length).write(0);
            } else if _PyBytes_Resize(&raw mut self.object, length) != 0 {
                ffi::PyErr_Clear();
            }
        }
    }

    fn at(&self, size: usize) -> Option<(NonNull<u8>, usize)> {
        if self.object.is_null() {
            return None;
        }
        // SAFETY: a bytes object.
        let at = unsafe { ffi::PyBytes_AsString(self.object) };
        NonNull::new(at.cast()).map(|at| (at, size))
    }
}

impl Streak {
    /// One more result, of so many bytes.
    fn add(&mut self, bytes: usize) {
        *self = if (SCRATCH..=STREAK_MOST).contains(&bytes) {
            Self { times: self.times.saturating_add(1), size: bytes as u32 }
        } else {
            Self::default()
        };
    }
}

const fn written_share(length: isize) -> usize {
    length as usize / UNUSED
}

#[cold]
fn clear_error() -> Option<Owned> {
    // SAFETY: clears the MemoryError; the face raises its own.
    unsafe { ffi::PyErr_Clear() };
    None
}

impl Output {
    /// What dropping does, in the caller's own code. Afterwards the output may be forgotten.
    #[inline(always)]
    pub fn end(&mut self) {
        if !self.object.is_null() {
            self.give_up();
        }
        if let Some(scratch) = self.scratch.take() {
            // That of a call inside this one is one too many.
            drop(Spare::put(&SPARE, scratch));
        }
    }

    #[cold]
    fn give_up(&self) {
        // SAFETY: a bytes object that nobody else has seen, and nobody will see.
        unsafe { ffi::Py_DECREF(self.object) };
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.end();
    }
}

// SAFETY: the scratch and the object are this `Output`'s alone, and of the sizes that are said; a bytes object that
// is resized keeps its content.
unsafe impl Grow for Output {
    #[inline]
    fn grow(&mut self, used: usize, need: usize) -> Option<(NonNull<u8>, usize)> {
        if self.object.is_null() && used == 0 && need <= SCRATCH && !self.lost {
            return if self.likely == 0 { Some(self.drain()) } else { Some(self.begin(need)) };
        }
        self.outgrow(used, need)
    }

    #[inline]
    fn drain(&mut self) -> (NonNull<u8>, usize) {
        // SAFETY: a box is never null.
        (unsafe { NonNull::new_unchecked(self.scratch.bytes.as_mut_ptr().cast()) }, self.scratch.bytes.len())
    }
}

impl Output {
    /// An object for a result of about the size that is likely, with place for `need` bytes; the scratch, if there is no memory
    /// for it.
    #[cold]
    #[inline(never)]
    fn begin(&mut self, need: usize) -> (NonNull<u8>, usize) {
        let made = self.make(need.max(self.likely + self.likely / (2 * UNUSED)));
        made.and_then(|size| self.at(size)).unwrap_or_else(|| self.drain())
    }

    /// [`Grow::grow`] into an object.
    #[cold]
    #[inline(never)]
    fn outgrow(&mut self, used: usize, need: usize) -> Option<(NonNull<u8>, usize)> {
        if self.lost {
            return None;
        }
        let wanted = used.checked_add(need)?;
        let doubled = wanted.max(used.saturating_mul(2)).max(2 * SCRATCH);
        let length = isize::try_from(doubled).ok()?;
        // SAFETY: the calls make or resize a bytes object that nobody else has seen; `used` bytes of the scratch
        // have been written by the room.
        unsafe {
            if self.object.is_null() {
                let last = self.scratch.last;
                let guess = if last <= GUESS { last + last / (2 * UNUSED) } else { 0 };
                let size = self.make(doubled.max(guess)).or_else(|| self.make(doubled))?;
                let (to, size) = self.at(size)?;
                core::ptr::copy_nonoverlapping(self.scratch.bytes.as_ptr().cast(), to.as_ptr(), used);
                return Some((to, size));
            }
            if _PyBytes_Resize(&raw mut self.object, length) != 0 {
                ffi::PyErr_Clear();
                self.lost = true;
                return None;
            }
        }
        self.at(doubled)
    }
}
