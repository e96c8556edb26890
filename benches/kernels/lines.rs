//! Nanoseconds per value that is copied to a line of its own, by length of value and of line.
//!
//! `cargo bench --no-default-features --bench lines`

mod clock;

use clock::{Random, best, verify};
use planjson::emit::kernel::{LINE, SIGHT, SLACK, spread};
use std::hint::black_box;

const VALUES: usize = 10_000;

fn main() {
    println!("{:<24}{:>10}{:>10}", "ns per value", "naive", "spread");
    for (name, lengths) in [("1 digit", 1..=1), ("1 to 5 digits", 1..=5), ("5 to 17 digits", 5..=17)] {
        for indent in [1, 9] {
            let mut random = Random::new(9);
            let mut values = Vec::new();
            for _ in 0..VALUES {
                let n = lengths.start() + random.bits() as usize % (lengths.end() - lengths.start() + 1);
                values.extend((0..n).map(|_| b'0' + (random.bits() % 10) as u8));
                values.push(b',');
            }
            report(&format!("{name}, line of {indent}"), &values, indent);
        }
    }
}

fn report(title: &str, values: &[u8], n: usize) {
    let mut line = [b' '; LINE];
    line[0] = b'\n';
    let expected = naive(values, &line[..n]);
    let compact = [values, &[0; SIGHT]].concat();
    let mut bytes = vec![0; expected.len() + SLACK];
    let out = bytes.as_mut_ptr();
    let work = |out: *mut u8| {
        // SAFETY: behind the values is as much as is looked at, and behind the lines the slack.
        unsafe { spread(out, compact.as_ptr(), VALUES, &line, n).addr() }
    };
    verify(&expected, out, work(out));
    let naive = best(VALUES, || _ = black_box(naive(black_box(values), &line[..n])));
    println!("{title:<24}{naive:>10.3}{:>10.3}", best(VALUES, || _ = black_box(work(black_box(out)))));
}

fn naive(values: &[u8], line: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(values.len() + VALUES * line.len());
    for value in values.split_inclusive(|&b| b == b',') {
        out.extend_from_slice(line);
        out.extend_from_slice(value);
    }
    out
}
