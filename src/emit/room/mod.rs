//! Where bytes go. The one place that calls kernels, and the one that sees to it that they have the room
//! that they ask for.

mod head;
mod members;
mod memory;
mod number;
mod text;

use core::ptr::NonNull;

pub use head::{Head, Line, START, Start};
pub use memory::{Grow, Memory, Written};
pub use number::ROWS;
pub use text::is_brief;

use super::kernel::{
    AHEAD, BLOCK, FLOAT_MAX, LINE, Level, MARKED_MAX, NARROW_MAX, SIGHT, SLACK, Scalar, WIDE_MAX, stands_in,
};
use crate::fragment::{self, Fragment};
use crate::stamp::{self, Stamp};
use crate::text::{CLEAN, Chars, LoneSurrogate, PLAIN, Text, Width};

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

/// Raw bytes that are copied between two looks at the room that is left.
const RAW_PIECE: usize = 16 * 1024;

/// Bytes that [`Room::short`] takes at the most.
pub const SHORT: usize = 64;

/// The most that a room is ever asked for at once; what [`Grow::drain`] must hold.
pub const MOST: usize = 16 * 1024 + SLACK;
const _: () = assert!(PIECE * WIDE_MAX + 4 + SLACK <= MOST && NEAR + SLACK <= MOST);
const _: () = assert!(BLOCK * MARKED_MAX + SLACK <= MOST);
const _: () = assert!(crate::sink::RUN * (FLOAT_MAX + 3) + SLACK <= MOST);
const _: () = assert!(crate::sink::RUN * (FLOAT_MAX + 1 + LINE) + AHEAD + SLACK <= MOST);
const _: () = assert!(FLOAT_MAX < LINE && SIGHT <= SLACK, "a value fits a line");

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

/// How long doubles become, a comma behind each.
#[inline(always)]
#[must_use]
pub fn floats_len<L: Level>(run: &[f64]) -> usize {
    // SAFETY: whoever chose `L` knows that the machine has it.
    unsafe { L::floats_len(run) }
}

/// Copies `s`, which is ASCII, if it has [`CLEAN`] characters at the most and nothing to escape; whether it was such a
/// one. Not every such string is seen to be one.
#[inline(always)]
pub fn copy_clean<L: Level>(to: &mut [u8; CLEAN], s: &[u8]) -> bool {
    // SAFETY: as in `copy_plain`.
    unsafe { L::clean(to.as_mut_ptr(), s) }
}

/// Copies `s`, which is ASCII of [`CLEAN`] bytes at least, to the front of `to`; whether there is nothing to escape in it.
#[inline(always)]
pub fn copy_plain<L: Level>(to: &mut [u8; PLAIN], s: &[u8]) -> bool {
    assert!((CLEAN..=PLAIN).contains(&s.len()), "a plain text is neither short nor long");
    // SAFETY: there is place for it; whoever chose `L` knows that the machine has it.
    unsafe { L::plain(to.as_mut_ptr(), s) }
}

/// The fragment of an ASCII key: quoted, escaped, with its colon. `None` if it is too long, or not ASCII.
#[must_use]
pub fn fragment(key: Text<'_>) -> Option<Fragment> {
    if key.width() != Width::Ascii || key.len() > fragment::LONGEST {
        return None;
    }
    let mut bytes = [b'"'; 1 + fragment::SIZE * NARROW_MAX + SLACK];
    // SAFETY: there is place for each character's worst case and the slack; the scalar level is everywhere.
    let end = unsafe { Scalar::ascii(bytes.as_mut_ptr().add(1), key.as_bytes()) };
    let len = end as usize - bytes.as_ptr() as usize;
    bytes[len..len + 2].copy_from_slice(b"\":");
    Fragment::new(&bytes[..len + 2])
}

/// Whether `fragment` is that of the ASCII key `key`, which is not asked of those that are escaped.
#[inline(always)]
#[must_use]
pub fn says(fragment: &Fragment, key: &[u8]) -> bool {
    fragment.is_plain(key.len()) && stands_in(fragment.padded(), key)
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
    /// The last place with [`NEAR`] bytes and the slack before the end; before the start, if there is none.
    near: *mut u8,
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

    /// One byte.
    #[inline(always)]
    #[must_use]
    pub fn byte(&mut self, pen: Pen, b: u8) -> Pen {
        let pen = self.near(pen);
        // SAFETY: there is place for it.
        unsafe {
            pen.0.write(b);
            self.at(pen.0.add(1))
        }
    }

    /// Two bytes.
    #[inline(always)]
    #[must_use]
    pub fn pair(&mut self, pen: Pen, bytes: [u8; 2]) -> Pen {
        let pen = self.near(pen);
        // SAFETY: there is place for both.
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
        let pen = self.near(pen);
        // SAFETY: there is place for all eight.
        unsafe {
            pen.0.cast::<u64>().write_unaligned(u64::from_ne_bytes(bytes));
            self.at(pen.0.add(n))
        }
    }

    /// The first `n` of many bytes.
    #[inline(always)]
    #[must_use]
    pub fn first<const N: usize>(&mut self, pen: Pen, bytes: &[u8; N], n: usize) -> Pen {
        const { assert!(N <= NEAR) }
        assert!(n <= N, "as many as there are");
        let pen = self.near(pen);
        // SAFETY: there is place for all of them.
        unsafe {
            pen.0.cast::<[u8; N]>().write_unaligned(*bytes);
            self.at(pen.0.add(n))
        }
    }

    /// The head of a member.
    #[inline(always)]
    #[must_use]
    pub fn head(&mut self, pen: Pen, head: Head<'_>) -> Pen {
        let pen = self.near(pen);
        // SAFETY: there is place for it.
        unsafe { self.at(head.store(pen.0)) }
    }

    /// A line and what stands on it.
    #[inline(always)]
    #[must_use]
    pub fn line<const N: usize>(&mut self, pen: Pen, line: Start<'_>, text: [u8; N]) -> Pen {
        const { assert!(head::SIZE + N <= NEAR) }
        let pen = self.near(pen);
        // SAFETY: there is place for both.
        unsafe {
            let at = head::store_line(pen.0, line);
            at.cast::<[u8; N]>().write_unaligned(text);
            self.at(at.add(N))
        }
    }

    /// The same line twice, and what stands on each.
    #[inline(always)]
    #[must_use]
    pub fn two_lines<const N: usize, const M: usize>(
        &mut self,
        pen: Pen,
        line: Start<'_>,
        first: [u8; N],
        second: [u8; M],
    ) -> Pen {
        const { assert!(2 * START + N + M <= NEAR) }
        let pen = self.near(pen);
        // SAFETY: there is place for all.
        unsafe {
            let at = head::store_line(pen.0, line);
            at.cast::<[u8; N]>().write_unaligned(first);
            let at = head::store_line(at.add(N), line);
            at.cast::<[u8; M]>().write_unaligned(second);
            self.at(at.add(M))
        }
    }

    /// At most [`SHORT`] bytes as they are, and the byte `tail`: copied in pieces that overlap, which is faster
    /// than a call for so few.
    #[inline(always)]
    #[must_use]
    pub fn short(&mut self, pen: Pen, s: &[u8], tail: u8) -> Pen {
        assert!(s.len() <= SHORT, "more than is short");
        const { assert!(SHORT < NEAR) }
        let pen = self.near(pen);
        // SAFETY: there is place for them; each piece is as long as the slice at the most.
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
        const { assert!(stamp::PLACE < NEAR) }
        let pen = self.near(pen);
        // SAFETY: there is place for so many bytes, which are initialised first; a stamp stays inside.
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
            // SAFETY: there is place for the piece, and a borrowed slice is not ours.
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
            // SAFETY: there is place for them.
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
}
