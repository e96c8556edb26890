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

/// All ones where there is something to escape; SSE2 suffices.
#[inline(always)]
fn special<V: Vector>(v: V) -> V {
    v.at_most::<1>(0x1f).or(v.is::<1>(0x22)).or(v.is::<1>(0x5c))
}

/// ASCII by the block.
pub struct Ascii;

impl<V: Vector> Blocks<V> for Ascii {
    type Char = u8;

    #[inline(always)]
    unsafe fn block(&mut self, p: *mut u8, v: V, live: usize) -> *mut u8 {
        let m = marks::<V, 1>(v);
        let mask = m.escaped.bits();
        // SAFETY: the caller: 6 bytes for each live character and 64 more; the dead ones add at
        // most 31 and the last store 16.
        unsafe {
            if mask == 0 {
                v.store(p);
                return p.add(live);
            }
            if m.rare.bits() != 0 {
                return null_mut();
            }
            let q = expand::bytes(p, v.splat::<1>(u32::from(b'\\')), v.xor(m.short), mask);
            q.sub(V::BYTES - live)
        }
    }

    #[inline(always)]
    unsafe fn plain(p: *mut u8, s: &[u8]) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { scalar::ascii(p, s) }
    }
}

/// See [`super::super::Level::ascii`].
///
/// # Safety
///
/// As [`super::super::Level::ascii`].
#[inline(always)]
pub unsafe fn long<V: Vector>(out: *mut u8, s: &[u8]) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe { blocks::each::<V, _>(&mut Ascii, out, s) }
}
