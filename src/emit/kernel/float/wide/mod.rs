//! Doubles of x86-64-v4: eight at once through each step, and two at once into text.
//!
//! Nothing branches on what a double looks like but where one is rare. No address depends on it but those of the stores,
//! which come last, and of tables.

mod digits;
mod slots;
mod used;

use super::alike;
use crate::emit::kernel::decimal::sixteens;
use core::arch::x86_64::*;
use core::mem::MaybeUninit;
use digits::LANES;
use slots::{LAST, ROWS, Row, SLOTS};
use used::Used;

/// How many doubles are between their digits and their stores.
const CHUNK: usize = 64;

/// See [`super::super::Level::floats`].
///
/// # Safety
///
/// As [`super::super::Level::floats`].
#[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
pub unsafe fn floats(out: *mut u8, run: &[f64]) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe {
        let (out, run) = alike::leading(out, run);
        write::<false>(out, run, Brackets::new(1))
    }
}

/// See [`super::super::Level::rows`].
///
/// # Safety
///
/// As [`super::super::Level::rows`].
#[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
pub unsafe fn rows(out: *mut u8, run: &[f64], width: usize) -> *mut u8 {
    // SAFETY: the caller's promise. A row has a bracket more than the commas that are counted, and another comma.
    unsafe { write::<true>(out, run, Brackets::new(width)) }
}

/// See [`super::super::Level::floats_len`].
#[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
pub fn floats_len(run: &[f64]) -> usize {
    let (mut lens, mut signs) = (_mm512_setzero_si512(), 0);
    let tail = tail(run);
    for (eight, live) in eights(run, &tail) {
        let d = digits::decimals(eight);
        let (first, rest) = sixteens::<true>(d.sixteen);
        lens = _mm512_mask_add_epi64(lens, live, lens, Used::new(&d, first, rest).count());
        // Those that are not there are not negative.
        signs += d.negative.count_ones();
    }
    _mm512_reduce_add_epi64(lens) as usize + signs as usize + run.len()
}

/// What is behind the last whole eight.
#[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
#[inline]
fn tail(run: &[f64]) -> [f64; LANES] {
    let rest = run.as_chunks::<LANES>().1;
    let mut tail = [0.0; LANES];
    // SAFETY: what is not in the slice is not loaded; eight doubles are 64 bytes.
    unsafe {
        let rest = _mm512_maskz_loadu_pd(first(rest.len()), rest.as_ptr());
        _mm512_storeu_pd(tail.as_mut_ptr(), rest);
    }
    tail
}

/// The lowest `n` bits, of fewer than eight.
const fn first(n: usize) -> u8 {
    (1 << n) - 1
}

/// All in eights, and which of them are there. One loop for all, so that its constants are loaded once.
#[inline(always)]
fn eights<'a>(run: &'a [f64], tail: &'a [f64; LANES]) -> impl Iterator<Item = (&'a [f64; LANES], u8)> {
    let whole = run.as_chunks::<LANES>().0;
    (0..run.len().div_ceil(LANES)).map(move |i| match whole.get(i) {
        Some(eight) => (eight, u8::MAX),
        None => (tail, first(run.len() % LANES)),
    })
}

/// Where the next eight stand in their rows.
#[derive(Clone, Copy)]
struct Brackets {
    /// Their places.
    at: __m512i,
    width: __m512i,
    /// What eight more are, whole rows aside.
    step: __m512i,
}

impl Brackets {
    #[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
    #[inline]
    fn new(width: usize) -> Self {
        debug_assert!(width > 0);
        let (width, n) = (width as i64, |i: i64| i % width as i64);
        Self {
            at: _mm512_set_epi64(n(7), n(6), n(5), n(4), n(3), n(2), n(1), 0),
            width: _mm512_set1_epi64(width),
            step: _mm512_set1_epi64(n(LANES as i64)),
        }
    }

    /// The slots of the next eight's brackets.
    #[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
    #[inline]
    fn next(&mut self) -> __m512i {
        let next = _mm512_add_epi64(self.at, _mm512_set1_epi64(1));
        let last = _mm512_cmpeq_epi64_mask(next, self.width);
        let slots = _mm512_maskz_set1_epi64(last, slots::CLOSE);
        let first = _mm512_testn_epi64_mask(self.at, self.at);
        let slots = _mm512_mask_or_epi64(slots, first, slots, _mm512_set1_epi64(slots::OPEN));
        let at = _mm512_add_epi64(self.at, self.step);
        self.at = _mm512_mask_sub_epi64(at, _mm512_cmpge_epu64_mask(at, self.width), at, self.width);
        slots
    }
}

/// Writes each value, with the brackets of rows if there are some, and a comma.
///
/// # Safety
///
/// `out` has as many writable bytes as they become, and the slack.
#[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
#[inline]
unsafe fn write<const IN_ROWS: bool>(mut out: *mut u8, run: &[f64], mut brackets: Brackets) -> *mut u8 {
    let mut stage = [const { MaybeUninit::uninit() }; CHUNK / LANES];
    for chunk in run.chunks(CHUNK) {
        let tail = tail(chunk);
        for ((eight, live), to) in eights(chunk, &tail).zip(&mut stage) {
            let more = if IN_ROWS { brackets.next() } else { _mm512_setzero_si512() };
            to.write(Eight::new(eight, live, more));
        }
        for eight in stage.iter().take(chunk.len().div_ceil(LANES)) {
            // SAFETY: so many were written just now; the caller's promise.
            out = unsafe { eight.assume_init_ref().put(out) };
        }
    }
    out
}

/// What the steps hand on of eight doubles.
#[repr(C, align(64))]
struct Eight {
    /// Sixteen digits of those with even numbers, and of those with odd ones.
    digits: [__m512i; 2],
    /// The seventeenth.
    last: __m512i,
    /// The exponents.
    exps: [u32; LANES],
    /// The slots that are used, of two in each.
    slots: [u64; LANES / 2],
}

impl Eight {
    /// Of those that are in `live`; `more` are slots that are used besides.
    #[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
    #[inline]
    fn new(run: &[f64; LANES], live: u8, more: __m512i) -> Self {
        let d = digits::decimals(run);
        let (first, rest) = sixteens::<true>(d.sixteen);
        let slots = _mm512_or_si512(Used::new(&d, first, rest).slots(d.negative), more);
        let slots = _mm512_cvtepi64_epi32(_mm512_maskz_mov_epi64(live, slots));
        let exps = _mm512_cvtepi64_epi32(d.exp);
        // SAFETY: 32 bytes are 32 bytes.
        let (exps, slots) = unsafe {
            (
                core::mem::transmute::<__m256i, [u32; LANES]>(exps),
                core::mem::transmute::<__m256i, [u64; LANES / 2]>(slots),
            )
        };
        let digits = [_mm512_unpacklo_epi64(rest, first), _mm512_unpackhi_epi64(rest, first)];
        Self { digits, last: d.last, exps, slots }
    }

    /// Writes them.
    ///
    /// # Safety
    ///
    /// As for [`write`].
    #[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
    #[inline]
    unsafe fn put(&self, out: *mut u8) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe {
            let out = self.pair::<0, 0x00>(out);
            let out = self.pair::<1, 0x55>(out);
            let out = self.pair::<2, 0xAA>(out);
            self.pair::<3, 0xFF>(out)
        }
    }

    /// Writes the pair with the number `I`; `QUARTERS` says four times in which quarter of a vector its digits are.
    ///
    /// # Safety
    ///
    /// As for [`write`].
    #[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
    #[inline]
    unsafe fn pair<const I: usize, const QUARTERS: i32>(&self, out: *mut u8) -> *mut u8 {
        let (one, two) = (self.row(2 * I), self.row(2 * I + 1));
        let order = both(&one.digit, &two.digit);
        let digits = _mm512_shuffle_i64x2::<QUARTERS>(self.digits[0], self.digits[1]);
        let digits = _mm512_shuffle_epi8(digits, order);
        // Into the lowest bytes of words 3 and 7, which are the slots of the seventeenth digits.
        const { assert!(LAST == 3 * 8) };
        let (a, b) = (2 * I as i64, 2 * I as i64 + 1);
        let last = _mm512_maskz_permutexvar_epi64(0x88, _mm512_set_epi64(b, b, b, b, a, a, a, a), self.last);
        // All three together, in the order of a truth table.
        let text = _mm512_ternarylogic_epi64::<0xFE>(both(&one.text, &two.text), digits, last);
        let slots = self.slots[I];
        // SAFETY: the caller's promise: behind what is used there is the slack. Into a register first: with memory as
        // its destination the instruction takes Zen 4 a hundred cycles and more.
        unsafe {
            _mm512_storeu_si512(out.cast(), _mm512_maskz_compress_epi8(slots, text));
            out.add(slots.count_ones() as usize)
        }
    }

    #[inline(always)]
    fn row(&self, i: usize) -> &'static Row {
        let exp = self.exps[i] as usize;
        debug_assert!(exp < ROWS.len());
        // SAFETY: exponents are those of decimals, or NONE.
        unsafe { ROWS.get_unchecked(exp) }
    }
}

/// The slots of two doubles.
#[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
#[inline]
fn both(one: &[u8; SLOTS], two: &[u8; SLOTS]) -> __m512i {
    // SAFETY: 32 bytes are borrowed, twice.
    let (one, two) =
        unsafe { (_mm256_loadu_si256(one.as_ptr().cast()), _mm256_loadu_si256(two.as_ptr().cast())) };
    _mm512_inserti64x4::<1>(_mm512_castsi256_si512(one), two)
}
