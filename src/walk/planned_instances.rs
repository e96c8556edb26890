//! Instances of one class in a list that are planned: each is looked at, and told from where it is, as long as it has the fields
//! of the class and flat values.

use super::Walk;
use super::failure::Told;
use super::held::Held;
use super::inert::Looked;
use crate::cpython::{Access, Fields, Obj, Seq};
use crate::sink::Sink;

/// So many are worth a plan of their own: for fewer, what waits before them would be emitted too often.
const LEAST: usize = 16;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// Tells the elements from `begin` on at once if there are enough instances of the class of the first, which has
    /// `fields`, with flat values; how many there were. No Python code has run since its class was looked at.
    #[inline(always)]
    pub(super) fn pass_instances<H: Held>(
        &mut self,
        pen: S::Pen,
        seq: Seq<'_>,
        (begin, end): (usize, usize),
        fields: &Fields,
        held: H,
    ) -> Told<(S::Pen, usize)> {
        if !Self::LOOKS || end - begin < LEAST || fields.fragments().is_empty() {
            return Ok((pen, 0));
        }
        let instances = Instances { seq, end, fields, held };
        let n = if instances.begin_at::<A>(begin) { LEAST } else { 0 };
        let (pen, next) = self.pass_looked_at(pen, instances, begin, n)?;
        Ok((pen, next - begin))
    }
}

/// Elements of a list that may be instances of one class, with flat values.
struct Instances<'r, 'a, H> {
    seq: Seq<'a>,
    end: usize,
    fields: &'r Fields,
    held: H,
}

impl<H: Held> Instances<'_, '_, H> {
    /// Whether the first ones are such, as many as are worth it, of which there are so many elements.
    #[inline(never)]
    fn begin_at<A: Access>(&self, begin: usize) -> bool {
        let is_one =
            |obj: Obj<'_>| self.fields.are_of_class_of(obj) && self.held.are_flat::<A>(obj, self.fields);
        self.seq.range::<A>(begin, begin + LEAST).all(is_one)
    }
}

impl<H: Held> Looked for Instances<'_, '_, H> {
    #[inline(always)]
    fn tell<S: Sink, A: Access>(
        &self,
        walk: &mut Walk<'_, S, A>,
        pen: S::Pen,
        i: usize,
        _: usize,
    ) -> Told<(S::Pen, usize)> {
        walk.instances::<H, true>(pen, self.seq, (i, self.end), self.fields, self.held)
    }
}
