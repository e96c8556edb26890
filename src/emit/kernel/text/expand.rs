//! From lanes of equal width to bytes: shuffles that drop the bytes a character does not need.
//!
//! A character's lane holds its longest form, and a mask says how much of the lane's end counts. The
//! idea of picking a shuffle from a table by such a mask is Lemire's and Clausecker's ("Transcoding
//! billions of Unicode characters per second with SIMD instructions", 2022, there for UTF-16); a
//! backslash in front of a letter is then one more two-byte form and costs nothing.

use super::vector::{Vector, X16};

/// A table of shuffles, aligned so that a shuffle can take its operand from memory.
#[repr(align(64))]
struct Shuffles([[u8; 16]; 256]);

/// Eight lanes of 2 bytes; bit i is set if lane i counts whole, else only its last byte does.
static PAIRS: Shuffles = {
    let mut t = [[0x80; 16]; 256];
    let mut mask = 0;
    while mask < 256 {
        let (mut lane, mut n) = (0, 0);
        while lane < 8 {
            if mask >> lane & 1 == 1 {
                t[mask][n] = 2 * lane as u8;
                n += 1;
            }
            t[mask][n] = 2 * lane as u8 + 1;
            n += 1;
            lane += 1;
        }
        mask += 1;
    }
    Shuffles(t)
};

/// How many bytes of a lane's end count, by two bits: whether it is one byte, and whether it is
/// below 0x800. What is one byte and yet not below is free for four.
const LEN: [usize; 4] = [3, 4, 2, 1];

/// Four lanes of 4 bytes; bits 2i and 2i+1 say how many bytes of lane i's end count.
static QUADS: Shuffles = {
    let mut t = [[0x80; 16]; 256];
    let mut mask = 0;
    while mask < 256 {
        let (mut lane, mut n) = (0, 0);
        while lane < 4 {
            let len = LEN[mask >> (2 * lane) & 3];
            let mut i = 4 - len;
            while i < 4 {
                t[mask][n] = (4 * lane + i) as u8;
                n += 1;
                i += 1;
            }
            lane += 1;
        }
        mask += 1;
    }
    Shuffles(t)
};

/// How many bytes each of `QUADS` yields.
static QUADS_LEN: [u8; 256] = {
    let mut t = [0; 256];
    let mut mask = 0;
    while mask < 256 {
        t[mask] = (LEN[mask & 3] + LEN[mask >> 2 & 3] + LEN[mask >> 4 & 3] + LEN[mask >> 6]) as u8;
        mask += 1;
    }
    t
};

/// Writes 8 lanes of 2 bytes, 8 to 16 bytes.
///
/// # Safety
///
/// 16 bytes are writable at `p`.
#[inline(always)]
pub unsafe fn pairs(p: *mut u8, lanes: X16, mask: u32) -> *mut u8 {
    let mask = mask & 0xff;
    // SAFETY: the caller: 16 bytes are writable; the table has 256 entries.
    unsafe {
        lanes.shuffle(lanes.table(PAIRS.0.get_unchecked(mask as usize))).store(p);
        p.add(8 + mask.count_ones() as usize)
    }
}

/// Writes 4 lanes of 4 bytes, 4 to 16 bytes.
///
/// # Safety
///
/// 16 bytes are writable at `p`.
#[inline(always)]
pub unsafe fn quads(p: *mut u8, lanes: X16, mask: u32) -> *mut u8 {
    let mask = (mask & 0xff) as usize;
    // SAFETY: the caller: 16 bytes are writable; the tables have 256 entries.
    unsafe {
        lanes.shuffle(lanes.table(QUADS.0.get_unchecked(mask))).store(p);
        p.add(usize::from(*QUADS_LEN.get_unchecked(mask)))
    }
}

/// Writes the three last bytes of each of 4 lanes.
///
/// # Safety
///
/// 16 bytes are writable at `p`.
#[inline(always)]
pub unsafe fn threes(p: *mut u8, lanes: X16) -> *mut u8 {
    // SAFETY: the caller: 16 bytes are writable.
    unsafe {
        lanes.shuffle(lanes.table(&QUADS.0[0])).store(p);
        p.add(12)
    }
}

/// Writes a block of byte-wide characters: where the mask is set both bytes, else only the `last`.
///
/// # Safety
///
/// Twice `V::BYTES` are writable at `p`.
#[inline(always)]
pub unsafe fn bytes<V: Vector>(p: *mut u8, lead: V, last: V, mask: u32) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe { halves(p, lead.interleave_low8(last), lead.interleave_high8(last), mask) }
}

/// Writes a block of lanes of 2 bytes, in each piece 8 from `low` and then 8 from `high`.
///
/// # Safety
///
/// Twice `V::BYTES` are writable at `p`.
#[inline(always)]
unsafe fn halves<V: Vector>(mut p: *mut u8, low: V, high: V, mask: u32) -> *mut u8 {
    for i in 0..V::PARTS {
        // SAFETY: the caller: 16 bytes for each 8 characters.
        unsafe {
            p = pairs(p, low.part(i), mask >> (16 * i));
            p = pairs(p, high.part(i), mask >> (16 * i + 8));
        }
    }
    p
}

/// Writes a block of lanes of 2 bytes: where the mask is set only the last, else both.
///
/// # Safety
///
/// `V::BYTES` are writable at `p`.
#[inline(always)]
pub unsafe fn words<V: Vector>(mut p: *mut u8, lanes: V, single: u32) -> *mut u8 {
    for i in 0..V::PARTS {
        // SAFETY: the caller: 16 bytes for each 8 characters.
        p = unsafe { pairs(p, lanes.part(i), !single >> (16 * i)) };
    }
    p
}

/// Writes a block of ASCII: where the mask is set a backslash in front.
///
/// # Safety
///
/// Twice `V::BYTES` are writable at `p`.
#[inline(always)]
pub unsafe fn escaped<V: Vector>(p: *mut u8, v: V, mask: u32) -> *mut u8 {
    let (zero, slash) = (v.xor(v), v.splat::<2>(0x5c));
    // Not interleaved with backslashes: the compiler makes two shuffles out of that.
    let (low, high) = (zero.interleave_low8(v).or(slash), zero.interleave_high8(v).or(slash));
    // SAFETY: the caller's promise.
    unsafe { halves(p, low, high, mask) }
}
