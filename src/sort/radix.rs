//! Many words in order.
//!
//! They are dealt to as many piles as there are values of the first bits in which they differ, and each pile is sorted in its
//! turn: each word is moved two or three times, whatever their number, and no step depends on what a comparison says.

/// Bits that say to which pile a word goes: letters and digits differ in 4 or 5 bits of 8, so that two characters count.
const BITS: u32 = 12;

/// Fewer words are sorted by comparison.
const LEAST: usize = 256;

/// Where many words are put in order.
#[derive(Debug, Default)]
pub(super) struct Radix {
    /// The words of a pile, while they are dealt.
    dealt: Vec<u128>,
    /// Of each pile how many words it has, then where its next one goes.
    piles: Vec<u32>,
}

impl Radix {
    /// Puts words in order; their lowest `rest` bits are in the order of the words where the others are the same.
    pub(super) fn sort(&mut self, words: &mut [u128], rest: u32) {
        if words.is_sorted() {
            return;
        }
        let is_ready = words.len() >= LEAST
            && u32::try_from(words.len()).is_ok()
            && self.dealt.try_reserve_exact(words.len().saturating_sub(self.dealt.len())).is_ok()
            && self.piles.try_reserve_exact((1_usize << BITS).saturating_sub(self.piles.len())).is_ok();
        if is_ready {
            self.deal(words, rest);
        } else {
            // Unstable, because a stable sort asks for memory and ends the process if there is none.
            words.sort_unstable();
        }
    }

    fn deal(&mut self, words: &mut [u128], rest: u32) {
        let (all, any) = words.iter().fold((!0, 0), |(all, any), word| (all & word, any | word));
        let differ = u128::BITS - (all ^ any).leading_zeros();
        if differ <= rest {
            return words.sort_unstable();
        }
        let shift = differ.saturating_sub(BITS).max(rest);
        let pile = |word: u128| (word >> shift) as usize & ((1 << BITS) - 1);
        self.piles.clear();
        self.piles.resize(1 << BITS, 0);
        words.iter().for_each(|&word| self.piles[pile(word)] += 1);
        let mut begin = 0;
        for n in &mut self.piles {
            begin += core::mem::replace(n, begin);
        }
        self.dealt.clear();
        self.dealt.extend_from_slice(words);
        for &word in &self.dealt {
            let at = &mut self.piles[pile(word)];
            words[*at as usize] = word;
            *at += 1;
        }
        for pile in words.chunk_by_mut(|a, b| pile(*a) == pile(*b)) {
            if pile.len() < LEAST {
                pile.sort_unstable();
            } else {
                self.deal(pile, rest);
            }
        }
    }

    /// Bytes that are kept for the next words.
    pub(super) const fn held(&self) -> usize {
        self.dealt.capacity() * size_of::<u128>() + self.piles.capacity() * size_of::<u32>()
    }
}
