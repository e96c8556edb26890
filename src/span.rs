//! Lengths of time as ISO 8601 has them: `P1DT2H3M4.5S`.

use core::fmt::Write;

/// A length of time: days, seconds of a day, microseconds of a second, as `timedelta` has them. As pydantic writes it:
/// a sign before the P, 365 days as a year, no months or weeks, and `PT0S` for nothing.
#[must_use]
pub fn iso(days: i64, seconds: i64, microseconds: i64) -> String {
    let total =
        i128::from(days) * 86_400_000_000 + i128::from(seconds) * 1_000_000 + i128::from(microseconds);
    let magnitude = total.unsigned_abs();
    let (days, rest) = (magnitude / 86_400_000_000, magnitude % 86_400_000_000);
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
    let mut text = String::from(if total < 0 { "-P" } else { "P" });
    put(&mut text, days / 365, 'Y');
    put(&mut text, days % 365, 'D');
    if rest == 0 {
        if days == 0 {
            text.push_str("T0S");
        }
        return text;
    }
    text.push('T');
    put(&mut text, seconds / 3600, 'H');
    put(&mut text, seconds / 60 % 60, 'M');
    if fraction == 0 {
        put(&mut text, seconds % 60, 'S');
    } else {
        let digits = format!("{fraction:06}");
        let _ = write!(text, "{}.{}S", seconds % 60, digits.trim_end_matches('0'));
    }
    text
}

fn put(text: &mut String, n: u128, letter: char) {
    if n != 0 {
        let _ = write!(text, "{n}{letter}");
    }
}
