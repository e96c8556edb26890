//! From doubles to bytes, one or many.

use super::digits::Digits;
use super::place::Staged;
use super::shortest::{self, Decimal};
use core::mem::MaybeUninit;

/// How many values are between their digits and their places at once.
const CHUNK: usize = 16;

/// The digits of `v`.
#[inline(always)]
unsafe fn stage<D: Digits>(d: Decimal, bits: u64) -> Staged {
    // SAFETY: the caller has D's level; `sig` is below 10^16.
    let (text, used) = unsafe { D::sixteen(d.sig) };
    let short = d.sig < 1_000_000_000_000_000;
    // Zero: its own exponent is as small as can be.
    let exp = core::hint::select_unpredictable(bits << 1 == 0, 1, d.exp);
    Staged::new(text, used, d.last, short, exp, (bits >> 63) != 0)
}

#[cold]
#[inline(never)]
fn stage_rare(bits: u64) -> Staged {
    if !f64::from_bits(bits).is_finite() {
        return Staged::NULL;
    }
    // SAFETY: the words need nothing of the machine.
    unsafe { stage::<super::digits::Words>(shortest::rare(bits), bits) }
}

/// Writes `v`.
///
/// # Safety
///
/// The machine has D's level, and `out` FLOAT_MAX + SLACK writable bytes.
#[inline(always)]
pub unsafe fn one<D: Digits>(out: *mut u8, v: f64) -> *mut u8 {
    let bits = v.to_bits();
    // SAFETY: the caller's promise.
    unsafe {
        let s = if shortest::is_rare(bits) {
            stage_rare(bits)
        } else {
            stage::<D>(shortest::regular(bits), bits)
        };
        s.put(out)
    }
}

/// Writes each value and a comma.
///
/// # Safety
///
/// The machine has D's level, and `out` `run.len() * (FLOAT_MAX + 1) + SLACK` writable bytes.
#[inline(always)]
pub unsafe fn all<D: Digits>(mut out: *mut u8, run: &[f64]) -> *mut u8 {
    let mut staged = [const { MaybeUninit::<Staged>::uninit() }; CHUNK];
    for chunk in run.chunks(CHUNK) {
        for (slot, v) in staged.iter_mut().zip(chunk) {
            let bits = v.to_bits();
            // SAFETY: the caller has D's level.
            slot.write(unsafe { stage::<D>(shortest::regular(bits), bits) });
        }
        for (slot, v) in staged.iter_mut().zip(chunk) {
            if shortest::is_rare(v.to_bits()) {
                slot.write(stage_rare(v.to_bits()));
            }
        }
        for slot in &staged[..chunk.len()] {
            // SAFETY: the slot was written above; the caller gives FLOAT_MAX + 1 bytes a value.
            out = unsafe { slot.assume_init_ref().put(out).add(1) };
        }
    }
    out
}
