//! What a cached plan knows: the sites of a document, and the shapes of the dicts that were met there.
//!
//! A site is a place of the document, indices aside: `$`, `$[*]`, `$[*].customer`. A shape is the keys of a dict, in
//! order, each in a slot with its finished fragment and the site of its value. All of it only grows: what is published
//! stays as it is until the program goes, so that a walk may borrow it while Python code runs, walks begin inside walks,
//! and other threads learn. A walk only ever uses it to guess the next key, and compares before it writes.
//!
//! The idea is that of inline caches: Chambers, Ungar, Lee, "An Efficient Implementation of SELF" (OOPSLA 1989), and
//! Hölzle, Chambers, Ungar, "Optimizing Dynamically-Typed Object-Oriented Languages With Polymorphic Inline Caches"
//! (ECOOP 1991).

use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::access::Access;
use super::dict::{Dict, Entries};
use super::object::{Obj, Value};
use super::seq::Seq;
use super::shape::{Shape, Slot, signature};
use super::site::{Counter, Site};
use crate::sizes::Sizes;

/// Slots of all shapes of a program together.
const MOST_SLOTS: usize = 16_384;

/// Sites of a program, of some 1.4 KiB each. In places beyond nothing is guessed.
const MOST_SITES: usize = 8_192;

/// Sites inside sites; a document that is deeper is walked without a guess from there on.
const MOST_DEPTH: usize = 64;

/// Containers that are looked at to compile: an example may lead back to itself in more ways than one.
const MOST_LOOKS: usize = 16_384;

/// Elements of an array that are looked at to compile.
pub const SAMPLE: usize = 64;

/// Dicts of unknown shape after which a site that never met one twice gives up learning.
const PATIENCE: u64 = 256;

/// A cached plan's knowledge.
#[derive(Debug)]
pub struct Program {
    root: Site,
    slots: AtomicUsize,
    sites: AtomicUsize,
    sizes: Sizes,
    learns: bool,
    /// Documents.
    pub calls: Counter,
}

impl Program {
    /// One that knows nothing yet. Without `learns` it keeps what it was compiled with.
    #[must_use]
    pub fn new(learns: bool) -> Self {
        Self {
            root: Site::default(),
            slots: AtomicUsize::new(0),
            sites: AtomicUsize::new(1),
            sizes: Sizes::default(),
            learns,
            calls: Counter::default(),
        }
    }

    /// The site of the document itself.
    #[must_use]
    pub const fn root(&self) -> &Site {
        &self.root
    }

    /// Whether it learns shapes that it meets.
    #[must_use]
    pub const fn learns(&self) -> bool {
        self.learns
    }

    /// Slots of all shapes.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.slots.load(Relaxed)
    }

    /// The site of a slot's values; `None` if there are too many sites or there is no memory for it.
    #[inline(always)]
    #[must_use]
    pub fn site_of<'p>(&self, slot: &'p Slot) -> Option<&'p Site> {
        slot.site().or_else(|| self.one_more(|| slot.make_site()))
    }

    /// The site of the elements of arrays at a site; `None` likewise.
    #[inline(always)]
    #[must_use]
    pub fn element_of<'p>(&self, site: &'p Site) -> Option<&'p Site> {
        site.element().or_else(|| self.one_more(|| site.make_element()))
    }

    #[cold]
    #[inline(never)]
    fn one_more<'p>(&self, make: impl FnOnce() -> Option<&'p Site>) -> Option<&'p Site> {
        if self.sites.load(Relaxed) >= MOST_SITES {
            return None;
        }
        self.sites.fetch_add(1, Relaxed);
        make()
    }

    /// About how many bytes the JSON of `document` will have, where the last ones let that be guessed.
    #[inline(always)]
    #[must_use]
    pub fn likely_size<A: Access>(&self, document: Obj<'_>) -> Option<usize> {
        self.sizes.expect(|| len::<A>(document))
    }

    /// It has so many.
    #[inline(always)]
    pub fn has_size<A: Access>(&self, document: Obj<'_>, bytes: usize) {
        self.sizes.note(|| len::<A>(document), bytes);
    }

    /// Looks at an example: the shapes of its dicts become known. No Python code runs.
    pub fn compile<A: Access>(&self, example: Obj<'_>) {
        let mut looks = MOST_LOOKS;
        self.look_at::<A>(&self.root, example, 0, &mut looks);
    }

    fn look_at<A: Access>(&self, site: &Site, o: Obj<'_>, depth: usize, looks: &mut usize) {
        if depth == MOST_DEPTH || *looks == 0 {
            return;
        }
        *looks -= 1;
        match o.look() {
            Value::Dict(dict) => self.look_at_dict::<A>(site, dict, depth, looks),
            Value::List(seq) | Value::Tuple(seq) => self.look_at_elements::<A>(site, seq, depth, looks),
            _ => {}
        }
    }

    fn look_at_elements<A: Access>(&self, site: &Site, seq: Seq<'_>, depth: usize, looks: &mut usize) {
        for i in 0..seq.len::<A>().min(SAMPLE) {
            match seq.get::<A>(i).map(|o| (o, o.look())) {
                Some((o, Value::Dict(_) | Value::List(_) | Value::Tuple(_))) => {
                    let Some(element) = self.element_of(site) else { break };
                    self.look_at::<A>(element, o, depth + 1, looks);
                }
                Some(_) => {}
                None => break,
            }
        }
    }

    fn look_at_dict<A: Access>(&self, site: &Site, dict: Dict<'_>, depth: usize, looks: &mut usize) {
        let Some(entries) = dict.entries::<A>() else { return };
        self.keep::<A>(site, entries);
        let Some(shape) = site.shapes().find(|shape| shape.covers::<A>(entries)) else { return };
        let mut entries = entries;
        while let Some((key, value)) = entries.next() {
            let Some(found) = shape.find::<A>(key) else { break };
            let slot = &shape.slots()[found.slot];
            if matches!(value.look(), Value::Dict(_) | Value::List(_) | Value::Tuple(_))
                && let Some(site) = self.site_of(slot)
            {
                self.look_at::<A>(site, value, depth + 1, looks);
            }
        }
    }

    /// A dict of no known shape has been met at `site`: if one like it was among the last ones, its shape is learnt.
    #[inline(never)]
    pub fn meet<A: Access>(&self, site: &Site, entries: Entries<'_>) {
        if !self.learns {
            return;
        }
        let may_learn = !site.is_full() && site.refused.get() < PATIENCE;
        if !(may_learn && site.has_met(signature::<A>(entries)) && self.keep::<A>(site, entries)) {
            site.refused.add(1);
        }
    }

    /// Learns the shape of these entries, if there is none that they have; whether there is one now.
    fn keep<A: Access>(&self, site: &Site, entries: Entries<'_>) -> bool {
        if site.is_full() || site.shapes().any(|shape| shape.covers::<A>(entries)) {
            return true;
        }
        match Shape::of::<A>(entries) {
            Some(shape) if self.slots() + shape.slots().len() <= MOST_SLOTS => {
                let slots = shape.slots().len();
                let published = site.publish(shape);
                self.slots.fetch_add(if published { slots } else { 0 }, Relaxed);
                published
            }
            _ => false,
        }
    }
}

/// The elements or members of a document.
#[inline(always)]
fn len<A: Access>(document: Obj<'_>) -> usize {
    match document.look_container() {
        Value::Dict(dict) => dict.len::<A>(),
        Value::List(seq) | Value::Tuple(seq) => seq.len::<A>(),
        _ => 1,
    }
}
