//! UCS4: one to four bytes a character, and two for one with a backslash.

use super::blocks::{self, Blocks};
use super::marks::{Marks, marks};
use super::vector::Vector;
use super::{expand, scalar};
use core::ptr::null_mut;

/// UCS4 by the block.
struct Ucs4<V> {
    /// Has something set once there was a surrogate.
    surrogate: V,
}

/// The bits of each lane that are also in `mask`.
#[inline(always)]
fn bits<V: Vector>(v: V, mask: u32) -> V {
    v.and(v.splat::<4>(mask))
}

/// The character's 21 bits, as 3 and three times 6 in the bytes of the lane, the higher ones first.
#[inline(always)]
fn continued<V: Vector>(v: V) -> V {
    let high = v.shr32::<18>().or(bits(v.shr32::<4>(), 0x3f00));
    high.or(bits(v.shl32::<10>(), 0x3f_0000)).or(bits(v.shl32::<24>(), 0x3f00_0000))
}

impl<V: Vector> Blocks<V> for Ucs4<V> {
    type Char = u32;

    #[inline(always)]
    unsafe fn block(&mut self, mut p: *mut u8, v: V, live: usize) -> *mut u8 {
        let Marks { escaped, short, rare } = marks::<V, 4>(v);
        let ascii = v.at_most::<4>(0x7f);
        let longer = escaped.or(ascii.xor(v.splat::<1>(0xff)));
        if longer.bits() == 0 {
            // SAFETY: the caller: 6 bytes for each live character and 64 more.
            return unsafe {
                v.store_low::<4>(p);
                p.add(live)
            };
        }
        if rare.bits() != 0 {
            return null_mut();
        }
        self.surrogate = self.surrogate.or(bits(v, 0xffff_f800).is::<4>(0xd800));
        let (below_800, basic) = (v.at_most::<4>(0x7ff), v.at_most::<4>(0xffff));
        // The marks of a lead byte and of those behind it: for 4 bytes, less what differs for 3 and for 2.
        let tag = v.splat::<4>(0x8080_80f0).xor(bits(basic, 0x60f0)).xor(bits(below_800, 0x40_e000));
        let escape = v.xor(short).shl32::<24>().or(v.splat::<4>(0x5c_0000));
        let lanes = continued(v).or(tag).blend(escape, ascii);
        // Two bits a character: its length less one, that is 2 from 0x800 on, and 1 for 2 bytes or 4.
        let odd = longer.and(below_800).or(v.splat::<4>(0xff).and_not(basic));
        let code = bits(odd, 0xff).or(v.splat::<4>(0xffff_ff00).and_not(below_800));
        let mask = code.pack32(code).bits();
        for i in 0..V::PARTS {
            // SAFETY: the caller: 6 bytes for each live character and 64 more; dead ones are spaces
            // and add a byte each.
            p = unsafe { expand::quads(p, lanes.part(i), mask >> (16 * i)) };
        }
        // SAFETY: each dead lane has added a byte.
        unsafe { p.sub(V::BYTES / 4 - live) }
    }

    #[inline(always)]
    unsafe fn plain(p: *mut u8, s: &[u32]) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { scalar::ucs4(p, s) }
    }
}

/// See [`super::super::Level::ucs4`].
///
/// # Safety
///
/// As [`super::super::Level::ucs4`].
#[inline(always)]
pub unsafe fn ucs4<V: Vector>(out: *mut u8, s: &[u32]) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe {
        let mut b = Ucs4 { surrogate: V::zero() };
        let end = blocks::each::<V, _>(&mut b, out, s);
        if b.surrogate.bits() != 0 { null_mut() } else { end }
    }
}
