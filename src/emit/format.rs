//! Compact, indented, or as a caller wants it: what stands between the values, and how texts are escaped.

use super::kernel::{LINE, Policy};
use super::room::{Head, Line, Pen, Room, START, Start};
use crate::fragment::Fragment;
use crate::style::{self, Indent, Style};

/// The looks of a document. A type parameter of the writer, so that the compact form pays nothing for it.
pub trait Format {
    /// Whether runs may be written without asking for the place of each element.
    const RUNS: bool;
    /// Whether rows of numbers are written at once, compact or on lines.
    const ROWS: bool = false;
    /// Whether [`Format::double`] is to be asked.
    const DOUBLES: bool = false;
    /// Whether known keys may be written as the fragments that they have.
    const KNOWS: bool;
    /// The two bytes behind a key's text.
    const AFTER_KEY: [u8; 2] = *b"\":";

    /// What is escaped beside what JSON demands.
    fn policy(&self) -> Option<Policy>;
    /// The text of a double that is not to look as doubles do.
    fn double(&self, _: f64) -> Option<String> {
        None
    }
    /// How the elements of the open array begin, if all begin alike and shortly: a line, and so many bytes of it.
    fn line_of_elements(&self) -> Option<Line<'_>> {
        None
    }
    /// The same of the elements of an array in it: a line, and so many bytes of it for the inner array and for its
    /// elements.
    fn lines_of_rows(&self) -> Option<(&[u8; LINE], (usize, usize))> {
        None
    }
    /// A value comes next.
    fn value(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen;
    /// A key comes next.
    fn key(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen;
    /// The text of a key was written.
    fn after_key(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen;
    /// Whether what stands before a key is no longer than a head has place for.
    #[inline(always)]
    fn is_shallow(&self) -> bool {
        true
    }
    /// A key comes next that is finished, of a format that `KNOWS` keys and is shallow: it with what stands before it. Its
    /// value is told with it, or comes next: [`Format::behind_head`].
    #[inline(always)]
    fn head<'h>(&'h self, fragment: &'h Fragment) -> Head<'h> {
        Head { line: None, fragment }
    }
    /// The same of one that is not shallow, which writes what is too long for a head.
    #[inline(always)]
    fn deep_head<'h>(&'h self, _: &mut Room<'_>, pen: Pen, fragment: &'h Fragment) -> (Pen, Head<'h>) {
        (pen, self.head(fragment))
    }
    /// A finished key was written without its value.
    #[inline(always)]
    fn behind_head(&mut self) {}
    /// A container begins with `bracket`.
    fn open(&mut self, room: &mut Room<'_>, pen: Pen, bracket: u8) -> Pen;
    /// A container ends with `text`; `empty` if nothing is in it.
    fn close(&mut self, room: &mut Room<'_>, pen: Pen, text: [u8; 2], empty: bool) -> Pen;
    /// An object in an array ends, and another one begins. What is open is as deep as before.
    #[inline(always)]
    fn next_object(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen {
        let pen = self.close(room, pen, *b"},", false);
        self.open(room, pen, b'{')
    }
}

/// Runs `$body` with `$format` as a format that looks like `$style`.
#[macro_export]
macro_rules! with_format {
    ($style:expr, $format:ident => $body:expr) => {{
        let style: $crate::style::Style = $style;
        match style.indent {
            None if style.is_simple() => {
                let $format = $crate::emit::format::Compact;
                $body
            }
            Some(indent) if style.is_simple() => {
                let lines = $crate::emit::format::Lines::new(indent);
                let $format = $crate::emit::format::Indented::new(&lines);
                $body
            }
            _ => {
                let lines = style.indent.map($crate::emit::format::Lines::new);
                let $format = $crate::emit::format::Styled::new(style, lines.as_ref());
                $body
            }
        }
    }};
}

/// No white space.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compact;

impl Format for Compact {
    const RUNS: bool = true;
    const ROWS: bool = true;
    const KNOWS: bool = true;

    #[inline(always)]
    fn policy(&self) -> Option<Policy> {
        None
    }
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
    fn open(&mut self, room: &mut Room<'_>, pen: Pen, bracket: u8) -> Pen {
        room.byte(pen, bracket)
    }
    #[inline(always)]
    fn close(&mut self, room: &mut Room<'_>, pen: Pen, text: [u8; 2], _: bool) -> Pen {
        room.pair(pen, text)
    }
    #[inline(always)]
    fn next_object(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen {
        room.few(pen, *b"},{\0\0\0\0\0", 3)
    }
}

/// What an indented document's lines begin with.
#[derive(Clone, Copy, Debug)]
pub struct Lines {
    indent: Indent,
    /// A line feed and as much indentation as there is place for.
    line: [u8; LINE],
    /// Bytes of indentation for each level.
    step: usize,
}

impl Lines {
    /// With two spaces for each level: what most ask for, known as a whole.
    pub const BY_TWO: &Self = &Self::with_line(Indent::spaces(2), style::spaces());

    /// With so much for each level.
    #[must_use]
    pub fn new(indent: Indent) -> Self {
        Self::with_line(indent, indent.line())
    }

    const fn with_line(indent: Indent, line: [u8; LINE]) -> Self {
        Self { indent, line, step: indent.len() }
    }
}

/// Each element and member on a line of its own.
#[derive(Clone, Copy, Debug)]
pub struct Indented<'l> {
    lines: &'l Lines,
    /// Bytes of a line feed and the present indentation.
    width: usize,
    /// Bytes of `width` that stand before a value: all, or none behind a key and before the document.
    before_value: usize,
}

impl<'l> Indented<'l> {
    /// With these lines.
    #[inline(always)]
    #[must_use]
    pub const fn new(lines: &'l Lines) -> Self {
        Self { lines, width: 1, before_value: 0 }
    }

    /// The first `n` bytes of a line, which are at most [`START`].
    #[inline(always)]
    fn start(&self, n: usize) -> Start<'_> {
        (self.lines.line.first_chunk().expect("a line is no shorter"), n)
    }

    /// `n` bytes, which are the width or none, and what stands on the line.
    #[inline(always)]
    fn line<const N: usize>(&self, room: &mut Room<'_>, pen: Pen, n: usize, text: [u8; N]) -> Pen {
        if n <= START { room.line(pen, self.start(n), text) } else { self.deep_line(room, pen, text) }
    }

    #[inline(never)]
    fn deep_line<const N: usize>(&self, room: &mut Room<'_>, pen: Pen, text: [u8; N]) -> Pen {
        let pen = self.long_line(room, pen);
        room.line(pen, self.start(0), text)
    }

    /// The width's bytes, where those of a start are not enough.
    #[inline(always)]
    fn long_line(&self, room: &mut Room<'_>, pen: Pen) -> Pen {
        if self.width <= LINE {
            return room.first(pen, &self.lines.line, self.width);
        }
        self.longer_line(room, pen)
    }

    #[inline(never)]
    fn longer_line(&self, room: &mut Room<'_>, pen: Pen) -> Pen {
        let pen = room.byte(pen, b'\n');
        match self.lines.indent.unit() {
            &[one] => room.fill(pen, one, self.width - 1),
            unit => (0..(self.width - 1) / self.lines.step).fold(pen, |pen, _| room.bytes(pen, unit)),
        }
    }
}

impl Format for Indented<'_> {
    const RUNS: bool = false;
    const ROWS: bool = true;
    const KNOWS: bool = true;

    #[inline(always)]
    fn policy(&self) -> Option<Policy> {
        None
    }

    #[inline(always)]
    fn line_of_elements(&self) -> Option<Line<'_>> {
        debug_assert_eq!(self.before_value, self.width, "an array is open");
        (self.width <= LINE).then_some((&self.lines.line, self.width))
    }

    #[inline(always)]
    fn lines_of_rows(&self) -> Option<(&[u8; LINE], (usize, usize))> {
        debug_assert_eq!(self.before_value, self.width, "an array is open");
        let inner = self.width + self.lines.step;
        (inner <= LINE).then_some((&self.lines.line, (self.width, inner)))
    }

    #[inline(always)]
    fn value(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen {
        match core::mem::replace(&mut self.before_value, self.width) {
            0 => pen,
            n => self.line(room, pen, n, []),
        }
    }

    #[inline(always)]
    fn key(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen {
        self.line(room, pen, self.width, [])
    }

    #[inline(always)]
    fn after_key(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen {
        self.before_value = 0;
        room.byte(pen, b' ')
    }

    #[inline(always)]
    fn is_shallow(&self) -> bool {
        self.width <= START
    }

    #[inline(always)]
    fn head<'h>(&'h self, fragment: &'h Fragment) -> Head<'h> {
        Head { line: Some(self.start(self.width)), fragment }
    }

    #[inline(always)]
    fn deep_head<'h>(&'h self, room: &mut Room<'_>, pen: Pen, fragment: &'h Fragment) -> (Pen, Head<'h>) {
        // Written already: none of it counts.
        (self.long_line(room, pen), Head { line: Some(self.start(0)), fragment })
    }

    #[inline(always)]
    fn behind_head(&mut self) {
        self.before_value = 0;
    }

    #[inline(always)]
    fn open(&mut self, room: &mut Room<'_>, pen: Pen, bracket: u8) -> Pen {
        let pen = self.line(room, pen, self.before_value, [bracket]);
        self.width += self.lines.step;
        self.before_value = self.width;
        pen
    }

    #[inline(always)]
    fn close(&mut self, room: &mut Room<'_>, pen: Pen, text: [u8; 2], empty: bool) -> Pen {
        self.width -= self.lines.step;
        self.before_value = self.width;
        if empty { room.pair(pen, text) } else { self.line(room, pen, self.width, text) }
    }

    #[inline(always)]
    fn next_object(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen {
        debug_assert_eq!(self.before_value, self.width, "a member was told");
        let outer = self.width - self.lines.step;
        if outer <= START {
            return room.two_lines(pen, self.start(outer), *b"},", *b"{");
        }
        let pen = self.close(room, pen, *b"},", false);
        self.open(room, pen, b'{')
    }
}

/// Anything else: compact or indented, with escapes of the caller's choice. Asks at each step, and is for those who
/// want its looks more than its speed.
#[derive(Clone, Copy, Debug)]
pub struct Styled<'l> {
    space: Space<'l>,
    policy: Policy,
    repr: bool,
}

/// What stands between the values of a [`Styled`] document.
#[derive(Clone, Copy, Debug)]
enum Space<'l> {
    Nothing,
    /// A space behind each comma and each colon.
    Single,
    Lines(Indented<'l>),
}

impl<'l> Styled<'l> {
    /// As `style` says, with these lines if there is to be one for each value.
    #[must_use]
    pub fn new(style: Style, lines: Option<&'l Lines>) -> Self {
        let space = match lines {
            Some(lines) => Space::Lines(Indented::new(lines)),
            None if style.spaced => Space::Single,
            None => Space::Nothing,
        };
        Self { space, policy: style.policy.unwrap_or_default(), repr: style.repr }
    }
}

/// The text of a double as Python's `repr` has it, where that is another one: 1e-05 and 1e-09, not 0.00001 and 1e-9.
fn repr(v: f64) -> Option<String> {
    if !(1e-9..1e-4).contains(&v.abs()) {
        return None;
    }
    let text = format!("{v:e}");
    text.split_once("e-").map(|(digits, exponent)| format!("{digits}e-0{exponent}"))
}

/// A space, if there is a comma before the pen: then a value precedes, for a text ends in its quote.
fn behind_comma(room: &mut Room<'_>, pen: Pen) -> Pen {
    if room.ends_with(&pen, b',') { room.byte(pen, b' ') } else { pen }
}

impl Format for Styled<'_> {
    const RUNS: bool = false;
    const DOUBLES: bool = true;
    /// A fragment may hold what is to be escaped.
    const KNOWS: bool = false;

    fn policy(&self) -> Option<Policy> {
        Some(self.policy)
    }

    fn double(&self, v: f64) -> Option<String> {
        if self.repr { repr(v) } else { None }
    }

    fn value(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen {
        match &mut self.space {
            Space::Nothing => pen,
            Space::Single => behind_comma(room, pen),
            Space::Lines(lines) => lines.value(room, pen),
        }
    }

    fn key(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen {
        match &mut self.space {
            Space::Nothing => pen,
            Space::Single => behind_comma(room, pen),
            Space::Lines(lines) => lines.key(room, pen),
        }
    }

    fn after_key(&mut self, room: &mut Room<'_>, pen: Pen) -> Pen {
        match &mut self.space {
            Space::Nothing => pen,
            Space::Single => room.byte(pen, b' '),
            Space::Lines(lines) => lines.after_key(room, pen),
        }
    }

    fn open(&mut self, room: &mut Room<'_>, pen: Pen, bracket: u8) -> Pen {
        match &mut self.space {
            Space::Nothing => room.byte(pen, bracket),
            Space::Single => {
                let pen = behind_comma(room, pen);
                room.byte(pen, bracket)
            }
            Space::Lines(lines) => lines.open(room, pen, bracket),
        }
    }

    fn close(&mut self, room: &mut Room<'_>, pen: Pen, text: [u8; 2], empty: bool) -> Pen {
        match &mut self.space {
            Space::Nothing | Space::Single => room.pair(pen, text),
            Space::Lines(lines) => lines.close(room, pen, text, empty),
        }
    }
}
