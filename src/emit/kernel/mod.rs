//! Kernels: slices in, bytes out. They know no Python and nothing else of ours.
//!
//! Every kernel takes the place to write to and returns the place after the last byte it wrote.
//! It may scribble over the [`SLACK`] bytes behind that place, which lets it store whole vectors.
//! How much must be writable is stated per function as a bound; `room` is the one caller that
//! sees to it.

pub mod level;

mod bool;
#[cfg(target_arch = "x86_64")]
mod chosen;
#[cfg(target_arch = "x86_64")]
mod decimal;
mod float;
mod int;
mod lines;
mod name;
mod source;
mod text;
mod ticks;

#[cfg(target_arch = "x86_64")]
pub use chosen::Chosen;
#[cfg(neon)]
pub use level::Neon;
pub use level::{Job, Level, Scalar};
#[cfg(target_arch = "x86_64")]
pub use level::{V2, V3, V4};
pub use lines::{LINE, SIGHT, WOVEN, rows_most, spread, spread_rows, weave};
pub use name::Name;
pub use source::{Chars, Leaf, Members, Source, Stop};
pub use text::policy::{BLOCK, MARKED_MAX, Policy};
pub use text::{padded, stands_in};
pub use ticks::ticks;

/// Bytes that a kernel may overwrite behind the end that it returns.
pub const SLACK: usize = 64;

/// Longest integer: `-9223372036854775808` and `18446744073709551615` have 20 characters.
pub const INT_MAX: usize = 20;

/// Longest double: `-2.2250738585072014e-308` has 24 characters.
pub const FLOAT_MAX: usize = 24;

/// Most bytes that one ASCII or Latin-1 character can become: `\u001f`.
pub const NARROW_MAX: usize = 6;

/// Most bytes that one UCS2 or UCS4 character can become: `\u001f`.
pub const WIDE_MAX: usize = 6;

/// The most values that `bools` takes at once: one word of bits.
pub const BOOLS_MAX: usize = 64;
