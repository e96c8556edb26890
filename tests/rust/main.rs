//! Tests of plan and emit without an interpreter.

mod kernel;
