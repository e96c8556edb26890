//! Latin-1: a character from 0x80 on becomes two bytes, as an escaped one does.

use super::blocks::Blocks;
use super::marks::marks;
use super::vector::Vector;
use super::{expand, scalar};
use core::ptr::null_mut;

/// The byte in front of the last one, by the character's high four bits.
static LEAD: [u8; 16] = {
    let mut t = [b'\\'; 16];
    let mut i = 8;
    while i < 16 {
        t[i] = 0xc0 | (i >> 2) as u8;
        i += 1;
    }
    t
};

/// What differs between the character and its last byte, by its high four bits: 0xc0 to 0xff end in 0x80 to 0xbf.
static LAST: [u8; 16] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x40, 0x40, 0x40];

/// Latin-1 by the block.
pub struct Latin1;

impl<V: Vector> Blocks<V, 1> for Latin1 {
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
        let mask = m.escaped.or(v.high()).bits();
        // SAFETY: the caller: 6 bytes for each live character and 64 more; the dead ones add at
        // most 31 and the last store 16.
        unsafe {
            if live == V::BYTES && mask == 0 {
                v.store(p);
                return p.add(live);
            }
            if m.rare.any() {
                return null_mut();
            }
            let high = v.shr16::<4>().and(v.splat::<1>(0x0f));
            let lead = v.table(&LEAD).shuffle(high);
            let last = v.xor(m.short).xor(v.table(&LAST).shuffle(high));
            expand::bytes(p, lead, last, mask).sub(V::BYTES - live)
        }
    }

    #[inline(always)]
    unsafe fn plain(p: *mut u8, s: &[u8]) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { scalar::latin1(p, s) }
    }
}
