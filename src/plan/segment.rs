//! A stretch of a plan: the words between two cuts, the texts that they hold, and how large they will become.

use bumpalo::Bump;

use super::node::key_bits;
use super::reader::Reader;
use super::size::Size;
use crate::fragment::{Fragment, PLACES, UNNUMBERED};
use crate::text::Held;

/// Words that a segment is filled with before it is closed: 32 KiB, so that emission finds in the cache what
/// planning has just written.
pub(super) const WORDS: usize = 4096;

/// Closing brackets that may come behind the last value of a segment: one for each container that can be open.
pub(super) const BRACKETS: usize = 256;

/// Place behind that for what may not be cut off: the node that begins with the last word, and brackets.
pub(super) const SPARE: usize = 320;

/// Long texts that a segment holds before it is closed.
const HELD: usize = 1024;

/// Copies of long texts that stay allocated when their segment has passed.
const COPIES: usize = 256 * 1024;

/// The memory that segments are recorded into, one after the other. It never grows but for copies of long texts, which
/// go with their segment.
#[derive(Debug)]
pub struct Arena {
    words: Box<[u64; WORDS + SPARE]>,
    held: Vec<Held>,
    /// Those of all documents so far: each call finds what the one before has left.
    known: Box<[Known; PLACES]>,
    copies: Bump,
}

/// A place for a known key's fragment: a line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Known {
    pub(super) fragment: Fragment,
    /// The key's number; as long as there is no key, that of one with another place.
    id: u32,
}

/// No known keys: for plans that stay.
static NONE: [Known; PLACES] = {
    let mut places = [Known::vacant(0); PLACES];
    let mut place = 0;
    while place < PLACES {
        places[place] = Known::vacant(place);
        place += 1;
    }
    places
};

impl Known {
    const fn vacant(place: usize) -> Self {
        Self { fragment: Fragment::EMPTY, id: !(place as u32) }
    }

    /// The fragment of the key at `place`, which is this one, if there is a key.
    pub(super) const fn at(&self, place: usize) -> Option<&Fragment> {
        if self.id as usize % PLACES == place { Some(&self.fragment) } else { None }
    }
}

impl Arena {
    /// `None` if there is no memory for it.
    #[must_use]
    pub fn new() -> Option<Self> {
        let (mut words, mut held, mut known) = (Vec::new(), Vec::new(), Vec::new());
        words.try_reserve_exact(WORDS + SPARE).ok()?;
        words.resize(WORDS + SPARE, 0);
        held.try_reserve_exact(HELD).ok()?;
        known.try_reserve_exact(PLACES).ok()?;
        known.extend_from_slice(&NONE);
        let words = words.into_boxed_slice().try_into().ok()?;
        let known = known.into_boxed_slice().try_into().ok()?;
        Some(Self { words, held, known, copies: Bump::new() })
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.words)
            + self.held.capacity() * size_of::<Held>()
            + size_of_val(&*self.known)
            + self.copies.allocated_bytes()
    }
}

/// The segment that is being filled, in an arena. Whoever fills it knows how many of its words are in use.
#[derive(Debug)]
pub struct Segment<'b> {
    words: &'b mut [u64; WORDS + SPARE],
    pub(super) held: &'b mut Vec<Held>,
    known: &'b mut [Known; PLACES],
    copies: &'b mut Bump,
}

/// Where a recorder goes on: its pen. The word of its segment in the lower half, and in the upper one the known key
/// that was told last, if its value is to come, as it stands in a word. One number, so that it stays in a register.
#[derive(Debug)]
pub struct Spot(u64);

impl Spot {
    /// The word `at`.
    #[inline(always)]
    pub(super) const fn new(at: usize) -> Self {
        debug_assert!(at < 1 << 32);
        Self(at as u32 as u64)
    }

    /// The same word, behind a known key, which is given as it stands in a word.
    #[inline(always)]
    pub(super) const fn behind_key(self, key: u64) -> Self {
        debug_assert!(self.key() == 0);
        Self(self.0 | key << 32)
    }

    /// The first word, behind the same key.
    #[inline(always)]
    pub(super) const fn moved_to_front(self) -> Self {
        Self(self.0 >> 32 << 32)
    }

    /// The word.
    #[inline(always)]
    pub(super) const fn at(&self) -> usize {
        self.0 as u32 as usize
    }

    /// The key, as it stands in a word.
    #[inline(always)]
    pub(super) const fn key(&self) -> u64 {
        self.0 >> 32
    }
}

impl<'b> Segment<'b> {
    /// An empty segment and its pen.
    #[must_use]
    pub fn new_in(arena: &'b mut Arena) -> (Self, Spot) {
        let Arena { words, held, known, copies } = arena;
        held.clear();
        (Self { words, held, known, copies }, Spot::new(0))
    }

    /// A copy of some bytes, in words, which stays until [`Segment::forget`]; `None` if there is no memory for it.
    pub(super) fn copy(&self, bytes: &[u8]) -> Option<&[u64]> {
        let (whole, tail) = bytes.as_chunks::<8>();
        let mut last = [0; 8];
        last[..tail.len()].copy_from_slice(tail);
        let word = |i| u64::from_ne_bytes(*whole.get(i).unwrap_or(&last));
        let words = self.copies.try_alloc_slice_fill_with(bytes.len().div_ceil(8), word);
        words.ok().map(|words| &*words)
    }

    /// Bytes of copies.
    pub(super) fn copied(&self) -> usize {
        self.copies.allocated_bytes() - self.copies.chunk_capacity()
    }

    /// What it held has passed, and the copies with it.
    #[inline(always)]
    pub(super) fn forget(&mut self) {
        self.held.clear();
        // Most segments have copied nothing, and those of small documents are many.
        if self.copies.allocated_bytes() > 0 {
            self.forget_copies();
        }
    }

    #[cold]
    #[inline(never)]
    fn forget_copies(&mut self) {
        if self.copies.allocated_bytes() > COPIES {
            *self.copies = Bump::new();
        } else {
            self.copies.reset();
        }
    }

    /// Whether so many texts can be held besides.
    #[inline(always)]
    pub(super) fn can_hold(&self, texts: usize) -> bool {
        self.held.len() + texts <= HELD
    }

    /// The known key with this number as it stands in a word, if it is in its place.
    #[inline(always)]
    #[must_use]
    pub(super) fn key(&self, id: u32) -> Option<u64> {
        let place = id as usize % PLACES;
        if self.known[place].id == id { Some(key_bits(place)) } else { None }
    }

    /// Whether the known key with this number can be put into its place without another one's going: if nothing of it
    /// is in the words that are in use.
    pub(super) fn is_vacant(&self, id: u32) -> bool {
        let place = id as usize % PLACES;
        self.known[place].at(place).is_none()
    }

    /// Puts a known key into its place; as it stands in a word.
    pub(super) fn adopt(&mut self, id: u32, fragment: &Fragment) -> u64 {
        debug_assert!(id != UNNUMBERED);
        let place = id as usize % PLACES;
        self.known[place] = Known { fragment: *fragment, id };
        key_bits(place)
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
        SegmentRef { words: &self.words[..len], held: self.held, known: self.known }
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
        SegmentRef { words: &self.words, held: &self.held, known: &NONE }
    }
}

/// A segment to look at.
#[derive(Clone, Copy, Debug)]
pub struct SegmentRef<'p> {
    words: &'p [u64],
    held: &'p [Held],
    known: &'p [Known; PLACES],
}

impl<'p> SegmentRef<'p> {
    /// A segment made by hand, for tests of the verifier.
    #[must_use]
    pub const fn from_parts(words: &'p [u64], held: &'p [Held]) -> Self {
        Self { words, held, known: &NONE }
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
