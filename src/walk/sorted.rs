//! Dicts with str keys, in the order of the keys.

use core::ops::ControlFlow::{Break, Continue};

use super::failure::{Failure, Fault, Step, Told};
use super::flat::Flat;
use super::inert::{ENOUGH, LEAST, Looked, WAIT, look};
use super::{MAX_DEPTH, Walk, scalar};
use crate::cpython::{Access, Dict, Entries, Obj, Ordered, Seq, Value};
use crate::options::flag;
use crate::plan::is_copied;
use crate::sink::Sink;
use crate::text::Text;

/// A dict of which the first members are told in the order of their keys.
struct Begun<P> {
    pen: P,
    /// The number of the next one, among those in order.
    next: usize,
    /// Whether its key is told as well.
    with_key: bool,
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// All keys are looked at before the first value is told.
    #[inline(never)]
    pub(super) fn sorted_members(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        if !self.options.has(flag::OMIT_NONE)
            && let Some(ordered) = self.world.ordered::<A>(dict, None)
        {
            let too_deep = self.world.depth() >= MAX_DEPTH;
            let begun = self.ordered_scalars(pen, dict, ordered, too_deep);
            return self.ordered_rest(dict, ordered, begun);
        }
        let from = self.world.members();
        if !self.world.expect_members(dict.len::<A>()) {
            return Err(Failure::new(Fault::Memory));
        }
        self.gather_members(dict)?;
        self.world.sort_members::<A>(from);
        self.gathered_rest(pen, dict, from, from)
    }

    /// As [`Walk::flat_dicts`], each in the order of its keys.
    #[inline(never)]
    pub(super) fn sorted_flat_dicts<const LOOKED: bool>(
        &mut self,
        mut pen: S::Pen,
        seq: Seq<'_>,
        (first, end, ahead): (usize, usize, Option<usize>),
    ) -> Told<Flat<S::Pen>> {
        let (mut i, mut last) = (first, None);
        while i < end
            && let Some(Value::Dict(dict)) = seq.get::<A>(i).map(Obj::look)
            && (!LOOKED || dict.entries::<A>().is_some_and(Entries::are_light::<A>))
            && let Some(ordered) = self.world.ordered::<A>(dict, last)
        {
            if let Some(further) = ahead {
                seq.ahead_of_dict::<A>(i + further);
            }
            let len = ordered.len();
            pen = if i == first { self.sink.open_object(pen, len) } else { self.sink.next_object(pen, len) };
            let begun = self.ordered_scalars(pen, dict, ordered, false);
            if begun.next < ordered.len() {
                return match self.begun_sorted(dict, ordered, begun) {
                    Ok(pen) => Ok(Flat { pen, next: i + 1, all: false }),
                    Err(failure) => Err(failure.at(Step::Index(i))),
                };
            }
            pen = begun.pen;
            last = Some(ordered);
            i += 1;
        }
        if i > first {
            pen = self.sink.close_object(pen);
        }
        Ok(Flat { pen, next: i, all: true })
    }

    /// The rest of a dict that has turned out not to be flat.
    #[inline(never)]
    fn begun_sorted(&mut self, dict: Dict<'_>, ordered: Ordered, begun: Begun<S::Pen>) -> Told<S::Pen> {
        if self.world.open_dict(dict).is_none() {
            return Err(Failure::memory());
        }
        let pen = self.ordered_rest(dict, ordered, begun)?;
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    /// Tells the first members, as long as no Python code can run.
    #[inline(always)]
    fn ordered_scalars(
        &mut self,
        pen: S::Pen,
        dict: Dict<'_>,
        ordered: Ordered,
        too_deep: bool,
    ) -> Begun<S::Pen> {
        if !S::KNOWS || S::STREAMS {
            return Begun { pen, next: 0, with_key: false };
        }
        let begun = self.known_scalars(Begun { pen, next: 0, with_key: false }, dict, ordered, too_deep);
        if begun.next == ordered.len() || begun.with_key {
            return begun;
        }
        self.strange_scalars(begun, dict, ordered, too_deep)
    }

    /// Tells members as long as their keys are known.
    #[inline(always)]
    fn known_scalars(
        &mut self,
        Begun { mut pen, next, .. }: Begun<S::Pen>,
        dict: Dict<'_>,
        ordered: Ordered,
        too_deep: bool,
    ) -> Begun<S::Pen> {
        let mut last = self.world.last_key();
        for next in next..ordered.len() {
            let (key, value) = self.world.ordered_member(dict, ordered, next);
            let Some(known) = self.world.find_key_behind::<A>(&mut last, key) else {
                self.world.set_last_key(last);
                return Begun { pen, next, with_key: false };
            };
            let seen = value.look();
            pen = match scalar::flat_member::<S, A>(&mut self.sink, pen, self.options, known, seen, too_deep)
            {
                Break(told) => told,
                Continue(told) => match self.quiet_other(told, value, seen) {
                    Ok(told) => told,
                    Err(pen) => {
                        self.world.set_last_key(last);
                        return Begun { pen, next, with_key: true };
                    }
                },
            };
        }
        self.world.set_last_key(last);
        Begun { pen, next: ordered.len(), with_key: false }
    }

    /// The same from a member on whose key is not known, as far as nothing can be wrong with it. Apart, because the loop that
    /// tells others has no registers left.
    #[cold]
    #[inline(never)]
    fn strange_scalars(
        &mut self,
        mut begun: Begun<S::Pen>,
        dict: Dict<'_>,
        ordered: Ordered,
        too_deep: bool,
    ) -> Begun<S::Pen> {
        while begun.next < ordered.len() && !begun.with_key {
            let (key, value) = self.world.ordered_member(dict, ordered, begun.next);
            let Some(t) = key.ascii::<A>().filter(|t| !S::KEEPS || is_copied(t.len(), t.width())) else {
                return begun;
            };
            let Begun { pen, next, .. } = begun;
            self.world.meet_key::<A>(key, t);
            let pen = self.sink.key(pen, t).expect("ASCII has no surrogates");
            let seen = value.look();
            let told = match scalar::flat_value::<S, A>(&mut self.sink, pen, self.options, seen, too_deep) {
                Break(told) => Ok(told),
                Continue(told) => self.quiet_other(told, value, seen),
            };
            begun = match told {
                Ok(pen) => {
                    let behind = Begun { pen, next: next + 1, with_key: false };
                    self.known_scalars(behind, dict, ordered, too_deep)
                }
                Err(pen) => Begun { pen, next, with_key: true },
            };
        }
        begun
    }

    /// The members of an open dict of which the first ones are told. Python code may run.
    #[inline(always)]
    fn ordered_rest(&mut self, dict: Dict<'_>, ordered: Ordered, begun: Begun<S::Pen>) -> Told<S::Pen> {
        let Begun { pen, next, with_key } = begun;
        if next == ordered.len() {
            return Ok(pen);
        }
        let from = self.world.members();
        if !self.world.expect_members(ordered.len() - next) {
            return Err(Failure::new(Fault::Memory));
        }
        self.world.add_ordered(ordered, next);
        self.gathered_behind(pen, dict, from, with_key)
    }

    /// The members of an open dict that are gathered from `from` on, `with_key` of the first told.
    #[inline(always)]
    fn gathered_behind(&mut self, pen: S::Pen, dict: Dict<'_>, from: usize, with_key: bool) -> Told<S::Pen> {
        if !with_key {
            return self.gathered_rest(pen, dict, from, from);
        }
        let value = self.world.member(dict, from).1;
        let told = self.container(pen, value);
        let pen = self.sorted_told(told, dict, from)?;
        self.gathered_rest(pen, dict, from, from + 1)
    }

    /// The members of an open dict that are gathered from `from` on, of which those before `next` are told.
    #[inline(always)]
    fn gathered_rest(&mut self, pen: S::Pen, dict: Dict<'_>, from: usize, next: usize) -> Told<S::Pen> {
        let end = self.world.members();
        let pen = if Self::LOOKS && end - next >= LEAST {
            self.many_gathered(pen, dict, next, end)?
        } else {
            self.some_gathered(pen, dict, next, end)?
        };
        self.world.drop_members(from);
        Ok(pen)
    }

    #[inline(always)]
    fn some_gathered(&mut self, mut pen: S::Pen, dict: Dict<'_>, next: usize, end: usize) -> Told<S::Pen> {
        for i in next..end {
            let (key, value) = self.world.member(dict, i);
            pen = self.member_key(pen, key)?;
            let told = self.value(pen, value);
            pen = self.sorted_told(told, dict, i)?;
        }
        Ok(pen)
    }

    /// So many members that a plan need not record them, if they are inert.
    #[inline(never)]
    fn many_gathered(&mut self, mut pen: S::Pen, dict: Dict<'_>, next: usize, end: usize) -> Told<S::Pen> {
        let (mut next, mut wait) = (next, WAIT);
        while next < end {
            let n = self.inert_gathered(dict, next, end);
            let n = if n < LEAST { 0 } else { n };
            let (told, behind) = self.pass_looked_at(pen, Sorted { dict, end }, next, n)?;
            wait = if behind > next { WAIT } else { 2 * wait };
            next = end.min(behind + wait);
            pen = self.some_gathered(told, dict, behind, next)?;
        }
        Ok(pen)
    }

    /// How many members from `i` on, before `end`, are inert.
    #[inline(always)]
    fn inert_gathered(&self, dict: Dict<'_>, i: usize, end: usize) -> usize {
        let any_keys = self.options.has(flag::NON_STR_KEYS);
        let is_inert = |value: Obj<'_>| value.is_scalar() || look(any_keys).is_inert::<A>(value);
        (i..end.min(i + ENOUGH)).take_while(|&i| is_inert(self.world.member(dict, i).1)).count()
    }

    /// The members of an open dict whose keys are all strs: the value whose key is told, if there is one, and the entries
    /// behind it. All keys are looked at before the first value is told.
    #[inline(never)]
    pub(super) fn gathered_strs(
        &mut self,
        pen: S::Pen,
        value: Option<Obj<'_>>,
        mut entries: Entries<'_>,
    ) -> Told<S::Pen> {
        let (dict, from) = (entries.dict(), self.world.members());
        if !self.world.expect_members(1 + entries.most()) {
            return Err(Failure::memory());
        }
        if let Some(value) = value {
            let key = entries.cursor().last_key().expect("its key is told");
            self.world.add_unsorted(key, value);
        }
        while let Some((key, value)) = entries.next() {
            if !self.omits(value) {
                if key.ascii::<A>().is_none() {
                    wide_key(key.text::<A>())?;
                }
                self.world.add_unsorted(key.obj(), value);
            }
        }
        self.gathered_behind(pen, dict, from, value.is_some())
    }

    /// What came of member `i`.
    #[inline(always)]
    fn sorted_told(&mut self, told: Told<S::Pen>, dict: Dict<'_>, i: usize) -> Told<S::Pen> {
        match told {
            Ok(pen) => self.hand_on(pen),
            Err(failure) => Err(failure.at(self.sorted_step(dict, i))),
        }
    }

    #[inline(never)]
    fn gather_members(&mut self, dict: Dict<'_>) -> Told<()> {
        let mut cursor = dict.cursor::<A>();
        while let Some((key, value)) = cursor.next() {
            if self.omits(value) {
                continue;
            }
            let Value::Str(s) = key.look() else {
                return Err(Failure::new(Fault::KeyNotStr(key.type_name())));
            };
            let text = match s.ascii::<A>() {
                Some(t) => t,
                None => wide_key(s.text::<A>())?,
            };
            self.world.add_member(key, text, value);
        }
        Ok(())
    }

    #[cold]
    fn sorted_step(&self, dict: Dict<'_>, i: usize) -> Step {
        match self.world.member(dict, i).0.look() {
            Value::Str(s) => s.text::<A>().map_or(Step::Key(None), Step::key),
            _ => Step::Key(None),
        }
    }
}

/// Members of a dict that are gathered on the desk, those before `end`.
struct Sorted<'d> {
    dict: Dict<'d>,
    end: usize,
}

impl Looked for Sorted<'_> {
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        mut pen: S::Pen,
        i: usize,
        n: usize,
    ) -> Told<(S::Pen, usize)> {
        let (epoch, mut next, mut end) = (walk.world.epoch(), i, i + n);
        while next < end {
            pen = walk.some_gathered(pen, self.dict, next, end)?;
            next = end;
            if walk.world.epoch() == epoch {
                end += walk.inert_gathered(self.dict, next, self.end);
            }
        }
        Ok((pen, next - i))
    }
}

#[inline(never)]
fn wide_key(text: Option<Text<'_>>) -> Told<Text<'_>> {
    match text {
        None => Err(Failure::new(Fault::Memory)),
        Some(t) if t.surrogate().is_some() => Err(Failure::new(Fault::Surrogate)),
        Some(t) => Ok(t),
    }
}
