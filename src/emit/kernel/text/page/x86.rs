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

/// Assembly that needs AVX2, and leaves the upper halves of sixteen registers empty, as code without AVX wants them; in
/// code with AVX all of them count as overwritten. In assembly altogether, because that can be part of a function that is
/// compiled for any machine: the compiler takes no other code of a level into one without, and a call would cost more than
/// these instructions.
macro_rules! avx2 {
    ($($line:literal,)* : $($operands:tt)*) => {
        asm!(
            $($line,)*
            "vzeroupper",
            $($operands)*
            special = in(reg) &raw const SPECIAL,
            out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _, out("xmm4") _, out("xmm5") _, out("xmm6") _,
            out("xmm7") _, out("xmm8") _, out("xmm9") _, out("xmm10") _, out("xmm11") _, out("xmm12") _,
            out("xmm13") _, out("xmm14") _, out("xmm15") _,
            options(nostack),
        )
    };
}

/// Copies 32 bytes, and says which of the first `n` are to be escaped in ASCII, a bit each.
///
/// # Safety
///
/// The machine has AVX2 and BMI2; 32 bytes are writable at `out`, and readable at `p` as [`load32`] wants it.
#[inline(always)]
pub unsafe fn copy_block(out: *mut u8, p: *const u8, n: usize) -> u32 {
    debug_assert!((1..=32).contains(&n));
    let found: u32;
    // SAFETY: the caller's promise.
    unsafe {
        avx2!(
            "vmovdqu ymm0, [{p}]",
            "vmovdqu [{out}], ymm0",
            "vpminub ymm1, ymm0, [{special}]",
            "vpcmpeqb ymm2, ymm0, [{special} + 32]",
            "vpcmpeqb ymm3, ymm0, [{special} + 64]",
            "vpcmpeqb ymm1, ymm1, ymm0",
            "vpor ymm2, ymm2, ymm3",
            "vpor ymm1, ymm1, ymm2",
            "vpmovmskb {found:e}, ymm1",
            "bzhi {found:e}, {found:e}, {n:e}",
            : p = in(reg) p, out = in(reg) out, n = in(reg) n, found = out(reg) found,
        );
    }
    found
}

/// Copies 32 bytes twice, the second time those from `last` on, to the same places; not 0 if some of them are to be
/// escaped in ASCII.
///
/// # Safety
///
/// The machine has AVX2; all these bytes are readable and writable.
#[inline(always)]
pub unsafe fn copy_ends(out: *mut u8, p: *const u8, last: usize) -> u32 {
    let found: u32;
    // SAFETY: the caller's promise.
    unsafe {
        avx2!(
            "vmovdqu ymm0, [{p}]",
            "vmovdqu ymm4, [{p} + {last}]",
            "vmovdqu [{out}], ymm0",
            "vmovdqu [{out} + {last}], ymm4",
            "vpminub ymm1, ymm0, [{special}]",
            "vpminub ymm5, ymm4, [{special}]",
            "vpcmpeqb ymm2, ymm0, [{special} + 32]",
            "vpcmpeqb ymm6, ymm4, [{special} + 32]",
            "vpcmpeqb ymm1, ymm1, ymm0",
            "vpcmpeqb ymm5, ymm5, ymm4",
            "vpcmpeqb ymm0, ymm0, [{special} + 64]",
            "vpcmpeqb ymm4, ymm4, [{special} + 64]",
            "vpor ymm1, ymm1, ymm2",
            "vpor ymm5, ymm5, ymm6",
            "vpor ymm0, ymm0, ymm4",
            "vpor ymm1, ymm1, ymm5",
            "vpor ymm0, ymm0, ymm1",
            "vpmovmskb {found:e}, ymm0",
            : p = in(reg) p, out = in(reg) out, last = in(reg) last, found = out(reg) found,
        );
    }
    found
}
