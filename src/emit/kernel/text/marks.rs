//! The search for what is to be escaped, in a vector of characters of any width.

use super::escape::SHORT;
use super::vector::Vector;

/// What is to be escaped in a vector of characters of `W` bytes.
pub struct Marks<V> {
    /// All ones where there is anything to escape.
    pub escaped: V,
    /// What turns characters into the letters of their short escapes, by xor.
    pub short: V,
    /// All ones where only `\u00xx` will do.
    pub rare: V,
}

/// Finds what is to be escaped.
#[inline(always)]
pub fn marks<V: Vector, const W: usize>(v: V) -> Marks<V> {
    let control = v.at_most::<W>(0x1f);
    let escaped = control.or(v.is::<W>(0x22)).or(v.is::<W>(0x5c));
    // In wide characters only the low byte counts.
    let short = v.table(&SHORT).look_up(v);
    let short = if W == 1 { short } else { short.and(control) };
    let rare = control.and(short.eq::<W>(short.xor(short)));
    Marks { escaped, short, rare }
}
