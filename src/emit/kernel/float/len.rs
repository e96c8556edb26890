//! How long doubles become, without writing them: their digits are counted and not placed.

use super::machine::{Machine, Words};
use super::place;
use super::short;
use super::shortest::{self, Decimal};
use core::hint::select_unpredictable;

/// How many values go through each step at once.
const CHUNK: usize = 16;

/// How many bytes [`super::run::all`] writes: the values, and a comma behind each.
///
/// # Safety
///
/// The machine has M's level.
#[inline(always)]
pub unsafe fn all<M: Machine>(run: &[f64]) -> usize {
    let (chunks, rest) = run.as_chunks::<CHUNK>();
    // No closures: they would be functions of their own, without the level's instructions.
    let mut len = 0;
    for chunk in chunks {
        // SAFETY: the caller has M's level.
        len += unsafe {
            if short::is_short::<3>(chunk[0])
                && chunk.iter().fold(true, |all, &v| all & short::is_short::<3>(v))
            {
                shorts(chunk)
            } else if chunk.iter().fold(false, |any, v| any | shortest::is_rare(v.to_bits())) {
                each::<M>(chunk)
            } else {
                regulars::<M>(chunk)
            }
        };
    }
    // SAFETY: the caller has M's level.
    len + unsafe { each::<M>(rest) }
}

/// Of short decimals.
#[inline(always)]
fn shorts(chunk: &[f64; CHUNK]) -> usize {
    let mut len = 0;
    for &v in chunk {
        len += short::len(v) + sign(v);
    }
    len
}

/// Of any doubles, one by one.
#[inline(always)]
unsafe fn each<M: Machine>(run: &[f64]) -> usize {
    let mut len = 0;
    for &v in run {
        len += if shortest::is_rare(v.to_bits()) {
            rare(v)
        } else {
            let d = shortest::regular(v.to_bits());
            // SAFETY: the caller has M's level.
            size(d.last, unsafe { M::sixteen(d.parts) }.1, d.exp) + sign(v)
        };
    }
    len
}

/// Of doubles for none of which [`shortest::is_rare`] holds: each step for all of them before the next.
#[inline(always)]
unsafe fn regulars<M: Machine>(chunk: &[f64; CHUNK]) -> usize {
    let (mut parts, mut lasts, mut exps) = ([[0; 2]; CHUNK], [0; CHUNK], [0; CHUNK]);
    for (i, v) in chunk.iter().enumerate() {
        let d = shortest::regular(v.to_bits());
        (parts[i], lasts[i], exps[i]) = (d.parts, d.last, d.exp);
    }
    let mut len = 0;
    for i in (0..CHUNK).step_by(2) {
        // SAFETY: the caller has M's level.
        let [(_, first), (_, second)] = unsafe { M::twice_sixteen(&[parts[i], parts[i + 1]]) };
        len += size(lasts[i], first, exps[i]) + sign(chunk[i]);
        len += size(lasts[i + 1], second, exps[i + 1]) + sign(chunk[i + 1]);
    }
    len
}

/// Of a double for which [`shortest::is_rare`] holds.
#[cold]
#[inline(never)]
fn rare(v: f64) -> usize {
    let Decimal { parts, last, exp } = shortest::rare(v.to_bits());
    // SAFETY: any machine has words.
    size(last, unsafe { Words::sixteen(parts) }.1, exp) + sign(v)
}

/// Of a decimal, `used` of whose first sixteen digits count, without sign.
#[inline(always)]
fn size(last: u8, used: u32, exp: u32) -> usize {
    // SAFETY: the exponent is a decimal's.
    unsafe { place::size(select_unpredictable(last != 0, 17, used), exp) as usize }
}

#[inline(always)]
fn sign(v: f64) -> usize {
    shortest::is_negative(v.to_bits()).into()
}
