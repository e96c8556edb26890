//! Doubles against ryu and zmij.

use super::float_harness::{Place, Random, cases, check, check_rows, check_run, exhaustive, zmij_text};
use planjson::emit::kernel::Name;
use planjson::with_level;

/// Each value, its neighbours, and all of them negated.
fn around(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let near = |v: f64| [v.next_down().next_down(), v.next_down(), v, v.next_up(), v.next_up().next_up()];
    values.into_iter().flat_map(near).flat_map(|v| [v, -v]).collect()
}

#[test]
fn forms() {
    let cases: [(f64, &str); 24] = [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (-1.5, "-1.5"),
        (0.1, "0.1"),
        (123.456, "123.456"),
        (1e15, "1000000000000000.0"),
        (1e16, "1e+16"),
        (1.2345678901234568e17, "1.2345678901234568e+17"),
        (1234567890123456.7, "1234567890123456.8"),
        (0.0001, "0.0001"),
        (0.00001, "0.00001"),
        (0.000001, "1e-6"),
        (0.0000015, "1.5e-6"),
        (0.000012345678901234567, "0.000012345678901234568"),
        (1e100, "1e+100"),
        (1e-100, "1e-100"),
        (5e-324, "5e-324"),
        (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
        (f64::MAX, "1.7976931348623157e+308"),
        (f64::MIN, "-1.7976931348623157e+308"),
        (f64::NAN, "null"),
        (f64::INFINITY, "null"),
        (f64::NEG_INFINITY, "null"),
    ];
    for (v, text) in cases {
        assert_eq!(zmij_text(v), text);
        check(&[v]);
    }
    check(&[-f64::NAN, f64::from_bits(0x7FF0_0000_0000_0001), f64::from_bits(u64::MAX)]);
}

#[test]
fn powers_of_two() {
    let normal = (1..0x7FF_u64).map(|e| f64::from_bits(e << 52));
    let subnormal = (0..52).map(|e| f64::from_bits(1 << e));
    check(&around(normal.chain(subnormal)));
}

#[test]
fn powers_of_ten() {
    let parse = |s: String| s.parse::<f64>().expect("a number");
    let ten = (-324..=308).flat_map(|e| (1..=9).map(move |d| (d, e)));
    check(&around(ten.map(|(d, e)| parse(format!("{d}e{e}")))));
    let nines = (-324..=307).flat_map(|e| (1..=17).map(move |n| (n, e)));
    check(&around(nines.map(|(n, e)| parse(format!("9.{}e{e}", "9".repeat(n))))));
}

#[test]
fn ends_of_the_range() {
    let low = (0..3000).map(f64::from_bits);
    let normal = (0..1000).map(|i| f64::from_bits((1 << 52) - 500 + i));
    let high = (0..1000).map(|i| f64::from_bits(f64::MAX.to_bits() - i));
    check(&around(low.chain(normal).chain(high)));
}

#[test]
fn borders_between_forms() {
    let mut random = Random(1);
    let mut values = Vec::new();
    for e in [-7, -6, -5, -4, -3, -1, 0, 1, 14, 15, 16, 17, 18] {
        for _ in 0..300 {
            values.push(10f64.powi(e) * (1.0 + random.unit() * 9.0));
        }
    }
    check(&around(values));
}

#[test]
fn integers() {
    let mut values: Vec<f64> = (0..20_000).map(f64::from).collect();
    values.extend((-2000..2000).map(|k| ((1_i64 << 53) + k) as f64));
    for e in 10..63 {
        values.extend((-20..20).map(|k| ((1_i64 << e) + k) as f64));
    }
    for e in 10..19 {
        values.extend((-20..20).map(|k| (10_i64.pow(e) + k) as f64));
    }
    check(&values);
    check(&values.iter().map(|v| -v).collect::<Vec<_>>());
}

#[test]
fn short_decimals() {
    let mut random = Random(2);
    let mut values = Vec::new();
    for scale in [10.0, 100.0, 1e3, 1e4, 1e6, 1e9] {
        values.extend((0..2_000).map(|k| f64::from(k) / scale));
        for digits in 1..=17 {
            values.extend((0..150).map(|_| random.below(10_u64.pow(digits)) as f64 / scale));
        }
        // The ends of what fits into 15 digits, and of the 2^52 below which halves are exact.
        for end in [10_i64.pow(14), 10_i64.pow(15), 1 << 52, 1 << 53, 10_i64.pow(7), 10_i64.pow(8)] {
            values.extend((-20..20).map(|k| (end + k) as f64 / scale));
        }
    }
    check(&values);
    check(&around(values));
}

/// `(q, c)` of every `c * 2^q` that comes nearer than 3 units of 2^-64 to a decision of the shortest
/// digits without meeting it: see the comment there.
const NEAR: [(i32, u64); 15] = [
    (-983, 6454630258343747),
    (-866, 6685530990800801),
    (-823, 5115933961988509),
    (-549, 6898586531774201),
    (-549, 6898586531774200),
    (-175, 7745553667031166),
    (164, 5592117679628511),
    (213, 8674135293775328),
    (217, 5421334558609580),
    (220, 6776668198261975),
    (403, 8571084786099026),
    (547, 7487252720986826),
    (914, 6808247598549588),
    (917, 5106185698912191),
    (917, 8510309498186985),
];

fn double(q: i32, c: u64) -> f64 {
    assert!(c >> 52 == 1);
    f64::from_bits(((q + 1075) as u64) << 52 | (c & ((1 << 52) - 1)))
}

#[test]
fn near_decisions() {
    check(&around(NEAR.map(|(q, c)| double(q, c))));
}

/// The least `x` with `l <= a * x mod m <= r`, below 2^60, where `a < m`; `m = 0` stands for 2^128. As for
/// the greatest common divisor: `a * x - m * y` is in `l..=r` where `m * y mod a` is in `-r..=-l`.
fn first_between(a: u128, m: u128, l: u128, r: u128) -> Option<u64> {
    if l == 0 {
        return Some(0);
    }
    if a == 0 {
        return None;
    }
    let x = l.div_ceil(a);
    if a.checked_mul(x).is_some_and(|n| n <= r) {
        return u64::try_from(x).ok();
    }
    let rest = if m == 0 { (u128::MAX % a + 1) % a } else { m % a };
    let y = first_between(rest, a, (a - r % a) % a, (a - l % a) % a)?;
    // x = ceil((l + m * y) / a), in 256 bits, one bit of the quotient after the other.
    let wide = |m: u128, x: u64| {
        let (lo, hi) = ((m & u128::from(u64::MAX)) * u128::from(x), (m >> 64) * u128::from(x));
        let (low, carry) = lo.overflowing_add(hi << 64);
        ((hi >> 64) + u128::from(carry), low)
    };
    let product = if m == 0 { (u128::from(y), 0) } else { wide(m, y) };
    let (low, carry) = product.1.overflowing_add(l);
    let sum = (product.0 + u128::from(carry), low);
    let below = (0..60).rev().fold(0, |x, bit| if wide(a, x | 1 << bit) < sum { x | 1 << bit } else { x });
    (below < (1 << 60) - 1).then_some(below + 1)
}

/// Every `x` of the range with `a * x mod 2^128` in `l..=r`, which may wrap.
fn all_between(a: u128, (l, r): (u128, u128), range: std::ops::Range<u64>) -> Vec<u64> {
    let (mut found, mut start) = (Vec::new(), range.start);
    loop {
        let here = a.wrapping_mul(start.into());
        let (l, r) = (l.wrapping_sub(here), r.wrapping_sub(here));
        let step = if l > r { Some(0) } else { first_between(a, 0, l, r) };
        match step.map(|s| start + s).filter(|x| range.contains(x)) {
            Some(x) => {
                found.push(x);
                start = x + 1;
            }
            None => return found,
        }
    }
}

/// `2^q * 10^(-k-1)`, which is in 0.1..1, times 2^128, rounded down; by long multiplication or division.
fn neighbour_distance(q: i32) -> u128 {
    let m = -((f64::from(q) * std::f64::consts::LOG10_2).floor() as i32) - 1;
    // 2^(q + 128) / 10^n for positive q, at most 2^1099; 10^m * 2^(q + 128) for negative q, with m up to
    // 323 that is 10^m, up to 2^1073, moved down.
    let mut n = [0_u64; 36];
    let up = if m < 0 { q + 128 } else { 0 };
    n[up as usize / 32] = 1 << (up % 32);
    for _ in 0..m {
        let mut carry = 0;
        for w in &mut n {
            carry += *w * 10;
            *w = carry & 0xFFFF_FFFF;
            carry >>= 32;
        }
    }
    // Dividing step by step truncates like dividing once.
    for _ in m..0 {
        let mut rest = 0;
        for w in n.iter_mut().rev() {
            rest = rest << 32 | *w;
            *w = rest / 10;
            rest %= 10;
        }
    }
    let down = if m < 0 { 0 } else { -q - 128 };
    let bit = |i: i32| n.get(i as usize / 32).is_some_and(|w| i >= 0 && w >> (i % 32) & 1 == 1);
    (0..128).map(|i| u128::from(bit(i + down)) << i).sum()
}

/// Looks for what [`NEAR`] lists. Exact ties are not looked for: there can be billions; see [`ties`].
#[test]
fn near_decisions_are_listed() {
    const UNIT: u128 = 1 << 64;
    // With 128 bits the position of c is known to c * 2^-128, that is 2^-11 units.
    const TIE: u128 = 1 << 54;
    let step = if cfg!(debug_assertions) { 7 } else { 1 };
    let mut found = Vec::new();
    for q in (-1074..=971).step_by(step) {
        let a = neighbour_distance(q);
        let half = a / 2;
        // Ties at interval ends: truncation must not carry over an integer there.
        if (0..=76).contains(&q) {
            assert!((UNIT / 256..UNIT - UNIT / 256).contains(&(half % UNIT)), "{q}");
        }
        let tenths = (0..10).map(|i| (2 * i + 1) * (u128::MAX / 20));
        // Tenths do not matter where an integer is near enough.
        let tenths = tenths.filter(|&b| half - 3 * UNIT <= b && b <= 3 * UNIT + half.wrapping_neg());
        let range = if q == -1074 { 1 } else { (1 << 52) + 1 }..1 << 53;
        for b in tenths.chain([half, half.wrapping_neg()]) {
            for (l, r) in [
                (b.wrapping_sub(3 * UNIT), b.wrapping_sub(TIE)),
                (b.wrapping_add(TIE), b.wrapping_add(3 * UNIT)),
            ] {
                found.extend(all_between(a, (l, r), range.clone()).into_iter().map(|c| (q, c)));
            }
        }
    }
    found.sort_unstable();
    let mut listed: Vec<_> = NEAR.into_iter().filter(|(q, _)| (q + 1074) % step as i32 == 0).collect();
    listed.sort_unstable();
    assert_eq!(found, listed);
}

/// Interval ends that are exact decimals: (2c +- 1) * 2^(q-1) is a multiple of 10^(k+1).
#[test]
fn ties() {
    let mut values = Vec::new();
    for q in 0..80 {
        for n in 1..=23 {
            let five = 5_u64.pow(n);
            let first = ((1_u64 << 53) / five + 1) | 1;
            for i in 0..8 {
                let odd = (first + 2 * i) * five;
                if odd < 1 << 54 {
                    values
                        .extend([double_of(q, odd / 2), double_of(q, odd.div_ceil(2))].into_iter().flatten());
                }
            }
        }
    }
    // Tenths that are exact halves: quarters of integers with 15 and 16 digits.
    let mut random = Random(3);
    values.extend((0..20_000).map(|_| (random.next() >> 11 | 1 << 52) as f64 / 4.0));
    values.extend((0..20_000).map(|_| (random.next() >> 11 | 1 << 52) as f64 / 32.0));
    values.extend((0..20_000).map(|_| (random.next() >> 11 | 1 << 52) as f64 / 256.0));
    check(&values);
}

fn double_of(q: i32, c: u64) -> Option<f64> {
    (c >> 52 == 1).then(|| double(q, c))
}

/// One value of the class: the classes take different ways through a run.
fn class(random: &mut Random, class: u64) -> f64 {
    let sign = if random.below(2) == 0 { 1.0 } else { -1.0 };
    sign * match class {
        0 => random.unit(),
        1 => random.below(1_000_000) as f64 / 1000.0,
        2 => random.below(100_000) as f64,
        3 => f64::from_bits(random.next()),
        4 => [0.0, f64::NAN, f64::INFINITY, 0.5, 1.0][random.below(5) as usize],
        5 => f64::from_bits(random.next() >> (12 + random.below(52))),
        6 => random.below(1_000_000_000_000_000) as f64 / 1e6,
        _ => f64::from_bits(random.below(0x7FF) << 52),
    }
}

fn check_runs(run: &[f64]) {
    let expected: String = run.iter().map(|&v| zmij_text(v) + ",").collect();
    let mut place = Place::new();
    for name in Name::ALL.into_iter().filter(|n| n.is_available()) {
        with_level!(name, L => check_run::<L>(&mut place, run, &expected));
    }
}

#[test]
fn run_lengths() {
    let mut random = Random(4);
    for len in 0..=130 {
        for mix in 0..24 {
            let run: Vec<f64> = (0..len)
                .map(|_| {
                    let c = match mix {
                        0..8 => mix,
                        // One class with a few of any other, then any at all.
                        8..16 if random.below(20) > 0 => mix - 8,
                        _ => random.below(8),
                    };
                    class(&mut random, c)
                })
                .collect();
            check_runs(&run);
        }
    }
}

/// What is no number, or zero: at the beginning of a run, and by chance in it.
#[test]
fn the_same_in_front() {
    const NONE: [f64; 4] = [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    const ZERO: [f64; 4] = [0.0; 4];
    const EITHER: [f64; 4] = [0.0, 0.0, -0.0, f64::NAN];
    let mut random = Random(8);
    for (len, leading) in (0..=130).flat_map(|len| [0, 1, 11, 12, 13, 24, 63, 64, 65, 130].map(|n| (len, n)))
    {
        for (c, same) in (0..8).flat_map(|c| [(c, NONE), (c, ZERO), (c, EITHER)]) {
            let run: Vec<f64> = (0..len)
                .map(|i| match i < leading || random.below(3) == 0 {
                    true => same[random.below(4) as usize],
                    false => class(&mut random, c),
                })
                .collect();
            check_runs(&run);
        }
    }
}

/// Rows of every width, of one class and of several.
#[test]
fn rows() {
    let mut random = Random(6);
    let mut place = Place::new();
    for width in 1..=5 {
        for count in 0..40 {
            for mix in 0..16 {
                let run: Vec<f64> = (0..count * width)
                    .map(|_| {
                        let c = if mix < 8 && random.below(20) > 0 { mix } else { random.below(8) };
                        class(&mut random, c)
                    })
                    .collect();
                let text = |row: &[f64]| row.iter().map(|&v| zmij_text(v)).collect::<Vec<_>>().join(",");
                let expected: String = run.chunks(width).map(|row| format!("[{}],", text(row))).collect();
                for name in Name::ALL.into_iter().filter(|n| n.is_available()) {
                    with_level!(name, L => check_rows::<L>(&mut place, &run, width, &expected));
                }
            }
        }
    }
}

/// Long runs in which classes follow each other in stretches, so that ways are changed and tried again.
#[test]
fn stretches() {
    let mut random = Random(5);
    for _ in 0..60 {
        let mut run = Vec::new();
        while run.len() < 3000 {
            let (c, n) = (random.below(8), random.below(500));
            run.extend((0..n).map(|_| class(&mut random, c)));
        }
        check_runs(&run);
    }
}

fn random_cases(seed: u64, make: impl Fn(&mut Random) -> f64) {
    let mut random = Random(seed);
    let mut left = cases();
    while left > 0 {
        let n = left.min(9970);
        check(&(0..n).map(|_| make(&mut random)).collect::<Vec<_>>());
        left -= n;
    }
}

#[test]
fn random_bits() {
    random_cases(6, |r| f64::from_bits(r.next()));
}

#[test]
fn random_short() {
    random_cases(7, |r| {
        let digits = 1 + r.below(16) as u32;
        let v = r.below(10_u64.pow(digits)) as f64 / 10f64.powi(r.below(10) as i32);
        [v, -v, v.next_up(), v.next_down()][r.below(4) as usize]
    });
}

#[test]
fn random_everyday() {
    random_cases(8, |r| (r.unit() - 0.5) * 10f64.powi(r.below(36) as i32 - 15));
}

/// All singles if asked for, else as many as of other random cases, from everywhere.
#[test]
fn every_f32() {
    const BLOCK: u64 = 1 << 16;
    let step = if exhaustive() { 1 } else { (BLOCK / (cases() / BLOCK).max(1)).max(1) };
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    std::thread::scope(|scope| {
        for t in 0..threads {
            scope.spawn(move || {
                for block in (t..1 << 16).step_by(threads as usize) {
                    // Another place in each block.
                    let first = BLOCK * block + block * 40_503 % step;
                    let singles = (first..BLOCK * (block + 1)).step_by(step as usize);
                    check(&singles.map(|b| f32::from_bits(b as u32).into()).collect::<Vec<f64>>());
                }
            });
        }
    });
}
