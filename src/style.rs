//! How a document looks that is not compact: indentation, and what is escaped beside what JSON demands.

pub use crate::emit::kernel::Policy;

/// Bytes of an indentation that are not one character over and over.
const UNIT: usize = 16;

/// A line feed and spaces.
#[must_use]
pub const fn spaces<const N: usize>() -> [u8; N] {
    let mut line = [b' '; N];
    line[0] = b'\n';
    line
}

/// What stands before a line for each container around it: some JSON white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indent {
    unit: [u8; UNIT],
    /// So many bytes of `unit` count,
    len: u8,
    /// so many times.
    times: u32,
}

impl Indent {
    /// `n` spaces.
    #[must_use]
    pub const fn spaces(n: u32) -> Self {
        Self { unit: [b' '; UNIT], len: 1, times: n }
    }

    /// These bytes.
    ///
    /// # Errors
    ///
    /// What they should be and are not.
    pub fn from_bytes(s: &[u8]) -> Result<Self, &'static str> {
        if !s.iter().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')) {
            return Err("JSON white space: spaces, tabs, line feeds, carriage returns");
        }
        let first = s.first().copied().unwrap_or(b' ');
        if s.iter().all(|&b| b == first) {
            let times = u32::try_from(s.len()).map_err(|_| "shorter than 2**32")?;
            return Ok(Self { unit: [first; UNIT], len: 1, times });
        }
        let mut unit = [0; UNIT];
        let place = unit.get_mut(..s.len()).ok_or("at most 16 characters, if they are not all the same")?;
        place.copy_from_slice(s);
        Ok(Self { unit, len: s.len() as u8, times: 1 })
    }

    /// Bytes for each container.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len as usize * self.times as usize
    }

    /// Whether lines begin at their first column.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A line feed and as much indentation as there is place for. Of spaces, which is what most have, it is a constant: what is
    /// stored byte by byte cannot be loaded at once soon after.
    #[inline]
    #[must_use]
    pub fn line<const N: usize>(&self) -> [u8; N] {
        let mut line = spaces();
        if self.unit() != b" " {
            self.repeat(&mut line[1..]);
        }
        line
    }

    #[cold]
    #[inline(never)]
    fn repeat(&self, to: &mut [u8]) {
        to.iter_mut().zip(self.unit().iter().cycle()).for_each(|(to, &from)| *to = from);
    }

    /// What is written over and over.
    #[must_use]
    pub fn unit(&self) -> &[u8] {
        &self.unit[..usize::from(self.len)]
    }
}

/// How a document looks; compact, if nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Each element and member on a line of its own.
    pub indent: Option<Indent>,
    /// What is escaped beside what JSON demands.
    pub policy: Option<Policy>,
    /// All in one line, with a space behind each comma and each colon.
    pub spaced: bool,
    /// Doubles as Python's `repr` has them: small ones differ.
    pub repr: bool,
}

impl Style {
    /// Whether it wants no more than an indentation.
    #[must_use]
    pub const fn is_simple(&self) -> bool {
        self.policy.is_none() && !self.spaced && !self.repr
    }
}
