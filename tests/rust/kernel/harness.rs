//! What the tests of all kernels share: levels, a guarded buffer, random numbers.

use planjson::emit::kernel::SLACK;

/// Defines a test for each function `fn name<L: Level>()`, which runs it for every level that the
/// machine has.
macro_rules! for_each_level {
    ($($name:ident,)*) => {
        mod every_level {$(
            #[test]
            fn $name() {
                for level in planjson::emit::kernel::Name::ALL {
                    if level.is_available() {
                        planjson::with_level!(level, L => super::$name::<L>());
                    }
                }
            }
        )*}
    };
}

/// A buffer of canaries, to see what a kernel wrote and that it wrote no further than it may.
pub struct Canary(Vec<u8>);

/// Not an ASCII character, so no kernel under test has reason to write it.
const BYTE: u8 = 0xA5;

/// Bytes before the place that a kernel is given.
const BEFORE: usize = 16;

/// Canaries behind the farthest byte that a kernel may touch.
const AFTER: usize = 64;

impl Canary {
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// The bytes that `write` put before the place it returned; `bound` is the most there may be.
    ///
    /// # Panics
    ///
    /// If it wrote in front of `out`, more than `bound`, or more than the slack behind its end.
    pub fn written(&mut self, bound: usize, write: impl FnOnce(*mut u8) -> *mut u8) -> &[u8] {
        self.0.clear();
        self.0.resize(BEFORE + bound + SLACK + AFTER, BYTE);
        let start = self.0.as_mut_ptr().wrapping_add(BEFORE);
        let len = write(start).addr() - start.addr();
        assert!(len <= bound, "{len} bytes are more than the bound of {bound}");
        let (front, text) = self.0.split_at(BEFORE);
        assert!(front.iter().all(|&b| b == BYTE), "wrote in front of its place");
        let (text, behind) = text.split_at(len);
        assert!(behind[SLACK..].iter().all(|&b| b == BYTE), "wrote more than the slack behind its end");
        text
    }
}

/// Random numbers that are the same in every run.
///
/// xorshift64*: Sebastiano Vigna, "An experimental exploration of Marsaglia's xorshift generators,
/// scrambled" (2016).
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

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }
}

/// `n` in a release build, a hundredth of it where every step is checked.
pub const fn rounds(n: usize) -> usize {
    if cfg!(debug_assertions) { n / 100 } else { n }
}
