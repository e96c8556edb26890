//! Characters that JSON lets stand and a caller wants escaped. Rare, so plain code: where nothing is marked, the
//! other kernels write.

use super::scalar::put;
use core::ptr::null_mut;

/// Which characters are escaped beside those that JSON demands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// All but the printable characters of ASCII: 0x7f and above.
    pub ascii: bool,
    /// `<`, `>`, `&`, U+2028 and U+2029.
    pub html: bool,
}

/// Characters that are looked at together.
pub const BLOCK: usize = 32;

/// Most bytes that one character can become under a policy: a pair of surrogates.
pub const MARKED_MAX: usize = 12;

#[inline(always)]
const fn marked<const ASCII: bool, const HTML: bool>(c: u32) -> bool {
    let html = (c == b'<' as u32) | (c == b'>' as u32) | (c == b'&' as u32) | (c & !1 == 0x2028);
    (ASCII & (c >= 0x7f)) | (HTML & html)
}

impl Policy {
    /// How many characters at the front of `s`, whole blocks or all, have no marked one among them.
    #[must_use]
    pub fn spared<C: Copy + Into<u32>>(self, s: &[C]) -> usize {
        match (self.ascii, self.html) {
            (false, false) => s.len(),
            (true, false) => spared(s, marked::<true, false>),
            (false, true) => spared(s, marked::<false, true>),
            (true, true) => spared(s, marked::<true, true>),
        }
    }

    const fn marks(self, c: u32) -> bool {
        (self.ascii && marked::<true, false>(c)) || (self.html && marked::<false, true>(c))
    }

    /// Writes `s` escaped and as UTF-8; null if there is a surrogate in it. Bound: `MARKED_MAX * s.len()` bytes.
    ///
    /// # Safety
    ///
    /// `out` is the start of as many writable bytes, and [`super::super::SLACK`] more.
    pub unsafe fn write<C: Copy + Into<u32>>(self, out: *mut u8, s: &[C]) -> *mut u8 {
        let mut p = out;
        for c in s.iter().map(|&c| c.into()) {
            // SAFETY: the caller gives twelve bytes for each character, and slack.
            p = unsafe { if self.marks(c) { put_marked(p, c) } else { put(p, c) } };
            if p.is_null() {
                return p;
            }
        }
        p
    }
}

#[inline(always)]
fn spared<C: Copy + Into<u32>>(s: &[C], marked: impl Fn(u32) -> bool) -> usize {
    // No branch on the character, so that the compiler can use whatever vectors there are.
    let clean = |block: &[C]| !block.iter().fold(false, |found, &c| found | marked(c.into()));
    let (blocks, rest) = s.as_chunks::<BLOCK>();
    match blocks.iter().position(|block| !clean(block)) {
        Some(i) => i * BLOCK,
        None if clean(rest) => s.len(),
        None => s.len() - rest.len(),
    }
}

/// Writes a code point as one `\uXXXX`, or as two; null if it is a surrogate.
///
/// # Safety
///
/// 12 bytes are writable at `p`.
unsafe fn put_marked(p: *mut u8, c: u32) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe {
        match c {
            0xd800..0xe000 => null_mut(),
            0..0x1_0000 => put_unit(p, c as u16),
            _ => {
                let above = c - 0x1_0000;
                put_unit(put_unit(p, 0xd800 | (above >> 10) as u16), 0xdc00 | (above & 0x3ff) as u16)
            }
        }
    }
}

/// Writes `\uXXXX`.
///
/// # Safety
///
/// 6 bytes are writable at `p`.
#[inline(always)]
unsafe fn put_unit(p: *mut u8, unit: u16) -> *mut u8 {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let digit = |shift: u16| HEX[usize::from(unit >> shift & 15)];
    // SAFETY: the caller's promise.
    unsafe {
        p.cast::<[u8; 6]>().write([b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
        p.add(6)
    }
}
