//! Nanoseconds per bool, for each level and distribution, beside a loop over the words.
//!
//! `cargo bench --no-default-features --bench bool`

mod clock;

use clock::{Random, best, verify};
use planjson::emit::kernel::{BOOLS_MAX, Level, Name, SLACK};
use std::hint::black_box;

/// Words of 64 bools.
const WORDS: usize = 400;

type Make = fn(&mut Random) -> u64;

const DISTRIBUTIONS: &[(&str, Make)] = &[
    ("random", |r| r.bits()),
    ("all true", |_| !0),
    ("one in 64 true", |r| 1 << (r.bits() % 64)),
    ("mostly true", |r| r.bits() | r.bits() | r.bits()),
];

fn main() {
    print!("{:<24}{:>10}", "ns per bool", "naive");
    let levels = Name::ALL.into_iter().filter(|l| l.is_available());
    println!("{}", levels.map(|l| format!("{:>10}", l.as_str())).collect::<String>());
    for (name, make) in DISTRIBUTIONS {
        for n in [64, 61, 5] {
            let mut random = Random::new(5);
            let words: Vec<u64> = (0..WORDS).map(|_| make(&mut random)).collect();
            report(&format!("{name}, {n} a call"), &words, n);
        }
    }
}

fn report(title: &str, words: &[u64], n: usize) {
    let mut buffer = vec![0; WORDS * BOOLS_MAX * 6 + SLACK];
    let out = buffer.as_mut_ptr();
    let expected = naive(out, words, n) - out.addr();
    // SAFETY: `naive` has written so many bytes.
    let expected = unsafe { core::slice::from_raw_parts(out, expected) }.to_vec();
    let work = || _ = black_box(naive(black_box(out), black_box(words), n));
    print!("{title:<24}{:>10.3}", best(WORDS * n, work));
    for level in Name::ALL.into_iter().filter(|l| l.is_available()) {
        planjson::with_level!(level, L => {
            verify(&expected, out, all::<L>(out, words, n));
            let work = || _ = black_box(all::<L>(black_box(out), black_box(words), n));
            print!("{:>10.3}", best(WORDS * n, work));
        });
    }
    println!();
}

fn all<L: Level>(mut out: *mut u8, words: &[u64], n: usize) -> usize {
    for &bits in words {
        // SAFETY: the buffer has the bound for all bools, and the level is available.
        out = unsafe { L::bools(out, bits, n) };
    }
    out.addr()
}

fn naive(mut out: *mut u8, words: &[u64], n: usize) -> usize {
    for &bits in words {
        for i in 0..n {
            let word: &[u8] = if bits >> i & 1 == 1 { b"true," } else { b"false," };
            // SAFETY: the buffer has the bound for all bools.
            unsafe {
                core::ptr::copy_nonoverlapping(word.as_ptr(), out, word.len());
                out = out.add(word.len());
            }
        }
    }
    out.addr()
}
