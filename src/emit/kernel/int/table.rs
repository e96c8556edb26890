//! Texts of small integers, made by the compiler.

use super::class::TABLE;

/// The text of `v` for `v` in `-TABLE..TABLE`, at `v + TABLE`: at most six bytes such as `-1024,`
/// from byte 0 on, and their number in byte 7.
pub static SMALL: [u64; 2 * TABLE as usize] = small();

/// The decimal digits of `v` without leading zeros, at most three and none for 0, from byte 0 on,
/// and their number in byte 3. Holds 2^63 / 10^16 = 922.
pub static TOP: [u32; 1024] = top();

/// The digits of a number below 1000, and a comma: of one that stands alone, and of one behind other digits, which is three long.
pub static LAST: [[[u8; 4]; 1000]; 2] = {
    let mut table = [[[b','; 4]; 1000]; 2];
    let mut i = 0;
    while i < 1000 {
        let [a, b, c] = [b'0' + (i / 100) as u8, b'0' + (i / 10 % 10) as u8, b'0' + (i % 10) as u8];
        table[0][i] = if i < 10 {
            [c, b',', 0, 0]
        } else if i < 100 {
            [b, c, b',', 0]
        } else {
            [a, b, c, b',']
        };
        table[1][i] = [a, b, c, b','];
        i += 1;
    }
    table
};

/// The length in an entry of [`SMALL`].
#[inline(always)]
pub const fn small_len(entry: u64) -> usize {
    (entry >> 56) as usize
}

/// The length in an entry of [`TOP`].
#[inline(always)]
pub const fn top_len(entry: u32) -> usize {
    (entry >> 24) as usize
}

const fn small() -> [u64; 2 * TABLE as usize] {
    let mut table = [0; 2 * TABLE as usize];
    let mut i = 0;
    while i < table.len() {
        let v = i as i64 - TABLE;
        let (text, len) = digits(v.unsigned_abs());
        let (text, len) = if len == 0 { (b'0' as u64, 1) } else { (text, len) };
        let (text, len) = if v < 0 { (text << 8 | b'-' as u64, len + 1) } else { (text, len) };
        table[i] = text | (b',' as u64) << (8 * len) | (len + 1) << 56;
        i += 1;
    }
    table
}

const fn top() -> [u32; 1024] {
    let mut table = [0; 1024];
    let mut i = 0;
    // A fourth digit would have no room beside the length.
    while i < 1000 {
        let (text, len) = digits(i as u64);
        table[i] = (text | len << 24) as u32;
        i += 1;
    }
    table
}

/// The digits of `m`, the first in the lowest byte, and how many there are.
const fn digits(mut m: u64) -> (u64, u64) {
    let (mut text, mut len) = (0, 0);
    while m != 0 {
        text = text << 8 | (b'0' as u64 + m % 10);
        len += 1;
        m /= 10;
    }
    (text, len)
}

/// 10^0 to 10^19.
pub static POW10: [u64; 20] = {
    let mut powers = [1; 20];
    let mut i = 1;
    while i < powers.len() {
        powers[i] = 10 * powers[i - 1];
        i += 1;
    }
    powers
};
