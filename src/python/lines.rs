//! JSON Lines: a document a line, from any iterable, none of which is held longer than its line takes.

use core::ffi::CStr;

use pyo3::prelude::*;

use super::arguments::{Arguments, Reader, Signature};
use super::errors::{self, Refusal};
use super::{engine, files};
use crate::cpython::{File, Iter, Obj, Output, Owned};
use crate::emit::room::{Memory, Room};
use crate::emit::writer::PIECE;
use crate::options::{Form, flag};
use crate::walk::failure::{Failure, Step};

pub(super) const DUMPS_LINES: &CStr = c"dumps_lines(iterable, /, default=None, option=None, *, plan=False, encoders=None)
--

Serialize each object of an iterable to a line of JSON.

Args:
    iterable: of any kind; a generator is asked for one object at a time.
    default, option, plan, encoders: as for dumps. indent and OPT_INDENT_2 are refused.

Returns:
    bytes: UTF-8; each line ends in a line feed.

Raises:
    JSONEncodeError: as dumps. Its path begins with the place of the object, $[0] for the first, and a note says
        the line, counted from 1.
    What the iterable raises is passed on as it is.";

pub(super) const DUMP_LINES: &CStr = c"dump_lines(iterable, fp, /, default=None, option=None, *, plan=False, encoders=None)
--

Serialize each object of an iterable to a line of JSON, and write the lines to a file.

Whole lines are written, about 64 KiB at a time, or one that is longer. Before an error is raised, all lines that
were finished before it are written.

Args:
    iterable: of any kind; a generator is asked for one object at a time.
    fp: as for dump.
    default, option, plan, encoders: as for dumps. indent and OPT_INDENT_2 are refused.

Raises:
    JSONEncodeError: as dumps_lines.
    What the iterable or fp.write() raises is passed on as it is.";

pub(super) fn dumps_lines<'a>(_: Python<'a>, given: &Reader<'a>) -> Result<Owned, Refusal> {
    const SIGNATURE: Signature = Signature { name: "dumps_lines", required: &["iterable"] };
    to_bytes(Arguments::read(&SIGNATURE, given)?, SIGNATURE.name)
}

/// The lines of an iterable, for `function`.
pub(super) fn to_bytes(arguments: Arguments<'_>, function: &str) -> Result<Owned, Refusal> {
    let arguments = in_lines(arguments, function)?;
    let mut output = Output::new(Form::Bytes).ok_or_else(Failure::memory)?;
    let (mut room, pen) = Room::new(&mut output, 0);
    let mut pen = Some(pen);
    each_line(&arguments, |line| {
        pen = pen.take().map(|pen| room.bytes(pen, line));
        if room.is_drained() { Err(Failure::memory()) } else { Ok(()) }
    })?;
    let written = pen.and_then(|pen| room.finish(pen));
    Ok(output.finish(written.ok_or_else(Failure::memory)?).map_err(Failure::raised)?)
}

pub(super) fn dump_lines<'a>(py: Python<'a>, given: &Reader<'a>) -> Result<Owned, Refusal> {
    const SIGNATURE: Signature = Signature { name: "dump_lines", required: &["iterable", "fp"] };
    to_file(py, Arguments::read(&SIGNATURE, given)?, given.value(1), SIGNATURE.name)
}

/// Writes the lines of an iterable to the file `fp`, for `function`.
pub(super) fn to_file<'a>(
    py: Python<'a>,
    arguments: Arguments<'a>,
    fp: Obj<'a>,
    function: &str,
) -> Result<Owned, Refusal> {
    let arguments = in_lines(arguments, function)?;
    let file = files::open(py, fp, function)?;
    let arguments = files::for_file(arguments, &file);
    let mut lines = Lines { file: &file, waiting: Vec::new(), broken: false };
    let all = each_line(&arguments, |line| lines.add(line));
    let rest = if lines.broken { Ok(()) } else { lines.write_out() };
    file.close();
    match (all, rest) {
        (Ok(()), rest) => rest?,
        (Err(failure), Ok(())) => return Err(failure.into()),
        (Err(failure), Err(while_writing)) => return Err(errors::during(py, while_writing, failure)),
    }
    Ok(files::none(py))
}

/// The arguments, for documents of one line.
fn in_lines<'a>(mut arguments: Arguments<'a>, function: &str) -> Result<Arguments<'a>, Refusal> {
    if arguments.options.style().indent.is_some() {
        return Err(Refusal::Arguments(format!(
            "{function}() writes each document in one line and cannot indent: leave indent and OPT_INDENT_2 out"
        )));
    }
    arguments.options = arguments.options.with(flag::APPEND_NEWLINE);
    Ok(arguments)
}

/// Lines on their way to a file.
struct Lines<'a> {
    file: &'a File,
    /// Finished ones, not more than a piece.
    waiting: Vec<u8>,
    /// The file has raised: it gets no more.
    broken: bool,
}

impl Lines<'_> {
    fn add(&mut self, line: &[u8]) -> Result<(), Box<Failure>> {
        if self.waiting.len() + line.len() > PIECE {
            self.write_out()?;
        }
        if line.len() >= PIECE {
            return self.write(line);
        }
        self.waiting.try_reserve(line.len()).map_err(|_| Failure::memory())?;
        self.waiting.extend_from_slice(line);
        Ok(())
    }

    fn write_out(&mut self) -> Result<(), Box<Failure>> {
        let lines = core::mem::take(&mut self.waiting);
        let written = self.write(&lines);
        self.waiting = lines;
        self.waiting.clear();
        written
    }

    fn write(&mut self, lines: &[u8]) -> Result<(), Box<Failure>> {
        let written = self.file.write_all(lines).map_err(Failure::raised);
        self.broken = written.is_err();
        written
    }
}

/// Gives each line to `finished`.
fn each_line(
    arguments: &Arguments<'_>,
    mut finished: impl FnMut(&[u8]) -> Result<(), Box<Failure>>,
) -> Result<(), Box<Failure>> {
    let iterator = Iter::new(arguments.obj).map_err(Failure::raised)?;
    let mut memory = Memory::default();
    let mut index = 0;
    let result = loop {
        let next = iterator.next(|obj| {
            let written = engine::write(&arguments.with_obj(obj), &mut memory);
            let written = written.map_err(|failure| failure.at(Step::Index(index)).in_line(index + 1))?;
            finished(memory.written(written))
        });
        match next {
            Ok(Some(Ok(()))) => index += 1,
            Ok(Some(Err(failure))) => break Err(failure),
            Ok(None) => break Ok(()),
            Err(raised) => break Err(Failure::raised(raised)),
        }
    };
    iterator.close();
    result
}
