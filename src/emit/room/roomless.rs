//! What kernels do for those who have no room: lengths, copies of short texts, the fragments of keys.

use crate::emit::kernel::{Level, SLACK, Scalar, WIDE_MAX, stands_in};
use crate::fragment::{self, Fragment};
use crate::text::{CLEAN, Chars, LoneSurrogate, PLAIN, Text};

/// How long `t` is in UTF-8 without escapes; for Latin-1 an upper bound, for that needs no look at it.
///
/// # Errors
///
/// [`LoneSurrogate`].
#[inline(always)]
pub fn utf8_len<L: Level>(t: Text<'_>) -> Result<usize, LoneSurrogate> {
    match t.chars() {
        Chars::Ascii(s) => Ok(s.len()),
        Chars::Latin1(s) => Ok(2 * s.len()),
        // SAFETY: whoever chose `L` knows that the machine has it.
        Chars::Ucs2(s) => unsafe { L::ucs2_len(s) }.ok_or(LoneSurrogate),
        // SAFETY: as above.
        Chars::Ucs4(s) => unsafe { L::ucs4_len(s) }.ok_or(LoneSurrogate),
    }
}

/// How long doubles become, a comma behind each.
#[inline(always)]
#[must_use]
pub fn floats_len<L: Level>(run: &[f64]) -> usize {
    // SAFETY: whoever chose `L` knows that the machine has it.
    unsafe { L::floats_len(run) }
}

/// Copies `s`, which is ASCII, if it has [`CLEAN`] characters at the most and nothing to escape; whether it was such a
/// one. Not every such string is seen to be one.
#[inline(always)]
pub fn copy_clean<L: Level>(to: &mut [u8; CLEAN], s: &[u8]) -> bool {
    // SAFETY: as in `copy_plain`.
    unsafe { L::clean(to.as_mut_ptr(), s) }
}

/// Copies `s`, which is ASCII of [`CLEAN`] bytes at least, to the front of `to`; whether there is nothing to escape in it.
#[inline(always)]
pub fn copy_plain<L: Level>(to: &mut [u8; PLAIN], s: &[u8]) -> bool {
    assert!((CLEAN..=PLAIN).contains(&s.len()), "a plain text is neither short nor long");
    // SAFETY: there is place for it; whoever chose `L` knows that the machine has it.
    unsafe { L::plain(to.as_mut_ptr(), s) }
}

/// The fragment of a key: quoted, escaped, with its colon. `None` if it is too long, or has a lone surrogate.
#[must_use]
pub fn fragment(key: Text<'_>) -> Option<Fragment> {
    if key.len() > fragment::LONGEST {
        return None;
    }
    let mut bytes = [b'"'; 1 + fragment::SIZE * WIDE_MAX + SLACK];
    // SAFETY: there is place for each character's worst case and the slack; the scalar level is everywhere.
    let end = unsafe {
        let to = bytes.as_mut_ptr().add(1);
        match key.chars() {
            Chars::Ascii(s) => Scalar::ascii(to, s),
            Chars::Latin1(s) => Scalar::latin1(to, s),
            Chars::Ucs2(s) => Scalar::ucs2(to, s),
            Chars::Ucs4(s) => Scalar::ucs4(to, s),
        }
    };
    if end.is_null() {
        return None;
    }
    let len = end as usize - bytes.as_ptr() as usize;
    bytes[len..len + 2].copy_from_slice(b"\":");
    Fragment::new(&bytes[..len + 2])
}

/// Whether `fragment` is that of the ASCII key `key`, which is not asked of those that are escaped.
#[inline(always)]
#[must_use]
pub fn says(fragment: &Fragment, key: &[u8]) -> bool {
    fragment.is_plain(key.len()) && stands_in(fragment.padded(), key)
}
