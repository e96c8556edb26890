//! How a plan is written down: words of 64 bits, and after each what its tag says. No word holds a position, so
//! segments can be copied, kept and emitted anywhere.
//!
//! The low 8 bits of a word are the tag. The next 16 are the known key whose value the node is, as an index into the
//! document's known keys plus one, or zero. The upper 40 are a payload.
//!
//! | tag | payload | words that follow |
//! |---|---|---|
//! | null, false, true | | |
//! | int | the value, signed | |
//! | int64, uint64, float | | the value |
//! | clean, clean key | characters | the characters, padded to words |
//! | ascii, ascii key | characters | the characters, padded to words |
//! | text, key | width (8 bits), characters | the characters, padded to words |
//! | held text, held key | index into the segment's held texts | |
//! | finished key | bytes | the key's fragment, padded to four words |
//! | open array, open object | number of elements expected | |
//! | close array, close object | | |
//! | ints, floats | count | one word each |
//! | bools | count | one bit each, padded to words |
//! | rows | width (8 bits), count of doubles | one word for each double |
//! | texts | count | so many text nodes |
//! | raw | bytes | the bytes, padded to words |
//! | held raw | index into the segment's held texts, where it stands as Latin-1 | |

use super::segment::Known;
use crate::fragment::{self, Fragment};
use crate::text::{CLEAN, Clean, Held, Text, Width};

/// The bits of a word below its payload.
const BELOW: u32 = 24;

/// The bits of a word below its key.
pub(super) const KEY: u32 = 8;

/// The payloads there are.
pub(super) const PAYLOADS: u64 = u64::MAX >> BELOW;

/// Known keys that a document can have numbers for; further ones stand in it.
pub(super) const NUMBERED: usize = 8192;
const _: () = assert!(NUMBERED < 1 << (BELOW - KEY));

/// Texts of so many bytes and fewer are copied into the plan; longer ones are held, unless they pass.
pub const SHORT: usize = 32;

/// The same for finished JSON: a date with its quotes and offset, and a UUID, are a little longer than that.
pub const RAW_SHORT: usize = 64;
const _: () = assert!(crate::stamp::PLACE <= RAW_SHORT);
const _: () = assert!(CLEAN == SHORT);

/// The most elements of one lane node.
pub const LANE: usize = 1024;

/// The most doubles of one row.
pub(super) const MAX_WIDTH: usize = 0xff;

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
    FinishedKey,
    Ascii,
    AsciiKey,
    Raw,
    HeldRaw,
    Clean,
    CleanKey,
    Rows,
}

impl Tag {
    #[inline(always)]
    pub(super) const fn word(self, payload: u64) -> u64 {
        debug_assert!(payload <= PAYLOADS);
        payload << BELOW | self as u64
    }
}

/// The word of an integer, if it is small enough to be a payload.
#[inline(always)]
pub(super) const fn small_int(v: i64) -> Option<u64> {
    if v << BELOW >> BELOW == v { Some((v as u64) << BELOW | Tag::Int as u64) } else { None }
}

/// Payload of a text that is copied in.
#[inline(always)]
pub(super) const fn text_payload(width: Width, len: usize) -> u64 {
    (len as u64) << 8 | width as u64
}

/// Payload of rows of `width` doubles each.
#[inline(always)]
pub(super) const fn rows_payload(width: usize, doubles: usize) -> u64 {
    debug_assert!(width > 0 && width <= MAX_WIDTH && doubles.is_multiple_of(width));
    (doubles as u64) << 8 | width as u64
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
    /// A short string with nothing to escape.
    Clean(Clean<'p>),
    /// Another string that was copied in.
    Text(Text<'p>),
    /// A string that is held.
    HeldText(&'p Held),
    /// Finished JSON that was copied in.
    Raw(&'p [u8]),
    /// Finished JSON that is held; its characters are bytes.
    HeldRaw(&'p Held),
    /// A short key with nothing to escape.
    CleanKey(Clean<'p>),
    /// Another key that was copied in.
    Key(Text<'p>),
    /// A key that is held.
    HeldKey(&'p Held),
    /// A key whose fragment is known, and its number.
    KnownKey(u32, &'p Fragment),
    /// A key whose fragment is known and stands here.
    FinishedKey(&'p [u8]),
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
    /// Elements of an array: arrays of so many doubles each, one behind the other.
    Rows(&'p [f64], usize),
    /// Elements of an array: the next so many nodes are texts.
    Texts(usize),
}

/// Reads nodes off a segment's words.
#[derive(Clone, Debug)]
pub struct Reader<'p> {
    words: &'p [u64],
    held: &'p [Held],
    known: &'p [Known],
    at: usize,
    /// Whether the known key of the node at `at` has been told by itself.
    key_told: bool,
}

impl<'p> Reader<'p> {
    pub(super) const fn new(words: &'p [u64], held: &'p [Held], known: &'p [Known]) -> Self {
        Self { words, held, known, at: 0, key_told: false }
    }

    /// Words read so far.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.at
    }

    /// The next node's first word, and the known key whose value it is. To be followed by [`Reader::after_key`]; not to
    /// be mixed with `next`, for which such a key is a node of its own.
    #[inline(always)]
    pub fn key(&mut self) -> Option<(u64, Option<(u32, &'p Fragment)>)> {
        let &word = self.words.get(self.at)?;
        self.at += 1;
        Some((word, self.key_of(word)?))
    }

    /// The node whose first word has been taken.
    #[inline(always)]
    pub fn after_key(&mut self, word: u64) -> Option<Node<'p>> {
        self.read(word)
    }

    /// The known key that a word names, if it names one; `None` if there is no such key.
    #[inline(always)]
    fn key_of(&self, word: u64) -> Option<Option<(u32, &'p Fragment)>> {
        match (word >> KEY) as u16 {
            0 => Some(None),
            key => self.known.get(usize::from(key) - 1).map(|known| Some((u32::from(key) - 1, &known.0))),
        }
    }

    #[inline(always)]
    fn take(&mut self, n: usize) -> Option<&'p [u64]> {
        let taken = self.words.get(self.at..)?.get(..n)?;
        self.at += n;
        Some(taken)
    }

    #[inline(always)]
    fn take_one(&mut self) -> Option<u64> {
        let &word = self.words.get(self.at)?;
        self.at += 1;
        Some(word)
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

    #[inline(always)]
    fn take_rows(&mut self, payload: u64) -> Option<Node<'p>> {
        let (width, count) = (payload as usize & MAX_WIDTH, (payload >> 8) as usize);
        if width == 0 || !count.is_multiple_of(width) {
            return None;
        }
        Some(Node::Rows(bytemuck::cast_slice(self.take(count)?), width))
    }

    /// A clean text with its storage, and whatever stands behind it; `Err` where a segment ends before that.
    #[inline(always)]
    fn take_clean(&mut self, len: usize) -> Option<Result<Clean<'p>, Text<'p>>> {
        match self.words.get(self.at..)?.first_chunk() {
            Some(words) => {
                let clean = Clean::new(bytemuck::cast_ref::<[u64; CLEAN / 8], _>(words), len)?;
                // A clean text is short, so that nothing overflows.
                self.at += (len + 7) >> 3;
                Some(Ok(clean))
            }
            None => self.take_bytes(len).map(|bytes| Err(Text::ascii(bytes))),
        }
    }
}

impl<'p> Iterator for Reader<'p> {
    type Item = Node<'p>;

    /// The next node; `None` at the end, and where the words make no sense: then the position stays before them,
    /// which [`super::verify`] notices.
    #[inline(always)]
    fn next(&mut self) -> Option<Node<'p>> {
        let (before, &word) = (self.at, self.words.get(self.at)?);
        if !self.key_told
            && let Some((id, fragment)) = self.key_of(word)?
        {
            self.key_told = true;
            return Some(Node::KnownKey(id, fragment));
        }
        self.at += 1;
        let node = self.read(word);
        match node {
            Some(_) => self.key_told = false,
            None => self.at = before,
        }
        node
    }
}

/// Patterns for the tags' bytes.
macro_rules! tags {
    ($($name:ident = $tag:ident),* $(,)?) => { $(const $name: u8 = Tag::$tag as u8;)* };
}

impl<'p> Reader<'p> {
    /// The node that begins with `word`, which has been taken.
    #[inline(always)]
    fn read(&mut self, word: u64) -> Option<Node<'p>> {
        tags! {
            NULL = Null, FALSE = False, TRUE = True, INT = Int, INT64 = Int64, UINT64 = Uint64, FLOAT = Float,
            TEXT = Text, KEY = Key, HELD_TEXT = HeldText, HELD_KEY = HeldKey, OPEN_ARRAY = OpenArray,
            OPEN_OBJECT = OpenObject, CLOSE_ARRAY = CloseArray, CLOSE_OBJECT = CloseObject, INTS = Ints,
            FLOATS = Floats, BOOLS = Bools, TEXTS = Texts, FINISHED_KEY = FinishedKey, ASCII = Ascii,
            ASCII_KEY = AsciiKey, RAW = Raw, HELD_RAW = HeldRaw, CLEAN_TEXT = Clean, CLEAN_KEY = CleanKey,
            ROWS = Rows,
        }
        let payload = word >> BELOW;
        let count = payload as usize;
        Some(match word as u8 {
            NULL => Node::Null,
            FALSE => Node::Bool(false),
            TRUE => Node::Bool(true),
            INT => Node::Int(word as i64 >> BELOW),
            INT64 => Node::Int(self.take_one()? as i64),
            UINT64 => Node::Uint(self.take_one()?),
            FLOAT => Node::Float(f64::from_bits(self.take_one()?)),
            CLEAN_TEXT => self.take_clean(count)?.map_or_else(Node::Text, Node::Clean),
            CLEAN_KEY => self.take_clean(count)?.map_or_else(Node::Key, Node::CleanKey),
            TEXT => Node::Text(self.take_text(payload)?),
            KEY => Node::Key(self.take_text(payload)?),
            HELD_TEXT => Node::HeldText(self.held.get(count)?),
            HELD_KEY => Node::HeldKey(self.held.get(count)?),
            OPEN_ARRAY => Node::OpenArray(count),
            OPEN_OBJECT => Node::OpenObject(count),
            CLOSE_ARRAY => Node::CloseArray,
            CLOSE_OBJECT => Node::CloseObject,
            INTS => Node::Ints(bytemuck::cast_slice(self.take(count)?)),
            FLOATS => Node::Floats(bytemuck::cast_slice(self.take(count)?)),
            BOOLS => Node::Bools(self.take(count.div_ceil(64))?, count),
            ROWS => self.take_rows(payload)?,
            TEXTS => Node::Texts(count),
            ASCII => Node::Text(Text::ascii(self.take_bytes(count)?)),
            ASCII_KEY => Node::Key(Text::ascii(self.take_bytes(count)?)),
            RAW => Node::Raw(self.take_bytes(count)?),
            HELD_RAW => Node::HeldRaw(self.held.get(count)?),
            FINISHED_KEY => {
                let words = self.take(fragment::SIZE / 8)?;
                Node::FinishedKey(bytemuck::cast_slice(words).get(..count)?)
            }
            _ => return None,
        })
    }
}
