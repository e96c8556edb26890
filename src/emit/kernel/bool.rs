//! `true,` and `false,` from bits, eight at a time from a table.

/// Bytes of one entry: eight times `false,`.
const STRIDE: usize = 48;

/// The text of the eight bits of each byte, bit 0 first.
static TEXT: [[u8; STRIDE]; 256] = text();

const fn text() -> [[u8; STRIDE]; 256] {
    let mut table = [[0; STRIDE]; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut bit, mut at) = (0, 0);
        while bit < 8 {
            let word: &[u8] = if byte >> bit & 1 == 1 { b"true," } else { b"false," };
            let mut i = 0;
            while i < word.len() {
                table[byte][at] = word[i];
                at += 1;
                i += 1;
            }
            bit += 1;
        }
        byte += 1;
    }
    table
}

/// Writes the `n` lowest bits of `bits`.
///
/// # Safety
///
/// As [`super::Level::bools`].
#[inline(always)]
unsafe fn bools(out: *mut u8, bits: u64, n: usize) -> *mut u8 {
    debug_assert!(n <= super::BOOLS_MAX);
    let mut left = bits;
    let mut at = out;
    for _ in 0..n.div_ceil(8) {
        let byte = (left & 0xff) as usize;
        // SAFETY: the caller gives 6 bytes a value and the slack; before this word `at` is at most at
        // the end of the values before it, and the slack is longer than an entry.
        unsafe {
            core::ptr::copy_nonoverlapping(TEXT[byte].as_ptr(), at, STRIDE);
            at = at.add(STRIDE - byte.count_ones() as usize);
        }
        left >>= 8;
    }
    // The last entry may hold more than the `n` values, and bits that are not theirs.
    let kept = if n == 0 { 0 } else { bits << (64 - n) };
    // SAFETY: `n` values of 6 bytes, one less for each `true,`, lie behind `out`.
    unsafe { out.add(6 * n - kept.count_ones() as usize) }
}

/// For any machine.
pub mod scalar {
    /// See [`super::super::Level::bools`].
    ///
    /// # Safety
    ///
    /// As [`super::super::Level::bools`].
    pub unsafe fn bools(out: *mut u8, bits: u64, n: usize) -> *mut u8 {
        // SAFETY: handed on from the caller.
        unsafe { super::bools(out, bits, n) }
    }
}

/// The same code, for a compiler that may count bits and copy vectors with the level's instructions.
#[cfg(target_arch = "x86_64")]
macro_rules! level {
    ($(#[$doc:meta])* $level:ident, $features:literal) => {
        $(#[$doc])*
        pub mod $level {
            /// See [`super::super::Level::bools`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::bools`].
            #[target_feature(enable = $features)]
            pub unsafe fn bools(out: *mut u8, bits: u64, n: usize) -> *mut u8 {
                // SAFETY: handed on from the caller.
                unsafe { super::bools(out, bits, n) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
level!(
    /// x86-64-v2.
    v2, "ssse3,sse4.1,sse4.2,popcnt"
);
#[cfg(target_arch = "x86_64")]
level!(
    /// x86-64-v3.
    v3, "avx2,bmi1,bmi2,lzcnt,popcnt"
);
