//! How wide the widest value of a block is.

/// The ways to write a block, narrowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// -1024 to 1023: a table has the whole text.
    Table,
    /// 0 to 2^23 - 1 = 8,388,607, below 10^7: 7 digits, and the comma fits into the same word.
    Seven,
    /// Magnitudes up to 2^26 = 67,108,864, below 10^8: 8 digits.
    Eight,
    /// Magnitudes up to 2^46 = 70,368,744,177,664, below 10^14: 14 digits.
    Fourteen,
    /// Magnitudes up to 2^53 = 9,007,199,254,740,992, below 10^16: 16 digits.
    Sixteen,
    /// Anything, up to 2^63 = 9,223,372,036,854,775,808: 19 digits.
    Nineteen,
}

/// Values in [`Class::Table`] lie from `-TABLE` to `TABLE - 1`.
pub const TABLE: i64 = 1 << 10;

impl Class {
    /// The narrowest class that holds every value of `block`.
    ///
    /// `v ^ (v >> 63)` is `v` or `-v - 1`, so it has as many bits as the magnitude less one at the
    /// negative end, and an `or` of them all bounds the bits: cheaper than a maximum of magnitudes.
    #[inline(always)]
    pub fn of(block: &[i64]) -> Self {
        let (bits, all) = block.iter().fold((0, 0), |(bits, all), v| (bits | (v ^ (v >> 63)), all | v));
        if bits < TABLE {
            Self::Table
        } else if bits < 1 << 23 && all >= 0 {
            Self::Seven
        } else if bits < 1 << 26 {
            Self::Eight
        } else if bits < 1 << 46 {
            Self::Fourteen
        } else if bits < 1 << 53 {
            Self::Sixteen
        } else {
            Self::Nineteen
        }
    }
}
