//! Documents from random numbers that are the same in every run.

use proptest::prelude::RngExt;
use proptest::test_runner::{RngAlgorithm, TestRng};

use super::{Doc, Key, Manner, Stored};

/// Lengths of texts around those at which something changes.
const LENGTHS: [usize; 22] =
    [0, 1, 2, 3, 6, 7, 8, 9, 14, 15, 16, 17, 29, 30, 31, 32, 33, 34, 63, 64, 65, 100];

/// Lengths around that of a piece.
const LONG_LENGTHS: [usize; 4] = [2047, 2048, 2049, 5000];

/// Lengths of arrays around thresholds, words, runs and lanes.
const COUNTS: [usize; 14] = [1, 2, 3, 4, 5, 6, 15, 16, 33, 63, 64, 65, 256, 257];

/// Lengths of arrays around that of a lane, and beyond a segment.
const LONG_COUNTS: [usize; 6] = [1023, 1024, 1025, 2049, 4097, 5000];

/// Characters at which something changes.
const POINTS: [u32; 24] = [
    0,
    0x08,
    0x09,
    0x0a,
    0x0c,
    0x0d,
    0x1b,
    0x1f,
    0x20,
    b'"' as u32,
    b'\\' as u32,
    0x7e,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x7ff,
    0x800,
    0xd7ff,
    0xe000,
    0xfffd,
    0xffff,
    0x10000,
    0x10ffff,
];

/// Random numbers.
pub struct Random(TestRng);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut bytes = [0xA5; 16];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self(TestRng::from_seed(RngAlgorithm::XorShift, &bytes))
    }

    pub fn bits(&mut self) -> u64 {
        self.0.random()
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn int(&mut self) -> i64 {
        match self.below(8) {
            0 => self.pick(&[0, 1, -1, 1 << 55, -(1 << 55), (1 << 55) - 1, i64::MAX, i64::MIN]),
            _ => (self.bits() as i64) >> self.below(64),
        }
    }

    pub fn float(&mut self) -> f64 {
        match self.below(8) {
            0 => self.pick(&[0.0, -0.0, 1e16, 1e-5, f64::MIN, f64::MIN_POSITIVE, f64::NAN, f64::INFINITY]),
            1 | 2 => f64::from_bits(self.bits()),
            3 => self.int() as f64,
            _ => self.below(1_000_000) as f64 / self.pick(&[1.0, 10.0, 100.0, 7.0]),
        }
    }

    /// A code point up to `last`, no surrogate.
    fn point(&mut self, last: u32) -> u32 {
        let point = match self.below(4) {
            0 => self.pick(&POINTS),
            1 => self.below(last as usize + 1) as u32,
            _ => 0x20 + self.below(0x5f) as u32,
        };
        if point > last || (0xd800..0xe000).contains(&point) { u32::from(b'x') } else { point }
    }

    /// `len` characters of one of the four widths.
    pub fn stored(&mut self, len: usize) -> Stored {
        // Plain texts take other ways than those with escapes.
        let plain = self.one_in(2);
        match self.below(5) {
            0 => Stored::Latin1((0..len).map(|_| self.point(0xff) as u8).collect()),
            1 => Stored::Ucs2((0..len).map(|_| self.point(0xffff) as u16).collect()),
            2 => Stored::Ucs4((0..len).map(|_| self.point(0x10ffff)).collect()),
            _ if plain => Stored::Ascii((0..len).map(|_| b'a' + self.below(26) as u8).collect()),
            _ => Stored::Ascii((0..len).map(|_| self.point(0x7f) as u8).collect()),
        }
    }

    fn length(&mut self) -> usize {
        if self.one_in(40) { self.pick(&LONG_LENGTHS) } else { self.pick(&LENGTHS) }
    }

    fn key(&mut self) -> Key {
        let manner = self.pick(&[Manner::Kept, Manner::Passing, Manner::Known, Manner::Known]);
        let stored = match manner {
            // Few, so that they come again.
            Manner::Known => Stored::new(["id", "name", "", "a \"quoted\" one", "\n"][self.below(5)]),
            _ => {
                let len = self.length();
                self.stored(len)
            }
        };
        Key { stored, manner }
    }

    /// A value that is no container.
    pub fn scalar(&mut self) -> Doc {
        match self.below(9) {
            0 => Doc::Null,
            8 => Doc::Raw(vec![b'r'; self.length()]),
            1 => Doc::Uint(self.bits() | 1 << 63),
            2 => {
                let len = self.length();
                Doc::Passing(self.stored(len))
            }
            kind => self.of_kind(kind % 4),
        }
    }

    /// A value of one of the four kinds that make lanes.
    fn of_kind(&mut self, kind: usize) -> Doc {
        match kind {
            0 => Doc::Int(self.int()),
            1 => Doc::Float(self.float()),
            2 => Doc::Bool(self.one_in(2)),
            _ => {
                let len = self.length();
                Doc::Text(self.stored(len))
            }
        }
    }

    /// An array of `n` values of one kind.
    pub fn lane(&mut self, n: usize) -> Doc {
        let kind = self.below(4);
        Doc::array(n, |_| self.of_kind(kind))
    }

    /// Runs of several kinds, one behind the other, with something else between them at times.
    fn runs(&mut self) -> Doc {
        let mut elements = Vec::new();
        for _ in 0..self.below(6) {
            let (kind, n) = (self.below(4), self.pick(&COUNTS));
            elements.extend((0..n).map(|_| self.of_kind(kind)));
            if self.one_in(2) {
                elements.push(self.scalar());
            }
        }
        Doc::Array(elements)
    }

    fn object(&mut self, depth: usize) -> Doc {
        Doc::Object((0..self.below(6)).map(|_| (self.key(), self.value(depth))).collect())
    }

    /// A value with at most `depth` containers around one another.
    pub fn value(&mut self, depth: usize) -> Doc {
        match self.below(if depth == 0 { 4 } else { 10 }) {
            0..4 => self.scalar(),
            4 => {
                let n = self.pick(&COUNTS);
                self.lane(n)
            }
            5 => self.runs(),
            6 | 7 => Doc::array(self.below(8), |_| self.value(depth - 1)),
            _ => self.object(depth - 1),
        }
    }

    /// A document of more than one segment.
    pub fn large(&mut self) -> Doc {
        match self.below(4) {
            0 => {
                let n = self.pick(&LONG_COUNTS);
                self.lane(n)
            }
            1 => Doc::array(300, |_| self.object(1)),
            2 => Doc::array(60, |_| self.value(2)),
            _ => {
                let depth = 1 + self.below(240);
                Doc::array(6, |_| self.value(2).nested(depth))
            }
        }
    }
}
