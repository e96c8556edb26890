//! Floats of single precision, told as doubles with the same digits.
//!
//! A single has shortest digits of its own: 0.1 as a single is 0.1, and not 0.10000000149. They are nine at the most,
//! and a double tells 15 digits apart, so the double nearest to those digits has the same ones. It can be told to
//! kernels for doubles.
//!
//! The digits are found as Schubfach finds them, in double arithmetic. In units in which neighbouring singles are 0.1
//! to 1 apart, a single is below 2^24 * 10, and its product with a power of ten is off by less than 2^-28. What is
//! nearer than [`NEAR`] to a decision is left to another way, and so are powers of two, whose neighbours are not
//! equally far.

/// The least magnitude whose form is the same for singles and doubles, without an exponent; and the first from which
/// on neighbours are 1 apart or more.
const LEAST: f64 = 1e-5;
const TOO_GREAT: f64 = 8_388_608.0;

/// More than the error of a scaled value, also of its tenfold.
const NEAR: f64 = 1.0 / (1 << 20) as f64;

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
    let mut e = 1;
    while e < 150 {
        rows[e] = row(150 - e);
        e += 1;
    }
    rows
};

/// For neighbours that are 1 / 2^q apart. Exact where the power of ten is, as it is from [`LEAST`] on.
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
    Row { power, half: distance * power / 2.0 }
}

/// The double that has the shortest digits of `v`; `None` if it must be written in another way.
#[inline]
#[must_use]
pub fn as_double(v: f32) -> Option<f64> {
    let x = f64::from(v).abs();
    if !(LEAST..TOO_GREAT).contains(&x) {
        return (v == 0.0 || !v.is_finite()).then_some(f64::from(v));
    }
    let bits = v.to_bits();
    if bits << 9 == 0 {
        return power_of_two(x).map(|x| x.copysign(f64::from(v)));
    }
    let Row { power, half } = ROWS[(bits >> 23 & 0xff) as usize];
    let scaled = x * power;
    let whole = (scaled + ROUNDS) - ROUNDS;
    let tenths = (scaled * 10.0 + ROUNDS) - ROUNDS;
    let away = (scaled - whole).abs();
    let is_whole = away < half;
    let unclear = (away - half).abs() < NEAR;
    let tie = (scaled * 10.0 - tenths).abs() > 0.5 - NEAR;
    if unclear | (tie & !is_whole) {
        return None;
    }
    let digits = core::hint::select_unpredictable(is_whole, whole * 10.0, tenths);
    Some((digits / (power * 10.0)).copysign(f64::from(v)))
}

/// A power of two that is a decimal of at most six digits, or an integer, near which no other decimal is shorter.
fn power_of_two(x: f64) -> Option<f64> {
    let thousands = x * 1000.0;
    let is_short = thousands < 1e6 && thousands.fract() == 0.0;
    (is_short || x.fract() == 0.0).then_some(x)
}
