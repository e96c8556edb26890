//! Floats of single precision against zmij.

use planjson::emit::kernel::{Job, Level, Name};
use planjson::single::{Doubles, as_double};
use planjson::with_level;

/// Checks each by itself, and as a run on every level.
fn check(run: &[f32]) {
    let mut all = true;
    let expected: Vec<f64> = run
        .iter()
        .map(|&v| {
            let double = as_double(v);
            all &= double.is_some();
            if v.is_finite() {
                let mut buffer = zmij::Buffer::new();
                let text = buffer.format_finite(v);
                let mut buffer = zmij::Buffer::new();
                assert!(double.is_none_or(|d| buffer.format_finite(d) == text), "{:#x}", v.to_bits());
            } else {
                assert!(double.is_some_and(|d| !d.is_finite()), "{:#x}", v.to_bits());
            }
            double.unwrap_or_default()
        })
        .collect();
    for name in Name::ALL.into_iter().filter(|n| n.is_available()) {
        let mut to = vec![0.0; run.len()];
        // SAFETY: the machine has the level.
        let told = with_level!(name, L => unsafe { L::with(Doubles { run, to: &mut to }) });
        assert_eq!(told, all, "{name:?}");
        if all {
            let bits = |doubles: &[f64]| doubles.iter().map(|d| d.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&to), bits(&expected), "{name:?}");
        }
    }
    let mut to = vec![0.0; run.len()];
    assert_eq!(Doubles { run, to: &mut to }.run(), all);
}

/// All that have the form of doubles, or some of each exponent, and their neighbours at its ends.
#[test]
fn each_exponent() {
    let exhaustive = std::env::var_os("PLANJSON_EXHAUSTIVE").is_some_and(|v| v == "1");
    let step = if exhaustive { 1 } else { 997 };
    for exponent in 0..=0xff_u32 {
        let first = exponent << 23;
        for half in [first, first + (1 << 22)] {
            let bits = (half..half + (1 << 22)).step_by(step);
            let singles: Vec<f32> = bits.map(f32::from_bits).collect();
            singles.chunks(256).for_each(check);
        }
        let ends = (first..first + 40).chain(first + (1 << 23) - 40..first + (1 << 23));
        check(&ends.flat_map(|b| [f32::from_bits(b), -f32::from_bits(b)]).collect::<Vec<_>>());
    }
}

/// What most singles are: decimals with few places, quarters and eighths, among which are ties.
#[test]
fn everyday() {
    let quarters = (0..400_000).map(|n| n as f32 / 4.0);
    let eighths = (0..400_000).map(|n| 262_144.0 + n as f32 / 32.0);
    let decimals = (0..400_000).map(|n| n as f32 / 1000.0);
    let all: Vec<f32> = quarters.chain(eighths).chain(decimals).collect();
    all.chunks(256).for_each(check);
    for v in all.iter().skip(1).filter(|v| **v >= 1.0) {
        assert!(as_double(*v).is_some(), "{v}");
    }
    check(&[0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 1.0, -2.5]);
}
