//! Lists and tuples: element by element, and run by run where neighbours are alike.

use super::Walk;
use super::failure::{Failure, Step, Told};
use super::inert::Looks;
use crate::cpython::{Access, CAN_PEEK, Obj, Seq, Value};
use crate::options::flag;
use crate::sink::{BOOLS, RUN, Sink, TEXT_RUN};

impl<S: Sink, A: Access> Walk<'_, S, A> {
    #[inline(always)]
    pub(super) fn array(&mut self, pen: S::Pen, seq: Seq<'_>) -> Told<S::Pen> {
        self.array_from(pen, seq, None)
    }

    /// An array of which so many elements have been told, or that the sink does not know of yet.
    #[inline(never)]
    pub(super) fn array_from(&mut self, mut pen: S::Pen, seq: Seq<'_>, told: Option<usize>) -> Told<S::Pen> {
        let end = seq.len::<A>();
        if told.is_none() {
            // orjson writes an empty tuple however deep it is.
            if !(seq.is_tuple() && end == 0) {
                self.check_depth()?;
            }
            if end == 0 {
                return Ok(self.sink.empty_array(pen));
            }
            pen = self.sink.open_array(pen, end);
        }
        let mut begin = told.unwrap_or(0);
        if told.is_none() && self.may_be_unopened(end) {
            (pen, begin) = self.unopened(pen, seq, end)?;
            if begin == end {
                return Ok(self.sink.close_array(pen));
            }
        }
        let Some(seq) = self.world.open_seq(seq) else { return Err(Failure::memory()) };
        // Dicts are asked for so many elements further on than usual.
        let ahead = seq.has_far_dicts::<A>(end).then_some(0);
        let (pen, _) = self.elements_of::<false>(pen, seq, (begin, end, ahead))?;
        let pen = self.sink.close_array(pen);
        self.world.close();
        Ok(pen)
    }

    /// Tells elements of the open array.
    #[inline(never)]
    pub(super) fn some_elements(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        range: (usize, usize, Option<usize>),
    ) -> Told<S::Pen> {
        Ok(self.elements_of::<false>(pen, seq, range)?.0)
    }

    /// Tells scalars of the open array from the first on, before the second. The next element to tell, which is another one.
    #[inline(never)]
    pub(super) fn scalars(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        (i, end): (usize, usize),
    ) -> Told<(S::Pen, usize)> {
        self.elements_of::<true>(pen, seq, (i, end, None))
    }

    /// Tells elements, with `SCALARS` as long as they are scalars. The next one to tell.
    #[inline(always)]
    fn elements_of<const SCALARS: bool>(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        (mut i, end, ahead): (usize, usize, Option<usize>),
    ) -> Told<(S::Pen, usize)> {
        let mut looks = Looks::from(i);
        let mut flat = end - i > 1 && self.knows_flat();
        // A hook may shorten the list, which `get` sees, or add to it, which is left for another time.
        while i < end {
            let Some(obj) = seq.get::<A>(i) else { break };
            let alike = |next: Obj<'_>| {
                next.is_same_type(obj)
                    || next.is_none() && obj.as_float().is_some() && self.nulls_are_floats()
            };
            let told = match obj.look() {
                Value::Dict(_) | Value::List(_) | Value::Tuple(_) | Value::Other if SCALARS => break,
                _ if A::ENCODES => self.value(pen, obj),
                Value::Dict(_) | Value::None if Self::LOOKS && looks.are_due(i) => {
                    (pen, i) = self.pass_inert(pen, seq, (i, end, ahead), &mut looks)?;
                    continue;
                }
                Value::Dict(_) if flat => {
                    let told = self.flat_dicts::<false>(pen, seq, (i, end, ahead))?;
                    // The next ones are most likely like the last.
                    (pen, flat) = (told.pen, told.all && told.next > i);
                    i = told.next;
                    continue;
                }
                Value::Dict(d) if d.len::<A>() == 0 => {
                    (pen, i) = self.empty_objects(pen, seq, (i, self.run_end(i, end)))?;
                    pen = self.hand_on(pen)?;
                    continue;
                }
                Value::Dict(d) => {
                    if let Some(further) = ahead {
                        seq.ahead_of_dict::<A>(i + further);
                    }
                    self.object(pen, d)
                }
                Value::List(s) | Value::Tuple(s) => {
                    if self.may_be_row(s) && end - i > 1 {
                        let told;
                        (pen, told) = self.rows(pen, seq, i, self.run_end(i, end), s.len::<A>())?;
                        if told > 0 {
                            i += told;
                            pen = self.hand_on(pen)?;
                            // What is no row here is followed by rows, most likely.
                            looks.put_off(i);
                            continue;
                        }
                    }
                    if Self::LOOKS && looks.are_due(i) {
                        (pen, i) = self.pass_inert(pen, seq, (i, end, ahead), &mut looks)?;
                        continue;
                    }
                    self.inner_array(pen, s)
                }
                Value::Other => {
                    let told;
                    (pen, told) = self.others(pen, seq, i, self.run_end(i, end))?;
                    i += told;
                    pen = self.hand_on(pen)?;
                    continue;
                }
                Value::None => {
                    let told;
                    (pen, told) = self.nulls(pen, seq, i, self.run_end(i, end));
                    i += told;
                    pen = self.hand_on(pen)?;
                    continue;
                }
                kind if let Some(n) = self.lane_from(kind, end - i)
                    && seq.get::<A>(i + 1).is_some_and(alike)
                    && seq.get::<A>(i + n - 1).is_some_and(alike) =>
                {
                    let end = self.run_end(i, end);
                    let mut told;
                    (pen, told) = match kind {
                        Value::Int(_) => self.ints(pen, seq, i, end)?,
                        Value::Float(_) => self.floats(pen, seq, i, end)?,
                        Value::Bool(_) => self.bools(pen, seq, i, end),
                        _ => self.texts(pen, seq, i, end)?,
                    };
                    i += told;
                    if self.ends_at_null(told, seq, i) {
                        (pen, told) = self.among_nulls(pen, seq, i, end);
                        i += told;
                    }
                    pen = self.hand_on(pen)?;
                    continue;
                }
                _ if Self::LOOKS && looks.are_due(i) => {
                    (pen, i) = self.pass_inert(pen, seq, (i, end, ahead), &mut looks)?;
                    continue;
                }
                kind if Self::MIXES => {
                    let told;
                    (pen, told) = if self.lane_from(kind, end - i).is_none() {
                        self.last_alike(pen, seq, i, end)
                    } else if seq.get::<A>(i + 1).is_some_and(alike) {
                        (pen, 0)
                    } else {
                        self.mixed(pen, seq, i, end)
                    };
                    if told > 0 {
                        i += told;
                        continue;
                    }
                    self.value(pen, obj)
                }
                _ => self.value(pen, obj),
            };
            pen = match told {
                Ok(pen) => self.hand_on(pen)?,
                Err(failure) => return Err(failure.at(Step::Index(i))),
            };
            i += 1;
        }
        Ok((pen, i))
    }

    /// Whether it may be one of several short lists of floats: points.
    #[inline(always)]
    pub(super) fn may_be_row(&self, seq: Seq<'_>) -> bool {
        S::ROWS
            && CAN_PEEK
            && matches!(seq.len::<A>(), 2..=16)
            && !self.options.has(flag::NAN_ERROR)
            && [0, seq.len::<A>() - 1]
                .iter()
                .all(|&i| seq.get::<A>(i).is_some_and(|o| o.as_float().is_some()))
    }

    /// How many elements are enough for a lane of this kind, if so many are left. The last of them tells where types come
    /// by turns.
    #[inline(always)]
    fn lane_from(&self, kind: Value<'_>, left: usize) -> Option<usize> {
        let thresholds = &self.options.thresholds;
        let enough = match kind {
            Value::Int(_) => thresholds.int.min(RUN),
            Value::Float(_) => thresholds.float.min(RUN),
            Value::Bool(_) => thresholds.bool.min(BOOLS),
            // Those of a stream may be of any length, and none of a run could be handed on before the others.
            Value::Str(_) if !S::STREAMS => thresholds.text.min(TEXT_RUN),
            _ => return None,
        };
        (left >= enough).then_some(enough)
    }
}
