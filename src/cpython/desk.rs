//! What a thread keeps from walk to walk.

use core::cell::Cell;
use core::ops::{Deref, DerefMut};
use core::ptr::null_mut;
use std::sync::{Mutex, MutexGuard, TryLockError};

use pyo3::ffi::PyObject;

use super::class::Classes;
use super::keys::Keys;
use super::kinds::Kinds;
use super::members::Member;
use super::orders::Orders;

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
}

// SAFETY: the pointers are looked at by whoever has the tools, one thread at a time, under the rules for objects.
unsafe impl Send for Tools {}

#[allow(clippy::vec_box, reason = "tools stay in their box, which goes from thread to thread")]
type Orphans = Vec<Box<Tools>>;

/// Tools of threads that have ended. They hold keys, and a thread that ends may not touch Python.
static ORPHANS: Mutex<Orphans> = Mutex::new(Vec::new());

/// This thread's tools, when no walk has them. A walk that begins inside another gets new ones.
struct Spare(Cell<Option<Box<Tools>>>);

impl Drop for Spare {
    fn drop(&mut self) {
        if let Some(tools) = self.0.take() {
            orphan(tools);
        }
    }
}

std::thread_local! {
    static SPARE: Spare = const { Spare(Cell::new(None)) };
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
        None => Some(Box::new(Tools {
            keys: Keys::new()?,
            classes: Classes::new(),
            kinds: Kinds::new(),
            open: [null_mut(); OPEN],
            kept: Vec::new(),
            members: Vec::new(),
            orders: Orders::default(),
        })),
    }
}

/// A thread's tools, in use; given back when dropped.
#[derive(Debug)]
pub(super) struct Desk(Option<Box<Tools>>);

impl Desk {
    /// This thread's, or new ones; `None` if there is no memory for these.
    #[inline]
    pub(super) fn take() -> Option<Self> {
        let spare = SPARE.try_with(|spare| spare.0.take()).ok().flatten();
        let mut tools = match spare {
            Some(tools) => tools,
            None => obtain()?,
        };
        tools.orders.forget();
        Some(Self(Some(tools)))
    }

    /// That of a world that is lent: nobody may ask for its tools.
    pub(super) const fn without_tools() -> Self {
        Self(None)
    }
}

impl Deref for Desk {
    type Target = Tools;

    #[inline(always)]
    fn deref(&self) -> &Tools {
        debug_assert!(self.0.is_some());
        // SAFETY: a desk is made with its tools and has them until it is dropped; one without is that of a world that is lent,
        // which the walk that lends it does not ask.
        unsafe { self.0.as_ref().unwrap_unchecked() }
    }
}

impl DerefMut for Desk {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Tools {
        debug_assert!(self.0.is_some());
        // SAFETY: as above.
        unsafe { self.0.as_mut().unwrap_unchecked() }
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
        let mut tools = Some(tools);
        // Where a walk inside this one has left tools of its own, they go to the orphans, keys and all.
        let _ = SPARE.try_with(|spare| tools = spare.0.replace(tools.take()));
        if let Some(tools) = tools {
            orphan(tools);
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.clear();
    }
}
