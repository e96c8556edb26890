//! A walk's tools, which are kept from walk to walk.

use core::ops::{Deref, DerefMut};
use core::ptr::null_mut;
use std::sync::{Mutex, MutexGuard, TryLockError};

use pyo3::ffi::PyObject;

use super::boxed::boxed;
use super::class::Classes;
use super::keys::Keys;
use super::kinds::Kinds;
use super::members::Member;
use super::orders::Orders;
use super::spare::{Spare, Taken, spare};
use crate::sort::Many;

/// Containers that can be open at once: more than a walk allows.
pub(super) const OPEN: usize = 256;

/// Kept strings and members that a desk keeps place for when its walk is over.
const KEPT: usize = 1024;

/// A walk's tools.
#[derive(Debug)]
pub(super) struct Tools {
    pub(super) keys: Keys,
    pub(super) classes: Classes,
    pub(super) kinds: Kinds,
    /// The containers that are open, from the outermost on. How many they are the world knows.
    pub(super) open: [*mut PyObject; OPEN],
    /// The strings that the sink keeps.
    pub(super) kept: Vec<*mut PyObject>,
    /// The gathered members of the containers that are open.
    pub(super) members: Vec<Member>,
    pub(super) orders: Orders,
    /// Where many members are put in order.
    pub(super) many: Many,
}

// SAFETY: the pointers are looked at by whoever has the tools, one thread at a time, under the rules for objects.
unsafe impl Send for Tools {}

#[allow(clippy::vec_box, reason = "tools stay in their box, which goes from thread to thread")]
type Orphans = Vec<Box<Tools>>;

/// Tools that nobody has and for which there was no place. They hold keys, and a thread that ends may not touch Python.
static ORPHANS: Mutex<Orphans> = Mutex::new(Vec::new());

spare! {
    /// The tools, when no walk has them.
    static SPARE: Box<Tools>, orphan
}

/// The orphans, unless another thread has them just now, or had them when this process was forked off.
fn orphans() -> Option<MutexGuard<'static, Orphans>> {
    match ORPHANS.try_lock() {
        Ok(orphans) => Some(orphans),
        Err(TryLockError::Poisoned(orphans)) => Some(orphans.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

#[cold]
fn orphan(tools: Box<Tools>) {
    match orphans() {
        Some(mut orphans) => orphans.push(tools),
        // Its keys stay held: better than to wait.
        None => core::mem::forget(tools),
    }
}

#[cold]
fn obtain() -> Option<Box<Tools>> {
    match orphans().and_then(|mut orphans| orphans.pop()) {
        Some(tools) => Some(tools),
        None => boxed(Tools {
            keys: Keys::new()?,
            classes: Classes::new(),
            kinds: Kinds::new(),
            open: [null_mut(); OPEN],
            kept: Vec::new(),
            members: Vec::new(),
            orders: Orders::default(),
            many: Many::default(),
        }),
    }
}

/// Tools in use; given back when dropped.
#[derive(Debug)]
pub(super) struct Desk(Taken<Tools>);

impl Desk {
    /// Those that are spare, or new ones; `None` if there is no memory for these.
    #[inline]
    pub(super) fn take() -> Option<Self> {
        let mut tools = match Spare::take(&SPARE) {
            Some(tools) => tools,
            None => obtain()?,
        };
        tools.orders.forget();
        Some(Self(Taken::new(tools)))
    }

    /// That of a world that is lent: nobody may ask for its tools.
    pub(super) const fn without_tools() -> Self {
        Self(Taken::nothing())
    }
}

impl Deref for Desk {
    type Target = Tools;

    #[inline(always)]
    fn deref(&self) -> &Tools {
        &self.0
    }
}

impl DerefMut for Desk {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Tools {
        &mut self.0
    }
}

impl Tools {
    /// A walk that kept much does not keep the place for it.
    #[cold]
    #[inline(never)]
    fn shrink(&mut self) {
        self.kept.shrink_to(KEPT);
        self.members.shrink_to(KEPT);
    }
}

impl Desk {
    /// Gives the tools back.
    #[inline(always)]
    pub(super) fn clear(&mut self) {
        let Some(mut tools) = self.0.take() else { return };
        tools.kept.clear();
        tools.members.clear();
        if tools.kept.capacity().max(tools.members.capacity()) > KEPT {
            tools.shrink();
        }
        // Where a walk inside this one has left tools of its own, they go to the orphans, keys and all.
        if let Some(tools) = Spare::put(&SPARE, tools) {
            orphan(tools);
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.clear();
    }
}
