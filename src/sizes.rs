//! How large the results of a cached plan are, so that the next one has all its memory at once.

use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Bytes of a result that is small: it is written to a scratch, whatever its size will be.
pub const SMALL: usize = 32 * 1024;

/// What an element or member of the last document took, in bytes / `PARTS`, doubled; and in the last bit whether the one before
/// it took about as much. 0 as long as all were small.
#[derive(Debug, Default)]
pub struct Sizes(AtomicUsize);

/// Elements may take less than a byte more than those of another document.
const PARTS: usize = 16;

/// Two that differ by more than 1 / this do not agree.
const AGREE: usize = 8;

/// More bytes than this are not told apart.
const MOST: usize = usize::MAX / (4 * PARTS);

impl Sizes {
    /// About how large the JSON of a document of `len` elements or members will be; `None` if the last two do not agree.
    #[inline(always)]
    pub fn expect(&self, len: impl FnOnce() -> usize) -> Option<usize> {
        let known = self.0.load(Relaxed);
        if known & 1 == 0 {
            return None;
        }
        (known / 2).checked_mul(len().max(1)).map(|parts| parts / PARTS)
    }

    /// That of one had so many `bytes`.
    #[inline(always)]
    pub fn note(&self, len: impl FnOnce() -> usize, bytes: usize) {
        // Most documents of services are small, and what follows takes a division.
        if bytes > SMALL || self.0.load(Relaxed) != 0 {
            self.compare(len(), bytes);
        }
    }

    #[inline(never)]
    fn compare(&self, len: usize, bytes: usize) {
        let share = bytes.min(MOST) * PARTS / len.max(1);
        let last = self.0.load(Relaxed) / 2;
        let agree = share.abs_diff(last) <= share / AGREE;
        self.0.store(2 * share + usize::from(agree), Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_that_agree_say_how_large_the_next_one_is() {
        let sizes = Sizes::default();
        let note = |len, bytes| sizes.note(|| len, bytes);
        let expected = |len| sizes.expect(|| len);
        note(10, 200);
        assert_eq!(expected(10), None, "small");
        note(1000, 100_000);
        assert_eq!(expected(1000), None, "the first");
        note(2000, 210_000);
        assert_eq!(expected(4000), Some(420_000));
        assert_eq!(expected(0), Some(105));
        note(100, 100_000);
        assert_eq!(expected(100), None, "they do not agree");
        note(100, 10_000);
        note(100, 10_000);
        assert_eq!(expected(usize::MAX), None, "more than there is");
        note(1, usize::MAX);
        note(0, usize::MAX);
        assert_eq!(expected(1), Some(MOST));
    }
}
