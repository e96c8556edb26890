//! Floats of single precision, told as doubles with the same digits.
//!
//! A single has shortest digits of its own: 0.1 as a single is 0.1, and not 0.10000000149. They are nine at the most,
//! and a double tells 15 digits apart, so the double nearest to those digits has the same ones. It can be told to
//! kernels for doubles.
//!
//! The digits are found as Schubfach finds them, in double arithmetic, which is exact here. In units in which
//! neighbouring singles are 0.1 to 1 apart a single is `c * 2^q * 10^m`, where `c < 2^24` and `m <= 11`, and its tenfold
//! has at most 24 + 28 bits, those of `c * 5^12`. So ties are seen as such, and rounded to even. No end of the interval
//! that reads back as a single is an integer: it is an odd multiple of `2^(q + m - 1)`, and `q + m < 0`.

use crate::emit::kernel::Job;

/// The least magnitude that is looked at, and the first from which on neighbours are 1 apart or more. In between all are
/// written without an exponent, and doubles are too.
const LEAST: f64 = 1.0 / 65_536.0;
const TOO_GREAT: f64 = 8_388_608.0;

/// Added and taken off, it rounds what is below 2^51 to an integer, half to even.
const ROUNDS: f64 = 6_755_399_441_055_744.0;

/// What the exponent of a single decides.
#[derive(Clone, Copy)]
struct Row {
    /// The power of ten that brings a value to the unit.
    power: f64,
    /// Half the distance of neighbours, in the unit.
    half: f64,
}

/// By the biased exponent.
static ROWS: [Row; 256] = {
    let mut rows = [Row { power: 1.0, half: 0.0 }; 256];
    let mut e = 111;
    while e < 150 {
        rows[e] = row(150 - e);
        e += 1;
    }
    rows
};

/// For neighbours that are 1 / 2^q apart.
const fn row(q: usize) -> Row {
    let mut distance = 1.0;
    let mut i = 0;
    while i < q {
        distance /= 2.0;
        i += 1;
    }
    let mut power = 1.0;
    while distance * power * 10.0 < 1.0 {
        power *= 10.0;
    }
    assert!(power <= 1e11);
    Row { power, half: distance * power / 2.0 }
}

/// The double that has the shortest digits of `v`; `None` if it must be written in another way.
#[inline]
#[must_use]
pub fn as_double(v: f32) -> Option<f64> {
    let (double, is_right) = try_double(v);
    is_right.then_some(double)
}

/// The same, and whether it is; without branches, so that vectors can do it.
#[inline(always)]
fn try_double(v: f32) -> (f64, bool) {
    let signed = f64::from(v);
    let x = signed.abs();
    let Row { power, half } = ROWS[(v.to_bits() >> 23 & 0xff) as usize];
    let scaled = x * power;
    let whole = (scaled + ROUNDS) - ROUNDS;
    let tenths = (scaled * 10.0 + ROUNDS) - ROUNDS;
    // Below a power of two the next single is half as far; the tenth nearest to it may be too low.
    let is_power = v.to_bits() << 9 == 0;
    let is_whole = (scaled - whole).abs() < if is_power { half / 2.0 } else { half };
    let digits = if is_whole { whole * 10.0 } else { tenths };
    // What is no number stays that, and zero too.
    let is_same = (x == 0.0) | !x.is_finite();
    let is_right = is_same | ((LEAST..TOO_GREAT).contains(&x) & (is_whole | !is_power));
    ((digits / (power * 10.0)).copysign(signed), is_right)
}

/// To do for each of a run what [`as_double`] does; whether it can be done for all.
#[derive(Debug)]
pub struct Doubles<'a> {
    /// The run.
    pub run: &'a [f32],
    /// The doubles, as many.
    pub to: &'a mut [f64],
}

impl Job for Doubles<'_> {
    type Result = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let mut all = true;
        for (to, &v) in self.to.iter_mut().zip(self.run) {
            let (double, is_right) = try_double(v);
            *to = double;
            all &= is_right;
        }
        all
    }
}
