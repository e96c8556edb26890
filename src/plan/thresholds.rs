//! From which length on a run of one type is worth a lane.

use core::fmt;

/// Shortest runs, in elements, that are told and recorded as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Integers of 64 bits.
    pub int: usize,
    /// Doubles.
    pub float: usize,
    /// Booleans.
    pub bool: usize,
    /// Strings.
    pub text: usize,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self::FIRST
    }
}

impl Thresholds {
    /// The values that the project started with.
    pub const FIRST: Self = Self { int: 4, float: 6, bool: 2, text: 16 };
}

impl fmt::Display for Thresholds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "int {}, float {}, bool {}, str {}", self.int, self.float, self.bool, self.text)
    }
}
