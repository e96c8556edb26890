//! From doubles to bytes, one or many.

use super::machine::{Machine, Words};
use super::place::Staged;
use super::short;
use super::shortest;
use core::mem::MaybeUninit;

/// How many values are between their digits and their places at once.
const CHUNK: usize = 16;
/// After how many values short decimals are tried again, at most.
const PATIENCE: usize = 256;

/// Any double for which [`shortest::is_rare`] holds. Apart, and the same for all levels, so that the
/// ways of the others need no registers for it.
#[cold]
#[inline(never)]
fn stage_rare(bits: u64) -> Staged<Words> {
    // SAFETY: any machine has words.
    unsafe {
        if f64::from_bits(bits).is_finite() {
            Staged::new(shortest::rare(bits), bits)
        } else {
            Staged::null()
        }
    }
}

/// As [`one`], for the rare.
#[cold]
#[inline(never)]
unsafe fn one_rare(out: *mut u8, bits: u64) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe { stage_rare(bits).put(out) }
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
            return one_rare(out, bits);
        }
        Staged::<M>::new(shortest::regular(bits), bits).put(out)
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

/// As [`all`], for any doubles.
#[inline(always)]
unsafe fn general<M: Machine>(mut out: *mut u8, run: &[f64]) -> *mut u8 {
    let mut staged = [const { MaybeUninit::<Staged<M>>::uninit() }; CHUNK];
    for chunk in run.chunks(CHUNK) {
        let mut any_rare = false;
        for (slot, v) in staged.iter_mut().zip(chunk) {
            let bits = v.to_bits();
            any_rare |= shortest::is_rare(bits);
            // SAFETY: the caller has M's level.
            slot.write(unsafe { Staged::new(shortest::regular(bits), bits) });
        }
        if any_rare {
            for (slot, v) in staged.iter_mut().zip(chunk) {
                if shortest::is_rare(v.to_bits()) {
                    // SAFETY: as above.
                    slot.write(unsafe { stage_rare(v.to_bits()).to() });
                }
            }
        }
        for slot in &staged[..chunk.len()] {
            // SAFETY: the slot was written above; the caller gives FLOAT_MAX + 1 bytes a value.
            out = unsafe { slot.assume_init_ref().put(out).add(1) };
        }
    }
    out
}
