//! Every kernel, on every level that the machine has, against a naive version.

#[macro_use]
mod harness;

mod bool;
mod float;
mod float_harness;
mod int;
mod policy;
mod text;
mod text_harness;
mod texts;
