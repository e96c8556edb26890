//! Where the time of emission goes: the plan is emitted as ever, and then with a look at the clock after each value.

use std::time::Instant;

use super::explained::Explained;
use super::tape::Tape;
use crate::emit::format::Format;
use crate::emit::kernel::{Level, ticks};
use crate::plan::{Node, SegmentRef};
use crate::style::Style;
use crate::with_format;

/// What was measured, in nanoseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// Emission as ever.
    pub emitting: u64,
    /// Emission with a look at the clock after each value.
    pub measured: u64,
    /// What one look at the clock takes; it is taken off each of them.
    pub clock: f64,
}

/// No step takes longer than so many ticks, and so many for each of its bytes, unless something else has run meanwhile:
/// what is beyond that is not counted.
const STEP: u64 = 4000;
const BYTE: u64 = 64;

/// Nanoseconds of emission from which on one look at them is enough.
const LARGE: u64 = 1_000_000;

/// Emits the plan and adds the times to `explained`, whose `trace` it must be; `None` if memory ran out. `L` must be a level
/// that the machine has.
pub fn measure<'p, L: Level>(
    segments: impl Iterator<Item = SegmentRef<'p>> + Clone,
    explained: &mut Explained,
    trace: &[u32],
    style: Style,
) -> Option<()> {
    with_format!(style, format => run::<L, _>(segments, explained, trace, format))?;
    for at in (0..explained.nodes.len()).rev() {
        explained.nodes[at].total_time += explained.nodes[at].time;
        let (parent, total) = (explained.nodes[at].parent as usize, explained.nodes[at].total_time);
        if at > 0 {
            explained.nodes[parent].total_time += total;
        }
    }
    Some(())
}

fn run<'p, L: Level, F: Format + Copy>(
    segments: impl Iterator<Item = SegmentRef<'p>> + Clone,
    explained: &mut Explained,
    trace: &[u32],
    format: F,
) -> Option<()> {
    let mut tape = Tape::default();
    let mut plain = || {
        let begin = Instant::now();
        core::hint::black_box(tape.run::<L, F>(segments.clone(), format))?;
        Some(nanoseconds(begin))
    };
    // The first one warms the memory, which matters for small plans only.
    let first = plain()?;
    let emitting = if first < LARGE { first.min(plain()?) } else { first };
    let clock = clock();
    let mut spent = vec![0; explained.nodes.len()];
    let (begin, first) = (Instant::now(), ticks());
    let mut steps = trace.iter();
    let (mut last, mut end) = (ticks(), 0);
    tape.steps::<L, F, false>(segments, format, |node, _, after| {
        let Some(&at) = steps.next() else { return };
        // The value that follows a key is of the same place: one look for both.
        if matches!(node, Node::CleanKey(_) | Node::Key(_) | Node::HeldKey(_)) {
            return;
        }
        let now = ticks();
        let most = STEP + BYTE * after.saturating_sub(end) as u64;
        spent[at as usize] += now.wrapping_sub(last).min(most).saturating_sub(clock);
        (last, end) = (now, after);
    })?;
    let (measured, all) = (nanoseconds(begin), ticks().wrapping_sub(first));
    let each = measured as f64 / all.max(1) as f64;
    for (node, ticks) in explained.nodes.iter_mut().zip(spent) {
        node.time = (ticks as f64 * each) as u64;
    }
    explained.times = Some(Times { emitting, measured, clock: clock as f64 * each });
    Some(())
}

/// Ticks that a look at the clock takes.
fn clock() -> u64 {
    let looks = 1024;
    let begin = ticks();
    for _ in 0..looks {
        core::hint::black_box(ticks());
    }
    ticks().wrapping_sub(begin) / looks
}

fn nanoseconds(begin: Instant) -> u64 {
    begin.elapsed().as_nanos() as u64
}
