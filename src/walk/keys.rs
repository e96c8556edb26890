//! Dicts whose keys must be seen before the first value is told: to sort them, or to make text of them.

use core::ops::Range;

use super::failure::{Failure, Fault, Step, Told};
use super::gathered::{Gathered, Key, Member};
use super::inert::{ENOUGH, LEAST, Looked, WAIT, look};
use super::{Walk, surrogate};
use crate::cpython::{
    Access, Cursor, Dict, Form, IntObj, Name, Obj, OrderedAny, Owned, Rare, Special, Str, Value,
};
use crate::options::flag;
use crate::sink::Sink;
use crate::sort::few::MOST;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Tells the member `first`, if there is one, and those behind it.
    #[inline(never)]
    pub(super) fn gathered_members<'d>(
        &mut self,
        pen: S::Pen,
        first: Option<(Obj<'d>, Obj<'d>)>,
        cursor: Cursor<'d>,
    ) -> Told<S::Pen> {
        let (dict, epoch) = (cursor.dict(), self.world.epoch());
        let mut all = Gathered::taken(&mut self.gathered);
        let gathered = self.gather(first, cursor, &mut all);
        let told = gathered.and_then(|()| {
            if self.options.has(flag::SORT_KEYS) {
                all.sort::<A>(self.world.sorter()).ok_or_else(Failure::memory)?;
                if self.world.learns_orders() && self.world.epoch() == epoch {
                    self.learn_order(dict, &all);
                }
            }
            self.members_in_order(pen, &all)
        });
        all.let_go(&mut self.world, &mut self.gathered);
        told
    }

    /// Tells the members from `k` on of those that are in order.
    #[inline(never)]
    pub(super) fn gathered_behind_others(
        &mut self,
        pen: S::Pen,
        dict: Dict<'_>,
        ordered: OrderedAny,
        k: usize,
    ) -> Told<S::Pen> {
        let mut all = Gathered::taken(&mut self.gathered);
        let gathered = self.gather_ordered(dict, ordered, k, &mut all);
        let told = gathered.and_then(|()| self.members_in_order(pen, &all));
        all.let_go(&mut self.world, &mut self.gathered);
        told
    }

    /// All are held before the first key is made: from then on Python code may have changed the dict.
    fn gather_ordered(
        &mut self,
        dict: Dict<'_>,
        ordered: OrderedAny,
        k: usize,
        all: &mut Gathered,
    ) -> Told<()> {
        all.expect(ordered.len() - k)?;
        for k in k..ordered.len() {
            let (key, value) = self.world.member_in_order(dict, ordered, k);
            all.add(Key::Str(Owned::hold(key)), Owned::hold(value));
        }
        for i in 0..all.len() {
            let Some(held) = all.take_key(i) else { continue };
            let made = self.make_key(held.obj(), all);
            self.world.release(held);
            all.put_key(i, made?);
        }
        Ok(())
    }

    /// Keeps the order of a dict's members, if it is worth it.
    #[cold]
    #[inline(never)]
    fn learn_order(&mut self, dict: Dict<'_>, all: &Gathered) {
        let is_known = all.len() <= MOST && self.knows_orders() && self.are_quiet_keys(dict);
        let (mut sorted, n) = ([0; MOST], if is_known { all.len() } else { 0 });
        // So few have numbers of a byte.
        (0..n).for_each(|k| sorted[k] = all.at(k).index as u8);
        self.world.learn_order::<A>(dict, &sorted[..n]);
    }

    #[inline(always)]
    fn members_in_order(&mut self, pen: S::Pen, all: &Gathered) -> Told<S::Pen> {
        if Self::LOOKS && all.len() >= LEAST {
            return self.many_in_order(pen, all);
        }
        self.some_in_order(pen, all, 0..all.len())
    }

    #[inline(always)]
    fn some_in_order(&mut self, pen: S::Pen, all: &Gathered, mut some: Range<usize>) -> Told<S::Pen> {
        some.try_fold(pen, |pen, k| self.member(pen, all, all.at(k)))
    }

    /// So many members that a plan need not record them, if they are inert.
    #[inline(never)]
    fn many_in_order(&mut self, mut pen: S::Pen, all: &Gathered) -> Told<S::Pen> {
        let (mut next, mut wait) = (0, WAIT);
        while next < all.len() {
            let n = InOrder(all).look::<A>(next);
            let (told, behind) =
                self.pass_looked_at(pen, InOrder(all), next, if n < LEAST { 0 } else { n })?;
            wait = if behind > next { WAIT } else { 2 * wait };
            next = all.len().min(behind + wait);
            pen = self.some_in_order(told, all, behind..next)?;
        }
        Ok(pen)
    }

    /// Why a key behind the cursor is refused, if one is.
    #[cold]
    #[inline(never)]
    pub(super) fn refusal_behind(&mut self, cursor: Cursor<'_>) -> Option<Box<Failure>> {
        let mut all = Gathered::default();
        let gathered = self.gather(None, cursor, &mut all);
        all.let_go(&mut self.world, &mut self.gathered);
        gathered.err()
    }

    fn gather<'d>(
        &mut self,
        first: Option<(Obj<'d>, Obj<'d>)>,
        mut cursor: Cursor<'d>,
        all: &mut Gathered,
    ) -> Told<()> {
        all.expect(cursor.dict().len::<A>())?;
        let mut epoch = self.world.epoch();
        let mut next = first.or_else(|| cursor.next());
        while let Some((key, value)) = next {
            if !self.omits(value) {
                self.gather_member(key, value, all)?;
                if self.world.epoch() != epoch {
                    epoch = self.world.epoch();
                    cursor.refresh::<A>();
                }
            }
            next = cursor.next();
        }
        Ok(())
    }

    #[inline(always)]
    fn gather_member(&mut self, key: Obj<'_>, value: Obj<'_>, all: &mut Gathered) -> Told<()> {
        all.expect(1)?;
        let value = Owned::hold(value);
        match self.make_key(key, all) {
            Ok(key) => {
                all.add(key, value);
                Ok(())
            }
            Err(failure) => {
                self.world.release(value);
                Err(failure)
            }
        }
    }

    #[inline(always)]
    fn member(&mut self, pen: S::Pen, all: &Gathered, member: &Member) -> Told<S::Pen> {
        let t = all.text::<A>(&member.key);
        let pen = match &member.key {
            Key::Str(s) if matches!(s.obj().look(), Value::Str(_)) => {
                let pen = self.sink.key(pen, t).map_err(surrogate)?;
                self.keep(s.obj(), t)?;
                pen
            }
            Key::Str(_) | Key::Made(..) => self.sink.passing_key(pen, t).map_err(surrogate)?,
        };
        let told = self.value(pen, member.value.obj());
        self.hand_on(told.map_err(|failure| failure.at(Step::key(t)))?)
    }

    /// The text of a key, put where the other ones are, or the key itself if it is a str.
    fn make_key(&mut self, key: Obj<'_>, all: &mut Gathered) -> Told<Key> {
        if self.encoders.is_none() {
            return self.plain_key(key, all);
        }
        let key = self.encoded_key(key)?;
        let made = self.plain_key(key.obj(), all);
        self.world.release(key);
        made
    }

    fn plain_key(&mut self, key: Obj<'_>, all: &mut Gathered) -> Told<Key> {
        if let Some(s) = key.as_exact_str() {
            return Self::str_key(s);
        }
        if !self.options.has(flag::NON_STR_KEYS) {
            return Err(Failure::new(Fault::KeyNotStr(key.type_name())));
        }
        if let Ok(made) = self.moments().quiet::<A, _, _>(key.special(), (), &mut *all) {
            return made;
        }
        if let Ok(made) = self.quiet_keys().with_text::<A, _, _>(key, (), |(), text| all.make(text)) {
            return made;
        }
        match key.look() {
            Value::Int(v) => self.huge_key(v, all),
            Value::Float(_) if self.options.has(flag::NAN_ERROR) => Err(Failure::new(Fault::NotFinite)),
            Value::Float(_) => all.make(b"null"),
            _ => self.rare_key(key, all),
        }
    }

    fn str_key(s: Str<'_>) -> Told<Key> {
        if s.ascii::<A>().is_some() {
            return Ok(Key::Str(Owned::hold(s.obj())));
        }
        match s.text::<A>() {
            None => Err(Failure::memory()),
            Some(t) if t.surrogate().is_some() => Err(Failure::new(Fault::Surrogate)),
            Some(_) => Ok(Key::Str(Owned::hold(s.obj()))),
        }
    }

    fn huge_key(&mut self, v: IntObj<'_>, all: &mut Gathered) -> Told<Key> {
        if self.options.has(flag::BIG_INTEGER) {
            all.make(self.digits(v.obj())?.as_bytes())
        } else {
            Err(Failure::new(Fault::KeyInteger))
        }
    }

    fn rare_key(&mut self, key: Obj<'_>, all: &mut Gathered) -> Told<Key> {
        match key.rare(true) {
            Rare::Str(s) => Self::str_key(s),
            Rare::Int(v) => self.huge_key(v, all),
            Rare::Unknown => {
                let held = Owned::hold(key);
                let key = self.special_key(held.obj(), all);
                self.world.release(held);
                key
            }
            Rare::List(_) | Rare::Dict(_) => Err(Failure::new(Fault::KeyType(key.type_name()))),
        }
    }

    /// The key must be held. What PASSTHROUGH_DATETIME says does not count for keys.
    fn special_key(&mut self, key: Obj<'_>, all: &mut Gathered) -> Told<Key> {
        let (special, form) = match (key.special(), self.world.form(key)) {
            (Special::Other, Form::New) => self.world.examine(key),
            known => known,
        };
        let stamp = match special {
            Special::DateTime(d) => self.datetime(d)?,
            Special::Date(d) => Self::date(d),
            Special::Time(t) => self.time(t)?,
            Special::Uuid(u) => self.uuid(u)?,
            Special::Other if matches!(form, Form::Enum(_)) => return self.enum_key(key, all),
            Special::Fragment(_) | Special::Other => {
                return Err(Failure::new(Fault::KeyType(key.type_name())));
            }
        };
        all.stamp(&stamp)
    }

    fn enum_key(&mut self, key: Obj<'_>, all: &mut Gathered) -> Told<Key> {
        self.check_members()?;
        let value = self.attribute(key, Name::Value.obj())?;
        self.members += 1;
        let key = self.make_key(value.obj(), all);
        self.members -= 1;
        self.world.release(value);
        key
    }
}

/// Members that are held, in order.
struct InOrder<'a>(&'a Gathered);

impl Looked for InOrder<'_> {
    #[inline(always)]
    fn look<A: Access>(&self, i: usize) -> usize {
        let values = (i..self.0.len().min(i + ENOUGH)).map(|k| self.0.at(k).value.obj());
        values.take_while(|value| value.is_scalar() || look(true).is_inert::<A>(*value)).count()
    }

    #[inline(always)]
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        i: usize,
        n: usize,
    ) -> Told<(S::Pen, usize)> {
        Ok((walk.some_in_order(pen, self.0, i..i + n)?, n))
    }
}
