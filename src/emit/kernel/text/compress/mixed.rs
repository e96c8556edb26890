//! Strings of a run among which some have escapes, without a branch on what is in one: each would be chance, and cost
//! more than writing the string.
//!
//! The length of each is known from the bits of its escapes alone, and so its place. Those with a `\u00xx` are written
//! wrong at first, as if they had none, and once more when several strings are done.

use super::narrow::{BLOCK, Marked, SPELLED};
use crate::emit::kernel::text::run::closed;
use crate::emit::kernel::{NARROW_MAX, SLACK, Source};
use core::mem::MaybeUninit;

/// Strings between two looks at whether it pays, and as many as are looked at before the first.
const BATCH: usize = 32;
const SAMPLE: usize = BATCH / 2;

/// Of so many strings those with escapes pay for the rest, and those with a `\u00xx` are not too many to be written twice.
const fn pays(strings: usize, escaped: usize, rare: usize) -> bool {
    2 * escaped >= strings && 4 * rare <= 3 * strings
}

/// Whether the next strings are such. Where there are fewer than a sample it does not matter.
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline(never)]
pub fn is_it<'a, S: Source<'a>>(mut source: S) -> bool {
    let (mut escaped, mut rare) = (0, 0);
    for i in 0..SAMPLE {
        let Some(s) = source.ascii().filter(|s| s.len() <= BLOCK) else { return false };
        let marked = Marked::load(s);
        escaped += usize::from(marked.found != 0);
        rare += usize::from(marked.ascii().rare != 0);
        // Most lists have none at all.
        if i == SAMPLE / 4 && escaped == 0 {
            return false;
        }
        source.advance();
    }
    pays(SAMPLE, escaped, rare)
}

/// A string that is to be written once more.
#[derive(Clone, Copy)]
struct Again<'a> {
    s: &'a [u8],
    to: *mut u8,
}

/// Writes strings of up to a block, up to one that needs more, as long as it pays and there is room: what comes then, and
/// where it is to be written.
///
/// # Safety
///
/// As [`super::texts`].
#[target_feature(enable = "avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
#[inline(never)]
pub unsafe fn mixed<'a, S: Source<'a>>(mut out: *mut u8, end: *mut u8, mut source: S) -> (S, *mut u8) {
    let room = const { BLOCK * NARROW_MAX + 3 + SLACK };
    if (end as usize - out as usize) < room {
        return (source, out);
    }
    let last = end.wrapping_sub(room);
    let mut again = [const { MaybeUninit::<Again<'a>>::uninit() }; BATCH];
    // SAFETY: there is room for it.
    unsafe { out.write(b'"') };
    loop {
        let (mut n, mut escaped, mut left) = (0, 0, BATCH);
        while left > 0
            && out <= last
            && let Some(s) = source.ascii()
            && s.len() <= BLOCK
        {
            let marked = Marked::load(s);
            let pairs = marked.ascii();
            let spelled = pairs.rare.count_ones() as usize;
            let is_long = s.len() > SPELLED;
            if (is_long & (spelled > 0)) | (s.len() + 2 * spelled > BLOCK) {
                break;
            }
            // SAFETY: there is room for six bytes for each character, two quotes, a comma and the slack.
            unsafe {
                let to = out.add(1);
                again[n].write(Again { s, to });
                n += usize::from(spelled > 0);
                pairs.put_over(to, marked.found);
                out = closed(to.add(s.len() + marked.found.count_ones() as usize + 4 * spelled));
            }
            escaped += usize::from(marked.found != 0);
            source.advance();
            left -= 1;
        }
        for again in &again[..n] {
            // SAFETY: the first `n` have been written; so many bytes were left for this string.
            unsafe {
                let Again { s, to } = again.assume_init();
                Marked::load(s).ascii().spelled().put_exactly(to);
            }
        }
        if left > 0 || !pays(BATCH, escaped, n) {
            return (source, out);
        }
    }
}
