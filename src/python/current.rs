//! A value that may be replaced while it is in use, without a lock or a locked instruction for those who use it.

use core::ops::Deref;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering::AcqRel, Ordering::Acquire, Ordering::Release};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::cpython::boxed;

/// The present value. Those that were replaced live as long as somebody uses them.
#[derive(Debug)]
pub(super) struct Current<T> {
    /// It is used by this itself.
    now: AtomicPtr<Counted<T>>,
    /// Without a GIL: held from the look at the present value until it is counted as used.
    lock: Mutex<()>,
}

#[derive(Debug)]
struct Counted<T> {
    users: AtomicUsize,
    value: T,
}

/// A value as long as it is used. As an `Arc`, but that its count is a plain number wherever there is a GIL, which
/// whoever makes, clones or drops one has.
#[derive(Debug)]
pub(super) struct InUse<T>(NonNull<Counted<T>>);

impl<T> Current<T> {
    /// `None` if there is no memory for it.
    pub(super) fn new(value: T) -> Option<Self> {
        Some(Self { now: AtomicPtr::new(InUse::new(value)?.into_ptr()), lock: Mutex::default() })
    }

    /// The present value.
    #[inline(always)]
    pub(super) fn get(&self) -> InUse<T> {
        let _alone = self.alone();
        let now = NonNull::new(self.now.load(Acquire)).expect("there is always one");
        // SAFETY: used by this, and nobody replaces it meanwhile.
        unsafe { InUse::again(now) }
    }

    /// Takes another value; those who use the old one go on with it. `None` if there is no memory for it.
    pub(super) fn replace(&self, value: T) -> Option<()> {
        let new = InUse::new(value)?.into_ptr();
        let old = {
            let _alone = self.alone();
            self.now.swap(new, AcqRel)
        };
        // Not under the lock: what ends with it is not this one's affair.
        // SAFETY: the use that this had.
        drop(unsafe { InUse::from_ptr(old) });
        Some(())
    }

    #[inline(always)]
    fn alone(&self) -> Option<MutexGuard<'_, ()>> {
        cfg!(Py_GIL_DISABLED).then(|| self.lock.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T> Drop for Current<T> {
    fn drop(&mut self) {
        // SAFETY: the use that this had.
        drop(unsafe { InUse::from_ptr(*self.now.get_mut()) });
    }
}

impl<T> InUse<T> {
    /// `None` if there is no memory for it.
    pub(super) fn new(value: T) -> Option<Self> {
        let counted = boxed(Counted { users: AtomicUsize::new(1), value })?;
        Some(Self(NonNull::from(Box::leak(counted))))
    }

    fn into_ptr(self) -> *mut Counted<T> {
        core::mem::ManuallyDrop::new(self).0.as_ptr()
    }

    /// # Safety
    ///
    /// Of [`InUse::into_ptr`], and not taken back yet.
    unsafe fn from_ptr(at: *mut Counted<T>) -> Self {
        Self(NonNull::new(at).expect("of a use"))
    }

    /// # Safety
    ///
    /// Somebody uses it as long as this takes.
    #[inline(always)]
    unsafe fn again(at: NonNull<Counted<T>>) -> Self {
        let used = Self(at);
        used.count(1);
        used
    }

    /// One use more, or less; how many there are then.
    #[inline(always)]
    fn count(&self, change: isize) -> usize {
        // SAFETY: it is in use, so nobody has let go of it.
        let users = unsafe { &self.0.as_ref().users };
        if cfg!(Py_GIL_DISABLED) {
            return users.fetch_add(change.cast_unsigned(), AcqRel).wrapping_add_signed(change);
        }
        // Whoever holds the GIL is alone between these two.
        let n = users.load(Acquire).wrapping_add_signed(change);
        users.store(n, Release);
        n
    }

    #[cold]
    #[inline(never)]
    fn end(&mut self) {
        // SAFETY: made of a box; this was the last use of it.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

impl<T> Clone for InUse<T> {
    fn clone(&self) -> Self {
        // SAFETY: used by this.
        unsafe { Self::again(self.0) }
    }
}

impl<T> Deref for InUse<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: it is in use, so nobody has let go of it.
        unsafe { &self.0.as_ref().value }
    }
}

impl<T> Drop for InUse<T> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.count(-1) == 0 {
            self.end();
        }
    }
}
