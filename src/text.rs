//! A string as the interpreter stores it: one of four widths, not yet UTF-8.

use core::cmp::Ordering;

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

/// A borrowed string. An ASCII text that holds a byte of 0x80 or more is a caller's mistake.
#[derive(Clone, Copy, Debug)]
pub enum Text<'a> {
    /// See [`Width::Ascii`].
    Ascii(&'a [u8]),
    /// See [`Width::Latin1`].
    Latin1(&'a [u8]),
    /// See [`Width::Ucs2`].
    Ucs2(&'a [u16]),
    /// See [`Width::Ucs4`].
    Ucs4(&'a [u32]),
}

/// A surrogate stands alone in a string: there is no UTF-8 for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoneSurrogate;

impl<'a> Text<'a> {
    /// The empty text.
    pub const EMPTY: Self = Text::Ascii(&[]);

    /// Number of characters.
    #[inline]
    #[must_use]
    pub const fn len(self) -> usize {
        match self {
            Text::Ascii(s) | Text::Latin1(s) => s.len(),
            Text::Ucs2(s) => s.len(),
            Text::Ucs4(s) => s.len(),
        }
    }

    /// Whether there is no character in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The width of its characters.
    #[inline]
    #[must_use]
    pub const fn width(self) -> Width {
        match self {
            Text::Ascii(_) => Width::Ascii,
            Text::Latin1(_) => Width::Latin1,
            Text::Ucs2(_) => Width::Ucs2,
            Text::Ucs4(_) => Width::Ucs4,
        }
    }

    /// Its storage, in the machine's byte order.
    #[inline]
    #[must_use]
    pub fn as_bytes(self) -> &'a [u8] {
        match self {
            Text::Ascii(s) | Text::Latin1(s) => s,
            Text::Ucs2(s) => bytemuck::cast_slice(s),
            Text::Ucs4(s) => bytemuck::cast_slice(s),
        }
    }

    /// The text of `width` that is stored in the first `len` characters of `words`.
    #[inline]
    #[must_use]
    pub fn from_words(width: Width, words: &'a [u64], len: usize) -> Self {
        match width {
            Width::Ascii => Text::Ascii(&bytemuck::cast_slice(words)[..len]),
            Width::Latin1 => Text::Latin1(&bytemuck::cast_slice(words)[..len]),
            Width::Ucs2 => Text::Ucs2(&bytemuck::cast_slice(words)[..len]),
            Width::Ucs4 => Text::Ucs4(&bytemuck::cast_slice(words)[..len]),
        }
    }

    /// Its code points, surrogates included.
    pub fn points(self) -> impl Iterator<Item = u32> + 'a {
        (0..self.len()).map(move |i| match self {
            Text::Ascii(s) | Text::Latin1(s) => u32::from(s[i]),
            Text::Ucs2(s) => u32::from(s[i]),
            Text::Ucs4(s) => s[i],
        })
    }

    /// Where the first surrogate is, if there is one.
    #[must_use]
    pub fn surrogate(self) -> Option<usize> {
        self.points().position(|p| (0xd800..0xe000).contains(&p))
    }

    /// Orders by code point, which is the order of the UTF-8 bytes as well.
    #[must_use]
    pub fn cmp_points(self, other: Text<'_>) -> Ordering {
        match (self, other) {
            (Text::Ascii(a) | Text::Latin1(a), Text::Ascii(b) | Text::Latin1(b)) => a.cmp(b),
            (Text::Ucs2(a), Text::Ucs2(b)) => a.cmp(b),
            (Text::Ucs4(a), Text::Ucs4(b)) => a.cmp(b),
            _ => self.points().cmp(other.points()),
        }
    }

    /// As a `String`, with U+FFFD for surrogates. For messages.
    #[must_use]
    pub fn to_lossy(self) -> String {
        self.points().map(|p| char::from_u32(p).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }

    /// Keeps the text beyond its lifetime, on the keeper's word.
    #[inline]
    #[must_use]
    pub fn hold(self, _: Keeper) -> Held {
        let (at, len) = match self {
            Text::Ascii(s) | Text::Latin1(s) => (s.as_ptr().cast::<()>(), s.len()),
            Text::Ucs2(s) => (s.as_ptr().cast(), s.len()),
            Text::Ucs4(s) => (s.as_ptr().cast(), s.len()),
        };
        Held { at, len, width: self.width() }
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
    #[inline]
    #[must_use]
    pub fn text(&self) -> Text<'_> {
        debug_assert!(!self.at.is_null());
        // SAFETY: `hold` took pointer and length from a slice of this type, and the keeper's maker has promised
        // that it lives.
        unsafe {
            match self.width {
                Width::Ascii => Text::Ascii(core::slice::from_raw_parts(self.at.cast(), self.len)),
                Width::Latin1 => Text::Latin1(core::slice::from_raw_parts(self.at.cast(), self.len)),
                Width::Ucs2 => Text::Ucs2(core::slice::from_raw_parts(self.at.cast(), self.len)),
                Width::Ucs4 => Text::Ucs4(core::slice::from_raw_parts(self.at.cast(), self.len)),
            }
        }
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
