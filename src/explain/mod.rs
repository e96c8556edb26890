//! A plan to look at: a tree in which values of the same place are one node, with the bytes that each becomes and the
//! reasons why a fast way was not taken. The nodes are replayed into a real writer, so that bytes are counted and not
//! computed a second time.
//!
//! `shape` is the tree and `explained` the whole, `build` makes them out of a plan, `alike` folds objects that are used as maps, `why` finds the
//! reasons, `measure` adds times, `tape` emits for both, `lines` chooses what is shown and `print` shows it.

mod alike;
mod build;
mod explained;
mod lines;
mod measure;
mod print;
mod shape;
mod tape;
mod why;

pub use build::{Wanted, explain};
pub use explained::{Explained, Stop, Totals};
pub use lines::{Limits, Line};
pub use measure::{Times, measure};
pub use print::Print;
pub use shape::{Arrays, Ints, Kind, Miss, Node, Objects, Place, Shape, Tally, Texts};
pub use why::Reason;
