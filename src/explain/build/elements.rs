//! The elements of an array: of which kinds they are, and why some are in no lane.

use super::Builder;
use crate::explain::shape::{Arrays, Kind, Miss};
use crate::options::{Options, flag};

/// What is known of an array's elements so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Elements {
    first: Option<Kind>,
    /// The first other kind, and where that is.
    other: Option<Kind>,
    change: usize,
    pub(super) in_lanes: usize,
    /// Outside of lanes, and of a kind that has lanes.
    pub(super) outside: usize,
    /// Whether there are integers beyond 63 bits.
    pub(super) unsigned: bool,
}

impl Builder<'_> {
    /// Arrays of `width` doubles, which are one lane of the plan. That they have the same size is as good as it gets.
    pub(super) fn rows(&mut self, run: &[f64], width: usize, before: usize, after: usize) -> u32 {
        /// The opening bracket and the comma behind a row; the closing one is in the place of a comma.
        const AROUND: usize = 2;
        let (rows, lanes) = (run.len() / width, self.lanes + usize::from(self.lane != Some(Kind::Array)));
        let end_of = |i: usize| before + (after - before) * i / rows;
        let mut at = 0;
        for (i, row) in run.chunks_exact(width).enumerate() {
            self.open(true, end_of(i));
            at = self.lane(Kind::Float, width, (end_of(i + 1) - end_of(i)).saturating_sub(AROUND));
            self.nodes[at as usize].lost += row.iter().filter(|v| !v.is_finite()).count();
            self.close(end_of(i + 1));
        }
        // A long run is several steps of a plan.
        (self.lanes, self.lane) = (lanes, Some(Kind::Array));
        at
    }

    /// The array at `frames[at]` has been closed.
    pub(super) fn close_array(&mut self, at: usize) {
        let frame = &self.frames[at];
        let Elements { in_lanes, outside, .. } = frame.elements;
        self.in_lanes += in_lanes;
        self.outside += outside;
        let node = &mut self.nodes[frame.node as usize];
        let arrays = node.arrays.get_or_insert_default();
        let is_first = node.kinds[Kind::Array as usize].count == 1;
        arrays.meet(frame.count, in_lanes, is_first);
        if outside == 0 {
            return;
        }
        let miss = frame.elements.miss(frame.count, self.options);
        self.missed[miss as usize] += outside;
        let missed = &mut arrays.missed[miss as usize];
        missed.arrays += 1;
        missed.elements += outside;
        if missed.arrays == 1 {
            self.tell_first(at, miss);
        }
    }

    /// Only the first array that missed a lane for this reason is worth a text.
    #[cold]
    fn tell_first(&mut self, at: usize, miss: Miss) {
        let frame = &self.frames[at];
        let told = frame.elements.told(&self.way());
        if let Some(arrays) = &mut self.nodes[frame.node as usize].arrays {
            arrays.missed[miss as usize].first = told;
        }
    }
}

impl Arrays {
    /// An array of `n` elements.
    fn meet(&mut self, n: usize, in_lanes: usize, is_first: bool) {
        self.elements += n;
        self.shortest = if is_first { n } else { self.shortest.min(n) };
        self.longest = self.longest.max(n);
        self.in_lanes += in_lanes;
    }
}

impl Elements {
    #[inline]
    pub(super) fn meet(&mut self, kind: Kind, at: usize) {
        match self.first {
            None => self.first = Some(kind),
            Some(first) if first != kind && self.other.is_none() => {
                (self.other, self.change) = (Some(kind), at)
            }
            Some(_) => {}
        }
    }

    /// Why elements are outside of lanes in an array of `n`.
    fn miss(&self, n: usize, options: &Options) -> Miss {
        let thresholds = &options.thresholds;
        let threshold = match self.first {
            _ if self.other.is_some() => return Miss::Mixed,
            Some(Kind::Int) if options.has(flag::STRICT_INTEGER) => return Miss::Strict,
            Some(Kind::Int) => thresholds.int,
            Some(Kind::Float) => thresholds.float,
            Some(Kind::Bool) => thresholds.bool,
            _ => thresholds.text,
        };
        match n < threshold {
            true => Miss::Short,
            false if self.unsigned => Miss::Unsigned,
            false => Miss::Single,
        }
    }

    /// What the array at `way` looks like.
    fn told(&self, way: &str) -> String {
        match (self.first, self.other) {
            (Some(first), Some(other)) => {
                format!("{way}: {} until [{}], then {}", first.as_str(), self.change, other.as_str())
            }
            _ => way.to_owned(),
        }
    }
}
