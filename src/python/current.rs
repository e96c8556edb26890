//! A value that may be replaced while it is in use, without a lock or a locked instruction for those who use it.

use core::ops::Deref;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering::Release, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};

/// The present value, and those that were replaced while somebody used them.
#[derive(Debug)]
pub(super) struct Current<T> {
    /// Of an [`Arc`].
    now: AtomicPtr<T>,
    /// Uses that have begun and not ended.
    users: AtomicUsize,
    old: Mutex<Vec<Arc<T>>>,
    /// Whether there are old ones.
    waiting: AtomicBool,
}

/// A value as long as it is used.
#[derive(Debug)]
pub(super) struct InUse<'a, T> {
    current: &'a Current<T>,
    value: NonNull<T>,
}

impl<T> Current<T> {
    pub(super) fn new(value: T) -> Self {
        let now = AtomicPtr::new(Arc::into_raw(Arc::new(value)).cast_mut());
        Self { now, users: AtomicUsize::new(0), old: Mutex::default(), waiting: AtomicBool::new(false) }
    }

    /// The present value.
    #[inline(always)]
    pub(super) fn get(&self) -> InUse<'_, T> {
        self.count(1);
        // The place is read after the use was counted: what was counted for is not let go of.
        let value = NonNull::new(self.now.load(SeqCst)).expect("there is always one");
        InUse { current: self, value }
    }

    /// The present value, to be kept.
    pub(super) fn share(&self) -> Arc<T> {
        let used = self.get();
        // SAFETY: of an `Arc`, which lives as long as it is used.
        unsafe {
            Arc::increment_strong_count(used.value.as_ptr());
            Arc::from_raw(used.value.as_ptr())
        }
    }

    /// Takes another value; those who use the old one go on with it.
    pub(super) fn replace(&self, value: T) {
        let old = self.now.swap(Arc::into_raw(Arc::new(value)).cast_mut(), SeqCst);
        // SAFETY: of an `Arc`, whose count `now` had.
        let old = unsafe { Arc::from_raw(old) };
        self.old.lock().unwrap_or_else(PoisonError::into_inner).push(old);
        self.let_go();
    }

    /// One use more, or less; how many there are then.
    #[inline(always)]
    fn count(&self, change: isize) -> usize {
        if cfg!(Py_GIL_DISABLED) {
            return self.users.fetch_add(change.cast_unsigned(), SeqCst).wrapping_add_signed(change);
        }
        // Whoever holds the GIL is alone between these two.
        let users = self.users.load(SeqCst).wrapping_add_signed(change);
        self.users.store(users, Release);
        users
    }

    /// Lets go of what nobody uses any more. A use that begins after the look at `users` is of the present value, which
    /// is not among the old ones.
    #[cold]
    #[inline(never)]
    fn let_go(&self) {
        let mut old = self.old.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = if self.users.load(SeqCst) == 0 { core::mem::take(&mut *old) } else { Vec::new() };
        self.waiting.store(!old.is_empty(), SeqCst);
        // Not under the lock: what ends with them is not this one's affair.
        drop(old);
        drop(gone);
    }
}

impl<T> Deref for InUse<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: counted as used since before it was looked up, so nobody has let go of it.
        unsafe { self.value.as_ref() }
    }
}

impl<T> Drop for InUse<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.current.count(-1) == 0 && self.current.waiting.load(SeqCst) {
            self.current.let_go();
        }
    }
}

impl<T> Drop for Current<T> {
    fn drop(&mut self) {
        debug_assert_eq!(*self.users.get_mut(), 0, "a use borrows it");
        // SAFETY: of an `Arc`, whose count `now` has.
        drop(unsafe { Arc::from_raw(*self.now.get_mut()) });
    }
}
