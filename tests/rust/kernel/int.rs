//! Integers, one by one and in runs, against `itoa`.

use super::harness::{Canary, Random, rounds};
use planjson::emit::kernel::{INT_MAX, Level};

for_each_level! {
    int_at_boundaries,
    int_random,
    ints_at_boundaries,
    ints_small,
    ints_of_every_length,
    ints_random,
    ints_near_powers,
}

fn naive_run(run: &[i64]) -> Vec<u8> {
    let mut text = Vec::new();
    for &v in run {
        text.extend(itoa::Buffer::new().format(v).bytes());
        text.push(b',');
    }
    text
}

fn check_int<L: Level>(canary: &mut Canary, v: i64) {
    let want = naive_run(&[v]);
    // SAFETY: the test's level is available and the buffer as large as the bound.
    let text = canary.written(INT_MAX + 1, |out| unsafe { L::int(out, v) });
    assert_eq!(str::from_utf8(text), str::from_utf8(&want), "{}", L::NAME);
    // SAFETY: as above.
    let text = canary.written(INT_MAX + 1, |out| unsafe { L::int_among_ints(out, v) });
    assert_eq!(str::from_utf8(text), str::from_utf8(&want), "{}", L::NAME);
}

fn check_uint<L: Level>(canary: &mut Canary, v: u64) {
    // SAFETY: the test's level is available and the buffer as large as the bound.
    let text = canary.written(INT_MAX, |out| unsafe { L::uint(out, v) });
    assert_eq!(str::from_utf8(text), Ok(itoa::Buffer::new().format(v)), "{}", L::NAME);
}

fn check_ints<L: Level>(canary: &mut Canary, run: &[i64]) {
    // SAFETY: the test's level is available and the buffer as large as the bound.
    let text = canary.written(run.len() * (INT_MAX + 1), |out| unsafe { L::ints(out, run) });
    if text != naive_run(run) {
        assert_eq!(str::from_utf8(text), str::from_utf8(&naive_run(run)), "{} {run:?}", L::NAME);
    }
}

/// The neighbours of all powers of ten and of two, and of the limits.
fn boundaries() -> Vec<u64> {
    let tens = (0..20).map(|k| 10_u64.pow(k));
    let twos = (0..64).map(|k| 1_u64 << k);
    let mut all: Vec<u64> = tens.chain(twos).flat_map(|m| [m.wrapping_sub(1), m, m + 1]).collect();
    all.extend([0, i64::MAX as u64, u64::MAX - 1, u64::MAX]);
    all.sort_unstable();
    all.dedup();
    all
}

/// `boundaries` and their negatives, as far as they exist.
fn signed_boundaries() -> Vec<i64> {
    let positive = boundaries().into_iter().filter_map(|m| i64::try_from(m).ok());
    let mut all: Vec<i64> = positive.flat_map(|v| [v, -v]).collect();
    all.push(i64::MIN);
    all.sort_unstable();
    all.dedup();
    all
}

/// A value whose number of digits is random, up to `digits`.
fn any_length(random: &mut Random, digits: usize) -> i64 {
    let base = 10_u64.pow(1 + random.below(digits) as u32);
    let v = (random.bits() % base).cast_signed();
    if random.bits() & 1 == 1 { v.wrapping_neg() } else { v }
}

fn int_at_boundaries<L: Level>() {
    let mut canary = Canary::new();
    signed_boundaries().into_iter().for_each(|v| check_int::<L>(&mut canary, v));
    boundaries().into_iter().for_each(|v| check_uint::<L>(&mut canary, v));
    (-11_000..11_000).for_each(|v| check_int::<L>(&mut canary, v));
}

fn int_random<L: Level>() {
    let (mut canary, mut random) = (Canary::new(), Random::new(1));
    for _ in 0..rounds(2_000_000) {
        check_int::<L>(&mut canary, any_length(&mut random, 19));
        let bits = random.bits();
        check_uint::<L>(&mut canary, bits >> random.below(64));
    }
}

/// Alone, so that each value is in the narrowest class that has it, and at each place in a vector
/// among values of each wider class.
fn ints_at_boundaries<L: Level>() {
    let mut canary = Canary::new();
    for v in signed_boundaries() {
        check_ints::<L>(&mut canary, &[v]);
        for other in [1, 1 << 20, -(1 << 40), i64::MAX, i64::MIN] {
            for place in 0..9 {
                let mut run = [other; 9];
                run[place] = v;
                check_ints::<L>(&mut canary, &run);
            }
        }
    }
    check_ints::<L>(&mut canary, &signed_boundaries());
    check_ints::<L>(&mut canary, &[]);
}

fn ints_small<L: Level>() {
    let run: Vec<i64> = (-3000..3000).collect();
    check_ints::<L>(&mut Canary::new(), &run);
}

/// Every length up to beyond a block, with values of each class, and of all classes.
fn ints_of_every_length<L: Level>() {
    let (mut canary, mut random) = (Canary::new(), Random::new(2));
    for len in 0..=270 {
        for digits in [1, 3, 4, 7, 8, 12, 15, 16, 17, 18, 19] {
            let run: Vec<i64> = (0..len).map(|_| any_length(&mut random, digits)).collect();
            check_ints::<L>(&mut canary, &run);
            let run: Vec<i64> = run.iter().map(|v| v.saturating_abs()).collect();
            check_ints::<L>(&mut canary, &run);
            // One value of any magnitude among those of a narrow class.
            let mut run: Vec<i64> = (0..len).map(|i| i % 10).collect();
            if len > 0 {
                run[random.below(len as usize)] = any_length(&mut random, digits);
            }
            check_ints::<L>(&mut canary, &run);
        }
    }
}

fn ints_random<L: Level>() {
    let (mut canary, mut random) = (Canary::new(), Random::new(3));
    for round in 0..rounds(30_000) {
        let digits = 1 + round % 19;
        let len = random.below(200);
        let run: Vec<i64> = (0..len).map(|_| any_length(&mut random, digits)).collect();
        check_ints::<L>(&mut canary, &run);
        let run: Vec<i64> = (0..len).map(|_| random.bits().cast_signed() >> (round % 64)).collect();
        check_ints::<L>(&mut canary, &run);
    }
}

/// Around multiples of 10^8 and 10^16, where an estimated quotient is most easily one too small.
fn ints_near_powers<L: Level>() {
    let (mut canary, mut random) = (Canary::new(), Random::new(4));
    for round in 0..rounds(30_000) {
        let unit = [100_000_000, 10_000_000_000_000_000][round % 2];
        let most = [9_007_199_254_740_992, i64::MAX][round / 2 % 2] / unit;
        let run: Vec<i64> = (0..96)
            .map(|_| {
                let multiple = random.below(most as usize + 1) as i64 * unit;
                let near = multiple.saturating_add(random.below(7) as i64 - 3);
                if random.bits() & 1 == 1 { -near } else { near }
            })
            .collect();
        check_ints::<L>(&mut canary, &run);
    }
}
