//! Reads that run past the end of a slice but stay inside a page.
//!
//! Memory protection works on whole pages, so once one byte of a page may be read, all may. The
//! language knows no such rule: to it a load past the end of an allocation is undefined. The loads
//! are therefore written in assembly, which the compiler (and a sanitizer) does not look into, and
//! under Miri no read ever counts as being inside a page.

#[cfg(neon)]
mod neon;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(neon)]
pub use neon::load16;
#[cfg(target_arch = "x86_64")]
pub use x86::{copy_block, copy_ends, load16, load32};

use super::vector::{Vector, X16};

/// The smallest page of x86-64, and of aarch64.
const PAGE: usize = 4096;

/// Whether the `n` bytes from `p` on lie in one page.
#[inline(always)]
pub fn holds(p: *const u8, n: usize) -> bool {
    !cfg!(miri) && (p.addr() & (PAGE - 1)) <= PAGE - n
}

/// Up to 32 bytes and whatever lies behind them, up to 32.
///
/// Not a kernel of the text, but the one safe way to move a short string without a branch on its length.
#[inline(always)]
pub fn padded(s: &[u8]) -> [u8; 32] {
    debug_assert!(s.len() <= 32);
    let mut bytes = [0; 32];
    if s.is_empty() || !holds(s.as_ptr(), 32) {
        bytes[..s.len()].copy_from_slice(s);
        return bytes;
    }
    // SAFETY: the slice is not empty, so that its page is readable, and all 32 bytes are in it; the stores stay
    // inside the array.
    unsafe {
        let (a, b) = (X16::load_any(s.as_ptr()), X16::load_any(s.as_ptr().add(16)));
        a.store(bytes.as_mut_ptr());
        b.store(bytes.as_mut_ptr().add(16));
    }
    bytes
}

/// Whether the bytes from the second on are those of `s`, which is shorter than they are. For keys: few bytes, for
/// which a call would cost more than the comparison.
#[inline(always)]
pub fn stands_in(bytes: &[u8; 32], s: &[u8]) -> bool {
    let n = s.len();
    // The bits of the characters that are the same among 16, beginning with `at`.
    // SAFETY: of `bytes` those from 1 to 17 or from 16 to 32 are loaded. The string is not empty, so that its page is
    // readable, and what is loaded of it is in that. Every machine of the architecture has what X16 needs for this.
    let same = |at: usize| unsafe {
        X16::load(bytes.as_ptr().add(1 + at)).eq8(X16::load_any(s.as_ptr().add(at))).bits()
    };
    // Of the bits the n lowest count.
    match n {
        1..=16 if holds(s.as_ptr(), 16) => !same(0) << (32 - n) == 0,
        17..=31 if holds(s.as_ptr(), 32) => !(same(0) | same(15) << 15) << (32 - n) == 0,
        _ => bytes[1..].starts_with(s),
    }
}
