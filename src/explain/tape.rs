//! Emission whose bytes nobody wants: each segment is written over the one before, which saves the memory.

use crate::emit::format::Format;
use crate::emit::kernel::Level;
use crate::emit::replay::{replay, tell};
use crate::emit::room::{Memory, Room};
use crate::emit::writer::Writer;
use crate::plan::{Node, SegmentRef};

/// Memory that is written over.
#[derive(Debug, Default)]
pub(super) struct Tape(Memory);

impl Tape {
    /// Emits all segments; the number of bytes, a comma at the end included. A plan is never cut before a closing
    /// bracket, so no segment looks at the comma that ended the one before.
    pub(super) fn run<'p, L: Level, F: Format + Copy>(
        &mut self,
        segments: impl Iterator<Item = SegmentRef<'p>>,
        mut format: F,
    ) -> usize {
        let mut all = 0;
        for segment in segments {
            let (room, pen) = Room::new(&mut self.0, segment.about());
            let mut writer = Writer::<L, F>::new(room, format);
            let pen = replay(segment, &mut writer, pen);
            all += writer.len(&pen);
            format = writer.format();
        }
        all
    }

    /// The same, and shows `see` each step and the bytes before and after it.
    #[inline(always)]
    pub(super) fn steps<'p, L: Level, F: Format + Copy>(
        &mut self,
        segments: impl Iterator<Item = SegmentRef<'p>>,
        mut format: F,
        mut see: impl FnMut(Node<'p>, usize, usize),
    ) -> usize {
        let mut all = 0;
        for segment in segments {
            let (room, mut pen) = Room::new(&mut self.0, segment.about());
            let mut writer = Writer::<L, F>::new(room, format);
            let mut before = all;
            for node in segment.nodes() {
                pen = tell(node, &mut writer, pen);
                let after = all + writer.len(&pen);
                see(node, before, after);
                before = after;
            }
            all = before;
            format = writer.format();
        }
        all
    }
}
