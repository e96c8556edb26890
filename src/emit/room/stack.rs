//! Memory on the stack, for documents that are known to be small.

use core::mem::MaybeUninit;
use core::ptr::NonNull;

use super::{Grow, NEAR, SLACK, Written};

/// What a room wants to have left behind what is written.
pub const SPARE: usize = NEAR + SLACK;

/// Memory for documents of at most `N` bytes less [`SPARE`].
#[derive(Debug)]
pub struct Stack<const N: usize>([MaybeUninit<u8>; N]);

impl<const N: usize> Stack<N> {
    /// Nothing yet.
    #[inline(always)]
    #[must_use]
    pub const fn empty() -> Self {
        const { assert!(N > SPARE) };
        Self([const { MaybeUninit::uninit() }; N])
    }

    /// The bytes that a room on this memory has written.
    #[inline(always)]
    #[must_use]
    pub fn written(&self, written: Written) -> &[u8] {
        let here = core::ptr::eq(self.0.as_ptr().cast(), written.start()) && written.len() <= N;
        assert!(here, "written to this memory");
        // SAFETY: a room has written so many bytes from the start on.
        unsafe { core::slice::from_raw_parts(written.start(), written.len()) }
    }
}

// SAFETY: the array is its own, does not move while a room borrows it, and never grows.
unsafe impl<const N: usize> Grow for Stack<N> {
    #[inline(always)]
    fn grow(&mut self, used: usize, need: usize) -> Option<(NonNull<u8>, usize)> {
        (used + need <= N).then_some((NonNull::from(&mut self.0).cast(), N))
    }

    #[cold]
    fn drain(&mut self) -> (NonNull<u8>, usize) {
        unreachable!("whoever writes to the stack knows that there is place")
    }
}
