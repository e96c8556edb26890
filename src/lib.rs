//! planjson: Python objects to JSON bytes, in one pass or through a plan.

pub mod emit;
