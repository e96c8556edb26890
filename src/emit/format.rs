//! Compact or indented: what stands between the values.

use super::room::Room;

/// White space of a document. A type parameter of the writer, so that the compact form pays nothing for it.
pub trait Format {
    /// Whether runs may be written without asking for the place of each element.
    const RUNS: bool;
    /// The two bytes behind a key's text.
    const AFTER_KEY: [u8; 2];

    /// A value comes next.
    fn value(&mut self, room: &mut Room<'_>);
    /// A key comes next.
    fn key(&mut self, room: &mut Room<'_>);
    /// The text of a key was written.
    fn after_key(&mut self, room: &mut Room<'_>);
    /// A container has been opened.
    fn open(&mut self);
    /// A container is about to be closed; `empty` if nothing is in it.
    fn close(&mut self, room: &mut Room<'_>, empty: bool);
}

/// No white space.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compact;

impl Format for Compact {
    const RUNS: bool = true;
    const AFTER_KEY: [u8; 2] = *b"\":";

    #[inline(always)]
    fn value(&mut self, _: &mut Room<'_>) {}
    #[inline(always)]
    fn key(&mut self, _: &mut Room<'_>) {}
    #[inline(always)]
    fn after_key(&mut self, _: &mut Room<'_>) {}
    #[inline(always)]
    fn open(&mut self) {}
    #[inline(always)]
    fn close(&mut self, _: &mut Room<'_>, _: bool) {}
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

    fn line(&self, room: &mut Room<'_>) {
        room.byte(b'\n');
        room.fill(b' ', self.step * self.depth);
    }
}

impl Format for Indented {
    const RUNS: bool = false;
    const AFTER_KEY: [u8; 2] = *b"\":";

    #[inline]
    fn value(&mut self, room: &mut Room<'_>) {
        if self.behind_key {
            self.behind_key = false;
        } else if self.depth > 0 {
            self.line(room);
        }
    }

    #[inline]
    fn key(&mut self, room: &mut Room<'_>) {
        self.line(room);
    }

    #[inline]
    fn after_key(&mut self, room: &mut Room<'_>) {
        room.byte(b' ');
        self.behind_key = true;
    }

    #[inline]
    fn open(&mut self) {
        self.depth += 1;
    }

    #[inline]
    fn close(&mut self, room: &mut Room<'_>, empty: bool) {
        self.depth -= 1;
        if !empty {
            self.line(room);
        }
    }
}
