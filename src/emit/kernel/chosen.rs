//! x86-64-v3 and x86-64-v4 in one: they differ in their texts and in their runs of numbers alone, and most of those are
//! long or wide enough to be called. So whoever is compiled for each level (the walk, the writer) need not be compiled for both.

use super::float::is_short;
use super::name::IS_V4;
use super::{BOOLS_MAX, Job, Level, Source, Stop, V3, V4, text};
use core::sync::atomic::Ordering::Relaxed;

/// The one of x86-64-v3 and x86-64-v4 that was chosen. The machine has the former.
#[derive(Clone, Copy, Debug)]
pub struct Chosen;

/// Functions that are those of x86-64-v3.
macro_rules! common {
    ($($name:ident($($argument:ident: $t:ty),*) -> $result:ty;)*) => {$(
        #[inline(always)]
        unsafe fn $name($($argument: $t),*) -> $result {
            // SAFETY: the caller's promise of `Level`.
            unsafe { V3::$name($($argument),*) }
        }
    )*};
}

/// Functions that are those of the level that was chosen.
macro_rules! either {
    ($($name:ident($($argument:ident: $t:ty),*) -> $result:ty;)*) => {$(
        #[inline(always)]
        unsafe fn $name($($argument: $t),*) -> $result {
            // SAFETY: the caller's promise of `Level`; the machine has x86-64-v4 where it was chosen.
            unsafe {
                if IS_V4.load(Relaxed) { V4::$name($($argument),*) } else { V3::$name($($argument),*) }
            }
        }
    )*};
}

/// Whether the first strings of a run are so short that a store of 64 bytes for each, which takes twice the time of one
/// of 32, would be waste: 2.3 ns instead of 2.0.
#[inline(always)]
fn is_brief<'a>(mut source: impl Source<'a>) -> bool {
    /// Strings that are looked at, and how long they may be.
    const SAMPLE: usize = 8;
    const BRIEF: usize = 16;
    (0..SAMPLE).all(|_| {
        let is_brief = source.ascii().is_some_and(|s| s.len() <= BRIEF);
        source.advance();
        is_brief
    })
}

/// Doubles of one vector.
const WIDE_FLOATS: usize = 8;

/// Whether the first of them is a short decimal, as the others are likely to be.
#[inline(always)]
fn begins_short(run: &[f64]) -> bool {
    run.first().is_some_and(|&v| is_short::<3>(v))
}

impl Level for Chosen {
    const NAME: &'static str = V3::NAME;

    common! {
        int(out: *mut u8, v: i64) -> *mut u8;
        uint(out: *mut u8, v: u64) -> *mut u8;
        int_among_ints(out: *mut u8, v: i64) -> *mut u8;
        float(out: *mut u8, v: f64) -> *mut u8;
        bools(out: *mut u8, bits: u64, n: usize) -> *mut u8;
        clean(out: *mut u8, s: &[u8]) -> bool;
        plain(out: *mut u8, s: &[u8]) -> bool;
        bits(words: &[usize; BOOLS_MAX], yes: usize, no: usize) -> Option<u64>;
    }
    either! {
        ints(out: *mut u8, run: &[i64]) -> *mut u8;
        rows(out: *mut u8, run: &[f64], width: usize) -> *mut u8;
        floats_len(run: &[f64]) -> usize;
        latin1(out: *mut u8, s: &[u8]) -> *mut u8;
        ucs2(out: *mut u8, s: &[u16]) -> *mut u8;
        ucs4(out: *mut u8, s: &[u32]) -> *mut u8;
        ucs2_len(s: &[u16]) -> Option<usize>;
        ucs4_len(s: &[u32]) -> Option<usize>;
    }

    #[inline(always)]
    unsafe fn with<J: Job>(job: J) -> J::Result {
        // SAFETY: the caller's promise of `Level`.
        unsafe { V3::with(job) }
    }

    /// Eight at once do not pay for less than two vectors of short decimals: 5.5 ns each instead of 4.2.
    #[inline(always)]
    unsafe fn floats(out: *mut u8, run: &[f64]) -> *mut u8 {
        let wide = IS_V4.load(Relaxed) && (run.len() > WIDE_FLOATS || !begins_short(run));
        // SAFETY: the caller's promise of `Level`; the machine has x86-64-v4 where it was chosen.
        unsafe { if wide { V4::floats(out, run) } else { V3::floats(out, run) } }
    }

    /// Those that are not long are the business of both.
    #[inline(always)]
    unsafe fn ascii(out: *mut u8, s: &[u8]) -> *mut u8 {
        // SAFETY: the caller's promise of `Level`; the machine has x86-64-v4 where it was chosen.
        unsafe {
            let end = text::v3::brief(out, s);
            if !end.is_null() {
                end
            } else if IS_V4.load(Relaxed) {
                text::v4::ascii(out, s)
            } else {
                text::v3::ascii_long(out, s)
            }
        }
    }

    #[inline(always)]
    unsafe fn brief(out: *mut u8, s: &[u8]) -> *mut u8 {
        // SAFETY: the caller's promise of `Level`.
        unsafe {
            let end = text::brief::short(out, s);
            if end.is_null() { Self::ascii(out, s) } else { end }
        }
    }

    #[inline(always)]
    unsafe fn texts<'a, S: Source<'a>>(out: *mut u8, end: *mut u8, source: S) -> (S, *mut u8, Stop) {
        let wide = IS_V4.load(Relaxed) && !is_brief(source);
        // SAFETY: the caller's promise of `Level`; the machine has x86-64-v4 where it was chosen.
        unsafe { if wide { V4::texts(out, end, source) } else { V3::texts(out, end, source) } }
    }
}
