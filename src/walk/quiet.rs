//! Neighbours of a class derived from str, int, list or dict, and fragments.

use super::Walk;
use super::failure::Told;
use super::inert::{Alike, Looked, look};
use crate::cpython::{Access, Rare, Seq, Special, UNLOOKED};
use crate::options::flag;
use crate::sink::Sink;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Tells the elements from `i` on that are of the class of the first, which is `rare` or a fragment, as long as no Python
    /// code runs.
    #[inline(always)]
    pub(super) fn derived(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        i: usize,
        end: usize,
        rare: Rare<'_>,
    ) -> Told<(S::Pen, usize)> {
        match rare {
            Rare::List(_) | Rare::Dict(_) => self.many_containers(pen, seq, i, end),
            Rare::Str(_) | Rare::Int(_) | Rare::Unknown => self.quiet(pen, seq, i, end),
        }
    }

    /// The same of strs, ints and fragments, none of which runs Python code (but for the digits of a large int). Many are
    /// passed, by a sink that does.
    #[inline(never)]
    fn quiet(&mut self, pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> Told<(S::Pen, usize)> {
        if let Some(alike) = self.many_alike(seq, i, end) {
            let (pen, next) = self.pass_looked_at(pen, Quiet(alike), i, alike.from::<A>(i))?;
            return if next > i { Ok((pen, next - i)) } else { self.quiet_run(pen, seq, i, end) };
        }
        self.quiet_run(pen, seq, i, end)
    }

    /// The same one by one; nothing if the first is of another kind.
    #[inline(never)]
    fn quiet_run(&mut self, pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> Told<(S::Pen, usize)> {
        let Some(first) = seq.get::<A>(i) else { return Ok((pen, 0)) };
        match first.rare(!self.options.has(flag::PASSTHROUGH_SUBCLASS)) {
            // What the first one's class is derived from holds for all.
            Rare::Str(_) => self.alike(pen, seq, i, end, |walk, pen, obj| match obj.rare(true) {
                Rare::Str(s) => walk.passing_text(pen, s),
                _ => walk.rare(pen, obj),
            }),
            Rare::Int(_) => self.alike(pen, seq, i, end, |walk, pen, obj| match obj.rare(true) {
                Rare::Int(v) => walk.int(pen, v),
                _ => walk.rare(pen, obj),
            }),
            _ if matches!(first.special(), Special::Fragment(_)) => {
                self.alike(pen, seq, i, end, |walk, pen, obj| match obj.special() {
                    Special::Fragment(f) => walk.fragment(pen, f),
                    _ => walk.rare(pen, obj),
                })
            }
            _ => Ok((pen, 0)),
        }
    }

    /// Tells lists and dicts of one class: those that are inert from where they are, by a sink that passes them.
    #[inline(never)]
    fn many_containers(&mut self, pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> Told<(S::Pen, usize)> {
        if Self::LOOKS
            && let Some(alike) = self.many_alike(seq, i, end)
        {
            let elements = Containers { alike, any_keys: self.options.has(flag::NON_STR_KEYS) };
            let n = elements.look::<A>(i);
            let (pen, next) = self.pass_looked_at(pen, elements, i, n)?;
            return if next > i { Ok((pen, next - i)) } else { self.containers(pen, seq, i, end) };
        }
        self.containers(pen, seq, i, end)
    }

    #[inline(never)]
    fn containers(&mut self, pen: S::Pen, seq: Seq<'_>, i: usize, end: usize) -> Told<(S::Pen, usize)> {
        self.alike(pen, seq, i, end, |walk, pen, obj| match obj.rare(true) {
            Rare::List(s) => walk.inner_array(pen, s),
            Rare::Dict(d) => walk.object(pen, d),
            _ => walk.rare(pen, obj),
        })
    }
}

/// Elements of a list that may be such as [`Walk::quiet`] tells.
struct Quiet<'a>(Alike<'a>);

impl Looked for Quiet<'_> {
    #[inline(always)]
    fn look<A: Access>(&self, i: usize) -> usize {
        self.0.from::<A>(i)
    }

    #[inline(always)]
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        i: usize,
        n: usize,
    ) -> Told<(S::Pen, usize)> {
        walk.quiet_run(pen, self.0.seq, i, i + n)
    }
}

/// Lists or dicts of one class. One that is inert stands for some behind it.
struct Containers<'a> {
    alike: Alike<'a>,
    /// Whether dicts in them may have keys of any type.
    any_keys: bool,
}

impl Looked for Containers<'_> {
    #[inline(always)]
    fn look<A: Access>(&self, i: usize) -> usize {
        let is_inert = |value| look(self.any_keys).is_inert::<A>(value);
        match self.alike.from::<A>(i) {
            n if n > 0 && self.alike.seq.get::<A>(i).is_some_and(is_inert) => n.min(1 + UNLOOKED),
            _ => 0,
        }
    }

    #[inline(always)]
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        i: usize,
        n: usize,
    ) -> Told<(S::Pen, usize)> {
        walk.containers(pen, self.alike.seq, i, i + n)
    }
}
