//! The one-pass path: walk -> writer.

use crate::cpython::{Access, Obj, Output, Owned};
use crate::emit::format::Format;
use crate::emit::kernel::Level;
use crate::emit::room::Room;
use crate::emit::writer::Writer;
use crate::options::{Options, flag};
use crate::walk::failure::Failure;
use crate::walk::{Hooks, Walk};

/// The JSON of `obj` as a bytes object.
///
/// # Errors
///
/// Where the walk ended and why.
pub fn dumps<L: Level, F: Format, A: Access>(
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
    format: F,
) -> Result<Owned, Box<Failure>> {
    let mut output = Output::new().ok_or_else(Failure::memory)?;
    let (room, pen) = Room::new(&mut output, 0);
    let mut walk = Walk::<_, A>::new(options, hooks, |_| Writer::<L, F>::new(room, format))?;
    let pen = walk.run(pen, obj)?;
    let written = walk.finish(|writer| writer.finish(pen, options.has(flag::APPEND_NEWLINE)));
    written.and_then(|w| output.finish(w)).ok_or_else(Failure::memory)
}
