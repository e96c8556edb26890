//! Many ints at once: first what is in the objects, then what it means, so that vectors can do the second.

use core::mem::MaybeUninit;

use pyo3::ffi::{self, PyObject};

use super::ahead::{AHEAD, ask_for};
use super::layout::{DIGITS, FIRST, field};
use super::object::Obj;
use crate::emit::kernel::Job;

/// Ints that are read before they are understood.
const MOST: usize = 256;

/// As [`super::Access::ints`], but it stops at ints of more than two digits as well.
pub(super) struct Gather<'o, 'p> {
    pub objects: &'o [*mut PyObject],
    pub to: &'p mut [MaybeUninit<i64>],
    pub scattered: bool,
}

impl Job for Gather<'_, '_> {
    type Result = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let mut tags = [const { MaybeUninit::<u64>::uninit() }; MOST];
        let mut digits = [const { MaybeUninit::<u64>::uninit() }; MOST];
        let most = self.objects.len().min(self.to.len()).min(MOST);
        let mut n = 0;
        while n < most {
            if self.scattered {
                let ahead = self.objects[(n + AHEAD).min(self.objects.len() - 1)];
                // SAFETY: a living object.
                ask_for(unsafe { Obj::new(ahead) });
            }
            let o = self.objects[n];
            // SAFETY: a living object. An int has at least one digit, and memory for an even number of them, because
            // objects are allocated in steps of 8 bytes at least; a digit that does not count is masked out.
            unsafe {
                if ffi::Py_TYPE(o) != &raw mut ffi::PyLong_Type {
                    break;
                }
                tags[n].write(field(o, FIRST));
                digits[n].write(field(o, DIGITS));
            }
            n += 1;
        }
        let mut all = true;
        for ((tag, digits), to) in tags.iter().zip(&digits).zip(self.to.iter_mut()).take(n) {
            // SAFETY: the first `n` have been written.
            let (v, is_short) = unsafe { value(tag.assume_init(), digits.assume_init()) };
            to.write(v);
            all &= is_short;
        }
        if all {
            return n;
        }
        // SAFETY: as above.
        let is_short = |i: &usize| unsafe { value(tags[*i].assume_init(), 0).1 };
        (0..n).take_while(is_short).count()
    }
}

/// Number of digits, and all ones if it is negative, from the word behind the header.
#[inline(always)]
const fn size_and_sign(tag: u64) -> (i64, i64) {
    if cfg!(Py_3_12) {
        // Digits from bit 3 on; bit 1 for negative.
        ((tag >> 3) as i64, -(tag as i64 >> 1 & 1))
    } else {
        let (size, sign) = (tag as i64, tag as i64 >> 63);
        ((size ^ sign).wrapping_sub(sign), sign)
    }
}

/// The value of an int with two digits at the most, from the word behind its header and the next one; and whether it
/// has no more. Without a branch, for vectors.
#[inline(always)]
const fn value(tag: u64, digits: u64) -> (i64, bool) {
    let (n, sign) = size_and_sign(tag);
    // All ones if there is such a digit.
    let (has_low, has_high) = (0_i64.wrapping_sub(n) >> 63, 1_i64.wrapping_sub(n) >> 63);
    let low = digits & 0xffff_ffff & has_low as u64;
    let high = (digits >> 32 << 30) & has_high as u64;
    let magnitude = (low | high) as i64;
    ((magnitude ^ sign).wrapping_sub(sign), n <= 2)
}
