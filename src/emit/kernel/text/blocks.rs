//! The frame of the vector kernels: whole blocks, then what is left of the string as a last block.

use super::page;
use super::vector::Vector;
use core::ptr::null_mut;

/// How one kind of string becomes JSON, a block of `N` vectors at a time.
pub trait Blocks<V: Vector, const N: usize>: Sized {
    /// A character.
    type Char: Copy;

    /// Nothing written yet.
    ///
    /// # Safety
    ///
    /// The machine has the vector's instructions.
    unsafe fn new() -> Self;

    /// Whether there was a surrogate.
    fn failed(&self) -> bool;

    /// Writes a block of which the first `live` characters count (at least one) and the others are
    /// spaces. Null, and nothing that matters written, if it holds a character with a `\u00xx` escape.
    ///
    /// A kernel should not look for simple cases in a block that is not whole: how many characters
    /// are left is chance, hence also what is among them, and the branch costs more than it saves.
    ///
    /// # Safety
    ///
    /// 6 bytes for each live character, and the slack, are writable at `p`.
    unsafe fn block(&mut self, p: *mut u8, v: [V; N], live: usize) -> *mut u8;

    /// Writes any characters; null if there is a surrogate among them.
    ///
    /// # Safety
    ///
    /// As for `block`.
    unsafe fn plain(p: *mut u8, s: &[Self::Char]) -> *mut u8;
}

/// Writes a string. It calls nothing but `cold`, as the very last thing, and so needs no stack.
///
/// # Safety
///
/// The machine has the vector's instructions. 6 bytes for each character, and the slack, are
/// writable at `out`. `cold` is [`slowly`] for the same.
#[inline(always)]
pub unsafe fn write<V: Vector, const N: usize, B: Blocks<V, N>>(
    out: *mut u8,
    s: &[B::Char],
    cold: unsafe fn(*mut u8, &[B::Char]) -> *mut u8,
) -> *mut u8 {
    // SAFETY: the caller's promise, for the string and for what is left of it.
    unsafe {
        let mut b = B::new();
        let (p, rest) = each(&mut b, out, s);
        if b.failed() {
            null_mut()
        } else if rest.is_empty() {
            p
        } else {
            cold(p, rest)
        }
    }
}

/// Writes a string that starts with what [`each`] leaves aside.
///
/// # Safety
///
/// As for [`write()`].
#[inline(always)]
pub unsafe fn slowly<V: Vector, const N: usize, B: Blocks<V, N>>(mut p: *mut u8, s: &[B::Char]) -> *mut u8 {
    /// Enough to pass a `\u00xx` in most blocks, and little enough to get back to vectors soon.
    const STEP: usize = 8;
    let mut rest = s;
    while !rest.is_empty() {
        let (head, tail) = rest.split_at(rest.len().min(STEP));
        // SAFETY: the caller's promise, for each part of the string.
        unsafe {
            p = B::plain(p, head);
            if p.is_null() {
                return p;
            }
            let mut b = B::new();
            (p, rest) = each(&mut b, p, tail);
            if b.failed() {
                return null_mut();
            }
        }
    }
    p
}

/// Writes block by block, up to one with a `\u00xx`, or up to a last one that lies across a page's end.
///
/// # Safety
///
/// As for [`write()`].
#[inline(always)]
unsafe fn each<'s, V: Vector, const N: usize, B: Blocks<V, N>>(
    b: &mut B,
    mut p: *mut u8,
    s: &'s [B::Char],
) -> (*mut u8, &'s [B::Char]) {
    let lanes = N * V::BYTES / size_of::<B::Char>();
    let mut rest = s;
    // SAFETY: as many characters are left as `block` is told of, so that there is room for them by
    // the caller's promise, and a whole block is readable.
    unsafe {
        while rest.len() >= lanes {
            let q = b.block(p, load(rest), lanes);
            if q.is_null() {
                return (p, rest);
            }
            p = q;
            rest = rest.get_unchecked(lanes..);
        }
        if rest.is_empty() || !page::holds(rest.as_ptr().cast(), N * V::BYTES) {
            return (p, rest);
        }
        let q = b.block(p, load_rest(rest), rest.len());
        if q.is_null() { (p, rest) } else { (q, &[]) }
    }
}

/// Loads as many characters as a block holds.
///
/// # Safety
///
/// The machine has the vector's instructions; `s` has as many characters.
#[inline(always)]
pub unsafe fn load<V: Vector, const N: usize, T: Copy>(s: &[T]) -> [V; N] {
    debug_assert!(size_of_val(s) >= N * V::BYTES);
    let p = s.as_ptr().cast::<u8>();
    // SAFETY: the caller. (A loop and no closure, which would not have the level's instructions.)
    unsafe {
        let mut v = [V::zero(); N];
        for (i, v) in v.iter_mut().enumerate() {
            *v = V::load(p.add(i * V::BYTES));
        }
        v
    }
}

/// The most bytes in a block.
const BLOCK: usize = 64;

/// All ones up to the middle, so that loads from `BLOCK - n` on have n bytes set.
static KEEP: [u8; 2 * BLOCK] = {
    let mut t = [0; 2 * BLOCK];
    let mut i = 0;
    while i < BLOCK {
        t[i] = 0xff;
        i += 1;
    }
    t
};

/// Loads fewer characters than a block holds, at least one, and spaces behind them.
///
/// # Safety
///
/// The machine has the vector's instructions; `s` is not empty and shorter than a block, which lies
/// in one page.
#[inline(always)]
pub unsafe fn load_rest<V: Vector, const N: usize, T: Copy>(s: &[T]) -> [V; N] {
    const { assert!(N * V::BYTES <= BLOCK) };
    let n = size_of_val(s);
    debug_assert!(n > 0 && n < N * V::BYTES);
    let p = s.as_ptr().cast::<u8>();
    debug_assert!(page::holds(p, N * V::BYTES));
    // SAFETY: the caller: the page is readable, because the slice, which is not empty, starts in it.
    // KEEP has a block behind each of the places up to its middle.
    unsafe {
        let keep = KEEP.as_ptr().add(BLOCK - n);
        let mut v = [V::zero(); N];
        for (i, v) in v.iter_mut().enumerate() {
            let spaces = match size_of::<T>() {
                1 => v.splat::<1>(0x20),
                2 => v.splat::<2>(0x20),
                _ => v.splat::<4>(0x20),
            };
            let at = i * V::BYTES;
            *v = spaces.blend(V::load_past(p.add(at)), V::load(keep.add(at)));
        }
        v
    }
}
