//! How long a string is in UTF-8: for each bound that a character reaches one byte more.

use super::blocks::load_rest;
use super::vector::Vector;

/// For UCS2: the bits are set for each bound (two) that a lane stays below. Takes note of surrogates.
#[inline(always)]
fn below2<V: Vector>(v: V, surrogate: &mut V) -> usize {
    *surrogate = surrogate.or(v.and(v.splat::<2>(0xf800)).is::<2>(0xd800));
    // Packing makes a byte of each lane, and so one bit.
    v.at_most::<2>(0x7f).pack16(v.at_most::<2>(0x7ff)).bits().count_ones() as usize
}

/// For UCS4: the bits are set for each bound (three) that a lane stays below. Takes note of surrogates.
#[inline(always)]
fn below4<V: Vector>(v: V, surrogate: &mut V) -> usize {
    *surrogate = surrogate.or(v.and(v.splat::<4>(0xffff_f800)).is::<4>(0xd800));
    let all = v.at_most::<4>(0x7f).pack32(v.at_most::<4>(0x7ff));
    let basic = v.at_most::<4>(0xffff);
    all.pack16(basic.pack32(v.xor(v))).bits().count_ones() as usize
}

/// Length of `s` given its longest character and how often each block's lanes stay below a bound.
///
/// # Safety
///
/// The machine has the vector's instructions.
#[inline(always)]
unsafe fn len<V: Vector, T: Copy>(
    s: &[T],
    longest: usize,
    below: impl Fn(V, &mut V) -> usize,
) -> Option<usize> {
    let lanes = V::BYTES / size_of::<T>();
    // SAFETY: the caller: the machine has the instructions.
    let mut surrogate = unsafe { V::zero() };
    let mut n = 0;
    let mut blocks = s.chunks_exact(lanes);
    for block in &mut blocks {
        // SAFETY: the caller; a whole block is readable.
        n += longest * lanes - below(unsafe { V::load(block.as_ptr().cast()) }, &mut surrogate);
    }
    let rest = blocks.remainder();
    if !rest.is_empty() {
        // SAFETY: the caller; the rest is not empty and shorter than a block.
        let v = unsafe { load_rest::<V, T>(rest) };
        // Each dead lane is a space and counts one.
        n += longest * lanes - below(v, &mut surrogate) - (lanes - rest.len());
    }
    (surrogate.bits() == 0).then_some(n)
}

/// See [`super::super::Level::ucs2_len`].
///
/// # Safety
///
/// As [`super::super::Level::ucs2_len`].
#[inline(always)]
pub unsafe fn ucs2<V: Vector>(s: &[u16]) -> Option<usize> {
    // SAFETY: the caller's promise.
    unsafe { len::<V, u16>(s, 3, |v, surrogate| below2(v, surrogate)) }
}

/// See [`super::super::Level::ucs4_len`].
///
/// # Safety
///
/// As [`super::super::Level::ucs4_len`].
#[inline(always)]
pub unsafe fn ucs4<V: Vector>(s: &[u32]) -> Option<usize> {
    // SAFETY: the caller's promise.
    unsafe { len::<V, u32>(s, 4, |v, surrogate| below4(v, surrogate)) }
}
