//! numpy's dates: so many units since 1970, without a zone.

use core::fmt;

use crate::stamp::{Clock, Day, Stamp, Zone};

/// The unit of a `datetime64`: `NPY_DATETIMEUNIT`, and how many make one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its place in numpy's list of units.
    pub code: u8,
    /// Mostly 1.
    pub steps: u32,
}

/// Letters and name of each unit, by its code; numpy leaves one out.
const UNITS: [(&str, &str); 15] = [
    ("Y", "years"),
    ("M", "months"),
    ("W", "weeks"),
    ("", "NaT"),
    ("D", "days"),
    ("h", "hours"),
    ("m", "minutes"),
    ("s", "seconds"),
    ("ms", "milliseconds"),
    ("us", "microseconds"),
    ("ns", "nanoseconds"),
    ("ps", "picoseconds"),
    ("fs", "femtoseconds"),
    ("as", "attoseconds"),
    ("", "NaT"),
];

const YEARS: u8 = 0;
const MONTHS: u8 = 1;

/// Microseconds in a unit from week on; nanoseconds are less than one.
const MICROSECONDS: [i64; 10] =
    [604_800_000_000, 0, 86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1_000, 1, 0, 0];
const WEEKS: u8 = 2;
const NANOSECONDS: u8 = 10;

/// The first and the last microsecond that orjson writes: the year 0, and the hour before the last day of 9999 but one
/// ends.
const FIRST: i64 = -62_167_219_200_000_000;
const LAST: i64 = 253_402_207_200_000_000;

/// Days from the first day of the year 0 to that of 1970.
const EPOCH: i64 = 719_528;

/// Why a date cannot be written, in orjson's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadDate {
    /// The unit is too small, or there is none.
    Unit(Unit),
    /// It is not within the years 0 to 9999.
    Value(i64, Unit),
}

impl fmt::Display for BadDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit(unit) => write!(f, "unsupported numpy.datetime64 unit: {unit}"),
            Self::Value(v, unit) => write!(f, "unrepresentable numpy.datetime64: {v} {unit}"),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps != 1 {
            write!(f, "{} ", self.steps)?;
        }
        f.write_str(UNITS.get(usize::from(self.code)).map_or("NaT", |(_, name)| name))
    }
}

impl Unit {
    /// No unit at all: that of a bare `NaT`.
    pub const GENERIC: Self = Self { code: 14, steps: 1 };

    /// From the text of a dtype, such as `<M8[ns]` or `<M8[25us]`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let inner = text.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']')).unwrap_or_default();
        let letters = inner.trim_start_matches(|c: char| c.is_ascii_digit());
        let steps = inner[..inner.len() - letters.len()].parse().unwrap_or(1);
        match UNITS.iter().position(|(u, _)| !u.is_empty() && *u == letters) {
            Some(code) => Self { code: code as u8, steps },
            None => Self::GENERIC,
        }
    }
}

/// The date that is `v` steps of `unit` after 1970.
///
/// # Errors
///
/// [`BadDate`].
#[inline(always)]
pub fn stamp(v: i64, unit: Unit, zone: Zone, microseconds: bool) -> Result<Stamp, BadDate> {
    if unit.code > NANOSECONDS || unit.code == 3 {
        return Err(BadDate::Unit(unit));
    }
    let bad = BadDate::Value(v, unit);
    let steps = v.checked_mul(i64::from(unit.steps)).ok_or(bad)?;
    if unit.code <= MONTHS {
        let months = if unit.code == YEARS { steps.checked_mul(12) } else { Some(steps) };
        let months = months.and_then(|m| m.checked_add(1970 * 12)).filter(|m| (0..120_000).contains(m));
        let months = months.ok_or(bad)?;
        let day = Day { year: (months / 12) as u16, month: (months % 12) as u8 + 1, day: 1 };
        let midnight = Clock { hour: 0, minute: 0, second: 0, microsecond: 0 };
        return Ok(Stamp::DateTime(day, midnight, zone));
    }
    let since = if unit.code == NANOSECONDS {
        Some(steps.div_euclid(1000))
    } else {
        steps.checked_mul(MICROSECONDS[usize::from(unit.code - WEEKS)])
    };
    let since = since.filter(|s| (FIRST..=LAST).contains(s)).ok_or(bad)?;
    let (days, rest) = (since.div_euclid(86_400_000_000), since.rem_euclid(86_400_000_000));
    Ok(Stamp::DateTime(day(days), clock(rest, microseconds), zone))
}

/// The day so many days after 1970, of the years 0 to 9999.
///
/// After Neri, Schneider, "Euclidean affine functions and their application to calendar algorithms" (Software: Practice
/// and Experience 53, 2023): years begin in March, so that a leap day is a year's last, and each division by a constant of
/// what is not much larger is one by a power of two.
#[inline(always)]
const fn day(since: i64) -> Day {
    // 400 years are added so that all are positive.
    let days = (since + EPOCH - 60 + 146_097) as u32;
    let quarters = 4 * days + 3;
    let (century, of_century) = (quarters / 146_097, quarters % 146_097 / 4);
    let product = 2_939_745 * (4 * of_century + 3) as u64;
    let (year, of_year) = ((product >> 32) as u32, product as u32 / 2_939_745 / 4);
    let numerator = 2_141 * of_year + 197_913;
    let (month, day) = (numerator >> 16, (numerator & 0xffff) / 2_141);
    // January and February, which have the numbers 13 and 14, are of the next year.
    let next = of_year >= 306;
    Day {
        year: (100 * century + year + next as u32 - 400) as u16,
        month: (month - 12 * next as u32) as u8,
        day: day as u8 + 1,
    }
}

#[inline(always)]
fn clock(microseconds: i64, fraction: bool) -> Clock {
    let seconds = microseconds / 1_000_000;
    Clock {
        hour: (seconds / 3600) as u8,
        minute: (seconds / 60 % 60) as u8,
        second: (seconds % 60) as u8,
        microsecond: if fraction { (microseconds % 1_000_000) as u32 } else { 0 },
    }
}
