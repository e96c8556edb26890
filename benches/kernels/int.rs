//! Nanoseconds per integer, for each level and distribution, beside `itoa`.
//!
//! `cargo bench --no-default-features --bench int [-- SUBSTRING]`

mod clock;

use clock::{Random, best, verify};
use planjson::emit::kernel::{INT_MAX, Level, Name, SLACK};
use std::hint::black_box;

/// Values in a list, too many for the branch predictor to learn by heart.
const LEN: usize = 100_000;

/// Values that one call gets, as the plan cuts its runs.
const RUN: usize = 1024;

type Make = fn(&mut Random, usize) -> i64;

const DISTRIBUTIONS: &[(&str, Make)] = &[
    ("1-18 digits", |r, _| any_length(r, 18)),
    ("1-15 digits", |r, _| any_length(r, 15)),
    ("+-10^9", |r, _| (r.bits() % 2_000_000_001).cast_signed() - 1_000_000_000),
    ("1-7 digits", |r, _| any_length(r, 7)),
    ("sequential", |_, i| i as i64),
    ("< 200", |r, _| (r.bits() % 200).cast_signed()),
    ("+-1000", |r, _| (r.bits() % 2000).cast_signed() - 1000),
    ("timestamps", |r, i| 1_700_000_000_000 + i as i64 * 1000 + (r.bits() % 1000).cast_signed()),
    ("record", |r, i| match i % 4 {
        0 => i as i64,
        1 => (r.bits() % 100).cast_signed(),
        2 => (r.bits() % 100_000).cast_signed(),
        _ => 1_700_000_000_000 + (r.bits() % 1_000_000_000).cast_signed(),
    }),
];

fn main() {
    let only = std::env::args().skip(1).find(|a| !a.starts_with('-')).unwrap_or_default();
    print!("{:<24}{:>10}", "ns per value", "itoa");
    let levels = Name::ALL.into_iter().filter(|l| l.is_available());
    println!("{}", levels.map(|l| format!("{:>10}", l.as_str())).collect::<String>());
    for (name, make) in DISTRIBUTIONS {
        for (kind, single) in [("run", false), ("single", true)] {
            let title = format!("{kind}, {name}");
            if title.contains(&only) {
                report(&title, &list(*make), single);
            }
        }
    }
}

fn any_length(random: &mut Random, digits: u64) -> i64 {
    let low = 10_u64.pow((random.bits() % digits) as u32);
    let v = (low + random.bits() % (9 * low)).cast_signed();
    if random.bits() & 1 == 1 { -v } else { v }
}

fn list(make: Make) -> Vec<i64> {
    let mut random = Random::new(7);
    (0..LEN).map(|i| make(&mut random, i)).collect()
}

fn report(title: &str, values: &[i64], single: bool) {
    let mut buffer = vec![0; LEN * (INT_MAX + 1) + SLACK];
    let out = buffer.as_mut_ptr();
    let expected = oracle(out, values) - out.addr();
    // SAFETY: `oracle` has written so many bytes.
    let expected = unsafe { core::slice::from_raw_parts(out, expected) }.to_vec();
    print!("{title:<24}{:>10.2}", best(LEN, || _ = black_box(oracle(black_box(out), black_box(values)))));
    for level in Name::ALL.into_iter().filter(|l| l.is_available()) {
        planjson::with_level!(level, L => {
            let write = if single { singles::<L> } else { runs::<L> };
            verify(&expected, out, write(out, values));
            print!("{:>10.2}", best(LEN, || _ = black_box(write(black_box(out), black_box(values)))));
        });
    }
    println!();
}

fn runs<L: Level>(mut out: *mut u8, values: &[i64]) -> usize {
    for run in values.chunks(RUN) {
        // SAFETY: the buffer has the bound for all values, and the level is available.
        out = unsafe { L::ints(out, run) };
    }
    out.addr()
}

fn singles<L: Level>(mut out: *mut u8, values: &[i64]) -> usize {
    for &v in values {
        // SAFETY: the buffer has the bound for all values, and the level is available.
        out = unsafe { L::int(out, v) };
    }
    out.addr()
}

fn oracle(mut out: *mut u8, values: &[i64]) -> usize {
    let mut digits = itoa::Buffer::new();
    for &v in values {
        let text = digits.format(v);
        // SAFETY: the buffer has the bound for all values.
        unsafe {
            core::ptr::copy_nonoverlapping(text.as_ptr(), out, text.len());
            out = out.add(text.len());
            out.write(b',');
            out = out.add(1);
        }
    }
    out.addr()
}
