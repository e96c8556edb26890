//! Look-ahead: asking for memory before the walk needs it.
//!
//! In a long list whose elements are scattered each step waits for memory several times over: for the object, for
//! a dict's table, for each of its values. The walk asks for them some elements ahead, one stage at a time, so that
//! each stage finds what the one before has fetched. Distances are in elements, measured on shuffled lists; a
//! prefetch reads nothing and may be given any address.

use pyo3::ffi::PyObject;

use super::access::Access;
use super::fields::Fields;
use super::instance::Instance;
use super::object::{Obj, Value};
use super::seq::Seq;

/// Shorter lists are likely to be in the cache, where asking costs and brings nothing.
pub(super) const LONG: usize = 16;

/// Elements between the one that is read in a run of scattered ones and the one that is asked for.
pub(super) const AHEAD: usize = 24;

/// Elements between the one that is walked and the one whose object, table, values are asked for; the values of a dict
/// that shares its names are one step further than its table.
const OBJECT: usize = 16;
const TABLE: usize = 10;
const SHARED: usize = 7;
const VALUES: usize = 4;

/// Values asked for in one dict at the most.
const MOST_VALUES: usize = 16;

/// Bytes of a table for each member, with its part of what stands in front; and lines of it asked for at the most.
const MEMBER: usize = 24;
const MOST_LINES: usize = 5;

/// Bytes of a cache line.
const LINE: usize = 64;

#[inline(always)]
fn prefetch(at: *const PyObject, offset: usize) {
    let at = at.wrapping_byte_add(offset);
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch takes any address, and SSE is part of every x86-64.
    unsafe {
        core::arch::x86_64::_mm_prefetch::<{ core::arch::x86_64::_MM_HINT_T0 }>(at.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

/// Asks for a value and the line behind it, to which most short strs go on.
#[inline(always)]
fn ask_for_value(value: *const PyObject) {
    prefetch(value, 0);
    prefetch(value, LINE);
}

impl Seq<'_> {
    /// The walk is about to look at the dict that is element `i` of a long list.
    #[inline(always)]
    pub fn ahead_of_dict<A: Access>(self, i: usize) {
        if let Some(o) = self.get::<A>(i + OBJECT) {
            prefetch(o.as_ptr(), 0);
            prefetch(o.as_ptr(), 32);
        }
        if let Some(o) = self.get::<A>(i + TABLE)
            && let Value::Dict(d) = o.look()
            && let Some(keys) = d.keys_address::<A>()
        {
            let last = (d.len::<A>() * MEMBER / LINE).min(MOST_LINES);
            (0..=last).for_each(|line| prefetch(keys.cast(), line * LINE));
        }
        if let Some(o) = self.get::<A>(i + VALUES)
            && let Value::Dict(d) = o.look()
        {
            d.each_value::<A>(MOST_VALUES, ask_for_value);
        }
    }

    /// The same of an instance whose attributes are in values of its own, or in a dict that has such values.
    #[inline(always)]
    pub fn ahead_of_instance<A: Access>(self, i: usize) {
        if let Some(o) = self.get::<A>(i + OBJECT) {
            // Since 3.13 the values are behind the header; until then words before it lead to them.
            let other = if cfg!(Py_3_13) { 48 } else { 32_usize.wrapping_neg() };
            prefetch(o.as_ptr(), other);
            prefetch(o.as_ptr(), 0);
        }
        if let Some(o) = self.get::<A>(i + TABLE) {
            match o.instance::<A>() {
                Instance::Split(split) if !cfg!(Py_3_13) => prefetch(split.values.cast(), 0),
                Instance::Dict(dict) => prefetch(dict.obj().as_ptr(), 32),
                _ => {}
            }
        }
        if let Some(o) = self.get::<A>(i + SHARED)
            && let Instance::Dict(dict) = o.instance::<A>()
            && let Some(split) = dict.split::<A>()
        {
            prefetch(split.values.cast(), 0);
        }
        if let Some(o) = self.get::<A>(i + VALUES)
            && let Some(split) = o.instance::<A>().split::<A>()
        {
            let values = (0..split.len().min(MOST_VALUES)).filter_map(|k| split.get(k));
            values.for_each(|(_, value)| ask_for_value(value.as_ptr()));
        }
    }

    /// The same of an instance whose `fields` are slots.
    #[inline(always)]
    pub fn ahead_of_slots<A: Access>(self, i: usize, fields: &Fields) {
        if let Some(o) = self.get::<A>(i + OBJECT) {
            prefetch(o.as_ptr(), 0);
            prefetch(o.as_ptr(), LINE);
        }
        if let Some(o) = self.get::<A>(i + VALUES)
            && fields.fit(o)
        {
            let values = fields.all().iter().take(MOST_VALUES).filter_map(|field| field.value(o));
            values.for_each(|value| ask_for_value(value.as_ptr()));
        }
    }

    /// Whether the elements from `i` on lie in memory about as they do in the list, so that the machine fetches
    /// them ahead by itself.
    #[inline(always)]
    #[must_use]
    pub fn in_order<A: Access>(self, i: usize) -> bool {
        const SAMPLES: usize = 4;
        /// Two objects that were made one after the other are seldom further apart.
        const NEAR: usize = 1024;
        let near = |k: usize| {
            let (a, b) = (self.get::<A>(i + 2 * k), self.get::<A>(i + 2 * k + 1));
            a.zip(b).is_none_or(|(a, b)| (a.as_ptr() as usize).abs_diff(b.as_ptr() as usize) <= NEAR)
        };
        (0..SAMPLES).filter(|&k| near(k)).count() >= SAMPLES / 2
    }

    /// Whether the elements from `i` to `end` are many and apart: looked at in some places, for a heap that was in use
    /// has holes, where the first few may have gone.
    #[inline]
    #[must_use]
    pub fn is_scattered<A: Access>(self, i: usize, end: usize) -> bool {
        const PLACES: usize = 4;
        let in_order = |k: &usize| self.in_order::<A>(i + k * (end - i) / PLACES);
        end - i >= LONG && (0..PLACES).filter(in_order).count() < PLACES / 2
    }

    /// Whether the elements before `end` are dicts, as far as the first one tells, many, and either apart or in no cache.
    #[inline(always)]
    #[must_use]
    pub fn has_far_dicts<A: Access>(self, end: usize) -> bool {
        end >= LONG && self.leads_to_far_dicts::<A>(end)
    }

    #[inline(never)]
    fn leads_to_far_dicts<A: Access>(self, end: usize) -> bool {
        matches!(self.get::<A>(0).map(Obj::look), Some(Value::Dict(_)))
            && (self.is_scattered::<A>(0, end) || self.is_cold::<A>(end))
    }
}

/// Asks for the object `o`, both lines of it.
#[inline(always)]
pub(super) fn ask_for(o: Obj<'_>) {
    prefetch(o.as_ptr(), 0);
    prefetch(o.as_ptr(), 48);
}
