//! numpy's arrays and scalars, read where they lie. numpy itself is not imported, and nothing of it is linked: an
//! array shows its inside as the struct of `__array_struct__`, and a scalar has its value behind the header.

mod array;
mod types;

pub use array::{Array, Unreadable};
pub(super) use types::{Numpy, Types};

use crate::instant::Unit;

/// What an element or a scalar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// `bool_`.
    Bool,
    /// `int8`.
    I8,
    /// `int16`.
    I16,
    /// `int32`.
    I32,
    /// `int64`.
    I64,
    /// `uint8`.
    U8,
    /// `uint16`.
    U16,
    /// `uint32`.
    U32,
    /// `uint64`.
    U64,
    /// `float16`.
    F16,
    /// `float32`.
    F32,
    /// `float64`.
    F64,
    /// `datetime64`; in an array a number of this unit, and so many of them to one step.
    Date(Unit),
}

/// The value of a scalar.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// `bool_`.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    Uint(u64),
    /// `float64`.
    Double(f64),
    /// `float32`, or `float16`, which it holds exactly.
    Single(f32),
    /// `datetime64`.
    Date(i64, Unit),
}

/// A half as a single, which holds it exactly.
fn half(bits: u16) -> f32 {
    let sign = u32::from(bits & 0x8000) << 16;
    let (exponent, mantissa) = (u32::from(bits >> 10 & 0x1f), u32::from(bits & 0x3ff));
    let magnitude = match exponent {
        // Subnormal halves are normal singles: so many steps of 2 to the -24.
        0 => return f32::from_bits((mantissa as f32 / 16_777_216.0).to_bits() | sign),
        0x1f => 0x7f80_0000 | mantissa << 13,
        _ => (exponent + 112) << 23 | mantissa << 13,
    };
    f32::from_bits(sign | magnitude)
}
