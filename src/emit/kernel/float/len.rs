//! How long doubles become, without writing them.
//!
//! The digits need not be known for that, but for how many they are: where an integer has the digits, as many as it has
//! but for the zeros at its end; elsewhere, all of them and the tenth. Plain code, which the levels compile differently.

use super::machine::{E8, Machine, Words};
use super::place;
use super::short;
use super::shortest::{self, E15, EXP_MIN, Near};

/// How many values are looked at together.
const CHUNK: usize = 16;

/// How many bytes [`super::run::all`] writes: the values, and a comma behind each.
#[inline(always)]
pub fn all(run: &[f64]) -> usize {
    let mut len = signs(run);
    // No closures: they would be functions of their own, without the level's instructions.
    for chunk in run.chunks(CHUNK) {
        if short::is_short::<3>(chunk[0]) && chunk.iter().fold(true, |all, &v| all & short::is_short::<3>(v))
        {
            for &v in chunk {
                len += short::len(v);
            }
            continue;
        }
        let any = chunk.iter().fold(false, |any, v| any | shortest::is_rare(v.to_bits()));
        for &v in chunk {
            len += if any && shortest::is_rare(v.to_bits()) { rare(v) } else { regular(v.to_bits()) };
        }
    }
    len
}

/// Of a double for which [`shortest::is_rare`] does not hold, without sign.
#[inline(always)]
fn regular(bits: u64) -> usize {
    let Near { whole, frac, half, exp } = Near::of(bits);
    let up = u64::from(frac.wrapping_add(half) < frac);
    let integer = up | u64::from(frac < half);
    let n = whole + up;
    let short = u32::from(n < E15);
    let exp = exp - short as i32;
    // Whether there is a tenth cannot be foreseen. If so, 1 stands for the integer: it ends in no zero.
    if (n & integer.wrapping_neg() | (1 - integer)).is_multiple_of(10) {
        return rounded(n, exp);
    }
    size(17 - short - integer as u32, exp)
}

/// An integer of up to sixteen digits with zeros at its end, or 0. Apart, so that the others have the registers.
#[inline(never)]
fn rounded(n: u64, exp: i32) -> usize {
    let n = if n < E15 { n * 10 } else { n };
    // SAFETY: any machine has words.
    size(unsafe { Words::sixteen([n % E8, n / E8]) }.1, exp)
}

#[cold]
#[inline(never)]
fn rare(v: f64) -> usize {
    if !v.is_finite() {
        return "null,".len() - signs(&[v]);
    }
    let d = shortest::rare(v.to_bits());
    // SAFETY: any machine has words.
    let used = if d.last != 0 { 17 } else { unsafe { Words::sixteen(d.parts) }.1 };
    size(used, d.exp as i32 + EXP_MIN)
}

#[inline(always)]
fn size(used: u32, exp: i32) -> usize {
    // SAFETY: the exponent is that of a double.
    unsafe { place::size(used, (exp - EXP_MIN) as u32) as usize }
}

/// How many have a sign.
#[inline(always)]
fn signs(run: &[f64]) -> usize {
    run.iter().fold(0, |n, v| n + (v.to_bits() >> 63) as usize)
}
