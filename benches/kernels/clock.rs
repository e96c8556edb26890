//! Timing and checking for the benchmarks of kernels.

use std::time::Instant;

/// The best of many, in nanoseconds for each of the `n` things that `work` does: on a shared machine the
/// least disturbed round says most.
pub fn best(n: usize, mut work: impl FnMut()) -> f64 {
    let mut least = f64::INFINITY;
    let begin = Instant::now();
    let mut round = 0;
    while round < 30 || (begin.elapsed().as_millis() < 150 && round < 3000) {
        let start = Instant::now();
        work();
        least = least.min(start.elapsed().as_secs_f64());
        round += 1;
    }
    least * 1e9 / n as f64
}

/// Stops the benchmark unless the bytes from `out` to the address `end` are `expected`.
pub fn verify(expected: &[u8], out: *const u8, end: usize) {
    // SAFETY: a kernel has just written the bytes from `out` to `end`.
    let text = unsafe { core::slice::from_raw_parts(out, end - out.addr()) };
    assert!(text == expected, "wrong bytes");
}

/// xorshift64*, the same numbers in every run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
}
