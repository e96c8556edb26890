//! One integer among other things: code without a target feature, so that it can be inlined everywhere.
//!
//! Among other things neighbours differ, but the same field tends to hold numbers of the same size:
//! branches on the size are foreseen more often than not, branches on the digit count less.
//!
//! Digits are counted by the bits of the number and not taken from its text, which is ready some 60 cycles later:
//! until it knows the count, the machine has no address for anything that comes next.

use super::class::TABLE;
use super::table::{LAST, POW10, SMALL, TOP, small_len, top_len};
use super::words::{E8, Words, sign, store};

/// See [`super::super::Level::int`].
///
/// # Safety
///
/// As [`super::super::Level::int`].
#[inline]
pub unsafe fn int<W: Words>(out: *mut u8, v: i64) -> *mut u8 {
    // SAFETY: the caller gives 21 bytes and the slack: a sign, at most 19 digits, and the comma, which the tables have.
    unsafe {
        if (-TABLE..TABLE).contains(&v) {
            return small(out, v).add(1);
        }
        if is_six(v.cast_unsigned()) {
            return six(out, v.cast_unsigned()).add(1);
        }
        let end = large::<W>(sign(out, v), v.unsigned_abs());
        end.write(b',');
        end.add(1)
    }
}

/// See [`super::super::Level::uint`].
///
/// # Safety
///
/// As [`super::super::Level::uint`].
#[inline]
pub unsafe fn uint<W: Words>(out: *mut u8, v: u64) -> *mut u8 {
    if v < TABLE.unsigned_abs() {
        // SAFETY: `v` is in the table; the caller gives 20 bytes and the slack.
        return unsafe { small(out, v.cast_signed()) };
    }
    if is_six(v) {
        // SAFETY: so it is; the caller gives 20 bytes and the slack.
        return unsafe { six(out, v) };
    }
    // SAFETY: the caller gives 20 bytes and the slack.
    unsafe { large::<W>(out, v) }
}

/// Writes `v` from the table, and a comma; the place of the comma.
///
/// # Safety
///
/// `v` lies in `-TABLE..TABLE` and eight bytes at `out` are writable.
#[inline(always)]
unsafe fn small(out: *mut u8, v: i64) -> *mut u8 {
    debug_assert!((-TABLE..TABLE).contains(&v));
    // SAFETY: the caller bounds `v` and gives eight bytes.
    unsafe {
        let entry = *SMALL.get_unchecked((v + TABLE) as usize);
        out.cast::<u64>().write_unaligned(entry.to_le());
        out.add(small_len(entry) - 1)
    }
}

/// Whether [`six`] may write it: most numbers that are not small are positive and no longer.
#[inline(always)]
fn is_six(v: u64) -> bool {
    (TABLE.unsigned_abs()..SIX).contains(&v)
}

/// The first number of more than six digits.
const SIX: u64 = 1_000_000;

/// Writes `v` of four to six digits by two tables, and a comma; the place of the comma.
///
/// # Safety
///
/// [`is_six`] says so, and eight bytes are writable at `out`.
#[inline(always)]
unsafe fn six(out: *mut u8, v: u64) -> *mut u8 {
    const { assert!(TABLE >= 1000) }
    debug_assert!(is_six(v));
    // SAFETY: both parts are below 1000; the first, which is not 0, has one to three digits, and what is stored behind
    // them is written over.
    unsafe {
        let first = *TOP.get_unchecked((v / 1000) as usize);
        out.cast::<u32>().write_unaligned(first.to_le());
        let last = out.add(top_len(first));
        last.cast::<[u8; 4]>().write_unaligned(*LAST[1].get_unchecked((v % 1000) as usize));
        last.add(3)
    }
}

/// See [`super::super::Level::int_among_ints`].
///
/// # Safety
///
/// As [`super::super::Level::int_among_ints`].
#[inline]
pub unsafe fn among_ints<W: Words>(out: *mut u8, v: i64) -> *mut u8 {
    // SAFETY: the caller gives 21 bytes and the slack.
    unsafe {
        if v.cast_unsigned() < SIX {
            return up_to_six(out, v.cast_unsigned()).add(1);
        }
        int::<W>(out, v)
    }
}

/// As [`six`], for any `v` below [`SIX`]: without a branch on whether it has more than three digits. The numbers of one list,
/// unlike those of one field, often have three and four by turns.
///
/// # Safety
///
/// So it is, and eight bytes are writable at `out`.
#[inline(always)]
unsafe fn up_to_six(out: *mut u8, v: u64) -> *mut u8 {
    debug_assert!(v < SIX);
    let (first, last) = (v / 1000, v % 1000);
    // SAFETY: both parts are below 1000; the first has at most three digits, and what is stored behind them is written over.
    unsafe {
        let top = *TOP.get_unchecked(first as usize);
        out.cast::<u32>().write_unaligned(top.to_le());
        let out = out.add(top_len(top));
        let text = *LAST[usize::from(first > 0)].get_unchecked(last as usize);
        out.cast::<[u8; 4]>().write_unaligned(text);
        out.add(1 + usize::from(v >= 10) + usize::from(v >= 100))
    }
}

/// Writes `v`.
///
/// # Safety
///
/// 20 bytes and the slack are writable at `out`.
#[inline(always)]
unsafe fn large<W: Words>(out: *mut u8, v: u64) -> *mut u8 {
    let n = count(v);
    if v < E8 {
        // SAFETY: `v` is below 10^8; the caller gives 20 bytes and the slack.
        return unsafe { store(out, W::one(v), skip(n)) };
    }
    let (high, last) = (v / E8, v % E8);
    if high < TABLE.unsigned_abs() {
        // Most such numbers are ids and times, of nine or ten digits.
        // SAFETY: `high` is in the table; the last eight of the `n` digits are those of `last`, and what is stored before
        // them is behind the digits of `high`.
        unsafe {
            small(out, high.cast_signed());
            return store(out.add(n - 8), W::one(last), 0);
        }
    }
    // SAFETY: `v` is not below 10^8 and has `n` digits; the caller gives 20 bytes and the slack.
    unsafe { wide::<W>(out, v, n) }
}

/// Decimal digits of `v`: 1 to 20.
#[inline(always)]
fn count(v: u64) -> usize {
    // A zero has one digit. No power of ten lies between an even number and the odd one above it.
    let v = v | 1;
    // floor(bits * log10(2)): 1233 / 2^12 is above log10(2) by less than 4e-6, and 64 bits have 19.27 digits.
    let below = ((64 - v.leading_zeros()) as usize * 1233) >> 12;
    below + usize::from(v >= POW10[below])
}

/// Bits that leading zeros occupy among eight digits of which `n` count.
#[inline(always)]
const fn skip(n: usize) -> u32 {
    debug_assert!(n <= 8);
    (8 * (8 - n)) as u32
}

/// Writes the `n` digits of `v`.
///
/// # Safety
///
/// `v` is at least 10^8, and 20 bytes and the slack are writable at `out`.
#[inline(never)]
unsafe fn wide<W: Words>(out: *mut u8, v: u64, n: usize) -> *mut u8 {
    debug_assert!(v >= E8 && n == count(v));
    let (high, last) = (v / E8, v % E8);
    // SAFETY: `high` is below 10^8, or is split once more, and 2^64 / 10^16 is below 10^8. At most 4 + 8 + 8 digits are kept, and no store reaches more than eight bytes behind them.
    unsafe {
        let end = if high < E8 {
            let (high, last) = W::two(high, last);
            store(store(out, high, skip(n - 8)), last, 0)
        } else {
            let (middle, last) = W::two(high % E8, last);
            store(store(store(out, W::one(high / E8), skip(n - 16)), middle, 0), last, 0)
        };
        debug_assert_eq!(end, out.add(n));
        out.add(n)
    }
}
