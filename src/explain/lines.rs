//! Which nodes are shown, in which order, and what is folded.

use super::explained::Explained;
use super::shape::Node;

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Levels below the document.
    pub depth: usize,
    /// Nodes right below one node.
    pub width: usize,
}

impl Limits {
    /// No limits.
    pub const NONE: Self = Self { depth: usize::MAX, width: usize::MAX };
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 8, width: 16 }
    }
}

/// A line of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A node, and how deep it is.
    Node(u32, usize),
    /// So many nodes of so many bytes that are not shown, at this depth.
    Folded {
        /// How deep they are.
        depth: usize,
        /// How many, those below them included.
        nodes: usize,
        /// Their bytes.
        bytes: usize,
        /// Whether it was the depth that was too much, and not the width.
        deep: bool,
    },
}

impl Explained {
    /// The lines of the tree. Where there are too many nodes side by side, the largest stay.
    #[must_use]
    pub fn lines(&self, limits: Limits) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut todo = vec![Line::Node(0, 0)];
        while let Some(line) = todo.pop() {
            lines.push(line);
            let Line::Node(at, depth) = line else { continue };
            let below = self.below(at);
            if depth == limits.depth {
                if !below.is_empty() {
                    lines.push(self.folded(&below, depth + 1, true));
                }
                continue;
            }
            let (shown, rest) = self.largest(below, limits.width);
            if !rest.is_empty() {
                todo.push(self.folded(&rest, depth + 1, false));
            }
            todo.extend(shown.into_iter().rev().map(|at| Line::Node(at, depth + 1)));
        }
        lines
    }

    /// The `width` largest of `nodes` in their order, and the others.
    fn largest(&self, nodes: Vec<u32>, width: usize) -> (Vec<u32>, Vec<u32>) {
        // One more is not worth a note.
        if nodes.len() <= width.saturating_add(1) {
            return (nodes, Vec::new());
        }
        let mut by_size: Vec<usize> = (0..nodes.len()).collect();
        by_size.sort_by_key(|&i| core::cmp::Reverse(self.nodes[nodes[i] as usize].bytes()));
        let mut keep = vec![false; nodes.len()];
        by_size[..width].iter().for_each(|&i| keep[i] = true);
        let (shown, rest): (Vec<_>, Vec<_>) = nodes.into_iter().zip(keep).partition(|&(_, keep)| keep);
        let bare = |pairs: Vec<(u32, bool)>| pairs.into_iter().map(|(at, _)| at).collect();
        (bare(shown), bare(rest))
    }

    fn folded(&self, nodes: &[u32], depth: usize, deep: bool) -> Line {
        let mut todo = nodes.to_vec();
        let mut count = 0;
        while let Some(at) = todo.pop() {
            count += 1;
            todo.extend(self.below(at));
        }
        let bytes = |&at: &u32| Node::bytes(&self.nodes[at as usize]);
        Line::Folded { depth, nodes: count, bytes: nodes.iter().map(bytes).sum(), deep }
    }

    /// Whether much of the time goes to this node itself.
    #[must_use]
    pub fn is_hot(&self, at: u32) -> bool {
        let (own, all) = (self.own_time(at), self.nodes[0].total_time);
        self.times.is_some() && all > 0 && own * 10 >= all
    }

    /// Nanoseconds of a node and of the elements that are told with it.
    #[must_use]
    pub fn own_time(&self, at: u32) -> u64 {
        let bare = self.elements(at).map(|e| &self.nodes[e as usize]).filter(|e| !e.has_containers());
        self.nodes[at as usize].time + bare.map(|e| e.time).sum::<u64>()
    }

    /// Values that a node's own time is shared by: its elements, if they are told with it.
    #[must_use]
    pub fn own_count(&self, at: u32) -> usize {
        let node = &self.nodes[at as usize];
        let bare = self.elements(at).map(|e| &self.nodes[e as usize]).filter(|e| !e.has_containers());
        node.count() + bare.map(Node::count).sum::<usize>()
    }
}
