//! The only place that knows how CPython lays out an object, and the only one that counts references.
//!
//! A view ([`Obj`], [`Seq`], [`Dict`], ...) is a borrowed pointer of a known type. It is good until Python code may
//! run; whoever lets Python code run calls [`World::before_python`] first and does not use views of things that
//! are neither open in the world nor owned. `docs/unsafe.md` has the whole argument.

mod access;
mod ahead;
mod bytes;
mod call;
mod check;
mod desk;
mod dict;
mod file;
mod int;
mod iter;
mod keys;
#[cfg(not(Py_GIL_DISABLED))]
mod layout;
mod make;
mod members;
mod object;
mod orders;
mod public;
mod seq;
mod world;

pub use access::Access;
pub use ahead::LONG;
pub use bytes::Output;
pub use call::{Owned, Raised, call_one};
pub use check::{Layout, check};
pub use dict::{Cursor, Dict};
pub use file::{File, Kind};
pub use int::Int;
pub use iter::Iter;
#[cfg(not(Py_GIL_DISABLED))]
pub use layout::Direct;
pub use make::{new_big_int, new_dict, new_float, new_int, new_list, new_str, new_uint};
pub use object::{IntObj, Obj, Rare, Str, Value};
pub use public::Public;
pub use seq::{Buffer, Seq};
pub use world::World;

/// The access that this build prefers.
#[cfg(Py_GIL_DISABLED)]
pub type Direct = Public;
