//! Every kernel, on every level that the machine has, against a naive version.

mod text;
mod text_harness;
