//! Integers.

/// For any machine.
pub mod scalar {
    /// See [`super::super::Level::int`].
    ///
    /// # Safety
    ///
    /// As [`super::super::Level::int`].
    #[inline]
    pub unsafe fn int(out: *mut u8, v: i64) -> *mut u8 {
        let mut b = itoa::Buffer::new();
        let s = b.format(v);
        // SAFETY: the caller gives INT_MAX bytes.
        unsafe {
            core::ptr::copy_nonoverlapping(s.as_ptr(), out, s.len());
            out.add(s.len())
        }
    }
    /// See [`super::super::Level::uint`].
    ///
    /// # Safety
    ///
    /// As [`super::super::Level::uint`].
    #[inline]
    pub unsafe fn uint(out: *mut u8, v: u64) -> *mut u8 {
        let mut b = itoa::Buffer::new();
        let s = b.format(v);
        // SAFETY: the caller gives INT_MAX bytes.
        unsafe {
            core::ptr::copy_nonoverlapping(s.as_ptr(), out, s.len());
            out.add(s.len())
        }
    }
    /// See [`super::super::Level::ints`].
    ///
    /// # Safety
    ///
    /// As [`super::super::Level::ints`].
    pub unsafe fn ints(mut out: *mut u8, run: &[i64]) -> *mut u8 {
        for &v in run {
            // SAFETY: the caller gives INT_MAX + 1 bytes a value.
            unsafe {
                out = int(out, v);
                out.write(b',');
                out = out.add(1);
            }
        }
        out
    }
}
pub use scalar as v2;
pub use scalar as v3;
