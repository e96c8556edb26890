//! Numbers in lanes to digits in lanes.
//!
//! Digits by multiplication in vectors: Wojciech Mula, "SSE: conversion integers to decimal
//! representation" (0x80.pl, 2011), and Paul Khuong, "How to print integers really fast" (pvk.ca,
//! 2017). Here the least significant digit comes first, which saves a shift in each step; putting
//! the digits in order costs nothing where leading zeros are shuffled away anyhow. Multipliers as in
//! [`super::swar`]; the range of each is stated beside it.

use super::vector::{Arithmetic, Vector};
use super::words::E8;

/// 10^16: two lanes of digits.
const E16: u64 = E8 * E8;

/// The magnitude of each lane; 2^63 for the least value.
///
/// # Safety
///
/// The machine has the instructions of `V`.
#[inline(always)]
pub unsafe fn magnitudes<V: Vector>(values: V) -> V {
    // SAFETY: handed on from the caller.
    unsafe {
        let negative = V::splat(0).greater(values);
        values.xor(negative).sub(negative)
    }
}

/// Quotients and remainders by 10^8 of lanes below 2 * 10^16. The quotients may reach 2 * 10^8.
///
/// # Safety
///
/// The machine has the instructions of `V`.
#[inline(always)]
pub unsafe fn split<V: Vector>(m: V) -> (V, V) {
    // SAFETY: handed on from the caller.
    unsafe {
        // m >> 23 is below 2^32, and 2882303761 / 2^35 is below 2^23 / 10^8 by less than 1.6e-11. What
        // the shift drops is below 2^23 / 10^8 = 0.084 of a quotient, what the multiplier drops below
        // 0.04: the quotient is right or one too small.
        let high = m.shr::<23>().mul(V::splat(2_882_303_761)).shr::<35>();
        let low = m.sub(high.mul(V::splat(E8)));
        carry(high, low, E8)
    }
}

/// Quotients by 10^16 of lanes up to 2^63, and the quotients and remainders by 10^8 of the rest.
///
/// # Safety
///
/// The machine has the instructions of `V`.
#[inline(always)]
pub unsafe fn split_wide<V: Vector>(m: V) -> (V, V, V) {
    // SAFETY: handed on from the caller.
    unsafe {
        // m >> 32 is at most 2^31, and 3868562622 / 2^53 is below 2^32 / 10^16 by less than 2^-53. Shift
        // and multiplier drop less than 1e-6 of a quotient: it is right or one too small, and the
        // rest is below 2 * 10^16.
        let top = m.shr::<32>().mul(V::splat(3_868_562_622)).shr::<53>();
        // 10^16 has 54 bits: its halves are multiplied apart.
        let product = top.mul(V::splat(E16)).add(top.mul(V::splat(E16 >> 32)).shl::<32>());
        let (high, low) = split(m.sub(product));
        let (top, high) = carry(top, high, E8);
        (top, high, low)
    }
}

/// Where `low` has reached `base`, takes it off and adds one to `high`.
///
/// # Safety
///
/// The machine has the instructions of `V`.
#[inline(always)]
unsafe fn carry<V: Vector>(high: V, low: V, base: u64) -> (V, V) {
    // SAFETY: handed on from the caller.
    unsafe {
        let over = low.greater(V::splat(base - 1));
        (high.sub(over), low.sub(over.and(V::splat(base))))
    }
}

/// The eight digits of each lane as bytes 0 to 9, the last digit in the lowest byte.
///
/// # Safety
///
/// Every lane is below 10^8, and the machine has the instructions of `V` as [`Arithmetic`].
#[inline(always)]
pub unsafe fn digits<V: Arithmetic>(x: V) -> V {
    // Each step turns x into x % base, and x / base above it: x + (x / base) * (2^k - base).
    // SAFETY: handed on from the caller.
    unsafe {
        // floor(x / 10^4) for x < 2^32: 3518437209 / 2^45 exceeds 1 / 10^4 by less than 6e-15.
        let high = x.mul(V::splat(3_518_437_209)).shr::<45>();
        let fours = x.add(high.mul(V::splat((1 << 32) - 10_000)));
        // floor(x / 100) for x < 10^4: 5243 / 2^19 exceeds 1 / 100 by less than 2.3e-7.
        let high = fours.mul_high16(V::splat(0x0001_0001_0001_0001 * 5243)).shr16::<3>();
        let twos = fours.carry_hundreds(high);
        // floor(x / 10) for x < 100: 6554 / 2^16 exceeds 1 / 10 by less than 6.2e-6.
        let high = twos.mul_high16(V::splat(0x0001_0001_0001_0001 * 6554));
        twos.add(high.mul_low16(V::splat(0x0001_0001_0001_0001 * ((1 << 8) - 10))))
    }
}
