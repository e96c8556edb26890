//! Strings, escaped and as UTF-8.

use super::{BRIEF, Head, MOST, NEAR, PIECE, Pen, Room, head};
use crate::emit::kernel::{BLOCK, Level, MARKED_MAX, NARROW_MAX, Policy, SLACK, Source, Stop, WIDE_MAX};
use crate::text::{CLEAN, Chars, Clean, LoneSurrogate, PLAIN, Text};

/// Copies the [`CLEAN`] bytes of `s` from `at` on to the same place behind `out`.
///
/// # Safety
///
/// `s` has them, and there is place for them.
#[inline(always)]
unsafe fn copy_piece(out: *mut u8, s: &[u8], at: usize) {
    debug_assert!(at + CLEAN <= s.len());
    // SAFETY: the caller's promise.
    unsafe {
        let piece = s.as_ptr().add(at).cast::<[u8; CLEAN]>().read_unaligned();
        out.add(at).cast::<[u8; CLEAN]>().write_unaligned(piece);
    }
}

/// Whether [`Room::brief_member`] takes it. One comparison for both; that it is not empty saves the kernel a question.
#[inline(always)]
#[must_use]
pub fn is_brief(s: &[u8]) -> bool {
    s.len().wrapping_sub(1) < BRIEF
}

impl Room<'_> {
    /// A head, a quoted ASCII string of 1 to [`BRIEF`] characters and the two bytes `tail`.
    #[inline(always)]
    #[must_use]
    pub fn brief_member<L: Level>(&mut self, pen: Pen, head: Head<'_>, s: &[u8], tail: [u8; 2]) -> Pen {
        assert!(is_brief(s), "neither long nor empty");
        let pen = self.near(pen);
        // SAFETY: there is place for the head, the quote, the escaped text and the tail.
        unsafe { self.member_text::<L>(pen, head, s, tail) }
    }

    /// # Safety
    ///
    /// There is place for all of it.
    #[inline(always)]
    unsafe fn member_text<L: Level>(&self, pen: Pen, head: Head<'_>, s: &[u8], tail: [u8; 2]) -> Pen {
        // SAFETY: the caller's promise; `L` as in `int`.
        unsafe {
            let quote = head.store(pen.0);
            let end = L::ascii(quote.add(1), s);
            end.cast::<[u8; 2]>().write_unaligned(tail);
            self.at(end.add(2))
        }
    }

    /// A head, a quoted ASCII string and the two bytes `tail`.
    #[inline(always)]
    #[must_use]
    pub fn member_ascii<L: Level>(&mut self, pen: Pen, head: Head<'_>, s: &[u8], tail: [u8; 2]) -> Pen {
        const { assert!(head::SIZE + PIECE * NARROW_MAX + 3 + SLACK <= MOST) }
        if s.len() <= PIECE {
            let pen = self.reserve(pen, head::SIZE + s.len() * NARROW_MAX + 3);
            // SAFETY: as above.
            return unsafe { self.member_text::<L>(pen, head, s, tail) };
        }
        let pen = self.head(pen, head);
        self.text::<L>(pen, Text::ascii(s), tail).expect("ASCII has no surrogates")
    }

    /// A head, a quoted string that is written as it is, and the two bytes `tail`.
    #[inline(always)]
    #[must_use]
    pub fn member_clean(&mut self, pen: Pen, head: Head<'_>, t: Clean<'_>, tail: [u8; 2]) -> Pen {
        const { assert!(head::SIZE + CLEAN + 3 <= NEAR) }
        let pen = self.near(pen);
        // SAFETY: there is place for the head, and for the rest as in `clean`.
        unsafe {
            let at = head.store(pen.0).add(1);
            at.cast::<[u8; CLEAN]>().write_unaligned(*t.padded());
            let end = at.add(t.len());
            end.cast::<[u8; 2]>().write_unaligned(tail);
            self.at(end.add(2))
        }
    }

    /// A head, a quoted string of [`CLEAN`] to [`PLAIN`] bytes that is written as it is, and the two bytes `tail`.
    #[inline(always)]
    #[must_use]
    pub fn plain(&mut self, pen: Pen, head: Head<'_>, s: &[u8], tail: [u8; 2]) -> Pen {
        const { assert!(head::SIZE + PLAIN + 3 <= NEAR) }
        assert!((CLEAN..=PLAIN).contains(&s.len()), "a plain text is neither short nor long");
        let pen = self.near(pen);
        // SAFETY: there is place for the head, the quote, the string and the tail; each piece of the string lies in
        // it, and in its place.
        unsafe {
            let at = head.store(pen.0);
            at.write(b'"');
            let at = at.add(1);
            let (last, mut done) = (s.len() - CLEAN, 0);
            while done < last {
                copy_piece(at, s, done);
                done += CLEAN;
            }
            copy_piece(at, s, last);
            let end = at.add(s.len());
            end.cast::<[u8; 2]>().write_unaligned(tail);
            self.at(end.add(2))
        }
    }

    /// A quoted string that is written as it is, and the two bytes `tail`.
    #[inline(always)]
    #[must_use]
    pub fn clean(&mut self, pen: Pen, t: Clean<'_>, tail: [u8; 2]) -> Pen {
        const { assert!(CLEAN + 3 <= NEAR) }
        let pen = self.near(pen);
        // SAFETY: there is place for the quote, the storage and the tail; a clean text is no longer than
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

    /// A quoted string and the two bytes `tail`.
    ///
    /// # Errors
    ///
    /// [`LoneSurrogate`]; the pen is gone.
    #[inline(always)]
    pub fn text<L: Level>(&mut self, pen: Pen, t: Text<'_>, tail: [u8; 2]) -> Result<Pen, LoneSurrogate> {
        match t.chars() {
            Chars::Ascii(s) if s.len() <= PIECE => Ok(self.piece::<L>(pen, s, tail)),
            _ => self.wide_text::<L>(pen, t, tail),
        }
    }

    /// The same of a text that is UTF-8 already.
    #[inline]
    #[must_use]
    pub fn utf8<L: Level>(&mut self, pen: Pen, s: &[u8], tail: [u8; 2]) -> Pen {
        if s.len() <= PIECE {
            return self.piece::<L>(pen, s, tail);
        }
        let pen = self.byte(pen, b'"');
        let pen = self.pieces(pen, s, L::ascii).expect("UTF-8 has no surrogates");
        self.pair(pen, tail)
    }

    /// ASCII or UTF-8 of one [`PIECE`] at the most, in quotes.
    #[inline(always)]
    fn piece<L: Level>(&mut self, pen: Pen, s: &[u8], tail: [u8; 2]) -> Pen {
        let pen = if s.len() <= BRIEF { self.near(pen) } else { self.reserve(pen, s.len() * NARROW_MAX + 3) };
        // SAFETY: there is place for the quote, the escaped text and the tail; `L` as in `int`.
        unsafe {
            pen.0.write(b'"');
            let end = L::ascii(pen.0.add(1), s);
            end.cast::<[u8; 2]>().write_unaligned(tail);
            self.at(end.add(2))
        }
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
        if t.len() <= PIECE {
            const { assert!(PIECE * WIDE_MAX + 3 + SLACK <= MOST) }
            let pen = self.reserve(pen, t.len() * WIDE_MAX + 3);
            // SAFETY: there is place for the quote, the bound of every kernel for texts, and the tail; `L` as in `int`.
            return unsafe {
                pen.0.write(b'"');
                let end = match t.chars() {
                    Chars::Ascii(s) => L::ascii(pen.0.add(1), s),
                    Chars::Latin1(s) => L::latin1(pen.0.add(1), s),
                    Chars::Ucs2(s) => L::ucs2(pen.0.add(1), s),
                    Chars::Ucs4(s) => L::ucs4(pen.0.add(1), s),
                };
                if end.is_null() {
                    return Err(LoneSurrogate);
                }
                end.cast::<[u8; 2]>().write_unaligned(tail);
                Ok(self.at(end.add(2)))
            };
        }
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
