//! Strings: escaped and, where they are not, made UTF-8 in the same pass.
//!
//! [`scalar`] runs anywhere. The vector algorithms stand once, over [`vector::Vector`], and are
//! instantiated here for two sizes of register: [`v2`] and [`v3`].

pub mod scalar;

mod escape;

#[cfg(target_arch = "x86_64")]
mod ascii;
#[cfg(target_arch = "x86_64")]
mod blocks;
#[cfg(target_arch = "x86_64")]
mod expand;
#[cfg(target_arch = "x86_64")]
mod latin1;
#[cfg(target_arch = "x86_64")]
mod len;
#[cfg(target_arch = "x86_64")]
mod marks;
#[cfg(target_arch = "x86_64")]
mod page;
#[cfg(target_arch = "x86_64")]
mod ucs2;
#[cfg(target_arch = "x86_64")]
mod ucs4;
#[cfg(target_arch = "x86_64")]
mod vector;

/// A function of one level, in code that may use the level's instructions.
#[cfg(target_arch = "x86_64")]
macro_rules! instance {
    ($features:literal $name:ident($($arg:ident: $t:ty),*) -> $r:ty = $body:path) => {
        /// See the function of the same name in [`super::super::Level`].
        ///
        /// # Safety
        ///
        /// As the function of the same name in [`super::super::Level`].
        #[target_feature(enable = $features)]
        pub unsafe fn $name($($arg: $t),*) -> $r {
            // SAFETY: the caller's promise; this function has the level's instructions.
            unsafe { $body($($arg),*) }
        }
    };
}

#[cfg(target_arch = "x86_64")]
macro_rules! level {
    ($(#[$doc:meta])* $level:ident, $vector:ident, $features:literal) => {
        $(#[$doc])*
        pub mod $level {
            use super::vector::$vector;
            use super::{ascii, latin1, len, ucs2, ucs4};

            instance!($features ascii_long(out: *mut u8, s: &[u8]) -> *mut u8 = ascii::long::<$vector>);
            instance!($features latin1(out: *mut u8, s: &[u8]) -> *mut u8 = latin1::latin1::<$vector>);
            instance!($features ucs2(out: *mut u8, s: &[u16]) -> *mut u8 = ucs2::ucs2::<$vector>);
            instance!($features ucs4(out: *mut u8, s: &[u32]) -> *mut u8 = ucs4::ucs4::<$vector>);
            instance!($features ucs2_len(s: &[u16]) -> Option<usize> = len::len::<$vector, u16>);
            instance!($features ucs4_len(s: &[u32]) -> Option<usize> = len::len::<$vector, u32>);

            /// See [`super::super::Level::ascii`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::ascii`].
            #[inline(always)]
            pub unsafe fn ascii(out: *mut u8, s: &[u8]) -> *mut u8 {
                // SAFETY: the caller's promise; the slack is 32 bytes and more.
                unsafe {
                    let end = ascii::short(out, s);
                    if end.is_null() { ascii_long(out, s) } else { end }
                }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
level!(
    /// SSSE3, SSE4.1, SSE4.2 and POPCNT.
    v2, X16, "ssse3,sse4.1,sse4.2,popcnt"
);
#[cfg(target_arch = "x86_64")]
level!(
    /// AVX2, BMI1, BMI2 and LZCNT, and all of v2.
    v3, X32, "ssse3,sse4.1,sse4.2,popcnt,avx2,bmi1,bmi2,lzcnt"
);
