//! A plan shown as a tree, with the bytes that each node becomes. The nodes are replayed into a real writer, so
//! that the bytes are counted and not computed a second time.

mod print;
mod tree;

pub use tree::{Explained, Line, explain};
