//! Powers of ten, 125 and 128 bits each, truncated; made by the compiler.

/// Least exponent in the table: the scale for the largest double, `10^-(292 + 1)`.
pub const MIN: i32 = -293;
/// Greatest exponent in the table: the scale for subnormals, `10^-(-324 + 1)`.
pub const MAX: i32 = 323;

/// Where zeros stand in the table, instead of a power: for zero, and behind that for what is no number.
pub const NONE: usize = (MAX - MIN + 2) as usize;

const LEN: usize = NONE + 2;
/// Limbs of the working number: `5^323` needs 750 bits, `2^896 / 5^293` keeps 215 bits.
const LIMBS: usize = 14;

/// The 128 first bits of `10^m`, without the lowest three and once more without the lower half.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Pow10 {
    /// The upper 61 bits of 125.
    pub hi: u64,
    /// The lower 64 bits of 125.
    pub lo: u64,
    /// The upper 64 bits of 128; the topmost is set.
    pub top: u64,
}

/// `TABLE[MAX - m]` has the bits of `floor(10^m * 2^(127 - floor(log2(10^m))))`; three zeros follow.
pub static TABLE: [Pow10; LEN] = table();

/// The first bits of a number, whose least limb comes first.
const fn top(n: &[u64; LIMBS]) -> Pow10 {
    let mut i = LIMBS - 1;
    while n[i] == 0 {
        i -= 1;
    }
    let (a, b, c) = (n[i], if i >= 1 { n[i - 1] } else { 0 }, if i >= 2 { n[i - 2] } else { 0 });
    let mut bits = (a as u128) << 64 | b as u128;
    let shift = a.leading_zeros();
    if shift > 0 {
        bits = bits << shift | (c >> (64 - shift)) as u128;
    }
    Pow10 { hi: (bits >> 67) as u64, lo: (bits >> 3) as u64, top: (bits >> 64) as u64 }
}

/// Positive powers from `5^m`, exact; negative ones from `floor(2^896 / 5^n)`, found by dividing
/// by 5 again and again, which truncates to the same number as one division by `5^n` would.
const fn table() -> [Pow10; LEN] {
    let mut out = [Pow10 { hi: 0, lo: 0, top: 0 }; LEN];
    let mut n = [0; LIMBS];
    n[0] = 1;
    let mut m = 0;
    while m <= MAX {
        out[(MAX - m) as usize] = top(&n);
        let (mut i, mut carry) = (0, 0);
        while i < LIMBS {
            let t = n[i] as u128 * 5 + carry;
            n[i] = t as u64;
            carry = t >> 64;
            i += 1;
        }
        m += 1;
    }
    // 2^896 itself has no room, so the first step is made by hand: 2^896 - 1 and 2^896 have the
    // same quotient by 5, because 5 does not divide 2^896.
    let mut n = [u64::MAX; LIMBS];
    let mut m = -1;
    while m >= MIN {
        let (mut i, mut rest) = (LIMBS, 0);
        while i > 0 {
            i -= 1;
            let t = (rest as u128) << 64 | n[i] as u128;
            n[i] = (t / 5) as u64;
            rest = (t % 5) as u64;
        }
        out[(MAX - m) as usize] = top(&n);
        m -= 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{MAX, MIN, NONE, Pow10, TABLE};
    use std::cmp::Ordering;

    /// A big integer, least word first; the slow way, and another one than the table's.
    #[derive(Clone, PartialEq)]
    struct Big(Vec<u32>);

    impl Big {
        fn times(mut self, by: u32) -> Self {
            let mut carry = 0;
            for w in &mut self.0 {
                carry += u64::from(*w) * u64::from(by);
                *w = carry as u32;
                carry >>= 32;
            }
            self.0.push(carry as u32);
            self.trim()
        }

        fn of(n: u128) -> Self {
            Self((0..4).map(|i| (n >> (32 * i)) as u32).collect()).trim()
        }

        fn shifted(self, by: u32) -> Self {
            let mut n = vec![0; by as usize / 32];
            n.extend(self.0);
            Self(n).times(1 << (by % 32))
        }

        fn trim(mut self) -> Self {
            while self.0.last() == Some(&0) {
                self.0.pop();
            }
            self
        }

        fn compare(&self, other: &Self) -> Ordering {
            self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
        }
    }

    /// `n * 2^up * 10^times`.
    fn scaled(n: u128, up: i32, times: i32) -> Big {
        (0..times).fold(Big::of(n), |n, _| n.times(10)).shifted(up as u32)
    }

    #[test]
    fn truncated_powers() {
        for m in MIN..=MAX {
            let Pow10 { hi, lo, top } = TABLE[(MAX - m) as usize];
            // 125 and 64 bits of the same number.
            let bits = u128::from(hi) << 64 | u128::from(lo);
            assert!(bits >> 124 == 1 && bits >> 61 == u128::from(top), "10^{m}");
            // bits * 2^e <= 10^m < (bits + 1) * 2^e, with both sides brought to integers.
            let e = (f64::from(m) * std::f64::consts::LOG2_10).floor() as i32 - 124;
            let power = scaled(1, (-e).max(0), m.max(0));
            let bound = |n| scaled(n, e.max(0), (-m).max(0));
            assert!(bound(bits).compare(&power) != Ordering::Greater, "10^{m}");
            assert!(bound(bits + 1).compare(&power) == Ordering::Greater, "10^{m}");
        }
        assert_eq!(TABLE[NONE..], [Pow10 { hi: 0, lo: 0, top: 0 }; 2]);
    }
}
