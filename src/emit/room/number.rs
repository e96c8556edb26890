//! Numbers and booleans: one at a time, behind a key, and in runs.

use core::mem::MaybeUninit;

use super::{Head, MOST, NEAR, Pen, Room, head};
use crate::emit::kernel::{
    BOOLS_MAX, FLOAT_MAX, INT_MAX, LINE, Level, SIGHT, SLACK, WOVEN, rows_most, spread, spread_rows, weave,
};
use crate::sink::{NUMBERS, Numbers, RUN};

const _: () = assert!(head::SIZE + INT_MAX < NEAR && head::SIZE + FLOAT_MAX < NEAR);

/// Doubles of rows that are put on lines at once, and so the widest row.
pub const ROWS: usize = 128;
const _: () = assert!(rows_most(ROWS, 1, FLOAT_MAX + 1, (LINE, LINE)) + SLACK <= MOST);

/// Where a run stands before it is put on lines.
type Scratch = [MaybeUninit<u8>; RUN * (FLOAT_MAX + 1) + SLACK];
const _: () = assert!(SIGHT <= SLACK && INT_MAX <= FLOAT_MAX && NUMBERS <= WOVEN);

impl Room<'_> {
    /// A head, an integer and a comma.
    #[inline(always)]
    #[must_use]
    pub fn member_int<L: Level>(&mut self, pen: Pen, head: Head<'_>, v: i64) -> Pen {
        let pen = self.near(pen);
        // SAFETY: there is place for all three; `L` as in `int`.
        unsafe { self.at(L::int(head.store(pen.0), v)) }
    }

    /// A head, a double or `null`, and the byte `tail`.
    #[inline(always)]
    #[must_use]
    pub fn member_float<L: Level>(&mut self, pen: Pen, head: Head<'_>, v: f64, tail: u8) -> Pen {
        let pen = self.near(pen);
        // SAFETY: there is place for all three; `L` as in `int`.
        unsafe {
            let end = L::float(head.store(pen.0), v);
            end.write(tail);
            self.at(end.add(1))
        }
    }

    /// A head and the first `n` of eight bytes.
    #[inline(always)]
    #[must_use]
    pub fn member_few(&mut self, pen: Pen, head: Head<'_>, bytes: [u8; 8], n: usize) -> Pen {
        debug_assert!(n <= 8);
        let pen = self.near(pen);
        // SAFETY: there is place for both.
        unsafe {
            let at = head.store(pen.0);
            at.cast::<u64>().write_unaligned(u64::from_ne_bytes(bytes));
            self.at(at.add(n))
        }
    }

    /// An integer and a comma.
    #[inline(always)]
    #[must_use]
    pub fn int<L: Level>(&mut self, pen: Pen, v: i64) -> Pen {
        let pen = self.near(pen);
        // SAFETY: there is place for both; whoever chose `L` knows that the machine has it.
        unsafe { self.at(L::int(pen.0, v)) }
    }

    /// An integer as a key, with its quotes and the colon.
    #[inline(always)]
    #[must_use]
    pub fn int_key<L: Level>(&mut self, pen: Pen, v: i64) -> Pen {
        let pen = self.near(pen);
        // SAFETY: as in `int`, and for three bytes more; the comma behind the digits gives way to the quote.
        unsafe {
            pen.0.write(b'"');
            let end = L::int(pen.0.add(1), v);
            end.sub(1).cast::<[u8; 2]>().write_unaligned(*b"\":");
            self.at(end.add(1))
        }
    }

    /// An integer among others, and a comma.
    #[inline(always)]
    #[must_use]
    pub fn int_among_ints<L: Level>(&mut self, pen: Pen, v: i64) -> Pen {
        let pen = self.near(pen);
        // SAFETY: as in `int`.
        unsafe { self.at(L::int_among_ints(pen.0, v)) }
    }

    /// An unsigned integer and the byte `tail`.
    #[inline(always)]
    #[must_use]
    pub fn uint<L: Level>(&mut self, pen: Pen, v: u64, tail: u8) -> Pen {
        let pen = self.near(pen);
        // SAFETY: as in `int`.
        unsafe {
            let end = L::uint(pen.0, v);
            end.write(tail);
            self.at(end.add(1))
        }
    }

    /// A double, or `null`, and the byte `tail`.
    #[inline(always)]
    #[must_use]
    pub fn float<L: Level>(&mut self, pen: Pen, v: f64, tail: u8) -> Pen {
        let pen = self.near(pen);
        // SAFETY: as in `int`.
        unsafe {
            let end = L::float(pen.0, v);
            end.write(tail);
            self.at(end.add(1))
        }
    }

    /// Integers, a comma behind each; at most [`RUN`].
    #[inline(always)]
    #[must_use]
    pub fn ints<L: Level>(&mut self, pen: Pen, run: &[i64]) -> Pen {
        assert!(run.len() <= RUN, "a run has a limit");
        let pen = self.reserve(pen, run.len() * (INT_MAX + 1));
        // SAFETY: as in `int`.
        unsafe { self.at(L::ints(pen.0, run)) }
    }

    /// Doubles, a comma behind each; at most [`RUN`].
    #[inline(always)]
    #[must_use]
    pub fn floats<L: Level>(&mut self, pen: Pen, run: &[f64]) -> Pen {
        assert!(run.len() <= RUN, "a run has a limit");
        let pen = self.reserve(pen, run.len() * (FLOAT_MAX + 1));
        // SAFETY: as in `int`.
        unsafe { self.at(L::floats(pen.0, run)) }
    }

    /// Rows of `width` doubles in brackets, a comma behind each; at most [`RUN`] doubles.
    #[inline(always)]
    #[must_use]
    pub fn rows<L: Level>(&mut self, pen: Pen, run: &[f64], width: usize) -> Pen {
        assert!(run.len() <= RUN, "a run has a limit");
        assert!(width > 0 && run.len().is_multiple_of(width), "rows are of one width");
        let pen = self.reserve(pen, run.len() * (FLOAT_MAX + 3));
        // SAFETY: as in `int`.
        unsafe { self.at(L::rows(pen.0, run, width)) }
    }

    /// Booleans, a comma behind each; at most 64.
    #[inline(always)]
    #[must_use]
    pub fn bools<L: Level>(&mut self, pen: Pen, bits: u64, n: usize) -> Pen {
        assert!(n <= BOOLS_MAX, "a run has a limit");
        let pen = self.reserve(pen, 6 * n);
        // SAFETY: as in `int`.
        unsafe { self.at(L::bools(pen.0, bits, n)) }
    }

    /// Integers, each behind the first `n` bytes of `line`; at most [`RUN`].
    #[must_use]
    pub fn int_lines<L: Level>(&mut self, pen: Pen, run: &[i64], line: &[u8; LINE], n: usize) -> Pen {
        assert!(run.len() <= RUN, "a run has a limit");
        // SAFETY: the kernel's bound for each is stated; `L` as in `int`.
        self.lines(pen, (run.len(), INT_MAX + 1), line, n, |out| unsafe { L::ints(out, run) })
    }

    /// Doubles, each behind the first `n` bytes of `line`; at most [`RUN`].
    #[must_use]
    pub fn float_lines<L: Level>(&mut self, pen: Pen, run: &[f64], line: &[u8; LINE], n: usize) -> Pen {
        assert!(run.len() <= RUN, "a run has a limit");
        // SAFETY: as in `int_lines`.
        self.lines(pen, (run.len(), FLOAT_MAX + 1), line, n, |out| unsafe { L::floats(out, run) })
    }

    /// Booleans, each behind the first `n` bytes of `line`; at most 64.
    #[must_use]
    pub fn bool_lines<L: Level>(
        &mut self,
        pen: Pen,
        bits: u64,
        count: usize,
        line: &[u8; LINE],
        n: usize,
    ) -> Pen {
        assert!(count <= BOOLS_MAX, "a run has a limit");
        // SAFETY: as in `int_lines`.
        self.lines(pen, (count, 6), line, n, |out| unsafe { L::bools(out, bits, count) })
    }

    /// Integers and doubles by turns, at most [`NUMBERS`], each behind the first `n` bytes of `line`.
    #[must_use]
    pub fn numbers<L: Level>(&mut self, pen: Pen, run: Numbers<'_>, line: &[u8; LINE], n: usize) -> Pen {
        let Numbers { ints, floats, doubles } = run;
        assert!(run.len() <= NUMBERS && doubles.count_ones() as usize == floats.len(), "a run has a limit");
        assert!(n <= LINE, "a line's beginning is short");
        let pen = self.reserve(pen, run.len() * (n + FLOAT_MAX + 1));
        let mut scratch = [[const { MaybeUninit::<u8>::uninit() }; NUMBERS * (FLOAT_MAX + 1) + SLACK]; 2];
        // SAFETY: as in `lines`, for each of the two.
        unsafe {
            let [first, second] = scratch.each_mut().map(|scratch| scratch.as_mut_ptr().cast::<u8>());
            L::ints(first, ints).write_bytes(0, SIGHT);
            L::floats(second, floats).write_bytes(0, SIGHT);
            let from = [(first.cast_const(), ints.len()), (second.cast_const(), floats.len())];
            self.at(weave(pen.0, from, doubles, line, n))
        }
    }

    /// Rows of `width` doubles on lines: the first `outer` bytes of `line` stand before a row and its end, the first
    /// `inner` before each double. At most [`ROWS`] in a row.
    #[must_use]
    pub fn row_lines<L: Level>(
        &mut self,
        mut pen: Pen,
        run: &[f64],
        width: usize,
        line: &[u8; LINE],
        (outer, inner): (usize, usize),
    ) -> Pen {
        assert!((1..=ROWS).contains(&width) && run.len().is_multiple_of(width), "rows are of one width");
        assert!(outer <= LINE && inner <= LINE, "a line's beginning is short");
        let mut scratch: Scratch = [const { MaybeUninit::uninit() }; RUN * (FLOAT_MAX + 1) + SLACK];
        for rows in run.chunks(ROWS / width * width) {
            let most = rows_most(rows.len(), width, FLOAT_MAX + 1, (outer, inner));
            pen = self.reserve(pen, most);
            // SAFETY: as in `lines`; there are whole rows.
            unsafe {
                let values = scratch.as_mut_ptr().cast();
                L::floats(values, rows).write_bytes(0, SIGHT);
                pen = self.at(spread_rows(pen.0, values, (rows.len(), width), line, (outer, inner)));
            }
        }
        pen
    }

    /// What `kernel` writes, which is `count` values of at most `most` bytes with their commas, on lines.
    #[inline(always)]
    fn lines(
        &mut self,
        pen: Pen,
        (count, most): (usize, usize),
        line: &[u8; LINE],
        n: usize,
        kernel: impl FnOnce(*mut u8) -> *mut u8,
    ) -> Pen {
        assert!(n <= LINE, "a line's beginning is short");
        let pen = self.reserve(pen, count * (n + most));
        let mut scratch: Scratch = [const { MaybeUninit::uninit() }; RUN * (FLOAT_MAX + 1) + SLACK];
        assert!(count * most + SLACK <= scratch.len(), "a run has a limit");
        // SAFETY: there is place in the scratch for a run, and for the slack, which is made readable; and in the room for the
        // lines.
        unsafe {
            let values = scratch.as_mut_ptr().cast();
            kernel(values).write_bytes(0, SIGHT);
            self.at(spread(pen.0, values, count, line, n))
        }
    }
}
