//! UCS2: one to three bytes a character, and two for one with a backslash.
//!
//! UCS4 shares most of it, because all but its highest bits fit into the same lanes.

use super::blocks::Blocks;
use super::expand;
use super::marks::marks;
use super::scalar;
use super::vector::Vector;
use core::ptr::null_mut;

/// How long the characters become, in lanes of 2.
pub struct Kinds<V> {
    /// The characters, but the letter for one that is to be escaped.
    pub letters: V,
    /// Below 0x80.
    pub ascii: V,
    /// One byte: below 0x80 and not to be escaped.
    pub plain: V,
    /// At most two bytes: below 0x800.
    pub below_800: V,
}

/// Finds out how long the characters become; none if one needs `\u00xx`.
#[inline(always)]
pub fn kinds<V: Vector>(v: V) -> Option<Kinds<V>> {
    let (ascii, below_800) = (v.at_most::<2>(0x7f), v.at_most::<2>(0x7ff));
    let m = marks::<V, 2>(v);
    // Few blocks have an escape in text that is not ASCII, so that this is worth a branch.
    if !m.escaped.any() {
        return Some(Kinds { letters: v, ascii, plain: ascii, below_800 });
    }
    if m.rare.any() {
        return None;
    }
    Some(Kinds { letters: v.xor(m.short), ascii, plain: ascii.and_not(m.escaped), below_800 })
}

impl<V: Vector> Kinds<V> {
    /// The two last bytes of each character, or backslash and letter.
    #[inline(always)]
    pub fn last(&self, v: V) -> V {
        let tag = v.splat::<2>(0x8080).or(self.below_800.and(v.splat::<2>(0x0040)));
        let escape = self.letters.shl16::<8>().or(v.splat::<2>(0x5c));
        continued(v).or(tag).blend(escape, self.ascii)
    }
}

/// The character's 12 low bits, as 6 in each byte of the lane, the higher ones first.
#[inline(always)]
fn continued<V: Vector>(v: V) -> V {
    let (high, low) = (v.shr16::<6>(), v.shl16::<8>());
    high.and(v.splat::<2>(0x003f)).or(low.and(v.splat::<2>(0x3f00)))
}

/// The first byte of three, in the high half of the lane.
#[inline(always)]
fn first<V: Vector>(v: V) -> V {
    v.shr16::<4>().and(v.splat::<2>(0x0f00)).or(v.splat::<2>(0xe000))
}

/// Writes characters of up to four bytes, given their first and last pairs.
///
/// # Safety
///
/// 4 bytes for each of the vector's lanes are writable at `p`.
#[inline(always)]
pub unsafe fn quads<V: Vector>(mut p: *mut u8, first: V, last: V, plain: V, below_800: V) -> *mut u8 {
    let mask = plain.blend(below_800, plain.splat::<2>(0xff00)).bits();
    let (low, high) = (first.interleave_low16(last), first.interleave_high16(last));
    for i in 0..V::PARTS {
        // SAFETY: the caller: 16 bytes for each 4 characters.
        unsafe {
            p = expand::quads(p, low.part(i), mask >> (16 * i));
            p = expand::quads(p, high.part(i), mask >> (16 * i + 8));
        }
    }
    p
}

/// UCS2 by the block.
pub struct Ucs2<V> {
    /// Has something set once there was a surrogate.
    surrogate: V,
}

impl<V: Vector> Ucs2<V> {
    /// Takes note of surrogates.
    #[inline(always)]
    pub fn look(&mut self, v: V) {
        self.surrogate = self.surrogate.or(v.and(v.splat::<2>(0xf800)).is::<2>(0xd800));
    }

    /// Writes characters from 0x800 on, three bytes each.
    ///
    /// # Safety
    ///
    /// 3 bytes for each of the vector's lanes and 4 more are writable at `p`.
    #[inline(always)]
    unsafe fn threes(&mut self, mut p: *mut u8, v: V) {
        self.look(v);
        let (first, last) = (first(v), continued(v).or(v.splat::<2>(0x8080)));
        let (low, high) = (first.interleave_low16(last), first.interleave_high16(last));
        for i in 0..V::PARTS {
            // SAFETY: the caller: 12 bytes for each 4 characters, and 4 more.
            unsafe {
                p = expand::threes(p, low.part(i));
                p = expand::threes(p, high.part(i));
            }
        }
    }
}

impl<V: Vector> Blocks<V, 1> for Ucs2<V> {
    type Char = u16;

    #[inline(always)]
    unsafe fn new() -> Self {
        // SAFETY: the caller's promise.
        Self { surrogate: unsafe { V::zero() } }
    }

    #[inline(always)]
    fn failed(&self) -> bool {
        self.surrogate.any()
    }

    #[inline(always)]
    unsafe fn block(&mut self, p: *mut u8, [v]: [V; 1], live: usize) -> *mut u8 {
        let lanes = V::BYTES / 2;
        // Of the bits of a vector those of the dead lanes, which are below 0x800.
        let dead = (u64::MAX >> (64 - V::BYTES)) & (u64::MAX << (2 * live));
        // SAFETY: the caller: 6 bytes for each live character and 64 more. Dead lanes are spaces and
        // add a byte each, which is taken off; only `threes` writes 3 for each, 52 in all.
        unsafe {
            if u64::from(v.at_most::<2>(0x7ff).bits()) == dead {
                self.threes(p, v);
                return p.add(3 * live);
            }
            let Some(k) = kinds(v) else { return null_mut() };
            if live == lanes && k.plain.all() {
                v.store_low::<2>(p);
                return p.add(live);
            }
            let last = k.last(v);
            let end = if k.below_800.all() {
                expand::words(p, last, k.plain.pack16(k.plain).bits())
            } else {
                self.look(v);
                quads(p, first(v), last, k.plain, k.below_800)
            };
            end.sub(lanes - live)
        }
    }

    #[inline(always)]
    unsafe fn plain(p: *mut u8, s: &[u16]) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { scalar::ucs2(p, s) }
    }
}
