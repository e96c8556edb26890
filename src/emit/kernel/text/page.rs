//! Reads that run past the end of a slice but stay inside a page.
//!
//! Memory protection works on whole pages, so once one byte of a page may be read, all may. The
//! language knows no such rule: to it a load past the end of an allocation is undefined. The loads
//! are therefore written in assembly, which the compiler (and a sanitizer) does not look into, and
//! under Miri no read ever counts as being inside a page.

use core::arch::asm;
use core::arch::x86_64::{__m128i, __m256i, _mm_cmpeq_epi8, _mm_movemask_epi8};

/// The smallest page of x86-64.
const PAGE: usize = 4096;

/// Whether the `n` bytes from `p` on lie in one page.
#[inline(always)]
pub fn holds(p: *const u8, n: usize) -> bool {
    !cfg!(miri) && (p.addr() & (PAGE - 1)) <= PAGE - n
}

/// Loads 16 bytes of which some may lie behind the end of an object.
///
/// # Safety
///
/// The 16 are readable, or one of them is, and [`holds`] says that they are all in one page.
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

/// What [`copy_block`] compares with: the highest control character, the quote, the backslash.
static SPECIAL: [[u8; 32]; 3] = [[0x1f; 32], [b'"'; 32], [b'\\'; 32]];

/// Copies 32 bytes, and says which of the first `n` are to be escaped in ASCII, a bit each. In assembly altogether, because
/// that can be part of a function that is compiled for any machine: the compiler takes no other code of a level into
/// one without, and a call would cost more than these instructions.
///
/// # Safety
///
/// The machine has AVX2 and BMI2; 32 bytes are writable at `out`, and readable at `p` as [`load32`] wants it.
#[inline(always)]
pub unsafe fn copy_block(out: *mut u8, p: *const u8, n: usize) -> u32 {
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
            "bzhi {found:e}, {found:e}, {n:e}",
            "vzeroupper",
            p = in(reg) p, out = in(reg) out, special = in(reg) &raw const SPECIAL, n = in(reg) n,
            found = out(reg) found,
            out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _, out("xmm4") _, out("xmm5") _, out("xmm6") _,
            out("xmm7") _, out("xmm8") _, out("xmm9") _, out("xmm10") _, out("xmm11") _, out("xmm12") _,
            out("xmm13") _, out("xmm14") _, out("xmm15") _,
            options(nostack),
        );
    }
    found
}

/// Up to 32 bytes and whatever lies behind them, up to 32.
///
/// Not a kernel of the text, but the one safe way to move a short string without a branch on its length.
#[inline(always)]
pub fn padded(s: &[u8]) -> [u8; 32] {
    debug_assert!(s.len() <= 32);
    let mut bytes = [0; 32];
    if s.is_empty() || !holds(s.as_ptr(), 32) {
        bytes[..s.len()].copy_from_slice(s);
        return bytes;
    }
    // SAFETY: the slice is not empty, so that its page is readable, and all 32 bytes are in it; the stores stay
    // inside the array.
    unsafe {
        let (a, b) = (load16(s.as_ptr()), load16(s.as_ptr().add(16)));
        bytes.as_mut_ptr().cast::<__m128i>().write_unaligned(a);
        bytes.as_mut_ptr().add(16).cast::<__m128i>().write_unaligned(b);
    }
    bytes
}

/// Whether the bytes from the second on are those of `s`, which is shorter than they are. For keys: few bytes, for
/// which a call would cost more than the comparison.
#[inline(always)]
pub fn stands_in(bytes: &[u8; 32], s: &[u8]) -> bool {
    let n = s.len();
    // The bits of the characters that are the same among 16, beginning with `at`.
    // SAFETY: of `bytes` those from 1 to 17 or from 16 to 32 are loaded. The string is not empty, so that its page is
    // readable, and what is loaded of it is in that. SSE2 is what x86-64 always has.
    let same = |at: usize| unsafe {
        let own = bytes.as_ptr().add(1 + at).cast::<__m128i>().read_unaligned();
        _mm_movemask_epi8(_mm_cmpeq_epi8(own, load16(s.as_ptr().add(at)))) as u32
    };
    // Of the bits the n lowest count.
    match n {
        1..=16 if holds(s.as_ptr(), 16) => !same(0) << (32 - n) == 0,
        17..=31 if holds(s.as_ptr(), 32) => !(same(0) | same(15) << 15) << (32 - n) == 0,
        _ => bytes[1..].starts_with(s),
    }
}

/// Loads 32 bytes of which some may lie behind the end of an object.
///
/// # Safety
///
/// The machine has AVX2; the 32 are readable, or one of them is, and [`holds`] says that they are all in one page.
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
