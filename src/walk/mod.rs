//! The one traversal of live objects. It tells a sink what it sees; the direct path gives it a writer, the planned
//! path a recorder.

mod array;
mod dataclass;
mod date;
mod encode;
mod enums;
pub mod failure;
mod few;
mod flat;
mod gathered;
mod guided;
mod held;
mod hook;
pub mod inert;
mod inert_elements;
mod inert_members;
mod instances;
mod keys;
mod kinds;
mod mixed;
mod more;
mod number;
mod numpy;
mod object;
mod planned_instances;
mod quiet;
mod quiet_keys;
mod record;
mod runs;
mod scalar;
mod sorted;
mod sorted_any;
mod special;
mod stream;

use core::marker::PhantomData;

use crate::cpython::{Access, Encoders, File, Int, IntObj, Obj, Owned, Rare, Str, Value, World};
use crate::options::{Options, flag};
use crate::plan::is_copied;
use crate::sink::Sink;
use crate::text::{LoneSurrogate, Text};
pub use encode::Hooks;
use failure::{Failure, Fault, Told};
pub(crate) use scalar::flat_value;

/// Containers inside containers that are walked at the most: orjson's limit.
pub const MAX_DEPTH: usize = 254;

/// Integers that a double holds exactly: those that OPT_STRICT_INTEGER lets pass.
const INT_53: i64 = (1 << 53) - 1;

/// A walk over one document.
pub struct Walk<'a, S, A> {
    sink: S,
    world: World,
    options: &'a Options,
    default: Option<Obj<'a>>,
    encoders: Option<&'a Encoders>,
    /// Hooks whose results are being walked.
    hooks: usize,
    /// Members of Enums whose values are being walked.
    members: usize,
    /// Where a sink that streams goes.
    file: Option<&'a File>,
    /// Lists that are shorter may be told before they are opened.
    few: usize,
    /// Whether dicts are told with their own members, in their order, and no key is to be encoded.
    as_they_are: bool,
    /// Place for members whose keys have to be made first.
    gathered: gathered::Gathered,
    access: PhantomData<A>,
}

impl<'a, S: Sink, A: Access> Walk<'a, S, A> {
    /// A walk that tells the sink that `make` builds.
    ///
    /// # Errors
    ///
    /// [`Fault::Memory`].
    #[inline(always)]
    pub fn new(
        options: &'a Options,
        hooks: Hooks<'a>,
        make: impl FnOnce(&World) -> S,
    ) -> Result<Self, Box<Failure>> {
        let world = World::new().ok_or_else(Failure::memory)?;
        Ok(Self::over(world, options, hooks, make))
    }

    /// The same over a world that is there already.
    #[inline(always)]
    pub fn over(
        world: World,
        options: &'a Options,
        hooks: Hooks<'a>,
        make: impl FnOnce(&World) -> S,
    ) -> Self {
        let Hooks { default, encoders } = hooks;
        Self {
            sink: make(&world),
            world,
            options,
            default,
            encoders,
            hooks: 0,
            members: 0,
            file: None,
            few: few::fewer_than::<S, A>(options),
            as_they_are: options.keeps_members() && encoders.is_none(),
            gathered: gathered::Gathered::default(),
            access: PhantomData,
        }
    }

    /// Walks `obj`. The sink is to be asked whether it heard all.
    ///
    /// # Errors
    ///
    /// Where the walk ended and why.
    #[inline(always)]
    pub fn run(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        match obj.look() {
            Value::List(s) | Value::Tuple(s) if !A::ENCODES => self.inner_array(pen, s),
            _ => self.value(pen, obj),
        }
    }

    /// The sink keeps everything until the end, whatever it says of letting go.
    pub fn keep_all(&mut self) {
        self.world.keep_all();
    }

    /// The sink, to be told that all was said. What it keeps is held as long as this walk is there.
    #[inline(always)]
    pub const fn sink(&mut self) -> &mut S {
        &mut self.sink
    }

    /// The sink, and the references to what it keeps.
    #[must_use]
    pub fn into_parts(self) -> (S, Vec<Owned>) {
        (self.sink, self.world.into_kept())
    }

    /// What dropping does, in the caller's own code, for a sink that keeps nothing. Afterwards the walk may be forgotten.
    #[inline(always)]
    pub fn end(&mut self) {
        const { assert!(!S::KEEPS) };
        self.gathered.end();
        self.world.end();
    }

    /// What `finish` makes of the sink. What the sink keeps is held meanwhile, and not afterwards.
    #[inline(always)]
    pub fn finish<R>(self, finish: impl FnOnce(S) -> R) -> R {
        let Self { sink, world, .. } = self;
        let result = finish(sink);
        drop(world);
        result
    }

    #[inline(always)]
    fn value(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        if A::ENCODES {
            return self.maybe_encoded(pen, obj);
        }
        match obj.look() {
            Value::Str(s) => self.text(pen, s),
            Value::Int(v) => self.int(pen, v),
            Value::Float(v) => self.float(pen, v.read::<A>()),
            Value::Dict(d) => self.object(pen, d),
            Value::List(s) | Value::Tuple(s) => self.array(pen, s),
            Value::Bool(v) => Ok(self.sink.bool(pen, v)),
            Value::None => Ok(self.sink.null(pen)),
            Value::Other => self.rare(pen, obj),
        }
    }

    /// An object whose encoder is not to be asked, or that has none.
    fn unencoded(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        match obj.look() {
            Value::Str(s) => self.text(pen, s),
            Value::Int(v) => self.int(pen, v),
            Value::Float(v) => self.float(pen, v.read::<A>()),
            Value::Dict(d) => self.object(pen, d),
            Value::List(s) | Value::Tuple(s) => self.array(pen, s),
            Value::Bool(v) => Ok(self.sink.bool(pen, v)),
            Value::None => Ok(self.sink.null(pen)),
            Value::Other => self.plain(pen, obj),
        }
    }

    #[inline(always)]
    fn text(&mut self, pen: S::Pen, s: Str<'_>) -> Told<S::Pen> {
        match s.ascii::<A>() {
            Some(t) => self.told_text(pen, s, t),
            None => self.wide_text(pen, s),
        }
    }

    /// A str that is most likely not ASCII.
    #[inline(never)]
    fn wide_text(&mut self, pen: S::Pen, s: Str<'_>) -> Told<S::Pen> {
        if !S::KEEPS
            && let Some(utf8) = s.utf8::<A>()
            && self.sink.takes_utf8()
        {
            return Ok(self.sink.utf8(pen, utf8));
        }
        match s.text::<A>() {
            Some(t) => self.told_text(pen, s, t),
            None => Err(Failure::memory()),
        }
    }

    #[inline(always)]
    fn told_text(&mut self, pen: S::Pen, s: Str<'_>, t: Text<'_>) -> Told<S::Pen> {
        let pen = self.sink.text(pen, t).map_err(surrogate)?;
        self.keep(s.obj(), t)?;
        Ok(pen)
    }

    /// A str of a subclass. It may have a finaliser, and a plan that kept it alive would change when that runs.
    fn passing_text(&mut self, pen: S::Pen, s: Str<'_>) -> Told<S::Pen> {
        match s.text::<A>() {
            Some(t) => self.sink.passing_text(pen, t).map_err(surrogate),
            None => Err(Failure::memory()),
        }
    }

    #[inline(always)]
    fn key(&mut self, pen: S::Pen, s: Str<'_>) -> Told<S::Pen> {
        match s.ascii::<A>() {
            Some(t) => self.told_key(pen, s, t),
            None => self.wide_key(pen, s),
        }
    }

    #[inline(never)]
    fn wide_key(&mut self, pen: S::Pen, s: Str<'_>) -> Told<S::Pen> {
        match s.text::<A>() {
            Some(t) => self.told_key(pen, s, t),
            None => Err(Failure::memory()),
        }
    }

    #[inline(always)]
    fn told_key(&mut self, pen: S::Pen, s: Str<'_>, t: Text<'_>) -> Told<S::Pen> {
        let pen = self.sink.key(pen, t).map_err(surrogate)?;
        self.keep(s.obj(), t)?;
        Ok(pen)
    }

    /// The sink has been told `t`, which is in `o`, and may look at it again.
    #[inline(always)]
    fn keep(&mut self, o: Obj<'_>, t: Text<'_>) -> Told<()> {
        if S::KEEPS && !is_copied(t.len(), t.width()) && !self.world.keep(o, self.sink.let_go()) {
            return Err(Failure::memory());
        }
        Ok(())
    }

    #[inline(always)]
    fn int(&mut self, pen: S::Pen, v: IntObj<'_>) -> Told<S::Pen> {
        match v.read::<A>() {
            Int::Small(v) if !self.options.has(flag::STRICT_INTEGER) => Ok(self.sink.int(pen, v)),
            _ => self.rare_int(pen, v),
        }
    }

    #[cold]
    #[inline(never)]
    fn rare_int(&mut self, pen: S::Pen, v: IntObj<'_>) -> Told<S::Pen> {
        match v.read::<A>() {
            Int::Small(v) if (-INT_53..=INT_53).contains(&v) => Ok(self.sink.int(pen, v)),
            Int::Huge => self.huge(pen, v.obj()),
            Int::Big(v) if !self.options.has(flag::STRICT_INTEGER) => Ok(self.sink.uint(pen, v)),
            Int::Small(_) | Int::Big(_) => Err(Failure::new(Fault::Integer53)),
        }
    }

    #[inline(always)]
    fn float(&mut self, pen: S::Pen, v: f64) -> Told<S::Pen> {
        if self.options.has(flag::NAN_ERROR) && !v.is_finite() {
            return Err(Failure::new(Fault::NotFinite));
        }
        Ok(self.sink.float(pen, v))
    }

    /// An object of none of the exact types.
    #[inline(never)]
    fn rare(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        if self.options.has(flag::PLAIN) {
            return self.hook(pen, obj);
        }
        match self.encoder(obj) {
            Some(function) => self.encode(pen, obj, function),
            None => self.plain(pen, obj),
        }
    }

    #[inline(always)]
    fn plain(&mut self, pen: S::Pen, obj: Obj<'_>) -> Told<S::Pen> {
        match obj.rare(!self.options.has(flag::PASSTHROUGH_SUBCLASS)) {
            Rare::Str(s) => self.passing_text(pen, s),
            Rare::Int(v) => self.int(pen, v),
            Rare::List(s) => self.array(pen, s),
            Rare::Dict(d) => self.object(pen, d),
            Rare::Unknown => self.special(pen, obj),
        }
    }

    /// As for containers. orjson has no limit here, and no end if a value leads to its own member.
    pub(super) fn check_members(&self) -> Told<()> {
        if self.members < MAX_DEPTH { Ok(()) } else { Err(Failure::new(Fault::Depth)) }
    }

    #[inline(always)]
    fn check_depth(&self) -> Told<()> {
        if self.world.depth() < MAX_DEPTH { Ok(()) } else { Err(Failure::new(Fault::Depth)) }
    }
}

#[cold]
fn surrogate(_: LoneSurrogate) -> Box<Failure> {
    Failure::new(Fault::Surrogate)
}
