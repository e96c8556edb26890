//! Where a kernel gets its strings from, if not from a slice.

/// The characters of a string.
#[derive(Clone, Copy, Debug)]
pub enum Chars<'a> {
    /// Code points 0 to 0x7F.
    Ascii(&'a [u8]),
    /// Code points 0 to 0xFF.
    Latin1(&'a [u8]),
    /// Code points 0 to 0xFFFF, surrogates among them.
    Ucs2(&'a [u16]),
    /// Code points 0 to 0x10FFFF, surrogates among them.
    Ucs4(&'a [u32]),
}

impl Chars<'_> {
    /// Number of characters.
    #[inline(always)]
    #[must_use]
    pub const fn len(self) -> usize {
        match self {
            Self::Ascii(s) | Self::Latin1(s) => s.len(),
            Self::Ucs2(s) => s.len(),
            Self::Ucs4(s) => s.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// Strings, one after the other.
///
/// Implementations are inlined into the kernels. A copy looks ahead.
///
/// # Safety
///
/// What [`Source::ascii`] and [`Source::utf8`] give begins at a byte that is readable, if it is empty too: strs of CPython end
/// with a zero.
pub unsafe trait Source<'a>: Copy {
    /// The string that is next, if it is easily seen that there is one and that it is ASCII.
    fn ascii(&mut self) -> Option<&'a [u8]>;

    /// The string that is next, if there is one; the same again until [`Source::advance`].
    fn peek(&mut self) -> Option<Chars<'a>>;

    /// The UTF-8 of the string that is next, if it is there already, and that string is not ASCII.
    #[inline(always)]
    fn utf8(&mut self) -> Option<&'a [u8]> {
        None
    }

    /// It has been written.
    fn advance(&mut self);
}

/// A value of a member.
#[derive(Clone, Copy, Debug)]
pub enum Leaf<'a> {
    /// A string of code points 0 to 0x7F.
    Ascii(&'a [u8]),
    /// An integer.
    Int(i64),
    /// A double; one that is not finite becomes `null`.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// `null`.
    Null,
    /// `[]`.
    EmptyArray,
}

/// Members of an object, one after the other: their keys, as `K`, and their values. It goes by value, so that its place
/// stays in a register.
///
/// # Safety
///
/// There come no more than [`Members::most`] has said.
pub unsafe trait Members<'a, K>: Copy {
    /// How many there are at the most.
    fn most(&self) -> usize;

    /// So many of them at the most.
    fn first(self, n: usize) -> Self;

    /// From where these stand on all of `whole`, of which they are the first.
    fn go_on(self, whole: Self) -> Self;

    /// The next one; `None` if there is none, or none with such a value.
    fn next(&mut self) -> Option<(K, Leaf<'a>)>;
}

/// Why a kernel that draws from a source has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The source has no more.
    Done,
    /// There is not place enough for the next string.
    Room,
    /// There is a surrogate in the next string.
    Surrogate,
}
