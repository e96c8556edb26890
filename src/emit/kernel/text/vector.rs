//! What the kernels need of a vector register. x86-64 has one of 16 bytes and one of 32, aarch64 one of 16.
//!
//! Only the loads and `zero` are unsafe, because they make a vector out of nothing: whoever calls
//! them promises that the machine has the instructions. A vector that exists is the proof for all
//! other operations. (The habit of writing an algorithm once over such a trait is memchr's.)
//!
//! Everything is `inline(always)`: only inside a function with the right `target_feature` do the
//! intrinsics become single instructions.

#[cfg(neon)]
mod neon;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(neon)]
pub use neon::X16;
#[cfg(target_arch = "x86_64")]
pub use x86::{X16, X32};

use super::ascii;

/// A vector of unsigned lanes, `W` bytes wide each: 1, 2 or 4.
pub trait Vector: Copy {
    /// Bytes in a vector, at most 32.
    const BYTES: usize;
    /// Pieces of 16 bytes; interleaving, packing and shuffling stay inside a piece.
    const PARTS: usize = Self::BYTES / 16;

    /// All bits clear.
    ///
    /// # Safety
    ///
    /// The machine has the instructions.
    unsafe fn zero() -> Self;
    /// Loads from any address.
    ///
    /// # Safety
    ///
    /// The machine has the instructions; `BYTES` are readable.
    unsafe fn load(p: *const u8) -> Self;
    /// Loads from any address, perhaps past the end of an object.
    ///
    /// # Safety
    ///
    /// The machine has the instructions; one byte is readable, and all lie in its page ([`super::page::holds`]).
    unsafe fn load_past(p: *const u8) -> Self;
    /// Loads from any address, perhaps past the end of an object.
    ///
    /// # Safety
    ///
    /// The machine has the instructions; all `BYTES` are readable, or one of them is and all lie in its page.
    unsafe fn load_any(p: *const u8) -> Self;
    /// Copies [`super::ascii::BLOCK`] bytes, and says which of the first `n` are to be escaped in ASCII, a bit each; `n` is
    /// 1 to as many. It can be inlined into code that has no instructions but those of every machine of the architecture.
    ///
    /// # Safety
    ///
    /// The machine has the instructions; as many bytes are writable at `out`, and readable at `p` as `load_any` wants it.
    #[inline(always)]
    unsafe fn copy_block(out: *mut u8, p: *const u8, n: usize) -> u32 {
        // SAFETY: the caller's promise.
        unsafe { ascii::copy::<Self>(out, p) & (u32::MAX >> (ascii::BLOCK - n)) }
    }
    /// Copies as many bytes twice, the second time those from `last` on, to the same places; not 0 if some of them are to be
    /// escaped. It can be inlined as [`Vector::copy_block`].
    ///
    /// # Safety
    ///
    /// The machine has the instructions; all these bytes are readable and writable.
    #[inline(always)]
    unsafe fn copy_ends(out: *mut u8, p: *const u8, last: usize) -> u32 {
        // SAFETY: the caller's promise.
        unsafe { ascii::copy::<Self>(out, p) | ascii::copy::<Self>(out.add(last), p.add(last)) }
    }
    /// Stores to any address.
    ///
    /// # Safety
    ///
    /// `BYTES` are writable.
    unsafe fn store(self, p: *mut u8);
    /// Stores the lowest byte of each lane, `BYTES / W` in all, and perhaps nothing more.
    ///
    /// # Safety
    ///
    /// `BYTES / W` are writable.
    unsafe fn store_low<const W: usize>(self, p: *mut u8);

    /// A vector with `x` in each lane.
    fn splat<const W: usize>(self, x: u32) -> Self;
    /// A vector with `t` in each piece.
    fn table(self, t: &[u8; 16]) -> Self;

    /// Both.
    fn and(self, o: Self) -> Self;
    /// Those of `self` that are not in `o`.
    fn and_not(self, o: Self) -> Self;
    /// Either.
    fn or(self, o: Self) -> Self;
    /// One of the two.
    fn xor(self, o: Self) -> Self;
    /// All ones where bytes are equal.
    fn eq8(self, o: Self) -> Self;
    /// All ones where lanes of 2 are equal.
    fn eq16(self, o: Self) -> Self;
    /// All ones where lanes of 4 are equal.
    fn eq32(self, o: Self) -> Self;
    /// All ones where unsigned bytes are at most those of `o`.
    fn at_most8(self, o: Self) -> Self;
    /// All ones where unsigned lanes of 2 are at most those of `o`.
    fn at_most16(self, o: Self) -> Self;
    /// All ones where unsigned lanes of 4 are at most those of `o`.
    fn at_most32(self, o: Self) -> Self;
    /// For each byte of `at` below 16 the byte of that number in this piece; 0 where its high bit is set.
    fn shuffle(self, at: Self) -> Self;
    /// For each byte of `at` below 16 the byte of that number in this piece; 0 for all others.
    fn look_up(self, at: Self) -> Self;
    /// In each piece the low 8 bytes of both, alternating.
    fn interleave_low8(self, o: Self) -> Self;
    /// In each piece the high 8 bytes of both, alternating.
    fn interleave_high8(self, o: Self) -> Self;
    /// In each piece the low 4 lanes of 2 of both, alternating.
    fn interleave_low16(self, o: Self) -> Self;
    /// In each piece the high 4 lanes of 2 of both, alternating.
    fn interleave_high16(self, o: Self) -> Self;
    /// In each piece the lanes of 2 of `self`, then of `o`, as bytes; they are 0 or all ones.
    fn pack16(self, o: Self) -> Self;
    /// In each piece the lanes of 4 of `self`, then of `o`, as lanes of 2; they are 0 or all ones.
    fn pack32(self, o: Self) -> Self;
    /// The lanes of 4 of `self`, then of `o`, as lanes of 2; they are at most 0xffff.
    fn narrow32(self, o: Self) -> Self;

    /// Shifts lanes of 2 to the left.
    fn shl16<const N: i32>(self) -> Self;
    /// Shifts lanes of 2 to the right.
    fn shr16<const N: i32>(self) -> Self;
    /// Shifts lanes of 4 to the right.
    fn shr32<const N: i32>(self) -> Self;
    /// `o` where the byte of `mask` is all ones, `self` where it is 0.
    fn blend(self, o: Self, mask: Self) -> Self;

    /// What `bits` takes for all ones in bytes that have their high bit set, and for 0 in the others.
    fn high(self) -> Self;
    /// A bit for each byte, set where it is all ones; all are that or 0.
    fn bits(self) -> u32;
    /// The piece number `i`.
    fn part(self, i: usize) -> X16;

    /// All ones where lanes are equal.
    #[inline(always)]
    fn eq<const W: usize>(self, o: Self) -> Self {
        match W {
            1 => self.eq8(o),
            2 => self.eq16(o),
            _ => self.eq32(o),
        }
    }
    /// All ones where a lane, unsigned, is at most `x`.
    #[inline(always)]
    fn at_most<const W: usize>(self, x: u32) -> Self {
        let x = self.splat::<W>(x);
        match W {
            1 => self.at_most8(x),
            2 => self.at_most16(x),
            _ => self.at_most32(x),
        }
    }
    /// All ones where a lane is `x`.
    #[inline(always)]
    fn is<const W: usize>(self, x: u32) -> Self {
        self.eq::<W>(self.splat::<W>(x))
    }
    /// Whether any byte is all ones; all are that or 0.
    #[inline(always)]
    fn any(self) -> bool {
        self.bits() != 0
    }
    /// Whether all bytes are all ones; all are that or 0.
    #[inline(always)]
    fn all(self) -> bool {
        self.bits() == u32::MAX >> (32 - Self::BYTES)
    }
    /// How many bytes are all ones; all are that or 0.
    #[inline(always)]
    fn count(self) -> usize {
        self.bits().count_ones() as usize
    }
}
