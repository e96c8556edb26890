//! numpy's arrays and scalars. An array is told run by run, straight from its memory.

use core::ops::Range;

use super::Walk;
use super::failure::{Failure, Fault, Step, Told, UNSUPPORTED};
use super::inert::{LEAST, Looked};
use crate::cpython::{Access, Array, Buffer, Element, Number, Obj, Unreadable};
use crate::instant::{self, Unit};
use crate::options::flag;
use crate::single;
use crate::sink::{BOOLS, RUN, Sink, WORDS};
use crate::stamp::Zone;

/// Parts of an array, of one dimension less: elements, of one that has one.
#[derive(Clone, Copy)]
struct Parts<'a> {
    array: &'a Array,
    /// Dimensions whose indices each of them has.
    depth: usize,
    /// Where the first one lies.
    from: usize,
    /// Elements of each.
    size: usize,
}

impl Parts<'_> {
    fn told_by<S: Sink, A: Access>(
        self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        mut range: Range<usize>,
    ) -> Told<S::Pen> {
        if self.depth == self.array.shape().len() {
            return walk.elements(pen, self.array, self.from, range);
        }
        range.try_fold(pen, |pen, i| {
            let told = walk.dimension(pen, self.array, self.depth, self.from + i * self.size);
            let pen = told.map_err(|failure| failure.at(Step::Index(i)))?;
            walk.hand_on_between(pen, self.array)
        })
    }
}

impl Looked for Parts<'_> {
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        i: usize,
        n: usize,
    ) -> Told<(S::Pen, usize)> {
        Ok((self.told_by(walk, pen, i..i + n)?, n))
    }
}

/// Where runs of elements begin, and how many each has.
fn runs(some: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    let Range { start, end } = some;
    (start..end).step_by(RUN).map(move |at| (at, RUN.min(end - at)))
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    pub(super) fn numpy_array(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        let mut array = match Array::open(&mut self.world, obj) {
            Ok(array) => array,
            Err(why) => return self.unreadable(pen, obj, why),
        };
        if S::STREAMS {
            array.ask_for_base(&mut self.world);
        }
        let told = self.dimension(pen, &array, 0, 0);
        array.close(&mut self.world);
        told
    }

    /// What cannot be read goes to `default`, as orjson has it, but for what it never expects.
    fn unreadable(&mut self, pen: S::Pen, obj: Obj<'_>, why: Unreadable) -> Told<S::Pen> {
        let text = match why {
            Unreadable::Malformed => "numpy array is malformed",
            Unreadable::Swapped => "numpy array is not native-endianness",
            _ if self.default.is_some() => return self.hook(pen, obj),
            Unreadable::Scattered => "numpy array is not C contiguous; use ndarray.tolist() in default",
            Unreadable::Single => return Err(Failure::new(Fault::NumpySingle)),
            Unreadable::Unsupported => UNSUPPORTED,
        };
        Err(Failure::new(Fault::Numpy(text.into())))
    }

    /// The part of an array in which the indices of the first `depth` dimensions are given: its elements lie from
    /// `from` on.
    fn dimension(&mut self, pen: S::Pen, array: &Array, depth: usize, from: usize) -> Told<S::Pen> {
        let (len, inner) = (array.shape()[depth], &array.shape()[depth + 1..]);
        if len == 0 {
            return Ok(self.sink.empty_array(pen));
        }
        let parts = Parts { array, depth: depth + 1, from, size: inner.iter().product() };
        let (mut pen, mut told) = (self.sink.open_array(pen, len), 0);
        // To read an array runs no Python code: what is no lane need not be recorded.
        let is_lane = inner.is_empty() && !matches!(array.element(), Element::Date(_));
        if S::PASSES && depth == 0 && !is_lane && len * parts.size >= LEAST {
            (pen, told) = self.pass_looked_at(pen, parts, 0, len)?;
        }
        if told < len {
            pen = parts.told_by(self, pen, told..len)?;
        }
        Ok(self.sink.close_array(pen))
    }

    /// Hands on what is finished between two values of an array, which the file's `write` may change. Not between those of one
    /// whose memory is another object's, which might let it go.
    #[inline(always)]
    fn hand_on_between(&mut self, pen: S::Pen, array: &Array) -> Told<S::Pen> {
        if !S::STREAMS || !array.owns_memory() || self.sink.finished(&pen).is_none() {
            return Ok(pen);
        }
        let pen = self.hand_on(pen)?;
        if array.is_as_before(&mut self.world) {
            Ok(pen)
        } else {
            Err(Failure::new(Fault::Numpy("numpy array changed while it was written".into())))
        }
    }

    /// The elements of a row of an array whose first one lies at `from`, as many at once as there may be.
    fn elements(&mut self, mut pen: S::Pen, array: &Array, from: usize, row: Range<usize>) -> Told<S::Pen> {
        let mut at = row.start;
        while at < row.end {
            let end = self.run_end(at, row.end);
            pen = self.some_of_row(pen, array, from, at..end)?;
            pen = self.hand_on_between(pen, array)?;
            at = end;
        }
        Ok(pen)
    }

    fn some_of_row(&mut self, pen: S::Pen, array: &Array, from: usize, some: Range<usize>) -> Told<S::Pen> {
        match array.element() {
            Element::Bool => Ok(self.array_bools(pen, array, from, some)),
            Element::F64 => self.array_doubles(pen, array, from, some),
            Element::F32 | Element::F16 => self.array_singles(pen, array, from, some),
            Element::Date(unit) => self.array_dates(pen, array, from, some, unit),
            Element::U64 => Ok(self.array_uints(pen, array, from, some)),
            _ => Ok(self.array_ints(pen, array, from, some)),
        }
    }

    fn array_ints(&mut self, mut pen: S::Pen, array: &Array, from: usize, some: Range<usize>) -> S::Pen {
        let mut buffer = Buffer::new();
        for (at, n) in runs(some) {
            if let Some(run) = array.ints(from + at, n, &mut buffer) {
                pen = self.int_run(pen, run, array.row_len());
            }
        }
        pen
    }

    /// Part of `len` integers in a row, which are a lane if they are enough.
    #[inline(always)]
    fn int_run(&mut self, pen: S::Pen, run: &[i64], len: usize) -> S::Pen {
        if len >= self.options.thresholds.int.min(RUN) {
            self.sink.ints(pen, run)
        } else {
            run.iter().fold(pen, |pen, &v| self.sink.int(pen, v))
        }
    }

    #[inline(always)]
    fn float_run(&mut self, pen: S::Pen, run: &[f64], len: usize) -> S::Pen {
        if len >= self.options.thresholds.float.min(RUN) {
            self.sink.floats(pen, run)
        } else {
            run.iter().fold(pen, |pen, &v| self.sink.float(pen, v))
        }
    }

    /// Those above the signed range look negative, and are told one by one with their neighbours.
    fn array_uints(&mut self, mut pen: S::Pen, array: &Array, from: usize, some: Range<usize>) -> S::Pen {
        let mut buffer = Buffer::new();
        for (at, n) in runs(some) {
            let Some(run) = array.ints(from + at, n, &mut buffer) else { return pen };
            pen = if run.iter().all(|v| *v >= 0) {
                self.int_run(pen, run, array.row_len())
            } else {
                run.iter().fold(pen, |pen, &v| self.uint(pen, v as u64))
            };
        }
        pen
    }

    fn uint(&mut self, pen: S::Pen, v: u64) -> S::Pen {
        match i64::try_from(v) {
            Ok(v) => self.sink.int(pen, v),
            Err(_) => self.sink.uint(pen, v),
        }
    }

    fn array_doubles(
        &mut self,
        mut pen: S::Pen,
        array: &Array,
        from: usize,
        some: Range<usize>,
    ) -> Told<S::Pen> {
        let mut buffer = Buffer::new();
        for (at, n) in runs(some) {
            if let Some(run) = array.doubles(from + at, n, &mut buffer) {
                self.check_finite(run, at)?;
                pen = self.float_run(pen, run, array.row_len());
            }
        }
        Ok(pen)
    }

    /// Refuses NaN and infinities if the caller does; `at` is the index of the first of `run`.
    #[inline(always)]
    fn check_finite<F: Copy + Into<f64>>(&self, run: &[F], at: usize) -> Told<()> {
        if !self.options.has(flag::NAN_ERROR) {
            return Ok(());
        }
        match run.iter().position(|&v| !v.into().is_finite()) {
            Some(i) => Err(Failure::new(Fault::NotFinite).at(Step::Index(at + i))),
            None => Ok(()),
        }
    }

    /// Told as doubles, as far as their form is the same.
    fn array_singles(
        &mut self,
        mut pen: S::Pen,
        array: &Array,
        from: usize,
        some: Range<usize>,
    ) -> Told<S::Pen> {
        let (mut buffer, mut doubles, len) = (Buffer::new(), [0.0; RUN], array.row_len());
        for (at, n) in runs(some) {
            let Some(run) = array.singles(from + at, n, &mut buffer) else { return Ok(pen) };
            self.check_finite(run, at)?;
            if A::with(single::Doubles { run, to: &mut doubles[..run.len()] }) {
                pen = self.float_run(pen, &doubles[..run.len()], len);
                continue;
            }
            let mut alike = 0;
            for &v in run {
                match single::as_double(v) {
                    Some(double) => {
                        doubles[alike] = double;
                        alike += 1;
                    }
                    None => {
                        pen = self.float_run(pen, &doubles[..alike], len);
                        pen = self.own_single(pen, v);
                        alike = 0;
                    }
                }
            }
            pen = self.float_run(pen, &doubles[..alike], len);
        }
        Ok(pen)
    }

    fn array_bools(&mut self, mut pen: S::Pen, array: &Array, from: usize, some: Range<usize>) -> S::Pen {
        let Range { start: mut at, end } = some;
        while end - at >= WORDS * BOOLS {
            let words: [u64; WORDS] = core::array::from_fn(|i| array.bools(from + at + i * BOOLS, BOOLS));
            pen = self.sink.many_bools(pen, &words);
            at += WORDS * BOOLS;
        }
        for at in (at..end).step_by(BOOLS) {
            let n = BOOLS.min(end - at);
            pen = self.sink.bools(pen, array.bools(from + at, n), n);
        }
        pen
    }

    fn array_dates(
        &mut self,
        mut pen: S::Pen,
        array: &Array,
        from: usize,
        some: Range<usize>,
        unit: Unit,
    ) -> Told<S::Pen> {
        let mut buffer = Buffer::new();
        for (at, n) in runs(some) {
            let Some(run) = array.ints(from + at, n, &mut buffer) else { return Ok(pen) };
            for (i, &v) in run.iter().enumerate() {
                pen = self.instant(pen, v, unit).map_err(|failure| failure.at(Step::Index(at + i)))?;
            }
        }
        Ok(pen)
    }

    pub(super) fn numpy_scalar(&mut self, pen: S::Pen, obj: Obj<'_>, element: Element) -> Told<S::Pen> {
        match obj.number(element) {
            Number::Bool(v) => Ok(self.sink.bool(pen, v)),
            Number::Int(v) => Ok(self.sink.int(pen, v)),
            Number::Uint(v) => Ok(self.uint(pen, v)),
            Number::Double(v) => self.float(pen, v),
            Number::Single(v) => self.single(pen, v),
            Number::Date(v, unit) => self.instant(pen, v, unit),
        }
    }

    /// A float of single precision has shortest digits of its own.
    fn single(&mut self, pen: S::Pen, v: f32) -> Told<S::Pen> {
        match single::as_double(v) {
            Some(double) => self.float(pen, double),
            None => Ok(self.own_single(pen, v)),
        }
    }

    /// One whose form is not that of a double.
    #[cold]
    fn own_single(&mut self, pen: S::Pen, v: f32) -> S::Pen {
        self.sink.raw(pen, zmij::Buffer::new().format_finite(v).as_bytes())
    }

    #[inline(always)]
    fn instant(&mut self, pen: S::Pen, v: i64, unit: Unit) -> Told<S::Pen> {
        let zone = match (self.options.has(flag::NAIVE_UTC), self.options.has(flag::UTC_Z)) {
            (false, _) => Zone::Naive,
            (true, false) => Zone::UTC,
            (true, true) => Zone::Z,
        };
        match instant::stamp(v, unit, zone, !self.options.has(flag::OMIT_MICROSECONDS)) {
            Ok(stamp) => Ok(self.sink.stamp(pen, &stamp)),
            Err(bad) => Err(Failure::new(Fault::Numpy(bad.to_string().into()))),
        }
    }
}
