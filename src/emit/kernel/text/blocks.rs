//! The frame of the vector kernels: whole blocks, then what is left of the string as a last block.

use super::page;
use super::vector::Vector;

/// How one kind of string becomes JSON, a block at a time.
pub trait Blocks<V: Vector> {
    /// A character.
    type Char: Copy;

    /// Writes a block of which the first `live` characters count (at least one) and the others are
    /// spaces. Null, and nothing that matters written, if it holds a character with a `\u00xx` escape.
    ///
    /// # Safety
    ///
    /// 6 bytes for each live character, and the slack, are writable at `p`.
    unsafe fn block(&mut self, p: *mut u8, v: V, live: usize) -> *mut u8;

    /// Writes any characters; null if there is a surrogate among them.
    ///
    /// # Safety
    ///
    /// As for `block`.
    unsafe fn plain(p: *mut u8, s: &[Self::Char]) -> *mut u8;
}

/// Writes a string block by block; null if `plain` has found a surrogate.
///
/// # Safety
///
/// The machine has the vector's instructions. 6 bytes for each character, and the slack, are writable at `out`.
#[inline(always)]
pub unsafe fn each<V: Vector, B: Blocks<V>>(b: &mut B, out: *mut u8, s: &[B::Char]) -> *mut u8 {
    let lanes = V::BYTES / size_of::<B::Char>();
    let (mut p, mut rest) = (out, s);
    while !rest.is_empty() {
        let live = rest.len().min(lanes);
        // SAFETY: as many characters are left as `block` and `plain` are told of, so that there is
        // room for them by the caller's promise; a whole block is readable.
        unsafe {
            let q = if live == lanes {
                b.block(p, V::load(rest.as_ptr().cast()), lanes)
            } else {
                b.block(p, load_rest(rest), live)
            };
            p = if q.is_null() { B::plain(p, rest.get_unchecked(..live)) } else { q };
            if p.is_null() {
                return p;
            }
            rest = rest.get_unchecked(live..);
        }
    }
    p
}

/// All ones up to the middle, so that a load from `32 - n` has n bytes set.
static KEEP: [u8; 64] = {
    let mut t = [0; 64];
    let mut i = 0;
    while i < 32 {
        t[i] = 0xff;
        i += 1;
    }
    t
};

/// Loads fewer characters than a vector holds, at least one, and spaces behind them.
///
/// # Safety
///
/// The machine has the vector's instructions; `s` is not empty and shorter than a vector.
#[inline(always)]
pub unsafe fn load_rest<V: Vector, T: Copy>(s: &[T]) -> V {
    let n = size_of_val(s);
    debug_assert!(n > 0 && n < V::BYTES);
    let p = s.as_ptr().cast::<u8>();
    // SAFETY: the caller; a page is read past the end only if the slice, which is not empty, starts
    // in it. KEEP has 32 bytes behind each of its first 33.
    unsafe {
        let v = if page::holds(p, V::BYTES) { V::load_past(p) } else { V::load(copied(p, n).as_ptr()) };
        let keep = V::load(KEEP.as_ptr().add(32 - n));
        let spaces = match size_of::<T>() {
            1 => v.splat::<1>(0x20),
            2 => v.splat::<2>(0x20),
            _ => v.splat::<4>(0x20),
        };
        spaces.blend(v, keep)
    }
}

/// `n` bytes at the start of a block of 32, for a string that ends close to a page's end.
///
/// # Safety
///
/// `n` bytes are readable at `p`; `n` is at most 32.
#[cold]
#[inline(never)]
unsafe fn copied(p: *const u8, n: usize) -> [u8; 32] {
    debug_assert!(n <= 32);
    let mut block = [0; 32];
    // SAFETY: the caller.
    unsafe { core::ptr::copy_nonoverlapping(p, block.as_mut_ptr(), n) }
    block
}
