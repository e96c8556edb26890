//! A run of strings, from wherever they come: one call for all of them, so that none waits for a call of its own.
//!
//! Most strings are short: whether one has 32 characters at the most, and whether there is something to escape in it,
//! are the only branches on its content. How many characters there are is chance, and a branch that cannot be foreseen
//! costs more than writing a whole vector.

use super::marks::marks;
use super::vector::Vector;
use super::{expand, page, scalar};
use crate::emit::kernel::{Chars, NARROW_MAX, SLACK, Source, Stop, WIDE_MAX};

/// Characters that are looked at together.
const BLOCK: usize = 32;

/// See [`super::super::Level::texts`]. `other` writes any string.
///
/// # Safety
///
/// As [`super::super::Level::texts`], with the vector's instructions.
#[inline(always)]
pub unsafe fn texts<'a, V: Vector, S: Source<'a>>(
    mut out: *mut u8,
    end: *mut u8,
    mut source: S,
    other: unsafe fn(*mut u8, Chars<'_>) -> *mut u8,
) -> (S, *mut u8, Stop) {
    const SHORT: usize = BLOCK * NARROW_MAX + 3 + SLACK;
    if (end as usize - out as usize) < SHORT {
        return (source, out, Stop::Room);
    }
    let last = end.wrapping_sub(SHORT);
    // SAFETY: there is place for the quote. Each string is written only if there is place for its bound, its quotes
    // and the comma, and the slack, in which the next quote then stands.
    unsafe {
        out.write(b'"');
        while let Some(chars) = source.peek() {
            let p = out.add(1);
            if let Chars::Ascii(s) = chars
                && out <= last
                && is_block(s)
                && copy::<V>(p, s.as_ptr()) << (BLOCK - s.len()) == 0
            {
                out = closed(p.add(s.len()));
                source.advance();
                continue;
            }
            if (end as usize - out as usize) < chars.len() * WIDE_MAX + 3 + SLACK {
                return (source, out, Stop::Room);
            }
            // A call, so that the loop has the registers to itself.
            let p = other(p, chars);
            if p.is_null() {
                return (source, out, Stop::Surrogate);
            }
            out = closed(p);
            source.advance();
        }
    }
    (source, out, Stop::Done)
}

/// Whether all of a string can be read as a block: it is not empty, not too long, and its page goes on.
#[inline(always)]
fn is_block(s: &[u8]) -> bool {
    // One comparison for both: an empty slice may point anywhere.
    s.len().wrapping_sub(1) < BLOCK && page::holds(s.as_ptr(), BLOCK)
}

/// Ends a string: its quote, a comma, and the quote that the next one may keep.
///
/// # Safety
///
/// Four bytes at `p` are writable.
#[inline(always)]
unsafe fn closed(p: *mut u8) -> *mut u8 {
    // SAFETY: the caller gives the bytes.
    unsafe {
        p.cast::<[u8; 4]>().write(*b"\",\"\0");
        p.add(2)
    }
}

/// Writes ASCII that is not both short and simple.
///
/// # Safety
///
/// As [`super::super::Level::ascii`], with the vector's instructions.
#[inline(always)]
pub unsafe fn ascii<V: Vector>(out: *mut u8, s: &[u8]) -> *mut u8 {
    // SAFETY: the caller's promise; a block is readable where it is said to be.
    unsafe {
        if is_block(s) {
            expanded::<V>(out, s)
        } else if s.len() <= BLOCK {
            scalar::ascii(out, s)
        } else {
            long::<V>(out, s)
        }
    }
}

/// Writes more than a block of ASCII.
///
/// # Safety
///
/// As for [`ascii`].
#[inline(always)]
unsafe fn long<V: Vector>(mut out: *mut u8, mut s: &[u8]) -> *mut u8 {
    // SAFETY: the caller's promise, for each part of the string.
    unsafe {
        while s.len() > 2 * BLOCK {
            let (a, b) = (copy::<V>(out, s.as_ptr()), copy::<V>(out.add(BLOCK), s.as_ptr().add(BLOCK)));
            if a | b != 0 {
                break;
            }
            (out, s) = (out.add(2 * BLOCK), s.get_unchecked(2 * BLOCK..));
        }
        while s.len() > BLOCK {
            let found = copy::<V>(out, s.as_ptr());
            let (block, rest) = s.split_at_unchecked(BLOCK);
            out = if found == 0 { out.add(BLOCK) } else { expanded::<V>(out, block) };
            s = rest;
        }
        if !page::holds(s.as_ptr(), BLOCK) {
            return scalar::ascii(out, s);
        }
        if copy::<V>(out, s.as_ptr()) << (BLOCK - s.len()) == 0 {
            return out.add(s.len());
        }
        expanded::<V>(out, s)
    }
}

/// Copies a block, and says which characters are to be escaped, a bit each.
///
/// # Safety
///
/// The machine has the vector's instructions, one byte of the block is readable, all are in its page or readable, and
/// as many are writable.
#[inline(always)]
unsafe fn copy<V: Vector>(out: *mut u8, p: *const u8) -> u32 {
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

/// All ones where there is something to escape.
#[inline(always)]
fn special<V: Vector>(v: V) -> V {
    v.at_most::<1>(0x1f).or(v.is::<1>(0x22)).or(v.is::<1>(0x5c))
}

/// Writes a block, or less, with something to escape in it.
///
/// # Safety
///
/// As for [`ascii`]; the string is not empty, has a block's length at the most, and a block from its start is in its
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
        for i in 0..BLOCK / V::BYTES {
            let v = V::load_any(s.as_ptr().add(i * V::BYTES));
            let m = marks::<V, 1>(v);
            letters[i] = v.xor(m.short);
            escaped |= m.escaped.bits() << (i * V::BYTES);
            rare |= m.rare.bits() << (i * V::BYTES);
        }
        if rare & live != 0 {
            return scalar::narrow(p, s);
        }
        for (i, letters) in letters.into_iter().enumerate().take(BLOCK / V::BYTES) {
            p = expand::escaped(p, letters, (escaped & live) >> (i * V::BYTES));
        }
        p.sub(BLOCK - n)
    }
}
