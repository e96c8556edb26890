//! Doubles, as their shortest digits.

mod digits;
mod place;
mod pow10;
mod run;
mod shortest;

macro_rules! level {
    ($(#[$doc:meta])* $m:ident, $digits:ty $(, $features:literal)?) => {
        $(#[$doc])*
        pub mod $m {
            use crate::emit::kernel::float::{digits, run};

            /// See [`super::super::Level::float`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::float`].
            $(#[target_feature(enable = $features)])?
            #[inline]
            pub unsafe fn float(out: *mut u8, v: f64) -> *mut u8 {
                // SAFETY: the caller's promise of the level and of the room is handed on.
                unsafe { run::one::<$digits>(out, v) }
            }

            /// See [`super::super::Level::floats`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::floats`].
            $(#[target_feature(enable = $features)])?
            pub unsafe fn floats(out: *mut u8, run: &[f64]) -> *mut u8 {
                // SAFETY: the caller's promise of the level and of the room is handed on.
                unsafe { run::all::<$digits>(out, run) }
            }
        }
    };
}

level!(
    /// For any machine.
    scalar, digits::Words
);
#[cfg(target_arch = "x86_64")]
level!(
    /// x86-64-v2.
    v2, digits::Sse, "ssse3,sse4.1,sse4.2,popcnt"
);
#[cfg(target_arch = "x86_64")]
level!(
    /// x86-64-v3.
    v3, digits::Sse, "ssse3,sse4.1,sse4.2,popcnt,avx,avx2,bmi1,bmi2,lzcnt"
);
