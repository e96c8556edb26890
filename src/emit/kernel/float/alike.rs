//! Doubles that are no numbers, one behind the other: columns in which nothing is known.

use super::super::SLACK;

/// So many nulls at once.
const MANY: usize = 12;

/// Their text.
const TEXT: [u8; 5 * MANY] = *b"null,null,null,null,null,null,null,null,null,null,null,null,";
const _: () = assert!(TEXT.len() <= SLACK);

/// Writes those at the beginning of `run` that are no numbers, a comma behind each; what is left.
///
/// # Safety
///
/// `out` has five writable bytes for each, and the slack.
#[inline(always)]
pub unsafe fn leading(out: *mut u8, run: &[f64]) -> (*mut u8, &[f64]) {
    // SAFETY: the caller's promise.
    if run.first().is_none_or(|v| v.is_finite()) { (out, run) } else { unsafe { some(out, run) } }
}

/// The same where there are some. Apart, for the kernels have no registers left.
#[cold]
#[inline(never)]
unsafe fn some(mut out: *mut u8, run: &[f64]) -> (*mut u8, &[f64]) {
    let n = run.iter().take_while(|v| !v.is_finite()).count();
    for some in run[..n].chunks(MANY) {
        // SAFETY: the caller's promise; behind those that are left is the slack.
        unsafe {
            out.cast::<[u8; TEXT.len()]>().write_unaligned(TEXT);
            out = out.add(5 * some.len());
        }
    }
    (out, &run[n..])
}
