//! Dicts with str keys, in their own order.

use core::ops::ControlFlow::{Break, Continue};

use super::failure::{Failure, Fault, Step, Told};
use super::inert::WAIT;
use super::{MAX_DEPTH, Walk, scalar};
use crate::cpython::{Access, CAN_PEEK, Cursor, Dict, Entries, Obj, Str, Value};
use crate::fragment::PLACES;
use crate::options::flag;
use crate::sink::Sink;

/// So many members may be worth a look.
const MANY: usize = 32;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    #[inline(always)]
    pub(super) fn object(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        match dict.len::<A>() {
            0 => {
                self.check_depth()?;
                Ok(self.sink.empty_object(pen))
            }
            1..=PLACES => self.full_object(pen, dict),
            _ => self.wide_object(pen, dict),
        }
    }

    /// A dict that has members.
    #[inline(never)]
    fn full_object(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        self.check_depth()?;
        let Some(dict) = self.world.open_dict(dict) else { return Err(Failure::memory()) };
        let pen = self.sink.open_object(pen, dict.len::<A>());
        let pen =
            if self.as_they_are { self.members::<false>(pen, dict)? } else { self.other_members(pen, dict)? };
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    /// A dict of so many members that hardly one of its keys can be known.
    #[cold]
    #[inline(never)]
    fn wide_object(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        if !S::KNOWS || !self.as_they_are {
            return self.full_object(pen, dict);
        }
        self.check_depth()?;
        let Some(dict) = self.world.open_dict(dict) else { return Err(Failure::memory()) };
        let pen = self.sink.open_object(pen, dict.len::<A>());
        let pen = match dict.entries::<A>() {
            Some(entries) if Self::LOOKS => self.many_members(pen, entries)?,
            Some(entries) => self.strangers::<false>(pen, entries, &mut None)?,
            None => self.items::<false>(pen, dict.cursor::<A>())?,
        };
        let pen = self.sink.close_object(pen);
        self.world.close();
        Ok(pen)
    }

    /// Members in another order, with other keys, or not all of them. Each way has a frame of its own on the stack.
    #[inline(always)]
    fn other_members(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        if self.encodes_keys(dict) || self.options.has(flag::NON_STR_KEYS) {
            self.members_of_any_keys(pen, dict)
        } else if self.options.has(flag::SORT_KEYS) {
            self.sorted_members(pen, dict)
        } else if self.options.has(flag::OMIT_NONE) {
            self.members_but_none(pen, dict)
        } else {
            self.all_members(pen, dict)
        }
    }

    #[inline(never)]
    pub(super) fn all_members(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        self.members::<false>(pen, dict)
    }

    #[inline(never)]
    fn members_but_none(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        self.members::<true>(pen, dict)
    }

    /// Whether a member with this value is left out.
    #[inline(always)]
    pub(super) fn omits(&self, value: Obj<'_>) -> bool {
        self.options.has(flag::OMIT_NONE) && matches!(value.look(), Value::None)
    }

    #[inline(always)]
    fn members<const OMIT: bool>(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        match dict.entries::<A>() {
            Some(entries) if Self::LOOKS && !OMIT && entries.most() >= MANY => {
                self.many_members(pen, entries)
            }
            Some(entries) => self.entries::<OMIT>(pen, entries),
            None => self.items::<OMIT>(pen, dict.cursor::<A>()),
        }
    }

    /// The members of a table, as long as no Python code runs.
    #[inline(always)]
    pub(super) fn entries<const OMIT: bool>(
        &mut self,
        mut pen: S::Pen,
        mut entries: Entries<'_>,
    ) -> Told<S::Pen> {
        let (epoch, too_deep) = (self.world.epoch(), self.world.depth() >= MAX_DEPTH);
        let mut last = self.world.last_key();
        while let Some((key, value)) = entries.next() {
            if OMIT && self.omits(value) {
                continue;
            }
            let told = if S::KNOWS
                && let Some(known) = self.world.find_key_behind::<A>(&mut last, key)
            {
                let seen = value.look();
                if let Value::Dict(inner) = seen {
                    let told = self.sink.known_key(pen, known.0, known.1);
                    self.world.set_last_key(last);
                    let told = self.object(told, inner);
                    last = self.world.last_key();
                    told
                } else {
                    let sink = &mut self.sink;
                    match scalar::flat_member::<S, A>(sink, pen, self.options, known, seen, too_deep) {
                        // Not the file either: nothing that runs Python code.
                        Break(told) if !S::STREAMS => {
                            pen = told;
                            continue;
                        }
                        Break(told) => Ok(told),
                        Continue(told) => {
                            self.world.set_last_key(last);
                            let told = self.seen_container(told, value, seen);
                            last = self.world.last_key();
                            told
                        }
                    }
                }
            } else {
                self.world.set_last_key(last);
                let told = self.new_key(pen, key)?;
                let told = self.any_value(told, value);
                last = self.world.last_key();
                told
            };
            pen = match told {
                Ok(told) => told,
                Err(failure) => return Err(failure.at(self.step(&mut entries.cursor()))),
            };
            pen = self.hand_on(pen)?;
            if self.world.epoch() != epoch {
                self.world.set_last_key(last);
                return self.changed_members::<OMIT>(pen, entries);
            }
        }
        self.world.set_last_key(last);
        Ok(pen)
    }

    /// So many members that it may be worth to look at them, and to tell those that are inert at once.
    #[inline(never)]
    fn many_members(&mut self, mut pen: S::Pen, mut entries: Entries<'_>) -> Told<S::Pen> {
        let (epoch, mut wait) = (self.world.epoch(), WAIT);
        while entries.most() > 0 {
            let before = entries.most();
            (pen, entries) = self.pass_inert_members(pen, entries)?;
            wait = if entries.most() < before { WAIT } else { 2 * wait };
            if self.world.epoch() == epoch {
                let (next, behind) = entries.split_at(wait);
                pen = self.some_members(pen, next)?;
                entries = behind;
            }
            if self.world.epoch() != epoch {
                return self.changed_members::<false>(pen, entries);
            }
        }
        Ok(pen)
    }

    /// Members of an open dict.
    #[inline(never)]
    pub(super) fn some_members(&mut self, pen: S::Pen, entries: Entries<'_>) -> Told<S::Pen> {
        if entries.dict().len::<A>() > PLACES {
            self.strangers::<false>(pen, entries, &mut None)
        } else {
            self.entries::<false>(pen, entries)
        }
    }

    /// Members of a dict so wide, as long as they seem inert; those that are left.
    #[inline(never)]
    pub(super) fn inert_strangers<'d>(
        &mut self,
        pen: S::Pen,
        entries: Entries<'d>,
    ) -> Told<(S::Pen, Option<Entries<'d>>)> {
        let mut left = None;
        let pen = self.strangers::<true>(pen, entries, &mut left)?;
        Ok((pen, left))
    }

    /// Members whose keys are neither looked for nor learnt. If they are to be `LOOKED` at it ends before one that does not seem inert:
    /// that one and those behind it are left then.
    #[inline(always)]
    fn strangers<'d, const LOOKED: bool>(
        &mut self,
        mut pen: S::Pen,
        mut entries: Entries<'d>,
        left: &mut Option<Entries<'d>>,
    ) -> Told<S::Pen> {
        let (epoch, too_deep) = (self.world.epoch(), self.world.depth() >= MAX_DEPTH);
        let mut unlooked = 0;
        while let Some((key, value)) = entries.next() {
            if LOOKED && !value.is_scalar() && !self.seems_inert(value, &mut unlooked) {
                *left = Some(entries.with_last());
                break;
            }
            pen = self.key(pen, key)?;
            // Not before: what it is would have to be remembered meanwhile.
            let seen = value.look();
            let told = match scalar::flat_value::<S, A>(&mut self.sink, pen, self.options, seen, too_deep) {
                // Not the file either: nothing that runs Python code.
                Break(told) if !S::STREAMS => {
                    pen = told;
                    continue;
                }
                Break(told) => Ok(told),
                Continue(told) => self.seen_container(told, value, seen),
            };
            pen = match told {
                Ok(told) => self.hand_on(told)?,
                Err(failure) => return Err(failure.at(self.step(&mut entries.cursor()))),
            };
            if self.world.epoch() != epoch {
                return self.changed_members::<false>(pen, entries);
            }
        }
        Ok(pen)
    }

    /// The members to come, where Python code has run, which may have given the dict another table.
    #[cold]
    #[inline(never)]
    pub(super) fn changed_members<const OMIT: bool>(
        &mut self,
        pen: S::Pen,
        entries: Entries<'_>,
    ) -> Told<S::Pen> {
        let mut cursor = entries.cursor();
        cursor.refresh::<A>();
        self.items::<OMIT>(pen, cursor)
    }

    /// Members that Python code may change meanwhile, and those that are in no table.
    #[inline(never)]
    pub(super) fn items<const OMIT: bool>(
        &mut self,
        mut pen: S::Pen,
        mut cursor: Cursor<'_>,
    ) -> Told<S::Pen> {
        let mut epoch = self.world.epoch();
        while let Some((key, value)) = cursor.next() {
            if OMIT && self.omits(value) {
                continue;
            }
            pen = self.member_key(pen, key)?;
            pen = match self.value(pen, value) {
                Ok(pen) => self.hand_on(pen)?,
                Err(failure) => return Err(failure.at(self.step(&mut cursor))),
            };
            if self.world.epoch() != epoch {
                epoch = self.world.epoch();
                cursor.refresh::<A>();
            }
        }
        Ok(pen)
    }

    /// The next member's key, which may be of any type.
    #[inline(always)]
    pub(super) fn member_key(&mut self, pen: S::Pen, key: Obj<'_>) -> Told<S::Pen> {
        let Value::Str(s) = key.look() else { return Err(Failure::new(Fault::KeyNotStr(key.type_name()))) };
        if S::KNOWS
            && let Some((id, fragment)) = self.world.find_key::<A>(s)
        {
            return Ok(self.sink.known_key(pen, id, fragment));
        }
        self.new_key(pen, s)
    }

    /// A value that is most likely a container, or a string that is kept.
    #[inline(always)]
    pub(super) fn container(&mut self, pen: S::Pen, value: Obj<'_>) -> Told<S::Pen> {
        self.seen_container(pen, value, value.look())
    }

    /// The same of a value that was looked at.
    #[inline(always)]
    fn seen_container(&mut self, pen: S::Pen, value: Obj<'_>, seen: Value<'_>) -> Told<S::Pen> {
        match seen {
            Value::Str(s) if S::KEEPS => self.text(pen, s),
            Value::Str(s) => self.wide_text(pen, s),
            Value::Dict(d) => self.object(pen, d),
            Value::List(s) | Value::Tuple(s) => self.inner_array(pen, s),
            _ => self.any_value(pen, value),
        }
    }

    /// A value, told by a call.
    #[inline(never)]
    pub(super) fn any_value(&mut self, pen: S::Pen, value: Obj<'_>) -> Told<S::Pen> {
        self.value(pen, value)
    }

    #[inline(never)]
    pub(super) fn new_key(&mut self, pen: S::Pen, key: Str<'_>) -> Told<S::Pen> {
        let Some(t) = key.ascii::<A>() else { return self.new_wide_key(pen, key) };
        if S::KNOWS {
            self.world.meet_key::<A>(key, t);
        }
        self.told_key(pen, key, t)
    }

    #[inline(never)]
    fn new_wide_key(&mut self, pen: S::Pen, key: Str<'_>) -> Told<S::Pen> {
        let Some(t) = key.text::<A>() else { return Err(Failure::memory()) };
        if S::KNOWS && CAN_PEEK {
            self.world.meet_key::<A>(key, t);
        }
        self.told_key(pen, key, t)
    }

    /// The step to the member that the cursor has passed last. Its key is looked for anew, for Python code may
    /// have run since.
    #[cold]
    pub(super) fn step(&self, cursor: &mut Cursor<'_>) -> Step {
        cursor.refresh::<A>();
        match cursor.last_key().map(Obj::look) {
            Some(Value::Str(s)) => s.text::<A>().map_or(Step::Key(None), Step::key),
            _ => Step::Key(None),
        }
    }
}
