//! Doubles.

/// For any machine.
pub mod scalar {
    /// See [`super::super::Level::float`].
    ///
    /// # Safety
    ///
    /// As [`super::super::Level::float`].
    #[inline]
    pub unsafe fn float(out: *mut u8, v: f64) -> *mut u8 {
        let mut b = zmij::Buffer::new();
        let s = if v.is_finite() { b.format_finite(v) } else { "null" };
        // SAFETY: the caller gives FLOAT_MAX bytes.
        unsafe {
            core::ptr::copy_nonoverlapping(s.as_ptr(), out, s.len());
            out.add(s.len())
        }
    }
    /// See [`super::super::Level::floats`].
    ///
    /// # Safety
    ///
    /// As [`super::super::Level::floats`].
    pub unsafe fn floats(mut out: *mut u8, run: &[f64]) -> *mut u8 {
        for &v in run {
            // SAFETY: the caller gives FLOAT_MAX + 1 bytes a value.
            unsafe {
                out = float(out, v);
                out.write(b',');
                out = out.add(1);
            }
        }
        out
    }
}
pub use scalar as v2;
pub use scalar as v3;
