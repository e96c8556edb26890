//! From values to bytes.

pub mod kernel;
