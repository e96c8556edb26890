//! Compact or indented: what stands between the values.

use super::room::{Pen, Room};

/// White space of a document. A type parameter of the writer, so that the compact form pays nothing for it.
pub trait Format {
    /// Whether runs may be written without asking for the place of each element.
    const RUNS: bool;
    /// The two bytes behind a key's text.
    const AFTER_KEY: [u8; 2];

    /// A value comes next.
    fn value(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen;
    /// A key comes next.
    fn key(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen;
    /// The text of a key was written.
    fn after_key(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen;
    /// A container has been opened.
    fn open(&mut self);
    /// A container is about to be closed; `empty` if nothing is in it.
    fn close(&mut self, room: &mut Room<'_>, pen: Pen, empty: bool) -> Pen;
}

/// No white space.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compact;

impl Format for Compact {
    const RUNS: bool = true;
    const AFTER_KEY: [u8; 2] = *b"\":";

    #[inline(always)]
    fn value(&mut self, _: &mut Room<'_>, pen: Pen) -> Pen {
        pen
    }
    #[inline(always)]
    fn key(&mut self, _: &mut Room<'_>, pen: Pen) -> Pen {
        pen
    }
    #[inline(always)]
    fn after_key(&mut self, _: &mut Room<'_>, pen: Pen) -> Pen {
        pen
    }
    #[inline(always)]
    fn open(&mut self) {}
    #[inline(always)]
    fn close(&mut self, _: &mut Room<'_>, pen: Pen, _: bool) -> Pen {
        pen
    }
}

/// Each element and member on a line of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Indented {
    /// Spaces a level.
    step: usize,
    depth: usize,
    behind_key: bool,
}

impl Indented {
    /// `step` spaces for each level.
    #[must_use]
    pub const fn new(step: usize) -> Self {
        Self { step, depth: 0, behind_key: false }
    }

    fn line(&self, room: &mut Room<'_>, pen: Pen) -> Pen {
        let pen = room.byte(pen, b'\n');
        room.fill(pen, b' ', self.step * self.depth)
    }
}

impl Format for Indented {
    const RUNS: bool = false;
    const AFTER_KEY: [u8; 2] = *b"\":";

    #[inline]
    fn value(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen {
        if core::mem::take(&mut self.behind_key) || self.depth == 0 { pen } else { self.line(room, pen) }
    }

    #[inline]
    fn key(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen {
        self.line(room, pen)
    }

    #[inline]
    fn after_key(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen {
        self.behind_key = true;
        room.byte(pen, b' ')
    }

    #[inline]
    fn open(&mut self) {
        self.depth += 1;
    }

    #[inline]
    fn close(&mut self, room: &mut Room<'_>, pen: Pen, empty: bool) -> Pen {
        self.depth -= 1;
        if empty { pen } else { self.line(room, pen) }
    }
}
