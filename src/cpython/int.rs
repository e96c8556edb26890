//! The value of an int.

/// An integer as JSON can have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Int {
    /// It fits 64 bits, signed.
    Small(i64),
    /// It fits 64 bits only unsigned.
    Big(u64),
    /// It does not fit 64 bits.
    Huge,
}

impl Int {
    /// From a sign and a magnitude of at most 90 bits.
    #[inline(always)]
    #[must_use]
    #[cfg_attr(Py_GIL_DISABLED, expect(dead_code, reason = "only the layout knows"))]
    pub const fn from_parts(negative: bool, magnitude: u128) -> Self {
        if magnitude <= i64::MAX as u128 {
            let v = magnitude as i64;
            Self::Small(if negative { -v } else { v })
        } else if negative && magnitude == 1 << 63 {
            Self::Small(i64::MIN)
        } else if !negative && magnitude <= u64::MAX as u128 {
            Self::Big(magnitude as u64)
        } else {
            Self::Huge
        }
    }
}
