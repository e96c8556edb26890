//! A dict along a shape: how far it has been told, what was seen in it, and what its place learns from it.

use crate::cpython::{Access, Dict, Entries, Guesses, Manner, Obj, Program, Rest, Shape, Site, Slot, Str};

/// A dict that most likely has a known shape, and how far it has been told. All of it is seldom wanted: a loop over the
/// members has what it needs in registers, and puts it back here.
pub(super) struct Row<'p, 'a> {
    pub(super) shape: &'p Shape,
    /// Members to come.
    pub(super) entries: Entries<'a>,
    pub(super) guesses: Guesses<'p>,
    pub(super) seen: Seen,
}

/// What has been seen in a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// Keys that were not guessed: those below, and such as stand further on in the shape.
    pub(super) missed: u32,
    /// Keys that are other objects than those of the shape.
    pub(super) equal: u32,
    /// Keys that are not in the shape.
    pub(super) unknown: u32,
    /// Keys that stand before, in the shape.
    pub(super) reordered: u32,
    /// Values that are no scalars.
    pub(super) nested: u32,
    /// Whether a date, a time or a UUID was told before the row stopped.
    pub(super) stamped: bool,
}

/// How far a row has been told.
pub(super) struct Place<'p, 'a> {
    pub(super) rest: Rest<'a>,
    pub(super) guesses: Guesses<'p>,
    /// Keys of it that were other objects than those of the shape.
    pub(super) equal: u32,
    /// Whether a date, a time or a UUID was told.
    pub(super) stamped: bool,
}

/// A member that no loop could tell.
pub(super) enum Odd<'p, 'a> {
    /// Its key was not guessed; nothing has been told.
    Key(Str<'a>, Obj<'a>),
    /// Its value is no scalar; the key has been told.
    Value(&'p Slot, Obj<'a>),
}

impl<'p, 'a> Row<'p, 'a> {
    /// `dict` as a row that most likely has one of the shapes of `site`.
    #[inline(always)]
    pub(super) fn new<A: Access>(site: &'p Site, dict: Dict<'a>, entries: Entries<'a>) -> Option<Self> {
        let shape = site.guess::<A>(dict.len::<A>(), entries)?;
        Some(Self::of(shape, entries))
    }

    /// One of this shape that has been told as far as this.
    pub(super) fn stopped<A: Access>((shape, dict): (&'p Shape, Dict<'a>), place: Place<'p, 'a>) -> Self {
        let Place { rest, guesses, equal, stamped } = place;
        let mut entries = dict.entries::<A>().expect("nobody has changed it");
        entries.go_on(rest);
        Self { shape, entries, guesses, seen: Seen { missed: equal, equal, stamped, ..Seen::default() } }
    }

    /// Entries that most likely have this shape.
    #[inline(always)]
    fn of(shape: &'p Shape, entries: Entries<'a>) -> Self {
        Self { shape, entries, guesses: shape.guesses(), seen: Seen::default() }
    }
}

impl<'p, 'a> Row<'p, 'a> {
    /// Goes on after Python code ran; whether it can. What its members are now is compared as before.
    #[inline(always)]
    pub(super) fn renew<A: Access>(&mut self) -> bool {
        match self.entries.renewed::<A>() {
            Some(entries) => {
                self.entries = entries;
                true
            }
            None => false,
        }
    }

    /// The slot of a key that was not guessed.
    #[inline(always)]
    pub(super) fn find<A: Access>(&mut self, key: Str<'_>) -> Option<&'p Slot> {
        self.seen.missed += 1;
        if let Some(slot) = self.guesses.next_equal::<A>(key) {
            slot.adopt::<A>(key);
            self.seen.equal += 1;
            return Some(slot);
        }
        self.look_for::<A>(key)
    }

    #[inline(never)]
    fn look_for<A: Access>(&mut self, key: Str<'_>) -> Option<&'p Slot> {
        let next = self.shape.expected(self.guesses);
        let Some(found) = self.shape.find::<A>(key) else {
            self.seen.unknown += 1;
            return None;
        };
        self.seen.equal += u32::from(!found.same);
        self.seen.reordered += u32::from(found.slot < next);
        self.guesses = self.shape.guesses_behind(found.slot);
        let slot = &self.shape.slots()[found.slot];
        if !found.same {
            slot.adopt::<A>(key);
        }
        Some(slot)
    }

    /// The row is told: what its site is to learn from it.
    #[inline(always)]
    pub(super) fn judge<A: Access>(&self, program: &Program, site: &Site) {
        if self.seen.missed == 0 {
            self.shape.hits.add(1);
            site.right(1);
            let Seen { nested, stamped, .. } = self.seen;
            site.note(Manner { equal: false, nested: nested > 0, stamped });
        } else {
            self.judge_odd::<A>(program, site);
        }
    }

    #[inline(never)]
    fn judge_odd<A: Access>(&self, program: &Program, site: &Site) {
        let Seen { equal, unknown, reordered, nested, stamped, .. } = self.seen;
        let as_guessed = unknown | reordered == 0;
        if !as_guessed && let Some(entries) = self.entries.dict().entries::<A>() {
            program.meet::<A>(site, entries);
        }
        if as_guessed {
            self.shape.hits.add(1);
            site.right(1);
        } else {
            // To look for one key costs more than all others save.
            self.shape.others.add(1);
            site.wrong();
        }
        site.counts.equal.add(equal.into());
        site.counts.unknown.add(unknown.into());
        site.counts.reordered.add(reordered.into());
        let equal = equal as usize * 2 > self.shape.slots().len();
        site.note(Manner { equal, nested: nested > 0, stamped });
    }
}
