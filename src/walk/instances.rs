//! Instances of one class in a list, told as rows: one loop over the values of one after the other, which opens nothing,
//! for as long as values are scalars no Python code can run.

use core::cell::Cell;
use core::ops::ControlFlow::{Break, Continue};

use super::dataclass::name_step;
use super::failure::{Step, Told};
use super::{MAX_DEPTH, Walk, scalar};
use crate::cpython::{Access, Compared, Fields, Obj, Seq, Values};
use crate::options::{Options, flag};
use crate::sink::Sink;

/// What [`rows`] has come to.
struct Rows<'a, P> {
    pen: P,
    /// Instances that have been told whole.
    rows: usize,
    /// The one behind them, if it has begun.
    begun: Option<Begun<'a>>,
}

/// An instance of which a value is no scalar. Its name has been told.
struct Begun<'a> {
    owner: Obj<'a>,
    /// Its number.
    field: usize,
    value: Obj<'a>,
    /// Those behind it.
    values: Values,
}

/// Tells the instances of `seq` from `i` on, before `end`, as long as they are of the class of the first, have `fields` and
/// no other attributes, in their order, and their values seem to be scalars.
#[inline(never)]
fn rows<'a, S: Sink, A: Access>(
    sink: &mut S,
    mut pen: S::Pen,
    options: &Options,
    seq: Seq<'a>,
    (begin, end, ahead): (usize, usize, bool),
    fields: &Fields,
    compared: &Cell<Compared>,
) -> Rows<'a, S::Pen> {
    let (mut i, mut begun, fragments) = (begin, None, fields.fragments());
    while i < end
        && let Some(obj) = seq.get::<A>(i)
        && fields.are_of_class_of(obj)
        && let Some((owner, split)) = obj.own_split::<A>()
        && let Some(mut values) = split.values_of(fields, compared)
    {
        if ahead {
            seq.ahead_of_instance::<A>(i);
        }
        pen = sink.open_object(pen, fragments.len());
        let mut names = fragments.iter();
        while let Some(fragment) = names.next()
            && let Some(value) = values.next()
        {
            match scalar::member::<S, A, true>(sink, pen, options, (0, fragment), value) {
                Break(told) => pen = told,
                Continue(told) => {
                    pen = told;
                    let field = fragments.len() - names.len() - 1;
                    begun = Some(Begun { owner, field, value, values });
                    break;
                }
            }
        }
        if begun.is_some() {
            break;
        }
        pen = sink.close_object(pen);
        i += 1;
    }
    Rows { pen, rows: i - begin, begun }
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Tells the elements from `i` on as long as they are of the class of the first, which has `fields`, and no Python code
    /// has run, which may have changed it; how many they are.
    pub(super) fn instances(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        (i, end): (usize, usize),
        fields: &Fields,
    ) -> Told<(S::Pen, usize)> {
        let (epoch, ahead) = (self.world.epoch(), seq.is_scattered::<A>(i, end));
        let (compared, mut at) = (Cell::new(Compared::NOTHING), i);
        // A sink that keeps wants numbered keys, an encoder is asked for each value.
        let mut as_rows = !S::KEEPS
            && S::KNOWS
            && !A::ENCODES
            && !fields.fragments().is_empty()
            && !self.options.has(flag::OMIT_NONE)
            && self.world.depth() < MAX_DEPTH;
        while at < end
            && self.world.epoch() == epoch
            && let Some(obj) = seq.get::<A>(at)
            && fields.are_of_class_of(obj)
        {
            let mut told = None;
            if as_rows {
                let found;
                Rows { pen, rows: found, begun: told } =
                    rows::<S, A>(&mut self.sink, pen, self.options, seq, (at, end, ahead), fields, &compared);
                at += found;
                if found > 0 && told.is_none() {
                    continue;
                }
                // Where one is none, its neighbours are likely to be none.
                as_rows = found > 0;
            } else if ahead {
                seq.ahead_of_instance::<A>(at);
            }
            let told = match told {
                Some(begun) => self.begun_instance(pen, fields, begun),
                None => self.instance(pen, obj, fields, &compared),
            };
            pen = told.map_err(|failure| failure.at(Step::Index(at)))?;
            at += 1;
        }
        Ok((pen, at - i))
    }

    /// The value that stopped an instance which had begun as a row of scalars, and the rest of it.
    #[inline(never)]
    fn begun_instance(&mut self, pen: S::Pen, fields: &Fields, begun: Begun<'_>) -> Told<S::Pen> {
        let Begun { owner, field, value, values } = begun;
        self.world.open_instance(owner);
        let epoch = self.world.epoch();
        let told = self.container(pen, value);
        self.values_behind(told, owner, fields, values, (field, epoch))
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
