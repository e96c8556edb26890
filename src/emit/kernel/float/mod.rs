//! Doubles, as their shortest digits.

mod alike;
mod len;
mod machine;
mod place;
mod pow10;
mod run;
mod short;
mod shortest;
#[cfg(target_arch = "x86_64")]
mod wide;

#[cfg(target_arch = "x86_64")]
pub use short::is_short;

macro_rules! level {
    ($(#[$doc:meta])* $m:ident, $machine:ty, $words:ty $(, $features:literal)?) => {
        $(#[$doc])*
        pub mod $m {
            use crate::emit::kernel::float::{len, machine, run};
            use crate::emit::kernel::int;

            /// See [`super::super::Level::float`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::float`].
            $(#[target_feature(enable = $features)])?
            #[inline]
            pub unsafe fn float(out: *mut u8, v: f64) -> *mut u8 {
                // SAFETY: the caller's promise of the level and of the room is handed on.
                unsafe { run::one::<$words>(out, v, longer) }
            }

            /// A double that is no short decimal.
            ///
            /// # Safety
            ///
            /// As [`float`].
            $(#[target_feature(enable = $features)])?
            #[cold]
            #[inline(never)]
            unsafe fn longer(out: *mut u8, v: f64) -> *mut u8 {
                // SAFETY: as above.
                unsafe { run::longer::<$machine, $words>(out, v) }
            }

            /// See [`super::super::Level::floats`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::floats`].
            $(#[target_feature(enable = $features)])?
            pub unsafe fn floats(out: *mut u8, run: &[f64]) -> *mut u8 {
                // SAFETY: the caller's promise of the level and of the room is handed on.
                unsafe { run::all::<$machine>(out, run) }
            }

            /// See [`super::super::Level::rows`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::rows`].
            $(#[target_feature(enable = $features)])?
            pub unsafe fn rows(out: *mut u8, run: &[f64], width: usize) -> *mut u8 {
                // SAFETY: the caller's promise of the level and of the room is handed on.
                unsafe { run::rows::<$machine>(out, run, width) }
            }

            /// See [`super::super::Level::floats_len`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::floats_len`].
            $(#[target_feature(enable = $features)])?
            pub unsafe fn floats_len(run: &[f64]) -> usize {
                // SAFETY: the caller's promise of the level is handed on.
                unsafe { len::all::<$machine>(run) }
            }
        }
    };
}

level!(
    /// For any machine.
    scalar, machine::Words, int::Swar
);
/// NEON: plain code suits aarch64, whose products of words are as quick as any.
#[cfg(neon)]
pub use scalar as neon;
#[cfg(target_arch = "x86_64")]
level!(
    /// x86-64-v2.
    v2, machine::Sse, int::Sse2, "ssse3,sse4.1,sse4.2,popcnt"
);
#[cfg(target_arch = "x86_64")]
level!(
    /// x86-64-v3.
    v3, machine::Avx, int::Sse2, "ssse3,sse4.1,sse4.2,popcnt,avx,avx2,bmi1,bmi2,lzcnt"
);

/// x86-64-v4, but for single doubles.
#[cfg(target_arch = "x86_64")]
pub mod v4 {
    pub use super::wide::{floats, floats_len, rows};
}
