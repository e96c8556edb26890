//! The sink that writes JSON.

use core::marker::PhantomData;

use super::format::Format;
use super::kernel::{LINE, Level, Members, Source, Stop};
use super::room::{BOOL, Head, NULL, Pen, ROWS, Room, Written, is_brief};
use crate::fragment::Fragment;
use crate::sink::{Few, Numbers, Sink};
use crate::stamp::Stamp;
use crate::text::{Clean, LoneSurrogate, Text};

/// So many bytes are worth a call of a file's `write`.
pub const PIECE: usize = 64 * 1024;

/// Those of [`Few`] and their commas, by their numbers; in the last byte how long each is.
const FEW: [[u8; 8]; 5] =
    [*b"null,\0\0\x05", *b"false,\0\x06", *b"true,\0\0\x05", *b"[],\0\0\0\0\x03", *b"{},\0\0\0\0\x03"];

/// Writes what it hears into a room.
///
/// Every value brings the comma that follows it, and a closing bracket takes back the one before it, so nobody
/// has to ask whether a value is the first of its container.
///
/// One that `STREAMS` offers what it has written whenever that is a [`PIECE`].
pub struct Writer<'g, L, F, const STREAMS: bool = false> {
    room: Room<'g>,
    format: F,
    level: PhantomData<L>,
}

/// A member that `$body` writes, in a format that knows keys. Where lines are long that is a function of its own: what
/// comes back from a call would have to be kept together with what is at hand without one.
macro_rules! member {
    ($writer:ident, $pen:ident, $fragment:ident, |$room:ident, $at:ident, $head:ident| $body:expr) => {
        if $writer.format.is_shallow() {
            let ($room, $at, $head) = (&mut $writer.room, $pen, $writer.format.head($fragment));
            $body
        } else {
            $writer.deep_member($pen, $fragment, move |$room, $at, $head| $body)
        }
    };
}

impl<'g, L: Level, F: Format, const STREAMS: bool> Writer<'g, L, F, STREAMS> {
    /// A writer into `room`. `L` must be a level that the machine has: [`super::kernel::Name::is_available`].
    #[inline(always)]
    pub fn new(room: Room<'g>, format: F) -> Self {
        Self { room, format, level: PhantomData }
    }

    /// The document is complete: takes the last comma back. `None` if memory ran out.
    #[inline(always)]
    pub fn finish(&mut self, pen: Pen, newline: bool) -> Option<Written> {
        let (mut pen, _) = self.room.take_back(pen, b',');
        if newline {
            pen = self.room.byte(pen, b'\n');
        }
        self.room.finish(pen)
    }

    /// Where its format stands.
    pub fn format(&self) -> F
    where
        F: Copy,
    {
        self.format
    }

    /// Whether memory ran out: from then on nothing is kept, and no length counts.
    #[must_use]
    pub const fn is_drained(&self) -> bool {
        self.room.is_drained()
    }

    /// Bytes written so far.
    #[must_use]
    pub fn len(&self, pen: &Pen) -> usize {
        self.room.len(pen)
    }

    /// Makes place for so many bytes that are about to come.
    #[must_use]
    pub fn expect(&mut self, pen: Pen, bytes: usize) -> Pen {
        self.room.expect(pen, bytes)
    }

    #[inline(always)]
    fn quoted(&mut self, pen: Pen, t: Text<'_>, tail: [u8; 2]) -> Result<Pen, LoneSurrogate> {
        match self.format.policy() {
            None => self.room.text::<L>(pen, t, tail),
            Some(policy) => self.room.text_under::<L>(policy, pen, t, tail),
        }
    }

    #[inline(always)]
    fn quoted_clean(&mut self, pen: Pen, t: Clean<'_>, tail: [u8; 2]) -> Pen {
        match self.format.policy() {
            None => self.room.clean(pen, t, tail),
            Some(policy) => {
                self.room.text_under::<L>(policy, pen, t.text(), tail).expect("ASCII has no surrogates")
            }
        }
    }

    #[inline(always)]
    fn open(&mut self, pen: Pen, bracket: u8) -> Pen {
        self.format.open(&mut self.room, pen, bracket)
    }

    #[inline(never)]
    fn styled_float(&mut self, pen: Pen, v: f64) -> Pen {
        match self.format.double(v) {
            Some(text) => {
                let pen = self.room.bytes(pen, text.as_bytes());
                self.room.byte(pen, b',')
            }
            None => self.room.float::<L>(pen, v, b','),
        }
    }

    /// A member with an ASCII string that is not brief.
    #[inline(never)]
    fn long_member(&mut self, pen: Pen, fragment: &Fragment, s: &[u8]) -> Pen {
        member!(self, pen, fragment, |room, pen, head| room.member_ascii::<L>(pen, head, s, *b"\","))
    }

    /// A member of which `write` writes all, behind a line that is too long for its head.
    #[inline(never)]
    fn deep_member(
        &mut self,
        pen: Pen,
        fragment: &Fragment,
        write: impl FnOnce(&mut Room<'g>, Pen, Head<'_>) -> Pen,
    ) -> Pen {
        let (pen, head) = self.format.deep_head(&mut self.room, pen, fragment);
        write(&mut self.room, pen, head)
    }

    #[inline(always)]
    fn close(&mut self, pen: Pen, bracket: u8) -> Pen {
        let (pen, full) = self.room.take_back(pen, b',');
        self.format.close(&mut self.room, pen, [bracket, b','], !full)
    }
}

impl<L: Level, F: Format, const STREAMS: bool> Sink for Writer<'_, L, F, STREAMS> {
    type Pen = Pen;
    const KEEPS: bool = false;
    const KNOWS: bool = F::KNOWS;
    const STREAMS: bool = STREAMS;
    const DRAWS: bool = true;
    const ROWS: bool = F::ROWS;

    fn finished(&self, pen: &Pen) -> Option<&[u8]> {
        if self.room.len(pen) < PIECE {
            return None;
        }
        self.room.written(pen).split_last().map(|(_, finished)| finished)
    }

    fn taken(&mut self, pen: Pen) -> Pen {
        self.room.keep_last(pen)
    }

    #[inline(always)]
    fn null(&mut self, pen: Pen) -> Pen {
        let pen = self.format.value(&mut self.room, pen);
        self.room.few(pen, NULL, 5)
    }

    #[inline(always)]
    fn bool(&mut self, pen: Pen, v: bool) -> Pen {
        let pen = self.format.value(&mut self.room, pen);
        self.room.few(pen, BOOL[usize::from(v)], 6 - usize::from(v))
    }

    #[inline(always)]
    fn int(&mut self, pen: Pen, v: i64) -> Pen {
        let pen = self.format.value(&mut self.room, pen);
        self.room.int::<L>(pen, v)
    }

    #[inline(always)]
    fn int_among_ints(&mut self, pen: Pen, v: i64) -> Pen {
        let pen = self.format.value(&mut self.room, pen);
        self.room.int_among_ints::<L>(pen, v)
    }

    fn uint(&mut self, pen: Pen, v: u64) -> Pen {
        let pen = self.format.value(&mut self.room, pen);
        self.room.uint::<L>(pen, v, b',')
    }

    #[inline(always)]
    fn float(&mut self, pen: Pen, v: f64) -> Pen {
        let pen = self.format.value(&mut self.room, pen);
        if F::DOUBLES { self.styled_float(pen, v) } else { self.room.float::<L>(pen, v, b',') }
    }

    #[inline(always)]
    fn text(&mut self, pen: Pen, t: Text<'_>) -> Result<Pen, LoneSurrogate> {
        let pen = self.format.value(&mut self.room, pen);
        self.quoted(pen, t, *b"\",")
    }

    #[inline(always)]
    fn clean(&mut self, pen: Pen, t: Clean<'_>) -> Pen {
        let pen = self.format.value(&mut self.room, pen);
        self.quoted_clean(pen, t, *b"\",")
    }

    #[inline(always)]
    fn takes_utf8(&self) -> bool {
        self.format.policy().is_none()
    }

    #[inline(always)]
    fn utf8(&mut self, pen: Pen, s: &[u8]) -> Pen {
        let pen = self.format.value(&mut self.room, pen);
        self.room.utf8::<L>(pen, s, *b"\",")
    }

    #[inline]
    fn plain(&mut self, pen: Pen, s: &[u8]) -> Pen {
        if self.format.policy().is_some() {
            return self.text(pen, Text::ascii(s)).expect("ASCII has no surrogates");
        }
        let pen = self.format.value(&mut self.room, pen);
        self.room.plain(pen, Head::NONE, s, *b"\",")
    }

    #[inline]
    fn raw(&mut self, pen: Pen, bytes: &[u8]) -> Pen {
        let pen = self.format.value(&mut self.room, pen);
        if bytes.len() <= super::room::SHORT {
            return self.room.short(pen, bytes, b',');
        }
        let pen = self.room.bytes(pen, bytes);
        self.room.byte(pen, b',')
    }

    #[inline(always)]
    fn stamp(&mut self, pen: Pen, stamp: &Stamp) -> Pen {
        let pen = self.format.value(&mut self.room, pen);
        self.room.stamp(pen, stamp, b',')
    }

    #[inline]
    fn ints(&mut self, pen: Pen, run: &[i64]) -> Pen {
        if F::RUNS {
            return self.room.ints::<L>(pen, run);
        }
        match self.format.line_of_elements() {
            Some((line, n)) => self.room.int_lines::<L>(pen, run, line, n),
            None => run.iter().fold(pen, |pen, &v| self.int(pen, v)),
        }
    }

    #[inline]
    fn floats(&mut self, pen: Pen, run: &[f64]) -> Pen {
        if F::RUNS {
            return self.room.floats::<L>(pen, run);
        }
        match self.format.line_of_elements() {
            Some((line, n)) => self.room.float_lines::<L>(pen, run, line, n),
            None => run.iter().fold(pen, |pen, &v| self.float(pen, v)),
        }
    }

    fn numbers(&mut self, pen: Pen, run: Numbers<'_>) -> Pen {
        if F::RUNS {
            return self.room.numbers::<L>(pen, run, &[0; LINE], 0);
        }
        match self.format.line_of_elements() {
            Some((line, n)) => self.room.numbers::<L>(pen, run, line, n),
            None => self.number_by_number(pen, run),
        }
    }

    fn rows(&mut self, pen: Pen, run: &[f64], width: usize) -> Pen {
        if F::RUNS {
            return self.room.rows::<L>(pen, run, width);
        }
        if let Some((line, lines)) = self.format.lines_of_rows()
            && width <= ROWS
        {
            return self.room.row_lines::<L>(pen, run, width, line, lines);
        }
        self.row_by_row(pen, run, width)
    }

    #[inline]
    fn bools(&mut self, pen: Pen, bits: u64, n: usize) -> Pen {
        if F::RUNS {
            return self.room.bools::<L>(pen, bits, n);
        }
        match self.format.line_of_elements() {
            Some((line, width)) => self.room.bool_lines::<L>(pen, bits, n, line, width),
            None => (0..n).fold(pen, |pen, i| self.bool(pen, bits >> i & 1 == 1)),
        }
    }

    #[inline]
    fn texts(&mut self, mut pen: Pen, run: &[Text<'_>]) -> Result<Pen, usize> {
        for (i, &t) in run.iter().enumerate() {
            pen = self.text(pen, t).map_err(|LoneSurrogate| i)?;
        }
        Ok(pen)
    }

    fn draw<'t, T: Source<'t> + Copy>(&mut self, mut pen: Pen, source: &mut T) -> Result<Pen, LoneSurrogate> {
        loop {
            if F::RUNS && self.format.policy().is_none() {
                let stop;
                (*source, pen, stop) = self.room.texts::<L, T>(pen, *source);
                match stop {
                    Stop::Done => return Ok(pen),
                    Stop::Surrogate => return Err(LoneSurrogate),
                    // One alone makes the room grow.
                    Stop::Room => {}
                }
            }
            let Some(chars) = source.peek() else { return Ok(pen) };
            pen = self.text(pen, Text::from(chars))?;
            source.advance();
        }
    }

    #[inline(always)]
    fn open_array(&mut self, pen: Pen, _: usize) -> Pen {
        self.open(pen, b'[')
    }

    #[inline(always)]
    fn close_array(&mut self, pen: Pen) -> Pen {
        self.close(pen, b']')
    }

    #[inline(always)]
    fn empty_array(&mut self, pen: Pen) -> Pen {
        let pen = self.format.value(&mut self.room, pen);
        self.room.few(pen, *b"[],\0\0\0\0\0", 3)
    }

    #[inline(always)]
    fn empty_object(&mut self, pen: Pen) -> Pen {
        let pen = self.format.value(&mut self.room, pen);
        self.room.few(pen, *b"{},\0\0\0\0\0", 3)
    }

    #[inline(always)]
    fn open_object(&mut self, pen: Pen, _: usize) -> Pen {
        self.open(pen, b'{')
    }

    #[inline(always)]
    fn close_object(&mut self, pen: Pen) -> Pen {
        self.close(pen, b'}')
    }

    #[inline(always)]
    fn next_object(&mut self, pen: Pen, _: usize) -> Pen {
        let (pen, full) = self.room.take_back(pen, b',');
        debug_assert!(full, "an object that is not empty");
        self.format.next_object(&mut self.room, pen)
    }

    #[inline(always)]
    fn key(&mut self, pen: Pen, t: Text<'_>) -> Result<Pen, LoneSurrogate> {
        let pen = self.format.key(&mut self.room, pen);
        let pen = self.quoted(pen, t, F::AFTER_KEY)?;
        Ok(self.format.after_key(&mut self.room, pen))
    }

    #[inline(always)]
    fn stamp_key(&mut self, pen: Pen, stamp: &Stamp) -> Pen {
        let pen = self.format.key(&mut self.room, pen);
        let pen = self.room.stamp(pen, stamp, b':');
        self.format.after_key(&mut self.room, pen)
    }

    #[inline(always)]
    fn int_key(&mut self, pen: Pen, v: i64) -> Pen {
        let pen = self.format.key(&mut self.room, pen);
        let pen = self.room.int_key::<L>(pen, v);
        self.format.after_key(&mut self.room, pen)
    }

    #[inline(always)]
    fn clean_key(&mut self, pen: Pen, t: Clean<'_>) -> Pen {
        let pen = self.format.key(&mut self.room, pen);
        let pen = self.quoted_clean(pen, t, F::AFTER_KEY);
        self.format.after_key(&mut self.room, pen)
    }

    #[inline(always)]
    fn known_key(&mut self, pen: Pen, _: u32, fragment: &Fragment) -> Pen {
        if !F::KNOWS {
            let pen = self.format.key(&mut self.room, pen);
            let pen = self.room.head(pen, Head { line: None, fragment });
            return self.format.after_key(&mut self.room, pen);
        }
        let pen = member!(self, pen, fragment, |room, pen, head| room.head(pen, head));
        self.format.behind_head();
        pen
    }

    #[inline(always)]
    fn int_member(&mut self, pen: Pen, id: u32, fragment: &Fragment, v: i64) -> Pen {
        if F::KNOWS {
            return member!(self, pen, fragment, |room, pen, head| room.member_int::<L>(pen, head, v));
        }
        let pen = self.known_key(pen, id, fragment);
        self.int(pen, v)
    }

    #[inline(always)]
    fn float_member(&mut self, pen: Pen, id: u32, fragment: &Fragment, v: f64) -> Pen {
        if F::KNOWS {
            return member!(self, pen, fragment, |room, pen, head| room
                .member_float::<L>(pen, head, v, b','));
        }
        let pen = self.known_key(pen, id, fragment);
        self.float(pen, v)
    }

    #[inline(always)]
    fn bool_member(&mut self, pen: Pen, id: u32, fragment: &Fragment, v: bool) -> Pen {
        if F::KNOWS {
            return member!(self, pen, fragment, |room, pen, head| {
                room.member_few(pen, head, BOOL[usize::from(v)], 6 - usize::from(v))
            });
        }
        let pen = self.known_key(pen, id, fragment);
        self.bool(pen, v)
    }

    #[inline(always)]
    fn null_member(&mut self, pen: Pen, id: u32, fragment: &Fragment) -> Pen {
        if F::KNOWS {
            return member!(self, pen, fragment, |room, pen, head| room.member_few(pen, head, NULL, 5));
        }
        let pen = self.known_key(pen, id, fragment);
        self.null(pen)
    }

    #[inline(always)]
    fn few_member(&mut self, pen: Pen, id: u32, fragment: &Fragment, few: Few) -> Pen {
        if F::KNOWS {
            let bytes = FEW[few as usize];
            return member!(self, pen, fragment, |room, pen, head| room.member_few(
                pen,
                head,
                bytes,
                bytes[7].into()
            ));
        }
        let pen = self.known_key(pen, id, fragment);
        self.few(pen, few)
    }

    #[inline(always)]
    fn clean_member(&mut self, pen: Pen, id: u32, fragment: &Fragment, t: Clean<'_>) -> Pen {
        if F::KNOWS {
            return member!(self, pen, fragment, |room, pen, head| room.member_clean(pen, head, t, *b"\","));
        }
        let pen = self.known_key(pen, id, fragment);
        self.clean(pen, t)
    }

    #[inline(always)]
    fn plain_member(&mut self, pen: Pen, id: u32, fragment: &Fragment, s: &[u8]) -> Pen {
        if F::KNOWS {
            return member!(self, pen, fragment, |room, pen, head| room.plain(pen, head, s, *b"\","));
        }
        let pen = self.known_key(pen, id, fragment);
        self.plain(pen, s)
    }

    #[inline(always)]
    fn ascii_member(&mut self, pen: Pen, id: u32, fragment: &Fragment, s: &[u8]) -> Pen {
        if F::KNOWS {
            if !is_brief(s) {
                return self.long_member(pen, fragment, s);
            }
            return member!(self, pen, fragment, |room, pen, head| room
                .brief_member::<L>(pen, head, s, *b"\","));
        }
        let pen = self.known_key(pen, id, fragment);
        self.text(pen, Text::ascii(s)).expect("ASCII has no surrogates")
    }

    #[inline(always)]
    fn members<'k, 'v, M: Members<'v, &'k Fragment>>(&mut self, pen: Pen, members: M) -> (Pen, M) {
        const { assert!(F::RUNS && F::KNOWS) }
        self.room.members::<L, M>(pen, members)
    }
}
