//! A stretch of a plan: the words between two cuts, the texts that they hold, and how large they will become.

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use super::node::Reader;
use super::size::Size;
use crate::fragment::Fragment;
use crate::text::Held;

/// Words that a segment is filled with before it is closed: 32 KiB, so that emission finds in the cache what
/// planning has just written.
const WORDS: usize = 4096;

/// Place behind that for what may not be cut off: a closing bracket for each open container, and the words that a
/// short text does not fill.
const SPARE: usize = 320;

/// Long texts that a segment holds before it is closed.
const HELD: usize = 1024;

/// Known keys that there is place for from the start: as many as the table of known keys has.
const KNOWN: usize = 512;

/// Words that are made ready at once when a segment grows.
const STEP: usize = 512;

/// The segment that is being filled; it lives in an arena. Whoever fills it knows how many of its words are in use.
#[derive(Debug)]
pub struct Segment<'b> {
    /// Words that are ready to be written, [`SPARE`] of them behind the place where a node may begin.
    words: BumpVec<'b, u64>,
    pub(super) held: BumpVec<'b, Held>,
    /// The document's known keys so far; they stay from segment to segment.
    pub(super) known: BumpVec<'b, Fragment>,
}

/// The word of its segment at which a recorder goes on: its pen.
#[derive(Debug)]
pub struct Spot(pub(super) usize);

impl<'b> Segment<'b> {
    /// An empty segment and its pen; `None` if there is no memory for it. Nothing of it grows later but its known keys.
    #[must_use]
    pub fn new_in(arena: &'b Bump) -> Option<(Self, Spot)> {
        let mut words = BumpVec::new_in(arena);
        words.try_reserve_exact(WORDS + SPARE).ok()?;
        words.resize(STEP + SPARE, 0);
        let mut held = BumpVec::new_in(arena);
        held.try_reserve_exact(HELD).ok()?;
        let mut known = BumpVec::new_in(arena);
        known.try_reserve_exact(KNOWN).ok()?;
        Some((Self { words, held, known }, Spot(0)))
    }

    /// Sees to it that a node of `n` words may begin at word `at`; false if the segment is full.
    #[inline(always)]
    #[must_use]
    pub(super) fn make_place(&mut self, at: usize, n: usize) -> bool {
        at + n + SPARE <= self.words.len() || self.widen(at + n + SPARE)
    }

    /// Makes so many words ready. A small document does not touch all that a segment may have.
    #[cold]
    #[inline(never)]
    fn widen(&mut self, need: usize) -> bool {
        if need <= WORDS + SPARE {
            self.words.resize((need + STEP).min(WORDS + SPARE), 0);
        }
        need <= WORDS + SPARE
    }

    /// Whether so many texts can be held besides.
    #[inline(always)]
    pub(super) fn can_hold(&self, texts: usize) -> bool {
        self.held.len() + texts <= HELD
    }

    /// Adds a known key; false if there is no memory for it.
    #[inline(always)]
    #[must_use]
    pub(super) fn add_known(&mut self, fragment: &Fragment) -> bool {
        let place = self.known.len() < self.known.capacity() || self.known.try_reserve(KNOWN).is_ok();
        if place {
            self.known.push(*fragment);
        }
        place
    }

    /// Stores `words` from word `at` on.
    #[inline(always)]
    pub(super) fn store(&mut self, at: usize, words: &[u64]) {
        self.words[at..at + words.len()].copy_from_slice(words);
    }

    /// The `N` words from `at` on.
    #[inline(always)]
    pub(super) fn words_mut<const N: usize>(&mut self, at: usize) -> &mut [u64; N] {
        self.words[at..].first_chunk_mut().expect("a node is only begun where it has place")
    }

    /// The word at `at`.
    #[inline(always)]
    pub(super) fn word_mut(&mut self, at: usize) -> &mut u64 {
        &mut self.words[at]
    }

    /// The first `len` words, to look at.
    #[inline(always)]
    #[must_use]
    pub fn up_to(&self, len: usize) -> SegmentRef<'_> {
        SegmentRef { words: &self.words[..len], held: &self.held, known: &self.known }
    }
}

/// A segment that outlives the arena.
#[derive(Clone, Debug)]
pub struct OwnedSegment {
    words: Box<[u64]>,
    held: Box<[Held]>,
    /// What some of the held texts are in.
    copies: Vec<Box<[u64]>>,
}

impl OwnedSegment {
    /// Long texts of which it has copies.
    #[must_use]
    pub fn copies(&self) -> usize {
        self.copies.len()
    }

    /// The segment to look at.
    #[must_use]
    pub fn as_ref(&self) -> SegmentRef<'_> {
        SegmentRef { words: &self.words, held: &self.held, known: &[] }
    }
}

/// A segment to look at.
#[derive(Clone, Copy, Debug)]
pub struct SegmentRef<'p> {
    words: &'p [u64],
    held: &'p [Held],
    known: &'p [Fragment],
}

impl<'p> SegmentRef<'p> {
    /// A segment made by hand, for tests of the verifier.
    #[must_use]
    pub const fn from_parts(words: &'p [u64], held: &'p [Held]) -> Self {
        Self { words, held, known: &[] }
    }

    /// Its nodes in order.
    #[inline]
    #[must_use]
    pub const fn nodes(self) -> Reader<'p> {
        Reader::new(self.words, self.held, self.known)
    }

    /// How large it becomes, from a look at every node.
    #[must_use]
    pub fn size(self) -> Size {
        Size::of(self.nodes())
    }

    /// About how large it becomes: short texts and numbers take about as much as their words do.
    #[must_use]
    pub fn about(self) -> usize {
        self.held.iter().fold(8 * self.words.len(), |bytes, held| bytes + held.len())
    }

    /// Number of its words.
    #[must_use]
    pub const fn words(self) -> usize {
        self.words.len()
    }

    /// Bytes of memory that its words and held texts take; the characters of held texts are not among them.
    #[must_use]
    pub const fn memory(self) -> usize {
        size_of_val(self.words) + size_of_val(self.held)
    }

    /// Copies it out of the arena; `None` if there is no memory for it. Its known keys stay behind: a recorder for such a window uses none, see
    /// [`super::Window::PASSES`].
    #[must_use]
    pub fn to_owned(self, copies: Vec<Box<[u64]>>) -> Option<OwnedSegment> {
        Some(OwnedSegment { words: copied(self.words)?, held: copied(self.held)?, copies })
    }
}

fn copied<T: Copy>(slice: &[T]) -> Option<Box<[T]>> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(slice.len()).ok()?;
    copy.extend_from_slice(slice);
    Some(copy.into_boxed_slice())
}
