//! The sink that writes JSON.

use core::marker::PhantomData;

use super::format::Format;
use super::kernel::Level;
use super::room::Room;
use crate::fragment::Fragment;
use crate::sink::Sink;
use crate::text::{LoneSurrogate, Text};

/// Writes what it hears into a room.
///
/// Every value brings the comma that follows it, and a closing bracket takes back the one before it, so nobody
/// has to ask whether a value is the first of its container.
pub struct Writer<'g, L, F> {
    room: Room<'g>,
    format: F,
    level: PhantomData<L>,
}

impl<'g, L: Level, F: Format> Writer<'g, L, F> {
    /// A writer into `room`. `L` must be a level that the machine has: [`super::kernel::Name::is_available`].
    pub fn new(room: Room<'g>, format: F) -> Self {
        Self { room, format, level: PhantomData }
    }

    /// The document is complete: takes the last comma back and returns the room.
    pub fn finish(mut self, newline: bool) -> Room<'g> {
        self.room.take_back(b',');
        if newline {
            self.room.byte(b'\n');
        }
        self.room
    }

    /// Bytes written so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.room.len()
    }

    /// Whether nothing has been written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes place for so many bytes that are about to come.
    pub fn expect(&mut self, bytes: usize) {
        self.room.reserve(bytes);
    }

    #[inline(always)]
    fn open(&mut self, bracket: u8) {
        self.format.value(&mut self.room);
        self.room.byte(bracket);
        self.format.open();
    }

    #[inline(always)]
    fn close(&mut self, bracket: u8) {
        let empty = !self.room.take_back(b',');
        self.format.close(&mut self.room, empty);
        self.room.few([bracket, b',', 0, 0, 0, 0, 0, 0], 2);
    }
}

impl<L: Level, F: Format> Sink for Writer<'_, L, F> {
    const KEEPS: bool = false;
    const KNOWS: bool = true;

    #[inline(always)]
    fn null(&mut self) {
        self.format.value(&mut self.room);
        self.room.few(*b"null,\0\0\0", 5);
    }

    #[inline(always)]
    fn bool(&mut self, v: bool) {
        self.format.value(&mut self.room);
        let word = if v { *b"true,\0\0\0" } else { *b"false,\0\0" };
        self.room.few(word, 6 - usize::from(v));
    }

    #[inline(always)]
    fn int(&mut self, v: i64) {
        self.format.value(&mut self.room);
        self.room.int::<L>(v, b',');
    }

    fn uint(&mut self, v: u64) {
        self.format.value(&mut self.room);
        self.room.uint::<L>(v, b',');
    }

    #[inline(always)]
    fn float(&mut self, v: f64) {
        self.format.value(&mut self.room);
        self.room.float::<L>(v, b',');
    }

    #[inline(always)]
    fn text(&mut self, t: Text<'_>) -> Result<(), LoneSurrogate> {
        self.format.value(&mut self.room);
        self.room.text::<L>(t, *b"\",")
    }

    #[inline]
    fn ints(&mut self, run: &[i64]) {
        if F::RUNS {
            self.room.ints::<L>(run);
        } else {
            run.iter().for_each(|&v| self.int(v));
        }
    }

    #[inline]
    fn floats(&mut self, run: &[f64]) {
        if F::RUNS {
            self.room.floats::<L>(run);
        } else {
            run.iter().for_each(|&v| self.float(v));
        }
    }

    #[inline]
    fn bools(&mut self, bits: u64, n: usize) {
        if F::RUNS {
            self.room.bools::<L>(bits, n);
        } else {
            (0..n).for_each(|i| self.bool(bits >> i & 1 == 1));
        }
    }

    #[inline]
    fn texts(&mut self, run: &[Text<'_>]) -> Result<(), usize> {
        for (i, &t) in run.iter().enumerate() {
            self.text(t).map_err(|LoneSurrogate| i)?;
        }
        Ok(())
    }

    #[inline(always)]
    fn open_array(&mut self, _: usize) {
        self.open(b'[');
    }

    #[inline(always)]
    fn close_array(&mut self) {
        self.close(b']');
    }

    #[inline(always)]
    fn open_object(&mut self, _: usize) {
        self.open(b'{');
    }

    #[inline(always)]
    fn close_object(&mut self) {
        self.close(b'}');
    }

    #[inline(always)]
    fn key(&mut self, t: Text<'_>) -> Result<(), LoneSurrogate> {
        self.format.key(&mut self.room);
        self.room.text::<L>(t, F::AFTER_KEY)?;
        self.format.after_key(&mut self.room);
        Ok(())
    }

    #[inline(always)]
    fn known_key(&mut self, _: u32, fragment: &Fragment) {
        self.format.key(&mut self.room);
        self.room.fragment(fragment);
        self.format.after_key(&mut self.room);
    }
}
