//! Texts in the order of their code points, which is that of their UTF-8.
//!
//! Of each text there is a word: some of its bytes, and below them its number, so that nothing but words is compared and moved.
//! Those that are the same in these bytes are told apart by the next ones: a radix sort from the front, with digits of 7 or
//! 12 bytes, as in McIlroy, Bostic, McIlroy, "Engineering Radix Sort" (Computing Systems 6, 1993).

pub mod few;
pub mod many;
mod radix;

pub use few::Few;
pub use many::Many;

use crate::text::Text;

/// Texts with so many bytes in common are told apart behind them at once.
const WORTH: usize = 8;

/// So many texts that are the same so far are compared as they are.
const FEWEST: usize = 4;

/// Texts that are the same up to here are compared as they are.
const DEEPEST: usize = 1024;

/// Some bytes of a text, and below them its number.
trait Word: Copy + Ord {
    /// So many bytes.
    const FRONT: usize;

    /// That of the same text with the bytes behind the first `from`; zeros behind its end.
    fn again(self, text: Text<'_>, from: usize) -> Self;

    fn number(self) -> usize;

    /// Whether the bytes are the same.
    fn ties(self, other: Self) -> bool;
}

/// Puts words in the order of their texts, which have the first `from` bytes in common. What is in the words but the numbers does not
/// count. `sort` puts them in the order of what is in them then.
#[inline(always)]
fn arrange<'t, W: Word>(
    words: &mut [W],
    from: usize,
    text: &impl Fn(usize) -> Text<'t>,
    sort: &mut impl FnMut(&mut [W]),
) {
    let from = from + in_common(words, from, text);
    for word in words.iter_mut() {
        *word = word.again(text(word.number()), from);
    }
    sort(words);
    if words.windows(2).any(|pair| pair[0].ties(pair[1])) {
        tell_apart(words, from + W::FRONT, text, sort);
    }
}

/// How many bytes behind the first `from` all texts have in common, as far as that is seen at once and worth to be known.
#[inline(always)]
fn in_common<'t, W: Word>(words: &[W], from: usize, text: &impl Fn(usize) -> Text<'t>) -> usize {
    let behind = |word: &W| text(word.number()).ascii_behind(from);
    let (Some(first), Some(last)) = (words.first().and_then(behind), words.last().and_then(behind)) else {
        return 0;
    };
    let alike = first.iter().zip(last).take_while(|(a, b)| a == b).count();
    let all = alike >= WORTH
        && words.iter().all(|word| behind(word).is_some_and(|text| text.starts_with(&first[..alike])));
    if all { alike } else { 0 }
}

/// Puts those in order whose words are the same but for the numbers, by their bytes from `from` on.
#[cold]
#[inline(never)]
fn tell_apart<'t, W: Word>(
    words: &mut [W],
    from: usize,
    text: &impl Fn(usize) -> Text<'t>,
    sort: &mut impl FnMut(&mut [W]),
) {
    for same in words.chunk_by_mut(|a, b| a.ties(*b)).filter(|same| same.len() > 1) {
        let behind = |word: &W| text(word.number()).ascii_behind(from);
        let worth = same.len() > FEWEST && from < DEEPEST && same.iter().all(|word| behind(word).is_some());
        if worth && same.iter().any(|word| behind(word).is_some_and(|text| !text.is_empty())) {
            arrange(same, from, text, sort);
        } else {
            // Unstable, because a stable sort asks for memory and ends the process if there is none.
            same.sort_unstable_by(|a, b| {
                let (a, b) = (a.number(), b.number());
                text(a).cmp_points(text(b)).then(a.cmp(&b))
            });
        }
    }
}
