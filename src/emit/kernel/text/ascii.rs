//! ASCII: the search for something to escape is one with the copy.
//!
//! Most strings are short: whether one has 32 characters at the most, and whether there is something to escape in it,
//! are the only branches on its content. How many characters there are is chance, and a branch that cannot be foreseen
//! costs more than writing a whole vector.

use super::marks::marks;
use super::vector::Vector;
use super::{expand, page, scalar};
use core::ptr::null_mut;

/// Characters that are looked at together: the longest string that [`short`] takes.
pub const BLOCK: usize = 32;

/// Whether all of a string can be read as a block: it is not empty, not too long, and its page goes on.
#[inline(always)]
pub fn is_block(s: &[u8]) -> bool {
    // One comparison for both: an empty slice may point anywhere.
    s.len().wrapping_sub(1) < BLOCK && page::holds(s.as_ptr(), BLOCK)
}

/// The same of a string whose first byte is readable, if it is empty too. Which are empty cannot be foreseen where some are.
#[inline(always)]
pub fn is_block_or_empty(s: &[u8]) -> bool {
    s.len() <= BLOCK && page::holds(s.as_ptr(), BLOCK)
}

/// Copies a string of 1 to 32 characters with nothing to escape; null for any other, and near a page's end.
///
/// It can be inlined into code of any level ([`Vector::copy_block`]).
///
/// # Safety
///
/// 32 bytes are writable at `out`; the machine has the vector's instructions.
#[inline(always)]
pub unsafe fn short<V: Vector>(out: *mut u8, s: &[u8]) -> *mut u8 {
    let n = s.len();
    if !is_block(s) {
        return null_mut();
    }
    // SAFETY: the string is not empty, so that its page is readable, and all 32 bytes are in it;
    // the caller: 32 bytes are writable.
    unsafe { if V::copy_block(out, s.as_ptr(), n) != 0 { null_mut() } else { out.add(n) } }
}

/// Copies a string of 1 to 128 characters with nothing to escape; null for any other, and for some near a page's end.
///
/// It can be inlined as [`short`].
///
/// # Safety
///
/// As many bytes, and 32 at the least, are writable at `out`; the machine has the vector's instructions.
#[inline(always)]
pub unsafe fn brief<V: Vector>(out: *mut u8, s: &[u8]) -> *mut u8 {
    let n = s.len();
    // SAFETY: the caller's promise; all blocks of a string that is longer than one lie in it.
    unsafe {
        let p = s.as_ptr();
        let found = if n <= BLOCK {
            return short::<V>(out, s);
        } else if n <= 2 * BLOCK {
            V::copy_ends(out, p, n - BLOCK)
        } else if n <= 4 * BLOCK {
            // The first two blocks and the last two.
            let last = n - 2 * BLOCK;
            V::copy_ends(out, p, BLOCK) | V::copy_ends(out.add(last), p.add(last), BLOCK)
        } else {
            return null_mut();
        };
        if found != 0 { null_mut() } else { out.add(n) }
    }
}

/// All ones where there is something to escape; on x86-64 SSE2 suffices.
#[inline(always)]
fn special<V: Vector>(v: V) -> V {
    v.at_most::<1>(0x1f).or(v.is::<1>(0x22)).or(v.is::<1>(0x5c))
}

/// See [`super::super::Level::plain`].
///
/// # Safety
///
/// As [`super::super::Level::plain`], with the vector's instructions.
#[inline(always)]
pub unsafe fn plain<V: Vector>(out: *mut u8, s: &[u8]) -> bool {
    debug_assert!(s.len() >= BLOCK);
    let (last, mut at, mut found) = (s.len() - BLOCK, 0, 0);
    // SAFETY: the caller's promise; each block lies in the string, and in as much place. Blocks that overlap write the
    // same bytes again.
    unsafe {
        while at < last {
            found |= copy::<V>(out.add(at), s.as_ptr().add(at));
            at += BLOCK;
        }
        found |= copy::<V>(out.add(last), s.as_ptr().add(last));
    }
    found == 0
}

/// Writes a string that [`short`] does not take.
///
/// # Safety
///
/// As [`super::super::Level::ascii`], with the vector's instructions.
#[inline(always)]
pub unsafe fn other<V: Vector>(out: *mut u8, s: &[u8]) -> *mut u8 {
    // SAFETY: the caller's promise; a block is readable where it is said to be.
    unsafe {
        if s.len() > BLOCK {
            let (out, rest) = copy_long::<V>(out, s);
            if rest.is_empty() { out } else { blocks::<V>(out, rest) }
        } else if is_block(s) {
            expanded::<V>(out, s)
        } else {
            scalar::ascii(out, s)
        }
    }
}

/// Copies more than a block of ASCII, up to something to escape; how far it came, in the output, and what is left.
///
/// # Safety
///
/// As for [`other`].
#[inline(always)]
pub unsafe fn copy_long<V: Vector>(out: *mut u8, s: &[u8]) -> (*mut u8, &[u8]) {
    let (n, p) = (s.len(), s.as_ptr());
    debug_assert!(n > BLOCK);
    // SAFETY: the caller's promise, for each part of the string. The last copies may overlap those before: what they
    // write again are the same bytes at the same place, because there is nothing to escape in them.
    unsafe {
        if n <= 2 * BLOCK {
            if copy::<V>(out, p) == 0 && copy::<V>(out.add(n - BLOCK), p.add(n - BLOCK)) == 0 {
                return (out.add(n), &[]);
            }
            return (out, s);
        }
        let mut done = 0;
        while n - done > 2 * BLOCK {
            if !copy_two::<V>(out.add(done), p.add(done)) {
                return (out.add(done), s.get_unchecked(done..));
            }
            done += 2 * BLOCK;
        }
        if copy_two::<V>(out.add(n - 2 * BLOCK), p.add(n - 2 * BLOCK)) {
            return (out.add(n), &[]);
        }
        (out.add(done), s.get_unchecked(done..))
    }
}

/// Writes any ASCII that is not empty, block by block.
///
/// # Safety
///
/// As for [`other`].
#[inline(always)]
unsafe fn blocks<V: Vector>(mut out: *mut u8, mut s: &[u8]) -> *mut u8 {
    // SAFETY: the caller's promise, for each part of the string. A whole block is readable.
    unsafe {
        while s.len() > BLOCK {
            let (block, rest) = s.split_at_unchecked(BLOCK);
            let found = copy::<V>(out, s.as_ptr());
            out = if found == 0 { out.add(BLOCK) } else { expanded::<V>(out, block) };
            s = rest;
        }
        if is_block(s) { expanded::<V>(out, s) } else { scalar::ascii(out, s) }
    }
}

/// Copies two blocks; whether there was nothing to escape in them.
///
/// # Safety
///
/// As for [`copy`], for both.
#[inline(always)]
unsafe fn copy_two<V: Vector>(out: *mut u8, p: *const u8) -> bool {
    // SAFETY: the caller's promise.
    unsafe { copy::<V>(out, p) | copy::<V>(out.add(BLOCK), p.add(BLOCK)) == 0 }
}

/// Copies a block, and says which characters are to be escaped, a bit each.
///
/// # Safety
///
/// The machine has the vector's instructions, one byte of the block is readable, all are in its page or readable, and
/// as many are writable.
#[inline(always)]
pub unsafe fn copy<V: Vector>(out: *mut u8, p: *const u8) -> u32 {
    let mut found = 0;
    // SAFETY: the caller's promise.
    unsafe {
        for i in (0..BLOCK).step_by(V::BYTES) {
            let v = V::load_any(p.add(i));
            v.store(out.add(i));
            found |= special(v).bits() << i;
        }
    }
    found
}

/// Writes a block, or less, with something to escape in it.
///
/// # Safety
///
/// As for [`other`]; the string is not empty, has a block's length at the most, and a block from its start is in its
/// page or readable.
#[inline(always)]
unsafe fn expanded<V: Vector>(mut p: *mut u8, s: &[u8]) -> *mut u8 {
    let n = s.len();
    let live = u32::MAX >> (BLOCK - n);
    // SAFETY: the caller's promise: 6 bytes for each live character and 64 more. The dead ones add at most 31, and
    // the last store 16.
    unsafe {
        let mut letters = [V::zero(); 2];
        let (mut escaped, mut rare) = (0, 0);
        for (i, letters) in letters.iter_mut().enumerate().take(BLOCK / V::BYTES) {
            let v = V::load_any(s.as_ptr().add(i * V::BYTES));
            let m = marks::<V, 1>(v);
            *letters = v.xor(m.short);
            escaped |= m.escaped.bits() << (i * V::BYTES);
            rare |= m.rare.bits() << (i * V::BYTES);
        }
        if rare & live != 0 {
            return scalar::byte_by_byte(p, s);
        }
        for (i, letters) in letters.into_iter().enumerate().take(BLOCK / V::BYTES) {
            p = expand::escaped(p, letters, (escaped & live) >> (i * V::BYTES));
        }
        p.sub(BLOCK - n)
    }
}
