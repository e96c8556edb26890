//! What becomes of what has been recorded, and of runs that need not be.

use super::segment::SegmentRef;
use crate::emit::kernel::Source;
use crate::sink::{BOOLS, Elements, RUN, TEXT_RUN};
use crate::text::{CLEAN, LoneSurrogate, PLAIN, Text};

/// What a recorder asks of texts that wants a kernel.
pub trait TextKernels {
    /// Length of a text in UTF-8 without escapes, or the news that it has none.
    ///
    /// # Errors
    ///
    /// [`LoneSurrogate`].
    fn utf8_len(t: Text<'_>) -> Result<usize, LoneSurrogate>;

    /// Copies an ASCII text if it is clean; whether it was.
    fn copy_clean(to: &mut [u8; CLEAN], s: &[u8]) -> bool;

    /// Copies an ASCII text of more than [`CLEAN`] bytes; whether there is nothing to escape in it.
    fn copy_plain(to: &mut [u8; PLAIN], s: &[u8]) -> bool;
}

/// What becomes of a segment that is full: it is emitted at once, or kept.
pub trait Window {
    /// Those of the level that the plan is for.
    type Texts: TextKernels;

    /// Whether segments pass and are gone, and keys are written as their fragments, so that known keys can be numbers
    /// in them.
    const PASSES: bool;
    /// Whether long runs may be told it at once, so that nobody has to copy them.
    const EMITS: bool = false;

    /// Whether what is emitted is to be taken away from time to time, between two values.
    const STREAMS: bool = false;

    /// As [`Sink::finished`].
    fn finished(&self) -> Option<&[u8]> {
        None
    }

    /// As [`Sink::taken`].
    fn taken(&mut self) {}

    /// Takes a closed segment. Its held texts are alive during the call; those that are in `copies` stay as long as
    /// these do. A window that emits is given none: what it has copied is in the arena until the call returns.
    fn close(&mut self, segment: SegmentRef<'_>, copies: Vec<Box<[u64]>>);

    /// Emits a run behind all segments so far. Only windows that say so are asked.
    ///
    /// # Errors
    ///
    /// The index of the first text that has a lone surrogate.
    fn emit(&mut self, _: Run<'_>) -> Result<(), usize> {
        Ok(())
    }

    /// Emits elements behind all segments so far. Only windows that say so are asked.
    ///
    /// # Errors
    ///
    /// Those of the elements.
    fn pass<E: Elements>(&mut self, _: E) -> Result<(), E::Failure> {
        Ok(())
    }

    /// Emits all strings of `source` behind all segments so far. Only windows that say so are asked.
    ///
    /// # Errors
    ///
    /// The next string of the source has a lone surrogate.
    fn draw<'t, T: Source<'t> + Copy>(&mut self, source: &mut T) -> Result<(), LoneSurrogate> {
        while let Some(chars) = source.peek() {
            self.emit(Run::Texts(&[Text::from(chars)])).map_err(|_| LoneSurrogate)?;
            source.advance();
        }
        Ok(())
    }
}

impl<W: Window> Window for &mut W {
    type Texts = W::Texts;

    const PASSES: bool = W::PASSES;
    const EMITS: bool = W::EMITS;

    #[inline(always)]
    fn close(&mut self, segment: SegmentRef<'_>, copies: Vec<Box<[u64]>>) {
        W::close(self, segment, copies);
    }

    #[inline(always)]
    fn emit(&mut self, run: Run<'_>) -> Result<(), usize> {
        W::emit(self, run)
    }

    #[inline(always)]
    fn pass<E: Elements>(&mut self, elements: E) -> Result<(), E::Failure> {
        W::pass(self, elements)
    }

    #[inline(always)]
    fn draw<'t, T: Source<'t> + Copy>(&mut self, source: &mut T) -> Result<(), LoneSurrogate> {
        W::draw(self, source)
    }
}

/// Neighbours in an array, as a walk has read them.
#[derive(Clone, Copy, Debug)]
pub enum Run<'r> {
    /// Integers.
    Ints(&'r [i64]),
    /// Doubles.
    Floats(&'r [f64]),
    /// Doubles, in arrays of so many.
    Rows(&'r [f64], usize),
    /// So many bits.
    Bools(u64, usize),
    /// 64 bits a word.
    ManyBools(&'r [u64]),
    /// Strings.
    Texts(&'r [Text<'r>]),
}

impl Run<'_> {
    /// Number of elements.
    pub(super) const fn len(self) -> usize {
        match self {
            Self::Ints(run) => run.len(),
            Self::Floats(run) => run.len(),
            Self::Rows(run, width) => run.len() / width,
            Self::Bools(_, n) => n,
            Self::ManyBools(words) => words.len() * BOOLS,
            Self::Texts(run) => run.len(),
        }
    }

    /// Whether it is as long as a run can be, so that more of the same is likely to follow.
    pub(super) const fn is_full(self) -> bool {
        match self {
            Self::Ints(run) => run.len() == RUN,
            Self::Floats(run) => run.len() == RUN,
            Self::Rows(run, width) => run.len() + width > RUN,
            Self::Bools(_, n) => n == BOOLS,
            Self::ManyBools(_) => true,
            Self::Texts(run) => run.len() == TEXT_RUN,
        }
    }
}
