//! `true,` and `false,` from bits, four at a time from a table.
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

/// The kernel of one level: the same code, for a compiler that knows the level's vectors.
macro_rules! level {
    ($(#[$doc:meta])* $level:ident, $copy:expr $(, $features:literal)?) => {
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
        }
    };
}

level!(
    /// For any machine.
    scalar, super::LONGEST
);
#[cfg(target_arch = "x86_64")]
level!(
    /// x86-64-v3: an entry is one vector.
    v3, super::SIZE, "avx2,bmi1,bmi2,lzcnt,popcnt"
);

/// x86-64-v2: nothing in it that this code could use.
#[cfg(target_arch = "x86_64")]
pub use scalar as v2;
