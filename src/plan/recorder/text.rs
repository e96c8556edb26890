//! Texts in a plan: short ones are copied, long ones held, and what passes is copied whatever its length.

use super::Recorder;
use crate::plan::node::{RAW_SHORT, SHORT, Tag, is_copied, text_payload};
use crate::plan::segment::Spot;
use crate::plan::window::{TextKernels, Window};
use crate::text::{CLEAN, Clean, Held, LoneSurrogate, PLAIN, Text, Width};

/// A segment that streams is full when it has long texts of so many bytes, so that what is emitted stays small.
const STREAM_TEXTS: usize = 64 * 1024;

/// Bytes of copies from which on a segment that passes is closed.
const COPIED: usize = 64 * 1024;

/// The tags of a text, or of a key.
#[derive(Clone, Copy)]
pub(super) struct TextTags {
    clean: Tag,
    plain: Tag,
    ascii: Tag,
    wide: Tag,
    held: Tag,
}

pub(super) const TEXT: TextTags = TextTags {
    clean: Tag::Clean,
    plain: Tag::Plain,
    ascii: Tag::Ascii,
    wide: Tag::Text,
    held: Tag::HeldText,
};
pub(super) const KEY: TextTags = TextTags {
    clean: Tag::CleanKey,
    plain: Tag::AsciiKey,
    ascii: Tag::AsciiKey,
    wide: Tag::Key,
    held: Tag::HeldKey,
};

impl<W: Window> Recorder<'_, W> {
    /// Records a text at `place`.
    #[inline(always)]
    pub(super) fn put_text(&mut self, place: (usize, u64), t: Text<'_>, tags: TextTags) -> Spot {
        if !is_copied(t.len(), t.width()) {
            return self.hold(place, t, tags.held);
        }
        if t.width() == Width::Ascii && self.put_clean_at(place.0 + 1, t.as_bytes()) {
            return self.begin(place, tags.clean.word(t.len() as u64), super::words_of(t.len()));
        }
        self.put_unclean(place, t, tags)
    }

    /// Copies ASCII to the word `at` if it is clean; whether it was.
    #[inline(always)]
    pub(super) fn put_clean_at(&mut self, at: usize, s: &[u8]) -> bool {
        W::Texts::copy_clean(bytemuck::cast_mut(self.segment.words_mut::<{ CLEAN / 8 }>(at)), s)
    }

    /// Records a text that is copied and not clean, or was not seen to be.
    #[inline(never)]
    pub(super) fn put_unclean(&mut self, place: (usize, u64), t: Text<'_>, tags: TextTags) -> Spot {
        if t.as_bytes().len() > SHORT {
            return self.put_long(place, t.as_bytes(), tags);
        }
        let header = if t.width() == Width::Ascii {
            tags.ascii.word(t.len() as u64)
        } else {
            tags.wide.word(text_payload(t.width(), t.len()))
        };
        *self.segment.words_mut(place.0 + 1) = t.padded_words();
        self.begin(place, header, super::words_of(t.as_bytes().len()))
    }

    /// Records ASCII that is copied and not short.
    #[inline(never)]
    pub(super) fn put_long(&mut self, place: (usize, u64), s: &[u8], tags: TextTags) -> Spot {
        let words = self.segment.words_mut::<{ PLAIN / 8 }>(place.0 + 1);
        let tag = if W::Texts::copy_plain(bytemuck::cast_mut(words), s) { tags.plain } else { tags.ascii };
        self.begin(place, tag.word(s.len() as u64), super::words_of(s.len()))
    }

    /// Records finished JSON that is short.
    #[inline(always)]
    pub(super) fn put_raw(&mut self, place: (usize, u64), bytes: &[u8]) -> Spot {
        let words = self.segment.words_mut::<{ RAW_SHORT / 8 }>(place.0 + 1);
        bytemuck::cast_slice_mut(words)[..bytes.len()].copy_from_slice(bytes);
        self.begin(place, Tag::Raw.word(bytes.len() as u64), super::words_of(bytes.len()))
    }

    /// Records a text, or says that it has a lone surrogate.
    #[inline(always)]
    pub(super) fn any_text(&mut self, pen: Spot, t: Text<'_>, tags: TextTags) -> Result<Spot, LoneSurrogate> {
        if t.width() != Width::Ascii {
            W::Texts::utf8_len(t)?;
        }
        let place = self.place(pen);
        Ok(self.put_text(place, t, tags))
    }

    /// Records a text by copying it, however long it is: a long one to a place of its own.
    pub(super) fn copy_text(
        &mut self,
        pen: Spot,
        t: Text<'_>,
        tags: TextTags,
    ) -> Result<Spot, LoneSurrogate> {
        if is_copied(t.len(), t.width()) {
            return self.any_text(pen, t, tags);
        }
        W::Texts::utf8_len(t)?;
        let place = self.place(pen);
        Ok(self.hold_copy(place, t, tags.held))
    }

    /// Records a copy of `t` as held; nothing if there is no memory for it.
    pub(super) fn hold_copy(&mut self, place: (usize, u64), t: Text<'_>, tag: Tag) -> Spot {
        // First, because a segment that is closed forgets its copies.
        let place = self.place_to_hold(place);
        let Some(held) = self.held_copy(t) else {
            self.short_of_memory = true;
            return Spot::new(place.0);
        };
        self.waiting += t.as_bytes().len();
        let pen = self.put_held(place, held, tag);
        // Where segments pass, so that what they have copied is not much at a time.
        if W::EMITS && self.segment.copied() > COPIED { self.turn(pen) } else { pen }
    }

    /// A copy of `t`: in the arena if segments pass, and else in a place of its own that goes with its segment.
    pub(super) fn held_copy(&mut self, t: Text<'_>) -> Option<Held> {
        if W::EMITS {
            let copy = self.segment.copy(t.as_bytes())?;
            return Some(Text::from_words(t.width(), copy, t.len()).hold(self.keeper));
        }
        let copy = copied(t.as_bytes())?;
        // A box stays where it is, whoever it is handed to.
        let held = Text::from_words(t.width(), &copy, t.len()).hold(self.keeper);
        self.copies.push(copy);
        Some(held)
    }

    /// Records a text by its address. If the segment can hold no more, it is closed before.
    #[inline(always)]
    pub(super) fn hold(&mut self, place: (usize, u64), t: Text<'_>, tag: Tag) -> Spot {
        let place = self.place_to_hold(place);
        self.waiting += t.as_bytes().len();
        let held = t.hold(self.keeper);
        self.put_held(place, held, tag)
    }

    /// The place, in a segment that can hold one text more.
    #[inline(always)]
    pub(super) fn place_to_hold(&mut self, (at, key): (usize, u64)) -> (usize, u64) {
        let waits = W::STREAMS && self.waiting >= STREAM_TEXTS;
        let at = if self.segment.can_hold(1) && !waits { at } else { self.turn(Spot::new(at)).at() };
        (at, key)
    }

    #[inline(always)]
    pub(super) fn put_held(&mut self, place: (usize, u64), held: Held, tag: Tag) -> Spot {
        let word = tag.word(self.segment.held.len() as u64);
        self.segment.held.push(held);
        self.begin(place, word, 0)
    }

    #[inline(always)]
    pub(super) fn put_clean(&mut self, pen: Spot, t: Clean<'_>, tag: Tag) -> Spot {
        let place = self.place(pen);
        *self.segment.words_mut(place.0 + 1) = bytemuck::cast::<_, [u64; CLEAN / 8]>(*t.padded());
        self.begin(place, tag.word(t.len() as u64), super::words_of(t.len()))
    }
}

/// Bytes as words, in memory of their own; `None` if there is none.
fn copied(bytes: &[u8]) -> Option<Box<[u64]>> {
    let mut words = Vec::new();
    words.try_reserve_exact(bytes.len().div_ceil(8)).ok()?;
    let (whole, tail) = bytes.as_chunks::<8>();
    words.extend(whole.iter().map(|w| u64::from_ne_bytes(*w)));
    if !tail.is_empty() {
        let mut last = [0; 8];
        last[..tail.len()].copy_from_slice(tail);
        words.push(u64::from_ne_bytes(last));
    }
    Some(words.into_boxed_slice())
}
