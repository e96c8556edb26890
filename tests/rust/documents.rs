//! Documents to test with: what they are, where they come from, how they are told, and what their JSON is.

pub mod naive;
pub mod random;
pub mod strategy;
pub mod tell;

use planjson::text::{Chars, Text};

/// A document.
#[derive(Clone, Debug)]
pub enum Doc {
    Null,
    Bool(bool),
    Int(i64),
    /// Above `i64::MAX`.
    Uint(u64),
    Float(f64),
    Text(Stored),
    /// A text that is gone once it has been told.
    Passing(Stored),
    /// Finished JSON, gone once it has been told.
    Raw(Vec<u8>),
    Array(Vec<Doc>),
    Object(Vec<(Key, Doc)>),
}

/// A member's key.
#[derive(Clone, Debug)]
pub struct Key {
    pub stored: Stored,
    pub manner: Manner,
}

/// How a key is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As a text that stays.
    Kept,
    /// As a text that is gone after the call.
    Passing,
    /// As a fragment, to those who know fragments.
    Known,
}

/// The characters of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    Ascii(Vec<u8>),
    Latin1(Vec<u8>),
    Ucs2(Vec<u16>),
    Ucs4(Vec<u32>),
}

impl Stored {
    /// The narrowest way to store `s`.
    pub fn new(s: &str) -> Self {
        match s.chars().map(u32::from).max().unwrap_or(0) {
            0..0x80 => Self::Ascii(s.bytes().collect()),
            0x80..0x100 => Self::Latin1(s.chars().map(|c| u32::from(c) as u8).collect()),
            0x100..0x10000 => Self::Ucs2(s.chars().map(|c| u32::from(c) as u16).collect()),
            _ => Self::Ucs4(s.chars().map(u32::from).collect()),
        }
    }

    pub fn text(&self) -> Text<'_> {
        Text::from(match self {
            Self::Ascii(s) => Chars::Ascii(s),
            Self::Latin1(s) => Chars::Latin1(s),
            Self::Ucs2(s) => Chars::Ucs2(s),
            Self::Ucs4(s) => Chars::Ucs4(s),
        })
    }

    /// Overwrites all characters, so that whoever still looks at them notices.
    pub fn spoil(&mut self) {
        match self {
            Self::Ascii(s) | Self::Latin1(s) => s.fill(b'!'),
            Self::Ucs2(s) => s.fill(u16::from(b'!')),
            Self::Ucs4(s) => s.fill(u32::from(b'!')),
        }
    }
}

impl From<&str> for Doc {
    fn from(s: &str) -> Self {
        Self::Text(Stored::new(s))
    }
}

impl Doc {
    /// An array of `n` elements.
    pub fn array(n: usize, element: impl FnMut(usize) -> Self) -> Self {
        Self::Array((0..n).map(element).collect())
    }

    /// An object whose keys are told as texts.
    pub fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Object(members.into_iter().map(|(k, v)| (Self::key(k), v)).collect())
    }

    /// A key that is told as a text.
    pub fn key(s: &str) -> Key {
        Key { stored: Stored::new(s), manner: Manner::Kept }
    }

    /// This value in `n` arrays.
    pub fn nested(self, n: usize) -> Self {
        (0..n).fold(self, |doc, _| Self::Array(vec![doc]))
    }
}
