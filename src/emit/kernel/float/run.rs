//! From doubles to bytes, one or many.

use super::alike;
use super::machine::{self, Machine};
use super::place::Places;
use super::short;
use super::shortest::{self, Decimal};
use crate::emit::kernel::int::Words;
use core::hint::select_unpredictable;
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
        // A branch, for it is foreseen: most doubles have sixteen digits or all, and then the places are known before the
        // digits are.
        if u64::from(d.last) + d.parts[0] % 10 != 0 {
            return finish::<M>(out, text, select_unpredictable(d.last != 0, 17, 16), d, bits);
        }
        finish::<M>(out, text, used, d, bits)
    }
}
/// The rest of [`put`], when it is known how many of the digits count.
#[inline(always)]
unsafe fn finish<M: Machine>(out: *mut u8, text: M::Text, used: u32, d: Decimal, bits: u64) -> *mut u8 {
    // SAFETY: the caller has M's level and gives the room; the exponent is a decimal's.
    unsafe {
        let places = Places::new(used, d.exp);
        out.write(b'-');
        let out = out.add(shortest::is_negative(bits).into());
        places.put::<M>(out, text, d.last);
        out.add(places.size() as usize - 1)
    }
}

/// How many of seventeen digits count, from how many of the first sixteen do.
#[inline(always)]
fn all_used(used: u32, last: u8) -> u32 {
    select_unpredictable(last != 0, 17, used)
}

/// Writes a double for which [`shortest::is_rare`] holds. Apart, and the same for all levels, so that
/// the ways of the others need no registers for it.
#[cold]
#[inline(never)]
unsafe fn put_rare(out: *mut u8, bits: u64) -> *mut u8 {
    // SAFETY: the caller gives the room; any machine has words.
    unsafe { put::<machine::Words>(out, shortest::rare(bits), bits) }
}

/// Writes `v`, by `longer` if it is no short decimal.
///
/// # Safety
///
/// The machine has W's level, and `out` FLOAT_MAX + SLACK writable bytes.
#[inline(always)]
pub unsafe fn one<W: Words>(out: *mut u8, v: f64, longer: unsafe fn(*mut u8, f64) -> *mut u8) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe {
        let end = short::one::<W>(out, v);
        if end.is_null() { longer(out, v) } else { end }
    }
}

/// Writes `v`, which is no short decimal.
///
/// # Safety
///
/// As for [`one`].
#[inline(always)]
pub unsafe fn longer<M: Machine, W: Words>(out: *mut u8, v: f64) -> *mut u8 {
    let bits = v.to_bits();
    // SAFETY: the caller's promise.
    unsafe {
        let end = short::six::<W>(out, v);
        if !end.is_null() {
            return end;
        }
        if !v.is_finite() {
            out.cast::<[u8; 4]>().write_unaligned(*b"null");
            return out.add(4);
        }
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
pub unsafe fn all<M: Machine>(out: *mut u8, run: &[f64]) -> *mut u8 {
    // SAFETY: the caller's promise.
    let (mut out, mut run) = unsafe { alike::leading(out, run) };
    let mut wait = CHUNK;
    while !run.is_empty() {
        if let Some((four, rest)) = run.split_first_chunk::<4>()
            // SAFETY: the caller's promise for four values.
            && let Some(end) = unsafe { M::put_four::<3>(out, four) }
        {
            (out, run, wait) = (end, rest, CHUNK);
            continue;
        }
        let (any, rest) = run.split_at(wait.min(run.len()));
        // SAFETY: the caller's promise for these values.
        out = unsafe { general::<M, _>(out, any, &mut Commas) };
        (run, wait) = (rest, (wait * 2).min(PATIENCE));
    }
    out
}

/// What the steps hand on for a chunk. Arrays of numbers, not of structs: the compiler carries the padding
/// of a struct from one turn of the loop to the next, which chains them together.
struct Stage<M: Machine> {
    parts: [[u64; 2]; CHUNK],
    texts: [MaybeUninit<M::Text>; CHUNK],
    places: [MaybeUninit<Places>; CHUNK],
    exps: [u32; CHUNK],
    lasts: [u8; CHUNK],
    negative: [u8; CHUNK],
    sizes: [u8; CHUNK],
}

/// As [`all`], for any doubles: in chunks, each step for all values before the next step, so that the
/// machine overlaps the long chains of dependent instructions of several values. The stores come last:
/// one whose address is known late holds up the loads behind it, hence the next value.
#[inline(always)]
unsafe fn general<M: Machine, E: Ends>(mut out: *mut u8, run: &[f64], ends: &mut E) -> *mut u8 {
    let mut stage = Stage::<M> {
        parts: [[0; 2]; CHUNK],
        texts: [const { MaybeUninit::uninit() }; CHUNK],
        places: [const { MaybeUninit::uninit() }; CHUNK],
        exps: [0; CHUNK],
        lasts: [0; CHUNK],
        negative: [0; CHUNK],
        sizes: [0; CHUNK],
    };
    for chunk in run.chunks(CHUNK) {
        stage.cores(chunk);
        // SAFETY: the caller's promise for as many values.
        unsafe {
            stage.digits(chunk.len());
            out = stage.put(out, chunk.len(), ends);
        }
    }
    out
}

/// What comes between numbers.
trait Ends {
    /// A number and its comma end at `out`.
    ///
    /// # Safety
    ///
    /// The comma is there, and the slack is writable.
    unsafe fn end(&mut self, out: *mut u8) -> *mut u8;
}

/// A comma.
struct Commas;

impl Ends for Commas {
    #[inline(always)]
    unsafe fn end(&mut self, out: *mut u8) -> *mut u8 {
        out
    }
}

/// A comma, and brackets around so many.
struct Rows {
    width: usize,
    left: usize,
}

impl Ends for Rows {
    #[inline(always)]
    unsafe fn end(&mut self, out: *mut u8) -> *mut u8 {
        self.left -= 1;
        if self.left > 0 {
            return out;
        }
        self.left = self.width;
        // SAFETY: the caller: the comma is there, and two more bytes are writable.
        unsafe {
            out.sub(1).cast::<[u8; 3]>().write(*b"],[");
            out.add(2)
        }
    }
}

/// Writes rows of `width` values: each value with a comma, and brackets and a comma around each row.
///
/// # Safety
///
/// The machine has M's level, `width` is not 0 and divides the length, and `out` has
/// `run.len() * (FLOAT_MAX + 3) + SLACK` writable bytes.
#[inline(always)]
pub unsafe fn rows<M: Machine>(mut out: *mut u8, run: &[f64], width: usize) -> *mut u8 {
    debug_assert!(width > 0 && run.len().is_multiple_of(width));
    let mut ends = Rows { width, left: width };
    // SAFETY: the caller's promise, for each value in turn. A row has a bracket more than the commas that are counted,
    // and another comma: two bytes. The bracket that is opened behind the last row is taken back.
    unsafe {
        out.write(b'[');
        out = out.add(1);
        for chunk in run.chunks(CHUNK) {
            if chunk.iter().fold(true, |all, &v| all & short::is_short::<3>(v)) {
                for &v in chunk {
                    let part = short::Part::new::<3>(v);
                    let (text, len) = M::short::<3>(part);
                    out = ends.end(short::put::<M>(out, text, len, part.negative));
                }
            } else {
                out = general::<M, _>(out, chunk, &mut ends);
            }
        }
        out.sub(1)
    }
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
        for (i, v) in chunk.iter().enumerate().take(CHUNK) {
            self.set(i, shortest::regular(v.to_bits()));
            self.negative[i] = (v.to_bits() >> 63) as u8;
        }
        // Apart, because vectors can do it.
        if chunk.iter().fold(false, |any, v| any | shortest::is_odd(v.to_bits())) {
            for (v, negative) in chunk.iter().zip(&mut self.negative) {
                *negative = shortest::is_negative(v.to_bits()).into();
            }
            if chunk.iter().fold(false, |any, v| any | shortest::is_rare(v.to_bits())) {
                self.rare(chunk);
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn rare(&mut self, chunk: &[f64]) {
        for (i, v) in chunk.iter().enumerate() {
            if shortest::is_rare(v.to_bits()) {
                self.set(i, shortest::rare(v.to_bits()));
            }
        }
    }

    /// The texts and the places of the first `n`, two at a time.
    #[inline(always)]
    unsafe fn digits(&mut self, n: usize) {
        for i in (0..CHUNK).step_by(2).take(n.div_ceil(2)) {
            // SAFETY: the caller has M's level. The exponents come from decimals, this chunk's or an
            // earlier one's, or they are 0.
            let two = unsafe { M::twice_sixteen(&[self.parts[i], self.parts[i + 1]]) };
            for (i, (text, used)) in [i, i + 1].into_iter().zip(two) {
                // SAFETY: as above.
                let places = unsafe { Places::new(all_used(used, self.lasts[i]), self.exps[i]) };
                self.texts[i].write(text);
                self.places[i].write(places);
                self.sizes[i] = places.size() as u8 + self.negative[i];
            }
        }
    }

    /// Writes the first `n` numbers, each with a comma.
    #[inline(always)]
    unsafe fn put<E: Ends>(&self, mut out: *mut u8, n: usize, ends: &mut E) -> *mut u8 {
        for i in (0..CHUNK).take(n) {
            let next = out.wrapping_add(self.sizes[i].into());
            // SAFETY: `digits` wrote the text and the places; the caller gives FLOAT_MAX + 1 bytes a value.
            unsafe {
                let (text, places) = (self.texts[i].assume_init(), self.places[i].assume_init());
                out.write(b'-');
                places.put::<M>(out.add(self.negative[i].into()), text, self.lasts[i]);
            }
            // SAFETY: as above.
            out = unsafe { ends.end(next) };
        }
        out
    }
}
