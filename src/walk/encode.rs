//! The caller's `encoders`: asked for objects of their types before anybody else is.

use super::Walk;
use super::failure::{Failure, Fault, Told};
use super::hook::MAX_HOOKS;
use crate::cpython::{Access, Dict, Encoders, Obj, Owned, Suspended, Value, call_one};
use crate::sink::Sink;

/// What the caller wants to be asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hooks<'a> {
    /// For objects that nobody else writes.
    pub default: Option<Obj<'a>>,
    /// For objects of some types.
    pub encoders: Option<&'a Encoders>,
}

impl<S: Sink, A: Access> Walk<'_, S, A> {
    /// A value in a walk whose encoders may override JSON's own types.
    #[inline(never)]
    pub(super) fn maybe_encoded(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        match self.encoder(obj) {
            Some(function) => self.encode(pen, obj, function),
            None => self.unencoded(pen, obj),
        }
    }

    #[inline(always)]
    pub(super) fn encoder<'f>(&self, obj: Obj<'_>) -> Option<Obj<'f>>
    where
        Self: 'f,
    {
        self.encoders.and_then(|encoders| encoders.find(obj))
    }

    /// Walks what the function makes of `obj`, in its place. The function itself is not asked about that again.
    #[cold]
    #[inline(never)]
    pub(super) fn encode(&mut self, pen: S::Pen, obj: Obj<'_>, function: Obj<'_>) -> Told<S::Pen> {
        let result = self.ask_encoder(obj, function)?;
        self.hooks += 1;
        let told = if self.is_encoded_by(result.obj(), function) {
            self.unencoded(pen, result.obj())
        } else {
            self.value(pen, result.obj())
        };
        self.hooks -= 1;
        self.world.release(result);
        told
    }

    fn is_encoded_by(&self, obj: Obj<'_>, function: Obj<'_>) -> bool {
        self.encoder(obj).is_some_and(|found| core::ptr::eq(found.as_ptr(), function.as_ptr()))
    }

    fn ask_encoder(&mut self, obj: Obj<'_>, function: Obj<'_>) -> Result<Owned, Box<Failure>> {
        if self.hooks == MAX_HOOKS {
            return Err(Failure::new(Fault::EncoderDepth));
        }
        let Some(_suspended) = Suspended::new(&self.world) else { return Err(Failure::new(Fault::Depth)) };
        let held = Owned::hold(obj);
        let result = call_one(&mut self.world, function, &held);
        let result = result.map_err(|raised| {
            let mut failure = Failure::new(Fault::Encoder(held.obj().type_name()));
            failure.cause = raised;
            failure
        });
        self.world.release(held);
        result
    }

    /// Whether a key of `dict` has an encoder.
    pub(super) fn encodes_keys(&self, dict: Dict<'_>) -> bool {
        let Some(encoders) = self.encoders else { return false };
        let mut cursor = dict.cursor::<A>();
        core::iter::from_fn(|| cursor.next()).any(|(key, _)| {
            (A::ENCODES || matches!(key.look(), Value::Other)) && encoders.find(key).is_some()
        })
    }

    /// What stands for the key, held: the key itself if it has no encoder.
    pub(super) fn encoded_key(&mut self, key: Obj<'_>) -> Result<Owned, Box<Failure>> {
        let mut key = Owned::hold(key);
        for _ in 0..MAX_HOOKS {
            let Some(function) = self.encoder(key.obj()) else { return Ok(key) };
            let result = self.ask_encoder(key.obj(), function);
            self.world.release(key);
            key = result?;
            if self.is_encoded_by(key.obj(), function) {
                return Ok(key);
            }
        }
        self.world.release(key);
        Err(Failure::new(Fault::EncoderDepth))
    }
}
