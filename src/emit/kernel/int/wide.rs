//! Runs of x86-64-v4: eight values at once through each step, and four at once into text.
//!
//! Each value of up to 14 digits has 16 slots: `-`, the digits, `,`. Which slots are used follows from the leading zeros;
//! one instruction drops the others, of four values at once. The stores come last, as their addresses are known late.

use super::lanes::Lanes;
use super::run::Ways;
use crate::emit::kernel::decimal::sixteens;
use core::arch::x86_64::*;
use core::mem::MaybeUninit;

/// Values that pass each step at once.
const LANES: usize = 8;
/// How many are between their digits and their stores.
const CHUNK: usize = 32;
/// Digits there are slots for.
const DIGITS: usize = 14;

/// For each slot the digit that belongs there, of 16 with the last one first.
const ORDER: [u8; 16] = {
    let mut order = [0x80; 16];
    let mut slot = 1;
    while slot <= DIGITS {
        order[slot] = (DIGITS - slot) as u8;
        slot += 1;
    }
    order
};

/// What else is in the slots.
const TEXT: [u8; 16] = *b"-00000000000000,";

/// Runs by AVX-512.
pub struct Wide;

impl Ways for Wide {
    #[inline(always)]
    unsafe fn eight(out: *mut u8, block: &[i64]) -> *mut u8 {
        // SAFETY: handed on from the caller.
        unsafe { write::<false>(out, block) }
    }

    #[inline(always)]
    unsafe fn fourteen(out: *mut u8, block: &[i64]) -> *mut u8 {
        // SAFETY: handed on from the caller.
        unsafe { write::<true>(out, block) }
    }

    #[inline(always)]
    unsafe fn sixteen(out: *mut u8, block: &[i64]) -> *mut u8 {
        // SAFETY: handed on from the caller, who has the instructions of x86-64-v3 as well.
        unsafe { Lanes::<__m256i>::sixteen(out, block) }
    }

    #[inline(always)]
    unsafe fn nineteen(out: *mut u8, block: &[i64]) -> *mut u8 {
        // SAFETY: as above.
        unsafe { Lanes::<__m256i>::nineteen(out, block) }
    }
}

/// Texts and slots of eight.
struct Eight {
    /// Of four each.
    texts: [__m512i; 2],
    /// The slots that are used.
    slots: [u64; 2],
}

/// Writes all: of eight digits at the most, or of more if `LONG`.
///
/// # Safety
///
/// As [`Ways`].
#[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
#[inline]
unsafe fn write<const LONG: bool>(mut out: *mut u8, block: &[i64]) -> *mut u8 {
    let mut stage = [const { MaybeUninit::<Eight>::uninit() }; CHUNK / LANES];
    for chunk in block.chunks(CHUNK) {
        for (eight, to) in chunk.chunks(LANES).zip(&mut stage) {
            to.write(Eight::new::<LONG>(eight));
        }
        for eight in stage.iter().take(chunk.len().div_ceil(LANES)) {
            // SAFETY: written just now.
            let eight = unsafe { eight.assume_init_ref() };
            for (&text, &slots) in eight.texts.iter().zip(&eight.slots) {
                // SAFETY: the caller's promise; what is stored behind what is used is slack. Into a register first: with
                // memory as its destination the instruction takes Zen 4 a hundred cycles and more.
                unsafe {
                    _mm512_storeu_si512(out.cast(), _mm512_maskz_compress_epi8(slots, text));
                    out = out.add(slots.count_ones() as usize);
                }
            }
        }
    }
    out
}

impl Eight {
    /// Of so many, or fewer.
    #[target_feature(enable = "avx512cd,avx512dq,avx512ifma,avx512vbmi2,avx512vl,popcnt")]
    #[inline]
    fn new<const LONG: bool>(run: &[i64]) -> Self {
        let all = |n: i64| _mm512_set1_epi64(n);
        // So that pairs of words, low ones and high ones, are of neighbours.
        let order = _mm512_set_epi64(7, 3, 6, 2, 5, 1, 4, 0);
        let live = _mm512_cmplt_epi64_mask(order, all(run.len() as i64));
        // SAFETY: what is not in the slice is not loaded.
        let v = unsafe { _mm512_maskz_loadu_epi64(((1_u32 << run.len()) - 1) as u8, run.as_ptr()) };
        let v = _mm512_permutexvar_epi64(order, v);
        let (first, rest) = sixteens::<LONG>(_mm512_abs_epi64(v));

        // A byte that is a leading zero has eight leading zero bits. One digit there is always.
        let high = _mm512_test_epi64_mask(first, first);
        let zeros = _mm512_mask_mov_epi64(_mm512_or_si512(rest, all(1)), high, first);
        let zeros = _mm512_srli_epi64::<3>(_mm512_lzcnt_epi64(zeros));
        // Two digits have no slots, and one slot is before the digits.
        let unused = _mm512_mask_add_epi64(_mm512_add_epi64(zeros, all(7)), high, zeros, all(-1));
        let slots = _mm512_sllv_epi64(all(0xFFFF), unused);
        let slots = _mm512_mask_or_epi64(slots, _mm512_movepi64_mask(v), slots, all(1));
        let slots = _mm512_cvtepi64_epi16(_mm512_maskz_mov_epi64(live, slots));
        let slots =
            _mm_shuffle_epi8(slots, _mm_set_epi8(15, 14, 11, 10, 7, 6, 3, 2, 13, 12, 9, 8, 5, 4, 1, 0));

        let text = |digits| {
            // SAFETY: 16 bytes are borrowed, twice.
            let (order, text) =
                unsafe { (_mm_loadu_si128(ORDER.as_ptr().cast()), _mm_loadu_si128(TEXT.as_ptr().cast())) };
            let digits = _mm512_shuffle_epi8(digits, _mm512_broadcast_i32x4(order));
            _mm512_or_si512(digits, _mm512_broadcast_i32x4(text))
        };
        let texts = [text(_mm512_unpacklo_epi64(rest, first)), text(_mm512_unpackhi_epi64(rest, first))];
        Self { texts, slots: [_mm_cvtsi128_si64(slots) as u64, _mm_extract_epi64::<1>(slots) as u64] }
    }
}
