//! Known keys and their members: in one step where the key is in its place, which it is but for the first time.

use super::Recorder;
use super::text::TEXT;
use crate::fragment::{self, Fragment, UNNUMBERED};
use crate::plan::node::Tag;
use crate::plan::segment::{Spot, WORDS};
use crate::plan::window::Window;
use crate::sink::Sink;
use crate::text::Text;

impl<W: Window> Recorder<'_, W> {
    /// Where a member with a known key goes, if the key is in its place and the segment has place.
    #[inline(always)]
    pub(super) fn place_of_member(&self, pen: &Spot, id: u32) -> Option<(usize, u64)> {
        debug_assert!(pen.key() == 0, "a key has a value");
        let key = self.segment.key(id)?;
        if pen.at() < WORDS { Some((pen.at(), key)) } else { None }
    }

    /// Records a member of one word.
    #[inline(always)]
    pub(super) fn member(&mut self, pen: Spot, id: u32, fragment: &Fragment, tag: Tag) -> Spot {
        match self.place_of_member(&pen, id) {
            Some(place) => self.begin(place, tag.word(0), 0),
            None => {
                let pen = self.next_known_key(pen, id, fragment);
                self.one(pen, tag.word(0))
            }
        }
    }

    #[inline(never)]
    pub(super) fn other_int_member(&mut self, pen: Spot, id: u32, fragment: &Fragment, v: i64) -> Spot {
        let pen = self.known_key(pen, id, fragment);
        self.int(pen, v)
    }

    #[inline(never)]
    pub(super) fn other_ascii_member(&mut self, pen: Spot, id: u32, fragment: &Fragment, s: &[u8]) -> Spot {
        let pen = self.known_key(pen, id, fragment);
        self.any_text(pen, Text::ascii(s), TEXT).expect("ASCII has no surrogates")
    }

    /// As [`Sink::known_key`], by a call.
    #[cold]
    #[inline(never)]
    pub(super) fn next_known_key(&mut self, pen: Spot, id: u32, fragment: &Fragment) -> Spot {
        self.known_key(pen, id, fragment)
    }

    /// Puts a known key into its place. If there was another one, the segment that may name that is closed before.
    #[cold]
    #[inline(never)]
    pub(super) fn new_known_key(&mut self, pen: Spot, id: u32, fragment: &Fragment) -> Spot {
        if id == UNNUMBERED {
            return self.finished_key(pen, fragment);
        }
        let pen = if self.segment.is_vacant(id) || pen.at() == 0 { pen } else { self.turn(pen) };
        let key = self.segment.adopt(id, fragment);
        pen.behind_key(key)
    }

    /// Records a key whose fragment is known but has no number.
    #[cold]
    #[inline(never)]
    fn finished_key(&mut self, pen: Spot, fragment: &Fragment) -> Spot {
        const WORDS: usize = fragment::SIZE / 8;
        let place = self.place(pen);
        *self.segment.words_mut(place.0 + 1) = bytemuck::cast::<_, [u64; WORDS]>(*fragment.padded());
        self.begin(place, Tag::FinishedKey.word(fragment.len() as u64), WORDS)
    }
}
