//! Values that stand one behind the other become lines.

/// The longest value with its comma that [`spread`] moves, and the most bytes of a line's beginning.
pub const LINE: usize = 32;

/// How far before the values their lines must begin, beside the room for the beginnings themselves: what is stored for
/// one value never reaches those that are still to be moved.
pub const AHEAD: usize = 2 * LINE;

/// Bytes in which commas are looked for at once. So many must be readable behind the values.
pub const SIGHT: usize = 64;

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

/// Moves `count` values, each with a comma behind it, from `from` to `out`, and puts the first `n` bytes of `line`
/// before each.
///
/// Commas are looked for in a block, and not from value to value: each value would have to wait for the one before it.
///
/// # Safety
///
/// No value is longer than [`LINE`] with its comma, nor is `n`. There are `count * n + AHEAD` writable bytes from `out`
/// to `from`, and [`SIGHT`] readable ones behind the values.
pub unsafe fn spread(
    mut out: *mut u8,
    from: *const u8,
    count: usize,
    line: &[u8; LINE],
    n: usize,
) -> *mut u8 {
    debug_assert!(n <= LINE && from as usize - out as usize >= count * n + AHEAD);
    let (mut value, mut block, mut left) = (from, from, count);
    while left > 0 {
        // SAFETY: the last comma is not yet behind `block`, so the block begins in the values.
        let mut found = commas(unsafe { &*block.cast::<[u8; SIGHT]>() });
        while found != 0 && left > 0 {
            // SAFETY: a value begins in the values, and what is read of it ends in the bytes behind them. `out` is at
            // least `AHEAD` and a beginning before it, so that neither store reaches it.
            unsafe {
                let end = block.add(found.trailing_zeros() as usize + 1);
                out.cast::<[u8; LINE]>().write_unaligned(*line);
                let bytes = value.cast::<[u8; LINE]>().read_unaligned();
                out.add(n).cast::<[u8; LINE]>().write_unaligned(bytes);
                debug_assert!(end as usize - value as usize <= LINE);
                out = out.add(n + (end as usize - value as usize));
                value = end;
            }
            found &= found - 1;
            left -= 1;
        }
        block = block.wrapping_add(SIGHT);
    }
    out
}

/// As [`spread`], of rows of `width` values: the first `outer` bytes of `line` before each row and its end, the first
/// `inner` before each value, brackets around each row and a comma behind it.
///
/// # Safety
///
/// As for [`spread`], with [`rows_gap`] bytes from `out` to `from`, and `width` is not 0 and divides `count`.
pub unsafe fn spread_rows(
    mut out: *mut u8,
    from: *const u8,
    (count, width): (usize, usize),
    line: &[u8; LINE],
    (outer, inner): (usize, usize),
) -> *mut u8 {
    debug_assert!(outer <= LINE && inner <= LINE && count.is_multiple_of(width));
    debug_assert!(from as usize - out as usize >= rows_gap(count, width, (outer, inner)));
    // SAFETY: as in `spread`: what is still to come has its beginnings and ends, and `AHEAD`, before it, so that no store
    // reaches it. A row has its brackets, its lines and its comma in the gap, but for the comma of its last value.
    unsafe {
        let (mut value, mut block, mut left, mut in_row) = (from, from, count, 0);
        while left > 0 {
            let mut found = commas(&*block.cast::<[u8; SIGHT]>());
            while found != 0 && left > 0 {
                let end = block.add(found.trailing_zeros() as usize + 1);
                if in_row == 0 {
                    out.cast::<[u8; LINE]>().write_unaligned(*line);
                    out.add(outer).write(b'[');
                    out = out.add(outer + 1);
                }
                out.cast::<[u8; LINE]>().write_unaligned(*line);
                let bytes = value.cast::<[u8; LINE]>().read_unaligned();
                out.add(inner).cast::<[u8; LINE]>().write_unaligned(bytes);
                debug_assert!(end as usize - value as usize <= LINE);
                out = out.add(inner + (end as usize - value as usize));
                value = end;
                in_row += 1;
                if in_row == width {
                    // In the place of the comma.
                    out = out.sub(1);
                    out.cast::<[u8; LINE]>().write_unaligned(*line);
                    out.add(outer).cast::<[u8; 2]>().write_unaligned(*b"],");
                    (out, in_row) = (out.add(outer + 2), 0);
                }
                found &= found - 1;
                left -= 1;
            }
            block = block.wrapping_add(SIGHT);
        }
    }
    out
}

/// How far before the values [`spread_rows`] must begin.
pub const fn rows_gap(count: usize, width: usize, (outer, inner): (usize, usize)) -> usize {
    count * inner + count / width * (2 * outer + 2) + AHEAD
}
