//! The narrow waist: everything that a walk can tell. The writer and the recorder listen, and so do the
//! tools that look at plans.

use crate::emit::kernel::{Leaf, Members, Source};
use crate::fragment::{Fragment, UNNUMBERED};
use crate::stamp::{self, Stamp};
use crate::text::{Clean, LoneSurrogate, Text};

/// The most numbers that one run holds.
pub const RUN: usize = 256;

/// The most booleans that one run holds.
pub const BOOLS: usize = 64;

/// The most words of booleans that are told at once.
pub const WORDS: usize = 8;

/// The most integers and doubles by turns that are told at once.
pub const NUMBERS: usize = 64;

/// The most strings that one run holds.
pub const TEXT_RUN: usize = 32;

/// What is written in the same few bytes wherever it is. The numbers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Few {
    /// `null`.
    Null,
    /// `false`.
    False,
    /// `true`.
    True,
    /// `[]`.
    EmptyArray,
    /// `{}`.
    EmptyObject,
}

/// Integers and doubles that are neighbours in an array; at most [`NUMBERS`].
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    /// The integers.
    pub ints: &'a [i64],
    /// The doubles.
    pub floats: &'a [f64],
    /// Which are doubles, from bit 0 on; a bit for each of them.
    pub doubles: u64,
}

impl Numbers<'_> {
    /// How many there are.
    #[inline(always)]
    #[must_use]
    #[allow(clippy::len_without_is_empty)]
    pub const fn len(&self) -> usize {
        self.ints.len() + self.floats.len()
    }

    /// How many are of another type than the one before.
    #[inline(always)]
    #[must_use]
    pub const fn changes(&self) -> usize {
        let pairs = self.len().saturating_sub(1);
        let changes = (self.doubles ^ self.doubles >> 1) & !(u64::MAX << pairs);
        changes.count_ones() as usize
    }
}

/// Elements of an array that have been looked at, and can be told to whatever sink there is.
pub trait Elements {
    /// What can end the document.
    type Failure;

    /// Tells them all, and gives the sink back.
    ///
    /// # Errors
    ///
    /// The document ends there.
    fn tell<S: Sink>(self, sink: S, pen: S::Pen) -> Result<(S, S::Pen), Self::Failure>;
}

/// Hears a document from its first value to its last.
///
/// Arrays are told as `open_array`, values, `close_array`; objects as `open_object`, then a key and a value
/// in turn, `close_object`. A run stands for its elements and occurs inside arrays only.
///
/// Every call takes the sink's pen and gives it back. The pen is where the sink goes on; it is handed around by
/// value so that it stays in a register: kept in the sink, it would be stored and loaded between any two values, and
/// each would wait for the one before it.
pub trait Sink {
    /// Where the sink goes on. There is one, and nobody can make a second.
    type Pen;

    /// Whether texts are still looked at after the call that told them, unless [`crate::plan::is_copied`].
    const KEEPS: bool;
    /// Whether keys that are known come as fragments.
    const KNOWS: bool;
    /// Whether runs of strings may be drawn from their source, instead of being gathered first.
    const DRAWS: bool = false;
    /// Whether rows of doubles are better told at once.
    const ROWS: bool = false;
    /// Whether what is finished is to be taken away from time to time, between two values.
    const STREAMS: bool = false;
    /// Whether many elements are better looked at first and then passed.
    const PASSES: bool = false;

    /// `null`.
    fn null(&mut self, pen: Self::Pen) -> Self::Pen;
    /// `true` or `false`.
    fn bool(&mut self, pen: Self::Pen, v: bool) -> Self::Pen;
    /// A signed integer.
    fn int(&mut self, pen: Self::Pen, v: i64) -> Self::Pen;
    /// A signed integer among others, which may be of other lengths.
    #[inline(always)]
    fn int_among_ints(&mut self, pen: Self::Pen, v: i64) -> Self::Pen {
        self.int(pen, v)
    }
    /// An integer above `i64::MAX`.
    fn uint(&mut self, pen: Self::Pen, v: u64) -> Self::Pen;
    /// A double; those that are not finite become `null`.
    fn float(&mut self, pen: Self::Pen, v: f64) -> Self::Pen;
    /// A string.
    ///
    /// # Errors
    ///
    /// [`LoneSurrogate`]. The document ends there: the pen is gone.
    fn text(&mut self, pen: Self::Pen, t: Text<'_>) -> Result<Self::Pen, LoneSurrogate>;
    /// A short string with nothing to escape.
    fn clean(&mut self, pen: Self::Pen, t: Clean<'_>) -> Self::Pen;
    /// A longer string with nothing to escape: ASCII of more than [`CLEAN`] and at most [`PLAIN`] characters.
    ///
    /// [`CLEAN`]: crate::text::CLEAN
    /// [`PLAIN`]: crate::text::PLAIN
    fn plain(&mut self, pen: Self::Pen, s: &[u8]) -> Self::Pen {
        self.text(pen, Text::ascii(s)).expect("ASCII has no surrogates")
    }
    /// A string that is gone after the call, even for a sink that keeps texts.
    ///
    /// # Errors
    ///
    /// As [`Sink::text`].
    fn passing_text(&mut self, pen: Self::Pen, t: Text<'_>) -> Result<Self::Pen, LoneSurrogate> {
        self.text(pen, t)
    }
    /// Whether texts may be told as UTF-8. A sink that `KEEPS` does not take it.
    #[inline(always)]
    fn takes_utf8(&self) -> bool {
        false
    }
    /// A text that is UTF-8 already, for a sink that takes it.
    fn utf8(&mut self, _: Self::Pen, _: &[u8]) -> Self::Pen {
        unreachable!("only sinks that say so are asked")
    }
    /// A value that is finished JSON, gone after the call. It is written as it is; that it is one value is the
    /// caller's affair.
    fn raw(&mut self, pen: Self::Pen, bytes: &[u8]) -> Self::Pen;
    /// A date, a time or a UUID. It is heard again as a raw value.
    fn stamp(&mut self, pen: Self::Pen, stamp: &Stamp) -> Self::Pen {
        let mut place = [0; stamp::PLACE];
        let len = stamp.write(&mut place);
        self.raw(pen, &place[..len])
    }

    /// At most [`RUN`] integers, each an element of the open array.
    fn ints(&mut self, pen: Self::Pen, run: &[i64]) -> Self::Pen;
    /// At most [`RUN`] doubles, each an element of the open array.
    fn floats(&mut self, pen: Self::Pen, run: &[f64]) -> Self::Pen;
    /// Integers and doubles by turns, each an element of the open array.
    fn numbers(&mut self, pen: Self::Pen, run: Numbers<'_>) -> Self::Pen {
        self.number_by_number(pen, run)
    }
    /// The same, one by one.
    fn number_by_number(&mut self, mut pen: Self::Pen, run: Numbers<'_>) -> Self::Pen {
        let Numbers { mut ints, mut floats, .. } = run;
        for i in 0..run.len() {
            pen = if run.doubles >> i & 1 == 0 {
                let Some(v) = ints.split_off_first() else { break };
                self.int(pen, *v)
            } else {
                let Some(v) = floats.split_off_first() else { break };
                self.float(pen, *v)
            };
        }
        pen
    }
    /// At most [`RUN`] doubles, in arrays of `width`, each an element of the open array. `width` is not 0 and divides
    /// their number.
    fn rows(&mut self, pen: Self::Pen, run: &[f64], width: usize) -> Self::Pen {
        self.row_by_row(pen, run, width)
    }
    /// The same, told as arrays of single doubles.
    fn row_by_row(&mut self, mut pen: Self::Pen, run: &[f64], width: usize) -> Self::Pen {
        for row in run.chunks_exact(width) {
            pen = self.open_array(pen, width);
            pen = row.iter().fold(pen, |pen, &v| self.float(pen, v));
            pen = self.close_array(pen);
        }
        pen
    }
    /// The `n` lowest bits from bit 0 on, each an element of the open array; at most 64.
    fn bools(&mut self, pen: Self::Pen, bits: u64, n: usize) -> Self::Pen;
    /// As many bits as there are in at most [`WORDS`] words, each an element of the open array.
    #[inline(always)]
    fn many_bools(&mut self, pen: Self::Pen, words: &[u64]) -> Self::Pen {
        words.iter().fold(pen, |pen, &bits| self.bools(pen, bits, BOOLS))
    }
    /// At most [`TEXT_RUN`] strings, each an element of the open array.
    ///
    /// # Errors
    ///
    /// The index of the first string that has a lone surrogate. The document ends there.
    fn texts(&mut self, pen: Self::Pen, run: &[Text<'_>]) -> Result<Self::Pen, usize>;

    /// Whether strings are to be drawn now, by a sink that `DRAWS`; `many` if they are likely to be as many as a run
    /// can be.
    #[inline(always)]
    fn draws(&self, _: &Self::Pen, _many: bool) -> bool {
        Self::DRAWS
    }
    /// All strings of `source`, each an element of the open array, for a sink that `DRAWS`.
    ///
    /// # Errors
    ///
    /// The next string of the source has a lone surrogate. The document ends there.
    fn draw<'t, T: Source<'t> + Copy>(
        &mut self,
        mut pen: Self::Pen,
        source: &mut T,
    ) -> Result<Self::Pen, LoneSurrogate> {
        while let Some(chars) = source.peek() {
            pen = self.text(pen, Text::from(chars))?;
            source.advance();
        }
        Ok(pen)
    }

    /// Elements of the open array, or members of the open object, which have been looked at, for a sink that `PASSES`.
    ///
    /// # Errors
    ///
    /// Those of `elements`. The document ends there.
    fn pass<E: Elements>(&mut self, _: Self::Pen, _: E) -> Result<Self::Pen, E::Failure> {
        unreachable!("only sinks that say so are asked")
    }

    /// An array of about `len` elements begins.
    fn open_array(&mut self, pen: Self::Pen, len: usize) -> Self::Pen;
    /// The innermost open array ends.
    fn close_array(&mut self, pen: Self::Pen) -> Self::Pen;
    /// An object of about `len` members begins.
    fn open_object(&mut self, pen: Self::Pen, len: usize) -> Self::Pen;
    /// The innermost open object ends.
    fn close_object(&mut self, pen: Self::Pen) -> Self::Pen;
    /// The innermost open object, which is not empty, ends, and the next element of the array around it begins: an object of
    /// about `len` members.
    #[inline(always)]
    fn next_object(&mut self, pen: Self::Pen, len: usize) -> Self::Pen {
        let pen = self.close_object(pen);
        self.open_object(pen, len)
    }
    /// An array without elements.
    fn empty_array(&mut self, pen: Self::Pen) -> Self::Pen {
        let pen = self.open_array(pen, 0);
        self.close_array(pen)
    }
    /// An object without members.
    fn empty_object(&mut self, pen: Self::Pen) -> Self::Pen {
        let pen = self.open_object(pen, 0);
        self.close_object(pen)
    }
    /// One of the values that are the same few bytes wherever they are.
    #[inline(always)]
    fn few(&mut self, pen: Self::Pen, few: Few) -> Self::Pen {
        match few {
            Few::Null => self.null(pen),
            Few::False => self.bool(pen, false),
            Few::True => self.bool(pen, true),
            Few::EmptyArray => self.empty_array(pen),
            Few::EmptyObject => self.empty_object(pen),
        }
    }
    /// The next member's key.
    ///
    /// # Errors
    ///
    /// As [`Sink::text`].
    fn key(&mut self, pen: Self::Pen, t: Text<'_>) -> Result<Self::Pen, LoneSurrogate>;
    /// The next member's key, short and with nothing to escape.
    fn clean_key(&mut self, pen: Self::Pen, t: Clean<'_>) -> Self::Pen;
    /// The next member's key, gone after the call.
    ///
    /// # Errors
    ///
    /// As [`Sink::text`].
    fn passing_key(&mut self, pen: Self::Pen, t: Text<'_>) -> Result<Self::Pen, LoneSurrogate> {
        self.key(pen, t)
    }
    /// The next member's key, which is a date, a time or a UUID. It is heard again as a text.
    fn stamp_key(&mut self, pen: Self::Pen, stamp: &Stamp) -> Self::Pen {
        stamp
            .with_characters(|text| self.passing_key(pen, Text::ascii(text)))
            .expect("ASCII has no surrogates")
    }
    /// The next member's key, which is an integer. It is heard again as a text.
    fn int_key(&mut self, pen: Self::Pen, v: i64) -> Self::Pen {
        let mut digits = itoa::Buffer::new();
        self.passing_key(pen, Text::ascii(digits.format(v).as_bytes())).expect("ASCII has no surrogates")
    }
    /// The next member's key, finished. `id` is its number, or [`UNNUMBERED`]: no two fragments of a process have the
    /// same one. Its lower bits are its place, of which there are [`PLACES`]; whoever remembers keys by their place
    /// need not look at the fragment of one that is there already.
    ///
    /// [`UNNUMBERED`]: crate::fragment::UNNUMBERED
    /// [`PLACES`]: crate::fragment::PLACES
    fn known_key(&mut self, pen: Self::Pen, id: u32, fragment: &Fragment) -> Self::Pen;
    /// A known key, and the integer that is its value.
    #[inline(always)]
    fn int_member(&mut self, pen: Self::Pen, id: u32, fragment: &Fragment, v: i64) -> Self::Pen {
        let pen = self.known_key(pen, id, fragment);
        self.int(pen, v)
    }
    /// A known key, and the double that is its value.
    #[inline(always)]
    fn float_member(&mut self, pen: Self::Pen, id: u32, fragment: &Fragment, v: f64) -> Self::Pen {
        let pen = self.known_key(pen, id, fragment);
        self.float(pen, v)
    }
    /// A known key, and the boolean that is its value.
    #[inline(always)]
    fn bool_member(&mut self, pen: Self::Pen, id: u32, fragment: &Fragment, v: bool) -> Self::Pen {
        let pen = self.known_key(pen, id, fragment);
        self.bool(pen, v)
    }
    /// A known key with null.
    #[inline(always)]
    fn null_member(&mut self, pen: Self::Pen, id: u32, fragment: &Fragment) -> Self::Pen {
        let pen = self.known_key(pen, id, fragment);
        self.null(pen)
    }
    /// A known key, and a value as for [`Sink::few`].
    #[inline(always)]
    fn few_member(&mut self, pen: Self::Pen, id: u32, fragment: &Fragment, few: Few) -> Self::Pen {
        let pen = self.known_key(pen, id, fragment);
        self.few(pen, few)
    }
    /// A known key, and the short string that is its value and has nothing to escape.
    #[inline(always)]
    fn clean_member(&mut self, pen: Self::Pen, id: u32, fragment: &Fragment, t: Clean<'_>) -> Self::Pen {
        let pen = self.known_key(pen, id, fragment);
        self.clean(pen, t)
    }
    /// A known key, and the string that is its value: as [`Sink::plain`].
    #[inline(always)]
    fn plain_member(&mut self, pen: Self::Pen, id: u32, fragment: &Fragment, s: &[u8]) -> Self::Pen {
        let pen = self.known_key(pen, id, fragment);
        self.plain(pen, s)
    }
    /// A known key, and the ASCII string that is its value.
    #[inline(always)]
    fn ascii_member(&mut self, pen: Self::Pen, id: u32, fragment: &Fragment, s: &[u8]) -> Self::Pen {
        let pen = self.known_key(pen, id, fragment);
        self.text(pen, Text::ascii(s)).expect("ASCII has no surrogates")
    }

    /// The beginning of an object, these members as long as there are some, in code that has the level's instructions
    /// ([`Job`]), and behind the last of all the object's end. Those that are left, perhaps all.
    ///
    /// [`Job`]: crate::emit::kernel::Job
    #[inline(always)]
    fn members<'k, 'v, M: Members<'v, &'k Fragment>>(
        &mut self,
        mut pen: Self::Pen,
        mut members: M,
    ) -> (Self::Pen, M) {
        pen = self.open_object(pen, members.most());
        while let Some((fragment, value)) = members.next() {
            pen = match value {
                Leaf::Ascii(s) => self.ascii_member(pen, UNNUMBERED, fragment, s),
                Leaf::Int(v) => self.int_member(pen, UNNUMBERED, fragment, v),
                Leaf::Float(v) => self.float_member(pen, UNNUMBERED, fragment, v),
                Leaf::Bool(v) => self.bool_member(pen, UNNUMBERED, fragment, v),
                Leaf::Null => self.null_member(pen, UNNUMBERED, fragment),
                Leaf::EmptyArray => self.few_member(pen, UNNUMBERED, fragment, Few::EmptyArray),
            };
        }
        if members.most() == 0 {
            pen = self.close_object(pen);
        }
        (pen, members)
    }

    /// What is finished, if it is worth taking away. Never the last byte, which a closing bracket may take back.
    fn finished(&self, _: &Self::Pen) -> Option<&[u8]> {
        None
    }
    /// What was finished has been taken away.
    fn taken(&mut self, pen: Self::Pen) -> Self::Pen {
        pen
    }

    /// Whether any text that a keeping sink was told is still looked at.
    fn keeps(&self, _: &Self::Pen) -> bool {
        Self::KEEPS
    }
    /// Counts the times that a keeping sink has let go of all texts that it kept.
    fn let_go(&self) -> usize {
        0
    }
}
