//! Emission whose bytes nobody wants: each segment is written over the one before, which saves the memory.

use crate::emit::format::Format;
use crate::emit::kernel::Level;
use crate::emit::replay::{replay, tell};
use crate::emit::room::{Memory, Room, floats_len};
use crate::emit::writer::Writer;
use crate::plan::{Node, SegmentRef};
use crate::sink::Sink;

/// Bytes of a null with its comma.
const NULL: usize = 5;

/// Memory that is written over.
#[derive(Debug, Default)]
pub(super) struct Tape(Memory);

impl Tape {
    /// Emits all segments; the number of bytes, a comma at the end included, or `None` if memory ran out. A plan is never
    /// cut before a closing bracket, so no segment looks at the comma that ended the one before.
    pub(super) fn run<'p, L: Level, F: Format + Copy>(
        &mut self,
        segments: impl Iterator<Item = SegmentRef<'p>>,
        mut format: F,
    ) -> Option<usize> {
        let mut all = 0;
        for segment in segments {
            let (room, pen) = Room::new(&mut self.0, segment.about());
            let mut writer = Writer::<L, F>::new(room, format);
            let pen = replay(segment, &mut writer, pen);
            if writer.is_drained() {
                return None;
            }
            all += writer.len(&pen);
            format = writer.format();
        }
        Some(all)
    }

    /// The same, and shows `see` each step and the bytes before and after it. With `BRIEF` nulls are written
    /// for doubles, and their lengths computed: that takes half the time.
    #[inline(always)]
    pub(super) fn steps<'p, L: Level, F: Format + Copy, const BRIEF: bool>(
        &mut self,
        segments: impl Iterator<Item = SegmentRef<'p>>,
        mut format: F,
        mut see: impl FnMut(Node<'p>, usize, usize),
    ) -> Option<usize> {
        let mut all = 0;
        for segment in segments {
            let (room, mut pen) = Room::new(&mut self.0, segment.about());
            let mut writer = Writer::<L, F>::new(room, format);
            let (mut before, mut unwritten) = (all, 0);
            for node in segment.nodes() {
                let known = if BRIEF { doubles::<L, F>(node) } else { None };
                pen = match known {
                    Some((nulls, len)) => {
                        unwritten += len as isize - (nulls * NULL) as isize;
                        (0..nulls).fold(pen, |pen, _| writer.null(pen))
                    }
                    None => tell(node, &mut writer, pen),
                };
                if writer.is_drained() {
                    return None;
                }
                let after = (all + writer.len(&pen)).wrapping_add_signed(unwritten);
                see(node, before, after);
                before = after;
            }
            all = before;
            format = writer.format();
        }
        Some(all)
    }
}

/// How many nulls stand for doubles, and how long these are with their commas. The nulls
/// are as many as there are places between which the format may write something.
#[inline(always)]
fn doubles<L: Level, F: Format>(node: Node<'_>) -> Option<(usize, usize)> {
    match node {
        Node::Float(v) if !F::DOUBLES => Some((1, floats_len::<L>(&[v]))),
        Node::Floats(run) if !F::DOUBLES => Some((if F::RUNS { 1 } else { run.len() }, floats_len::<L>(run))),
        // A bracket before each row; the one behind it makes place for one more comma.
        Node::Rows(run, width) if F::RUNS => Some((1, floats_len::<L>(run) + 2 * (run.len() / width))),
        _ => None,
    }
}
