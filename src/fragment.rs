//! Finished bytes of a key, such as `"id":`, stored whole.

/// Bytes that are stored at once.
pub const SIZE: usize = 32;

/// Characters of the longest key that has a fragment, if none is escaped: there are three quotes and a colon.
pub const LONGEST: usize = SIZE - 4;

/// Places for known keys. The lower bits of a key's number are its place.
pub const PLACES: usize = 512;

/// The number of a key that has none.
pub const UNNUMBERED: u32 = u32::MAX;

/// A key, quoted, escaped and with its colon, in less than [`SIZE`] bytes. The byte behind them is a quote: a string
/// that follows has its first already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment {
    bytes: [u8; SIZE],
    len: u8,
    /// The length of the key if it stands here as it is.
    plain: u8,
}

/// Of a key that is escaped.
const NOT_PLAIN: u8 = u8::MAX;

impl Fragment {
    /// An empty place.
    pub const EMPTY: Self = Self { bytes: [0; SIZE], len: 0, plain: NOT_PLAIN };

    /// The fragment of these bytes; `None` if they are too many.
    #[must_use]
    pub fn new(finished: &[u8]) -> Option<Self> {
        let mut bytes = [0; SIZE];
        *bytes.get_mut(finished.len())? = b'"';
        bytes[..finished.len()].copy_from_slice(finished);
        // A key between quotes and before a colon; where something is escaped there is a backslash.
        let plain = match finished.len().checked_sub(3) {
            Some(n) if !finished.contains(&b'\\') => n as u8,
            _ => NOT_PLAIN,
        };
        Some(Self { bytes, len: finished.len() as u8, plain })
    }

    /// All bytes, the quote and those behind it among them.
    #[inline(always)]
    #[must_use]
    pub const fn padded(&self) -> &[u8; SIZE] {
        &self.bytes
    }

    /// How many of them count.
    #[inline(always)]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether it is of a key of so many characters, none of which is escaped: they stand behind the first byte.
    #[inline(always)]
    #[must_use]
    pub fn is_plain(&self, len: usize) -> bool {
        usize::from(self.plain) == len
    }

    /// Whether none counts.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes that count.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len()]
    }
}
