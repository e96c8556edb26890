//! The loads of x86-64.

use core::arch::asm;
use core::arch::x86_64::{__m128i, __m256i};

/// Loads 16 bytes of which some may lie behind the end of an object.
///
/// # Safety
///
/// The 16 are readable, or one of them is, and [`super::holds`] says that they are all in one page.
#[inline(always)]
pub unsafe fn load16(p: *const u8) -> __m128i {
    let v;
    // SAFETY: the caller: the page is readable. The instruction is SSE2, which x86-64 always has.
    unsafe {
        asm!("movdqu {v}, [{p}]", v = out(xmm_reg) v, p = in(reg) p,
             options(pure, readonly, nostack, preserves_flags));
    }
    v
}

/// Loads 32 bytes of which some may lie behind the end of an object.
///
/// # Safety
///
/// The machine has AVX2; the 32 are readable, or one of them is, and [`super::holds`] says that they are all in one page.
#[inline]
#[target_feature(enable = "avx2")]
pub unsafe fn load32(p: *const u8) -> __m256i {
    let v;
    // SAFETY: the caller: the page is readable.
    unsafe {
        asm!("vmovdqu {v}, [{p}]", v = out(ymm_reg) v, p = in(reg) p,
             options(pure, readonly, nostack, preserves_flags));
    }
    v
}

/// What [`copy_block`] compares with: the highest control character, the quote, the backslash.
static SPECIAL: [[u8; 32]; 3] = [[0x1f; 32], [b'"'; 32], [b'\\'; 32]];

/// Copies 32 bytes, and says which of them are to be escaped in ASCII, a bit each. In assembly altogether, because
/// that can be part of a function that is compiled for any machine: the compiler takes no other code of a level into
/// one without, and a call would cost more than these instructions.
///
/// # Safety
///
/// The machine has AVX2; 32 bytes are writable at `out`, and readable at `p` as [`load32`] wants it.
#[inline(always)]
pub unsafe fn copy_block(out: *mut u8, p: *const u8) -> u32 {
    let found: u32;
    // SAFETY: the caller's promise. The last instruction empties the upper halves of sixteen registers, as code without
    // AVX wants them; in code with AVX all of them count as overwritten.
    unsafe {
        asm!(
            "vmovdqu ymm0, [{p}]",
            "vmovdqu [{out}], ymm0",
            "vpminub ymm1, ymm0, [{special}]",
            "vpcmpeqb ymm2, ymm0, [{special} + 32]",
            "vpcmpeqb ymm3, ymm0, [{special} + 64]",
            "vpcmpeqb ymm1, ymm1, ymm0",
            "vpor ymm2, ymm2, ymm3",
            "vpor ymm1, ymm1, ymm2",
            "vpmovmskb {found:e}, ymm1",
            "vzeroupper",
            p = in(reg) p, out = in(reg) out, special = in(reg) &raw const SPECIAL, found = lateout(reg) found,
            out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _, out("xmm4") _, out("xmm5") _, out("xmm6") _,
            out("xmm7") _, out("xmm8") _, out("xmm9") _, out("xmm10") _, out("xmm11") _, out("xmm12") _,
            out("xmm13") _, out("xmm14") _, out("xmm15") _,
            options(nostack, preserves_flags),
        );
    }
    found
}
