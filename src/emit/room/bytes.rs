//! Bytes that are known: brackets, lines, literals, stamps, what is copied, and the last one taken back.

use super::{Head, NEAR, Pen, Room, START, Start, head};
use crate::stamp::{self, Stamp};

/// Raw bytes that are copied between two looks at the room that is left.
const RAW_PIECE: usize = 16 * 1024;

/// Bytes that [`Room::short`] takes at the most.
pub const SHORT: usize = 64;

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

/// There was nothing to take back. A call, so that the other case is a branch: computed from the byte, the pen would
/// have to wait until what was just written can be read.
#[cold]
#[inline(never)]
fn left(pen: Pen) -> (Pen, bool) {
    (pen, false)
}

impl Room<'_> {
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
