//! UCS2: one to three bytes a character, and two for one with a backslash.

use super::blocks::{self, Blocks};
use super::marks::{Marks, marks};
use super::vector::Vector;
use super::{expand, scalar};
use core::ptr::null_mut;

/// UCS2 by the block.
struct Ucs2<V> {
    /// Has something set once there was a surrogate.
    surrogate: V,
}

impl<V: Vector> Ucs2<V> {
    /// Takes note of surrogates.
    #[inline(always)]
    fn look(&mut self, v: V) {
        self.surrogate = self.surrogate.or(v.and(v.splat::<2>(0xf800)).is::<2>(0xd800));
    }

    /// Writes characters from 0x800 on, three bytes each.
    ///
    /// # Safety
    ///
    /// 3 bytes for each of the vector's lanes and 4 more are writable at `p`.
    #[inline(always)]
    unsafe fn threes(mut p: *mut u8, v: V) {
        let [low, high] = quads(first(v), continued(v).or(v.splat::<2>(0x8080)));
        for i in 0..V::PARTS {
            // SAFETY: the caller: 12 bytes for each 4 characters, and 4 more.
            unsafe {
                p = expand::threes(p, low.part(i));
                p = expand::threes(p, high.part(i));
            }
        }
    }
}

/// The first byte of three, in the high half of the lane.
#[inline(always)]
fn first<V: Vector>(v: V) -> V {
    v.shr16::<4>().and(v.splat::<2>(0x0f00)).or(v.splat::<2>(0xe000))
}

/// The character's 12 low bits, as 6 in each byte of the lane, the higher ones first.
#[inline(always)]
fn continued<V: Vector>(v: V) -> V {
    let (high, low) = (v.shr16::<6>(), v.shl16::<8>());
    high.and(v.splat::<2>(0x003f)).or(low.and(v.splat::<2>(0x3f00)))
}

/// Lanes of 4 bytes from the pairs of first and of last bytes.
#[inline(always)]
fn quads<V: Vector>(first: V, last: V) -> [V; 2] {
    [first.interleave_low16(last), first.interleave_high16(last)]
}

impl<V: Vector> Blocks<V> for Ucs2<V> {
    type Char = u16;

    #[inline(always)]
    unsafe fn block(&mut self, mut p: *mut u8, v: V, live: usize) -> *mut u8 {
        let lanes = V::BYTES / 2;
        let all = u64::MAX >> (64 - V::BYTES);
        let below_800 = v.at_most::<2>(0x7ff);
        // SAFETY (whole function): the caller: 6 bytes for each live character and 64 more; dead
        // ones are spaces and add a byte each, but for `threes`, which writes 3 * 16 + 4 at most.
        if u64::from(below_800.bits()) == all & all << (2 * live) {
            self.look(v);
            // SAFETY: see above.
            return unsafe {
                Self::threes(p, v);
                p.add(3 * live)
            };
        }
        let Marks { escaped, short, rare } = marks::<V, 2>(v);
        let ascii = v.at_most::<2>(0x7f);
        let longer = escaped.or(ascii.xor(v.splat::<1>(0xff)));
        if longer.bits() == 0 {
            // SAFETY: see above.
            return unsafe {
                v.store_low::<2>(p);
                p.add(live)
            };
        }
        if rare.bits() != 0 {
            return null_mut();
        }
        // Backslash and letter, or the two last bytes of the character.
        let escape = v.xor(short).shl16::<8>().or(v.splat::<2>(0x5c));
        let tag = v.splat::<2>(0x8080).or(below_800.and(v.splat::<2>(0x0040)));
        let last = continued(v).or(tag).blend(escape, ascii);
        if u64::from(below_800.bits()) == all {
            let mask = longer.pack16(longer).bits();
            for i in 0..V::PARTS {
                // SAFETY: see above.
                p = unsafe { expand::pairs(p, last.part(i), mask >> (16 * i)) };
            }
        } else {
            self.look(v);
            let two = longer.and(below_800).and(v.splat::<2>(0x00ff));
            let mask = two.or(v.splat::<2>(0xff00).and_not(below_800)).bits();
            let [low, high] = quads(first(v), last);
            for i in 0..V::PARTS {
                // SAFETY: see above.
                unsafe {
                    p = expand::quads(p, low.part(i), mask >> (16 * i));
                    p = expand::quads(p, high.part(i), mask >> (16 * i + 8));
                }
            }
        }
        // SAFETY: each dead lane has added a byte.
        unsafe { p.sub(lanes - live) }
    }

    #[inline(always)]
    unsafe fn plain(p: *mut u8, s: &[u16]) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { scalar::ucs2(p, s) }
    }
}

/// See [`super::super::Level::ucs2`].
///
/// # Safety
///
/// As [`super::super::Level::ucs2`].
#[inline(always)]
pub unsafe fn ucs2<V: Vector>(out: *mut u8, s: &[u16]) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe {
        let mut b = Ucs2 { surrogate: V::zero() };
        let end = blocks::each::<V, _>(&mut b, out, s);
        if b.surrogate.bits() != 0 { null_mut() } else { end }
    }
}
