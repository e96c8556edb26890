//! Dicts whose keys must be seen before the first value is told: to sort them, or to make text of them.

use core::cell::Cell;

use smallvec::SmallVec;

use super::date::Teller;
use super::failure::{Failure, Fault, Step, Told};
use super::{Walk, surrogate};
use crate::cpython::{
    Access, Cursor, Dict, Form, IntObj, Name, Obj, OrderedAny, Owned, Rare, Special, Str, Value,
};
use crate::options::flag;
use crate::sink::Sink;
use crate::sort::Many;
use crate::sort::few::MOST;
use crate::stamp::{self, Stamp};
use crate::text::Text;

/// The text of a key.
pub(super) enum Key {
    /// A str.
    Str(Owned),
    /// Made from a key of another type: where it lies among those that were, and how long it is.
    Made(u32, u32),
}

struct Member {
    /// Of the key: [`Text::rank`].
    rank: u128,
    /// Its place in the dict.
    index: u32,
    key: Key,
    value: Owned,
}

/// Members whose keys are made, and held, before the first value is told.
#[derive(Default)]
pub(super) struct Gathered {
    members: Vec<Member>,
    /// The texts of keys that are no strs, one behind the other; ASCII.
    made: Vec<u8>,
    /// The numbers of many members in the order in which they are told, if that is not the one in which they lie.
    order: Vec<u32>,
}

std::thread_local! {
    /// The place of many members, when nobody has it: memory that is new for each call comes page by page.
    static SPARE: Cell<Option<Gathered>> = const { Cell::new(None) };
}

/// So many members have a place of the walk's own.
const FEW: usize = 64;

/// The most bytes that are kept for the next call.
const KEPT: usize = 1 << 20;

impl Gathered {
    /// A place in which there is nothing: that of this walk, or of the last one that had many members.
    #[inline(always)]
    fn taken(own: &mut Self) -> Self {
        if own.members.capacity() > 0 { core::mem::take(own) } else { Self::spare() }
    }

    #[cold]
    #[inline(never)]
    fn spare() -> Self {
        SPARE.try_with(Cell::take).ok().flatten().unwrap_or_default()
    }

    /// Keeps the place, in which there is nothing any more, for the next ones.
    #[inline(always)]
    fn give_back(self, own: &mut Self) {
        if self.members.capacity() <= FEW { *own = self } else { self.keep() }
    }

    #[cold]
    #[inline(never)]
    fn keep(self) {
        if self.members.capacity() * (size_of::<Member>() + size_of::<u32>()) + self.made.capacity() <= KEPT {
            let _ = SPARE.try_with(|spare| spare.set(Some(self)));
        }
    }

    #[inline(always)]
    fn text<'a, A: Access>(&'a self, key: &'a Key) -> Text<'a> {
        match key {
            Key::Made(at, len) => Text::ascii(&self.made[*at as usize..][..*len as usize]),
            Key::Str(s) => Self::text_of_str::<A>(s),
        }
    }

    /// A str whose text could not be had has not become a key.
    #[inline(never)]
    fn text_of_str<A: Access>(s: &Owned) -> Text<'_> {
        s.obj().any_str().and_then(Str::text::<A>).unwrap_or(Text::EMPTY)
    }

    /// Puts the text of a key behind the others.
    fn make(&mut self, text: &[u8]) -> Told<Key> {
        let begin = self.made.len();
        self.made.try_reserve(text.len()).map_err(|_| Failure::memory())?;
        self.made.extend_from_slice(text);
        Self::made(begin, self.made.len())
    }

    /// Makes the text of a date, a time or a UUID in its place.
    #[inline(always)]
    fn stamp(&mut self, stamp: &Stamp) -> Told<Key> {
        let begin = self.made.len();
        self.made.try_reserve(stamp::PLACE).map_err(|_| Failure::memory())?;
        self.made.resize(begin + stamp::PLACE, 0);
        let place = self.made.last_chunk_mut().expect("it is as long");
        let end = begin + stamp.write(place);
        self.made.truncate(end);
        // Without the quotes.
        Self::made(begin + 1, end - 1)
    }

    fn made(begin: usize, end: usize) -> Told<Key> {
        let parts = u32::try_from(begin).ok().zip(u32::try_from(end - begin).ok());
        parts.map(|(at, len)| Key::Made(at, len)).ok_or_else(Failure::memory)
    }

    /// There is place for it.
    fn add(&mut self, key: Key, value: Owned) {
        // More members have no place in any memory.
        let index = self.members.len() as u32;
        self.members.push(Member { rank: 0, index, key, value });
    }

    fn sort<A: Access>(&mut self, many: &mut Many) -> Option<()> {
        let mut members = core::mem::take(&mut self.members);
        // Not when they are made: what has just been written in small parts cannot be read at once in large ones.
        members.iter_mut().for_each(|m| m.rank = self.text::<A>(&m.key).rank(0));
        let found = if members.len() > MOST && !members.is_sorted_by(|a, b| a.rank < b.rank) {
            self.order_of::<A>(&members, many)
        } else {
            // Unstable, because a stable sort asks for memory and ends the process if there is none.
            members.sort_unstable_by(|a, b| {
                let by_text = || self.text::<A>(&a.key).cmp_points(self.text::<A>(&b.key));
                a.rank.cmp(&b.rank).then_with(by_text).then(a.index.cmp(&b.index))
            });
            Some(())
        };
        self.members = members;
        found
    }

    #[inline(never)]
    fn order_of<A: Access>(&mut self, members: &[Member], many: &mut Many) -> Option<()> {
        let mut order = core::mem::take(&mut self.order);
        order.try_reserve(members.len()).ok()?;
        order.extend(many.order(members.len(), |i| self.text::<A>(&members[i].key))?);
        many.keep(KEPT);
        self.order = order;
        Some(())
    }
}

impl Teller<()> for &mut Gathered {
    type Told = Told<Key>;

    #[inline(always)]
    fn tell(self, (): (), stamp: &Stamp) -> Told<Key> {
        self.stamp(stamp)
    }
}

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
        self.let_go_of_members(all);
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
        let gathered = (k..ordered.len()).try_for_each(|k| {
            let (key, value) = self.world.member_in_order(dict, ordered, k);
            self.gather_member(key, value, &mut all)
        });
        let told = gathered.and_then(|()| self.members_in_order(pen, &all));
        self.let_go_of_members(all);
        told
    }

    /// Keeps the order of a dict's members, if it is worth it.
    #[cold]
    #[inline(never)]
    fn learn_order(&mut self, dict: Dict<'_>, all: &Gathered) {
        if all.members.len() <= MOST && self.knows_orders() && self.are_quiet_keys(dict) {
            let mut sorted = SmallVec::<[u8; MOST]>::new();
            sorted.extend(all.members.iter().map(|member| member.index as u8));
            self.world.learn_order::<A>(dict, &sorted);
        }
    }

    #[inline(always)]
    fn members_in_order(&mut self, pen: S::Pen, all: &Gathered) -> Told<S::Pen> {
        if !all.order.is_empty() {
            return self.members_of_order(pen, all);
        }
        all.members.iter().try_fold(pen, |pen, m| self.member(pen, all, m))
    }

    #[inline(never)]
    fn members_of_order(&mut self, pen: S::Pen, all: &Gathered) -> Told<S::Pen> {
        let mut members = all.order.iter().map(|&i| &all.members[i as usize]);
        members.try_fold(pen, |pen, m| self.member(pen, all, m))
    }

    /// Why a key behind the cursor is refused, if one is.
    #[cold]
    #[inline(never)]
    pub(super) fn refusal_behind(&mut self, cursor: Cursor<'_>) -> Option<Box<Failure>> {
        let mut all = Gathered::default();
        let gathered = self.gather(None, cursor, &mut all);
        self.let_go_of_members(all);
        gathered.err()
    }

    /// The place that they took is kept for the next ones.
    fn let_go_of_members(&mut self, mut all: Gathered) {
        for member in all.members.drain(..) {
            if let Key::Str(key) = member.key {
                self.world.release(key);
            }
            self.world.release(member.value);
        }
        all.made.clear();
        all.order.clear();
        all.give_back(&mut self.gathered);
    }

    fn gather<'d>(
        &mut self,
        first: Option<(Obj<'d>, Obj<'d>)>,
        mut cursor: Cursor<'d>,
        all: &mut Gathered,
    ) -> Told<()> {
        all.members.try_reserve(cursor.dict().len::<A>()).map_err(|_| Failure::memory())?;
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
        all.members.try_reserve(1).map_err(|_| Failure::memory())?;
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
