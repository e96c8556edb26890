//! The memory that a room stands on.

use core::ptr::NonNull;

use super::MOST;

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
    /// So many bytes from the start of a room's memory.
    pub(super) const fn new(start: *const u8, len: usize) -> Self {
        Self { start, len }
    }

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
