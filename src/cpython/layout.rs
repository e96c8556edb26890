//! Objects read from memory, for builds with a GIL of CPython 3.11 to 3.15. `check` compares this with the public
//! API when the module is imported.
//!
//! Offsets are in bytes, from the interpreter's headers: `Include/cpython/{longintrepr,unicodeobject,listobject,
//! tupleobject,dictobject}.h` and `Include/internal/pycore_dict.h`.

use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use pyo3::ffi::{self, PyObject};

use super::access::{Access, Table, many_ints};
use super::gather::Gather;
use super::instance::{Place, Split};
use super::int::Int;
use super::object::type_flags;
use crate::emit::kernel::{BOOLS_MAX, Job, Level};
use crate::text::{Text, Width};

/// `ob_size`, `lv_tag`, `ob_fval`, `length`, `ma_used`: the first field behind the header.
pub(super) const FIRST: usize = 16;
pub(super) const DIGITS: usize = 24;
const STR_HASH: usize = 24;
const STR_STATE: usize = 32;
/// Characters of a compact ASCII str. 3.12 dropped `wstr`.
const STR_ASCII: usize = if cfg!(Py_3_12) { 40 } else { 48 };
/// Characters of a compact str of another width; for str subclasses, the pointer to them.
const STR_WIDE: usize = if cfg!(Py_3_12) { 56 } else { 72 };
/// Length and address of the UTF-8 of a compact str that is not ASCII; the address is null where nobody has asked for it.
const STR_UTF8_LEN: usize = if cfg!(Py_3_12) { 40 } else { 48 };
const STR_UTF8: usize = if cfg!(Py_3_12) { 48 } else { 56 };
const LIST_ITEMS: usize = 24;
/// 3.14 keeps the hash before the elements.
const TUPLE_ITEMS: usize = if cfg!(Py_3_14) { 32 } else { 24 };
const DICT_KEYS: usize = 32;
const DICT_VALUES: usize = 40;
const KEYS_LOG2_INDEX_BYTES: usize = 9;
const KEYS_KIND: usize = 10;
const KEYS_NENTRIES: usize = 24;
const KEYS_INDICES: usize = 32;
/// `DICT_KEYS_GENERAL`: entries of hash, key, value.
const KIND_GENERAL: u8 = 0;
/// `DICT_KEYS_UNICODE`: entries of key, value; every key is a str exactly.
const KIND_UNICODE: u8 = 1;

/// The field of type `T` at byte `offset` of `o`.
///
/// # Safety
///
/// There is one, and it is aligned.
#[inline(always)]
pub(super) unsafe fn field<T: Copy>(o: *mut PyObject, offset: usize) -> T {
    // SAFETY: the caller's promise.
    unsafe { o.byte_add(offset).cast::<T>().read() }
}

/// Whether attributes of instances may be read from memory: `check` has found them where they should be.
pub(super) static INSTANCES: AtomicBool = AtomicBool::new(true);

/// `Py_TPFLAGS_MANAGED_DICT`: the dict of an instance, or its values, are found from words before its header.
const MANAGED_DICT: core::ffi::c_ulong = 1 << 4;
/// `Py_TPFLAGS_INLINE_VALUES`: the values stand behind the instance. Since 3.13.
#[cfg(Py_3_13)]
const INLINE_VALUES: core::ffi::c_ulong = 1 << 2;
/// The word that has the dict: three before the header.
const MANAGED: isize = -24;

/// The dict of an instance and its values, of which one at the most is not null.
///
/// # Safety
///
/// The class of `o` has `MANAGED_DICT`.
#[inline(always)]
unsafe fn attributes(o: *mut PyObject, _class: *mut ffi::PyTypeObject) -> (*mut PyObject, *mut u8) {
    use core::ptr::null_mut;
    // SAFETY: the words before the header are there (the caller's promise). 3.11 has a word for each; in 3.12 they
    // share one, which is odd if it is for the values, less one; since 3.13 values are behind the instance, and good
    // as long as there is no dict and they say so.
    unsafe {
        let managed = o.byte_offset(MANAGED).cast::<*mut PyObject>().read();
        #[cfg(not(Py_3_12))]
        {
            let values = o.byte_offset(MANAGED - 8).cast::<*mut u8>().read();
            if values.is_null() { (managed, null_mut()) } else { (null_mut(), values) }
        }
        #[cfg(all(Py_3_12, not(Py_3_13)))]
        {
            let values = managed.cast::<u8>();
            if values as usize & 1 == 1 { (null_mut(), values.add(1)) } else { (managed, null_mut()) }
        }
        #[cfg(Py_3_13)]
        {
            const VALID: usize = 3;
            if !managed.is_null() || type_flags(_class) & INLINE_VALUES == 0 {
                return (managed, null_mut());
            }
            let values = o.byte_offset((*_class).tp_basicsize).cast::<u8>();
            if values.add(VALID).read() == 1 { (null_mut(), values) } else { (null_mut(), null_mut()) }
        }
    }
}

/// The attributes in `values` whose names are in `keys`.
///
/// # Safety
///
/// Both belong to one dict, or to one instance and its class.
#[inline(always)]
unsafe fn split(keys: *mut PyObject, values: *mut u8) -> Split {
    // SAFETY: the caller's promise. Until 3.12 the number of values in use and their order, backwards, stand before
    // them; since 3.13 capacity and number come first and the order last.
    unsafe {
        let log2_index_bytes: u8 = field(keys, KEYS_LOG2_INDEX_BYTES);
        let names = keys.byte_add(KEYS_INDICES + (1 << log2_index_bytes)).cast_const().cast();
        if cfg!(Py_3_13) {
            let (capacity, len) = (values.read(), values.add(1).read());
            let first = values.add(8).cast::<*mut PyObject>().cast_const();
            let order = first.add(capacity.into()).cast();
            Split { names, values: first, order, step: 1, len: len.into() }
        } else {
            let (len, order) = (values.sub(2).read(), values.sub(3).cast_const());
            Split { names, values: values.cast_const().cast(), order, step: -1, len: len.into() }
        }
    }
}

/// Reads objects from their known layout, many at once with the instructions of a level.
#[derive(Clone, Copy, Debug)]
pub struct Direct<L>(PhantomData<L>);

/// Number of digits and sign (-1, 0, 1) of an int.
#[inline(always)]
unsafe fn size_and_sign(o: *mut PyObject) -> (usize, i64) {
    // SAFETY: an int has this field (the caller's promise).
    unsafe {
        if cfg!(Py_3_12) {
            // lv_tag: digits from bit 3 on, then a flag, and 0 for positive, 1 for zero, 2 for negative.
            let tag: usize = field(o, FIRST);
            (tag >> 3, 1 - (tag & 3) as i64)
        } else {
            let size: isize = field(o, FIRST);
            (size.unsigned_abs(), size.signum() as i64)
        }
    }
}

/// The value of an int from 0 to 2^30 - 1, as most are.
#[inline(always)]
unsafe fn one_digit(o: *mut PyObject) -> Option<u32> {
    // SAFETY: an int has these fields; that of zero has memory for one digit.
    unsafe {
        let size: usize = field(o, FIRST);
        // lv_tag of 3.12: below 16 there is one digit at most, and it is not negative if bit 1 is clear.
        let is = if cfg!(Py_3_12) { size < 16 && size & 2 == 0 } else { size <= 1 };
        // Until 3.11 the zero of a subclass has no digit: its dict, if it has one, is where that would be.
        let counts = if cfg!(Py_3_12) { u32::MAX } else { (size as u32).wrapping_neg() };
        is.then(|| field::<u32>(o, DIGITS) & counts)
    }
}

#[cold]
#[inline(never)]
unsafe fn long_int(o: *mut PyObject, digits: usize, sign: i64) -> Int {
    if digits > 3 {
        return Int::Huge;
    }
    let mut magnitude = 0;
    for i in 0..digits {
        // SAFETY: the int has so many digits of 30 bits, four bytes each.
        let digit: u32 = unsafe { field(o, DIGITS + 4 * i) };
        magnitude |= u128::from(digit) << (30 * i);
    }
    Int::from_parts(sign < 0, magnitude)
}

#[cold]
#[inline(never)]
unsafe fn loose_text<'a>(o: *mut PyObject) -> Option<Text<'a>> {
    // SAFETY: a str (the caller's promise). A str that is not compact points to its characters; in 3.11 one of
    // the old kind has to be made ready first.
    unsafe {
        #[cfg(not(Py_3_12))]
        if ffi::PyUnicode_READY(o) != 0 {
            ffi::PyErr_Clear();
            return None;
        }
        let len: usize = field(o, FIRST);
        let state: u32 = field(o, STR_STATE);
        let at: *const () = field(o, STR_WIDE);
        Some(text_at(state, at, len))
    }
}

/// # Safety
///
/// `at` points to `len` characters of the width that `state` names.
#[inline(always)]
unsafe fn text_at<'a>(state: u32, at: *const (), len: usize) -> Text<'a> {
    let width = match (state >> 2 & 7, state >> 6 & 1) {
        (1, 1) => Width::Ascii,
        (1, _) => Width::Latin1,
        (2, _) => Width::Ucs2,
        _ => Width::Ucs4,
    };
    // SAFETY: the caller's promise; characters are stored aligned to their width.
    unsafe { Text::from_raw(at, len, width) }
}

// SAFETY: what is read is what the headers of the supported versions say is there, and `check` has compared it
// with the public API before any document is walked.
unsafe impl<L: Level> Access for Direct<L> {
    #[inline(always)]
    unsafe fn int(o: *mut PyObject) -> Int {
        // SAFETY: an int. It has memory for one digit at least, and for an even number of them, because objects are
        // allocated in steps of 8 bytes at least; a digit that does not count is masked out.
        unsafe {
            if let Some(small) = one_digit(o) {
                return Int::Small(small.into());
            }
            let (digits, sign) = size_and_sign(o);
            if digits > 2 {
                return long_int(o, digits, sign);
            }
            let both: u64 = field(o, DIGITS);
            let high = if digits == 2 { both >> 32 } else { 0 };
            Int::Small(sign * (both as u32 as u64 | high << 30) as i64)
        }
    }

    unsafe fn ints(objects: &[*mut PyObject], to: &mut [MaybeUninit<i64>], scattered: bool) -> usize {
        let gather = Gather { objects, to, scattered };
        // SAFETY: whoever chose the level knows that the machine has it; living objects (the caller's promise).
        unsafe {
            let n = L::with(gather);
            n + many_ints::<Self>(&objects[n..], &mut to[n..])
        }
    }

    unsafe fn bits(words: &[usize; BOOLS_MAX], yes: usize, no: usize) -> Option<u64> {
        // SAFETY: whoever chose the level knows that the machine has it.
        unsafe { L::bits(words, yes, no) }
    }

    fn with<J: Job>(job: J) -> J::Result {
        // SAFETY: whoever chose the level knows that the machine has it.
        unsafe { L::with(job) }
    }

    unsafe fn wide_int(o: *mut PyObject) -> Option<u128> {
        // SAFETY: an int, which has so many digits of 30 bits.
        unsafe {
            let (digits, sign) = size_and_sign(o);
            if digits > 5 || sign < 0 {
                return None;
            }
            let mut v = 0;
            for i in (0..digits).rev() {
                let digit: u32 = field(o, DIGITS + 4 * i);
                if v >> (u128::BITS - 30) != 0 {
                    return None;
                }
                v = v << 30 | u128::from(digit);
            }
            Some(v)
        }
    }

    #[inline(always)]
    unsafe fn float(o: *mut PyObject) -> f64 {
        // SAFETY: a float.
        unsafe { field(o, FIRST) }
    }

    #[inline(always)]
    unsafe fn ascii<'a>(o: *mut PyObject) -> Option<&'a [u8]> {
        /// Kind 1, compact, ASCII.
        const ASCII: u32 = 1 << 2 | 1 << 5 | 1 << 6;
        // SAFETY: a str; its characters follow its fields.
        unsafe {
            let state: u32 = field(o, STR_STATE);
            let len: usize = field(o, FIRST);
            let at = o.byte_add(STR_ASCII).cast_const().cast();
            (state & 0x7c == ASCII).then(|| core::slice::from_raw_parts(at, len))
        }
    }

    #[inline]
    unsafe fn text<'a>(o: *mut PyObject) -> Option<Text<'a>> {
        const COMPACT: u32 = 1 << 5;
        // SAFETY: a str; the state says where its characters are.
        unsafe {
            if let Some(s) = Self::ascii(o) {
                return Some(Text::ascii(s));
            }
            let state: u32 = field(o, STR_STATE);
            if state & COMPACT == 0 {
                return loose_text(o);
            }
            Some(text_at(state, o.byte_add(STR_WIDE).cast_const().cast(), field(o, FIRST)))
        }
    }

    #[inline(always)]
    unsafe fn utf8<'a>(o: *mut PyObject) -> Option<&'a [u8]> {
        /// Compact, ASCII.
        const BOTH: u32 = 1 << 5 | 1 << 6;
        // Another thread may just be leaving a copy.
        if cfg!(Py_GIL_DISABLED) {
            return None;
        }
        // SAFETY: a str. One that is compact and not ASCII has these fields; what it points to lives as long as it does,
        // and has so many bytes.
        unsafe {
            if field::<u32>(o, STR_STATE) & BOTH != 1 << 5 {
                return None;
            }
            let at: *const u8 = field(o, STR_UTF8);
            (!at.is_null()).then(|| core::slice::from_raw_parts(at, field(o, STR_UTF8_LEN)))
        }
    }

    #[inline(always)]
    unsafe fn str_hash(o: *mut PyObject) -> isize {
        // SAFETY: a str. One that is no key yet may not know its hash: then this is -1, which no other has.
        unsafe { field(o, STR_HASH) }
    }

    #[inline(always)]
    unsafe fn list_len(o: *mut PyObject) -> usize {
        // SAFETY: a list.
        unsafe { field(o, FIRST) }
    }

    #[inline(always)]
    unsafe fn list_items(o: *mut PyObject) -> *const *mut PyObject {
        // SAFETY: a list.
        unsafe { field(o, LIST_ITEMS) }
    }

    #[inline(always)]
    unsafe fn tuple_len(o: *mut PyObject) -> usize {
        // SAFETY: a tuple.
        unsafe { field(o, FIRST) }
    }

    #[inline(always)]
    unsafe fn tuple_items(o: *mut PyObject) -> *const *mut PyObject {
        // SAFETY: a tuple.
        unsafe { o.byte_add(TUPLE_ITEMS).cast_const().cast() }
    }

    #[inline(always)]
    unsafe fn dict_len(o: *mut PyObject) -> usize {
        // SAFETY: a dict.
        unsafe { field(o, FIRST) }
    }

    #[inline(always)]
    unsafe fn dict_keys(o: *mut PyObject) -> Option<*const u8> {
        // SAFETY: a dict.
        unsafe { Some(field(o, DICT_KEYS)) }
    }

    #[inline(always)]
    unsafe fn dict_table(o: *mut PyObject) -> Option<Table> {
        // SAFETY: a dict; a combined table has its entries behind its indices.
        unsafe {
            let values: *mut PyObject = field(o, DICT_VALUES);
            let keys: *mut PyObject = field(o, DICT_KEYS);
            if !values.is_null() {
                return None;
            }
            let log2_index_bytes: u8 = field(keys, KEYS_LOG2_INDEX_BYTES);
            let kind: u8 = field(keys, KEYS_KIND);
            let entries: usize = field(keys, KEYS_NENTRIES);
            let first = keys.byte_add(KEYS_INDICES + (1 << log2_index_bytes)).cast_const().cast();
            match kind {
                KIND_UNICODE => Some(Table { first, stride: 2, entries, exact_str: true }),
                KIND_GENERAL => Some(Table { first: first.add(1), stride: 3, entries, exact_str: false }),
                _ => None,
            }
        }
    }

    #[inline(always)]
    unsafe fn dict_split(o: *mut PyObject) -> Option<Split> {
        // SAFETY: a dict.
        unsafe {
            let values: *mut u8 = field(o, DICT_VALUES);
            (!values.is_null() && INSTANCES.load(Relaxed)).then(|| split(field(o, DICT_KEYS), values))
        }
    }

    #[inline(always)]
    unsafe fn instance(o: *mut PyObject) -> Place {
        // SAFETY: a living object has a living type.
        unsafe {
            let class = ffi::Py_TYPE(o);
            if type_flags(class) & MANAGED_DICT == 0 || !INSTANCES.load(Relaxed) {
                return Place::Unknown;
            }
            let (dict, values) = attributes(o, class);
            if !values.is_null() {
                let keys = (*class.cast::<ffi::PyHeapTypeObject>()).ht_cached_keys;
                return if keys.is_null() {
                    Place::Unknown
                } else {
                    Place::Split(split(keys.cast(), values))
                };
            }
            if dict.is_null() { Place::Unknown } else { Place::Dict(dict) }
        }
    }
}
