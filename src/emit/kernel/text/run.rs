//! A run of strings, from wherever they come: one call for all of them, so that none waits for a call of its own.

use super::ascii::{BLOCK, copy, is_block_or_empty};
use super::vector::Vector;
use crate::emit::kernel::{Chars, NARROW_MAX, SLACK, Source, Stop, WIDE_MAX};
use core::marker::PhantomData;

/// Kernels for single strings. They are called, so that the loop over short and simple ones has the registers to itself.
pub struct Others {
    /// For ASCII that is not both.
    pub ascii: unsafe fn(*mut u8, &[u8]) -> *mut u8,
    /// For Latin-1.
    pub latin1: unsafe fn(*mut u8, &[u8]) -> *mut u8,
    /// For UCS2.
    pub ucs2: unsafe fn(*mut u8, &[u16]) -> *mut u8,
    /// For UCS4.
    pub ucs4: unsafe fn(*mut u8, &[u32]) -> *mut u8,
}

/// How the strings are written that most are.
pub trait Short: Copy {
    /// The longest of them, in characters.
    const MOST: usize;

    /// Writes one of them; none if it is another, and nothing that matters written.
    ///
    /// # Safety
    ///
    /// As [`super::super::Level::ascii`], with room for [`Short::MOST`] characters; the first byte of `s` is readable, if it is
    /// empty too.
    unsafe fn write(out: *mut u8, s: &[u8]) -> Option<*mut u8>;
}

/// So many strings are looked at for one that is not ASCII.
const SAMPLE: usize = 8;

/// Whether there is UTF-8 of the first string that is not ASCII, if there is such a one soon. Where somebody has left a copy in
/// one, most others of a list have theirs.
#[inline(never)]
pub fn has_copies<'a, S: Source<'a>>(mut source: S) -> bool {
    for _ in 0..SAMPLE {
        if source.ascii().is_none() {
            return source.utf8().is_some();
        }
        source.advance();
    }
    false
}

/// See [`super::super::Level::texts`]. With `COPIES` strings are asked for their UTF-8, which costs those that have none.
///
/// # Safety
///
/// As [`super::super::Level::texts`], with the instructions of `K`.
#[inline(always)]
pub unsafe fn texts<'a, K: Short, S: Source<'a>, const COPIES: bool>(
    mut out: *mut u8,
    end: *mut u8,
    source: S,
    others: &Others,
) -> (S, *mut u8, Stop) {
    let room = const { K::MOST * NARROW_MAX + 3 + SLACK };
    if (end as usize - out as usize) < room {
        return (source, out, Stop::Room);
    }
    let last = end.wrapping_sub(room);
    // One of our own, to be kept in registers.
    let mut source = source;
    // SAFETY: there is place for the quote. Each string is written only if there is place for its bound, its quotes
    // and the comma, and the slack, in which the next quote then stands. The source promises a readable byte.
    unsafe {
        out.write(b'"');
        loop {
            let p = out.add(1);
            if let Some(s) = source.ascii()
                && out <= last
                && let Some(p) = K::write(p, s)
            {
                out = closed(p);
                source.advance();
                continue;
            }
            seldom();
            if COPIES && let Some(s) = source.utf8() {
                if (end as usize - out as usize) < s.len() * NARROW_MAX + 3 + SLACK {
                    return (source, out, Stop::Room);
                }
                let short = if out <= last { K::write(p, s) } else { None };
                out = closed(short.unwrap_or_else(|| (others.ascii)(p, s)));
                source.advance();
                continue;
            }
            let Some(chars) = source.peek() else { return (source, out, Stop::Done) };
            if (end as usize - out as usize) < chars.len() * WIDE_MAX + 3 + SLACK {
                return (source, out, Stop::Room);
            }
            let p = match chars {
                Chars::Ascii(s) => (others.ascii)(p, s),
                Chars::Latin1(s) => (others.latin1)(p, s),
                Chars::Ucs2(s) => (others.ucs2)(p, s),
                Chars::Ucs4(s) => (others.ucs4)(p, s),
            };
            if p.is_null() {
                return (source, out, Stop::Surrogate);
            }
            out = closed(p);
            source.advance();
        }
    }
}

/// Strings of at most two blocks with nothing to escape in them.
#[derive(Clone, Copy)]
pub struct Simple<V>(PhantomData<V>);

impl<V: Vector> Short for Simple<V> {
    const MOST: usize = 2 * BLOCK;

    #[inline(always)]
    unsafe fn write(out: *mut u8, s: &[u8]) -> Option<*mut u8> {
        let (n, p) = (s.len(), s.as_ptr());
        // SAFETY: the caller's promise; one block is readable, or both ends of the string are whole blocks.
        let is_simple = unsafe {
            if is_block_or_empty(s) {
                // Of the n lowest bits, in the form that is one instruction.
                u64::from(copy::<V>(out, p)) & !(u64::MAX << n) == 0
            } else if n.wrapping_sub(BLOCK + 1) < BLOCK {
                let behind = n - BLOCK;
                copy::<V>(out, p) | copy::<V>(out.add(behind), p.add(behind)) == 0
            } else {
                false
            }
        };
        // SAFETY: so many have just been written.
        is_simple.then(|| unsafe { out.add(n) })
    }
}

/// Says to the compiler that what leads here happens seldom, so that the loop over short strings is in one piece.
#[cold]
#[inline]
const fn seldom() {}

/// Ends a string: its quote, a comma, and the quote that the next one may keep.
///
/// # Safety
///
/// Four bytes at `p` are writable.
#[inline(always)]
pub unsafe fn closed(p: *mut u8) -> *mut u8 {
    // SAFETY: the caller gives the bytes.
    unsafe {
        p.cast::<[u8; 4]>().write(*b"\",\"\0");
        p.add(2)
    }
}
