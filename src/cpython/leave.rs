//! Calls that may run Python code, from which a thread may never come back.
//!
//! Until 3.13 the interpreter ends a thread that still wants to run when it is being finalised (a daemon thread, say)
//! by `pthread_exit`, which unwinds the stack. Our frames cannot be unwound: they would let go of objects without the
//! GIL, and what C calls does not unwind as far as the compiler knows, so that the process would be aborted. A thread
//! that is ended in a call made here stops instead, for good, as 3.14 has it itself.

use core::hint::black_box;

use pyo3::ffi::PyObject;

// As pyo3 has them, but for the compiler's knowledge that they may unwind; and the first is the interpreter's own, for
// pyo3's is five calls into the library. They are called by an address of which nothing is known: pyo3 says of the same symbols
// that they never unwind, and where both come together the linker's optimiser may believe that, and leave the guard out.
unsafe extern "C-unwind" {
    fn PyObject_CallOneArg(callable: *mut PyObject, argument: *mut PyObject) -> *mut PyObject;
    fn Py_DecRef(o: *mut PyObject);
}

/// What `callable(argument)` returns, owned; null if it raises.
///
/// # Safety
///
/// Two living objects, which the caller holds.
#[inline]
pub(super) unsafe fn call_one_arg(callable: *mut PyObject, argument: *mut PyObject) -> *mut PyObject {
    let function: unsafe extern "C-unwind" fn(_, _) -> _ = black_box(PyObject_CallOneArg);
    let guard = Stop;
    // SAFETY: the caller's promise.
    let result = unsafe { function(callable, argument) };
    core::mem::forget(guard);
    result
}

/// Lets go of a reference.
///
/// # Safety
///
/// The caller holds it and gives it away.
#[inline]
pub(super) unsafe fn let_go(o: *mut PyObject) {
    let function: unsafe extern "C-unwind" fn(_) = black_box(Py_DecRef);
    let guard = Stop;
    // SAFETY: the caller's promise.
    unsafe { function(o) };
    core::mem::forget(guard);
}

/// Asks the interpreter: `ask` calls it, and does nothing else that would have to be undone.
#[cfg(Py_3_14)]
#[inline(always)]
pub(super) fn leave<R: Copy>(ask: impl FnOnce() -> R + Copy) -> R {
    ask()
}

/// Asks the interpreter: `ask` calls it, and does nothing else that would have to be undone.
#[cfg(not(Py_3_14))]
#[inline]
pub(super) fn leave<R: Copy>(ask: impl FnOnce() -> R + Copy) -> R {
    let mut answer = None;
    // This has nothing to undo, so the compiler gives it no place where unwinding could stop, or abort.
    guarded(&mut || answer = Some(ask()));
    answer.expect("what was asked has answered")
}

/// Where unwinding ends that begins in `ask`.
#[cfg(not(Py_3_14))]
#[inline(never)]
fn guarded(ask: &mut dyn FnMut()) {
    let guard = Stop;
    // Hidden from the compiler, which would see that C is called, and that nothing needs to be guarded.
    black_box(ask)();
    core::mem::forget(guard);
}

/// Dropped only while the stack is unwound.
struct Stop;

impl Drop for Stop {
    fn drop(&mut self) {
        loop {
            std::thread::park();
        }
    }
}
