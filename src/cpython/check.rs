//! Whether the layout that this build knows is the one that the interpreter has. Asked once, at import.

use pyo3::prelude::*;

/// How objects are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// From memory: [`super::Direct`].
    Direct,
    /// Through the public API: [`super::Public`].
    Public,
}

impl Layout {
    /// As `build_info()` says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Public => "public",
        }
    }
}

/// Finds out how objects can be read.
///
/// # Errors
///
/// Those of making the samples.
#[cfg(not(Py_GIL_DISABLED))]
pub fn check(py: Python<'_>) -> PyResult<Layout> {
    if !samples::fit(py)? {
        return Ok(Layout::Public);
    }
    super::layout::INSTANCES.store(samples::instances_fit(py)?, core::sync::atomic::Ordering::Relaxed);
    Ok(Layout::Direct)
}

/// A free-threaded build reads through the public API.
///
/// # Errors
///
/// None.
#[cfg(Py_GIL_DISABLED)]
pub fn check(_: Python<'_>) -> PyResult<Layout> {
    Ok(Layout::Public)
}

#[cfg(not(Py_GIL_DISABLED))]
mod samples {
    use core::ptr::null_mut;

    use pyo3::ffi;
    use pyo3::prelude::*;
    use pyo3::types::{PyDict, PyList, PyString, PyTuple};

    use crate::cpython::Public;
    use crate::cpython::access::Access;
    use crate::cpython::instance::{Place, Split};

    type Direct = crate::cpython::Direct<crate::emit::kernel::Scalar>;

    const INTS: &core::ffi::CStr =
        c"[s * (1 << b) + d for b in range(70) for d in (-1, 0, 1) for s in (1, -1)] \
        + [o for o in map(type('I', (int,), {}), range(-1, 2)) if not setattr(o, 'a', 1)]";
    const FLOATS: &core::ffi::CStr = c"[0.0, -1.5, 1e300, 5e-324, float('inf')]";
    const STRS: &core::ffi::CStr =
        c"[f * n for n in (1, 2, 40) for f in ('a', '\\xe9', '\\u4e2d', '\\U0001f600')] \
        + ['', type('S', (str,), {})('sub'), type('S', (str,), {})('s\\u4e2d')]";
    const SEQS: &core::ffi::CStr =
        c"[[], [1], [1, 2, 3], (), (1,), (1, 2, 3), type('L', (list,), {})((1, 2))]";
    /// Empty, of strs, of others, with a hole, large, a subclass, and one that belongs to an instance.
    const DICTS: &core::ffi::CStr =
        c"(lambda h, o: (h.pop('b'), o.__dict__.update(x=1, y=2), [{}, {'a': 1, 'b': 2}, \
        {1: 2, None: 3}, h, {str(i): i for i in range(300)}, type('D', (dict,), {})(k=1), o.__dict__])[2])\
        ({'a': 1, 'b': 2, 'c': 3}, type('C', (), {})())";

    /// Without attributes, with some, in another order, without the first, of an exception, and with many: each
    /// without and with a dict.
    const INSTANCES: &core::ffi::CStr =
        c"(lambda C, E: [o for c, n, gone in ((C, '', ''), (C, 'ab', ''), (C, 'ba', ''), (C, 'abc', 'a'), \
        (E, 'ab', ''), (C, 'abcdefghijklmnopqrstuvwxyz', '')) for seen in (0, 1) for o in [c()] \
        if ([setattr(o, k, k) for k in n], [delattr(o, k) for k in gone], seen and vars(o))])\
        (type('C', (), {}), type('E', (Exception,), {}))";

    /// Whether the attributes of instances are seen where they are.
    pub(super) fn instances_fit(py: Python<'_>) -> PyResult<bool> {
        all(py, INSTANCES, same_attributes)
    }

    fn same_attributes(o: &Bound<'_, PyAny>) -> bool {
        let pairs = |split: Split| -> Vec<_> {
            (0..split.len()).filter_map(|i| split.get(i)).map(|(n, v)| (n.as_ptr(), v.as_ptr())).collect()
        };
        // SAFETY: an instance of a class that was made in Python. What is found is compared before it is used.
        let place = unsafe { Direct::instance(o.as_ptr()) };
        let found = if let Place::Split(split) = place { pairs(split) } else { Vec::new() };
        // SAFETY: as above.
        let dict = unsafe {
            Bound::from_owned_ptr_or_opt(o.py(), ffi::PyObject_GenericGetDict(o.as_ptr(), null_mut()))
        };
        let Some(dict) = dict else { return false };
        // SAFETY: the instance's dict.
        let in_dict = unsafe { Direct::dict_split(dict.as_ptr()) }.map(pairs);
        let Ok(dict) = dict.cast_into::<PyDict>() else { return false };
        let want: Vec<_> = dict.iter().map(|(n, v)| (n.as_ptr(), v.as_ptr())).collect();
        in_dict.is_none_or(|found| found == want)
            && match place {
                Place::Split(_) => found == want,
                Place::Dict(found) => found == dict.as_ptr(),
                Place::Unknown => true,
            }
    }

    /// Whether both accesses see the same in every sample.
    pub(super) fn fit(py: Python<'_>) -> PyResult<bool> {
        Ok(all(py, INTS, same_int)?
            && all(py, FLOATS, same_float)?
            && all(py, STRS, same_text)?
            && all(py, SEQS, same_items)?
            && all(py, DICTS, same_entries)?)
    }

    fn all(py: Python<'_>, code: &core::ffi::CStr, same: fn(&Bound<'_, PyAny>) -> bool) -> PyResult<bool> {
        let globals = PyDict::new(py);
        let samples = py.eval(code, Some(&globals), None)?;
        Ok(samples.cast::<PyList>()?.iter().all(|sample| same(&sample)))
    }

    fn same_int(o: &Bound<'_, PyAny>) -> bool {
        // SAFETY: an int.
        unsafe { Direct::int(o.as_ptr()) == Public::int(o.as_ptr()) }
    }

    fn same_float(o: &Bound<'_, PyAny>) -> bool {
        // SAFETY: a float.
        unsafe { Direct::float(o.as_ptr()).to_bits() == Public::float(o.as_ptr()).to_bits() }
    }

    fn same_text(o: &Bound<'_, PyAny>) -> bool {
        // SAFETY: a str.
        let (direct, public) = unsafe { (Direct::text(o.as_ptr()), Public::text(o.as_ptr())) };
        // SAFETY: a str, and no Python code has a say in its hash.
        let hashes = unsafe { (ffi::PyObject_Hash(o.as_ptr()), Direct::str_hash(o.as_ptr())) };
        hashes.0 == hashes.1
            && same_utf8(o)
            && direct.zip(public).is_some_and(|(d, p)| {
                d.as_bytes().as_ptr() == p.as_bytes().as_ptr()
                    && d.as_bytes().len() == p.as_bytes().len()
                    && d.points().eq(p.points())
            })
    }

    /// Whether the UTF-8 of a str is seen as soon as there is some. The samples are ours alone.
    fn same_utf8(o: &Bound<'_, PyAny>) -> bool {
        let o_ptr = o.as_ptr();
        // SAFETY: a str; what it is asked for is its own, and only compared where it is none that has such fields.
        unsafe {
            let before = Direct::utf8(o_ptr);
            let mut len = 0;
            let at = ffi::PyUnicode_AsUTF8AndSize(o_ptr, &raw mut len).cast::<u8>();
            let has_fields = o.get_type().is(o.py().get_type::<PyString>()) && Direct::ascii(o_ptr).is_none();
            let want = has_fields.then_some((at, len as usize)).filter(|_| !cfg!(Py_GIL_DISABLED));
            before.is_none_or(|s| Some((s.as_ptr(), s.len())) == want)
                && !at.is_null()
                && Direct::utf8(o_ptr).map(|s| (s.as_ptr(), s.len())) == want
        }
    }

    fn same_items(o: &Bound<'_, PyAny>) -> bool {
        let o_ptr = o.as_ptr();
        // SAFETY: a list or a tuple, asked as what it is.
        unsafe {
            let (len, items) = if o.cast::<PyTuple>().is_ok() {
                (Direct::tuple_len(o_ptr), Direct::tuple_items(o_ptr))
            } else {
                (Direct::list_len(o_ptr), Direct::list_items(o_ptr))
            };
            o.len().is_ok_and(|n| n == len)
                && (0..len).all(|i| o.get_item(i).is_ok_and(|item| item.as_ptr() == *items.add(i)))
        }
    }

    /// Whether the table, if it can be walked, has what `PyDict_Next` finds, in the same order.
    fn same_entries(o: &Bound<'_, PyAny>) -> bool {
        let (mut at, mut key, mut value) = (0, null_mut(), null_mut());
        // SAFETY: a dict that nobody changes meanwhile; entries below the table's number are its own.
        unsafe {
            if Direct::dict_len(o.as_ptr()) != Public::dict_len(o.as_ptr()) {
                return false;
            }
            let Some(table) = Direct::dict_table(o.as_ptr()) else { return true };
            for i in 0..table.entries {
                let entry = table.first.add(i * table.stride);
                if (*entry.add(1)).is_null() {
                    continue;
                }
                if ffi::PyDict_Next(o.as_ptr(), &raw mut at, &raw mut key, &raw mut value) == 0
                    || (key, value) != (*entry, *entry.add(1))
                    || (table.exact_str && ffi::PyUnicode_CheckExact(key) == 0)
                {
                    return false;
                }
            }
            ffi::PyDict_Next(o.as_ptr(), &raw mut at, &raw mut key, &raw mut value) == 0
        }
    }
}
