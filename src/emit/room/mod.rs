//! Where bytes go. The one place that calls kernels, and the one that sees to it that they have the room
//! that they ask for.

mod bytes;
mod head;
mod members;
mod memory;
mod number;
mod roomless;
mod stack;
mod text;

use core::ptr::NonNull;

pub use bytes::SHORT;
pub use head::{Head, Line, START, Start};
pub use memory::{Grow, Memory, Written};
pub use number::ROWS;
pub use roomless::{copy_clean, copy_plain, floats_len, fragment, says, utf8_len};
pub use stack::{SPARE, Stack};
pub use text::is_brief;

use super::kernel::{BLOCK, FLOAT_MAX, LINE, MARKED_MAX, NARROW_MAX, SIGHT, SLACK, WIDE_MAX};

/// Characters of a text that are written between two looks at the room that is left. Small, so that the
/// worst case of six bytes a character never makes the room much larger than the result.
const PIECE: usize = 2048;

/// `null` and its comma.
pub const NULL: [u8; 8] = *b"null,\0\0\0";
/// The words for false and true, and their commas.
pub const BOOL: [[u8; 8]; 2] = [*b"false,\0\0", *b"true,\0\0\0"];

/// Bytes that there is place for wherever a pen has passed [`Room::near`]: what a member with a number needs, or one
/// with a string of [`BRIEF`] characters.
const NEAR: usize = 512;

/// Characters of a string that is written where there is place for [`NEAR`] bytes.
const BRIEF: usize = 64;
const _: () = assert!(head::SIZE + BRIEF * NARROW_MAX + 3 <= NEAR);

/// The most that a room is ever asked for at once; what [`Grow::drain`] must hold.
pub const MOST: usize = 16 * 1024 + SLACK;
const _: () = assert!(PIECE * WIDE_MAX + 4 + SLACK <= MOST && NEAR + SLACK <= MOST);
const _: () = assert!(BLOCK * MARKED_MAX + SLACK <= MOST);
const _: () = assert!(crate::sink::RUN * (FLOAT_MAX + 3) + SLACK <= MOST);
const _: () = assert!(crate::sink::RUN * (FLOAT_MAX + 1 + LINE) + SLACK <= MOST);
const _: () = assert!(FLOAT_MAX < LINE && SIGHT <= SLACK, "a value fits a line");

/// The place for the next byte.
///
/// A pen belongs to the room that made it and is the only one: each call takes it and gives it back, moved on.
#[derive(Debug)]
pub struct Pen(*mut u8);

/// Memory to write to, and how much of it there is.
///
/// A room never fails in the middle: when its memory cannot grow it becomes a drain, in which bytes go round,
/// and says so at the end. That keeps the check for memory out of every caller.
pub struct Room<'g> {
    start: *mut u8,
    /// One past the memory.
    end: *mut u8,
    /// The last place with [`NEAR`] bytes and the slack before the end; before the start, if there is none.
    near: *mut u8,
    grower: &'g mut dyn Grow,
    drained: bool,
}

impl<'g> Room<'g> {
    /// A room on the memory of `grower`, with place for `likely` bytes before it first has to grow, or at least
    /// for as many as `grower` has at hand; and its pen.
    #[inline]
    pub fn new(grower: &'g mut dyn Grow, likely: usize) -> (Self, Pen) {
        // Who could not grow may have lost what it had, and then refuses this as well.
        let grown =
            grower.grow(0, likely.saturating_add(NEAR + SLACK)).or_else(|| grower.grow(0, NEAR + SLACK));
        let drained = grown.is_none();
        let (start, size) = grown.unwrap_or_else(|| grower.drain());
        debug_assert!(size >= MOST.min(NEAR + SLACK), "a grower gives what it was asked for");
        // All at once: a room that is changed when it has just been made is in memory, and waits there to be moved.
        let (start, end) = (start.as_ptr(), start.as_ptr().wrapping_add(size));
        (Self { start, end, near: end.wrapping_sub(NEAR + SLACK), grower, drained }, Pen(start))
    }

    /// Makes it certain that `n` bytes and the slack can be written.
    #[inline(always)]
    #[must_use]
    pub fn reserve(&mut self, pen: Pen, n: usize) -> Pen {
        debug_assert!(pen.0 >= self.start && pen.0 <= self.end, "the pen is this room's");
        if (self.end as usize - pen.0 as usize) < n + SLACK { self.more(pen, n + SLACK) } else { pen }
    }

    /// Makes it certain that [`NEAR`] bytes and the slack can be written: a comparison with what stands ready.
    #[inline(always)]
    fn near(&mut self, pen: Pen) -> Pen {
        debug_assert!(pen.0 >= self.start && pen.0 <= self.end, "the pen is this room's");
        if pen.0 > self.near { self.more(pen, NEAR + SLACK) } else { pen }
    }

    #[cold]
    #[inline(never)]
    fn more(&mut self, pen: Pen, need: usize) -> Pen {
        let used = self.len(&pen);
        let grown = if self.drained { None } else { self.grower.grow(used, need) };
        let (start, size, used) = match grown {
            Some((start, size)) => (start, size, used),
            None => {
                self.drained = true;
                let (start, size) = self.grower.drain();
                (start, size, 0)
            }
        };
        debug_assert!(size - used >= need.min(MOST));
        self.stand_on((start, size), used)
    }

    /// Goes on in other memory, behind the first `used` bytes.
    fn stand_on(&mut self, (start, size): (NonNull<u8>, usize), used: usize) -> Pen {
        self.start = start.as_ptr();
        // SAFETY: `Grow` promises `size` bytes, and `used` is not more than that.
        unsafe {
            self.end = self.start.add(size);
            self.near = self.end.wrapping_sub(NEAR + SLACK);
            Pen(self.start.add(used))
        }
    }

    /// Makes place for `n` bytes that are likely to come. If there is none, that alone makes no drain of a room whose
    /// memory could be left as it was.
    #[inline]
    #[must_use]
    pub fn expect(&mut self, pen: Pen, n: usize) -> Pen {
        let need = n.saturating_add(NEAR + SLACK);
        if self.drained || self.end as usize - pen.0 as usize >= need {
            return pen;
        }
        let used = self.len(&pen);
        match self.grower.grow(used, need) {
            Some(grown) => self.stand_on(grown, used),
            // Who could not grow may have lost what it had, and then refuses this as well.
            None => self.more(pen, NEAR + SLACK),
        }
    }

    /// Ends the writing: what has been written, or `None` if memory ran out on the way.
    #[inline]
    #[must_use]
    pub fn finish(&self, pen: Pen) -> Option<Written> {
        (!self.drained).then_some(Written::new(self.start, self.len(&pen)))
    }

    /// Bytes written so far.
    #[must_use]
    pub fn len(&self, pen: &Pen) -> usize {
        pen.0 as usize - self.start as usize
    }

    /// What has been written so far; nothing if memory ran out on the way.
    #[must_use]
    pub fn written(&self, pen: &Pen) -> &[u8] {
        if self.drained {
            return &[];
        }
        // SAFETY: everything from the start to the pen has been written, and nobody writes while it is borrowed.
        unsafe { core::slice::from_raw_parts(self.start, self.len(pen)) }
    }

    /// Whether memory ran out, and with it what was written.
    #[must_use]
    pub const fn is_drained(&self) -> bool {
        self.drained
    }

    /// Forgets what has been written, but for the last byte.
    #[must_use]
    pub fn keep_last(&mut self, pen: Pen) -> Pen {
        if pen.0 == self.start {
            return pen;
        }
        // SAFETY: something has been written, so there is a byte before the pen, and one at the start.
        unsafe {
            self.start.write(pen.0.sub(1).read());
            Pen(self.start.add(1))
        }
    }

    /// The pen behind what has been written up to `to`.
    #[inline(always)]
    fn at(&self, to: *mut u8) -> Pen {
        debug_assert!(to >= self.start && to as usize + SLACK <= self.end as usize);
        Pen(to)
    }
}
