//! Doubles that are no numbers, or zero, one behind the other: columns in which nothing is known, or nothing has happened.

use super::super::SLACK;

/// So many at once.
const MANY: usize = 12;

/// What so many become that are no numbers.
const NULLS: [u8; 5 * MANY] = *b"null,null,null,null,null,null,null,null,null,null,null,null,";
/// The same of zeros.
const ZEROS: [u8; 4 * MANY] = *b"0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,";
const _: () = assert!(NULLS.len() <= SLACK && ZEROS.len() <= SLACK);

/// Whether `v` is a number, and not zero.
#[inline(always)]
const fn is_usual(v: f64) -> bool {
    const INFINITE: u64 = f64::INFINITY.to_bits() << 1;
    // Without the sign; zero becomes the largest.
    (v.to_bits() << 1).wrapping_sub(1) < INFINITE - 1
}

/// Writes those at the beginning of `run` that are no numbers, or those that are zero, a comma behind each; what is left.
///
/// # Safety
///
/// `out` has five writable bytes for each, and the slack.
#[inline(always)]
pub unsafe fn leading(out: *mut u8, run: &[f64]) -> (*mut u8, &[f64]) {
    // SAFETY: the caller's promise.
    if run.first().is_none_or(|&v| is_usual(v)) { (out, run) } else { unsafe { some(out, run) } }
}

/// The same where there may be some. Apart, for the kernels have no registers left.
#[cold]
#[inline(never)]
unsafe fn some(out: *mut u8, run: &[f64]) -> (*mut u8, &[f64]) {
    // Not minus zero.
    let zeros = run.iter().take_while(|v| v.to_bits() == 0).count();
    // SAFETY: the caller's promise.
    unsafe {
        if zeros > 0 {
            return (written(out, &ZEROS, zeros), &run[zeros..]);
        }
        let nulls = run.iter().take_while(|v| !v.is_finite()).count();
        (written(out, &NULLS, nulls), &run[nulls..])
    }
}

/// Writes the text of `n`, of which `text` has [`MANY`]; the place behind it.
///
/// # Safety
///
/// As [`leading`].
#[inline(always)]
unsafe fn written<const LEN: usize>(mut out: *mut u8, text: &[u8; LEN], n: usize) -> *mut u8 {
    let each = const { LEN / MANY };
    for _ in 0..n / MANY {
        // SAFETY: the caller's promise; behind those that are left is the slack.
        unsafe {
            out.cast::<[u8; LEN]>().write_unaligned(*text);
            out = out.add(LEN);
        }
    }
    // SAFETY: as above.
    unsafe {
        out.cast::<[u8; LEN]>().write_unaligned(*text);
        out.add(each * (n % MANY))
    }
}
