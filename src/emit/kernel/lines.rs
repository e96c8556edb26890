//! Values that stand one behind the other become lines.

use core::ops::Range;

/// The longest value with its comma that [`spread`] copies, and the most bytes of a line's beginning.
pub const LINE: usize = 32;

/// Bytes in which commas are looked for at once. So many must be readable behind the values.
pub const SIGHT: usize = 64;

/// Bytes from the place that is written to the one that is asked for, for a document larger than the caches. On canada, a quarter
/// of it brought less.
const FAR: usize = 4096;

/// Asks for the memory that will be written soon.
#[inline(always)]
fn ask_for(out: *mut u8) {
    let at = out.wrapping_add(FAR);
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch takes any address, and SSE is part of every x86-64.
    unsafe {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(at.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

/// A bit for each comma.
#[inline(always)]
fn commas(block: &[u8; SIGHT]) -> u64 {
    #[cfg(vectors)]
    {
        use super::text::{Vector, X16};
        block.as_chunks::<16>().0.iter().enumerate().fold(0, |bits, (i, quarter)| {
            // SAFETY: 16 bytes; every machine of the architecture has what X16 needs for this.
            let quarter = unsafe { X16::load(quarter.as_ptr()).is::<1>(b','.into()).bits() };
            bits | u64::from(quarter) << (16 * i)
        })
    }
    #[cfg(not(vectors))]
    block.iter().enumerate().fold(0, |bits, (i, &b)| bits | u64::from(b == b',') << i)
}

/// Calls `each` with the beginning and the end of each of `count` values behind one another, the comma of each with it.
///
/// Commas are looked for in a block, and not from value to value: each value would have to wait for the one before it.
///
/// # Safety
///
/// There are so many commas, and [`SIGHT`] readable bytes behind the last.
#[inline(always)]
unsafe fn values(from: *const u8, count: usize, mut each: impl FnMut(*const u8, usize)) {
    let (mut value, mut block, mut left) = (from, from, count);
    while left > 0 {
        // SAFETY: the last comma is not yet behind `block`, so the block begins in the values.
        let mut found = commas(unsafe { &*block.cast::<[u8; SIGHT]>() });
        while found != 0 && left > 0 {
            let end = block.wrapping_add(found.trailing_zeros() as usize + 1);
            each(value, end as usize - value as usize);
            value = end;
            found &= found - 1;
            left -= 1;
        }
        block = block.wrapping_add(SIGHT);
    }
}

/// Stores the first `n` bytes of `line` and a value of `len` bytes behind them.
///
/// # Safety
///
/// Neither is longer than [`LINE`]; so many bytes are readable from `value` on, and twice as many writable from `out` on.
#[inline(always)]
unsafe fn put(out: *mut u8, line: &[u8; LINE], n: usize, value: *const u8, len: usize) -> *mut u8 {
    debug_assert!(n <= LINE && len <= LINE);
    // SAFETY: the caller's.
    unsafe {
        out.cast::<[u8; LINE]>().write_unaligned(*line);
        out.add(n).cast::<[u8; LINE]>().write_unaligned(value.cast::<[u8; LINE]>().read_unaligned());
        out.add(n + len)
    }
}

/// Copies `count` values, each with a comma behind it, from `from` to `out`, with the first `n` bytes of `line` before each.
///
/// # Safety
///
/// No value is longer than [`LINE`] with its comma, nor is `n`. [`SIGHT`] bytes behind the values are readable, `SLACK` behind
/// what is written writable.
pub unsafe fn spread(
    mut out: *mut u8,
    from: *const u8,
    count: usize,
    line: &[u8; LINE],
    n: usize,
) -> *mut u8 {
    // SAFETY: the caller's; two lines are no longer than the slack.
    unsafe {
        values(from, count, |value, len| {
            ask_for(out);
            out = put(out, line, n, value, len);
        });
    }
    out
}

/// The most values that [`weave`] takes: a bit for each.
pub const WOVEN: usize = u64::BITS as usize;

/// As [`spread`], of values of two kinds that stand apart, so many from each place, and become one sequence: the bits of
/// `second`, from bit 0 on, say which are of the second.
///
/// # Safety
///
/// As for [`spread`], of both; `second` has a bit for each of the second, and there are at most [`WOVEN`] values in all.
pub unsafe fn weave(
    mut out: *mut u8,
    from: [(*const u8, usize); 2],
    second: u64,
    line: &[u8; LINE],
    n: usize,
) -> *mut u8 {
    let count = from[0].1 + from[1].1;
    debug_assert!(count <= WOVEN && second.count_ones() as usize == from[1].1);
    let mut places = [(from[0].0, 0); WOVEN];
    for ((from, count), mut at) in from.into_iter().zip([!second, second]) {
        // SAFETY: the caller's.
        unsafe {
            values(from, count, |value, len| {
                places[at.trailing_zeros() as usize % WOVEN] = (value, len);
                at &= at - 1;
            });
        }
    }
    for &(value, len) in &places[..count] {
        // SAFETY: the caller's; two lines are no longer than the slack.
        out = unsafe { put(out, line, n, value, len) };
    }
    out
}

/// As [`spread`], of rows of `width` values: the first `outer` bytes of `line` before each row and its end, the first
/// `inner` before each value, brackets around each row and a comma behind it. At most [`rows_most`] bytes.
///
/// # Safety
///
/// As for [`spread`], and `width` is not 0 and divides `count`, which is not 0.
pub unsafe fn spread_rows(
    mut out: *mut u8,
    from: *const u8,
    (count, width): (usize, usize),
    line: &[u8; LINE],
    (outer, inner): (usize, usize),
) -> *mut u8 {
    debug_assert!(outer <= LINE && inner <= LINE && count > 0 && count.is_multiple_of(width));
    let between = Between::new(line, (outer, inner));
    let mut in_row = 0;
    // SAFETY: the caller's. The comma of a row's last value is overwritten.
    unsafe {
        out = between.store(out, between.end..between.len);
        values(from, count, |value, len| {
            ask_for(out);
            if in_row == width {
                out = between.store(out.sub(1), 0..between.len);
                in_row = 0;
            }
            let n = if in_row == 0 { 0 } else { inner };
            out = put(out, line, n, value, len);
            in_row += 1;
        });
        between.store(out.sub(1), 0..between.end)
    }
}

/// The most bytes that `count` values of at most `most` become in rows.
pub const fn rows_most(count: usize, width: usize, most: usize, (outer, inner): (usize, usize)) -> usize {
    count * (inner + most) + count / width * (2 * outer + 3)
}

/// What stands between two rows: the line and the bracket that end one, those that begin the next, and its first
/// value's line.
struct Between {
    bytes: [u8; 5 * LINE],
    end: usize,
    len: usize,
}

impl Between {
    #[inline(always)]
    fn new(line: &[u8; LINE], (outer, inner): (usize, usize)) -> Self {
        let mut bytes = [0; 5 * LINE];
        let (end, begin) = (outer + 2, 2 * outer + 3);
        bytes[..LINE].copy_from_slice(line);
        bytes[outer..end].copy_from_slice(b"],");
        bytes[end..][..LINE].copy_from_slice(line);
        bytes[begin - 1] = b'[';
        bytes[begin..][..LINE].copy_from_slice(line);
        Self { bytes, end, len: begin + inner }
    }

    /// Stores some of the bytes, by the line.
    ///
    /// # Safety
    ///
    /// So many bytes are writable from `out` on, and a line behind them.
    #[inline(always)]
    unsafe fn store(&self, out: *mut u8, part: Range<usize>) -> *mut u8 {
        debug_assert!(part.start + part.len().next_multiple_of(LINE) <= self.bytes.len());
        let mut at = part.start;
        while at < part.end {
            // SAFETY: the caller's; fewer than four lines stand in `bytes`, and it has five.
            unsafe {
                let line = self.bytes.as_ptr().add(at).cast::<[u8; LINE]>().read_unaligned();
                out.add(at - part.start).cast::<[u8; LINE]>().write_unaligned(line);
            }
            at += LINE;
        }
        out.wrapping_add(part.len())
    }
}
