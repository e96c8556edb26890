//! ASCII: the search for something to escape is one with the copy.

use super::blocks::{self, Blocks};
use super::marks::marks;
use super::vector::{Vector, X16};
use super::{expand, page, scalar};
use core::ptr::null_mut;

/// The longest string that [`short`] takes.
const SHORT_MAX: usize = 32;

/// Copies a string of 1 to 32 characters with nothing to escape; null for any other, and near a page's end.
///
/// It needs no more than x86-64 always has, so that it can be inlined into code of any level.
///
/// # Safety
///
/// 32 bytes are writable at `out`.
#[inline(always)]
pub unsafe fn short(out: *mut u8, s: &[u8]) -> *mut u8 {
    let n = s.len();
    // One comparison for "not empty" (an empty slice may point anywhere) and "not too long".
    if n.wrapping_sub(1) >= SHORT_MAX || !page::holds(s.as_ptr(), SHORT_MAX) {
        return null_mut();
    }
    // SAFETY: the string is not empty, so that its page is readable, and all 32 bytes are in it;
    // the caller: 32 bytes are writable. Of X16 only SSE2 operations are used.
    unsafe {
        let (a, b) = (X16::load_past(s.as_ptr()), X16::load_past(s.as_ptr().add(16)));
        a.store(out);
        b.store(out.add(16));
        let found = u64::from(special(a).bits() | special(b).bits() << 16);
        // Only the n lowest bits count; n is not 0, and so the shift is below 64.
        if found << (64 - n) != 0 { null_mut() } else { out.add(n) }
    }
}

/// Copies a string of 1 to 32 characters with nothing to escape, perhaps with what lies behind its end; false for any
/// other, and near a page's end.
///
/// Not a kernel: for those who want to write the string later.
#[inline(always)]
pub fn copy_clean(to: &mut [u8; SHORT_MAX], s: &[u8]) -> bool {
    // SAFETY: the place has 32 bytes.
    !unsafe { short(to.as_mut_ptr(), s) }.is_null()
}

/// All ones where there is something to escape; SSE2 suffices.
#[inline(always)]
fn special<V: Vector>(v: V) -> V {
    v.at_most::<1>(0x1f).or(v.is::<1>(0x22)).or(v.is::<1>(0x5c))
}

/// ASCII by the block.
pub struct Ascii;

impl<V: Vector> Blocks<V, 1> for Ascii {
    type Char = u8;

    #[inline(always)]
    unsafe fn new() -> Self {
        Self
    }

    #[inline(always)]
    fn failed(&self) -> bool {
        false
    }

    #[inline(always)]
    unsafe fn block(&mut self, p: *mut u8, [v]: [V; 1], live: usize) -> *mut u8 {
        let m = marks::<V, 1>(v);
        let mask = m.escaped.bits();
        // SAFETY: the caller: 6 bytes for each live character and 64 more; the dead ones add at
        // most 31 and the last store 16.
        unsafe {
            if live == V::BYTES && mask == 0 {
                v.store(p);
                return p.add(live);
            }
            if m.rare.bits() != 0 {
                return null_mut();
            }
            expand::escaped(p, v.xor(m.short), mask).sub(V::BYTES - live)
        }
    }

    #[inline(always)]
    unsafe fn plain(p: *mut u8, s: &[u8]) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { scalar::ascii(p, s) }
    }
}

/// Copies `N` vectors; whether there was nothing to escape in them.
///
/// # Safety
///
/// The machine has the vector's instructions; as many bytes are readable and writable.
#[inline(always)]
unsafe fn copy<V: Vector, const N: usize>(out: *mut u8, p: *const u8) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        let mut found = V::zero();
        for i in 0..N {
            let v = V::load(p.add(i * V::BYTES));
            v.store(out.add(i * V::BYTES));
            found = found.or(special(v));
        }
        found.bits() == 0
    }
}

/// A string that [`short`] does not take. `N` vectors are 32 bytes, `M` 64; `cold` is Latin-1's.
///
/// # Safety
///
/// As [`super::super::Level::ascii`].
#[inline(always)]
pub unsafe fn long<V: Vector, const N: usize, const M: usize>(
    out: *mut u8,
    s: &[u8],
    cold: unsafe fn(*mut u8, &[u8]) -> *mut u8,
) -> *mut u8 {
    const { assert!(N * V::BYTES == 32 && M * V::BYTES == 64) };
    let (n, p) = (s.len(), s.as_ptr());
    // SAFETY: the caller's promise. The last copies may overlap those before: what they write
    // again are the same bytes at the same place, because there is nothing to escape in them.
    unsafe {
        if n < 64 {
            if n >= 32 && copy::<V, N>(out, p) && copy::<V, N>(out.add(n - 32), p.add(n - 32)) {
                return out.add(n);
            }
            return blocks::write::<V, 1, Ascii>(out, s, cold);
        }
        let mut done = 0;
        while n - done > 64 {
            if !copy::<V, M>(out.add(done), p.add(done)) {
                return blocks::write::<V, 1, Ascii>(out.add(done), s.get_unchecked(done..), cold);
            }
            done += 64;
        }
        if copy::<V, M>(out.add(n - 64), p.add(n - 64)) {
            return out.add(n);
        }
        blocks::write::<V, 1, Ascii>(out.add(done), s.get_unchecked(done..), cold)
    }
}
