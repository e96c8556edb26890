//! Nanoseconds per double, for each level and distribution, beside zmij and ryu.
//!
//! `cargo bench --no-default-features --bench float [-- DISTRIBUTION]`. The best of many rounds; the
//! contenders take turns. Trust the ratios more than the figures.

use planjson::emit::kernel::{FLOAT_MAX, Level, Name, SLACK};
use planjson::with_level;
use std::hint::black_box;
use std::time::Instant;

const VALUES: usize = 100_000;
const ROUNDS: usize = 25;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

type Distribution = (&'static str, fn(&mut Random) -> f64);

const DISTRIBUTIONS: [Distribution; 10] = [
    ("random 0..1", Random::unit),
    ("random bits", |r| f64::from_bits(r.next())),
    ("3 decimals", |r| (r.unit() * 1e6).round() / 1e3),
    ("2 decimals", |r| (r.unit() * 1e4).round() / 1e2),
    ("6 decimals", |r| (r.unit() * 180e6).round() / 1e6),
    ("integers", |r| (r.unit() * 1e6).round()),
    ("coordinates", |r| -141.0 + r.unit() * 90.0),
    ("half short", |r| if r.next() & 1 == 0 { r.unit() } else { (r.unit() * 1e6).round() / 1e3 }),
    ("mostly short", |r| if r.next() & 31 == 0 { r.unit() } else { (r.unit() * 1e6).round() / 1e3 }),
    ("zeros, halves", |r| [0.0, 0.5, 1.0, 0.3][(r.next() & 3) as usize] * (r.unit() * 9.0).round()),
];

type Contender = (String, Box<dyn Fn(*mut u8, &[f64]) -> usize>);

fn single<L: Level>(start: *mut u8, run: &[f64]) -> usize {
    let mut out = start;
    for &v in run {
        // SAFETY: `contenders` checked the level, `main` gives FLOAT_MAX + 3 bytes a value and SLACK.
        unsafe {
            out = L::float(out, v);
            out.write(b',');
            out = out.add(1);
        }
    }
    out as usize - start as usize
}

fn many<L: Level>(start: *mut u8, run: &[f64]) -> usize {
    // SAFETY: as above.
    unsafe { L::floats(start, run) as usize - start as usize }
}

/// Runs of 8, as in records that hold short vectors.
fn eights<L: Level>(start: *mut u8, run: &[f64]) -> usize {
    // SAFETY: as above.
    unsafe { run.chunks(8).fold(start, |out, run| L::floats(out, run)) as usize - start as usize }
}

/// Rows of 2, as points are.
fn pairs<L: Level>(start: *mut u8, run: &[f64]) -> usize {
    // SAFETY: as above, with two bytes more for each value.
    unsafe { L::rows(start, run, 2) as usize - start as usize }
}

/// Their lengths alone.
fn lengths<L: Level>(_: *mut u8, run: &[f64]) -> usize {
    // SAFETY: as above.
    run.chunks(256).map(|run| unsafe { L::floats_len(run) }).sum()
}

/// Through the buffer of a crate, copied, as there is no other way.
fn buffered(start: *mut u8, run: &[f64], mut text: impl FnMut(f64, &mut dyn FnMut(&[u8]))) -> usize {
    let mut out = start;
    for &v in run {
        text(v, &mut |s| {
            // SAFETY: as above.
            unsafe {
                s.as_ptr().copy_to_nonoverlapping(out, s.len());
                out = out.add(s.len());
                out.write(b',');
                out = out.add(1);
            }
        });
    }
    out as usize - start as usize
}

fn contenders() -> Vec<Contender> {
    let mut all: Vec<Contender> = Vec::new();
    for name in Name::ALL.into_iter().filter(|n| n.is_available()) {
        with_level!(name, L => {
            all.push((format!("{} single", L::NAME), Box::new(single::<L>)));
            all.push((format!("{} run", L::NAME), Box::new(many::<L>)));
            all.push((format!("{} eights", L::NAME), Box::new(eights::<L>)));
            all.push((format!("{} rows of 2", L::NAME), Box::new(pairs::<L>)));
            all.push((format!("{} lengths", L::NAME), Box::new(lengths::<L>)));
        });
    }
    all.push((
        "zmij".into(),
        Box::new(|out, run| {
            let mut b = zmij::Buffer::new();
            buffered(out, run, |v, put| {
                put(if v.is_finite() { b.format_finite(v).as_bytes() } else { b"null" })
            })
        }),
    ));
    all.push((
        "ryu".into(),
        Box::new(|out, run| {
            let mut b = ryu::Buffer::new();
            buffered(out, run, |v, put| {
                put(if v.is_finite() { b.format_finite(v).as_bytes() } else { b"null" })
            })
        }),
    ));
    all
}

fn main() {
    let wanted = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let contenders = contenders();
    let mut bytes = vec![0; VALUES * (FLOAT_MAX + 3) + SLACK];
    for (name, make) in DISTRIBUTIONS {
        if wanted.as_ref().is_some_and(|w| !name.contains(&**w)) {
            continue;
        }
        let mut random = Random(42);
        let run: Vec<f64> = (0..VALUES).map(|_| make(&mut random)).collect();
        let mut best = vec![f64::INFINITY; contenders.len()];
        for _ in 0..ROUNDS {
            for ((_, write), best) in contenders.iter().zip(&mut best) {
                let start = Instant::now();
                black_box(write(bytes.as_mut_ptr(), black_box(&run)));
                *best = best.min(start.elapsed().as_secs_f64() * 1e9 / VALUES as f64);
            }
        }
        println!("{name}");
        for ((who, _), ns) in contenders.iter().zip(&best) {
            println!("    {who:<20} {ns:6.2} ns");
        }
    }
}
