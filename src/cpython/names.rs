//! Names of attributes and modules that are asked for: interned strs that live as long as the process.

use std::sync::OnceLock;

use pyo3::ffi;
use pyo3::prelude::*;

use super::call::Owned;
use super::object::Obj;

macro_rules! names {
    ($($name:ident $text:literal,)*) => {
        /// A name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Name {
            $(#[doc = $text] $name,)*
        }

        const TEXTS: &[&core::ffi::CStr] = &[$(match core::ffi::CStr::from_bytes_with_nul(concat!($text, "\0").as_bytes()) {
            Ok(text) => text,
            Err(_) => panic!("a name has no NUL in it"),
        },)*];
    };
}

names! {
    ArrayStruct "__array_struct__",
    Class "__class__",
    Convert "convert",
    Dataclasses "dataclasses",
    Datetime "datetime",
    Default "default",
    Dict "__dict__",
    Dst "dst",
    Enum "enum",
    EnumClass "Enum",
    EnumMeta "EnumMeta",
    Field "_FIELD",
    FieldType "_field_type",
    Fields "__dataclass_fields__",
    Indent "indent",
    InnerValue "_value_",
    Int "int",
    Normalize "normalize",
    Nothing "-",
    Option "option",
    Plan "plan",
    Slots "__slots__",
    UtcOffset "utcoffset",
    Uuid "uuid",
    UuidClass "UUID",
    Value "value",
}

static NAMES: OnceLock<Vec<Owned>> = OnceLock::new();

/// Makes the names. Called once, at import.
///
/// # Errors
///
/// There is no memory for them.
pub fn start(py: Python<'_>) -> PyResult<()> {
    let mut names = Vec::with_capacity(TEXTS.len());
    for text in TEXTS {
        // SAFETY: a text that ends in NUL; the reference is ours.
        let name = unsafe { Owned::take(ffi::PyUnicode_InternFromString(text.as_ptr())) };
        names.push(name.ok_or_else(|| PyErr::fetch(py))?);
    }
    NAMES.get_or_init(|| names);
    Ok(())
}

impl Name {
    /// The str.
    #[inline]
    #[must_use]
    pub fn obj(self) -> Obj<'static> {
        NAMES.get().expect("names are made at import")[self as usize].obj()
    }
}
