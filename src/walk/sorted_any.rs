//! Dicts whose keys may be of any type, in the order of the keys. Those whose order is known are told where they lie as long as no Python
//! code runs.

use core::ops::ControlFlow::{Break, Continue};

use super::failure::Told;
use super::{MAX_DEPTH, Walk, scalar};
use crate::cpython::{Access, Dict, OrderedAny};
use crate::options::flag;
use crate::sink::Sink;

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// The members of an open dict.
    #[inline(always)]
    pub(super) fn sorted_members_of_any_keys(&mut self, pen: S::Pen, dict: Dict<'_>) -> Told<S::Pen> {
        if self.knows_orders()
            && let Some(ordered) = self.world.known_order::<A>(dict)
        {
            return self.members_of_known_order(pen, dict, ordered);
        }
        self.gathered_members(pen, None, dict.cursor::<A>())
    }

    /// Whether the order of a dict's keys says all about how it is told.
    pub(super) fn knows_orders(&self) -> bool {
        !S::STREAMS
            && self.encoders.is_none()
            && !self.options.has(flag::BIG_INTEGER | flag::OMIT_NONE)
            // Deeper in members of Enums none may be a key.
            && self.members < MAX_DEPTH
    }

    /// Whether nobody has to be asked about any of a dict's keys.
    pub(super) fn are_quiet_keys(&self, dict: Dict<'_>) -> bool {
        let mut cursor = dict.cursor::<A>();
        core::iter::from_fn(|| cursor.next()).all(|(key, _)| self.is_quiet_key(key))
    }

    /// Tells members as long as their values are scalars; those behind are held.
    #[inline(never)]
    fn members_of_known_order(
        &mut self,
        mut pen: S::Pen,
        dict: Dict<'_>,
        ordered: OrderedAny,
    ) -> Told<S::Pen> {
        for k in 0..ordered.len() {
            let (key, value) = self.world.member_in_order(dict, ordered, k);
            let told = if value.is_scalar() { self.told_quiet_key(pen, key)? } else { Err(pen) };
            let told = match told {
                Ok(told) => told,
                Err(pen) => return self.gathered_behind_others(pen, dict, ordered, k),
            };
            pen = match scalar::flat_value::<S, A>(&mut self.sink, told, self.options, value.look(), true) {
                Break(told) => told,
                Continue(told) => match self.any_value(told, value) {
                    Ok(told) => told,
                    Err(failure) => return Err(failure.at(self.quiet_step(key))),
                },
            };
        }
        Ok(pen)
    }
}
