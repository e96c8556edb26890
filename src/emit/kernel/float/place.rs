//! Where the digits of a double go: `1.5`, `0.00015`, `1.5e-6`, `150.0`, `1.5e+16`.
//!
//! The form depends on the decimal exponent `e` of the first digit: without an exponent for `e` in
//! -5..=15, with one elsewhere. All forms are made by the same stores in the same order, with places
//! and lengths out of tables, because a branch on them would be mispredicted on mixed numbers.

use super::machine::Machine;
use super::shortest::{EXP_MIN, NONE, ZERO};

/// The exponent of the greatest double.
const EXP_MAX: i32 = 308;

/// The exponents written without `e`.
pub const FIXED_MIN: i32 = -5;
pub const FIXED_MAX: i32 = 15;

/// Forms: with an exponent, the fixed ones, and `null`.
const FORMS: usize = 2 + (FIXED_MAX - FIXED_MIN + 1) as usize;
/// The index of the form with an exponent.
const SCIENTIFIC: usize = 0;
/// The index of `null`.
const NULL: usize = FORMS - 1;

/// What stands behind the digits, `e-324,` or `,` alone, or instead of them, `null,`, in the six lowest bytes; how long that is in the
/// next one; and the form in which the digits stand in the highest. One word, so that it is one load.
type Tail = u64;

/// The places of one form, counted from the first byte behind the sign, one a byte, lowest first:
///
/// - where the digits go, with a gap for the point;
/// - where they go without the gap; what the other store covers is overwritten by it;
/// - where `.` goes;
/// - before which digit the gap is, 16 if it is before none.
type Form = u32;

static TAILS: [Tail; NONE as usize + 1] = tails();
static FORM: [Form; FORMS] = forms();
/// `LENGTHS[form][n]` is how long `n` digits become; 17 is the most, 32 saves a multiplication.
static LENGTHS: [[u8; 32]; FORMS] = lengths();

const fn tails() -> [Tail; NONE as usize + 1] {
    let mut out = [0; NONE as usize + 1];
    let mut e = EXP_MIN;
    while e <= EXP_MAX {
        out[(e - EXP_MIN) as usize] = if FIXED_MIN <= e && e <= FIXED_MAX {
            tail([b',', 0, 0, 0, 0, 0], 1, (1 + e - FIXED_MIN) as u8)
        } else {
            scientific(e)
        };
        e += 1;
    }
    out[ZERO as usize] = tail([b',', 0, 0, 0, 0, 0], 1, (1 - FIXED_MIN) as u8);
    out[NONE as usize] = tail(*b"null,\0", 5, NULL as u8);
    out
}

const fn tail(text: [u8; 6], len: u8, form: u8) -> Tail {
    let [a, b, c, d, e, f] = text;
    u64::from_le_bytes([a, b, c, d, e, f, len, form])
}

/// `e-324,`, `e+16,`.
const fn scientific(e: i32) -> Tail {
    let mut text = [b'e', if e < 0 { b'-' } else { b'+' }, 0, 0, 0, 0];
    let (size, mut unit, mut n) = (e.unsigned_abs(), 100, 2);
    while unit > 0 {
        if size >= unit {
            text[n] = b'0' + (size / unit % 10) as u8;
            n += 1;
        }
        unit /= 10;
    }
    text[n] = b',';
    tail(text, n as u8 + 1, SCIENTIFIC as u8)
}

const fn forms() -> [Form; FORMS] {
    let mut out = [Form::from_le_bytes([0, 1, 1, 1]); FORMS];
    let mut e = FIXED_MIN;
    while e <= FIXED_MAX {
        out[(1 + e - FIXED_MIN) as usize] = if e < 0 {
            // Behind `0.000`, without a gap.
            let first = (1 - e) as u8;
            Form::from_le_bytes([first, first, 1, 16])
        } else {
            let n = e as u8 + 1;
            Form::from_le_bytes([0, 1, n, n])
        };
        e += 1;
    }
    out
}

/// `GAP[n]` shuffles 16 bytes so that there is a gap at `n`.
#[cfg(target_arch = "x86_64")]
pub static GAP: [[u8; 16]; 17] = {
    let mut out = [[0x80; 16]; 17];
    let mut i = 0;
    while i < 17 * 16 {
        let (at, byte) = (i / 16, i % 16);
        if byte != at {
            out[at][byte] = if byte < at { byte } else { byte - 1 } as u8;
        }
        i += 1;
    }
    out
};

/// `KEEP[n]` has the `n` lowest bytes set.
pub static KEEP: [u128; 17] = {
    let mut out = [u128::MAX; 17];
    let mut n = 0;
    while n < 16 {
        out[n] = (1 << (8 * n)) - 1;
        n += 1;
    }
    out
};

const fn lengths() -> [[u8; 32]; FORMS] {
    let mut out = [[0; 32]; FORMS];
    let mut n = 0;
    while n <= 17 {
        // It is a tail, which is put over all digits.
        out[NULL][n] = 0;
        out[SCIENTIFIC][n] = if n <= 1 { 1 } else { n as u8 + 1 };
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

/// `SIZES[exp][n]` is how long a number of `n` digits and its comma are, without sign: what [`Places::size`] says.
static SIZES: [[u8; 32]; NONE as usize + 1] = {
    let mut out = [[0; 32]; NONE as usize + 1];
    let (tails, lengths, mut exp) = (tails(), lengths(), 0);
    while exp <= NONE as usize {
        let [.., len, form] = tails[exp].to_le_bytes();
        let mut n = 0;
        while n <= 17 {
            out[exp][n] = lengths[form as usize][n] + len;
            n += 1;
        }
        exp += 1;
    }
    out
};

/// How long a number and its comma are, without sign; see [`Places::new`].
///
/// # Safety
///
/// As [`Places::new`].
#[inline(always)]
pub unsafe fn size(used: u32, exp: u32) -> u32 {
    debug_assert!(exp <= NONE && used <= 17);
    // SAFETY: decimals have exponents up to ZERO.
    unsafe { SIZES.get_unchecked(exp as usize)[used as usize & 31].into() }
}

/// Where everything goes.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    form: Form,
    tail: Tail,
    /// How long the number is, without sign and exponent.
    len: u32,
}

impl Places {
    /// For a number with this exponent, of whose seventeen digits `used` count up to the last that is not
    /// `0`.
    ///
    /// # Safety
    ///
    /// `exp` comes from a decimal or is NONE, which stands for `null`.
    #[inline(always)]
    pub unsafe fn new(used: u32, exp: u32) -> Self {
        debug_assert!(exp <= NONE && used <= 17);
        // SAFETY: decimals have exponents up to ZERO; the tables have forms below FORMS.
        unsafe {
            let tail = *TAILS.get_unchecked(exp as usize);
            let form = (tail >> 56) as usize;
            let len = LENGTHS.get_unchecked(form)[used as usize & 31];
            Self { form: *FORM.get_unchecked(form), tail, len: len.into() }
        }
    }

    /// How long the number and its comma are, without sign.
    #[inline(always)]
    pub fn size(self) -> u32 {
        self.len + (self.tail >> 48 & 0xFF) as u32
    }

    /// Writes a number and a comma, from sixteen digits and the seventeenth.
    ///
    /// # Safety
    ///
    /// The machine has M's level, and `out` (behind the sign) FLOAT_MAX + SLACK writable bytes.
    #[inline(always)]
    pub unsafe fn put<M: Machine>(self, out: *mut u8, text: M::Text, last: u8) {
        let [first, whole, point, gap] = self.form.to_le_bytes();
        debug_assert!(self.len <= 23 && first <= 6 && whole <= 6 && point <= 16 && gap <= 16 && last <= 9);
        // SAFETY: these come from the tables: no store ends behind 24 + 8.
        unsafe {
            let gapped = M::gap(text, gap.into());
            out.cast::<[u8; 8]>().write_unaligned(*b"0.000000");
            let whole = out.add(whole.into());
            M::store(text, whole);
            whole.add(16).write(b'0' + last);
            M::store(gapped, out.add(first.into()));
            out.add(point.into()).write(b'.');
            out.add(self.len as usize).cast::<[u8; 8]>().write_unaligned(self.tail.to_le_bytes());
        }
    }
}
