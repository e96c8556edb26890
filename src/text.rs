//! A string as the interpreter stores it: one of four widths, not yet UTF-8.

use core::cmp::Ordering;
use core::marker::PhantomData;

pub use crate::emit::kernel::Chars;
use crate::emit::kernel::padded;

/// How wide the characters of a [`Text`] are and what they can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Width {
    /// One byte each, all below 0x80.
    Ascii,
    /// One byte each, code points 0 to 0xFF.
    Latin1,
    /// Two bytes each, code points 0 to 0xFFFF, surrogates among them.
    Ucs2,
    /// Four bytes each, code points 0 to 0x10FFFF, surrogates among them.
    Ucs4,
}

impl Width {
    /// From narrow to wide.
    pub const ALL: [Self; 4] = [Self::Ascii, Self::Latin1, Self::Ucs2, Self::Ucs4];

    /// Bytes that one character takes in memory.
    #[inline]
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Ascii | Self::Latin1 => 1,
            Self::Ucs2 => 2,
            Self::Ucs4 => 4,
        }
    }

    /// What a person calls it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ascii => "ascii",
            Self::Latin1 => "latin-1",
            Self::Ucs2 => "ucs2",
            Self::Ucs4 => "ucs4",
        }
    }
}

/// Bytes of a [`Text::rank`].
pub const RANKED: usize = 16;

/// The storage of a [`Clean`] text.
pub const CLEAN: usize = 32;

/// Bytes of the longest ASCII text that a plan has a copy of.
pub const PLAIN: usize = 128;

/// A short text that is written as it is: ASCII with nothing to escape, at the front of so much storage that it can be
/// stored whole.
#[derive(Clone, Copy, Debug)]
pub struct Clean<'a> {
    storage: &'a [u8; CLEAN],
    len: usize,
}

impl<'a> Clean<'a> {
    /// The first `len` bytes of `storage`; `None` if there are not as many. That they are clean is the caller's affair.
    #[inline(always)]
    #[must_use]
    pub const fn new(storage: &'a [u8; CLEAN], len: usize) -> Option<Self> {
        if len <= CLEAN { Some(Self { storage, len }) } else { None }
    }

    /// All of the storage; what is behind the end means nothing.
    #[inline(always)]
    #[must_use]
    pub const fn padded(self) -> &'a [u8; CLEAN] {
        self.storage
    }

    /// Number of characters.
    #[inline(always)]
    #[must_use]
    pub const fn len(self) -> usize {
        self.len
    }

    /// Whether there is no character in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// The text.
    #[inline(always)]
    #[must_use]
    pub fn text(self) -> Text<'a> {
        Text::ascii(&self.storage[..self.len])
    }
}

/// A borrowed string.
///
/// Three plain words, so that it travels in registers: as an enum of slices it went through memory, where a wide
/// load right behind two narrow stores cost more than the string's copy.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    at: *const (),
    len: usize,
    width: Width,
    lifetime: PhantomData<&'a [u8]>,
}

/// A surrogate stands alone in a string: there is no UTF-8 for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoneSurrogate;

impl<'a> From<Chars<'a>> for Text<'a> {
    #[inline(always)]
    fn from(chars: Chars<'a>) -> Self {
        let (at, len, width) = match chars {
            Chars::Ascii(s) => (s.as_ptr().cast(), s.len(), Width::Ascii),
            Chars::Latin1(s) => (s.as_ptr().cast(), s.len(), Width::Latin1),
            Chars::Ucs2(s) => (s.as_ptr().cast(), s.len(), Width::Ucs2),
            Chars::Ucs4(s) => (s.as_ptr().cast(), s.len(), Width::Ucs4),
        };
        Self { at, len, width, lifetime: PhantomData }
    }
}

impl<'a> Text<'a> {
    /// The empty text.
    pub const EMPTY: Self =
        Self { at: [0u8; 0].as_ptr().cast(), len: 0, width: Width::Ascii, lifetime: PhantomData };

    /// The `len` characters of `width` at `at`.
    ///
    /// # Safety
    ///
    /// They are there, aligned, alive and unchanged for as long as `'a`, and as [`Width`] says.
    #[inline(always)]
    #[must_use]
    pub const unsafe fn from_raw(at: *const (), len: usize, width: Width) -> Self {
        Self { at, len, width, lifetime: PhantomData }
    }

    /// A text of ASCII characters. That they are is the caller's affair.
    #[inline(always)]
    #[must_use]
    pub const fn ascii(s: &'a [u8]) -> Self {
        Self { at: s.as_ptr().cast(), len: s.len(), width: Width::Ascii, lifetime: PhantomData }
    }

    /// Its characters.
    #[inline(always)]
    #[must_use]
    pub const fn chars(self) -> Chars<'a> {
        debug_assert!(!self.at.is_null());
        // SAFETY: pointer and length came from a slice of this width that lives for as long as `'a`, or from
        // `from_raw`, whose caller has promised the same.
        unsafe {
            match self.width {
                Width::Ascii => Chars::Ascii(core::slice::from_raw_parts(self.at.cast(), self.len)),
                Width::Latin1 => Chars::Latin1(core::slice::from_raw_parts(self.at.cast(), self.len)),
                Width::Ucs2 => Chars::Ucs2(core::slice::from_raw_parts(self.at.cast(), self.len)),
                Width::Ucs4 => Chars::Ucs4(core::slice::from_raw_parts(self.at.cast(), self.len)),
            }
        }
    }

    /// Number of characters.
    #[inline(always)]
    #[must_use]
    pub const fn len(self) -> usize {
        self.len
    }

    /// The width of its characters.
    #[inline(always)]
    #[must_use]
    pub const fn width(self) -> Width {
        self.width
    }

    /// Whether there is no character in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Its storage, in the machine's byte order.
    #[inline(always)]
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        // SAFETY: as in `chars`; a character takes so many bytes.
        unsafe { core::slice::from_raw_parts(self.at.cast(), self.len * self.width.bytes()) }
    }

    /// The text of `width` that is stored in the first `len` characters of `words`.
    #[inline(always)]
    #[must_use]
    pub fn from_words(width: Width, words: &'a [u64], len: usize) -> Self {
        assert!(len * width.bytes() <= words.len() * 8, "the words hold so many characters");
        Self { at: words.as_ptr().cast(), len, width, lifetime: PhantomData }
    }

    /// Its storage, if that is at most 32 bytes, as four words; what is behind the end means nothing.
    #[inline(always)]
    #[must_use]
    pub fn padded_words(self) -> [u64; 4] {
        bytemuck::cast(padded(self.as_bytes()))
    }

    /// Its code points, surrogates included.
    pub fn points(self) -> impl Iterator<Item = u32> + 'a {
        let chars = self.chars();
        (0..self.len()).map(move |i| match chars {
            Chars::Ascii(s) | Chars::Latin1(s) => u32::from(s[i]),
            Chars::Ucs2(s) => u32::from(s[i]),
            Chars::Ucs4(s) => s[i],
        })
    }

    /// Where the first surrogate is, if there is one.
    #[must_use]
    pub fn surrogate(self) -> Option<usize> {
        match self.width {
            Width::Ascii | Width::Latin1 => None,
            _ => self.points().position(|p| (0xd800..0xe000).contains(&p)),
        }
    }

    /// Whether it is what `ascii` says, in characters of one byte.
    #[inline]
    #[must_use]
    pub fn is(self, ascii: &str) -> bool {
        self.width.bytes() == 1 && self.as_bytes() == ascii.as_bytes()
    }

    /// Orders by code point, which is the order of the UTF-8 bytes as well.
    #[must_use]
    pub fn cmp_points(self, other: Text<'_>) -> Ordering {
        match (self.chars(), other.chars()) {
            (Chars::Ascii(a) | Chars::Latin1(a), Chars::Ascii(b) | Chars::Latin1(b)) => a.cmp(b),
            (Chars::Ucs2(a), Chars::Ucs2(b)) => a.cmp(b),
            (Chars::Ucs4(a), Chars::Ucs4(b)) => a.cmp(b),
            _ => self.points().cmp(other.points()),
        }
    }

    /// The first 16 bytes of its UTF-8 behind the first `from` as a number, the first byte highest and zeros behind the end: where
    /// two texts have different ones, these are in the order of their code points. Surrogates have none. `from` is 0 unless it is
    /// ASCII.
    #[inline(always)]
    #[must_use]
    pub fn rank(self, from: usize) -> u128 {
        let Some(bytes) = self.ascii_behind(from) else {
            debug_assert!(from == 0, "bytes of a text that is not ASCII are not counted");
            return self.wide_rank();
        };
        if let Some(front) = bytes.first_chunk::<RANKED>() {
            return u128::from_be_bytes(*front);
        }
        let [front, _] = bytemuck::cast::<_, [[u8; RANKED]; 2]>(padded(bytes));
        // Shifted in two steps, because there may be nothing to be kept.
        u128::from_be_bytes(front) & !(u128::MAX >> (4 * bytes.len()) >> (4 * bytes.len()))
    }

    /// The upper half of [`Self::rank`].
    #[inline(always)]
    #[must_use]
    pub fn front(self, from: usize) -> u64 {
        let Some(bytes) = self.ascii_behind(from) else { return (self.rank(from) >> 64) as u64 };
        if let Some(front) = bytes.first_chunk() {
            return u64::from_be_bytes(*front);
        }
        let len = bytes.len();
        let front: [[u8; 8]; 4] = bytemuck::cast(padded(bytes));
        // Shifted in two steps, because there may be nothing to be kept.
        u64::from_be_bytes(front[0]) & !(u64::MAX >> (4 * len) >> (4 * len))
    }

    /// What is behind its first `from` bytes, if it is ASCII.
    #[inline(always)]
    #[must_use]
    pub fn ascii_behind(self, from: usize) -> Option<&'a [u8]> {
        (self.width == Width::Ascii).then(|| self.as_bytes().get(from..).unwrap_or_default())
    }

    #[inline(never)]
    fn wide_rank(self) -> u128 {
        let (mut front, mut n) = ([0; RANKED + 3], 0);
        let mut points = self.points().filter_map(char::from_u32);
        while n < RANKED
            && let Some(c) = points.next()
        {
            n += c.encode_utf8(&mut front[n..]).len();
        }
        front.first_chunk().map_or(0, |front| u128::from_be_bytes(*front))
    }

    /// As a `String`, with U+FFFD for surrogates. For messages.
    #[must_use]
    pub fn to_lossy(self) -> String {
        self.points().map(|p| char::from_u32(p).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }

    /// Keeps the text beyond its lifetime, on the keeper's word.
    #[inline(always)]
    #[must_use]
    pub const fn hold(self, _: Keeper) -> Held {
        Held { at: self.at, len: self.len, width: self.width }
    }
}

/// Somebody's promise that texts outlive the slices that showed them. A recorder cannot hold a text without one.
#[derive(Clone, Copy, Debug)]
pub struct Keeper(());

impl Keeper {
    /// # Safety
    ///
    /// The storage of every text that is held with this keeper stays alive and unchanged until nobody uses the
    /// [`Held`] any more. While a plan is made the walk's pins see to that, afterwards the plan's owners.
    #[must_use]
    pub const unsafe fn new() -> Self {
        Self(())
    }
}

/// A text whose storage is kept alive by somebody else: see [`Keeper`].
#[derive(Clone, Copy, Debug)]
pub struct Held {
    at: *const (),
    len: usize,
    width: Width,
}

// SAFETY: a `Held` is a shared look at memory that nobody changes, whichever thread looks.
unsafe impl Send for Held {}
// SAFETY: as above.
unsafe impl Sync for Held {}

impl Held {
    /// The text again.
    #[inline(always)]
    #[must_use]
    pub const fn text(&self) -> Text<'_> {
        // `hold` took the three from a text, and the keeper's maker has promised that its storage lives.
        Text { at: self.at, len: self.len, width: self.width, lifetime: PhantomData }
    }

    /// Number of characters.
    #[must_use]
    pub const fn len(self) -> usize {
        self.len
    }

    /// Whether there is no character in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// The width of its characters.
    #[must_use]
    pub const fn width(self) -> Width {
        self.width
    }
}
