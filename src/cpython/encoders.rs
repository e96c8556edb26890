//! The caller's functions for types of objects.

use core::cmp::Ordering;
use core::ptr::null_mut;

use pyo3::ffi::{self, PyObject};

use super::call::Owned;
use super::object::Obj;

/// A function for each of some types, as they were when the call began.
#[derive(Debug)]
pub struct Encoders {
    /// Type and function, in the order of the types' addresses.
    entries: Vec<(Owned, Owned)>,
    /// Whether an object of one of JSON's own types may have one.
    overrides: bool,
}

/// What is wrong with the argument.
#[derive(Debug)]
pub enum BadEncoders {
    /// It is no dict. Its type's name.
    Dict(String),
    /// A key is no type. Its type's name.
    Type(String),
    /// The value for a type, whose name comes first, cannot be called. Its type's name.
    Function(String, String),
    /// There is no memory to read it.
    Memory,
}

impl Encoders {
    /// From a dict of types and functions. No Python code runs.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read(dict: Obj<'_>) -> Result<Self, BadEncoders> {
        // SAFETY: a living object.
        if unsafe { ffi::PyDict_Check(dict.as_ptr()) } == 0 {
            return Err(BadEncoders::Dict(dict.type_name()));
        }
        if !cfg!(Py_GIL_DISABLED) {
            return Self::of(dict);
        }
        // Another thread may change it meanwhile; a copy is ours alone.
        // SAFETY: a living dict; the interpreter locks it while it copies.
        let copy = unsafe { Owned::take(ffi::PyDict_Copy(dict.as_ptr())) }.ok_or(BadEncoders::Memory)?;
        let encoders = Self::of(copy.obj());
        copy.drop_now();
        encoders
    }

    fn of(dict: Obj<'_>) -> Result<Self, BadEncoders> {
        let mut encoders = Self { entries: Vec::new(), overrides: false };
        let (mut at, mut key, mut value) = (0, null_mut(), null_mut());
        // SAFETY: a living dict; what it holds is looked at, and held, before anything else happens.
        while unsafe { ffi::PyDict_Next(dict.as_ptr(), &raw mut at, &raw mut key, &raw mut value) } != 0 {
            // SAFETY: as above.
            let (class, function) = unsafe { (Obj::new(key), Obj::new(value)) };
            if !class.is_type() {
                return Err(BadEncoders::Type(class.type_name()));
            }
            // SAFETY: a living object.
            if unsafe { ffi::PyCallable_Check(value) } == 0 {
                return Err(BadEncoders::Function(class.name_of_type(), function.type_name()));
            }
            encoders.overrides |= is_base_of_own(class);
            encoders.entries.push((Owned::hold(class), Owned::hold(function)));
        }
        encoders.entries.sort_unstable_by_key(|(class, _)| class.obj().as_ptr() as usize);
        Ok(encoders)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether an object of one of JSON's own types may have one.
    #[must_use]
    pub fn overrides(&self) -> bool {
        self.overrides
    }

    /// The function for `obj`: that of its type, or else of the first of its bases that has one, in their order of
    /// method resolution.
    #[must_use]
    pub fn find(&self, obj: Obj<'_>) -> Option<Obj<'_>> {
        let class = obj.type_of();
        // SAFETY: a living type; its `tp_mro` is null or a tuple of types that it holds. No other code runs here.
        unsafe {
            let mro = (*class).tp_mro;
            if mro.is_null() {
                return self.function(class.cast());
            }
            (0..ffi::PyTuple_GET_SIZE(mro)).find_map(|i| self.function(ffi::PyTuple_GET_ITEM(mro, i)))
        }
    }

    fn function(&self, class: *mut PyObject) -> Option<Obj<'_>> {
        let order =
            |entry: &(Owned, Owned)| -> Ordering { (entry.0.obj().as_ptr() as usize).cmp(&(class as usize)) };
        self.entries.binary_search_by(order).ok().map(|i| self.entries[i].1.obj())
    }
}

impl Drop for Encoders {
    /// The walk is over, and Python code may run.
    fn drop(&mut self) {
        for (class, function) in self.entries.drain(..) {
            class.drop_now();
            function.drop_now();
        }
    }
}

/// Whether one of JSON's own types is `class`, or derived from it.
fn is_base_of_own(class: Obj<'_>) -> bool {
    let own = [
        &raw mut ffi::PyUnicode_Type,
        &raw mut ffi::PyLong_Type,
        &raw mut ffi::PyFloat_Type,
        &raw mut ffi::PyBool_Type,
        &raw mut ffi::PyList_Type,
        &raw mut ffi::PyTuple_Type,
        &raw mut ffi::PyDict_Type,
        // SAFETY: None is alive as long as the interpreter is.
        unsafe { ffi::Py_TYPE(ffi::Py_None()) },
    ];
    // SAFETY: living types.
    own.iter().any(|&own| unsafe { ffi::PyType_IsSubtype(own, class.as_ptr().cast()) } != 0)
}
