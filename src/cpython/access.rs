//! How the inside of an object is read: from its known layout, or through the public API.

use core::mem::MaybeUninit;

use pyo3::ffi::{self, PyObject};

use super::instance::{Place, Split};
use super::int::Int;
use crate::emit::kernel::{BOOLS_MAX, Job, Level, Scalar};
use crate::text::Text;

/// Reads objects. A type parameter of the walk, so that the choice, made once at import, costs nothing later.
///
/// # Safety
///
/// For every function: a pointer is to a living object of the type that the function names, or of a subclass of
/// it, and this thread may look at it (it holds the GIL; in a free-threaded build the object is immutable or
/// private to this thread). Lifetimes handed out are as long as the object lives and is left alone.
pub unsafe trait Access: Copy + 'static {
    /// Whether every object is looked up in the caller's encoders.
    const ENCODES: bool = false;

    /// The value of an int.
    unsafe fn int(o: *mut PyObject) -> Int;
    /// The values of ints, from the first object on, up to one that is no int exactly, or not one of 64 bits, or for
    /// which there is no place; how many they are. `scattered` if it pays to ask for objects ahead.
    unsafe fn ints(objects: &[*mut PyObject], to: &mut [MaybeUninit<i64>], _scattered: bool) -> usize {
        // SAFETY: the caller's promise.
        unsafe { many_ints::<Self>(objects, to) }
    }
    /// As [`bits`](crate::emit::kernel::Level::bits), of pointers.
    unsafe fn bits(words: &[usize; BOOLS_MAX], yes: usize, no: usize) -> Option<u64> {
        // SAFETY: every machine has the level's instructions.
        unsafe { Scalar::bits(words, yes, no) }
    }
    /// Does `job`, in code of a level if there is one.
    fn with<J: Job>(job: J) -> J::Result {
        job.run()
    }
    /// The value of an int from 0 to 2^128 - 1; `None` if it is another.
    unsafe fn wide_int(o: *mut PyObject) -> Option<u128>;
    /// The value of a float.
    unsafe fn float(o: *mut PyObject) -> f64;
    /// The characters of a str if it is compact and ASCII, which most are; a pointer and a length, so that they
    /// stay in registers.
    unsafe fn ascii<'a>(o: *mut PyObject) -> Option<&'a [u8]>;
    /// The characters of any str; `None` if they could not be had (memory).
    unsafe fn text<'a>(o: *mut PyObject) -> Option<Text<'a>>;
    /// The UTF-8 of a str that is not ASCII, if somebody has left a copy of it there: it is as the str until that changes.
    #[inline(always)]
    unsafe fn utf8<'a>(_: *mut PyObject) -> Option<&'a [u8]> {
        None
    }
    /// The hash of a str of exact type, which the interpreter keeps in it: two that are equal have the same.
    unsafe fn str_hash(o: *mut PyObject) -> isize;
    /// The number of elements of a list.
    unsafe fn list_len(o: *mut PyObject) -> usize;
    /// The elements of a list; good until it changes.
    unsafe fn list_items(o: *mut PyObject) -> *const *mut PyObject;
    /// The number of elements of a tuple.
    unsafe fn tuple_len(o: *mut PyObject) -> usize;
    /// The elements of a tuple.
    unsafe fn tuple_items(o: *mut PyObject) -> *const *mut PyObject;
    /// The number of items of a dict.
    unsafe fn dict_len(o: *mut PyObject) -> usize;
    /// Where the table of a dict begins, if that is known: an address to ask for.
    unsafe fn dict_keys(o: *mut PyObject) -> Option<*const u8>;
    /// The table of a dict, if it has one that can be walked: good until the dict changes.
    unsafe fn dict_table(o: *mut PyObject) -> Option<Table>;
    /// The attributes in a dict that shares its keys with other instances: good until the dict changes.
    unsafe fn dict_split(o: *mut PyObject) -> Option<Split>;
    /// Where the attributes of an instance are, which must be of a class whose instances have an ordinary `__dict__`.
    unsafe fn instance(o: *mut PyObject) -> Place;
}

/// As [`Access::ints`], one by one.
///
/// # Safety
///
/// As [`Access::ints`].
pub(super) unsafe fn many_ints<A: Access>(objects: &[*mut PyObject], to: &mut [MaybeUninit<i64>]) -> usize {
    let mut n = 0;
    for (&o, to) in objects.iter().zip(to) {
        // SAFETY: living objects (the caller's promise), and an int.
        let int = unsafe { (ffi::Py_TYPE(o) == &raw mut ffi::PyLong_Type).then(|| A::int(o)) };
        let Some(Int::Small(v)) = int else { break };
        to.write(v);
        n += 1;
    }
    n
}

/// The entries of a dict, in insertion order, some of them empty.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The key of the first entry; its value is the word behind it.
    pub first: *const *mut PyObject,
    /// Words from one entry to the next.
    pub stride: usize,
    /// Number of entries, empty ones included.
    pub entries: usize,
    /// Whether all keys are of type str exactly.
    pub exact_str: bool,
}
