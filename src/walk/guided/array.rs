//! Lists along a cached plan: dicts in them have a place, and those that are as guessed a loop.

use super::is_instance;
use super::rows::{self, Others, Rows};
use crate::cpython::{Access, Manner, Obj, Program, Seq, Site, Value};
use crate::options::flag;
use crate::sink::Sink;
use crate::walk::failure::{Failure, Step, Told};
use crate::walk::{MAX_DEPTH, Walk};

/// Rows of so few members do not make up for the look at the room for all of a row.
const FEW_MEMBERS: usize = 2;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    #[inline(always)]
    pub(super) fn guided_seq(
        &mut self,
        pen: S::Pen,
        (program, site): (&Program, &Site),
        seq: Seq<'_>,
    ) -> Told<S::Pen> {
        match seq.get::<A>(0).map(Obj::look) {
            Some(Value::Dict(_) | Value::List(_) | Value::Tuple(_)) => {
                self.guided_array(pen, (program, site), seq)
            }
            Some(Value::Other) => self.instances_of(pen, (program, site), seq),
            Some(Value::None) => self.behind_null(pen, (program, site), seq),
            _ => self.inner_array(pen, seq),
        }
    }

    /// A list that begins with an object of another type.
    #[inline(never)]
    fn instances_of(
        &mut self,
        pen: S::Pen,
        (program, site): (&Program, &Site),
        seq: Seq<'_>,
    ) -> Told<S::Pen> {
        if seq.get::<A>(0).is_some_and(is_instance)
            && let Some(element) = program.element_of(site)
        {
            element.counts.instances.add(seq.len::<A>() as u64);
        }
        self.inner_array(pen, seq)
    }

    /// A list that begins with None, behind which there may be dicts.
    #[inline(never)]
    fn behind_null(&mut self, pen: S::Pen, place: (&Program, &Site), seq: Seq<'_>) -> Told<S::Pen> {
        self.guided_array(pen, place, seq)
    }

    #[inline(never)]
    fn guided_array(
        &mut self,
        pen: S::Pen,
        (program, site): (&Program, &Site),
        seq: Seq<'_>,
    ) -> Told<S::Pen> {
        let end = seq.len::<A>();
        let Some(site) = leads_to_dict::<A>(seq).then(|| program.element_of(site)).flatten() else {
            return self.array(pen, seq);
        };
        self.check_depth()?;
        let Some(seq) = self.world.open_seq(seq) else { return Err(Failure::memory()) };
        let mut pen = self.sink.open_array(pen, end);
        let (mut i, ahead) = (0, seq.has_far_dicts::<A>(end));
        while i < end {
            let Some(obj) = seq.get::<A>(i) else { break };
            let told = match obj.look() {
                Value::Dict(_) if site.is_general() => {
                    // Counted as if all were dicts, for most are.
                    site.pass((end - i) as u64);
                    pen = self.some_elements(pen, seq, (i, end, ahead.then_some(0)))?;
                    break;
                }
                Value::Dict(dict) if dict.len::<A>() == 0 => {
                    let first = i;
                    (pen, i) = self.empty_objects(pen, seq, (first, self.run_end(first, end)))?;
                    pen = self.hand_on(pen)?;
                    site.counts.empty.add((i - first) as u64);
                    continue;
                }
                Value::Dict(dict) => {
                    let told;
                    (pen, told, i) = self.guided_rows(pen, (program, site), seq, (i, end, ahead))?;
                    if told {
                        continue;
                    }
                    if ahead {
                        seq.ahead_of_dict::<A>(i);
                    }
                    self.guided_object(pen, (program, site), dict)
                }
                _ => self.guided(pen, (program, site), obj),
            };
            pen = match told {
                Ok(pen) => self.hand_on(pen)?,
                Err(failure) => return Err(failure.at(Step::Index(i))),
            };
            i += 1;
        }
        let pen = self.sink.close_array(pen);
        self.world.close();
        Ok(pen)
    }

    /// Tells dicts of an array that are as guessed; whether there were any, and which element comes next.
    #[inline(always)]
    fn guided_rows(
        &mut self,
        pen: S::Pen,
        (program, site): (&Program, &Site),
        seq: Seq<'_>,
        (i, end, ahead): (usize, usize, bool),
    ) -> Told<(S::Pen, bool, usize)> {
        let checked = self.options.has(flag::STRICT_INTEGER | flag::NAN_ERROR);
        // A list in a dict in the list is not too deep.
        let too_deep = self.world.depth() + 1 >= MAX_DEPTH;
        // A piece may be finished between any two members.
        if S::STREAMS || site.is_nested() || site.is_general() || checked || too_deep {
            return Ok((pen, false, i));
        }
        let others = Others { options: self.options, encoded: self.encoders.is_some() };
        let tell = if site.is_of_equal_keys() {
            rows::scalar_rows::<S, A, true>
        } else if site.is_stamped() || site.only().is_some_and(|shape| shape.slots().len() <= FEW_MEMBERS) {
            rows::light_rows::<S, A>
        } else {
            rows::scalar_rows::<S, A, false>
        };
        let Rows { pen, rows, equal, stamped, begun } =
            tell(&mut self.sink, pen, site, seq, (i, end, ahead), others);
        if rows > 0 {
            site.counts.equal.add(equal);
            site.right(rows as u64);
            site.note(Manner { equal: equal > rows as u64, nested: false, stamped });
        }
        let next = i + rows;
        let Some((row, odd)) = begun else { return Ok((pen, rows > 0, next)) };
        match self.begun_row(pen, (program, site), row, odd) {
            Ok(pen) => Ok((pen, true, next + 1)),
            Err(failure) => Err(failure.at(Step::Index(next))),
        }
    }
}

/// Whether the first elements of a list, and of the lists in it, lead to a dict: only dicts are guessed at, and numbers
/// have quicker ways. Nones and lists with nothing in them do not count where they are few.
fn leads_to_dict<A: Access>(mut seq: Seq<'_>) -> bool {
    /// Lists inside lists that are looked into.
    const DEPTH: usize = 64;
    /// Elements among which there should be one that counts.
    const FEW: usize = 8;
    let counts = |value: &Value<'_>| match value {
        Value::None => false,
        Value::List(inner) | Value::Tuple(inner) => inner.len::<A>() > 0,
        _ => true,
    };
    for _ in 0..DEPTH {
        match seq.range::<A>(0, seq.len::<A>().min(FEW)).map(Obj::look).find(counts) {
            Some(Value::Dict(_)) => return true,
            Some(Value::List(inner) | Value::Tuple(inner)) => seq = inner,
            _ => return false,
        }
    }
    false
}
