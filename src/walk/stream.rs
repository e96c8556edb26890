//! A document that leaves piece by piece, while it is walked.

use super::Walk;
use super::failure::{Failure, Fault, Told};
use crate::cpython::{Access, File, Suspended};
use crate::sink::Sink;

/// Elements of a run after which a stream asks whether there is a piece to hand on.
const STREAM_RUN: usize = 2048;

impl<'a, S: Sink, A: Access> Walk<'a, S, A> {
    /// What the sink finishes goes to `file`.
    pub fn stream_to(&mut self, file: &'a File) {
        self.file = Some(file);
    }

    /// Where a run from `i` on ends at the latest.
    #[inline(always)]
    pub(super) fn run_end(&self, i: usize, end: usize) -> usize {
        if S::STREAMS { end.min(i + STREAM_RUN) } else { end }
    }

    /// Between two values: hands on what is finished. Python code may run.
    #[inline(always)]
    pub(super) fn hand_on(&mut self, pen: S::Pen) -> Told<S::Pen> {
        if S::STREAMS && self.sink.finished(&pen).is_some() { self.write_piece(pen) } else { Ok(pen) }
    }

    #[cold]
    #[inline(never)]
    fn write_piece(&mut self, pen: S::Pen) -> Told<S::Pen> {
        let (file, sink) = (self.file, &self.sink);
        let Some(_suspended) = Suspended::new(&self.world) else { return Err(Failure::new(Fault::Depth)) };
        self.world.before_python();
        let written = match (file, sink.finished(&pen)) {
            (Some(file), Some(piece)) => file.write_all(piece),
            _ => Ok(()),
        };
        match written {
            Ok(()) => Ok(self.sink.taken(pen)),
            Err(raised) => Err(Failure::raised(raised)),
        }
    }
}
