//! The load of aarch64.

use core::arch::aarch64::uint8x16_t;
use core::arch::asm;

/// Loads 16 bytes of which some may lie behind the end of an object.
///
/// # Safety
///
/// The 16 are readable, or one of them is, and [`super::holds`] says that they are all in one page.
#[inline(always)]
pub unsafe fn load16(p: *const u8) -> uint8x16_t {
    let v;
    // SAFETY: the caller: the page is readable. The code is compiled with NEON.
    unsafe {
        asm!("ldr {v:q}, [{p}]", v = out(vreg) v, p = in(reg) p,
             options(pure, readonly, nostack, preserves_flags));
    }
    v
}
