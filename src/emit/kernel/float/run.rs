//! From doubles to bytes, one or many.

use super::machine::{Machine, Words};
use super::shortest::{self, Decimal};
use super::{place, short};
use core::mem::MaybeUninit;

/// How many values are between their digits and their places at once.
const CHUNK: usize = 16;
/// After how many values short decimals are tried again, at most.
const PATIENCE: usize = 256;

/// Writes the number with these digits, or `null`, and a comma; returns the place behind it.
#[inline(always)]
unsafe fn put<M: Machine>(out: *mut u8, d: Decimal, bits: u64) -> *mut u8 {
    // SAFETY: the caller has M's level and gives the room.
    unsafe {
        let (text, used) = M::sixteen(d.parts);
        place::put::<M>(out, text, place::length(used, d.last, d.exp), d.last, d.exp, bits >> 63 != 0)
    }
}

/// Writes any double for which [`shortest::is_rare`] holds. Apart, and the same for all levels, so that
/// the ways of the others need no registers for it.
#[cold]
#[inline(never)]
unsafe fn put_rare(out: *mut u8, bits: u64) -> *mut u8 {
    // SAFETY: the caller gives the room; any machine has words.
    unsafe {
        if is_finite(bits) {
            return put::<Words>(out, shortest::rare(bits), bits);
        }
        out.cast::<[u8; 5]>().write_unaligned(*b"null,");
        out.add(4)
    }
}

#[inline(always)]
fn is_finite(bits: u64) -> bool {
    f64::from_bits(bits).is_finite()
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
        put::<M>(out, shortest::regular(bits), bits)
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

/// What the steps hand on for a chunk. Arrays of numbers, not of structs: the compiler carries the padding
/// of a struct from one turn of the loop to the next, which chains them together.
struct Stage<M: Machine> {
    parts: [[u64; 2]; CHUNK],
    texts: [MaybeUninit<M::Text>; CHUNK],
    exps: [u32; CHUNK],
    lasts: [u8; CHUNK],
    lens: [u8; CHUNK],
}

/// As [`all`], for any doubles: in chunks, each step for all values before the next step, so that the
/// machine overlaps the long chains of dependent instructions of several values.
#[inline(always)]
unsafe fn general<M: Machine>(mut out: *mut u8, run: &[f64]) -> *mut u8 {
    let mut stage = Stage::<M> {
        parts: [[0; 2]; CHUNK],
        texts: [const { MaybeUninit::uninit() }; CHUNK],
        exps: [0; CHUNK],
        lasts: [0; CHUNK],
        lens: [0; CHUNK],
    };
    for chunk in run.chunks(CHUNK) {
        stage.cores(chunk);
        // SAFETY: the caller's promise for as many values.
        unsafe {
            stage.digits(chunk.len());
            out = stage.put(out, chunk);
        }
    }
    out
}

impl<M: Machine> Stage<M> {
    #[inline(always)]
    fn set(&mut self, i: usize, d: Decimal) {
        (self.parts[i], self.lasts[i], self.exps[i]) = (d.parts, d.last, d.exp);
    }

    /// The shortest digits.
    #[inline(always)]
    fn cores(&mut self, chunk: &[f64]) {
        debug_assert!(chunk.len() <= CHUNK);
        let mut any_rare = false;
        for (i, v) in chunk.iter().enumerate().take(CHUNK) {
            self.set(i, shortest::regular(v.to_bits()));
            any_rare |= shortest::is_rare(v.to_bits());
        }
        if any_rare {
            self.rare(chunk);
        }
    }

    #[cold]
    #[inline(never)]
    fn rare(&mut self, chunk: &[f64]) {
        for (i, v) in chunk.iter().enumerate() {
            if shortest::is_rare(v.to_bits()) && v.is_finite() {
                self.set(i, shortest::rare(v.to_bits()));
            }
        }
    }

    /// The text and the length of the first `n`, two at a time.
    #[inline(always)]
    unsafe fn digits(&mut self, n: usize) {
        for i in (0..CHUNK).step_by(2).take(n.div_ceil(2)) {
            // SAFETY: the caller has M's level. The exponents come from decimals, this chunk's or an
            // earlier one's, or they are 0.
            unsafe {
                let [a, b] = M::twice_sixteen(&[self.parts[i], self.parts[i + 1]]);
                self.texts[i].write(a.0);
                self.texts[i + 1].write(b.0);
                self.lens[i] = place::length(a.1, self.lasts[i], self.exps[i]);
                self.lens[i + 1] = place::length(b.1, self.lasts[i + 1], self.exps[i + 1]);
            }
        }
    }

    /// Writes the numbers, each with a comma.
    #[inline(always)]
    unsafe fn put(&self, mut out: *mut u8, chunk: &[f64]) -> *mut u8 {
        for (i, v) in chunk.iter().enumerate().take(CHUNK) {
            // SAFETY: `digits` wrote the text and `cores` the exponent; the caller gives FLOAT_MAX + 1
            // bytes a value.
            unsafe {
                out = if is_finite(v.to_bits()) {
                    let text = self.texts[i].assume_init();
                    let negative = v.is_sign_negative();
                    place::put::<M>(out, text, self.lens[i], self.lasts[i], self.exps[i], negative).add(1)
                } else {
                    put_rare(out, v.to_bits()).add(1)
                };
            }
        }
        out
    }
}
