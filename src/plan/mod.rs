//! What a planning pass leaves behind: `node` says how it is written down, `recorder` writes it, `verify` checks
//! it, `explain` shows it. Knows nothing of interpreters and nothing of output bytes.

pub mod node;
pub mod reader;
pub mod recorder;
pub mod segment;
pub mod size;
pub mod thresholds;
pub mod verify;
pub mod window;

pub use node::{Node, RAW_SHORT, SHORT, is_copied};
pub use reader::Simple;
pub use recorder::Recorder;
pub use segment::{Arena, OwnedSegment, Segment, SegmentRef, Spot};
pub use thresholds::Thresholds;
pub use window::{Run, TextKernels, Window};
