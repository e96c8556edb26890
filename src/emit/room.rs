//! Where bytes go. The one place that calls kernels, and the one that sees to it that they have the room
//! that they ask for.

use core::ptr::NonNull;

use super::kernel::{
    AHEAD, BLOCK, FLOAT_MAX, INT_MAX, LINE, Level, MARKED_MAX, NARROW_MAX, Policy, SIGHT, SLACK, Scalar,
    Source, Stop, WIDE_MAX, spread,
};
use crate::fragment::{self, Fragment};
use crate::stamp::{self, Stamp};
use crate::text::{CLEAN, Chars, Clean, LoneSurrogate, Text, Width};

/// Characters of a text that are written between two looks at the room that is left. Small, so that the
/// worst case of six bytes a character never makes the room much larger than the result.
const PIECE: usize = 2048;

/// Raw bytes that are copied between two looks at the room that is left.
const RAW_PIECE: usize = 16 * 1024;

/// Bytes that [`Room::short`] takes at the most.
pub const SHORT: usize = 64;

/// The most that a room is ever asked for at once; what [`Grow::drain`] must hold.
pub const MOST: usize = 16 * 1024 + SLACK;
const _: () = assert!(PIECE * WIDE_MAX + 4 + SLACK <= MOST);
const _: () = assert!(BLOCK * MARKED_MAX + SLACK <= MOST);
const _: () = assert!(crate::sink::RUN * (FLOAT_MAX + 3) + SLACK <= MOST);
const _: () = assert!(crate::sink::RUN * (FLOAT_MAX + 1 + LINE) + AHEAD + SLACK <= MOST);
const _: () = assert!(FLOAT_MAX < LINE && SIGHT <= SLACK, "a value fits a line");

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
    /// The bytes that a room on this memory has written, seen.
    #[must_use]
    pub fn written(&self, written: Written) -> &[u8] {
        assert!(core::ptr::eq(self.0.as_ptr(), written.start), "written to this memory");
        &self.0[..written.len]
    }

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
        let size = used.checked_add(need)?.max(2 * used).max(MOST);
        self.0.try_reserve_exact(size.saturating_sub(self.0.len())).ok()?;
        self.0.resize(size.max(self.0.len()), 0);
        let size = self.0.len();
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

/// Copies `s`, which is `N` to `2 * N` bytes long, to `out`: its first and its last `N`.
///
/// # Safety
///
/// There is place for it.
#[inline(always)]
unsafe fn two_pieces<const N: usize>(out: *mut u8, s: &[u8]) {
    debug_assert!((N..=2 * N).contains(&s.len()));
    let last = s.len() - N;
    // SAFETY: both pieces lie in the slice, and in the place that there is for it.
    unsafe {
        out.cast::<[u8; N]>().write_unaligned(s.as_ptr().cast::<[u8; N]>().read_unaligned());
        out.add(last)
            .cast::<[u8; N]>()
            .write_unaligned(s.as_ptr().add(last).cast::<[u8; N]>().read_unaligned());
    }
}

/// Stores a fragment whole; the place behind the bytes of it that count.
///
/// # Safety
///
/// There is place for [`fragment::SIZE`] bytes.
#[inline(always)]
unsafe fn store_fragment(out: *mut u8, fragment: &Fragment) -> *mut u8 {
    // SAFETY: the caller's promise; a fragment counts no more bytes than it has.
    unsafe {
        out.cast::<[u8; fragment::SIZE]>().write_unaligned(*fragment.padded());
        out.add(fragment.len())
    }
}

/// Copies `s`, which is 16 to 64 bytes long, to `out`, in pieces of 16 that overlap: nothing to be foreseen.
///
/// # Safety
///
/// There is place for it.
#[inline(always)]
unsafe fn four_pieces(out: *mut u8, s: &[u8]) {
    let len = s.len();
    debug_assert!((16..=64).contains(&len));
    for at in [0, 16.min(len - 16), len.max(32) - 32, len - 16] {
        // SAFETY: the piece lies in the slice, and in the place that there is for it.
        unsafe {
            let piece = s.as_ptr().add(at).cast::<[u8; 16]>().read_unaligned();
            out.add(at).cast::<[u8; 16]>().write_unaligned(piece);
        }
    }
}

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
    grower: &'g mut dyn Grow,
    drained: bool,
}

/// There was nothing to take back. A call, so that the other case is a branch: computed from the byte, the pen would
/// have to wait until what was just written can be read.
#[cold]
#[inline(never)]
fn left(pen: Pen) -> (Pen, bool) {
    (pen, false)
}

impl<'g> Room<'g> {
    /// A room on the memory of `grower`, with place for `likely` bytes before it first has to grow, or at least
    /// for as many as `grower` has at hand; and its pen.
    pub fn new(grower: &'g mut dyn Grow, likely: usize) -> (Self, Pen) {
        let none = NonNull::<u8>::dangling().as_ptr();
        let mut room = Self { start: none, end: none, grower, drained: false };
        let pen = room.expect(Pen(none), likely);
        (room, pen)
    }

    /// Makes it certain that `n` bytes and the slack can be written.
    #[inline(always)]
    #[must_use]
    pub fn reserve(&mut self, pen: Pen, n: usize) -> Pen {
        debug_assert!(pen.0 >= self.start && pen.0 <= self.end, "the pen is this room's");
        if (self.end as usize - pen.0 as usize) < n + SLACK { self.more(pen, n + SLACK) } else { pen }
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
            Pen(self.start.add(used))
        }
    }

    /// Makes place for `n` bytes that are likely to come. If there is none, that alone makes no drain of a room whose
    /// memory could be left as it was.
    #[must_use]
    pub fn expect(&mut self, pen: Pen, n: usize) -> Pen {
        let need = n.saturating_add(SLACK);
        if self.drained || self.end as usize - pen.0 as usize >= need {
            return pen;
        }
        let used = self.len(&pen);
        match self.grower.grow(used, need) {
            Some(grown) => self.stand_on(grown, used),
            // Who could not grow may have lost what it had, and then refuses this as well.
            None => self.more(pen, SLACK),
        }
    }

    /// Ends the writing: what has been written, or `None` if memory ran out on the way.
    #[must_use]
    pub fn finish(self, pen: Pen) -> Option<Written> {
        (!self.drained).then_some(Written { start: self.start, len: self.len(&pen) })
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

    /// One byte.
    #[inline(always)]
    #[must_use]
    pub fn byte(&mut self, pen: Pen, b: u8) -> Pen {
        let pen = self.reserve(pen, 1);
        // SAFETY: `reserve` has made place for it.
        unsafe {
            pen.0.write(b);
            self.at(pen.0.add(1))
        }
    }

    /// Two bytes.
    #[inline(always)]
    #[must_use]
    pub fn pair(&mut self, pen: Pen, bytes: [u8; 2]) -> Pen {
        let pen = self.reserve(pen, 2);
        // SAFETY: `reserve` has made place for both.
        unsafe {
            pen.0.cast::<[u8; 2]>().write_unaligned(bytes);
            self.at(pen.0.add(2))
        }
    }

    /// The first `n` of eight bytes.
    #[inline(always)]
    #[must_use]
    pub fn few(&mut self, pen: Pen, bytes: [u8; 8], n: usize) -> Pen {
        debug_assert!(n <= 8);
        let pen = self.reserve(pen, 8);
        // SAFETY: `reserve` has made place for all eight.
        unsafe {
            pen.0.cast::<u64>().write_unaligned(u64::from_ne_bytes(bytes));
            self.at(pen.0.add(n))
        }
    }

    /// A fragment, stored whole.
    #[inline(always)]
    #[must_use]
    pub fn fragment(&mut self, pen: Pen, fragment: &Fragment) -> Pen {
        self.padded(pen, fragment.padded(), fragment.len())
    }

    /// A fragment, an integer and the byte `tail`.
    #[inline(always)]
    #[must_use]
    pub fn fragment_int<L: Level>(&mut self, pen: Pen, fragment: &Fragment, v: i64, tail: u8) -> Pen {
        let pen = self.reserve(pen, fragment::SIZE + INT_MAX + 1);
        // SAFETY: place is reserved for all three; `L` as in `int`.
        unsafe {
            let end = L::int(store_fragment(pen.0, fragment), v);
            end.write(tail);
            self.at(end.add(1))
        }
    }

    /// A fragment, a double or `null`, and the byte `tail`.
    #[inline(always)]
    #[must_use]
    pub fn fragment_float<L: Level>(&mut self, pen: Pen, fragment: &Fragment, v: f64, tail: u8) -> Pen {
        let pen = self.reserve(pen, fragment::SIZE + FLOAT_MAX + 1);
        // SAFETY: place is reserved for all three; `L` as in `int`.
        unsafe {
            let end = L::float(store_fragment(pen.0, fragment), v);
            end.write(tail);
            self.at(end.add(1))
        }
    }

    /// A fragment, a quoted ASCII string and the two bytes `tail`.
    #[inline(always)]
    #[must_use]
    pub fn fragment_ascii<L: Level>(
        &mut self,
        pen: Pen,
        fragment: &Fragment,
        s: &[u8],
        tail: [u8; 2],
    ) -> Pen {
        if s.len() > PIECE {
            let pen = self.fragment(pen, fragment);
            return self.long_ascii::<L>(pen, s, tail);
        }
        let pen = self.reserve(pen, fragment::SIZE + s.len() * NARROW_MAX + 3);
        // SAFETY: place is reserved for the fragment, the quote, the escaped text and the tail; `L` as in `int`.
        unsafe {
            let at = store_fragment(pen.0, fragment);
            at.write(b'"');
            let end = L::ascii(at.add(1), s);
            end.cast::<[u8; 2]>().write_unaligned(tail);
            self.at(end.add(2))
        }
    }

    #[inline(never)]
    fn long_ascii<L: Level>(&mut self, pen: Pen, s: &[u8], tail: [u8; 2]) -> Pen {
        self.wide_text::<L>(pen, Text::ascii(s), tail).expect("ASCII has no surrogates")
    }

    /// The first `n` of some bytes, all of which are stored.
    #[inline(always)]
    #[must_use]
    pub fn padded<const SIZE: usize>(&mut self, pen: Pen, bytes: &[u8; SIZE], n: usize) -> Pen {
        debug_assert!(n <= SIZE);
        let pen = self.reserve(pen, SIZE);
        // SAFETY: `reserve` has made place for all of them.
        unsafe {
            pen.0.cast::<[u8; SIZE]>().write_unaligned(*bytes);
            self.at(pen.0.add(n))
        }
    }

    /// The first `n` of some bytes, a fragment, and the byte `tail`.
    #[inline(always)]
    #[must_use]
    pub fn line_with<const SIZE: usize>(
        &mut self,
        pen: Pen,
        line: &[u8; SIZE],
        n: usize,
        fragment: &Fragment,
        tail: u8,
    ) -> Pen {
        debug_assert!(n <= SIZE);
        let pen = self.reserve(pen, SIZE + fragment::SIZE + 1);
        // SAFETY: `reserve` has made place for all of them; a fragment counts no more bytes than it has.
        unsafe {
            pen.0.cast::<[u8; SIZE]>().write_unaligned(*line);
            let at = pen.0.add(n);
            at.cast::<[u8; fragment::SIZE]>().write_unaligned(*fragment.padded());
            let end = at.add(fragment.len());
            end.write(tail);
            self.at(end.add(1))
        }
    }

    /// At most [`SHORT`] bytes as they are, and the byte `tail`: copied in pieces that overlap, which is faster
    /// than a call for so few.
    #[inline(always)]
    #[must_use]
    pub fn short(&mut self, pen: Pen, s: &[u8], tail: u8) -> Pen {
        assert!(s.len() <= SHORT, "more than is short");
        let pen = self.reserve(pen, SHORT + 1);
        // SAFETY: `reserve` has made place for them; each piece is as long as the slice at the most.
        unsafe {
            match s.len() {
                16.. => four_pieces(pen.0, s),
                8.. => two_pieces::<8>(pen.0, s),
                _ => core::ptr::copy_nonoverlapping(s.as_ptr(), pen.0, s.len()),
            }
            pen.0.add(s.len()).write(tail);
            self.at(pen.0.add(s.len() + 1))
        }
    }

    /// A stamp and the byte `tail`, written where they belong: to copy what was written in small pieces a moment ago
    /// would wait for them.
    #[inline(always)]
    #[must_use]
    pub fn stamp(&mut self, pen: Pen, stamp: &Stamp, tail: u8) -> Pen {
        let pen = self.reserve(pen, stamp::PLACE + 1);
        // SAFETY: `reserve` has made place for so many bytes, which are initialised first; a stamp stays inside.
        unsafe {
            pen.0.write_bytes(0, stamp::PLACE);
            let len = stamp.write(&mut *pen.0.cast::<[u8; stamp::PLACE]>());
            debug_assert!(len <= stamp::PLACE);
            let end = pen.0.add(len.min(stamp::PLACE));
            end.write(tail);
            self.at(end.add(1))
        }
    }

    /// Bytes as they are.
    #[must_use]
    pub fn bytes(&mut self, mut pen: Pen, s: &[u8]) -> Pen {
        for piece in s.chunks(RAW_PIECE) {
            pen = self.reserve(pen, piece.len());
            // SAFETY: `reserve` has made place for the piece, and a borrowed slice is not ours.
            unsafe {
                core::ptr::copy_nonoverlapping(piece.as_ptr(), pen.0, piece.len());
                pen = self.at(pen.0.add(piece.len()));
            }
        }
        pen
    }

    /// `n` times the byte `b`.
    #[must_use]
    pub fn fill(&mut self, mut pen: Pen, b: u8, mut n: usize) -> Pen {
        while n > 0 {
            let piece = n.min(RAW_PIECE);
            pen = self.reserve(pen, piece);
            // SAFETY: `reserve` has made place for them.
            unsafe {
                pen.0.write_bytes(b, piece);
                pen = self.at(pen.0.add(piece));
            }
            n -= piece;
        }
        pen
    }

    /// Whether the last byte is `b`.
    #[inline(always)]
    #[must_use]
    pub fn ends_with(&self, pen: &Pen, b: u8) -> bool {
        // SAFETY: as in `take_back`.
        pen.0 != self.start && unsafe { pen.0.sub(1).read() } == b
    }

    /// Takes the last byte back if it is `b`; whether it was.
    #[inline(always)]
    #[must_use]
    pub fn take_back(&mut self, pen: Pen, b: u8) -> (Pen, bool) {
        // SAFETY: where something was written, the byte before the pen is initialised and the room's.
        if pen.0 == self.start || unsafe { pen.0.sub(1).read() } != b {
            return left(pen);
        }
        // SAFETY: a byte was found, so there is one before the pen.
        (Pen(unsafe { pen.0.sub(1) }), true)
    }

    /// An integer and the byte `tail`.
    #[inline(always)]
    #[must_use]
    pub fn int<L: Level>(&mut self, pen: Pen, v: i64, tail: u8) -> Pen {
        let pen = self.reserve(pen, INT_MAX + 1);
        // SAFETY: place is reserved for both; whoever chose `L` knows that the machine has it.
        unsafe {
            let end = L::int(pen.0, v);
            end.write(tail);
            self.at(end.add(1))
        }
    }

    /// An unsigned integer and the byte `tail`.
    #[inline(always)]
    #[must_use]
    pub fn uint<L: Level>(&mut self, pen: Pen, v: u64, tail: u8) -> Pen {
        let pen = self.reserve(pen, INT_MAX + 1);
        // SAFETY: as in `int`.
        unsafe {
            let end = L::uint(pen.0, v);
            end.write(tail);
            self.at(end.add(1))
        }
    }

    /// A double, or `null`, and the byte `tail`.
    #[inline(always)]
    #[must_use]
    pub fn float<L: Level>(&mut self, pen: Pen, v: f64, tail: u8) -> Pen {
        let pen = self.reserve(pen, FLOAT_MAX + 1);
        // SAFETY: as in `int`.
        unsafe {
            let end = L::float(pen.0, v);
            end.write(tail);
            self.at(end.add(1))
        }
    }

    /// Integers, a comma behind each; at most [`crate::sink::RUN`].
    #[inline(always)]
    #[must_use]
    pub fn ints<L: Level>(&mut self, pen: Pen, run: &[i64]) -> Pen {
        assert!(run.len() <= crate::sink::RUN, "a run has a limit");
        let pen = self.reserve(pen, run.len() * (INT_MAX + 1));
        // SAFETY: as in `int`.
        unsafe { self.at(L::ints(pen.0, run)) }
    }

    /// Doubles, a comma behind each; at most [`crate::sink::RUN`].
    #[inline(always)]
    #[must_use]
    pub fn floats<L: Level>(&mut self, pen: Pen, run: &[f64]) -> Pen {
        assert!(run.len() <= crate::sink::RUN, "a run has a limit");
        let pen = self.reserve(pen, run.len() * (FLOAT_MAX + 1));
        // SAFETY: as in `int`.
        unsafe { self.at(L::floats(pen.0, run)) }
    }

    /// Rows of `width` doubles in brackets, a comma behind each; at most [`crate::sink::RUN`] doubles.
    #[inline(always)]
    #[must_use]
    pub fn rows<L: Level>(&mut self, pen: Pen, run: &[f64], width: usize) -> Pen {
        assert!(run.len() <= crate::sink::RUN, "a run has a limit");
        assert!(width > 0 && run.len().is_multiple_of(width), "rows are of one width");
        let pen = self.reserve(pen, run.len() * (FLOAT_MAX + 3));
        // SAFETY: as in `int`.
        unsafe { self.at(L::rows(pen.0, run, width)) }
    }

    /// Booleans, a comma behind each; at most 64.
    #[inline(always)]
    #[must_use]
    pub fn bools<L: Level>(&mut self, pen: Pen, bits: u64, n: usize) -> Pen {
        assert!(n <= super::kernel::BOOLS_MAX, "a run has a limit");
        let pen = self.reserve(pen, 6 * n);
        // SAFETY: as in `int`.
        unsafe { self.at(L::bools(pen.0, bits, n)) }
    }

    /// A quoted string that is written as it is, and the two bytes `tail`.
    #[inline(always)]
    #[must_use]
    pub fn clean(&mut self, pen: Pen, t: Clean<'_>, tail: [u8; 2]) -> Pen {
        let pen = self.reserve(pen, 1 + CLEAN + 2);
        // SAFETY: `reserve` has made place for the quote, the storage and the tail; a clean text is no longer than
        // its storage.
        unsafe {
            pen.0.write(b'"');
            let at = pen.0.add(1);
            at.cast::<[u8; CLEAN]>().write_unaligned(*t.padded());
            let end = at.add(t.len());
            end.cast::<[u8; 2]>().write_unaligned(tail);
            self.at(end.add(2))
        }
    }

    /// Integers, each behind the first `n` bytes of `line`; at most [`crate::sink::RUN`].
    #[must_use]
    pub fn int_lines<L: Level>(&mut self, pen: Pen, run: &[i64], line: &[u8; LINE], n: usize) -> Pen {
        assert!(run.len() <= crate::sink::RUN, "a run has a limit");
        // SAFETY: the kernel's bound for each is stated; `L` as in `int`.
        self.lines(pen, run.len(), INT_MAX + 1, line, n, |out| unsafe { L::ints(out, run) })
    }

    /// Doubles, each behind the first `n` bytes of `line`; at most [`crate::sink::RUN`].
    #[must_use]
    pub fn float_lines<L: Level>(&mut self, pen: Pen, run: &[f64], line: &[u8; LINE], n: usize) -> Pen {
        assert!(run.len() <= crate::sink::RUN, "a run has a limit");
        // SAFETY: as in `int_lines`.
        self.lines(pen, run.len(), FLOAT_MAX + 1, line, n, |out| unsafe { L::floats(out, run) })
    }

    /// Booleans, each behind the first `n` bytes of `line`; at most 64.
    #[must_use]
    pub fn bool_lines<L: Level>(
        &mut self,
        pen: Pen,
        bits: u64,
        count: usize,
        line: &[u8; LINE],
        n: usize,
    ) -> Pen {
        assert!(count <= super::kernel::BOOLS_MAX, "a run has a limit");
        // SAFETY: as in `int_lines`.
        self.lines(pen, count, 6, line, n, |out| unsafe { L::bools(out, bits, count) })
    }

    /// What `kernel` writes, which is `count` values of at most `most` bytes with their commas, on lines. It writes
    /// behind the place where they will stand, and from there they are moved.
    #[inline(always)]
    fn lines(
        &mut self,
        pen: Pen,
        count: usize,
        most: usize,
        line: &[u8; LINE],
        n: usize,
        kernel: impl FnOnce(*mut u8) -> *mut u8,
    ) -> Pen {
        assert!(n <= LINE, "a line's beginning is short");
        let gap = count * n + AHEAD;
        let pen = self.reserve(pen, gap + count * most);
        // SAFETY: there is place for the gap, the values, and the slack, which is made readable.
        unsafe {
            let values = pen.0.add(gap);
            kernel(values).write_bytes(0, SIGHT);
            self.at(spread(pen.0, values, count, line, n))
        }
    }

    /// A quoted string and the two bytes `tail`.
    ///
    /// # Errors
    ///
    /// [`LoneSurrogate`]; the pen is gone.
    #[inline(always)]
    pub fn text<L: Level>(&mut self, pen: Pen, t: Text<'_>, tail: [u8; 2]) -> Result<Pen, LoneSurrogate> {
        if let Chars::Ascii(s) = t.chars()
            && s.len() <= PIECE
        {
            let pen = self.reserve(pen, s.len() * NARROW_MAX + 3);
            // SAFETY: place is reserved for the quote, the escaped text and the tail; `L` as in `int`.
            unsafe {
                pen.0.write(b'"');
                let end = L::ascii(pen.0.add(1), s);
                end.cast::<[u8; 2]>().write_unaligned(tail);
                return Ok(self.at(end.add(2)));
            }
        }
        self.wide_text::<L>(pen, t, tail)
    }

    /// What `source` gives, as far as there is place for it: quoted strings, a comma behind each. The source as it is
    /// then, and why it went no further.
    #[inline]
    #[must_use]
    pub fn texts<'t, L: Level, T: Source<'t>>(&mut self, pen: Pen, source: T) -> (T, Pen, Stop) {
        debug_assert!(pen.0 >= self.start && pen.0 <= self.end, "the pen is this room's");
        // SAFETY: what is between the pen and the end is the room's; `L` as in `int`.
        let (source, out, stop) = unsafe { L::texts(pen.0, self.end, source) };
        (source, self.at(out), stop)
    }

    #[inline(never)]
    fn wide_text<L: Level>(&mut self, pen: Pen, t: Text<'_>, tail: [u8; 2]) -> Result<Pen, LoneSurrogate> {
        let pen = self.byte(pen, b'"');
        let pen = match t.chars() {
            Chars::Ascii(s) => self.pieces(pen, s, L::ascii),
            Chars::Latin1(s) => self.pieces(pen, s, L::latin1),
            Chars::Ucs2(s) => self.pieces(pen, s, L::ucs2),
            Chars::Ucs4(s) => self.pieces(pen, s, L::ucs4),
        }?;
        Ok(self.pair(pen, tail))
    }

    /// A quoted string, escaped as `policy` says, and the two bytes `tail`.
    ///
    /// # Errors
    ///
    /// [`LoneSurrogate`]; the pen is gone.
    #[inline(never)]
    pub fn text_under<L: Level>(
        &mut self,
        policy: Policy,
        pen: Pen,
        t: Text<'_>,
        tail: [u8; 2],
    ) -> Result<Pen, LoneSurrogate> {
        let pen = self.byte(pen, b'"');
        let pen = match t.chars() {
            Chars::Ascii(s) => self.blocks_under(policy, pen, s, L::ascii),
            Chars::Latin1(s) => self.blocks_under(policy, pen, s, L::latin1),
            Chars::Ucs2(s) => self.blocks_under(policy, pen, s, L::ucs2),
            Chars::Ucs4(s) => self.blocks_under(policy, pen, s, L::ucs4),
        }?;
        Ok(self.pair(pen, tail))
    }

    /// Leaves to `kernel` what `policy` spares.
    #[inline(always)]
    fn blocks_under<T: Copy + Into<u32>>(
        &mut self,
        policy: Policy,
        mut pen: Pen,
        mut s: &[T],
        kernel: unsafe fn(*mut u8, &[T]) -> *mut u8,
    ) -> Result<Pen, LoneSurrogate> {
        while !s.is_empty() {
            let (spared, rest) = s.split_at(policy.spared(s));
            let (marked, rest) = rest.split_at(rest.len().min(BLOCK));
            pen = self.pieces(pen, spared, kernel)?;
            pen = self.reserve(pen, MARKED_MAX * BLOCK);
            // SAFETY: the bound for a block is reserved.
            let end = unsafe { policy.write(pen.0, marked) };
            if end.is_null() {
                return Err(LoneSurrogate);
            }
            pen = self.at(end);
            s = rest;
        }
        Ok(pen)
    }

    /// Calls `kernel`, one of a [`Level`]'s for texts, for each piece of `s`.
    #[inline(always)]
    fn pieces<T>(
        &mut self,
        mut pen: Pen,
        s: &[T],
        kernel: unsafe fn(*mut u8, &[T]) -> *mut u8,
    ) -> Result<Pen, LoneSurrogate> {
        for piece in s.chunks(PIECE) {
            pen = self.reserve(pen, piece.len() * WIDE_MAX);
            // SAFETY: the bound of every kernel for texts is reserved; whoever chose the level knows that the
            // machine has it.
            let end = unsafe { kernel(pen.0, piece) };
            if end.is_null() {
                return Err(LoneSurrogate);
            }
            pen = self.at(end);
        }
        Ok(pen)
    }
}
