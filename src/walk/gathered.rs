//! Members whose keys are made, and held, before the first value is told.

use core::cell::Cell;

use super::date::Teller;
use super::failure::{Failure, Told};
use crate::cpython::{Access, Owned, Str, World};
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

/// A key and its value.
pub(super) struct Member {
    /// Of the key: [`Text::rank`].
    rank: u128,
    /// Its place in the dict.
    pub(super) index: u32,
    pub(super) key: Key,
    pub(super) value: Owned,
}

/// Members, in the order in which they came or in that of their keys.
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
    pub(super) fn taken(own: &mut Self) -> Self {
        if own.members.capacity() > 0 { core::mem::take(own) } else { Self::spare() }
    }

    #[cold]
    #[inline(never)]
    fn spare() -> Self {
        SPARE.try_with(Cell::take).ok().flatten().unwrap_or_default()
    }

    /// Lets go of all members. The place that they took is kept for the next ones, as the walk's own or for another one's.
    #[inline(always)]
    pub(super) fn let_go(mut self, world: &mut World, own: &mut Self) {
        for member in self.members.drain(..) {
            if let Key::Str(key) = member.key {
                world.release(key);
            }
            world.release(member.value);
        }
        self.made.clear();
        self.order.clear();
        if self.members.capacity() <= FEW { *own = self } else { self.keep() }
    }

    /// Leaves nothing behind where the walk's own place was used.
    #[inline(always)]
    pub(super) fn end(&mut self) {
        if self.members.capacity() > 0 {
            core::mem::take(self).keep();
        }
    }

    #[cold]
    #[inline(never)]
    fn keep(self) {
        if self.members.capacity() * (size_of::<Member>() + size_of::<u32>()) + self.made.capacity() <= KEPT {
            let _ = SPARE.try_with(|spare| spare.set(Some(self)));
        }
    }

    #[inline(always)]
    pub(super) fn text<'a, A: Access>(&'a self, key: &'a Key) -> Text<'a> {
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
    pub(super) fn make(&mut self, text: &[u8]) -> Told<Key> {
        let begin = self.made.len();
        self.made.try_reserve(text.len()).map_err(|_| Failure::memory())?;
        self.made.extend_from_slice(text);
        Self::made(begin, self.made.len())
    }

    /// Makes the text of a date, a time or a UUID in its place.
    #[inline(always)]
    pub(super) fn stamp(&mut self, stamp: &Stamp) -> Told<Key> {
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

    /// Makes place for so many more.
    pub(super) fn expect(&mut self, n: usize) -> Told<()> {
        self.members.try_reserve(n).map_err(|_| Failure::memory())
    }

    /// How many members there are.
    pub(super) const fn len(&self) -> usize {
        self.members.len()
    }

    /// Member `k`.
    #[inline(always)]
    pub(super) fn at(&self, k: usize) -> &Member {
        let number = self.order.get(k).map_or(k, |&number| number as usize);
        &self.members[number]
    }

    /// The key of member `i`, if it is held; nothing stands in its place then.
    pub(super) fn take_key(&mut self, i: usize) -> Option<Owned> {
        match core::mem::replace(&mut self.members[i].key, Key::Made(0, 0)) {
            Key::Str(key) => Some(key),
            Key::Made(..) => None,
        }
    }

    /// Puts a key in the place of that of member `i`, which was taken.
    pub(super) fn put_key(&mut self, i: usize, key: Key) {
        self.members[i].key = key;
    }

    /// There is place for it.
    pub(super) fn add(&mut self, key: Key, value: Owned) {
        // More members have no place in any memory.
        let index = self.members.len() as u32;
        self.members.push(Member { rank: 0, index, key, value });
    }

    pub(super) fn sort<A: Access>(&mut self, many: &mut Many) -> Option<()> {
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
