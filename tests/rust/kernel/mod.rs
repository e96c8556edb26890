//! Every kernel, on every level that the machine has, against a naive version.

mod float;
mod float_harness;
