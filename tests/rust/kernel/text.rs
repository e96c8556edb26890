//! The string kernels.

#![allow(clippy::single_range_in_vec_init)]

use super::text_harness::{Ascii, Brief, Checker, Guarded, Kernel, Latin1, PIECE, Random, Ucs2, Ucs4, naive};
use planjson::emit::kernel::{Level, Name};
use std::ops::Range;

/// Runs a test for each kernel and each level that the machine has.
macro_rules! every {
    ($($test:ident: $($kernel:ident)*;)*) => {$(
        mod $test {
            use super::*;
            $(
                #[test]
                #[allow(non_snake_case)]
                fn $kernel() {
                    for name in Name::ALL.into_iter().filter(|name| name.is_available()) {
                        planjson::with_level!(name, L => super::of::$test::<super::$kernel, L>());
                    }
                }
            )*
        }
    )*};
}

every! {
    lengths_and_alignments: Ascii Latin1 Ucs2 Ucs4;
    pages_around: Ascii Latin1 Ucs2 Ucs4;
    low_characters_anywhere: Ascii Latin1 Ucs2 Ucs4;
    all_code_points: Ascii Latin1 Ucs2 Ucs4;
    neighbours: Ascii Latin1 Ucs2 Ucs4;
    surrogates: Ucs2 Ucs4;
    mixtures: Ascii Latin1 Ucs2 Ucs4;
    empty: Ascii Latin1 Ucs2 Ucs4;
}

/// Ranges that take different ways through the kernels, repeated for likelier ones.
const RANGES: [&[Range<u32>]; 14] = [
    &[0x20..0x22, 0x23..0x5c, 0x5d..0x80],
    &[0x20..0x80],
    &[8..14, 0x22..0x23, 0x5c..0x5d],
    &[0x61..0x7b, 0x61..0x7b, 0x61..0x7b, 8..11, 0x22..0x23],
    &[0..0x20],
    &[0..0x80],
    &[0x61..0x7b, 0x80..0x100],
    &[0x80..0x100],
    &[0x20..0x80, 0x400..0x460, 0x400..0x460],
    &[0x80..0x800],
    &[0x4e00..0xa000],
    &[0x4e00..0xa000, 0x4e00..0xa000, 0x20..0x80, 0x80..0x800, 0xe000..0x1_0000],
    &[0x1_f300..0x1_f650, 0x20..0x80, 0x20..0x80],
    &[0..0x80, 0x80..0x800, 0x800..0xd800, 0x1_0000..0x11_0000],
];

/// Those of the ranges whose characters the kernel takes.
fn ranges<K: Kernel>() -> impl Iterator<Item = &'static [Range<u32>]> {
    RANGES.into_iter().filter(|ranges| ranges.iter().all(|r| r.end - 1 <= K::LAST))
}

fn random<K: Kernel>(r: &mut Random, n: usize, ranges: &[Range<u32>]) -> Vec<K::Char> {
    (0..n).map(|_| K::char(r.of(ranges))).collect()
}

/// Strings in code of the level's own, which is what was chosen of several.
#[test]
fn brief() {
    for name in Name::ALL.into_iter().filter(|name| name.is_available()) {
        planjson::with_chosen!(name, L => {
            of::lengths_and_alignments::<Brief, L>();
            of::pages_around::<Brief, L>();
            of::low_characters_anywhere::<Brief, L>();
        });
    }
}

#[test]
fn utf8_stays_as_it_is() {
    for name in Name::ALL.into_iter().filter(|name| name.is_available()) {
        planjson::with_level!(name, L => of::utf8::<L>());
    }
}

/// The tests, for a kernel at a level.
mod of {
    use super::*;

    /// UTF-8 by the kernel for ASCII: each length, at many alignments, and at both ends of a page.
    pub fn utf8<L: Level>() {
        let (mut c, mut r, mut input) = (Checker::new(), Random(7), Guarded::new(2048));
        for n in 0..=150 {
            for ranges in RANGES {
                let s: String = (0..n).filter_map(|_| char::from_u32(r.of(ranges))).collect();
                let points: Vec<u32> = s.chars().map(u32::from).collect();
                let expected = naive(&points);
                let bytes = s.as_bytes();
                for at in [0, 1, 15, 31, 33, 63] {
                    c.expect::<Ascii, L>(input.place(at, bytes), &expected);
                }
                c.expect::<Ascii, L>(input.place_last(bytes), &expected);
            }
        }
    }

    /// Every length at every alignment; the characters change with both.
    pub fn lengths_and_alignments<K: Kernel, L: Level>() {
        let (mut c, mut r, mut input) = (Checker::new(), Random(1), Guarded::new(2048));
        for n in 0..=300 {
            for (ranges, part) in ranges::<K>().zip(0..) {
                // All alignments for a third of the ranges at each length, a few for the others.
                let step = if (n + part) % 3 == 0 { 1 } else { 13 };
                let s = random::<K>(&mut r, n, ranges);
                let expected = naive(&s);
                for at in (0..64 / size_of::<K::Char>()).step_by(step) {
                    c.expect::<K, L>(input.place(at * size_of::<K::Char>(), &s), &expected);
                }
            }
        }
    }

    /// The input begins, or ends, at a page that must not be touched.
    pub fn pages_around<K: Kernel, L: Level>() {
        let (mut c, mut r, mut input) = (Checker::new(), Random(2), Guarded::new(2048));
        for n in 0..=300 {
            for ranges in ranges::<K>() {
                let s = random::<K>(&mut r, n, ranges);
                let expected = naive(&s);
                c.expect::<K, L>(input.place(0, &s), &expected);
                c.expect::<K, L>(input.place_last(&s), &expected);
            }
        }
    }

    /// Each of the 256 lowest characters at each position among others.
    pub fn low_characters_anywhere<K: Kernel, L: Level>() {
        let mut c = Checker::new();
        for fill in [0x61, 0x22, 0xe9, 0x416, 0x4e2d, 0x1_f600] {
            if fill > K::LAST {
                continue;
            }
            for point in 0..=K::LAST.min(0xff) {
                for at in 0..64 {
                    let mut s = [K::char(fill); 64];
                    s[at] = K::char(point);
                    c.check::<K, L>(&s);
                    if fill == 0x61 {
                        c.check::<K, L>(&s[..=at]);
                    }
                }
            }
        }
    }

    fn points<K: Kernel>() -> Vec<K::Char> {
        (0..=K::LAST).filter(|c| !(0xd800..0xe000).contains(c)).map(K::char).collect()
    }

    /// Every code point once, in its order.
    pub fn all_code_points<K: Kernel, L: Level>() {
        let mut c = Checker::new();
        for s in points::<K>().chunks(PIECE - 3) {
            c.check::<K, L>(s);
        }
    }

    /// Every code point (of the BMP) among characters of other lengths, and each one alone.
    pub fn neighbours<K: Kernel, L: Level>() {
        let (mut c, mut r) = (Checker::new(), Random(3));
        let points = points::<K>();
        let all = RANGES[RANGES.len() - 1];
        let fitting: Vec<_> = all.iter().filter(|r| r.end - 1 <= K::LAST).cloned().collect();
        for part in points[..points.len().min(0x1_0000)].chunks(1000) {
            let mut s = Vec::new();
            for &point in part {
                s.push(point);
                for _ in 0..r.below(4) {
                    s.push(if fitting.is_empty() { point } else { K::char(r.of(&fitting)) });
                }
                c.check::<K, L>(&[point]);
            }
            c.check::<K, L>(&s);
        }
    }

    /// A surrogate anywhere in a string of any kind makes it null.
    pub fn surrogates<K: Kernel, L: Level>() {
        let mut c = Checker::new();
        for fill in [0x61, 0x22, 1, 0x416, 0x4e2d, 0x1_f600] {
            if fill > K::LAST {
                continue;
            }
            for n in 1..=70 {
                for at in 0..n {
                    let mut s = vec![K::char(fill); n];
                    s[at] = K::char([0xd800, 0xdbff, 0xdc00, 0xdfff][(n + at) % 4]);
                    let expected = naive(&s);
                    assert_eq!(expected.json, None);
                    c.expect::<K, L>(&s, &expected);
                }
            }
        }
        for point in 0xd800..0xe000 {
            c.check::<K, L>(&[K::char(point)]);
        }
        for point in [0xd7ff, 0xe000] {
            assert!(naive(&[point]).json.is_some());
            c.check::<K, L>(&[K::char(point); 70]);
        }
    }

    /// Pieces of different kinds behind one another, at any length.
    pub fn mixtures<K: Kernel, L: Level>() {
        let (mut c, mut r) = (Checker::new(), Random(4));
        let kinds: Vec<_> = ranges::<K>().collect();
        for i in 0..2000 {
            let limit = if i % 50 == 0 { PIECE } else { 250 };
            let n = r.below(limit as u32 + 1) as usize;
            let mut s = Vec::new();
            while s.len() < n {
                let kind = kinds[r.below(kinds.len() as u32) as usize];
                let more = (1 + r.below(60) as usize).min(n - s.len());
                s.extend(random::<K>(&mut r, more, kind));
            }
            if K::LAST > 0xff && r.below(40) == 0 && n > 0 {
                s[r.below(n as u32) as usize] = K::char(0xd800 + r.below(0x800));
            }
            c.check::<K, L>(&s);
        }
        // The most that a string can become.
        c.check::<K, L>(&[K::char(0x1f); PIECE]);
    }

    /// An empty slice may point anywhere.
    pub fn empty<K: Kernel, L: Level>() {
        Checker::new().check::<K, L>(&[]);
        let mut input = Guarded::new(4096);
        Checker::new().check::<K, L>(input.place_last(&[]));
    }
}
