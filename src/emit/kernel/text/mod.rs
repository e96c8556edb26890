//! Strings: escaped and, where they are not, made UTF-8 in the same pass.
//!
//! [`scalar`] runs anywhere. The vector algorithms stand once, over `vector::Vector`, and are instantiated here for each
//! register: `v2` and `v3` of x86-64, `neon` of aarch64. `v4` has algorithms of its own, in `compress`.

pub mod policy;
pub mod scalar;

mod escape;

#[cfg(vectors)]
mod ascii;
#[cfg(vectors)]
mod blocks;
#[cfg(target_arch = "x86_64")]
pub mod brief;
#[cfg(target_arch = "x86_64")]
mod compress;
#[cfg(vectors)]
mod expand;
#[cfg(vectors)]
mod latin1;
#[cfg(vectors)]
mod len;
#[cfg(vectors)]
mod marks;
#[cfg(vectors)]
mod page;
/// Up to 32 bytes and whatever lies behind them.
#[cfg(not(vectors))]
pub fn padded(s: &[u8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..s.len()].copy_from_slice(s);
    bytes
}
/// Whether the bytes from the second on are those of `s`, which is shorter than they are.
#[cfg(not(vectors))]
pub fn stands_in(bytes: &[u8; 32], s: &[u8]) -> bool {
    bytes[1..].starts_with(s)
}
#[cfg(vectors)]
pub use page::{padded, stands_in};
#[cfg(vectors)]
mod run;
#[cfg(vectors)]
mod ucs2;
#[cfg(vectors)]
mod ucs4;
#[cfg(vectors)]
mod vector;
#[cfg(vectors)]
pub(super) use vector::{Vector, X16};

/// A kernel of one level and its way out for what is rare, in code with the level's instructions.
#[cfg(vectors)]
macro_rules! kernel {
    ($features:literal $vector:ident, $name:ident, $slowly:ident, $t:ty, $n:literal, $blocks:ty) => {
        /// See the function of the same name in [`super::super::Level`].
        ///
        /// # Safety
        ///
        /// As the function of the same name in [`super::super::Level`].
        #[target_feature(enable = $features)]
        pub unsafe fn $name(out: *mut u8, s: &[$t]) -> *mut u8 {
            // SAFETY: the caller's promise; this function has the level's instructions.
            unsafe { blocks::write::<$vector, $n, $blocks>(out, s, $slowly) }
        }

        #[target_feature(enable = $features)]
        #[cold]
        #[inline(never)]
        unsafe fn $slowly(out: *mut u8, s: &[$t]) -> *mut u8 {
            // SAFETY: the caller's promise; this function has the level's instructions.
            unsafe { blocks::slowly::<$vector, $n, $blocks>(out, s) }
        }
    };
}

/// A length function of one level.
#[cfg(vectors)]
macro_rules! len {
    ($features:literal $vector:ident, $name:ident, $t:ty) => {
        /// See the function of the same name in [`super::super::Level`].
        ///
        /// # Safety
        ///
        /// As the function of the same name in [`super::super::Level`].
        #[target_feature(enable = $features)]
        pub unsafe fn $name(s: &[$t]) -> Option<usize> {
            // SAFETY: the caller's promise; this function has the level's instructions.
            unsafe { len::len::<$vector, $t>(s) }
        }
    };
}

#[cfg(vectors)]
macro_rules! level {
    ($(#[$doc:meta])* $level:ident, $vector:ident, $features:literal) => {
        $(#[$doc])*
        pub mod $level {
            use super::vector::$vector;
            use super::{ascii, blocks, latin1, len, run, ucs2, ucs4};
            use crate::emit::kernel::{Source, Stop};

            kernel!($features $vector, latin1, latin1_slowly, u8, 1, latin1::Latin1);
            kernel!($features $vector, ucs2, ucs2_slowly, u16, 1, ucs2::Ucs2<$vector>);
            kernel!($features $vector, ucs4, ucs4_slowly, u32, 2, ucs4::Ucs4<$vector>);
            len!($features $vector, ucs2_len, u16);
            len!($features $vector, ucs4_len, u32);

            /// See [`super::super::Level::texts`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::texts`].
            #[target_feature(enable = $features)]
            pub unsafe fn texts<'a, S: Source<'a>>(
                out: *mut u8,
                end: *mut u8,
                source: S,
            ) -> (S, *mut u8, Stop) {
                // SAFETY: the caller's promise; this function has the level's instructions.
                unsafe {
                    if run::has_copies(source) {
                        return copied_texts(out, end, source);
                    }
                    run::texts::<run::Simple<$vector>, S, false>(out, end, source, &OTHERS)
                }
            }

            const OTHERS: run::Others = run::Others { ascii: ascii_long, latin1, ucs2, ucs4 };

            /// The same where there is UTF-8. Apart, so that each loop has all registers.
            ///
            /// # Safety
            ///
            /// As above.
            #[target_feature(enable = $features)]
            #[inline(never)]
            unsafe fn copied_texts<'a, S: Source<'a>>(
                out: *mut u8,
                end: *mut u8,
                source: S,
            ) -> (S, *mut u8, Stop) {
                // SAFETY: the caller's promise; this function has the level's instructions.
                unsafe { run::texts::<run::Simple<$vector>, S, true>(out, end, source, &OTHERS) }
            }

            /// Strings that are short and simple, as most are; null for others.
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::clean`].
            #[inline(always)]
            pub unsafe fn short(out: *mut u8, s: &[u8]) -> *mut u8 {
                // SAFETY: the caller's promise.
                unsafe { ascii::short::<$vector>(out, s) }
            }

            /// Strings that are not long, and simple, as most are; null for others.
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::ascii`].
            #[inline(always)]
            pub unsafe fn brief(out: *mut u8, s: &[u8]) -> *mut u8 {
                // SAFETY: the caller's promise; the slack is 32 bytes and more.
                unsafe { ascii::brief::<$vector>(out, s) }
            }

            /// See [`super::super::Level::clean`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::clean`].
            #[inline(always)]
            pub unsafe fn clean(out: *mut u8, s: &[u8]) -> bool {
                // SAFETY: the caller's promise.
                !unsafe { short(out, s) }.is_null()
            }

            /// See [`super::super::Level::plain`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::plain`].
            #[target_feature(enable = $features)]
            pub unsafe fn plain(out: *mut u8, s: &[u8]) -> bool {
                // SAFETY: the caller's promise; this function has the level's instructions.
                unsafe { ascii::plain::<$vector>(out, s) }
            }

            /// Strings that are not short or not simple.
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::ascii`].
            #[target_feature(enable = $features)]
            #[inline(never)]
            pub unsafe fn ascii_long(out: *mut u8, s: &[u8]) -> *mut u8 {
                // SAFETY: the caller's promise; this function has the level's instructions.
                unsafe { ascii::other::<$vector>(out, s) }
            }

            /// See [`super::super::Level::ascii`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::ascii`].
            #[inline(always)]
            pub unsafe fn ascii(out: *mut u8, s: &[u8]) -> *mut u8 {
                // SAFETY: the caller's promise.
                unsafe {
                    let end = brief(out, s);
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
#[cfg(neon)]
level!(
    /// NEON.
    neon, X16, "neon"
);
/// AVX-512 with VBMI2.
#[cfg(target_arch = "x86_64")]
pub mod v4 {
    pub use super::compress::{ascii, latin1, texts, ucs2, ucs2_len, ucs4, ucs4_len};
}
