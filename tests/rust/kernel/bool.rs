//! Bools against a naive version.

use super::harness::{Canary, Random, rounds};
use planjson::emit::kernel::{BOOLS_MAX, Level};

for_each_level! {
    every_byte,
    every_count,
    random_bits,
    words_as_bits,
}

fn check<L: Level>(canary: &mut Canary, bits: u64, n: usize) {
    // SAFETY: the test's level is available and the buffer as large as the bound.
    let text = canary.written(6 * n, |out| unsafe { L::bools(out, bits, n) });
    let naive: String = (0..n).map(|i| if bits >> i & 1 == 1 { "true," } else { "false," }).collect();
    assert_eq!(str::from_utf8(text), Ok(naive.as_str()), "{} {bits:#x} {n}", L::NAME);
}

/// All texts of the table, in each place, between bits that must not matter.
fn every_byte<L: Level>() {
    let mut canary = Canary::new();
    for byte in 0..=255_u64 {
        for place in 0..8 {
            check::<L>(&mut canary, byte << (8 * place), 8 * (place + 1));
            check::<L>(&mut canary, !0 ^ byte << (8 * place), 8 * (place + 1));
        }
    }
}

fn every_count<L: Level>() {
    let (mut canary, mut random) = (Canary::new(), Random::new(1));
    for n in 0..=BOOLS_MAX {
        for bits in [0, !0, 0x5555_5555_5555_5555, !(!0 >> 1), random.bits(), random.bits()] {
            check::<L>(&mut canary, bits, n);
        }
    }
}

fn random_bits<L: Level>() {
    let (mut canary, mut random) = (Canary::new(), Random::new(2));
    for _ in 0..rounds(300_000) {
        let (bits, n) = (random.bits(), random.below(BOOLS_MAX + 1));
        check::<L>(&mut canary, bits, n);
    }
}

/// Each word is one of two; and a third in each place.
fn words_as_bits<L: Level>() {
    let mut random = Random::new(3);
    for round in 0..rounds(30_000).max(300) {
        let (yes, no, bits) = (random.bits() as usize, random.bits() as usize, random.bits());
        let mut words = core::array::from_fn(|i| if bits >> i & 1 == 1 { yes } else { no });
        // SAFETY: the test's level is available.
        assert_eq!(unsafe { L::bits(&words, yes, no) }, Some(bits), "{}", L::NAME);
        let place = &mut words[round % BOOLS_MAX];
        // The halves of the two, or one of them with a bit changed.
        let halves = yes >> 32 << 32 | no & 0xffff_ffff;
        *place = [halves, *place ^ 1 << random.below(64), 0][round % 3];
        // SAFETY: as above.
        assert_eq!(unsafe { L::bits(&words, yes, no) }, None, "{} {round}", L::NAME);
    }
}
