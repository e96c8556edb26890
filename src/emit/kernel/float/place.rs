//! Where the digits of a double go: `1.5`, `0.00015`, `1.5e-6`, `150.0`, `1.5e+16`.
//!
//! The form depends on the decimal exponent `e` of the first digit: without an exponent for `e` in
//! -5..=15, with one elsewhere. All forms are made by the same stores in the same order, with places
//! and lengths out of tables, because a branch on them would be mispredicted on mixed numbers.

use core::mem::MaybeUninit;
use core::ptr::copy_nonoverlapping;

/// Exponents of doubles, from subnormals to the greatest.
const EXP_MIN: i32 = -324;
const EXP_MAX: i32 = 308;

/// The exponents written without `e`.
const FIXED_MIN: i32 = -5;
const FIXED_MAX: i32 = 15;

/// Forms: with an exponent, the fixed ones, and `null`.
const FORMS: usize = 2 + (FIXED_MAX - FIXED_MIN + 1) as usize;
/// The index of the form with an exponent.
const SCIENTIFIC: usize = 0;
/// The index of `null`.
const NULL: usize = FORMS - 1;

/// What stands behind the digits, and the form in which they stand.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
struct Tail {
    /// `e-324,`, or `,` alone.
    text: [u8; 6],
    len: u8,
    form: u8,
}

/// The places of one form, counted from the first byte behind the sign.
#[derive(Clone, Copy)]
#[repr(C, align(4))]
struct Form {
    /// Where the first digit goes.
    first: u8,
    /// Where `.` goes.
    point: u8,
    /// Which digit goes behind `.`; 16 digits from there are written a second time.
    from: u8,
    /// Where that digit goes.
    to: u8,
}

static TAILS: [Tail; (EXP_MAX - EXP_MIN + 2) as usize] = tails();
static FORM: [Form; FORMS] = forms();
/// `LENGTHS[form][n]` is how long `n` digits become; 17 is the most, 32 saves a multiplication.
static LENGTHS: [[u8; 32]; FORMS] = lengths();

/// The exponent that stands for `null`; its tail is the last.
const NO_NUMBER: i32 = EXP_MAX + 1;

const fn tails() -> [Tail; (EXP_MAX - EXP_MIN + 2) as usize] {
    let mut out = [Tail { text: [b','; 6], len: 1, form: NULL as u8 }; (EXP_MAX - EXP_MIN + 2) as usize];
    let mut e = EXP_MIN;
    while e <= EXP_MAX {
        let tail = &mut out[(e - EXP_MIN) as usize];
        if FIXED_MIN <= e && e <= FIXED_MAX {
            tail.form = (1 + e - FIXED_MIN) as u8;
        } else {
            tail.form = SCIENTIFIC as u8;
            let (size, digits) = (e.unsigned_abs(), [100, 10, 1]);
            tail.text[0] = b'e';
            tail.text[1] = if e < 0 { b'-' } else { b'+' };
            let (mut n, mut i) = (2, 0);
            while i < 3 {
                if size >= digits[i] {
                    tail.text[n] = b'0' + (size / digits[i] % 10) as u8;
                    n += 1;
                }
                i += 1;
            }
            tail.len = n as u8 + 1;
        }
        e += 1;
    }
    out
}

const fn forms() -> [Form; FORMS] {
    let mut out = [Form { first: 0, point: 1, from: 1, to: 2 }; FORMS];
    let mut e = FIXED_MIN;
    while e <= FIXED_MAX {
        out[(1 + e - FIXED_MIN) as usize] = if e < 0 {
            // The digits behind `0.000`; a 17th one comes with the second store.
            let first = (1 - e) as u8;
            Form { first, point: 1, from: 1, to: first + 1 }
        } else {
            let n = e as u8 + 1;
            Form { first: 0, point: n, from: n, to: n + 1 }
        };
        e += 1;
    }
    // The point goes where the comma will overwrite it.
    out[NULL] = Form { first: 0, point: 4, from: 0, to: 0 };
    out
}

const fn lengths() -> [[u8; 32]; FORMS] {
    let mut out = [[0; 32]; FORMS];
    let mut n = 1;
    while n <= 17 {
        out[SCIENTIFIC][n] = if n == 1 { 1 } else { n as u8 + 1 };
        out[NULL][n] = 4;
        let mut e = FIXED_MIN;
        while e <= FIXED_MAX {
            out[(1 + e - FIXED_MIN) as usize][n] = if e < 0 {
                n as u8 + (1 - e) as u8
            } else if n as i32 > e + 1 {
                n as u8 + 1
            } else {
                (e + 3) as u8
            };
            e += 1;
        }
        n += 1;
    }
    out
}

/// A number whose digits are known and whose places are not.
#[derive(Clone, Copy)]
#[repr(C, align(16))]
pub struct Staged {
    /// 17 digits, of which the first may be a superfluous zero, and zeros behind them.
    digits: [u8; 32],
    /// The exponent of the first digit.
    exp: i32,
    /// Index of the first digit: 0 or 1.
    skip: u8,
    /// How many digits count, from there.
    len: u8,
    negative: bool,
}

impl Staged {
    /// From 16 digits (the first in the lowest byte), how many of them there are up to the last that
    /// is not `0`, the 17th, whether the first is superfluous, and the exponent of the first of all.
    #[inline(always)]
    pub fn new(text: u128, used: u32, last: u64, short: bool, exp: i32, negative: bool) -> Self {
        let mut digits = [b'0'; 32];
        digits[..16].copy_from_slice(&text.to_le_bytes());
        digits[16..24].copy_from_slice(&(super::digits::ZEROS as u64 + last).to_le_bytes());
        let used = core::hint::select_unpredictable(last != 0, 17, used as u8);
        // Zero has no digits; it is written as one.
        let len = used.max(1 + u8::from(short)) - u8::from(short);
        Self { digits, exp: exp - i32::from(short), skip: short.into(), len, negative }
    }

    /// `null`.
    pub const NULL: Self = {
        let mut digits = [b'l'; 32];
        digits[0] = b'n';
        digits[1] = b'u';
        Self { digits, exp: NO_NUMBER, skip: 0, len: 4, negative: false }
    };

    /// Writes the number and a comma; returns the place behind the number, where the comma is.
    ///
    /// # Safety
    ///
    /// `out` has FLOAT_MAX + SLACK writable bytes.
    #[inline(always)]
    pub unsafe fn put(&self, out: *mut u8) -> *mut u8 {
        debug_assert!(
            (EXP_MIN..=NO_NUMBER).contains(&self.exp) && self.skip <= 1 && (1..=17).contains(&self.len)
        );
        // SAFETY: `new` and `NULL` give an exponent in EXP_MIN..=NO_NUMBER and a length of 1 to 17,
        // the tables a form below FORMS. Reads: skip + from + 16 is at most 1 + 16 + 16, one more than
        // the digits, and `exp` lies behind them. Writes: to + 16 is at most 1 + 17 + 16, the tail ends
        // at 24 + 8.
        unsafe {
            let tail = TAILS.get_unchecked((self.exp - EXP_MIN) as usize);
            let form = *FORM.get_unchecked(usize::from(tail.form));
            let len = LENGTHS.get_unchecked(usize::from(tail.form))[usize::from(self.len & 31)];
            out.write(b'-');
            let out = out.add(self.negative.into());
            out.cast::<[u8; 8]>().write_unaligned(*b"0.000000");
            let digits = core::ptr::from_ref(self).cast::<u8>().add(self.skip.into());
            copy16(digits, out.add(form.first.into()));
            copy16(digits.add(form.from.into()), out.add(form.to.into()));
            out.add(form.point.into()).write(b'.');
            let end = out.add(len.into());
            end.cast::<Tail>().write_unaligned(*tail);
            end.add(usize::from(tail.len) - 1)
        }
    }
}

/// Copies 16 bytes, whatever they are.
#[inline(always)]
unsafe fn copy16(from: *const u8, to: *mut u8) {
    // SAFETY: the caller has 16 bytes at both places.
    unsafe { copy_nonoverlapping(from.cast::<[MaybeUninit<u8>; 16]>(), to.cast(), 1) };
}
