//! A plan of rows: dicts that stand next to each other in a list, looked at before any of them is told. It says which
//! known keys each has; that their values are flat has been seen.

use super::access::Access;
use super::dict::Entries;
use super::keys::{Keys, Known};
use super::object::{Obj, Value};
use super::seq::Seq;

/// The most rows of one plan: what the look has brought into the cache is still there when they are told.
pub const ROWS: usize = 64;

/// The most keys of one plan. A row that has those of the row before it needs none.
const KEYS: usize = 1024;

/// So many rows that are unlike the ones before them, and the next one is compared nevertheless.
const NOW_AND_THEN: usize = 8;

/// Rows, as they were when they were looked at: good until a key is met or Python code may run.
#[derive(Debug)]
pub(super) struct Rows {
    /// The known keys of one group after the other.
    keys: Vec<Known>,
    groups: Vec<Group>,
}

/// Rows with the same keys.
#[derive(Debug)]
struct Group {
    rows: u16,
    /// Where their keys begin, and how many they are.
    begin: u16,
    len: u16,
}

impl<'a> Seq<'a> {
    /// Element `i` as a row: the number of its members, and the way through them.
    #[inline(always)]
    #[must_use]
    pub fn row<A: Access>(self, i: usize) -> Option<(usize, Entries<'a>)> {
        match self.get::<A>(i).map(Obj::look) {
            Some(Value::Dict(dict)) if dict.len::<A>() > 0 => Some((dict.len::<A>(), dict.entries::<A>()?)),
            _ => None,
        }
    }
}

impl Rows {
    pub(super) const fn new() -> Self {
        Self { keys: Vec::new(), groups: Vec::new() }
    }

    /// Plans the elements of `seq` from `begin` on, before `end`, as long as they are flat dicts with known keys; how
    /// many they are.
    pub(super) fn plan<A: Access>(
        &mut self,
        keys: &mut Keys,
        seq: Seq<'_>,
        (begin, end, ahead): (usize, usize, bool),
    ) -> usize {
        self.keys.clear();
        self.groups.clear();
        if self.keys.try_reserve(KEYS).and(self.groups.try_reserve(ROWS)).is_err() {
            return 0;
        }
        let (mut i, end) = (begin, end.min(begin + ROWS));
        let mut unlike = 0;
        while i < end && self.begin::<A>(keys, seq, i) {
            i += 1;
            unlike += 1;
            if unlike % NOW_AND_THEN == 1 {
                let alike = self.go_on::<A>(keys, seq, (i, end, ahead));
                i += alike;
                unlike = if alike > 0 { 0 } else { unlike };
            }
        }
        i - begin
    }

    /// Begins a group with element `i`, if it is a row.
    #[inline(never)]
    fn begin<A: Access>(&mut self, keys: &mut Keys, seq: Seq<'_>, i: usize) -> bool {
        let begin = self.keys.len();
        if let Some((len, entries)) = seq.row::<A>(i)
            && begin + len <= KEYS
            && keys.find_all::<A>(entries.rest(), &mut self.keys)
        {
            self.groups.push(Group { rows: 1, begin: begin as u16, len: len as u16 });
            return true;
        }
        false
    }

    /// Adds the elements from `begin` on to the last group, as long as they are rows with its keys; how many there are.
    #[inline(always)]
    fn go_on<A: Access>(
        &mut self,
        keys: &mut Keys,
        seq: Seq<'_>,
        (begin, end, ahead): (usize, usize, bool),
    ) -> usize {
        let Some(group) = self.groups.last_mut() else { return 0 };
        let row = &self.keys[group.begin.into()..];
        let rows = alike::<A>(keys, row, seq, (begin, end, ahead));
        group.rows += rows as u16;
        rows
    }

    /// How many rows have these keys, one group after the other.
    #[inline(always)]
    pub(super) fn groups(&self) -> impl Iterator<Item = (usize, &[Known])> {
        self.groups
            .iter()
            .map(|&Group { rows, begin, len }| (rows.into(), &self.keys[begin.into()..][..len.into()]))
    }
}

/// How many elements of `seq` from `begin` on, before `end`, have the keys of `row`, and flat values.
#[inline(never)]
fn alike<A: Access>(
    keys: &mut Keys,
    row: &[Known],
    seq: Seq<'_>,
    (begin, end, ahead): (usize, usize, bool),
) -> usize {
    let mut i = begin;
    while i < end
        && let Some((len, entries)) = seq.row::<A>(i)
        && len == row.len()
        && let Some(members) = entries.dense(len)
        // SAFETY: they are as many.
        && unsafe { keys.are_those_of::<A>(row, members) }
    {
        i += 1;
        if ahead {
            ask_ahead::<A>(seq, i);
        }
    }
    i - begin
}

/// Out of the loop, where it is seldom wanted.
#[inline(never)]
fn ask_ahead<A: Access>(seq: Seq<'_>, i: usize) {
    seq.ahead_of_dict::<A>(i);
}
