//! A stretch of a plan: the words between two cuts, the texts that they hold, and how large they will become.

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use super::node::Reader;
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

/// How many bytes a segment becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// What is to be expected.
    pub likely: usize,
    /// What cannot be exceeded in compact form.
    pub strict: usize,
}

impl Size {
    /// Adds a part of which `likely` and `strict` are known.
    #[inline(always)]
    pub fn add(&mut self, likely: usize, strict: usize) {
        self.likely += likely;
        self.strict += strict;
    }
}

/// The segment that is being filled; it lives in an arena.
#[derive(Debug)]
pub struct Segment<'b> {
    words: BumpVec<'b, u64>,
    pub(super) held: BumpVec<'b, Held>,
    /// The document's known keys so far; they stay from segment to segment.
    pub(super) known: BumpVec<'b, Fragment>,
    pub(super) size: Size,
}

impl<'b> Segment<'b> {
    /// An empty segment; `None` if there is no memory for it. It grows no more: only its known keys do.
    #[must_use]
    pub fn new_in(arena: &'b Bump) -> Option<Self> {
        let mut words = BumpVec::new_in(arena);
        words.try_reserve_exact(WORDS + SPARE).ok()?;
        let mut held = BumpVec::new_in(arena);
        held.try_reserve_exact(HELD).ok()?;
        let mut known = BumpVec::new_in(arena);
        known.try_reserve_exact(KNOWN).ok()?;
        Some(Self { words, held, known, size: Size::default() })
    }

    /// Begins again.
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.held.clear();
        self.size = Size::default();
    }

    /// Words in use.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether something of `words` words can begin here.
    #[inline(always)]
    pub(super) fn has_place(&self, words: usize) -> bool {
        self.words.len() + words <= WORDS
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

    #[inline(always)]
    pub(super) fn push(&mut self, word: u64) {
        self.words.push(word);
    }

    /// Appends the first `n` of `words`.
    #[inline(always)]
    pub(super) fn push_first<const N: usize>(&mut self, words: [u64; N], n: usize) {
        debug_assert!(n <= N);
        self.words.extend_from_slice_copy(&words);
        self.words.truncate(self.words.len() - (N - n));
    }

    #[inline(always)]
    pub(super) fn extend(&mut self, words: &[u64]) {
        self.words.extend_from_slice_copy(words);
    }

    /// The word at `at`, to be changed.
    #[inline(always)]
    pub(super) fn word_mut(&mut self, at: usize) -> &mut u64 {
        &mut self.words[at]
    }

    /// The segment to look at.
    #[inline(always)]
    #[must_use]
    pub fn as_ref(&self) -> SegmentRef<'_> {
        SegmentRef { words: &self.words, held: &self.held, known: &self.known, size: self.size }
    }
}

/// A segment that outlives the arena.
#[derive(Clone, Debug)]
pub struct OwnedSegment {
    words: Box<[u64]>,
    held: Box<[Held]>,
    /// What some of the held texts are in.
    copies: Vec<Box<[u64]>>,
    size: Size,
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
        SegmentRef { words: &self.words, held: &self.held, known: &[], size: self.size }
    }
}

/// A segment to look at.
#[derive(Clone, Copy, Debug)]
pub struct SegmentRef<'p> {
    words: &'p [u64],
    held: &'p [Held],
    known: &'p [Fragment],
    size: Size,
}

impl<'p> SegmentRef<'p> {
    /// A segment made by hand, for tests of the verifier.
    #[must_use]
    pub const fn from_parts(words: &'p [u64], held: &'p [Held]) -> Self {
        Self { words, held, known: &[], size: Size { likely: 0, strict: 0 } }
    }

    /// Its nodes in order.
    #[inline]
    #[must_use]
    pub const fn nodes(self) -> Reader<'p> {
        Reader::new(self.words, self.held, self.known)
    }

    /// How large it becomes.
    #[must_use]
    pub const fn size(self) -> Size {
        self.size
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
        Some(OwnedSegment { words: copied(self.words)?, held: copied(self.held)?, copies, size: self.size })
    }
}

fn copied<T: Copy>(slice: &[T]) -> Option<Box<[T]>> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(slice.len()).ok()?;
    copy.extend_from_slice(slice);
    Some(copy.into_boxed_slice())
}
