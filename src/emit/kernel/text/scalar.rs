//! Plain code for any machine: words of 8 bytes where there is nothing to do, else character by character.
//!
//! The vector levels come here for characters that they leave aside, which are those with `\u00xx` escapes.

use super::escape::{LATIN1, Texts, UTF8};
use crate::emit::kernel::{Chars, SLACK, Source, Stop, WIDE_MAX};
use core::ptr::null_mut;

/// Each byte 1.
const ONES: u64 = u64::MAX / 255;

/// Whether one of 8 bytes is not simply to be copied: 0x80 and above, below 0x20, `"`, `\`.
///
/// The subtractions borrow into the next byte only where there is something to find, so that the
/// answer for all is exact (Mycroft's test for a zero byte).
#[inline(always)]
fn special(w: u64) -> bool {
    let (quote, slash) = (w ^ (ONES * 0x22), w ^ (ONES * 0x5c));
    let below = w.wrapping_sub(ONES * 0x20) & !w;
    let found = below | quote.wrapping_sub(ONES) & !quote | slash.wrapping_sub(ONES) & !slash | w;
    found & (ONES << 7) != 0
}

/// Writes a byte.
///
/// # Safety
///
/// 8 bytes are writable at `p`.
#[inline(always)]
unsafe fn put_byte(p: *mut u8, c: u8, texts: &Texts) -> *mut u8 {
    let text = texts[c as usize];
    // SAFETY: the caller: 8 bytes are writable. At most 6 count.
    unsafe {
        p.cast::<u64>().write_unaligned(text.to_le());
        p.add((text >> 56) as usize)
    }
}

/// Writes a code point; null if it is a surrogate.
///
/// # Safety
///
/// 8 bytes are writable at `p`.
#[inline(always)]
pub(super) unsafe fn put(p: *mut u8, c: u32) -> *mut u8 {
    let tail = |shift: u32| 0x80 | (c >> shift) as u8 & 0x3f;
    let (bytes, n) = match c {
        // SAFETY: the caller's promise.
        0..0x80 => return unsafe { put_byte(p, c as u8, &UTF8) },
        0x80..0x800 => ([0xc0 | (c >> 6) as u8, tail(0), 0, 0], 2),
        0xd800..0xe000 => return null_mut(),
        0x800..0x1_0000 => ([0xe0 | (c >> 12) as u8, tail(6), tail(0), 0], 3),
        _ => ([0xf0 | (c >> 18) as u8, tail(12), tail(6), tail(0)], 4),
    };
    // SAFETY: the caller: 8 bytes are writable.
    unsafe {
        p.cast::<[u8; 4]>().write(bytes);
        p.add(n)
    }
}

/// Writes ASCII, or UTF-8, byte by byte. Where many are to be escaped, nothing is faster.
///
/// # Safety
///
/// As [`super::super::Level::ascii`].
#[inline(always)]
#[cfg(vectors)]
pub(super) unsafe fn byte_by_byte(mut p: *mut u8, s: &[u8]) -> *mut u8 {
    for &c in s {
        // SAFETY: the caller gives 6 bytes for each, and slack.
        p = unsafe { put_byte(p, c, &UTF8) };
    }
    p
}

/// See [`super::super::Level::ascii`].
///
/// # Safety
///
/// As [`super::super::Level::ascii`].
pub unsafe fn ascii(out: *mut u8, s: &[u8]) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe { bytes(out, s, &UTF8) }
}

/// See [`super::super::Level::clean`].
///
/// # Safety
///
/// As [`super::super::Level::clean`].
pub unsafe fn clean(out: *mut u8, s: &[u8]) -> bool {
    // SAFETY: the caller gives 32 bytes.
    s.len() <= 32 && unsafe { plain(out, s) }
}

/// See [`super::super::Level::plain`].
///
/// # Safety
///
/// As [`super::super::Level::plain`].
pub unsafe fn plain(out: *mut u8, s: &[u8]) -> bool {
    // SAFETY: the caller gives as many bytes.
    unsafe { core::ptr::copy_nonoverlapping(s.as_ptr(), out, s.len()) };
    s.iter().all(|&c| c >= 0x20 && c != b'"' && c != b'\\')
}

/// See [`super::super::Level::latin1`].
///
/// # Safety
///
/// As [`super::super::Level::latin1`].
pub unsafe fn latin1(out: *mut u8, s: &[u8]) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe { bytes(out, s, &LATIN1) }
}

/// Writes bytes as `texts` has them.
///
/// # Safety
///
/// As [`super::super::Level::latin1`].
#[inline(always)]
unsafe fn bytes(out: *mut u8, s: &[u8], texts: &Texts) -> *mut u8 {
    let (words, rest) = s.as_chunks::<8>();
    let mut p = out;
    for &word in words {
        let w = u64::from_le_bytes(word);
        if special(w) {
            for c in word {
                // SAFETY: the caller gives 6 bytes for each, and slack.
                p = unsafe { put_byte(p, c, texts) };
            }
        } else {
            // SAFETY: as above: 8 characters become 8 bytes.
            unsafe {
                p.cast::<[u8; 8]>().write(word);
                p = p.add(8);
            }
        }
    }
    for &c in rest {
        // SAFETY: the caller gives 6 bytes for each, and slack.
        p = unsafe { put_byte(p, c, texts) };
    }
    p
}

macro_rules! wide {
    ($name:ident, $t:ty) => {
        /// See the function of the same name in [`super::super::Level`].
        ///
        /// # Safety
        ///
        /// As the function of the same name in [`super::super::Level`].
        pub unsafe fn $name(out: *mut u8, s: &[$t]) -> *mut u8 {
            let (blocks, rest) = s.as_chunks::<8>();
            let mut p = out;
            for block in blocks {
                let low = block.map(|c| c as u8);
                let all = block.iter().fold(0, |all, c| all | c);
                if all < 0x80 && !special(u64::from_le_bytes(low)) {
                    // SAFETY: the caller gives 6 bytes for each character, and slack.
                    unsafe {
                        p.cast::<[u8; 8]>().write(low);
                        p = p.add(8);
                    }
                    continue;
                }
                for &c in block {
                    // SAFETY: as above.
                    p = unsafe { put(p, u32::from(c)) };
                    if p.is_null() {
                        return p;
                    }
                }
            }
            for &c in rest {
                // SAFETY: as above.
                p = unsafe { put(p, u32::from(c)) };
                if p.is_null() {
                    return p;
                }
            }
            p
        }
    };
}
wide!(ucs2, u16);
wide!(ucs4, u32);

macro_rules! len {
    ($name:ident, $t:ty) => {
        /// See the function of the same name in [`super::super::Level`].
        ///
        /// # Safety
        ///
        /// None at this level.
        pub unsafe fn $name(s: &[$t]) -> Option<usize> {
            let (mut n, mut surrogate) = (s.len(), false);
            // No branch on the character, so that the compiler can use whatever vectors there are.
            for &c in s {
                let c = u32::from(c);
                n += usize::from(c >= 0x80) + usize::from(c >= 0x800) + usize::from(c >= 0x1_0000);
                surrogate |= c & 0xffff_f800 == 0xd800;
            }
            (!surrogate).then_some(n)
        }
    };
}
len!(ucs2_len, u16);
len!(ucs4_len, u32);

/// See [`super::super::Level::texts`].
///
/// # Safety
///
/// As [`super::super::Level::texts`].
pub unsafe fn texts<'a, S: Source<'a>>(mut out: *mut u8, end: *mut u8, mut source: S) -> (S, *mut u8, Stop) {
    while let Some(chars) = source.utf8().map(Chars::Ascii).or_else(|| source.peek()) {
        if (end as usize - out as usize) < chars.len() * WIDE_MAX + 3 + SLACK {
            return (source, out, Stop::Room);
        }
        // SAFETY: there is place for the bound of the string, its quotes and the comma, and the slack.
        unsafe {
            out.write(b'"');
            let p = out.add(1);
            let p = match chars {
                Chars::Ascii(s) => ascii(p, s),
                Chars::Latin1(s) => latin1(p, s),
                Chars::Ucs2(s) => ucs2(p, s),
                Chars::Ucs4(s) => ucs4(p, s),
            };
            if p.is_null() {
                return (source, out, Stop::Surrogate);
            }
            p.cast::<[u8; 2]>().write(*b"\",");
            out = p.add(2);
        }
        source.advance();
    }
    (source, out, Stop::Done)
}
