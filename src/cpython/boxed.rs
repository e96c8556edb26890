//! Boxes that need not be had.

/// A box; `None` if there is no memory for it.
#[must_use]
pub fn boxed<T>(value: T) -> Option<Box<T>> {
    let mut one = Vec::new();
    one.try_reserve_exact(1).ok()?;
    one.push(value);
    let one: *mut [T] = Box::into_raw(one.into_boxed_slice());
    // SAFETY: a box of one element, which lies as that element alone does.
    Some(unsafe { Box::from_raw(one.cast::<T>()) })
}
