//! planjson: Python objects to JSON bytes, in one pass or through a plan.
//!
//! The way of a value: `python` (the face) -> `direct` or `planned` (the two paths) -> `walk` (the one traversal)
//! -> `sink` (the narrow waist) -> `emit::writer` -> `emit::kernel` -> `emit::room`; on the planned path
//! `plan::recorder` listens in the writer's place, and `emit::replay` tells the plan to the writer. A scalar or a list of a
//! few goes from `brief` to the writer.

#![warn(missing_docs)]
// A quick build leaves things out.
#![cfg_attr(feature = "quick", allow(unused_imports, dead_code))]

pub mod emit;
#[forbid(unsafe_code)]
pub mod explain;
#[forbid(unsafe_code)]
pub mod fragment;
#[forbid(unsafe_code)]
pub mod plan;
#[forbid(unsafe_code)]
pub mod sink;
#[forbid(unsafe_code)]
pub mod stamp;
pub mod style;
pub mod text;

#[forbid(unsafe_code)]
pub mod base64;
#[forbid(unsafe_code)]
pub mod digits;
#[forbid(unsafe_code)]
pub mod instant;
#[forbid(unsafe_code)]
pub mod options;
#[forbid(unsafe_code)]
pub mod path;
#[forbid(unsafe_code)]
pub mod single;
#[forbid(unsafe_code)]
pub mod sizes;
#[forbid(unsafe_code)]
pub mod sort;
#[forbid(unsafe_code)]
pub mod span;

#[cfg(feature = "python")]
mod cpython;
#[cfg(feature = "python")]
#[forbid(unsafe_code)]
mod walk;

#[cfg(feature = "python")]
#[forbid(unsafe_code)]
mod brief;
#[cfg(feature = "python")]
#[forbid(unsafe_code)]
mod direct;
#[cfg(feature = "python")]
#[forbid(unsafe_code)]
mod loads;
#[cfg(feature = "python")]
#[forbid(unsafe_code)]
mod planned;
#[cfg(feature = "python")]
mod python;
