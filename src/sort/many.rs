//! The order of many texts.

use core::iter::Map;
use core::slice::Iter;

use super::radix::Radix;
use super::{Word, arrange};
use crate::text::{RANKED, Text};

/// Bits of a number.
const NUMBER: u32 = 32;

/// Numbers of texts.
pub type Numbers<'a> = Map<Iter<'a, u128>, fn(&u128) -> u32>;

/// Where many texts are put in order.
#[derive(Debug, Default)]
pub struct Many {
    words: Vec<u128>,
    radix: Radix,
}

impl Many {
    /// The numbers of the first `n` texts, which are without surrogates, in their order; of equal ones the first comes first. `None`
    /// if there is no memory for so many.
    pub fn order<'t>(&mut self, n: usize, text: impl Fn(usize) -> Text<'t>) -> Option<Numbers<'_>> {
        let Self { words, radix } = self;
        let last = u32::try_from(n).ok()?;
        words.clear();
        words.try_reserve_exact(n).ok()?;
        words.extend((0..last).map(u128::from));
        arrange(words, 0, &text, &mut |words| radix.sort(words, NUMBER));
        Some(words.iter().map(|&word| word as u32))
    }

    /// Keeps its memory for the next texts if that is not more than so many bytes.
    pub fn keep(&mut self, most: usize) {
        if self.words.capacity() * size_of::<u128>() + self.radix.held() > most {
            *self = Self::default();
        }
    }
}

impl Word for u128 {
    const FRONT: usize = RANKED - (NUMBER / 8) as usize;

    #[inline(always)]
    fn again(self, text: Text<'_>, from: usize) -> Self {
        const NUMBERS: u128 = (1 << NUMBER) - 1;
        text.rank(from) & !NUMBERS | self & NUMBERS
    }

    #[inline(always)]
    fn number(self) -> usize {
        self as u32 as usize
    }

    #[inline(always)]
    fn ties(self, other: Self) -> bool {
        self >> NUMBER == other >> NUMBER
    }
}
