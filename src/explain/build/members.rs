//! The members of an object: which node a key belongs to, and which shapes the objects of a place have.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Builder;
use crate::explain::shape::{Node, Place, SHAPES, Shape};
use crate::text::{Chars, Text, Width};

/// Members of one object that are told apart; further ones are folded.
const MEMBERS: usize = 1000;

/// Nodes of a tree; no members are told apart beyond that.
const NODES: usize = 400_000;

/// Members from which on a key is looked up in a table.
const MANY: usize = 8;

/// Members that are tried before a key is looked for among all.
const AHEAD: usize = 4;

impl Builder<'_> {
    #[inline]
    pub(super) fn key(&mut self, t: Text<'_>, before: usize) -> u32 {
        let top = &mut self.frames[self.top];
        top.count += 1;
        top.key_begin = before;
        let (node, next) = (top.node, top.next);
        let expected = match &self.nodes[node as usize].objects {
            Some(objects) => objects.members.get(next as usize..).unwrap_or_default(),
            None => &[],
        };
        // Most keys come in the order of the objects before, but for some that are left out.
        let rank = t.rank(0);
        let at = match expected.iter().take(AHEAD).find(|&&at| self.has_key(at, t, rank)) {
            Some(&at) => at,
            None => self.other_member(node, t),
        };
        let Node { index, hash, .. } = self.nodes[at as usize];
        let top = &mut self.frames[self.top];
        top.child = at;
        top.next = index + 1;
        top.sequence = (top.sequence.rotate_left(7) ^ hash).wrapping_mul(0xff51_afd7_ed55_8ccd);
        top.set = top.set.wrapping_add(hash);
        at
    }

    #[inline(always)]
    fn has_key(&self, at: u32, t: Text<'_>, rank: u128) -> bool {
        let node = &self.nodes[at as usize];
        match &node.place {
            // The rank of a short one says it all.
            Place::Member(key) if node.rank == rank => {
                t.width() == Width::Ascii && t.len() <= 16 && t.len() == key.len() || is_text(key, t)
            }
            _ => false,
        }
    }

    /// The member `t`, which is not the one that was expected.
    #[cold]
    fn other_member(&mut self, node: u32, t: Text<'_>) -> u32 {
        let fresh = self.nodes.len() as u32;
        let key = match t.chars() {
            Chars::Ascii(s) => str::from_utf8(s).map_or_else(|_| t.to_lossy().into(), Cow::Borrowed),
            _ => Cow::Owned(t.to_lossy()),
        };
        let found = match &self.nodes[node as usize].objects {
            Some(objects) if objects.members.len() < MANY => {
                objects.members.iter().copied().find(|&at| self.has_key(at, t, t.rank(0)))
            }
            Some(objects) => objects.lookup.get(&*key).copied(),
            None => None,
        };
        if let Some(at) = found {
            return at;
        }
        let objects = self.nodes[node as usize].objects.get_or_insert_default();
        if objects.members.len() == MEMBERS || fresh as usize >= NODES {
            let at = *objects.rest.get_or_insert(fresh);
            objects.folded += 1;
            if at == fresh {
                self.nodes.push(Node::new(node, Place::Members, MEMBERS as u32));
            }
            return at;
        }
        let index = objects.members.len();
        objects.members.push(fresh);
        let key: Box<str> = key.into();
        self.nodes.push(Node::new(node, Place::Member(key.clone()), index as u32));
        self.look_up(node, key, fresh);
        fresh
    }

    /// Enters a new member into the table, which is made when there are many.
    fn look_up(&mut self, node: u32, key: Box<str>, at: u32) {
        let Some(objects) = &self.nodes[node as usize].objects else { return };
        let mut fresh = HashMap::new();
        if objects.members.len() == MANY {
            for &member in &objects.members {
                if let Place::Member(key) = &self.nodes[member as usize].place {
                    fresh.insert(key.clone(), member);
                }
            }
        } else if objects.members.len() > MANY {
            fresh.insert(key, at);
        }
        if let Some(objects) = &mut self.nodes[node as usize].objects {
            objects.lookup.extend(fresh);
        }
    }

    /// The object at `frames[at]` has been closed.
    pub(super) fn close_object(&mut self, at: usize) {
        let frame = &self.frames[at];
        let objects = self.nodes[frame.node as usize].objects.get_or_insert_default();
        let same = |shape: &Shape| shape.is(frame.sequence, frame.set);
        if objects.shapes.get(objects.last).is_some_and(same) {
            objects.shapes[objects.last].count += 1;
        } else if let Some(at) = objects.shapes.iter().position(same) {
            objects.shapes[at].count += 1;
            objects.last = at;
        } else if objects.shapes.len() == SHAPES {
            objects.others += 1;
        } else {
            objects.last = objects.shapes.len();
            let first = if objects.shapes.is_empty() { String::new() } else { self.way() };
            let shape = Shape { sequence: frame.sequence, set: frame.set, count: 1, first };
            if let Some(objects) = &mut self.nodes[frame.node as usize].objects {
                objects.shapes.push(shape);
            }
        }
    }
}

#[inline(never)]
fn is_text(key: &str, t: Text<'_>) -> bool {
    match t.chars() {
        Chars::Ascii(s) => key.as_bytes() == s,
        _ => t.points().map(|p| char::from_u32(p).unwrap_or(char::REPLACEMENT_CHARACTER)).eq(key.chars()),
    }
}
