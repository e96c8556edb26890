//! Powers of ten, 125 and 128 bits each, truncated; made by the compiler.

/// Least exponent in the table: the scale for the largest double, `10^-(292 + 1)`.
pub const MIN: i32 = -293;
/// Greatest exponent in the table: the scale for subnormals, `10^-(-324 + 1)`.
pub const MAX: i32 = 323;

/// Where zeros stand in the table, instead of a power.
pub const NONE: usize = (MAX - MIN + 2) as usize;

const LEN: usize = NONE + 1;
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

/// `TABLE[MAX - m]` has the bits of `floor(10^m * 2^(127 - floor(log2(10^m))))`; two zeros follow.
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
