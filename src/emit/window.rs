//! The window through which a plan passes: a full segment is emitted at once, while it is in the cache.

use core::marker::PhantomData;

use super::format::Format;
use super::kernel::{Level, Source};
use super::replay::replay;
use super::room::{Pen, Written, copy_clean, copy_plain, utf8_len};
use super::writer::Writer;
use crate::plan::{Run, SegmentRef, TextKernels, Window};
use crate::sink::{Elements, Sink};
use crate::text::{CLEAN, LoneSurrogate, PLAIN, Text};

/// Tells a writer what it is given.
pub struct Emit<'g, L, F> {
    /// There between two calls, until the document ends early.
    writer: Option<Writer<'g, L, F>>,
    /// The writer's, between segments; gone if a text was refused.
    pen: Option<Pen>,
}

impl<'g, L: Level, F: Format> Emit<'g, L, F> {
    /// A window to `writer`, which goes on at `pen`.
    pub const fn new(writer: Writer<'g, L, F>, pen: Pen) -> Self {
        Self { writer: Some(writer), pen: Some(pen) }
    }

    /// The document is complete: as [`Writer::finish`].
    pub fn finish(self, newline: bool) -> Option<Written> {
        self.writer?.finish(self.pen?, newline)
    }
}

/// The kernels for texts of the level `L`, which the machine has.
pub struct TextsOf<L>(PhantomData<L>);

impl<L: Level> TextKernels for TextsOf<L> {
    #[inline(always)]
    fn utf8_len(t: Text<'_>) -> Result<usize, LoneSurrogate> {
        utf8_len::<L>(t)
    }

    #[inline(always)]
    fn copy_clean(to: &mut [u8; CLEAN], s: &[u8]) -> bool {
        copy_clean::<L>(to, s)
    }

    #[inline(always)]
    fn copy_plain(to: &mut [u8; PLAIN], s: &[u8]) -> bool {
        copy_plain::<L>(to, s)
    }
}

impl<L: Level, F: Format> Window for Emit<'_, L, F> {
    type Texts = TextsOf<L>;

    const PASSES: bool = F::KNOWS;
    const EMITS: bool = true;

    fn close(&mut self, segment: SegmentRef<'_>, _: Vec<Box<[u64]>>) {
        let Some((writer, pen)) = self.writer.as_mut().zip(self.pen.take()) else { return };
        let pen = writer.expect(pen, segment.about());
        self.pen = Some(replay(segment, writer, pen));
    }

    #[inline(always)]
    fn emit(&mut self, run: Run<'_>) -> Result<(), usize> {
        let Some((writer, pen)) = self.writer.as_mut().zip(self.pen.take()) else { return Ok(()) };
        self.pen = Some(match run {
            Run::Ints(run) => writer.ints(pen, run),
            Run::Floats(run) => writer.floats(pen, run),
            Run::Rows(run, width) => writer.rows(pen, run, width),
            Run::Bools(bits, n) => writer.bools(pen, bits, n),
            Run::ManyBools(words) => writer.many_bools(pen, words),
            Run::Texts(run) => writer.texts(pen, run)?,
        });
        Ok(())
    }

    #[inline(always)]
    fn pass<E: Elements>(&mut self, elements: E) -> Result<(), E::Failure> {
        let Some((writer, pen)) = self.writer.take().zip(self.pen.take()) else { return Ok(()) };
        let (writer, pen) = elements.tell(writer, pen)?;
        (self.writer, self.pen) = (Some(writer), Some(pen));
        Ok(())
    }

    fn draw<'t, T: Source<'t> + Copy>(&mut self, source: &mut T) -> Result<(), LoneSurrogate> {
        let Some((writer, pen)) = self.writer.as_mut().zip(self.pen.take()) else { return Ok(()) };
        self.pen = Some(writer.draw(pen, source)?);
        Ok(())
    }
}
