//! Instances of one class in a list, told as rows: one loop over the values of one after the other, which opens nothing,
//! for as long as values are scalars no Python code can run.

use core::cell::Cell;
use core::ops::ControlFlow::{Break, Continue};

use super::dataclass::name_step;
use super::failure::{Step, Told};
use super::held::Held;
use super::{MAX_DEPTH, Walk, scalar};
use crate::cpython::{Access, Compared, Fields, Obj, Seq, Value, Values};
use crate::options::{Options, flag};
use crate::sink::{Few, Sink};

/// What [`rows`] has come to.
struct Rows<'a, P> {
    pen: P,
    /// Instances that have been told whole.
    rows: usize,
    /// The field at which the one behind them has stopped, if it has begun, and its value, if its name has been told.
    stopped: Option<(usize, Option<Obj<'a>>)>,
}

/// Tells the instances of `seq` from `i` on, before `end`, as long as they are of the class of the first, have `fields` and
/// no other attributes, in their order, and their values seem to be scalars, or lists with nothing in them. If they are to be
/// `LOOKED` at, all values are such, or nothing of the instance is told.
#[inline(never)]
fn rows<'a, S: Sink, A: Access, H: Held, const LOOKED: bool>(
    sink: &mut S,
    mut pen: S::Pen,
    options: &Options,
    seq: Seq<'a>,
    (begin, end, ahead): (usize, usize, bool),
    fields: &'a Fields,
    held: H,
) -> Rows<'a, S::Pen> {
    let (mut i, mut stopped, fragments) = (begin, None, fields.fragments());
    'rows: while i < end
        && let Some(obj) = seq.get::<A>(i)
        && fields.are_of_class_of(obj)
        && (!LOOKED || held.are_flat::<A>(obj, fields))
        && let Some(mut values) = held.values::<A>(obj, fields)
    {
        if ahead {
            H::ahead::<A>(seq, i, fields);
        }
        pen = sink.open_object(pen, fragments.len());
        let mut names = fragments.iter();
        while let Some(fragment) = names.next() {
            let field = || fragments.len() - names.len() - 1;
            let Some(value) = values.next().flatten() else {
                stopped = Some((field(), None));
                break 'rows;
            };
            if matches!(value.look_scalar(), Value::Other) {
                if !value.is_empty_list::<A>() {
                    stopped = Some((field(), None));
                    break 'rows;
                }
                pen = sink.few_member(pen, 0, fragment, Few::EmptyArray);
                continue;
            }
            match scalar::member::<S, A, true>(sink, pen, options, (0, fragment), value) {
                Break(told) => pen = told,
                Continue(told) => {
                    pen = told;
                    stopped = Some((field(), Some(value)));
                    break 'rows;
                }
            }
        }
        pen = sink.close_object(pen);
        i += 1;
    }
    Rows { pen, rows: i - begin, stopped }
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Tells the elements from `i` on as long as they are of the class of the first, which has `fields`, and no Python code
    /// has run, which may have changed it; how many they are. If they are to be `LOOKED` at, it ends before one with a value
    /// that is not flat, too.
    #[inline(never)]
    pub(super) fn instances<H: Held, const LOOKED: bool>(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        (i, end): (usize, usize),
        fields: &Fields,
        held: H,
    ) -> Told<(S::Pen, usize)> {
        let (epoch, ahead, mut at) = (self.world.epoch(), seq.is_scattered::<A>(i, end), i);
        // A sink that keeps wants numbered keys, an encoder is asked for each value.
        let mut as_rows = !S::KEEPS
            && S::KNOWS
            && !A::ENCODES
            && !fields.fragments().is_empty()
            && !self.options.has(flag::OMIT_NONE)
            // A list in an instance in the list is not too deep.
            && self.world.depth() + 1 < MAX_DEPTH;
        while at < end
            && self.world.epoch() == epoch
            && let Some(obj) = seq.get::<A>(at)
            && fields.are_of_class_of(obj)
        {
            let mut begun = None;
            if as_rows {
                let range = (at, end, ahead);
                let Rows { pen: told, rows, stopped } =
                    rows::<S, A, H, LOOKED>(&mut self.sink, pen, self.options, seq, range, fields, held);
                (pen, begun) = (told, stopped);
                at += rows;
                if begun.is_none() {
                    if LOOKED {
                        break;
                    }
                    if rows > 0 {
                        continue;
                    }
                }
                // Where one is none, its neighbours are likely to be none.
                as_rows = rows > 0;
            } else {
                if LOOKED && !held.are_flat::<A>(obj, fields) {
                    break;
                }
                if ahead {
                    H::ahead::<A>(seq, at, fields);
                }
            }
            let told = match begun {
                // The one that has begun is the one behind the rows.
                Some(stopped) => match seq.get::<A>(at) {
                    Some(obj) => held.go_on(self, pen, obj, fields, stopped),
                    None => break,
                },
                None => held.tell(self, pen, obj, fields),
            };
            pen = told.map_err(|failure| failure.at(Step::Index(at)))?;
            at += 1;
        }
        Ok((pen, at - i))
    }

    /// The rest of an instance, or its dict, that has begun as a row of scalars: from field `i` on, or behind it, if its
    /// name is told, and this is its value.
    #[inline(never)]
    pub(super) fn begun_instance(
        &mut self,
        pen: S::Pen,
        obj: Obj<'_>,
        (fields, compared): (&Fields, &Cell<Compared>),
        (i, value): (usize, Option<Obj<'_>>),
    ) -> Told<S::Pen> {
        let (owner, split) = obj.own_split::<A>().expect("nobody has changed it");
        let mut values = split.values_of(fields, compared).expect("nobody has changed it");
        self.world.open_instance(owner);
        let epoch = self.world.epoch();
        (0..i).for_each(|_| _ = values.next());
        let Some(value) = value else { return self.more_values(pen, owner, fields, values, i) };
        _ = values.next();
        let told = self.container(pen, value);
        self.values_behind(told, owner, fields, values, (i, epoch))
    }

    /// The attributes of `owner`, an instance or its dict, that are `fields` and no others, in their order.
    #[inline(always)]
    pub(super) fn values(
        &mut self,
        pen: S::Pen,
        owner: Obj<'_>,
        fields: &Fields,
        values: Values,
    ) -> Told<S::Pen> {
        self.world.open_instance(owner);
        let pen = self.sink.open_object(pen, fields.all().len());
        self.more_values(pen, owner, fields, values, 0)
    }

    /// Those from `begin` on, whose values these are, and the end of their owner.
    #[inline(always)]
    fn more_values(
        &mut self,
        mut pen: S::Pen,
        owner: Obj<'_>,
        fields: &Fields,
        mut values: Values,
        begin: usize,
    ) -> Told<S::Pen> {
        let epoch = self.world.epoch();
        for (i, field) in fields.all().iter().enumerate().skip(begin) {
            let Some(value) = values.next() else { break };
            if field.is_private() || self.omits(value) {
                continue;
            }
            match self.field_member(pen, field, value)? {
                Break(told) => pen = told,
                Continue(told) if self.world.epoch() != epoch => {
                    pen = self.told_split(told, owner, Some(fields), i + 1, fields.all().len())?;
                    break;
                }
                Continue(told) => pen = told.map_err(|failure| failure.at(name_step::<A>(field.name())))?,
            }
        }
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    /// The attributes behind field `i`, of which `told` has become, since the epoch.
    #[inline(never)]
    fn values_behind(
        &mut self,
        told: Told<S::Pen>,
        owner: Obj<'_>,
        fields: &Fields,
        values: Values,
        (i, epoch): (usize, usize),
    ) -> Told<S::Pen> {
        if self.world.epoch() == epoch {
            let pen = told.map_err(|failure| failure.at(name_step::<A>(fields.all()[i].name())))?;
            return self.more_values(pen, owner, fields, values, i + 1);
        }
        let pen = self.told_split(told, owner, Some(fields), i + 1, fields.all().len())?;
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }
}
