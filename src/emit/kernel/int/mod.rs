//! Integers: one at a time ([`single`]) and in runs of one kind ([`run`]).
//!
//! A run is cut into blocks, and each block takes the narrowest of five ways that its largest
//! magnitude allows ([`class`]). None of the ways branches on the number of digits of a value: with
//! random lengths a misprediction would cost more than writing all the digits there may be.

mod class;
#[cfg(target_arch = "x86_64")]
mod digits;
#[cfg(target_arch = "x86_64")]
mod lanes;
mod run;
mod single;
#[cfg(target_arch = "x86_64")]
mod sse2;
mod swar;
mod table;
#[cfg(target_arch = "x86_64")]
mod vector;
#[cfg(target_arch = "x86_64")]
mod wide;
mod words;

pub(super) use single::uint;
#[cfg(target_arch = "x86_64")]
pub(super) use sse2::Sse2;
pub(super) use swar::Swar;
pub(super) use words::Words;

/// The kernels of one level: `$words` for single integers, `$ways` for runs.
///
/// Single integers need no target feature on any level: with one, they could not be inlined into
/// the writer, which has none.
macro_rules! level {
    ($(#[$doc:meta])* $level:ident, $words:ty, $ways:ty $(, $features:literal)?) => {
        $(#[$doc])*
        pub mod $level {
            /// See [`super::super::Level::int`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::int`].
            #[inline]
            pub unsafe fn int(out: *mut u8, v: i64) -> *mut u8 {
                // SAFETY: handed on from the caller.
                unsafe { super::single::int::<$words>(out, v) }
            }

            /// See [`super::super::Level::uint`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::uint`].
            #[inline]
            pub unsafe fn uint(out: *mut u8, v: u64) -> *mut u8 {
                // SAFETY: handed on from the caller.
                unsafe { super::single::uint::<$words>(out, v) }
            }

            /// See [`super::super::Level::int_among_ints`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::int_among_ints`].
            #[inline]
            pub unsafe fn int_among_ints(out: *mut u8, v: i64) -> *mut u8 {
                // SAFETY: handed on from the caller.
                unsafe { super::single::among_ints::<$words>(out, v) }
            }

            /// See [`super::super::Level::ints`].
            ///
            /// # Safety
            ///
            /// As [`super::super::Level::ints`].
            $(#[target_feature(enable = $features)])?
            pub unsafe fn ints(out: *mut u8, run: &[i64]) -> *mut u8 {
                // SAFETY: the room is handed on from the caller; the instructions that the ways ask
                // for are those enabled here.
                unsafe { super::run::ints::<$ways>(out, run) }
            }
        }
    };
}

level!(
    /// For any machine.
    scalar, crate::emit::kernel::int::swar::Swar, crate::emit::kernel::int::swar::Swar
);
/// NEON: nothing in it that this code could use, beyond what the compiler finds.
#[cfg(neon)]
pub use scalar as neon;
#[cfg(target_arch = "x86_64")]
level!(
    /// x86-64-v2: two values at once.
    v2, crate::emit::kernel::int::sse2::Sse2,
    crate::emit::kernel::int::lanes::Lanes<core::arch::x86_64::__m128i>,
    "ssse3,sse4.1,sse4.2,popcnt"
);
#[cfg(target_arch = "x86_64")]
level!(
    /// x86-64-v3: four values at once.
    v3, crate::emit::kernel::int::sse2::Sse2,
    crate::emit::kernel::int::lanes::Lanes<core::arch::x86_64::__m256i>,
    "avx2,bmi1,bmi2,lzcnt,popcnt"
);
/// x86-64-v4, but for single integers: eight values at once.
#[cfg(target_arch = "x86_64")]
pub mod v4 {
    /// See [`super::super::Level::ints`].
    ///
    /// # Safety
    ///
    /// As [`super::super::Level::ints`].
    #[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,bmi1,bmi2,lzcnt,popcnt")]
    pub unsafe fn ints(out: *mut u8, run: &[i64]) -> *mut u8 {
        // SAFETY: the room is handed on from the caller; the instructions that the ways ask for are those enabled here.
        unsafe { super::run::ints::<super::wide::Wide>(out, run) }
    }
}
