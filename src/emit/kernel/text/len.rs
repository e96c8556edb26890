//! How long a string is in UTF-8: for each bound that a character reaches one byte more.

use super::blocks::load_rest;
use super::vector::Vector;
use super::{page, scalar};

/// Characters whose lanes can be counted below the bounds of UTF-8.
///
/// A trait and not a closure, which would be a function of its own without the level's instructions.
pub trait Bounds: Copy {
    /// Length of the longest: one more than there are bounds.
    const LONGEST: usize;
    /// For how many bounds lanes stay below them, over all lanes. Takes note of surrogates.
    fn below<V: Vector>(v: V, surrogate: &mut V) -> usize;
    /// The length, found without vectors.
    fn plain(s: &[Self]) -> Option<usize>;
}

impl Bounds for u16 {
    const LONGEST: usize = 3;

    #[inline(always)]
    fn below<V: Vector>(v: V, surrogate: &mut V) -> usize {
        *surrogate = surrogate.or(v.and(v.splat::<2>(0xf800)).is::<2>(0xd800));
        // Packing makes a byte of each lane.
        v.at_most::<2>(0x7f).pack16(v.at_most::<2>(0x7ff)).count()
    }

    #[inline(always)]
    fn plain(s: &[Self]) -> Option<usize> {
        // SAFETY: the scalar level asks for nothing.
        unsafe { scalar::ucs2_len(s) }
    }
}

impl Bounds for u32 {
    const LONGEST: usize = 4;

    #[inline(always)]
    fn below<V: Vector>(v: V, surrogate: &mut V) -> usize {
        *surrogate = surrogate.or(v.and(v.splat::<4>(0xffff_f800)).is::<4>(0xd800));
        let two = v.at_most::<4>(0x7f).pack32(v.at_most::<4>(0x7ff));
        let basic = v.at_most::<4>(0xffff);
        two.pack16(basic.pack32(v.xor(v))).count()
    }

    #[inline(always)]
    fn plain(s: &[Self]) -> Option<usize> {
        // SAFETY: the scalar level asks for nothing.
        unsafe { scalar::ucs4_len(s) }
    }
}

/// See [`super::super::Level::ucs2_len`] and [`super::super::Level::ucs4_len`].
///
/// # Safety
///
/// The machine has the vector's instructions.
#[inline(always)]
pub unsafe fn len<V: Vector, T: Bounds>(s: &[T]) -> Option<usize> {
    let lanes = V::BYTES / size_of::<T>();
    // SAFETY: the caller: the machine has the instructions.
    let mut surrogate = unsafe { V::zero() };
    // The longest form of each lane, dead ones too; what stays below a bound is taken off.
    let mut n = s.len().next_multiple_of(lanes) * T::LONGEST;
    let mut blocks = s.chunks_exact(lanes);
    for block in &mut blocks {
        // SAFETY: the caller; a whole block is readable.
        n -= T::below(unsafe { V::load(block.as_ptr().cast()) }, &mut surrogate);
    }
    let rest = blocks.remainder();
    if surrogate.any() {
        return None;
    }
    if rest.is_empty() {
        return Some(n);
    }
    if !page::holds(rest.as_ptr().cast(), V::BYTES) {
        return T::plain(rest).map(|m| n - lanes * T::LONGEST + m);
    }
    // SAFETY: the caller; the rest is not empty and shorter than a block, which lies in one page.
    let [v] = unsafe { load_rest::<V, 1, T>(rest) };
    // Each dead lane is a space and has been left with one byte.
    n -= T::below(v, &mut surrogate) + lanes - rest.len();
    (!surrogate.any()).then_some(n)
}
