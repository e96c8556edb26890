//! Where the characters of a double stand before those that it does not have are dropped.
//!
//! Each double has 32 slots: `[`, `-`, 23 for digits with zeros and a point before, among or behind them, five for an
//! exponent, `]`, `,`. What stands where is decided by the exponent of the first digit, and kept in a table; which slots
//! are used is a mask of 32 bits.

use super::super::place::{FIXED_MAX, FIXED_MIN};
use super::super::shortest::{EXP_MIN, NONE};

/// How many slots.
pub const SLOTS: usize = 32;
/// The slot of the first digit, unless zeros stand before it; then the last of these.
pub const FIRST: u32 = 7;
/// The slot of the seventeenth digit.
pub const LAST: usize = 24;
/// The first slot of the exponent.
pub const EXPONENT: u32 = 25;
/// Bits of the slots that do not move.
pub const OPEN: i64 = 1;
pub const MINUS: i64 = 1 << 1;
pub const CLOSE: i64 = 1 << 30;
pub const COMMA: i64 = 1 << 31;

/// What is put where.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Row {
    /// Which of 16 digits, the last one first, belongs into each slot; 0x80 if none does.
    pub digit: [u8; SLOTS],
    /// What else is there; `0` where a digit is put.
    pub text: [u8; SLOTS],
}

/// By the exponent of the first digit, counted as that of a decimal.
pub static ROWS: [Row; NONE as usize + 1] = {
    let mut rows = [row(0); NONE as usize + 1];
    let mut exp = 0;
    while exp < NONE as usize {
        rows[exp] = row(exp as i32 + EXP_MIN);
        exp += 1;
    }
    let null = &mut rows[NONE as usize];
    null.digit = [0x80; SLOTS];
    [null.text[7], null.text[8], null.text[9], null.text[10]] = *b"null";
    rows
};

const fn row(e: i32) -> Row {
    let mut row = Row { digit: [0x80; SLOTS], text: [b'0'; SLOTS] };
    row.text[0] = b'[';
    row.text[1] = b'-';
    row.text[30] = b']';
    row.text[31] = b',';
    // The slot of the point: behind the first zero, behind the digits before it, or behind the first digit.
    let point = if e < FIXED_MIN || FIXED_MAX < e {
        exponent(&mut row.text, e);
        FIRST as i32 + 1
    } else {
        FIRST as i32 + e + 1
    };
    row.text[point as usize] = b'.';
    // All digits are behind the slots of zeros, or they are around the point.
    let (mut slot, mut digit) = (if point <= FIRST as i32 { FIRST + 1 } else { FIRST }, 16);
    while digit > 0 {
        if slot as i32 != point {
            digit -= 1;
            row.digit[slot as usize] = digit;
        }
        slot += 1;
    }
    row
}

/// `e-324`, `e+16`.
const fn exponent(text: &mut [u8; SLOTS], e: i32) {
    let at = EXPONENT as usize;
    [text[at], text[at + 1]] = [b'e', if e < 0 { b'-' } else { b'+' }];
    let (size, mut unit, mut n) = (e.unsigned_abs(), 100, at + 2);
    while unit > 0 {
        if size >= unit {
            text[n] = b'0' + (size / unit % 10) as u8;
            n += 1;
        }
        unit /= 10;
    }
}
