//! String kernels: nanoseconds per string and gigabytes of output per second, for each level.
//!
//! `cargo bench --no-default-features --bench text [-- NAME...]` runs the workloads whose names hold
//! one of the words. The strings lie as CPython lays them out (16-byte steps, a header between), are
//! too many for the branch predictor to learn, and all levels take turns; the best of the rounds
//! counts. Before that every level's bytes are compared with the scalar one's.

#![allow(clippy::single_range_in_vec_init)]

use planjson::emit::kernel::{Chars, Level, Name, SLACK, Scalar, Source, Stop};
use std::hint::black_box;
use std::ops::Range;
use std::time::Instant;

const STRINGS: usize = 20_000;
/// The output goes round in a piece of this size, about an L2 cache.
const OUT: usize = 1 << 18;
/// What stands between two strings in CPython 3.11: a header and the terminator.
const HEADER: usize = 56;

struct Random(u64);

impl Random {
    fn below(&mut self, n: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (((self.0 >> 32) * u64::from(n)) >> 32) as u32
    }
    fn within(&mut self, r: &Range<u32>) -> u32 {
        r.start + self.below(r.end - r.start)
    }
}

/// How a workload's strings are made: lengths, and kinds of characters with their weights.
struct Workload {
    name: &'static str,
    width: usize,
    lengths: Range<u32>,
    kinds: &'static [(u32, &'static [Range<u32>])],
}

const LETTERS: &[Range<u32>] = &[0x61..0x7b, 0x41..0x5b, 0x20..0x21];
const ESCAPES: &[Range<u32>] = &[0x22..0x23, 0x5c..0x5d, 9..11];
const CONTROLS: &[Range<u32>] = &[0x22..0x23, 0x5c..0x5d, 9..11, 13..14, 1..2];
const ACCENTS: &[Range<u32>] = &[0xc0..0x100];
const CHINESE: &[Range<u32>] = &[0x4e00..0x9fa5];
const RUSSIAN: &[Range<u32>] = &[0x410..0x450];
const EMOJI: &[Range<u32>] = &[0x1_f300..0x1_f650];

const WORKLOADS: [Workload; 13] = [
    Workload { name: "ascii 4-16", width: 0, lengths: 4..17, kinds: &[(1, LETTERS)] },
    Workload { name: "ascii 0-32", width: 0, lengths: 0..33, kinds: &[(1, LETTERS)] },
    Workload { name: "ascii 20-60", width: 0, lengths: 20..61, kinds: &[(1, LETTERS)] },
    Workload { name: "ascii 100-400", width: 0, lengths: 100..401, kinds: &[(1, LETTERS)] },
    Workload { name: "escapes 7%", width: 0, lengths: 20..41, kinds: &[(93, LETTERS), (7, ESCAPES)] },
    Workload { name: "rare 7%", width: 0, lengths: 10..41, kinds: &[(93, LETTERS), (7, CONTROLS)] },
    Workload { name: "escapes 80%", width: 0, lengths: 20..41, kinds: &[(20, LETTERS), (80, ESCAPES)] },
    Workload { name: "latin1", width: 1, lengths: 20..41, kinds: &[(85, LETTERS), (15, ACCENTS)] },
    Workload { name: "cjk", width: 2, lengths: 20..41, kinds: &[(1, CHINESE)] },
    Workload { name: "cjk 100-400", width: 2, lengths: 100..401, kinds: &[(1, CHINESE)] },
    Workload { name: "cjk+ascii", width: 2, lengths: 20..41, kinds: &[(1, CHINESE), (1, LETTERS)] },
    Workload { name: "cyrillic", width: 2, lengths: 20..41, kinds: &[(85, RUSSIAN), (15, &[0x20..0x21])] },
    Workload {
        name: "emoji mixed",
        width: 4,
        lengths: 20..41,
        kinds: &[(70, LETTERS), (15, EMOJI), (15, CHINESE)],
    },
];

/// Strings in one block of memory.
struct Strings {
    memory: Vec<u128>,
    /// Where each begins, in bytes, and how many characters it has.
    places: Vec<(usize, usize)>,
    width: usize,
}

impl Strings {
    fn new(w: &Workload) -> Self {
        let (mut r, size) = (Random(0x9e37_79b9_7f4a_7c15), w.width.max(1));
        let total: u32 = w.kinds.iter().map(|(weight, _)| weight).sum();
        let (mut bytes, mut places) = (vec![0; HEADER], Vec::new());
        for _ in 0..STRINGS {
            let n = r.within(&w.lengths) as usize;
            places.push((bytes.len(), n));
            for _ in 0..n {
                let mut at = r.below(total);
                let kind = w.kinds.iter().find(|(weight, _)| {
                    let found = at < *weight;
                    at = at.wrapping_sub(*weight);
                    found
                });
                let ranges = kind.map_or(LETTERS, |(_, ranges)| ranges);
                let range = &ranges[r.below(ranges.len() as u32) as usize];
                let c = r.within(range);
                bytes.extend_from_slice(&c.to_ne_bytes()[..size]);
            }
            bytes.resize((bytes.len() + HEADER).next_multiple_of(16), 0);
        }
        bytes.resize(bytes.len().next_multiple_of(16), 0);
        let memory = bytes.as_chunks().0.iter().map(|&b| u128::from_ne_bytes(b)).collect();
        Self { memory, places, width: w.width }
    }

    /// The characters of a string.
    ///
    /// # Safety
    ///
    /// `C` is as wide as the strings' characters.
    unsafe fn get<C>(&self, (at, n): (usize, usize)) -> &[C] {
        // SAFETY: `new` has put n characters there, at an address that is even enough.
        unsafe { std::slice::from_raw_parts(self.memory.as_ptr().cast::<u8>().add(at).cast(), n) }
    }
}

/// A way to write one string.
trait Way {
    /// # Safety
    ///
    /// As for [`Level`].
    unsafe fn write(s: &Strings, place: (usize, usize), out: *mut u8) -> *mut u8;
}

struct Memcpy<const W: usize>;
struct Write<L, const W: usize>(L);
struct Len<L, const W: usize>(L);

impl<const W: usize> Way for Memcpy<W> {
    #[inline(always)]
    unsafe fn write(s: &Strings, place: (usize, usize), out: *mut u8) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe {
            let s = s.get::<u8>((place.0, place.1 * W.max(1)));
            out.copy_from_nonoverlapping(s.as_ptr(), s.len());
            out.add(s.len())
        }
    }
}

impl<L: Level, const W: usize> Way for Write<L, W> {
    #[inline(always)]
    unsafe fn write(s: &Strings, place: (usize, usize), out: *mut u8) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe {
            match W {
                0 => L::ascii(out, s.get(place)),
                1 => L::latin1(out, s.get(place)),
                2 => L::ucs2(out, s.get(place)),
                _ => L::ucs4(out, s.get(place)),
            }
        }
    }
}

/// Moves the output on by what the string would take, and writes nothing.
impl<L: Level, const W: usize> Way for Len<L, W> {
    #[inline(always)]
    unsafe fn write(s: &Strings, place: (usize, usize), out: *mut u8) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe {
            let n = if W == 2 { L::ucs2_len(s.get(place)) } else { L::ucs4_len(s.get(place)) };
            out.add(n.unwrap_or_default())
        }
    }
}

/// Writes all strings; the bytes that they took.
#[inline(never)]
fn run<K: Way>(s: &Strings, out: &mut [u8]) -> usize {
    let (start, mut total) = (out.as_mut_ptr(), 0);
    let mut p = start;
    for &place in &s.places {
        // SAFETY: the longest string has 400 characters, the output 4096 bytes more than OUT.
        unsafe {
            let end = K::write(s, place, p);
            total += end.offset_from(p) as usize;
            p = if end.offset_from(start) as usize > OUT { start } else { end };
        }
    }
    total
}

/// The strings as a list gives them to the kernel that draws.
#[derive(Clone, Copy)]
struct Drawn<'a, const W: usize> {
    strings: &'a Strings,
    next: usize,
}

// SAFETY: zeros stand behind each string.
unsafe impl<'a, const W: usize> Source<'a> for Drawn<'a, W> {
    #[inline(always)]
    fn ascii(&mut self) -> Option<&'a [u8]> {
        let &place = self.strings.places.get(self.next)?;
        // SAFETY: `W` is the width of the strings.
        (W == 0).then(|| unsafe { self.strings.get(place) })
    }

    #[inline(always)]
    fn peek(&mut self) -> Option<Chars<'a>> {
        let (s, &place) = (self.strings, self.strings.places.get(self.next)?);
        // SAFETY: as above.
        Some(unsafe {
            match W {
                0 => Chars::Ascii(s.get(place)),
                1 => Chars::Latin1(s.get(place)),
                2 => Chars::Ucs2(s.get(place)),
                _ => Chars::Ucs4(s.get(place)),
            }
        })
    }

    #[inline(always)]
    fn advance(&mut self) {
        self.next += 1;
    }
}

/// Draws all strings, with quotes and commas; the bytes that they took.
#[inline(never)]
fn draw<L: Level, const W: usize>(strings: &Strings, out: &mut [u8]) -> usize {
    let Range { start, end } = out.as_mut_ptr_range();
    let (mut source, mut total) = (Drawn::<W> { strings, next: 0 }, 0);
    loop {
        // SAFETY: what is between the two is writable.
        let (left, last, stop) = unsafe { L::texts(start, end, source) };
        source = left;
        total += last.addr() - start.addr();
        if stop == Stop::Done {
            return total;
        }
    }
}

/// All bytes of all strings, for comparison.
fn bytes<K: Way>(s: &Strings) -> Vec<u8> {
    let (mut all, mut out) = (Vec::new(), vec![0; 6 * 512 + SLACK]);
    for &place in &s.places {
        // SAFETY: as in `run`.
        let n = unsafe { K::write(s, place, out.as_mut_ptr()).offset_from(out.as_ptr()) as usize };
        all.extend_from_slice(&out[..n]);
    }
    all
}

type Run = fn(&Strings, &mut [u8]) -> usize;

/// The ways for one width of character, each with its name.
fn ways<const W: usize>(s: &Strings) -> Vec<(String, Run)> {
    let expected = bytes::<Write<Scalar, W>>(s);
    let mut ways: Vec<(String, Run)> = vec![("memcpy".into(), run::<Memcpy<W>>)];
    for name in Name::ALL.into_iter().filter(|name| name.is_available()) {
        planjson::with_level!(name, L => {
            assert!(bytes::<Write<L, W>>(s) == expected, "{} differs", L::NAME);
            ways.push((L::NAME.into(), run::<Write<L, W>>));
            ways.push((format!("{} drawn", L::NAME), draw::<L, W>));
            if W >= 2 {
                ways.push((format!("{} len", L::NAME), run::<Len<L, W>>));
            }
        });
    }
    ways
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let rounds = std::env::var("ROUNDS").ok().and_then(|r| r.parse().ok()).unwrap_or(60);
    let mut out = vec![0; OUT + 4096];
    println!("{:<14} {:<16} {:>10} {:>8} {:>8}", "workload", "way", "ns/string", "GB/s", "bytes");
    for w in
        WORKLOADS.iter().filter(|w| words.is_empty() || words.iter().any(|n| w.name.contains(n.as_str())))
    {
        let s = Strings::new(w);
        let ways = match s.width {
            0 => ways::<0>(&s),
            1 => ways::<1>(&s),
            2 => ways::<2>(&s),
            _ => ways::<4>(&s),
        };
        let mut best = vec![(f64::MAX, 0); ways.len()];
        for _ in 0..rounds {
            for ((_, run), best) in ways.iter().zip(&mut best) {
                let start = Instant::now();
                let n = black_box(run(black_box(&s), &mut out));
                *best = (best.0.min(start.elapsed().as_nanos() as f64), n);
            }
        }
        for ((name, _), (ns, n)) in ways.iter().zip(best) {
            let each = STRINGS as f64;
            println!(
                "{:<14} {name:<16} {:>10.2} {:>8.2} {:>8.1}",
                w.name,
                ns / each,
                n as f64 / ns,
                n as f64 / each
            );
        }
    }
}
