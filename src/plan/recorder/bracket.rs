//! Brackets: how containers begin and end.

use super::Recorder;
use crate::plan::node::{PAYLOADS, Tag};
use crate::plan::segment::Spot;
use crate::plan::window::Window;

impl<W: Window> Recorder<'_, W> {
    /// Records a bracket, and how many elements are expected where somebody may look at it.
    #[inline(always)]
    pub(super) fn open(&mut self, pen: Spot, tag: Tag, len: usize) -> Spot {
        self.one(pen, tag.word(if W::PASSES { 0 } else { (len as u64).min(PAYLOADS) }))
    }

    /// Records a closing bracket, for which there is always place.
    #[inline(always)]
    pub(super) fn close(&mut self, pen: Spot, tag: Tag) -> Spot {
        self.begin((pen.at(), 0), tag.word(0), 0)
    }

    /// Records an empty container: in one step, where nobody looks at it.
    #[inline(always)]
    pub(super) fn empty(&mut self, pen: Spot, empty: Tag, [open, close]: [Tag; 2]) -> Spot {
        if W::PASSES {
            return self.one(pen, empty.word(0));
        }
        let pen = self.open(pen, open, 0);
        self.close(pen, close)
    }
}
