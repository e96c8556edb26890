//! Where bytes go. The one place that calls kernels, and the one that sees to it that they have the room
//! that they ask for.

use core::ptr::NonNull;

use super::kernel::{FLOAT_MAX, INT_MAX, Level, NARROW_MAX, SLACK, Scalar, WIDE_MAX};
use crate::fragment::{self, Fragment};
use crate::text::{Chars, LoneSurrogate, Text, Width};

/// Characters of a text that are written between two looks at the room that is left. Small, so that the
/// worst case of six bytes a character never makes the room much larger than the result.
const PIECE: usize = 2048;

/// Raw bytes that are copied between two looks at the room that is left.
const RAW_PIECE: usize = 16 * 1024;

/// The most that a room is ever asked for at once; what [`Grow::drain`] must hold.
pub const MOST: usize = 16 * 1024 + SLACK;
const _: () = assert!(PIECE * WIDE_MAX + 4 + SLACK <= MOST);
const _: () = assert!(crate::sink::RUN * (FLOAT_MAX + 1) + SLACK <= MOST);

/// Memory that a room stands on.
///
/// # Safety
///
/// What `grow` and `drain` return is the start and the length of memory that may be written and read until the
/// next call of either, and that nobody else touches meanwhile. The first `used` bytes of what `grow` returns
/// are those that the previous memory began with.
pub unsafe trait Grow {
    /// Larger memory, with place for `need` bytes behind the first `used`; `None` if there is none.
    fn grow(&mut self, used: usize, need: usize) -> Option<(NonNull<u8>, usize)>;

    /// Memory of at least [`MOST`] bytes whose content nobody wants any more.
    fn drain(&mut self) -> (NonNull<u8>, usize);
}

/// So many bytes have been written, from the start of the memory that the grower handed out last.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    start: *const u8,
    len: usize,
}

impl Written {
    /// Where they begin.
    #[must_use]
    pub const fn start(self) -> *const u8 {
        self.start
    }

    /// How many they are.
    #[must_use]
    pub const fn len(self) -> usize {
        self.len
    }

    /// Whether they are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// Memory of its own, for those who want no interpreter's.
#[derive(Debug, Default)]
pub struct Memory(Vec<u8>);

impl Memory {
    /// The bytes that a room on this memory has written.
    #[must_use]
    pub fn bytes(mut self, written: Written) -> Vec<u8> {
        assert!(core::ptr::eq(self.0.as_ptr(), written.start), "written to this memory");
        self.0.truncate(written.len);
        self.0
    }
}

// SAFETY: a vector's memory, filled with zeros, is its own, and `resize` keeps what it begins with.
unsafe impl Grow for Memory {
    fn grow(&mut self, used: usize, need: usize) -> Option<(NonNull<u8>, usize)> {
        let size = (used + need).max(2 * used).max(MOST);
        self.0.resize(size, 0);
        NonNull::new(self.0.as_mut_ptr()).map(|at| (at, size))
    }

    fn drain(&mut self) -> (NonNull<u8>, usize) {
        self.0.resize(self.0.len().max(MOST), 0);
        // SAFETY: a vector's pointer is never null.
        (unsafe { NonNull::new_unchecked(self.0.as_mut_ptr()) }, self.0.len())
    }
}

/// How long `t` is in UTF-8 without escapes; for Latin-1 an upper bound, for that needs no look at it.
///
/// # Errors
///
/// [`LoneSurrogate`].
#[inline(always)]
pub fn utf8_len<L: Level>(t: Text<'_>) -> Result<usize, LoneSurrogate> {
    match t.chars() {
        Chars::Ascii(s) => Ok(s.len()),
        Chars::Latin1(s) => Ok(2 * s.len()),
        // SAFETY: whoever chose `L` knows that the machine has it.
        Chars::Ucs2(s) => unsafe { L::ucs2_len(s) }.ok_or(LoneSurrogate),
        // SAFETY: as above.
        Chars::Ucs4(s) => unsafe { L::ucs4_len(s) }.ok_or(LoneSurrogate),
    }
}

/// The fragment of an ASCII key: quoted, escaped, with its colon. `None` if it is too long, or not ASCII.
#[must_use]
pub fn fragment(key: Text<'_>) -> Option<Fragment> {
    if key.width() != Width::Ascii || key.len() + 3 > fragment::SIZE {
        return None;
    }
    let mut bytes = [b'"'; 1 + fragment::SIZE * NARROW_MAX + SLACK];
    // SAFETY: there is place for each character's worst case and the slack; the scalar level is everywhere.
    let end = unsafe { Scalar::ascii(bytes.as_mut_ptr().add(1), key.as_bytes()) };
    let len = end as usize - bytes.as_ptr() as usize;
    bytes[len..len + 2].copy_from_slice(b"\":");
    Fragment::new(&bytes[..len + 2])
}

/// The place for the next byte, and how many more there is place for.
///
/// A room never fails in the middle: when its memory cannot grow it becomes a drain, in which bytes go round,
/// and says so at the end. That keeps the check for memory out of every caller.
pub struct Room<'g> {
    start: *mut u8,
    pos: *mut u8,
    /// One past the memory.
    end: *mut u8,
    grower: &'g mut dyn Grow,
    drained: bool,
}

impl<'g> Room<'g> {
    /// A room on the memory of `grower`, with place for `likely` bytes before it first has to grow, or at least
    /// for as many as `grower` has at hand.
    pub fn new(grower: &'g mut dyn Grow, likely: usize) -> Self {
        let none = NonNull::<u8>::dangling().as_ptr();
        let mut room = Self { start: none, pos: none, end: none, grower, drained: false };
        room.more(likely.saturating_add(SLACK));
        room
    }

    /// Makes it certain that `n` bytes and the slack can be written.
    #[inline(always)]
    pub fn reserve(&mut self, n: usize) {
        if (self.end as usize - self.pos as usize) < n + SLACK {
            self.more(n + SLACK);
        }
    }

    #[cold]
    #[inline(never)]
    fn more(&mut self, need: usize) {
        let used = self.len();
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
        self.start = start.as_ptr();
        // SAFETY: `Grow` promises `size` bytes, and `used` is not more than that.
        unsafe {
            self.pos = self.start.add(used);
            self.end = self.start.add(size);
        }
    }

    /// Ends the writing: what has been written, or `None` if memory ran out on the way.
    #[must_use]
    pub fn finish(self) -> Option<Written> {
        (!self.drained).then_some(Written { start: self.start, len: self.len() })
    }

    /// Bytes written so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pos as usize - self.start as usize
    }

    /// Whether nothing has been written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    fn advance(&mut self, to: *mut u8) {
        debug_assert!(to >= self.pos && to as usize + SLACK <= self.end as usize);
        self.pos = to;
    }

    /// One byte.
    #[inline(always)]
    pub fn byte(&mut self, b: u8) {
        self.reserve(1);
        // SAFETY: `reserve` has made place for it.
        unsafe {
            self.pos.write(b);
            self.advance(self.pos.add(1));
        }
    }

    /// The first `n` of eight bytes.
    #[inline(always)]
    pub fn few(&mut self, bytes: [u8; 8], n: usize) {
        debug_assert!(n <= 8);
        self.reserve(8);
        // SAFETY: `reserve` has made place for all eight.
        unsafe {
            self.pos.cast::<[u8; 8]>().write_unaligned(bytes);
            self.advance(self.pos.add(n));
        }
    }

    /// A fragment, stored whole.
    #[inline(always)]
    pub fn fragment(&mut self, fragment: &Fragment) {
        self.reserve(fragment::SIZE);
        // SAFETY: `reserve` has made place for all of it.
        unsafe {
            self.pos.cast::<[u8; fragment::SIZE]>().write_unaligned(*fragment.padded());
            self.advance(self.pos.add(fragment.len()));
        }
    }

    /// Bytes as they are.
    pub fn bytes(&mut self, s: &[u8]) {
        for piece in s.chunks(RAW_PIECE) {
            self.reserve(piece.len());
            // SAFETY: `reserve` has made place for the piece, and a borrowed slice is not ours.
            unsafe {
                core::ptr::copy_nonoverlapping(piece.as_ptr(), self.pos, piece.len());
                self.advance(self.pos.add(piece.len()));
            }
        }
    }

    /// `n` times the byte `b`.
    pub fn fill(&mut self, b: u8, n: usize) {
        self.reserve(n);
        // SAFETY: `reserve` has made place for them.
        unsafe {
            self.pos.write_bytes(b, n);
            self.advance(self.pos.add(n));
        }
    }

    /// Takes the last byte back if it is `b`.
    #[inline(always)]
    pub fn take_back(&mut self, b: u8) -> bool {
        // SAFETY: where something was written, the byte before `pos` is initialised and ours.
        let found = self.pos != self.start && unsafe { self.pos.sub(1).read() } == b;
        if found {
            // SAFETY: there is a byte before `pos`.
            self.pos = unsafe { self.pos.sub(1) };
        }
        found
    }

    /// An integer and the byte `tail`.
    #[inline(always)]
    pub fn int<L: Level>(&mut self, v: i64, tail: u8) {
        self.reserve(INT_MAX + 1);
        // SAFETY: place is reserved for both; whoever chose `L` knows that the machine has it.
        unsafe {
            let end = L::int(self.pos, v);
            end.write(tail);
            self.advance(end.add(1));
        }
    }

    /// An unsigned integer and the byte `tail`.
    #[inline(always)]
    pub fn uint<L: Level>(&mut self, v: u64, tail: u8) {
        self.reserve(INT_MAX + 1);
        // SAFETY: as in `int`.
        unsafe {
            let end = L::uint(self.pos, v);
            end.write(tail);
            self.advance(end.add(1));
        }
    }

    /// A double, or `null`, and the byte `tail`.
    #[inline(always)]
    pub fn float<L: Level>(&mut self, v: f64, tail: u8) {
        self.reserve(FLOAT_MAX + 1);
        // SAFETY: as in `int`.
        unsafe {
            let end = L::float(self.pos, v);
            end.write(tail);
            self.advance(end.add(1));
        }
    }

    /// Integers, a comma behind each; at most [`crate::sink::RUN`].
    #[inline(always)]
    pub fn ints<L: Level>(&mut self, run: &[i64]) {
        debug_assert!(run.len() <= crate::sink::RUN);
        self.reserve(run.len() * (INT_MAX + 1));
        // SAFETY: as in `int`.
        unsafe { self.advance(L::ints(self.pos, run)) }
    }

    /// Doubles, a comma behind each; at most [`crate::sink::RUN`].
    #[inline(always)]
    pub fn floats<L: Level>(&mut self, run: &[f64]) {
        debug_assert!(run.len() <= crate::sink::RUN);
        self.reserve(run.len() * (FLOAT_MAX + 1));
        // SAFETY: as in `int`.
        unsafe { self.advance(L::floats(self.pos, run)) }
    }

    /// Booleans, a comma behind each; at most 64.
    #[inline(always)]
    pub fn bools<L: Level>(&mut self, bits: u64, n: usize) {
        debug_assert!(n <= super::kernel::BOOLS_MAX);
        self.reserve(6 * n);
        // SAFETY: as in `int`.
        unsafe { self.advance(L::bools(self.pos, bits, n)) }
    }

    /// A quoted string and the two bytes `tail`.
    ///
    /// # Errors
    ///
    /// [`LoneSurrogate`]; the room is as it was before.
    #[inline(always)]
    pub fn text<L: Level>(&mut self, t: Text<'_>, tail: [u8; 2]) -> Result<(), LoneSurrogate> {
        if let Chars::Ascii(s) = t.chars()
            && s.len() <= PIECE
        {
            self.reserve(s.len() * NARROW_MAX + 3);
            // SAFETY: place is reserved for the quote, the escaped text and the tail; `L` as in `int`.
            unsafe {
                self.pos.write(b'"');
                let end = L::ascii(self.pos.add(1), s);
                end.cast::<[u8; 2]>().write_unaligned(tail);
                self.advance(end.add(2));
            }
            return Ok(());
        }
        self.wide_text::<L>(t, tail)
    }

    #[inline(never)]
    fn wide_text<L: Level>(&mut self, t: Text<'_>, tail: [u8; 2]) -> Result<(), LoneSurrogate> {
        let before = self.len();
        self.byte(b'"');
        let whole = match t.chars() {
            Chars::Ascii(s) => self.pieces(s, L::ascii),
            Chars::Latin1(s) => self.pieces(s, L::latin1),
            Chars::Ucs2(s) => self.pieces(s, L::ucs2),
            Chars::Ucs4(s) => self.pieces(s, L::ucs4),
        };
        if !whole {
            // SAFETY: so many bytes had been written, or the room has become a drain and holds fewer.
            self.pos = unsafe { self.start.add(before.min(self.len())) };
            return Err(LoneSurrogate);
        }
        self.few([tail[0], tail[1], 0, 0, 0, 0, 0, 0], 2);
        Ok(())
    }

    /// Calls `kernel`, one of a [`Level`]'s for texts, for each piece of `s`; false if it returned null.
    #[inline(always)]
    fn pieces<T>(&mut self, s: &[T], kernel: unsafe fn(*mut u8, &[T]) -> *mut u8) -> bool {
        for piece in s.chunks(PIECE) {
            self.reserve(piece.len() * WIDE_MAX);
            // SAFETY: the bound of every kernel for texts is reserved; whoever chose the level knows that the
            // machine has it.
            let end = unsafe { kernel(self.pos, piece) };
            if end.is_null() {
                return false;
            }
            self.advance(end);
        }
        true
    }
}
