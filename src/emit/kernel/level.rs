//! What kernels there are, and whose they are at each level.

use super::{BOOLS_MAX, Name, Source, Stop};

/// The kernels of one instruction set.
///
/// # Safety
///
/// For every function: the machine has the level's instructions (whoever names the type has checked
/// it, see [`Name::is_available`]), and `out` is the start of as many writable bytes as the function
/// states, plus [`super::SLACK`].
pub trait Level: Copy + 'static {
    /// The level's name, as `PLANJSON_LEVEL` spells it.
    const NAME: &'static str;

    /// Writes `v` and a comma. Bound: [`super::INT_MAX`] bytes and one.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn int(out: *mut u8, v: i64) -> *mut u8;
    /// The same of one whose neighbours are integers of other lengths. Same bound.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn int_among_ints(out: *mut u8, v: i64) -> *mut u8;
    /// Writes `v`. Bound: [`super::INT_MAX`] bytes.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn uint(out: *mut u8, v: u64) -> *mut u8;
    /// Writes each value and a comma. Bound: `run.len() * (INT_MAX + 1)` bytes.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn ints(out: *mut u8, run: &[i64]) -> *mut u8;

    /// Writes the shortest digits of `v`, or `null` if it is not finite. Bound: [`super::FLOAT_MAX`] bytes.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn float(out: *mut u8, v: f64) -> *mut u8;
    /// Writes each value and a comma. Bound: `run.len() * (FLOAT_MAX + 1)` bytes.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn floats(out: *mut u8, run: &[f64]) -> *mut u8;

    /// Writes rows of `width` values, as `[1.5,2.5],` each; `width` is not 0 and divides the length. Bound:
    /// `run.len() * (FLOAT_MAX + 3)` bytes.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn rows(out: *mut u8, run: &[f64], width: usize) -> *mut u8;

    /// How many bytes [`Level::floats`] writes.
    ///
    /// # Safety
    ///
    /// The machine has the level's instructions.
    unsafe fn floats_len(run: &[f64]) -> usize;

    /// Writes `true,` or `false,` for each of the `n` lowest bits, from bit 0 on; `n` is at most
    /// [`super::BOOLS_MAX`]. Bound: `6 * n` bytes.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn bools(out: *mut u8, bits: u64, n: usize) -> *mut u8;

    /// The words as bits, set where one is `yes`; `None` if one is neither `yes` nor `no`.
    ///
    /// # Safety
    ///
    /// The machine has the level's instructions.
    unsafe fn bits(words: &[usize; BOOLS_MAX], yes: usize, no: usize) -> Option<u64>;

    /// Does `job` in code that has the level's instructions.
    ///
    /// # Safety
    ///
    /// The machine has the level's instructions.
    unsafe fn with<J: Job>(job: J) -> J::Result;

    /// Writes `s` escaped, without quotes: ASCII, or any UTF-8, of which bytes from 0x80 on stay as they are. Bound:
    /// `6 * s.len()` bytes.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn ascii(out: *mut u8, s: &[u8]) -> *mut u8;
    /// The same for a string of 1 to 32 characters, in code that has the level's instructions ([`Level::with`]).
    ///
    /// # Safety
    ///
    /// See the trait's.
    #[inline(always)]
    unsafe fn brief(out: *mut u8, s: &[u8]) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { Self::ascii(out, s) }
    }
    /// Copies `s`, which is ASCII, if it has 32 characters at the most and nothing to escape, perhaps with what lies
    /// behind its end; whether it was such a one. Not every such string is seen to be one. Bound: 32 bytes, without slack.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn clean(out: *mut u8, s: &[u8]) -> bool;
    /// Copies `s`, which is ASCII of 32 bytes at least, whatever is in it; whether there is nothing to escape. Bound:
    /// `s.len()` bytes, without slack.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn plain(out: *mut u8, s: &[u8]) -> bool;
    /// Writes `s` (code points 0 to 0xFF) escaped and as UTF-8. Bound: `6 * s.len()` bytes.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn latin1(out: *mut u8, s: &[u8]) -> *mut u8;
    /// Writes `s` (code points 0 to 0xFFFF) escaped and as UTF-8; null if one is a surrogate.
    /// Bound: `6 * s.len()` bytes.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn ucs2(out: *mut u8, s: &[u16]) -> *mut u8;
    /// Writes `s` (code points 0 to 0x10FFFF) escaped and as UTF-8; null if one is a surrogate.
    /// Bound: `6 * s.len()` bytes.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn ucs4(out: *mut u8, s: &[u32]) -> *mut u8;

    /// Writes what `source` gives, each string in quotes and a comma behind it, up to one for which there may not be
    /// place before `end`, or that has a surrogate. That one may be written over what is behind the place returned.
    ///
    /// # Safety
    ///
    /// See the trait's, but for the room: what is from `out` to `end` is writable.
    unsafe fn texts<'a, S: Source<'a>>(out: *mut u8, end: *mut u8, source: S) -> (S, *mut u8, Stop);

    /// Length of `s` in UTF-8 without escapes, or `None` if there is a surrogate in it. Writes nothing.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn ucs2_len(s: &[u16]) -> Option<usize>;
    /// Length of `s` in UTF-8 without escapes, or `None` if there is a surrogate in it. Writes nothing.
    ///
    /// # Safety
    ///
    /// See the trait's.
    unsafe fn ucs4_len(s: &[u32]) -> Option<usize>;
}

/// Something to be compiled for each level. Its `run` is to be inlined: only then has it the level's instructions.
pub trait Job {
    /// What comes of it.
    type Result;

    /// Does it.
    fn run(self) -> Self::Result;
}

macro_rules! level {
    ($(#[$doc:meta])* $ty:ident, $name:expr, $m:ident, $own:ident $(, $features:literal)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $ty;

        // SAFETY (all blocks below): the caller's promise of `Level` is handed on unchanged.
        impl Level for $ty {
            const NAME: &'static str = $name.as_str();

            #[inline(always)]
            unsafe fn int(out: *mut u8, v: i64) -> *mut u8 {
                // SAFETY: see above.
                unsafe { super::int::$m::int(out, v) }
            }
            #[inline(always)]
            unsafe fn uint(out: *mut u8, v: u64) -> *mut u8 {
                // SAFETY: see above.
                unsafe { super::int::$m::uint(out, v) }
            }
            #[inline(always)]
            unsafe fn int_among_ints(out: *mut u8, v: i64) -> *mut u8 {
                // SAFETY: see above.
                unsafe { super::int::$m::int_among_ints(out, v) }
            }
            #[inline(always)]
            unsafe fn ints(out: *mut u8, run: &[i64]) -> *mut u8 {
                // SAFETY: see above.
                unsafe { super::int::$own::ints(out, run) }
            }
            #[inline(always)]
            unsafe fn float(out: *mut u8, v: f64) -> *mut u8 {
                // SAFETY: see above.
                unsafe { super::float::$m::float(out, v) }
            }
            #[inline(always)]
            unsafe fn floats(out: *mut u8, run: &[f64]) -> *mut u8 {
                // SAFETY: see above.
                unsafe { super::float::$own::floats(out, run) }
            }
            #[inline(always)]
            unsafe fn rows(out: *mut u8, run: &[f64], width: usize) -> *mut u8 {
                // SAFETY: see above.
                unsafe { super::float::$own::rows(out, run, width) }
            }
            #[inline(always)]
            unsafe fn floats_len(run: &[f64]) -> usize {
                // SAFETY: see above.
                unsafe { super::float::$own::floats_len(run) }
            }
            #[inline(always)]
            unsafe fn bools(out: *mut u8, bits: u64, n: usize) -> *mut u8 {
                // SAFETY: see above.
                unsafe { super::bool::$m::bools(out, bits, n) }
            }
            #[inline(always)]
            unsafe fn bits(words: &[usize; BOOLS_MAX], yes: usize, no: usize) -> Option<u64> {
                // SAFETY: see above.
                unsafe { super::bool::$m::bits(words, yes, no) }
            }
            #[inline(always)]
            unsafe fn with<J: Job>(job: J) -> J::Result {
                $(#[target_feature(enable = $features)])?
                fn with<J: Job>(job: J) -> J::Result {
                    job.run()
                }
                // SAFETY: see above.
                #[allow(unused_unsafe)]
                unsafe { with(job) }
            }
            #[inline(always)]
            unsafe fn ascii(out: *mut u8, s: &[u8]) -> *mut u8 {
                // SAFETY: see above.
                unsafe { super::text::$own::ascii(out, s) }
            }
            #[inline(always)]
            unsafe fn clean(out: *mut u8, s: &[u8]) -> bool {
                // SAFETY: see above.
                unsafe { super::text::$m::clean(out, s) }
            }
            #[inline(always)]
            unsafe fn plain(out: *mut u8, s: &[u8]) -> bool {
                // SAFETY: see above.
                unsafe { super::text::$m::plain(out, s) }
            }
            #[inline(always)]
            unsafe fn latin1(out: *mut u8, s: &[u8]) -> *mut u8 {
                // SAFETY: see above.
                unsafe { super::text::$own::latin1(out, s) }
            }
            #[inline(always)]
            unsafe fn ucs2(out: *mut u8, s: &[u16]) -> *mut u8 {
                // SAFETY: see above.
                unsafe { super::text::$own::ucs2(out, s) }
            }
            #[inline(always)]
            unsafe fn ucs4(out: *mut u8, s: &[u32]) -> *mut u8 {
                // SAFETY: see above.
                unsafe { super::text::$own::ucs4(out, s) }
            }
            #[inline(always)]
            unsafe fn texts<'a, S: Source<'a>>(
                out: *mut u8,
                end: *mut u8,
                source: S,
            ) -> (S, *mut u8, Stop) {
                // SAFETY: see above.
                unsafe { super::text::$own::texts(out, end, source) }
            }
            #[inline(always)]
            unsafe fn ucs2_len(s: &[u16]) -> Option<usize> {
                // SAFETY: see above.
                unsafe { super::text::$own::ucs2_len(s) }
            }
            #[inline(always)]
            unsafe fn ucs4_len(s: &[u32]) -> Option<usize> {
                // SAFETY: see above.
                unsafe { super::text::$own::ucs4_len(s) }
            }
        }
    };
}

level!(
    /// Plain code for any machine.
    Scalar, Name::Scalar, scalar, scalar
);
#[cfg(neon)]
level!(
    /// aarch64 with NEON; its numbers are those of plain code.
    Neon, Name::Neon, neon, neon, "neon"
);
#[cfg(target_arch = "x86_64")]
level!(
    /// x86-64-v2.
    V2, Name::V2, v2, v2, "ssse3,sse4.1,sse4.2,popcnt"
);
#[cfg(target_arch = "x86_64")]
level!(
    /// x86-64-v3.
    V3, Name::V3, v3, v3, "ssse3,sse4.1,sse4.2,popcnt,avx2,bmi1,bmi2,lzcnt"
);
#[cfg(target_arch = "x86_64")]
level!(
    /// x86-64-v4 with IFMA, VBMI and VBMI2; only its texts and its runs of numbers are of its own.
    V4, Name::V4, v3, v4, "ssse3,sse4.1,sse4.2,popcnt,avx2,bmi1,bmi2,lzcnt"
);
