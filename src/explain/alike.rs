//! Objects that are used as maps: where every member is an object with the same keys, or an array of such, the members
//! are rows and are folded into one node.

use super::shape::{Arrays, Kind, Node, Objects, Place, SHAPES};

/// Fewer members are left as they are.
const LEAST: usize = 8;

/// How deep members are compared.
const DEEP: usize = 4;

/// Folds the members of maps, and renames the nodes of `trace`.
pub(super) fn fold(mut nodes: Vec<Node>, trace: &mut [u32]) -> Vec<Node> {
    let mut into: Vec<u32> = (0..nodes.len() as u32).collect();
    let mut folded = false;
    // From the inside out: a node stands behind its parent.
    for at in (0..nodes.len() as u32).rev() {
        if is_map(&nodes, at) {
            fold_members(&mut nodes, at, &mut into);
            folded = true;
        }
    }
    if folded { compact(nodes, &into, trace) } else { nodes }
}

fn is_map(nodes: &[Node], at: u32) -> bool {
    let Some(objects) = &nodes[at as usize].objects else { return false };
    if objects.members.len() < LEAST {
        return false;
    }
    let Some((&first, others)) = objects.members.split_first() else { return false };
    // Members without objects inside, such as the columns of a table, are a map only if their keys are no names.
    (has_objects(nodes, first) || objects.members.iter().all(|&at| is_number(&nodes[at as usize])))
        && others.iter().chain(&objects.rest).all(|&other| alike(nodes, first, other, DEEP))
}

fn has_objects(nodes: &[Node], at: u32) -> bool {
    let node = &nodes[at as usize];
    node.objects.is_some()
        || node.arrays.as_ref().and_then(|arrays| arrays.node).is_some_and(|e| has_objects(nodes, e))
}

fn is_number(node: &Node) -> bool {
    matches!(&node.place, Place::Member(key) if key.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether two nodes have the same keys below them.
fn alike(nodes: &[Node], a: u32, b: u32, deep: usize) -> bool {
    let (a, b) = (&nodes[a as usize], &nodes[b as usize]);
    let is = |node: &Node, kind| node.tally(kind).count > 0;
    let kinds = if a.has_containers() { &[Kind::Array, Kind::Object][..] } else { &Kind::ALL };
    if kinds.iter().any(|&kind| is(a, kind) != is(b, kind)) {
        return false;
    }
    if deep == 0 {
        return true;
    }
    let elements = |node: &Node| node.arrays.as_ref().and_then(|arrays| arrays.node);
    if let (Some(a), Some(b)) = (elements(a), elements(b))
        && !alike(nodes, a, b, deep - 1)
    {
        return false;
    }
    match (&a.objects, &b.objects) {
        (Some(a), Some(b)) => {
            a.members.len() == b.members.len()
                && a.members.iter().zip(&b.members).all(|(&a, &b)| {
                    nodes[a as usize].place == nodes[b as usize].place && alike_member(nodes, a, b, deep - 1)
                })
        }
        (a, b) => a.is_none() == b.is_none(),
    }
}

/// Members of rows may be null in one and an object in another.
fn alike_member(nodes: &[Node], a: u32, b: u32, deep: usize) -> bool {
    let bare = |at: u32| !nodes[at as usize].has_containers();
    bare(a) || bare(b) || alike(nodes, a, b, deep)
}

/// Makes the members of `at` one node: the first of them.
fn fold_members(nodes: &mut [Node], at: u32, into: &mut [u32]) {
    let Some(objects) = nodes[at as usize].objects.as_deref_mut() else { return };
    let all: Vec<u32> = objects.members.drain(..).chain(objects.rest.take()).collect();
    objects.folded += all.len();
    objects.lookup.clear();
    objects.shapes.clear();
    objects.others = 0;
    objects.rest = all.first().copied();
    for &member in &all[1..] {
        merge(nodes, all[0], member, into);
    }
    nodes[all[0] as usize].place = Place::Members;
}

/// Adds what is known of `from` to `to`, and the same below.
fn merge(nodes: &mut [Node], to: u32, from: u32, into: &mut [u32]) {
    into[from as usize] = to;
    let mut taken = core::mem::replace(&mut nodes[from as usize], Node::new(to, Place::Members, 0));
    let node = &mut nodes[to as usize];
    let no_arrays = node.tally(Kind::Array).count == 0;
    for (a, b) in node.kinds.iter_mut().zip(taken.kinds) {
        a.add(b.count, b.bytes);
    }
    node.ints.largest = node.ints.largest.max(taken.ints.largest);
    node.ints.unsigned += taken.ints.unsigned;
    node.lost += taken.lost;
    node.texts.held += taken.texts.held;
    node.texts.escaped += taken.texts.escaped;
    for (a, b) in node.texts.widths.iter_mut().zip(taken.texts.widths) {
        *a += b;
    }
    if let Some(arrays) = taken.arrays.take() {
        merge_arrays(nodes, to, arrays, no_arrays, into);
    }
    if let Some(objects) = taken.objects.take() {
        merge_objects(nodes, to, objects, into);
    }
}

fn merge_arrays(nodes: &mut [Node], to: u32, from: Box<Arrays>, is_first: bool, into: &mut [u32]) {
    let below = from.node;
    let arrays = nodes[to as usize].arrays.get_or_insert_default();
    arrays.elements += from.elements;
    arrays.in_lanes += from.in_lanes;
    arrays.shortest = if is_first { from.shortest } else { arrays.shortest.min(from.shortest) };
    arrays.longest = arrays.longest.max(from.longest);
    for (a, b) in arrays.lanes.iter_mut().zip(from.lanes) {
        *a += b;
    }
    for (a, b) in arrays.missed.iter_mut().zip(from.missed) {
        a.arrays += b.arrays;
        a.elements += b.elements;
        if a.first.is_empty() {
            a.first = b.first;
        }
    }
    match (arrays.node, below) {
        (Some(a), Some(b)) => merge(nodes, a, b, into),
        (None, Some(b)) => {
            arrays.node = Some(b);
            nodes[b as usize].parent = to;
        }
        _ => {}
    }
}

fn merge_objects(nodes: &mut [Node], to: u32, from: Box<Objects>, into: &mut [u32]) {
    if nodes[to as usize].objects.is_none() {
        for &at in from.members.iter().chain(&from.rest) {
            nodes[at as usize].parent = to;
        }
        nodes[to as usize].objects = Some(from);
        return;
    }
    let from = *from;
    let Some(objects) = nodes[to as usize].objects.as_deref_mut() else { return };
    objects.others += from.others;
    for shape in from.shapes {
        match objects.shapes.iter().position(|known| known.is(shape.sequence, shape.set)) {
            Some(known) => objects.shapes[known].count += shape.count,
            None if objects.shapes.len() < SHAPES => objects.shapes.push(shape),
            None => objects.others += shape.count,
        }
    }
    objects.folded = objects.folded.max(from.folded);
    let members: Vec<_> = objects.members.iter().copied().zip(from.members).collect();
    let rest = (objects.rest, from.rest);
    for (a, b) in members {
        merge(nodes, a, b, into);
    }
    match rest {
        (Some(a), Some(b)) => merge(nodes, a, b, into),
        (None, Some(b)) => {
            nodes[b as usize].parent = to;
            if let Some(objects) = nodes[to as usize].objects.as_deref_mut() {
                objects.rest = Some(b);
            }
        }
        _ => {}
    }
}

/// Leaves out the nodes that were folded into others.
fn compact(nodes: Vec<Node>, into: &[u32], trace: &mut [u32]) -> Vec<Node> {
    let last = |mut at: u32| {
        while into[at as usize] != at {
            at = into[at as usize];
        }
        at
    };
    let mut number = vec![0; nodes.len()];
    let mut kept = 0;
    for at in 0..nodes.len() {
        if into[at] == at as u32 {
            number[at] = kept;
            kept += 1;
        }
    }
    let new = |at: u32| number[last(at) as usize];
    trace.iter_mut().for_each(|at| *at = new(*at));
    let mut out = Vec::with_capacity(kept as usize);
    for (at, mut node) in nodes.into_iter().enumerate() {
        if into[at] != at as u32 {
            continue;
        }
        node.parent = new(node.parent);
        if let Some(arrays) = &mut node.arrays {
            arrays.node = arrays.node.map(new);
        }
        if let Some(objects) = &mut node.objects {
            objects.members.iter_mut().for_each(|at| *at = new(*at));
            objects.rest = objects.rest.map(new);
        }
        out.push(node);
    }
    out
}
