//! What is kept from call to call: a call takes it out, and puts it back when it ends. One that begins meanwhile finds
//! nothing and makes its own.

use core::ops::{Deref, DerefMut};

#[cfg(Py_GIL_DISABLED)]
pub(super) use by_thread::{Spare, spare};
#[cfg(not(Py_GIL_DISABLED))]
pub(super) use under_the_gil::{Spare, spare};

/// One place for all threads, which the GIL lets look one at a time: to ask which thread this is would cost more.
#[cfg(not(Py_GIL_DISABLED))]
mod under_the_gil {
    use core::ptr::{NonNull, null_mut};
    use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

    use pyo3::ffi;

    /// A place for a spare thing, which goes from thread to thread.
    pub(in super::super) struct Spare<T: Send + 'static>(AtomicPtr<T>);

    /// A static place for a spare thing, and what becomes of one that a thread leaves behind.
    macro_rules! spare {
        ($(#[$doc:meta])* static $name:ident: Box<$type:ty>, $left:path) => {
            $(#[$doc])*
            static $name: Spare<$type> = Spare::new();
        };
    }
    pub(in super::super) use spare;

    impl<T: Send> Spare<T> {
        pub(in super::super) const fn new() -> Self {
            Self(AtomicPtr::new(null_mut()))
        }

        /// What is there, if anything.
        #[inline(always)]
        pub(in super::super) fn take(place: &'static Self) -> Option<Box<T>> {
            let there = place.swapped(null_mut());
            // SAFETY: `put` has had it from a box, and nobody else can take it any more.
            there.map(|there| unsafe { Box::from_raw(there.as_ptr()) })
        }

        /// Leaves `thing` there. What was there before is the caller's.
        #[inline(always)]
        pub(in super::super) fn put(place: &'static Self, thing: Box<T>) -> Option<Box<T>> {
            let there = place.swapped(Box::into_raw(thing));
            // SAFETY: as above.
            there.map(|there| unsafe { Box::from_raw(there.as_ptr()) })
        }

        /// Two steps: the caller has the GIL, and does not let go of it between them.
        #[inline(always)]
        fn swapped(&self, thing: *mut T) -> Option<NonNull<T>> {
            // SAFETY: asks whether this thread has the GIL, which every entry to this library is called with.
            debug_assert!(unsafe { ffi::PyGILState_Check() } == 1);
            let there = self.0.load(Relaxed);
            self.0.store(thing, Relaxed);
            NonNull::new(there)
        }
    }
}

/// One place for each thread.
#[cfg(Py_GIL_DISABLED)]
mod by_thread {
    use core::cell::Cell;
    use std::thread::LocalKey;

    /// A place for a spare thing.
    pub(in super::super) struct Spare<T: 'static> {
        there: Cell<Option<Box<T>>>,
        left: fn(Box<T>),
    }

    /// A static place for a spare thing, and what becomes of one that a thread leaves behind.
    macro_rules! spare {
        ($(#[$doc:meta])* static $name:ident: Box<$type:ty>, $left:path) => {
            std::thread_local! {
                $(#[$doc])*
                static $name: Spare<$type> = const { Spare::new($left) };
            }
        };
    }
    pub(in super::super) use spare;

    impl<T> Spare<T> {
        pub(in super::super) const fn new(left: fn(Box<T>)) -> Self {
            Self { there: Cell::new(None), left }
        }

        /// What is there, if anything.
        #[inline(always)]
        pub(in super::super) fn take(place: &'static LocalKey<Self>) -> Option<Box<T>> {
            place.try_with(|spare| spare.there.take()).ok().flatten()
        }

        /// Leaves `thing` there. What was there before is the caller's, or the thing itself if the thread is ending.
        #[inline(always)]
        pub(in super::super) fn put(place: &'static LocalKey<Self>, thing: Box<T>) -> Option<Box<T>> {
            let mut thing = Some(thing);
            let _ = place.try_with(|spare| thing = spare.there.replace(thing.take()));
            thing
        }
    }

    impl<T> Drop for Spare<T> {
        fn drop(&mut self) {
            if let Some(thing) = self.there.take() {
                (self.left)(thing);
            }
        }
    }
}

/// A thing in use.
#[derive(Debug)]
pub(super) struct Taken<T>(Option<Box<T>>);

impl<T> Taken<T> {
    #[inline(always)]
    pub(super) const fn new(thing: Box<T>) -> Self {
        Self(Some(thing))
    }

    /// For whoever will not look at it.
    pub(super) const fn nothing() -> Self {
        Self(None)
    }

    /// Ends the use. Nobody may look at it afterwards.
    #[inline(always)]
    pub(super) const fn take(&mut self) -> Option<Box<T>> {
        self.0.take()
    }
}

impl<T> Deref for Taken<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        debug_assert!(self.0.is_some());
        // SAFETY: there from the beginning until the use ends; who ends it, or has nothing, does not look.
        unsafe { self.0.as_ref().unwrap_unchecked() }
    }
}

impl<T> DerefMut for Taken<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        debug_assert!(self.0.is_some());
        // SAFETY: as above.
        unsafe { self.0.as_mut().unwrap_unchecked() }
    }
}
