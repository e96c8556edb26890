//! `true,` and `false,` from bits, four at a time from a table; and bits from words that are one of two.
//!
//! Eight at a time from 256 entries is a quarter faster with vectors of 16 bytes and no faster with 32,
//! but takes half of the first-level cache, and misses it 256 times before it is warm.

/// Bits that choose an entry.
const BITS: usize = 4;

/// The longest text of an entry: four times `false,`.
const LONGEST: usize = 6 * BITS;

/// One vector of v3.
const SIZE: usize = 32;

/// A text, and its length in the last byte. Aligned, so that it lies in one cache line.
#[derive(Clone, Copy)]
#[repr(align(32))]
struct Entry([u8; SIZE]);

/// The texts of all combinations, bit 0 first.
static TABLE: [Entry; 1 << BITS] = table();

const fn table() -> [Entry; 1 << BITS] {
    let mut table = [Entry([0; SIZE]); 1 << BITS];
    let mut bits = 0;
    while bits < table.len() {
        let entry = &mut table[bits].0;
        let (mut bit, mut len) = (0, 0);
        while bit < BITS {
            let word: &[u8] = if bits >> bit & 1 == 1 { b"true," } else { b"false," };
            let mut i = 0;
            while i < word.len() {
                entry[len] = word[i];
                len += 1;
                i += 1;
            }
            bit += 1;
        }
        entry[SIZE - 1] = len as u8;
        bits += 1;
    }
    table
}

/// Writes the `n` lowest bits of `bits`; copies `COPY` bytes for each four of them, [`LONGEST`] or more.
///
/// # Safety
///
/// As [`super::Level::bools`].
#[inline(always)]
unsafe fn bools<const COPY: usize>(mut out: *mut u8, bits: u64, n: usize) -> *mut u8 {
    const { assert!(LONGEST <= COPY && COPY <= SIZE && SIZE <= super::SLACK) };
    debug_assert!(n <= super::BOOLS_MAX);
    // What the last entry has beyond the `n` values is false, so its length is known.
    let mut left = if n == 0 { 0 } else { bits & (!0 >> (64 - n)) };
    let entries = n.div_ceil(BITS);
    for _ in 0..entries {
        let entry = &TABLE[(left & ((1 << BITS) - 1)) as usize].0;
        // SAFETY: the caller gives 6 bytes a value and the slack. `out` is at the end of the values
        // before these, so a copy no longer than the slack stays inside.
        unsafe {
            core::ptr::copy_nonoverlapping(entry.as_ptr(), out, COPY);
            out = out.add(usize::from(entry[SIZE - 1]));
        }
        left >>= BITS;
    }
    // SAFETY: the last entry has so many values too many, six bytes each.
    unsafe { out.sub(6 * (BITS * entries - n)) }
}

/// The words as bits, set where one is `yes`; `None` if one is neither `yes` nor `no`.
#[inline(always)]
fn bits(words: &[usize; super::BOOLS_MAX], yes: usize, no: usize) -> Option<u64> {
    let (mut bits, mut strange) = (0, false);
    for (i, &word) in words.iter().enumerate() {
        bits |= u64::from(word == yes) << i;
        strange |= (word != yes) & (word != no);
    }
    (!strange).then_some(bits)
}

/// As [`bits`].
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn bits_by_fours(words: &[usize; super::BOOLS_MAX], yes: usize, no: usize) -> Option<u64> {
    use core::arch::x86_64::*;
    let (yes, no) = (_mm256_set1_epi64x(yes as i64), _mm256_set1_epi64x(no as i64));
    let (mut bits, mut known) = (0, _mm256_set1_epi64x(-1));
    for (i, four) in words.as_chunks::<4>().0.iter().enumerate() {
        // SAFETY: four words are a vector.
        let four = unsafe { _mm256_loadu_si256(four.as_ptr().cast()) };
        let is_yes = _mm256_cmpeq_epi64(four, yes);
        known = _mm256_and_si256(known, _mm256_or_si256(is_yes, _mm256_cmpeq_epi64(four, no)));
        bits |= (_mm256_movemask_pd(_mm256_castsi256_pd(is_yes)) as u64) << (4 * i);
    }
    (_mm256_movemask_epi8(known) == -1).then_some(bits)
}

/// The kernel of one level: the same code, for a compiler that knows the level's vectors.
macro_rules! level {
    ($(#[$doc:meta])* $level:ident, $copy:expr, $bits:ident $(, $features:literal)?) => {
        $(#[$doc])*
        pub mod $level {
            /// See [`super::super::Level::bools`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::bools`].
            $(#[target_feature(enable = $features)])?
            pub unsafe fn bools(out: *mut u8, bits: u64, n: usize) -> *mut u8 {
                // SAFETY: handed on from the caller.
                unsafe { super::bools::<{ $copy }>(out, bits, n) }
            }

            /// See [`super::super::Level::bits`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::bits`].
            $(#[target_feature(enable = $features)])?
            pub unsafe fn bits(words: &[usize; super::super::BOOLS_MAX], yes: usize, no: usize) -> Option<u64> {
                super::$bits(words, yes, no)
            }
        }
    };
}

level!(
    /// For any machine.
    scalar, super::LONGEST, bits
);
#[cfg(neon)]
level!(
    /// NEON: an entry is two vectors, which move together.
    neon, super::SIZE, bits
);
#[cfg(target_arch = "x86_64")]
level!(
    /// x86-64-v3: an entry is one vector.
    v3, super::SIZE, bits_by_fours, "avx2,bmi1,bmi2,lzcnt,popcnt"
);

/// x86-64-v2: nothing in it that this code could use.
#[cfg(target_arch = "x86_64")]
pub use scalar as v2;
