//! Whether objects are in a cache, told by how long it takes to look at some.

use super::access::Access;
use super::seq::Seq;

/// In shorter lists the question would cost more than the answer brings.
const MANY: usize = 128;

/// Elements that are looked at, one in each part of a list. The machine asks memory for them at the same time.
const PLACES: usize = 8;

/// Ticks of the time-stamp counter, some 2 to 4 a nanosecond, for all looks. Measured: 104 where all was in the caches
/// near the core, 208 for objects that had just been made, 230 to 900 where a farther cache had them, 600 to 2,500 where
/// none had.
const COLD: u64 = 400;

/// The time-stamp counter, when all that came before has been done and before what comes after begins.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn ticks() -> u64 {
    use core::arch::x86_64::{_mm_lfence, _rdtsc};
    // SAFETY: every x86-64 has both. The counter may be kept from a process, but not from one in which Python is, whose
    // clocks read it.
    unsafe {
        _mm_lfence();
        let ticks = _rdtsc();
        _mm_lfence();
        ticks
    }
}

impl Seq<'_> {
    /// Whether the elements before `end` are many, and in no cache as far as some of them tell.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn is_cold<A: Access>(self, end: usize) -> bool {
        if end < MANY {
            return false;
        }
        let start = ticks();
        for k in 0..PLACES {
            let place = (2 * k + 1) * end / (2 * PLACES);
            core::hint::black_box(self.get::<A>(place).map(|o| o.type_of()));
        }
        ticks().wrapping_sub(start) > COLD
    }

    #[cfg(not(target_arch = "x86_64"))]
    pub(super) fn is_cold<A: Access>(self, _end: usize) -> bool {
        false
    }
}
