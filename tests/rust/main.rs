//! Tests of plan and emit without an interpreter.

mod documents;
mod ways;

mod arena;
mod explain;
mod instant;
mod kernel;
mod path;
mod paths;
mod raw;
mod room;
mod single;
mod sizes;
mod sort;
mod stamp;
mod surrogates;
mod verifier;
