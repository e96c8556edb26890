//! The one-pass path: walk -> writer.

use crate::cpython::{Access, File, Obj, Program, World};
use crate::emit::format::{Compact, Format};
use crate::emit::kernel::Level;
use crate::emit::room::{Grow, Memory, Pen, Room, Written};
use crate::emit::writer::{PIECE, Writer};
use crate::options::{Options, flag};
use crate::walk::failure::{Failure, Told};
use crate::walk::{Hooks, Walk};

/// Writes the JSON of `obj` to the memory of `grower`.
///
/// # Errors
///
/// Where the walk ended and why.
#[inline(always)]
pub fn write<L: Level, F: Format, A: Access>(
    grower: &mut dyn Grow,
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
    format: F,
) -> Result<Written, Box<Failure>> {
    let (room, pen) = Room::new(grower, 0);
    let world = World::new().ok_or_else(Failure::memory)?;
    let mut walk = Walk::<_, A>::over(world, options, hooks, |_| Writer::<L, F>::new(room, format));
    let pen = walk.run(pen, obj)?;
    let written = walk.sink().finish(pen, options.has(flag::APPEND_NEWLINE));
    walk.end();
    core::mem::forget(walk);
    written.ok_or_else(Failure::memory)
}

/// Writes the JSON of `obj` to the memory of `grower`, along what `program` knows of such objects.
///
/// # Errors
///
/// Where the walk ended and why.
#[inline(always)]
pub fn guided<L: Level, A: Access>(
    grower: &mut dyn Grow,
    program: &Program,
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
) -> Result<Written, Box<Failure>> {
    let (room, pen) = Room::new(grower, 0);
    let world = World::new().ok_or_else(Failure::memory)?;
    let mut walk = Walk::<_, A>::over(world, options, hooks, |_| Writer::<L, Compact>::new(room, Compact));
    let pen = walk.run_guided(pen, program, obj)?;
    let written = walk.sink().finish(pen, options.has(flag::APPEND_NEWLINE));
    walk.end();
    core::mem::forget(walk);
    written.ok_or_else(Failure::memory)
}

/// Writes the JSON of `obj` to `file`, piece by piece.
///
/// # Errors
///
/// Where the walk ended and why, or what the file raised. Whole pieces may have been written before.
pub fn dump<L: Level, F: Format, A: Access>(
    file: &File,
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
    format: F,
) -> Result<(), Box<Failure>> {
    in_pieces::<L, F, A>(file, hooks, options, format, |walk, pen| walk.run(pen, obj))
}

/// The same along what `program` knows of such objects.
///
/// # Errors
///
/// As [`dump`].
pub fn dump_guided<L: Level, A: Access>(
    file: &File,
    program: &Program,
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
) -> Result<(), Box<Failure>> {
    in_pieces::<L, _, A>(file, hooks, options, Compact, |walk, pen| walk.run_guided(pen, program, obj))
}

/// A walk that writes pieces.
type Streaming<'a, L, F, A> = Walk<'a, Writer<'a, L, F, true>, A>;

#[inline(always)]
fn in_pieces<L: Level, F: Format, A: Access>(
    file: &File,
    hooks: Hooks<'_>,
    options: &Options,
    format: F,
    run: impl FnOnce(&mut Streaming<'_, L, F, A>, Pen) -> Told<Pen>,
) -> Result<(), Box<Failure>> {
    let mut memory = Memory::default();
    let (room, pen) = Room::new(&mut memory, 2 * PIECE);
    let mut walk = Walk::<_, A>::new(options, hooks, |_| Writer::<L, F, true>::new(room, format))?;
    walk.stream_to(file);
    let pen = run(&mut walk, pen)?;
    let written = walk.sink().finish(pen, options.has(flag::APPEND_NEWLINE));
    let written = written.ok_or_else(Failure::memory)?;
    file.write_all(memory.written(written)).map_err(Failure::raised)
}
