//! The one-pass path: walk -> writer.

use crate::cpython::{Access, Obj, Output, Owned};
use crate::emit::format::Format;
use crate::emit::kernel::Level;
use crate::emit::room::Room;
use crate::emit::writer::Writer;
use crate::options::{Options, flag};
use crate::walk::Walk;
use crate::walk::failure::{Failure, Fault};

/// The JSON of `obj` as a bytes object.
///
/// # Errors
///
/// Where the walk ended and why.
pub fn dumps<L: Level, F: Format, A: Access>(
    obj: Obj<'_>,
    default: Option<Obj<'_>>,
    options: &Options,
    format: F,
) -> Result<Owned, Box<Failure>> {
    let mut output = Output::new();
    let writer = Writer::<L, F>::new(Room::new(&mut output, 0), format);
    let mut walk = Walk::<_, A>::new(options, default, |_| writer);
    walk.run(obj)?;
    let written = walk.finish(|writer| writer.finish(options.has(flag::APPEND_NEWLINE)).finish());
    written.and_then(|w| output.finish(w)).ok_or_else(|| Failure::new(Fault::Memory))
}
