//! Strings.

/// For any machine.
pub mod scalar {
    /// Writes one code point, escaped as JSON wants it.
    ///
    /// # Safety
    ///
    /// `out` has 6 writable bytes; `c` is no surrogate.
    #[inline]
    unsafe fn point(out: *mut u8, c: u32) -> *mut u8 {
        let mut b = [0u8; 6];
        let n = match c {
            0x22 | 0x5c => {
                b[0] = b'\\';
                b[1] = c as u8;
                2
            }
            0..0x20 => {
                let short = match c {
                    8 => b'b',
                    9 => b't',
                    10 => b'n',
                    12 => b'f',
                    13 => b'r',
                    _ => 0,
                };
                if short != 0 {
                    b[0] = b'\\';
                    b[1] = short;
                    2
                } else {
                    const HEX: &[u8; 16] = b"0123456789abcdef";
                    b = [b'\\', b'u', b'0', b'0', HEX[c as usize >> 4], HEX[c as usize & 15]];
                    6
                }
            }
            _ => {
                let mut t = [0u8; 4];
                let s = char::from_u32(c).unwrap_or('\u{fffd}').encode_utf8(&mut t);
                b[..s.len()].copy_from_slice(s.as_bytes());
                s.len()
            }
        };
        // SAFETY: the caller gives 6 bytes.
        unsafe {
            core::ptr::copy_nonoverlapping(b.as_ptr(), out, n);
            out.add(n)
        }
    }

    macro_rules! each {
        ($name:ident, $t:ty) => {
            /// See [`super::super::Level`].
            ///
            /// # Safety
            ///
            /// As the function of the same name in [`super::super::Level`].
            pub unsafe fn $name(mut out: *mut u8, s: &[$t]) -> *mut u8 {
                for &c in s {
                    let c = u32::from(c);
                    if c & 0xffff_f800 == 0xd800 {
                        return core::ptr::null_mut();
                    }
                    // SAFETY: the caller gives 6 bytes a character.
                    out = unsafe { point(out, c) };
                }
                out
            }
        };
    }
    each!(ascii, u8);
    each!(latin1, u8);
    each!(ucs2, u16);
    each!(ucs4, u32);

    macro_rules! len {
        ($name:ident, $t:ty) => {
            /// See [`super::super::Level`].
            ///
            /// # Safety
            ///
            /// None at this level.
            pub unsafe fn $name(s: &[$t]) -> Option<usize> {
                let mut n = 0;
                for &c in s {
                    n += char::from_u32(u32::from(c))?.len_utf8();
                }
                Some(n)
            }
        };
    }
    len!(ucs2_len, u16);
    len!(ucs4_len, u32);
}
pub use scalar as v2;
pub use scalar as v3;
