//! Elements of a list that a plan need not record: some are looked at, those behind them when they are told.

use super::Walk;
use super::failure::{Step, Told};
use super::inert::{ENOUGH, LEAST, Looked, Looks};
use crate::cpython::{Access, Seq, Value};
use crate::sink::Sink;

/// Elements of a list that may be inert.
struct Inert<'a> {
    seq: Seq<'a>,
    end: usize,
    ahead: Option<usize>,
}

impl Looked for Inert<'_> {
    #[inline(always)]
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        i: usize,
        n: usize,
    ) -> Told<(S::Pen, usize)> {
        let (pen, next) = walk.inert_elements(pen, self.seq, (i, self.end, self.ahead), n)?;
        Ok((pen, next - i))
    }
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Tells elements from the first on, before the second, if there are enough that are inert. The next one to tell.
    #[inline(never)]
    pub(super) fn pass_inert(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        (i, end, ahead): (usize, usize, Option<usize>),
        looks: &mut Looks,
    ) -> Told<(S::Pen, usize)> {
        let elements = Inert { seq, end, ahead };
        let (n, values) = self.look().elements::<A>(seq, (i, end), LEAST);
        let n = if values < LEAST { 0 } else { n };
        let (pen, next) = self.pass_looked_at(pen, elements, i, n)?;
        looks.have_found(next - i, next);
        Ok((pen, next))
    }

    /// Tells the elements of `seq` from `i` on, before `end`, of which `n` have been looked at; then, after a look at each or at one of
    /// some, those behind them, as long as they are inert and no Python code has run. The next one to tell.
    #[inline(never)]
    fn inert_elements(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        (i, end, ahead): (usize, usize, Option<usize>),
        n: usize,
    ) -> Told<(S::Pen, usize)> {
        let epoch = self.world.epoch();
        let mut pen = self.some_elements(pen, seq, (i, i + n, ahead))?;
        let (mut i, mut flat, mut unlooked) = (i + n, self.knows_flat(), 0);
        while self.world.epoch() == epoch
            && i < end
            && let Some(obj) = seq.get::<A>(i)
        {
            let told = match obj.look() {
                Value::Dict(dict) if dict.len::<A>() == 0 => {
                    (pen, i) = self.empty_objects(pen, seq, (i, end))?;
                    continue;
                }
                Value::Dict(_) if flat => {
                    let told = self.flat_dicts::<true>(pen, seq, (i, end, ahead))?;
                    // The next ones are most likely like the last.
                    (pen, flat) = (told.pen, told.all && told.next > i);
                    i = told.next;
                    continue;
                }
                Value::Dict(dict) => {
                    if !self.seems_inert(obj, &mut unlooked) {
                        break;
                    }
                    if let Some(further) = ahead {
                        seq.ahead_of_dict::<A>(i + further);
                    }
                    self.object(pen, dict)
                }
                Value::List(inner) | Value::Tuple(inner) if !self.may_be_row(inner) => {
                    if !self.seems_inert(obj, &mut unlooked) {
                        break;
                    }
                    self.inner_array(pen, inner)
                }
                // Points, and what is quiet, are better told several at a time.
                Value::List(_) | Value::Tuple(_) | Value::Other => {
                    let (n, _) = self.look().elements::<A>(seq, (i, end), ENOUGH);
                    if n == 0 {
                        break;
                    }
                    pen = self.some_elements(pen, seq, (i, i + n, ahead))?;
                    i += n;
                    continue;
                }
                // These are asked what they are when they are told.
                _ => {
                    (pen, i) = self.scalars(pen, seq, (i, end))?;
                    continue;
                }
            };
            pen = told.map_err(|failure| failure.at(Step::Index(i)))?;
            i += 1;
        }
        Ok((pen, i))
    }
}
