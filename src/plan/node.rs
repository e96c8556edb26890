//! How a plan is written down: words of 64 bits, and after each what its tag says. No word holds a position, so
//! segments can be copied, kept and emitted anywhere.
//!
//! The low 8 bits of a word are the tag. The next 16 are zero, or tell the known key whose value the node is: its place
//! and a bit above that. The upper 40 are a payload.
//!
//! | tag | payload | words that follow |
//! |---|---|---|
//! | null, false, true | | |
//! | empty array, empty object | | |
//! | int | the value, signed | |
//! | int64, uint64, float | | the value |
//! | clean, clean key | characters | the characters, padded to words |
//! | plain | characters | the characters, padded to words |
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

use crate::fragment::{Fragment, PLACES};
use crate::text::{CLEAN, Clean, Held, PLAIN, Text, Width};

/// The bits of a word below its payload.
pub(super) const BELOW: u32 = 24;

/// The bits of a word below its key.
pub(super) const KEY_BELOW: u32 = 8;

/// The payloads there are.
pub(super) const PAYLOADS: u64 = u64::MAX >> BELOW;

/// The bits of a word that tell a known key.
pub(super) const KEYED: u64 = (1 << BELOW) - (1 << KEY_BELOW);

/// The bits of a word that tell the known key at `place`.
#[inline(always)]
pub(super) const fn key_bits(place: usize) -> u64 {
    ((PLACES | (place % PLACES)) as u64) << KEY_BELOW
}
const _: () = assert!(key_bits(PLACES - 1) & !KEYED == 0);

/// Texts of so many bytes and fewer are copied into the plan, and ASCII of [`PLAIN`]; longer ones are held, unless they
/// pass.
pub const SHORT: usize = 32;

/// Whether a text is copied into the plan, so that nobody has to keep it.
#[inline(always)]
#[must_use]
pub const fn is_copied(len: usize, width: Width) -> bool {
    match width {
        Width::Ascii => len <= PLAIN,
        _ => len * width.bytes() <= SHORT,
    }
}

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
    EmptyArray,
    EmptyObject,
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
    Plain,
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
    /// A longer string with nothing to escape: ASCII of more than [`SHORT`] and at most [`PLAIN`] characters.
    Plain(&'p [u8]),
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
    /// A key whose fragment is known, and its place.
    KnownKey(u32, &'p Fragment),
    /// A key whose fragment is known and stands here.
    FinishedKey(&'p [u8]),
    /// An array begins, with about so many elements.
    OpenArray(usize),
    /// An object begins, with about so many members.
    OpenObject(usize),
    /// An array without elements, in a segment that passes.
    EmptyArray,
    /// An object without members, in a segment that passes.
    EmptyObject,
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
