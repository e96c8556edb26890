//! What a caller can ask for.

use crate::plan::Thresholds;

/// Flags of the `option` argument: orjson's names and numbers.
pub mod flag {
    /// Indent by two spaces.
    pub const INDENT_2: u32 = 1;
    /// Datetimes without a zone are in UTC.
    pub const NAIVE_UTC: u32 = 1 << 1;
    /// Keys of other types than str.
    pub const NON_STR_KEYS: u32 = 1 << 2;
    /// No microseconds.
    pub const OMIT_MICROSECONDS: u32 = 1 << 3;
    /// numpy's arrays and scalars.
    pub const SERIALIZE_NUMPY: u32 = 1 << 4;
    /// Keys in the order of their code points.
    pub const SORT_KEYS: u32 = 1 << 5;
    /// Integers of at most 53 bits.
    pub const STRICT_INTEGER: u32 = 1 << 6;
    /// `Z` for an offset of zero.
    pub const UTC_Z: u32 = 1 << 7;
    /// Instances of subclasses go to `default`.
    pub const PASSTHROUGH_SUBCLASS: u32 = 1 << 8;
    /// datetime, date and time go to `default`.
    pub const PASSTHROUGH_DATETIME: u32 = 1 << 9;
    /// A line feed at the end.
    pub const APPEND_NEWLINE: u32 = 1 << 10;
    /// Instances of dataclasses go to `default`.
    pub const PASSTHROUGH_DATACLASS: u32 = 1 << 11;
    /// As without it: kept for those who spell it.
    pub const SERIALIZE_DATACLASS: u32 = 0;
    /// As without it.
    pub const SERIALIZE_UUID: u32 = 0;

    /// Those that are known, with the names that Python sees.
    pub const ALL: &[(&str, u32)] = &[
        ("OPT_APPEND_NEWLINE", APPEND_NEWLINE),
        ("OPT_INDENT_2", INDENT_2),
        ("OPT_NAIVE_UTC", NAIVE_UTC),
        ("OPT_NON_STR_KEYS", NON_STR_KEYS),
        ("OPT_OMIT_MICROSECONDS", OMIT_MICROSECONDS),
        ("OPT_PASSTHROUGH_DATACLASS", PASSTHROUGH_DATACLASS),
        ("OPT_PASSTHROUGH_DATETIME", PASSTHROUGH_DATETIME),
        ("OPT_PASSTHROUGH_SUBCLASS", PASSTHROUGH_SUBCLASS),
        ("OPT_SERIALIZE_DATACLASS", SERIALIZE_DATACLASS),
        ("OPT_SERIALIZE_NUMPY", SERIALIZE_NUMPY),
        ("OPT_SERIALIZE_UUID", SERIALIZE_UUID),
        ("OPT_SORT_KEYS", SORT_KEYS),
        ("OPT_STRICT_INTEGER", STRICT_INTEGER),
        ("OPT_UTC_Z", UTC_Z),
    ];
}

/// What a call has been asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    flags: u32,
    /// When runs become lanes.
    pub thresholds: Thresholds,
}

impl Options {
    /// From the number that Python gave; `None` if it has a flag that is not known.
    #[must_use]
    pub fn new(flags: i64, thresholds: Thresholds) -> Option<Self> {
        let known = flag::ALL.iter().fold(0, |all, (_, f)| all | f);
        let flags = u32::try_from(flags).ok()?;
        (flags & !known == 0).then_some(Self { flags, thresholds })
    }

    /// Whether any of `flags` is set.
    #[inline(always)]
    #[must_use]
    pub const fn has(&self, flags: u32) -> bool {
        self.flags & flags != 0
    }
}
