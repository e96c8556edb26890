//! Walks that wait for Python code, which may begin another walk.

use core::cell::Cell;

use super::world::World;

/// Containers that may be open in all the walks of a thread that wait: each takes its part of the stack.
const MOST: usize = 2000;

std::thread_local! {
    /// Containers that are open in walks of this thread that wait for Python code.
    static OPEN: Cell<usize> = const { Cell::new(0) };
}

/// A walk that waits; it goes on when this is dropped. Not always the last that began to wait: greenlets go on in any
/// order.
#[derive(Debug)]
pub struct Suspended {
    open: usize,
}

impl Suspended {
    /// The walk of `world` waits from now on; `None` if too much of the stack is taken already.
    #[must_use]
    pub fn new(world: &World) -> Option<Self> {
        let outside = OPEN.try_with(Cell::get).unwrap_or_default();
        let open = world.depth() + 1;
        if outside + open > MOST {
            return None;
        }
        let _ = OPEN.try_with(|o| o.set(outside + open));
        Some(Self { open })
    }
}

impl Drop for Suspended {
    fn drop(&mut self) {
        let _ = OPEN.try_with(|o| o.set(o.get() - self.open));
    }
}
