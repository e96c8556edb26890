//! The only place that knows how CPython lays out an object, and the only one that counts references.
//!
//! A view ([`Obj`], [`Seq`], [`Dict`], ...) is a borrowed pointer of a known type. It is good until Python code may
//! run; whoever lets Python code run calls [`World::before_python`] first and does not use views of things that
//! are neither open in the world nor owned. `docs/unsafe.md` has the whole argument.

mod access;
mod ahead;
mod boxed;
mod bytes;
mod call;
mod check;
mod class;
mod cold;
mod date;
mod desk;
mod dict;
mod encoders;
mod fields;
mod file;
mod flat;
mod fragment;
#[cfg(not(Py_GIL_DISABLED))]
mod gather;
mod inert;
mod instance;
mod int;
mod iter;
mod keys;
mod kinds;
#[cfg(not(Py_GIL_DISABLED))]
mod layout;
mod leave;
mod make;
mod members;
mod names;
mod numpy;
mod object;
mod orders;
mod program;
mod protocol;
mod public;
mod row;
mod scalars;
mod seq;
mod shape;
mod site;
mod slot;
mod spare;
mod suspended;
mod types;
mod uuid;
mod world;

pub use access::Access;
pub use boxed::boxed;
pub use bytes::Output;
pub use call::{Owned, Raised, attribute, call_one, ordinary_dict};
pub use check::{Layout, check};
pub use class::{ClassId, Form, is_private};
pub use date::{Date, DateTime, Offset, Time};
pub use dict::{Cursor, Dict, Entries, Rest};
pub use encoders::{BadEncoders, Encoders};
pub use fields::{Field, Fields, Names};
pub use file::{File, Kind as FileKind};
pub use fragment::{Contents, Fragment, FragmentObj};
pub use inert::{Look, UNLOOKED};
pub use instance::{Compared, Instance, Split, Values};
pub use int::Int;
pub use iter::Iter;
pub use keys::LastKey;
pub use kinds::Kind;
#[cfg(not(Py_GIL_DISABLED))]
pub use layout::Direct;
pub use make::{new_big_int, new_bytes, new_dict, new_float, new_int, new_list, new_str, new_uint};
pub use names::Name;
pub use numpy::{Array, Element, Number, Unreadable};
pub use object::{IntObj, Obj, Rare, Str, TypeId, Value};
pub use orders::{Ordered, OrderedAny};
pub use program::{Program, SAMPLE};
pub use protocol::{
    Asked, attribute_called, attribute_named, bytes_of, call_method, dict_of, forget, hex_of, list_of,
    loaded, path_of, str_of,
};
pub use public::{Encoding, Public};
pub use row::RowMembers;
pub use seq::{Buffer, CAN_PEEK, Elements, Seq};
pub use shape::{Guesses, MOST_KEYS, Sample, Shape, Slot};
pub use site::{Manner, Site};
pub use suspended::Suspended;
pub use types::Special;
pub use uuid::Uuid;
pub use world::World;

/// The access that this build prefers.
#[cfg(Py_GIL_DISABLED)]
pub type Direct<L> = <L as public::Everywhere>::Access;

/// Makes what the walk needs to know objects. Called once, at import.
///
/// # Errors
///
/// There is no memory for it.
pub fn start(py: pyo3::Python<'_>) -> pyo3::PyResult<()> {
    scalars::start();
    fragment::start(py);
    names::start(py)
}
