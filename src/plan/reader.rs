//! Reading a segment's words.

use super::node::{BELOW, KEY_BELOW, KEYED, MAX_WIDTH, Node, Tag};
use super::segment::Known;
use crate::fragment::{self, Fragment, PLACES};
use crate::sink::Few;
use crate::text::{CLEAN, Clean, Held, Text, Width};

/// Patterns for the tags' bytes.
macro_rules! tags {
    ($($name:ident = $tag:ident),* $(,)?) => { $(const $name: u8 = Tag::$tag as u8;)* };
}

tags! {
    NULL = Null, FALSE = False, TRUE = True, INT = Int, INT64 = Int64, UINT64 = Uint64, FLOAT = Float,
    TEXT = Text, KEY = Key, HELD_TEXT = HeldText, HELD_KEY = HeldKey, OPEN_ARRAY = OpenArray,
    OPEN_OBJECT = OpenObject, CLOSE_ARRAY = CloseArray, CLOSE_OBJECT = CloseObject, INTS = Ints,
    FLOATS = Floats, BOOLS = Bools, TEXTS = Texts, FINISHED_KEY = FinishedKey, ASCII = Ascii,
    ASCII_KEY = AsciiKey, RAW = Raw, HELD_RAW = HeldRaw, CLEAN_TEXT = Clean, CLEAN_KEY = CleanKey,
    ROWS = Rows, PLAIN = Plain, EMPTY_ARRAY = EmptyArray, EMPTY_OBJECT = EmptyObject,
}

/// What the tag of one of those says. As numbers, so that nothing is asked.
#[inline(always)]
const fn few(tag: u8) -> Few {
    match tag {
        NULL => Few::Null,
        FALSE => Few::False,
        TRUE => Few::True,
        EMPTY_ARRAY => Few::EmptyArray,
        _ => Few::EmptyObject,
    }
}

/// What most members are: a value, or the beginning of one.
#[derive(Clone, Copy, Debug)]
pub enum Simple<'p> {
    /// One that is the same few bytes wherever it is.
    Few(Few),
    /// An integer.
    Int(i64),
    /// A double.
    Float(f64),
    /// A short string with nothing to escape.
    Clean(Clean<'p>),
    /// A longer string with nothing to escape: as [`Node::Plain`].
    Plain(&'p [u8]),
    /// An array begins.
    OpenArray,
    /// An object begins.
    OpenObject,
}

/// Reads nodes off a segment's words.
#[derive(Clone, Debug)]
pub struct Reader<'p> {
    words: &'p [u64],
    held: &'p [Held],
    known: &'p [Known; PLACES],
    at: usize,
    /// Whether the known key of the node at `at` has been told by itself.
    key_told: bool,
}

impl<'p> Reader<'p> {
    pub(super) const fn new(words: &'p [u64], held: &'p [Held], known: &'p [Known; PLACES]) -> Self {
        Self { words, held, known, at: 0, key_told: false }
    }

    /// Words read so far.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.at
    }

    /// The next node's first word, and the known key whose value it is. To be followed by [`Reader::simple`] or by
    /// [`Reader::node`]; not to be mixed with `next`, for which such a key is a node of its own.
    #[inline(always)]
    pub fn word(&mut self) -> Option<(u64, Option<&'p Fragment>)> {
        let &word = self.words.get(self.at)?;
        self.at += 1;
        let key = || &self.known[(word >> KEY_BELOW) as usize % PLACES].fragment;
        Some((word, (word & KEYED != 0).then(key)))
    }

    /// The node whose first word has been taken, if it is a simple one; of another one nothing more is taken.
    #[inline(always)]
    pub fn simple(&mut self, word: u64) -> Option<Simple<'p>> {
        Some(match word as u8 {
            // One way for all: which it is cannot be foreseen.
            NULL | FALSE | TRUE | EMPTY_ARRAY | EMPTY_OBJECT => Simple::Few(few(word as u8)),
            INT => Simple::Int(word as i64 >> BELOW),
            FLOAT => Simple::Float(f64::from_bits(self.take_one()?)),
            CLEAN_TEXT => {
                let (words, len) = (self.words.get(self.at..)?.first_chunk()?, (word >> BELOW) as usize);
                let clean = Clean::new(bytemuck::cast_ref::<[u64; CLEAN / 8], _>(words), len)?;
                self.at += (len + 7) >> 3;
                Simple::Clean(clean)
            }
            PLAIN => Simple::Plain(self.take_bytes((word >> BELOW) as usize)?),
            OPEN_ARRAY => Simple::OpenArray,
            OPEN_OBJECT => Simple::OpenObject,
            _ => return None,
        })
    }

    /// The node whose first word has been taken.
    #[inline(always)]
    pub fn node(&mut self, word: u64) -> Option<Node<'p>> {
        self.read(word)
    }

    /// The known key that a word tells, if it tells one; `None` if there is no such key.
    fn key_of(&self, word: u64) -> Option<Option<(u32, &'p Fragment)>> {
        let place = match (word & KEYED) >> KEY_BELOW {
            0 => return Some(None),
            key => (key as usize).checked_sub(PLACES)?,
        };
        let fragment = self.known.get(place)?.at(place)?;
        Some(Some((place as u32, fragment)))
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
        let words = self.take((len + 7) >> 3)?;
        bytemuck::cast_slice(words).get(..len)
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

impl<'p> Reader<'p> {
    /// The node that begins with `word`, which has been taken.
    #[inline(always)]
    fn read(&mut self, word: u64) -> Option<Node<'p>> {
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
            EMPTY_ARRAY => Node::EmptyArray,
            EMPTY_OBJECT => Node::EmptyObject,
            CLOSE_ARRAY => Node::CloseArray,
            CLOSE_OBJECT => Node::CloseObject,
            INTS => Node::Ints(bytemuck::cast_slice(self.take(count)?)),
            FLOATS => Node::Floats(bytemuck::cast_slice(self.take(count)?)),
            BOOLS => Node::Bools(self.take(count.div_ceil(64))?, count),
            ROWS => self.take_rows(payload)?,
            PLAIN => Node::Plain(self.take_bytes(count)?),
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
