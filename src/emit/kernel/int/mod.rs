//! Integers: one at a time ([`single`]) and in runs of one kind ([`run`]).
//!
//! A run is cut into blocks, and each block takes the narrowest of four ways that its largest
//! magnitude allows ([`class`]). None of the ways branches on the number of digits of a value: with
//! random lengths a misprediction would cost more than writing all the digits there may be.

mod class;
#[cfg(target_arch = "x86_64")]
mod lanes;
mod run;
mod single;
mod swar;
mod table;
#[cfg(target_arch = "x86_64")]
mod vector;

/// For any machine.
pub mod scalar {
    pub use super::single::{int, uint};

    /// See [`super::super::Level::ints`].
    ///
    /// # Safety
    ///
    /// As [`super::super::Level::ints`].
    pub unsafe fn ints(out: *mut u8, run: &[i64]) -> *mut u8 {
        // SAFETY: the caller gives INT_MAX + 1 bytes a value, and the slack.
        unsafe { super::run::ints::<super::swar::Swar>(out, run) }
    }
}

/// A level whose runs go through vectors. Single integers stay plain code on every level: a function
/// with a target feature cannot be inlined into the writer, which has none.
#[cfg(target_arch = "x86_64")]
macro_rules! vector_level {
    ($(#[$doc:meta])* $level:ident, $vector:ident, $features:literal) => {
        $(#[$doc])*
        pub mod $level {
            pub use super::single::{int, uint};
            use core::arch::x86_64::$vector;

            /// See [`super::super::Level::ints`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::ints`].
            #[target_feature(enable = $features)]
            pub unsafe fn ints(out: *mut u8, run: &[i64]) -> *mut u8 {
                // SAFETY: the caller gives INT_MAX + 1 bytes a value, and the slack; the features
                // that `Vector` asks for are enabled here.
                unsafe { super::run::ints::<super::lanes::Lanes<$vector>>(out, run) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
vector_level!(
    /// x86-64-v2: two values at once.
    v2, __m128i, "ssse3,sse4.1,sse4.2,popcnt"
);
#[cfg(target_arch = "x86_64")]
vector_level!(
    /// x86-64-v3: four values at once.
    v3, __m256i, "avx2,bmi1,bmi2,lzcnt,popcnt"
);
