//! How a plan is written down: words of 64 bits, a tag in the low 8, a payload in the upper 56, and then what
//! the tag says. No word holds a position, so segments can be copied, kept and emitted anywhere.
//!
//! | tag | payload | words that follow |
//! |---|---|---|
//! | null, false, true | | |
//! | int | the value, signed | |
//! | int64, uint64, float | | the value |
//! | ascii, ascii key | characters | the characters, padded to words |
//! | text, key | width (8 bits), characters | the characters, padded to words |
//! | held text, held key | index into the segment's held texts | |
//! | known key | index into the document's known keys | |
//! | open array, open object | number of elements expected | |
//! | close array, close object | | |
//! | ints, floats | count | one word each |
//! | bools | count | one bit each, padded to words |
//! | texts | count | so many text nodes |
//! | raw | bytes | the bytes, padded to words |
//! | held raw | index into the segment's held texts, where it stands as Latin-1 | |

use crate::fragment::Fragment;
use crate::text::{Held, Text, Width};

/// Texts of so many bytes and fewer are copied into the plan; longer ones are held, unless they pass.
pub const SHORT: usize = 32;

/// The same for finished JSON: a date with its quotes and offset, and a UUID, are a little longer than that.
pub const RAW_SHORT: usize = 64;
const _: () = assert!(crate::stamp::PLACE <= RAW_SHORT);

/// The most elements of one lane node.
pub const LANE: usize = 1024;

/// First byte of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Tag {
    Null,
    False,
    True,
    Int,
    Int64,
    Uint64,
    Float,
    Text,
    Key,
    HeldText,
    HeldKey,
    OpenArray,
    OpenObject,
    CloseArray,
    CloseObject,
    Ints,
    Floats,
    Bools,
    Texts,
    KnownKey,
    Ascii,
    AsciiKey,
    Raw,
    HeldRaw,
}

impl Tag {
    const ALL: [Self; 24] = [
        Self::Null,
        Self::False,
        Self::True,
        Self::Int,
        Self::Int64,
        Self::Uint64,
        Self::Float,
        Self::Text,
        Self::Key,
        Self::HeldText,
        Self::HeldKey,
        Self::OpenArray,
        Self::OpenObject,
        Self::CloseArray,
        Self::CloseObject,
        Self::Ints,
        Self::Floats,
        Self::Bools,
        Self::Texts,
        Self::KnownKey,
        Self::Ascii,
        Self::AsciiKey,
        Self::Raw,
        Self::HeldRaw,
    ];

    #[inline(always)]
    pub(super) const fn word(self, payload: u64) -> u64 {
        payload << 8 | self as u64
    }

    #[inline(always)]
    pub(super) fn of(word: u64) -> Option<Self> {
        Self::ALL.get((word & 0xff) as usize).copied()
    }
}

/// Payload of a text that is copied in.
#[inline(always)]
pub(super) const fn text_payload(width: Width, len: usize) -> u64 {
    (len as u64) << 8 | width as u64
}

/// One step of a plan, read back.
#[derive(Clone, Copy, Debug)]
pub enum Node<'p> {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An integer above `i64::MAX`.
    Uint(u64),
    /// A double.
    Float(f64),
    /// A string that was copied in.
    Text(Text<'p>),
    /// A string that is held.
    HeldText(&'p Held),
    /// Finished JSON that was copied in.
    Raw(&'p [u8]),
    /// Finished JSON that is held; its characters are bytes.
    HeldRaw(&'p Held),
    /// A key that was copied in.
    Key(Text<'p>),
    /// A key that is held.
    HeldKey(&'p Held),
    /// A key whose fragment is known, and its number.
    KnownKey(u32, &'p Fragment),
    /// An array begins, with about so many elements.
    OpenArray(usize),
    /// An object begins, with about so many members.
    OpenObject(usize),
    /// The innermost array ends.
    CloseArray,
    /// The innermost object ends.
    CloseObject,
    /// Elements of an array: integers.
    Ints(&'p [i64]),
    /// Elements of an array: doubles.
    Floats(&'p [f64]),
    /// Elements of an array: so many bits.
    Bools(&'p [u64], usize),
    /// Elements of an array: the next so many nodes are texts.
    Texts(usize),
}

/// Reads nodes off a segment's words.
#[derive(Clone, Debug)]
pub struct Reader<'p> {
    words: &'p [u64],
    held: &'p [Held],
    known: &'p [Fragment],
    at: usize,
}

impl<'p> Reader<'p> {
    pub(super) const fn new(words: &'p [u64], held: &'p [Held], known: &'p [Fragment]) -> Self {
        Self { words, held, known, at: 0 }
    }

    /// Words read so far.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.at
    }

    #[inline(always)]
    fn take(&mut self, n: usize) -> Option<&'p [u64]> {
        let taken = self.words.get(self.at..)?.get(..n)?;
        self.at += n;
        Some(taken)
    }

    #[inline(always)]
    fn take_bytes(&mut self, len: usize) -> Option<&'p [u8]> {
        let words = self.take(len.div_ceil(8))?;
        Some(&bytemuck::cast_slice(words)[..len])
    }

    #[inline(always)]
    fn take_text(&mut self, payload: u64) -> Option<Text<'p>> {
        let width = Width::ALL[(payload & 3) as usize];
        let len = (payload >> 8) as usize;
        let words = self.take((len * width.bytes()).div_ceil(8))?;
        Some(Text::from_words(width, words, len))
    }
}

impl<'p> Iterator for Reader<'p> {
    type Item = Node<'p>;

    /// The next node; `None` at the end, and where the words make no sense: then the position stays before them,
    /// which [`super::verify`] notices.
    #[inline(always)]
    fn next(&mut self) -> Option<Node<'p>> {
        let before = self.at;
        let node = self.read();
        if node.is_none() {
            self.at = before;
        }
        node
    }
}

impl<'p> Reader<'p> {
    #[inline(always)]
    fn read(&mut self) -> Option<Node<'p>> {
        let &word = self.words.get(self.at)?;
        self.at += 1;
        let payload = word >> 8;
        let count = payload as usize;
        Some(match Tag::of(word)? {
            Tag::Null => Node::Null,
            Tag::False => Node::Bool(false),
            Tag::True => Node::Bool(true),
            Tag::Int => Node::Int(word as i64 >> 8),
            Tag::Int64 => Node::Int(self.take(1)?[0] as i64),
            Tag::Uint64 => Node::Uint(self.take(1)?[0]),
            Tag::Float => Node::Float(f64::from_bits(self.take(1)?[0])),
            Tag::Text => Node::Text(self.take_text(payload)?),
            Tag::Key => Node::Key(self.take_text(payload)?),
            Tag::HeldText => Node::HeldText(self.held.get(count)?),
            Tag::HeldKey => Node::HeldKey(self.held.get(count)?),
            Tag::OpenArray => Node::OpenArray(count),
            Tag::OpenObject => Node::OpenObject(count),
            Tag::CloseArray => Node::CloseArray,
            Tag::CloseObject => Node::CloseObject,
            Tag::Ints => Node::Ints(bytemuck::cast_slice(self.take(count)?)),
            Tag::Floats => Node::Floats(bytemuck::cast_slice(self.take(count)?)),
            Tag::Bools => Node::Bools(self.take(count.div_ceil(64))?, count),
            Tag::Texts => Node::Texts(count),
            Tag::Ascii => Node::Text(Text::ascii(self.take_bytes(count)?)),
            Tag::AsciiKey => Node::Key(Text::ascii(self.take_bytes(count)?)),
            Tag::Raw => Node::Raw(self.take_bytes(count)?),
            Tag::HeldRaw => Node::HeldRaw(self.held.get(count)?),
            Tag::KnownKey => Node::KnownKey(payload as u32, self.known.get(count)?),
        })
    }
}
