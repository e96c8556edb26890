//! The vector of aarch64. All code for it is compiled with NEON (`build.rs`).

use super::super::page;
use super::Vector;
use core::arch::aarch64::*;

/// Operations of two vectors that are one intrinsic each. Before the colon how the intrinsics' lanes are made of bytes,
/// and bytes of them.
macro_rules! plain {
    ($into:ident $back:ident: $($name:ident = $f:ident)*) => {$(
        #[inline(always)]
        fn $name(self, o: Self) -> Self {
            // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
            Self(unsafe { $back($f($into(self.0), $into(o.0))) })
        }
    )*};
}

/// For bytes.
const fn same(v: uint8x16_t) -> uint8x16_t {
    v
}

/// 16 bytes.
#[derive(Clone, Copy)]
pub struct X16(uint8x16_t);

impl Vector for X16 {
    const BYTES: usize = 16;

    #[inline(always)]
    unsafe fn zero() -> Self {
        // SAFETY: the caller: the machine has the instructions.
        Self(unsafe { vdupq_n_u8(0) })
    }
    #[inline(always)]
    unsafe fn load(p: *const u8) -> Self {
        // SAFETY: the caller: 16 bytes are readable; any address will do.
        Self(unsafe { vld1q_u8(p) })
    }
    #[inline(always)]
    unsafe fn load_past(p: *const u8) -> Self {
        debug_assert!(page::holds(p, 16));
        // SAFETY: the caller's promise.
        Self(unsafe { page::load16(p) })
    }
    #[inline(always)]
    unsafe fn load_any(p: *const u8) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { page::load16(p) })
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut u8) {
        // SAFETY: the caller: 16 bytes are writable; any address will do.
        unsafe { vst1q_u8(p, self.0) }
    }
    #[inline(always)]
    unsafe fn store_low<const W: usize>(self, p: *mut u8) {
        // SAFETY: a vector exists; the caller: 16 / W bytes are writable.
        unsafe {
            match W {
                1 => self.store(p),
                2 => vst1_u8(p, vmovn_u16(vreinterpretq_u16_u8(self.0))),
                _ => {
                    let halves = vmovn_u32(vreinterpretq_u32_u8(self.0));
                    let low = vmovn_u16(vcombine_u16(halves, halves));
                    p.cast::<u32>().write_unaligned(vget_lane_u32::<0>(vreinterpret_u32_u8(low)));
                }
            }
        }
    }
    #[inline(always)]
    fn splat<const W: usize>(self, x: u32) -> Self {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        Self(unsafe {
            match W {
                1 => vdupq_n_u8(x as u8),
                2 => vreinterpretq_u8_u16(vdupq_n_u16(x as u16)),
                _ => vreinterpretq_u8_u32(vdupq_n_u32(x)),
            }
        })
    }
    #[inline(always)]
    fn table(self, t: &[u8; 16]) -> Self {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions; 16 bytes are borrowed.
        unsafe { Self::load(t.as_ptr()) }
    }
    /// The machine gives 0 for all that is not below 16.
    #[inline(always)]
    fn look_up(self, at: Self) -> Self {
        self.shuffle(at)
    }
    #[inline(always)]
    fn blend(self, o: Self, mask: Self) -> Self {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        Self(unsafe { vbslq_u8(mask.0, o.0, self.0) })
    }
    #[inline(always)]
    fn shl16<const N: i32>(self) -> Self {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        Self(unsafe { vreinterpretq_u8_u16(vshlq_n_u16::<N>(vreinterpretq_u16_u8(self.0))) })
    }
    #[inline(always)]
    fn shr16<const N: i32>(self) -> Self {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        Self(unsafe { vreinterpretq_u8_u16(vshrq_n_u16::<N>(vreinterpretq_u16_u8(self.0))) })
    }
    #[inline(always)]
    fn shr32<const N: i32>(self) -> Self {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        Self(unsafe { vreinterpretq_u8_u32(vshrq_n_u32::<N>(vreinterpretq_u32_u8(self.0))) })
    }
    #[inline(always)]
    fn high(self) -> Self {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        Self(unsafe { vcltzq_s8(vreinterpretq_s8_u8(self.0)) })
    }
    /// Each byte keeps the bit of its place among eight, and three times neighbours are added up.
    #[inline(always)]
    fn bits(self) -> u32 {
        const PLACES: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];
        let places = self.and(self.table(&PLACES)).0;
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        unsafe {
            let twos = vpaddq_u8(places, places);
            let fours = vpaddq_u8(twos, twos);
            vgetq_lane_u16::<0>(vreinterpretq_u16_u8(vpaddq_u8(fours, fours))).into()
        }
    }
    #[inline(always)]
    fn any(self) -> bool {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        unsafe { vmaxvq_u32(vreinterpretq_u32_u8(self.0)) != 0 }
    }
    #[inline(always)]
    fn all(self) -> bool {
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        unsafe { vminvq_u32(vreinterpretq_u32_u8(self.0)) == u32::MAX }
    }
    #[inline(always)]
    fn count(self) -> usize {
        // All ones are -1.
        // SAFETY: a vector exists, so whoever loaded it has promised the instructions.
        unsafe { vaddvq_s8(vreinterpretq_s8_u8(self.0)).unsigned_abs().into() }
    }
    #[inline(always)]
    fn part(self, i: usize) -> X16 {
        debug_assert!(i == 0);
        self
    }
    plain! {
        same same: and = vandq_u8 and_not = vbicq_u8 or = vorrq_u8 xor = veorq_u8
        eq8 = vceqq_u8 at_most8 = vcleq_u8 shuffle = vqtbl1q_u8
        interleave_low8 = vzip1q_u8 interleave_high8 = vzip2q_u8 pack16 = vuzp1q_u8
    }
    plain! {
        vreinterpretq_u16_u8 vreinterpretq_u8_u16: eq16 = vceqq_u16 at_most16 = vcleq_u16
        interleave_low16 = vzip1q_u16 interleave_high16 = vzip2q_u16 pack32 = vuzp1q_u16 narrow32 = vuzp1q_u16
    }
    plain! {
        vreinterpretq_u32_u8 vreinterpretq_u8_u32: eq32 = vceqq_u32 at_most32 = vcleq_u32
    }
}
