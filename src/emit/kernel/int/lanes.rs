//! Runs by vectors: all digits of all lanes at once, then each value to its place.

use super::digits::{digits, magnitudes, split, split_wide};
use super::run::Ways;
use super::table::{TOP, top_len};
use super::vector::Vector;
use super::words::{ZEROS, ZEROS_COMMA, leading};
use core::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_shuffle_epi8, _mm_storeu_si128};
use core::hint::select_unpredictable;
use core::marker::PhantomData;

/// A shuffle that reverses 16 bytes, and nothings behind it: 16 bytes from `lz` on reverse only those
/// below `16 - lz`. Aligned, so that they never lie in two cache lines.
#[repr(align(32))]
struct Trim([u8; 32]);

static TRIM: Trim = {
    let mut order = [0x80; 32];
    let mut i = 0;
    while i < 16 {
        order[i] = 15 - i as u8;
        i += 1;
    }
    Trim(order)
};

/// Runs by vectors `V`.
pub struct Lanes<V>(PhantomData<V>);

impl<V: Vector> Ways for Lanes<V> {
    #[inline(always)]
    unsafe fn seven(out: *mut u8, block: &[i64]) -> *mut u8 {
        // SAFETY: handed on from the caller.
        unsafe { each::<V, Seven>(out, block) }
    }

    #[inline(always)]
    unsafe fn eight(out: *mut u8, block: &[i64]) -> *mut u8 {
        // SAFETY: handed on from the caller.
        unsafe { each::<V, Eight>(out, block) }
    }

    #[inline(always)]
    unsafe fn sixteen(out: *mut u8, block: &[i64]) -> *mut u8 {
        // SAFETY: handed on from the caller.
        unsafe { each::<V, Sixteen>(out, block) }
    }

    #[inline(always)]
    unsafe fn nineteen(out: *mut u8, block: &[i64]) -> *mut u8 {
        // SAFETY: handed on from the caller.
        unsafe { each::<V, Nineteen>(out, block) }
    }
}

/// How one vector of values is written.
///
/// A type and not a closure: closures have no `inline(always)`, and code that is not inlined into
/// the level's function has none of its instructions.
trait Step {
    /// Writes `V::LANES` values, each with a comma; a minus already stands at `out`, and one is put
    /// behind the last comma.
    ///
    /// # Safety
    ///
    /// `V::LANES` values at `values` are readable and within the class; `out` has room for 21 bytes a
    /// value and the slack; the machine has the instructions of `V`.
    unsafe fn step<V: Vector>(out: *mut u8, values: *const i64) -> *mut u8;
}

/// Writes every value of `block`.
///
/// # Safety
///
/// As [`Ways`], for the class of `S` and the instructions of `V`.
#[inline(always)]
unsafe fn each<V: Vector, S: Step>(mut out: *mut u8, block: &[i64]) -> *mut u8 {
    let vectors = block.chunks_exact(V::LANES);
    let tail = vectors.remainder();
    // SAFETY: the caller gives room for at least the slack.
    unsafe { out.write(b'-') };
    for values in vectors {
        // SAFETY: the chunk has `V::LANES` values, all else is handed on from the caller.
        out = unsafe { S::step::<V>(out, values.as_ptr()) };
    }
    if !tail.is_empty() {
        let mut padded = [0; 4];
        padded[..tail.len()].copy_from_slice(tail);
        let padding = V::LANES - tail.len();
        // SAFETY: `padded` has four values, zeros are in every class. At most three zeros come after
        // the tail, each as `0,`: six bytes and a vector, all within the slack.
        out = unsafe { S::step::<V>(out, padded.as_ptr()).sub(2 * padding) };
    }
    out
}

/// 0 to 10^7 - 1: the digits of a value and its comma are a lane.
struct Seven;

impl Step for Seven {
    #[inline(always)]
    unsafe fn step<V: Vector>(mut out: *mut u8, values: *const i64) -> *mut u8 {
        let mut lanes = [0; 4];
        // SAFETY: `lanes` holds the largest vector; the values and the room are the caller's.
        unsafe {
            // Ten times as much, so that the last digit is 0 and its place the comma's.
            digits(V::load(values).mul(V::splat(10))).reverse().store(lanes.as_mut_ptr());
            for &digits in &lanes[..V::LANES] {
                // A zero keeps the last digit before the comma.
                let skip = (digits | 1 << 48).trailing_zeros() & 56;
                out.cast::<u64>().write_unaligned((digits | ZEROS_COMMA) >> skip);
                out = out.add(8 - (skip / 8) as usize);
            }
        }
        out
    }
}

/// Magnitudes below 10^8: the digits of a value are a lane.
struct Eight;

impl Step for Eight {
    #[inline(always)]
    unsafe fn step<V: Vector>(mut out: *mut u8, values: *const i64) -> *mut u8 {
        let mut lanes = [0; 4];
        // SAFETY: `lanes` holds the largest vector; the values and the room are the caller's.
        unsafe {
            digits(magnitudes(V::load(values))).reverse().store(lanes.as_mut_ptr());
            for (i, &digits) in lanes[..V::LANES].iter().enumerate() {
                let minus = usize::from(*values.add(i) < 0);
                let skip = leading(digits);
                out.add(minus).cast::<u64>().write_unaligned((digits | ZEROS) >> skip);
                out = end(out, minus + 8 - (skip / 8) as usize);
            }
        }
        out
    }
}

/// Magnitudes below 10^16: the digits of a value are half of an AVX2 vector, or a whole SSE one.
struct Sixteen;

impl Step for Sixteen {
    #[inline(always)]
    unsafe fn step<V: Vector>(mut out: *mut u8, values: *const i64) -> *mut u8 {
        // SAFETY: handed on from the caller; `half` is upper only if there are four lanes.
        unsafe {
            let (high, low) = split::<V>(magnitudes(V::load(values)));
            let pairs = Pairs::new(high, low);
            for i in 0..V::LANES {
                let minus = usize::from(*values.add(i) < 0);
                let (digits, zeros) = pairs.get(i);
                trimmed(out.add(minus), digits, zeros);
                out = end(out, minus + 16 - zeros);
            }
        }
        out
    }
}

/// Any magnitude up to 2^63: up to three digits from a table before the sixteen.
struct Nineteen;

impl Step for Nineteen {
    #[inline(always)]
    unsafe fn step<V: Vector>(mut out: *mut u8, values: *const i64) -> *mut u8 {
        let mut tops = [0; 4];
        // SAFETY: handed on from the caller; `tops` holds the largest vector, and its values are at
        // most 2^63 / 10^16 = 922, so each has an entry of at most three digits.
        unsafe {
            let (top, high, low) = split_wide::<V>(magnitudes(V::load(values)));
            top.store(tops.as_mut_ptr());
            let pairs = Pairs::new(high, low);
            for (i, &top) in tops[..V::LANES].iter().enumerate() {
                debug_assert!(top <= 922);
                let entry = *TOP.get_unchecked(top as usize);
                let minus = usize::from(*values.add(i) < 0);
                out.add(minus).cast::<u32>().write_unaligned(entry);
                let before = minus + top_len(entry);
                let (digits, zeros) = pairs.get(i);
                let zeros = select_unpredictable(top != 0, 0, zeros);
                trimmed(out.add(before), digits, zeros);
                out = end(out, before + 16 - zeros);
            }
        }
        out
    }
}

/// The sixteen digits of each lane of a vector, as text.
struct Pairs<V> {
    even: V,
    odd: V,
    /// One bit for each digit that is not zero.
    even_set: u32,
    odd_set: u32,
}

impl<V: Vector> Pairs<V> {
    /// From the upper and the lower eight digits as numbers below 10^8.
    ///
    /// # Safety
    ///
    /// The machine has the instructions of `V`.
    #[inline(always)]
    unsafe fn new(high: V, low: V) -> Self {
        // SAFETY: handed on from the caller.
        unsafe {
            let (even, odd) = (digits(low.even(high)), digits(low.odd(high)));
            let zeros = V::splat(ZEROS);
            Self {
                even: even.or(zeros),
                odd: odd.or(zeros),
                even_set: even.positive(),
                odd_set: odd.positive(),
            }
        }
    }

    /// The digits of lane `i`, least significant first, and how many of them lead as zeros; a zero
    /// keeps its last digit.
    ///
    /// # Safety
    ///
    /// `i` is below `V::LANES` and the machine has the instructions of `V`.
    #[inline(always)]
    unsafe fn get(&self, i: usize) -> (__m128i, usize) {
        let (digits, set) =
            if i.is_multiple_of(2) { (self.even, self.even_set) } else { (self.odd, self.odd_set) };
        let upper = i / 2 == 1;
        let set = if upper { set } else { set << 16 };
        // SAFETY: only a vector of four lanes has an `i` above 1.
        unsafe { (digits.half(upper), (set | 0x1_0000).leading_zeros() as usize) }
    }
}

/// Writes 16 digits without the first `zeros`.
///
/// # Safety
///
/// `zeros` is at most 15; 16 bytes at `out` are writable; the machine has SSSE3.
#[inline(always)]
unsafe fn trimmed(out: *mut u8, digits: __m128i, zeros: usize) {
    debug_assert!(zeros < 16);
    // SAFETY: the caller bounds `zeros`, so that 16 bytes of the table follow; it gives 16 bytes.
    unsafe {
        let order = _mm_loadu_si128(TRIM.0.as_ptr().add(zeros).cast());
        _mm_storeu_si128(out.cast(), _mm_shuffle_epi8(digits, order));
    }
}

/// Ends a value of `len` bytes at `out`: a comma, and the minus that the next value may keep.
///
/// One sum at the end, not one for each part: where a value ends is what the next one waits for.
///
/// # Safety
///
/// `len + 2` bytes at `out` are writable.
#[inline(always)]
unsafe fn end(out: *mut u8, len: usize) -> *mut u8 {
    // SAFETY: the caller gives the bytes.
    unsafe {
        out.add(len).cast::<[u8; 2]>().write(*b",-");
        out.add(len + 1)
    }
}
