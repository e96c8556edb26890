//! The order of a few texts.

use super::{Word, arrange};
use crate::text::Text;

/// So many texts have numbers of a byte.
pub const MOST: usize = 128;

/// So many words are put in order without a branch.
const SMALL: usize = 12;

/// Where a few texts are put in order.
#[derive(Debug)]
pub struct Few {
    words: [u64; MOST],
    order: [u8; MOST],
}

impl Default for Few {
    fn default() -> Self {
        Self { words: [0; MOST], order: [0; MOST] }
    }
}

impl Few {
    /// The numbers of the first `n` texts, which are [`MOST`] or fewer and without surrogates, in their order; of equal ones the
    /// first comes first.
    #[inline(always)]
    pub fn order<'t>(&mut self, n: usize, text: impl Fn(usize) -> Text<'t>) -> &[u8] {
        let words = &mut self.words[..n];
        words.iter_mut().zip(0..).for_each(|(word, number)| *word = number);
        arrange(words, 0, &text, &mut sort);
        let order = &mut self.order[..n];
        order.iter_mut().zip(words).for_each(|(number, word)| *number = *word as u8);
        order
    }
}

impl Word for u64 {
    const FRONT: usize = 7;

    #[inline(always)]
    fn again(self, text: Text<'_>, from: usize) -> Self {
        text.front(from) & !0xff | self & 0xff
    }

    #[inline(always)]
    fn number(self) -> usize {
        (self & 0xff) as usize
    }

    #[inline(always)]
    fn ties(self, other: Self) -> bool {
        self >> 8 == other >> 8
    }
}

#[inline(always)]
fn sort(words: &mut [u64]) {
    if words.len() > SMALL {
        if !words.is_sorted() {
            words.sort_unstable();
        }
        return;
    }
    let mut sorted = [0; SMALL];
    for &word in &*words {
        // No two are the same.
        sorted[words.iter().filter(|&&other| other < word).count()] = word;
    }
    words.copy_from_slice(&sorted[..words.len()]);
}
