//! From doubles to bytes, one or many.

use super::machine::{Machine, Words};
use super::shortest::{self, Decimal, NO_NUMBER, Scale};
use super::{place, short};
use core::mem::MaybeUninit;

/// How many values are between their digits and their places at once.
const CHUNK: usize = 16;
/// After how many values short decimals are tried again, at most.
const PATIENCE: usize = 256;

/// `null` in the place of sixteen digits.
const NULL: [u8; 16] = *b"null,,,,,,,,,,,,";

/// Writes any finite double for which [`shortest::is_rare`] holds, and what is no number. Apart, and the
/// same for all levels, so that the ways of the others need no registers for it.
#[cold]
#[inline(never)]
unsafe fn put_rare(out: *mut u8, bits: u64) -> *mut u8 {
    let d = rare(bits);
    // SAFETY: the caller's promise; any machine has words.
    unsafe {
        if d.scale.exp == NO_NUMBER {
            return place::put::<Words>(out, Words::text(NULL), 4, d.scale);
        }
        let (text, used) = Words::sixteen(d.parts);
        place::put::<Words>(out, text, used, d.scale)
    }
}

/// The digits of a rare double, if it has any.
#[cold]
#[inline(never)]
fn rare(bits: u64) -> Decimal {
    if f64::from_bits(bits).is_finite() {
        return shortest::rare(bits);
    }
    Decimal { parts: [0; 2], scale: Scale { exp: NO_NUMBER, last: b'0', negative: false } }
}

/// Writes `v`.
///
/// # Safety
///
/// The machine has M's level, and `out` FLOAT_MAX + SLACK writable bytes.
#[inline(always)]
pub unsafe fn one<M: Machine>(out: *mut u8, v: f64) -> *mut u8 {
    let bits = v.to_bits();
    // SAFETY: the caller's promise.
    unsafe {
        if shortest::is_rare(bits) {
            return put_rare(out, bits);
        }
        let d = shortest::regular(bits);
        let (text, used) = M::sixteen(d.parts);
        place::put::<M>(out, text, used, d.scale)
    }
}

/// Writes each value and a comma.
///
/// # Safety
///
/// The machine has M's level, and `out` `run.len() * (FLOAT_MAX + 1) + SLACK` writable bytes.
#[inline(always)]
pub unsafe fn all<M: Machine>(mut out: *mut u8, mut run: &[f64]) -> *mut u8 {
    let mut wait = CHUNK;
    while !run.is_empty() {
        if let Some((four, rest)) = run.split_first_chunk::<4>() {
            if let Some(parts) = short::parts::<3>(four) {
                // SAFETY: the caller's promise for four values.
                out = unsafe { M::put_short::<3>(out, &parts) };
                (run, wait) = (rest, CHUNK);
                continue;
            }
        }
        let (any, rest) = run.split_at(wait.min(run.len()));
        // SAFETY: the caller's promise for these values.
        out = unsafe { general::<M>(out, any) };
        (run, wait) = (rest, (wait * 2).min(PATIENCE));
    }
    out
}

/// As [`all`], for any doubles: in chunks, each step for all values before the next step, so that the
/// machine overlaps the long chains of dependent instructions of several values.
#[inline(always)]
unsafe fn general<M: Machine>(mut out: *mut u8, run: &[f64]) -> *mut u8 {
    let mut parts = [[[0; 2]; 2]; CHUNK / 2];
    let mut scales = [Scale { exp: 0, last: b'0', negative: false }; CHUNK];
    for chunk in run.chunks(CHUNK) {
        let mut any_rare = false;
        for (i, v) in chunk.iter().enumerate() {
            let d = shortest::regular(v.to_bits());
            any_rare |= shortest::is_rare(v.to_bits());
            parts.as_flattened_mut()[i] = d.parts;
            scales[i] = d.scale;
        }
        if any_rare {
            for (i, v) in chunk.iter().enumerate().filter(|(_, v)| shortest::is_rare(v.to_bits())) {
                let d = rare(v.to_bits());
                parts.as_flattened_mut()[i] = d.parts;
                scales[i] = d.scale;
            }
        }
        // SAFETY: the caller's promise for as many values.
        out = unsafe { digits::<M>(out, &parts, &scales[..chunk.len()]) };
    }
    out
}

/// Writes the numbers that have these parts and scales.
#[inline(always)]
unsafe fn digits<M: Machine>(
    mut out: *mut u8,
    parts: &[[[u64; 2]; 2]; CHUNK / 2],
    scales: &[Scale],
) -> *mut u8 {
    let mut staged = [const { MaybeUninit::<[(M::Text, u32); 2]>::uninit() }; CHUNK / 2];
    for (slot, two) in staged.iter_mut().zip(parts).take(scales.len().div_ceil(2)) {
        // SAFETY: the caller has M's level.
        slot.write(unsafe { M::twice_sixteen(two) });
    }
    for (i, &scale) in scales.iter().enumerate() {
        // SAFETY: the slot was written above; the caller gives FLOAT_MAX + 1 bytes a value.
        unsafe {
            let (mut text, mut used) = staged.get_unchecked(i / 2).assume_init_ref()[i % 2];
            if scale.exp == NO_NUMBER {
                (text, used) = (M::text(NULL), 4);
            }
            out = place::put::<M>(out, text, used, scale).add(1);
        }
    }
    out
}
