//! UCS4: as UCS2 where no character is above 0xffff, else one to four bytes each.

use super::blocks::Blocks;
use super::scalar;
use super::ucs2::{Ucs2, kinds, quads};
use super::vector::Vector;
use core::ptr::null_mut;

/// UCS4 by the block of two vectors, which become one of lanes of 2 and one of the bits above.
pub struct Ucs4<V>(Ucs2<V>);

/// The two first bytes of four, or in the high half of the lane the first byte of three.
#[inline(always)]
fn first<V: Vector>(low: V, high: V, basic: V) -> V {
    // All bits above the last 12: at most 0x10f, and below 0x10 for a character of three bytes.
    let x = high.shl16::<4>().or(low.shr16::<12>());
    let bits = x.shr16::<6>().or(x.shl16::<8>().and(x.splat::<2>(0x3f00)));
    bits.or(x.splat::<2>(0x80f0).blend(x.splat::<2>(0xe000), basic))
}

impl<V: Vector> Blocks<V, 2> for Ucs4<V> {
    type Char = u32;

    #[inline(always)]
    unsafe fn new() -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { Ucs2::new() })
    }

    #[inline(always)]
    fn failed(&self) -> bool {
        self.0.failed()
    }

    #[inline(always)]
    unsafe fn block(&mut self, p: *mut u8, [a, b]: [V; 2], live: usize) -> *mut u8 {
        let low = a.and(a.splat::<4>(0xffff)).narrow32(b.and(b.splat::<4>(0xffff)));
        let high = a.shr32::<16>().narrow32(b.shr32::<16>());
        let basic = high.is::<2>(0);
        let above = basic.xor(basic.splat::<1>(0xff));
        // SAFETY: the caller: 6 bytes for each live character and 64 more. Dead lanes are spaces and
        // add a byte each, which is taken off.
        unsafe {
            if live == V::BYTES / 2 && !above.any() {
                return self.0.block(p, [low], live);
            }
            let all = low.or(above);
            let Some(k) = kinds(all) else { return null_mut() };
            self.0.look(all);
            // Four bytes are what is one byte and at the same time not below 0x800.
            let end = quads(p, first(low, high, basic), k.last(low), k.plain.or(above), k.below_800);
            end.sub(V::BYTES / 2 - live)
        }
    }

    #[inline(always)]
    unsafe fn plain(p: *mut u8, s: &[u32]) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { scalar::ucs4(p, s) }
    }
}
