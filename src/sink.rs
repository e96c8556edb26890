//! The narrow waist: everything that a walk can tell. The writer and the recorder listen, and so do the
//! tools that look at plans.

use crate::fragment::Fragment;
use crate::text::{LoneSurrogate, Text};

/// The most numbers or booleans that one run holds.
pub const RUN: usize = 256;

/// The most strings that one run holds.
pub const TEXT_RUN: usize = 32;

/// Hears a document from its first value to its last.
///
/// Arrays are told as `open_array`, values, `close_array`; objects as `open_object`, then a key and a value
/// in turn, `close_object`. A run stands for its elements and occurs inside arrays only.
pub trait Sink {
    /// Whether texts longer than [`crate::plan::SHORT`] bytes are still looked at after the call that told them.
    const KEEPS: bool;
    /// Whether keys that are known come as fragments.
    const KNOWS: bool;

    /// `null`.
    fn null(&mut self);
    /// `true` or `false`.
    fn bool(&mut self, v: bool);
    /// A signed integer.
    fn int(&mut self, v: i64);
    /// An integer above `i64::MAX`.
    fn uint(&mut self, v: u64);
    /// A double; those that are not finite become `null`.
    fn float(&mut self, v: f64);
    /// A string.
    ///
    /// # Errors
    ///
    /// [`LoneSurrogate`]; nothing has been taken in then.
    fn text(&mut self, t: Text<'_>) -> Result<(), LoneSurrogate>;

    /// A string that is gone after the call, even for a sink that keeps texts.
    ///
    /// # Errors
    ///
    /// As [`Sink::text`].
    fn passing_text(&mut self, t: Text<'_>) -> Result<(), LoneSurrogate> {
        self.text(t)
    }

    /// At most [`RUN`] integers, each an element of the open array.
    fn ints(&mut self, run: &[i64]);
    /// At most [`RUN`] doubles, each an element of the open array.
    fn floats(&mut self, run: &[f64]);
    /// The `n` lowest bits from bit 0 on, each an element of the open array; at most 64.
    fn bools(&mut self, bits: u64, n: usize);
    /// At most [`TEXT_RUN`] strings, each an element of the open array.
    ///
    /// # Errors
    ///
    /// The index of the first string that has a lone surrogate. The ones before it have been taken in.
    fn texts(&mut self, run: &[Text<'_>]) -> Result<(), usize>;

    /// An array of about `len` elements begins.
    fn open_array(&mut self, len: usize);
    /// The innermost open array ends.
    fn close_array(&mut self);
    /// An object of about `len` members begins.
    fn open_object(&mut self, len: usize);
    /// The innermost open object ends.
    fn close_object(&mut self);
    /// The next member's key.
    ///
    /// # Errors
    ///
    /// [`LoneSurrogate`]; nothing has been taken in then.
    fn key(&mut self, t: Text<'_>) -> Result<(), LoneSurrogate>;

    /// The next member's key, gone after the call.
    ///
    /// # Errors
    ///
    /// As [`Sink::key`].
    fn passing_key(&mut self, t: Text<'_>) -> Result<(), LoneSurrogate> {
        self.key(t)
    }

    /// The next member's key, finished. `id` is its number in this document: one that was heard before stands for
    /// the same fragment as then, and a new one is one more than the highest so far.
    fn known_key(&mut self, id: u32, fragment: &Fragment);

    /// Counts the times that a keeping sink has let go of all texts that it kept.
    fn let_go(&self) -> usize {
        0
    }
}
