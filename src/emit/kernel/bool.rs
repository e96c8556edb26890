//! `true,` and `false,` from bits.

/// For any machine.
pub mod scalar {
    /// See [`super::super::Level::bools`].
    ///
    /// # Safety
    ///
    /// As [`super::super::Level::bools`].
    pub unsafe fn bools(mut out: *mut u8, bits: u64, n: usize) -> *mut u8 {
        for i in 0..n {
            let s: &[u8] = if bits >> i & 1 == 1 { b"true," } else { b"false," };
            // SAFETY: the caller gives 6 bytes a value.
            unsafe {
                core::ptr::copy_nonoverlapping(s.as_ptr(), out, s.len());
                out = out.add(s.len());
            }
        }
        out
    }
}
pub use scalar as v2;
pub use scalar as v3;
