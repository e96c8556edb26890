//! The arguments of `dumps` and its kin.

use core::marker::PhantomData;
use std::rc::Rc;

use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;

use super::cached::CachedPlan;
use super::current::InUse;
use super::errors::Refusal;
use super::settings;
use crate::cpython::{Access, BadEncoders, Encoders, Int, Name, Obj, Program, Public, Str, Value};
use crate::options::{Options, flag};
use crate::style::Indent;
use crate::text::Text;
use crate::walk::Hooks;
use crate::walk::failure::Failure;

/// Which way a call goes.
#[derive(Clone, Debug)]
pub(super) enum Path {
    /// One pass.
    Direct,
    /// Plan, then emit.
    Planned,
    /// One pass, along what a cached plan knows.
    Guided(InUse<Program>),
}

/// What was asked for.
pub(super) struct Arguments<'a> {
    pub(super) obj: Obj<'a>,
    default: Option<Obj<'a>>,
    /// Shared by the lines of a call.
    encoders: Option<Rc<Encoders>>,
    pub(super) options: Options,
    pub(super) path: Path,
}

/// Arguments as the interpreter's fast calling convention gives them.
pub(super) struct Reader<'a> {
    values: *const *mut PyObject,
    positional: usize,
    names: *mut PyObject,
    lifetime: PhantomData<&'a PyObject>,
}

impl<'a> Reader<'a> {
    /// # Safety
    ///
    /// The three are the arguments of a METH_FASTCALL | METH_KEYWORDS function, whose caller holds them for as
    /// long as `'a`.
    pub(super) unsafe fn new(values: *const *mut PyObject, nargs: isize, names: *mut PyObject) -> Self {
        Self { values, positional: nargs as usize, names, lifetime: PhantomData }
    }

    /// Argument `i`, those by position first.
    pub(super) fn value(&self, i: usize) -> Obj<'a> {
        debug_assert!(i < self.positional + self.named());
        // SAFETY: there are as many values as positions and names, and the caller holds them.
        unsafe { Obj::new(*self.values.add(i)) }
    }

    /// The argument, if there is only one, without a name.
    #[inline(always)]
    pub(super) fn only(&self) -> Option<Obj<'a>> {
        (self.positional == 1 && self.names.is_null()).then(|| self.value(0))
    }

    /// An object and what `plan` is, if nothing else is said, and that by its name.
    #[inline(always)]
    pub(super) fn only_with_plan(&self) -> Option<(Obj<'a>, Obj<'a>)> {
        let is_all = self.positional == 1 && self.named() == 1 && is(self.name(0), Name::Plan);
        is_all.then(|| (self.value(0), self.value(1)))
    }

    /// What most say, if nothing else is said: orjson's arguments, that two spaces are to indent, and that a plan is to be made.
    #[inline(always)]
    pub(super) fn usual(&self) -> Option<Usual<'a>> {
        let (mut default, mut option, mut by_two, mut planned) = (None, None, false, false);
        match (self.positional, self.named()) {
            (1, 0..=4) => {}
            (2 | 3, 0) => {
                default = Some(self.value(1));
                option = (self.positional == 3).then(|| self.value(2));
            }
            _ => return None,
        }
        for i in 0..self.named() {
            let (name, value) = (self.name(i), self.value(self.positional + i));
            if is(name, Name::Option) {
                option = Some(value);
            } else if is(name, Name::Default) {
                default = Some(value);
            } else if is(name, Name::Plan) {
                let Value::Bool(plan) = value.look() else { return None };
                planned = plan;
            } else if is(name, Name::Indent) && is_two(value) {
                by_two = true;
            } else {
                return None;
            }
        }
        let given = |argument: Option<Obj<'a>>| argument.filter(|&o| !o.is_none());
        Some(Usual { obj: self.value(0), default: given(default), option: given(option), by_two, planned })
    }

    #[inline(always)]
    fn named(&self) -> usize {
        // SAFETY: the names are null or a tuple.
        if self.names.is_null() { 0 } else { unsafe { ffi::PyTuple_GET_SIZE(self.names) as usize } }
    }

    /// Name `i`, a str.
    fn name(&self, i: usize) -> Obj<'a> {
        debug_assert!(i < self.named());
        // SAFETY: `i` is below the number of names; the tuple holds them.
        unsafe { Obj::new(ffi::PyTuple_GET_ITEM(self.names, i as isize)) }
    }
}

/// What most calls say.
pub(super) struct Usual<'a> {
    pub(super) obj: Obj<'a>,
    pub(super) default: Option<Obj<'a>>,
    pub(super) option: Option<Obj<'a>>,
    /// Whether lines are to be indented by two spaces, whatever the option says.
    pub(super) by_two: bool,
    /// Whether to plan first.
    pub(super) planned: bool,
}

/// A function's name, and those of its arguments that nobody may leave out.
pub(super) struct Signature {
    pub(super) name: &'static str,
    /// The first is what is to be serialised.
    pub(super) required: &'static [&'static str],
}

impl Signature {
    fn wrong<T>(&self, what: &str) -> Result<T, Refusal> {
        Err(Refusal::Arguments(format!("{}() {what}", self.name)))
    }

    /// The arguments that are missing, as Python says it.
    fn missing<T>(&self, given: usize) -> Result<T, Refusal> {
        let missing = &self.required[given..];
        let (n, s) = (missing.len(), if missing.len() == 1 { "" } else { "s" });
        let names: Vec<_> = missing.iter().map(|name| format!("'{name}'")).collect();
        self.wrong(&format!("missing {n} required positional argument{s}: {}", names.join(" and ")))
    }
}

/// Whether a keyword is this name. Of a name in the caller's code there is one, which this is.
#[inline(always)]
fn is(keyword: Obj<'_>, name: Name) -> bool {
    core::ptr::eq(keyword.as_ptr(), name.obj().as_ptr())
}

/// The name of a keyword. No UTF-8 is left in it.
fn name_of(name: Obj<'_>) -> Text<'_> {
    name.any_str().and_then(Str::text::<Public>).unwrap_or(Text::EMPTY)
}

impl<'a> Arguments<'a> {
    /// Reads `(obj, /, default=None, option=None, *, indent=None, plan=False, encoders=None)`, or with more required arguments behind `obj`.
    pub(super) fn read(function: &Signature, given: &Reader<'a>) -> Result<Self, Refusal> {
        const NAMES: [&str; 5] = ["default", "option", "indent", "plan", "encoders"];
        let required = function.required.len();
        if given.positional < required {
            return function.missing(given.positional);
        }
        if given.positional > required + 2 {
            let (most, n) = (required + 2, given.positional);
            return function
                .wrong(&format!("takes from {required} to {most} positional arguments but {n} were given"));
        }
        let mut values = [None; 5];
        for i in required..given.positional {
            values[i - required] = Some(given.value(i));
        }
        for i in 0..given.named() {
            let name = name_of(given.name(i));
            let known = |known: &&str| name.is(known);
            let Some(place) = NAMES.iter().position(known) else {
                return function.wrong(&format!("got an unexpected keyword argument '{}'", name.to_lossy()));
            };
            if values[place].is_some() {
                return function.wrong(&format!("got multiple values for argument '{}'", name.to_lossy()));
            }
            values[place] = Some(given.value(given.positional + i));
        }
        let [default, option, indent, plan, encoders] = values.map(|v| v.filter(|&o| !o.is_none()));
        if let Some(cached) = plan.and_then(CachedPlan::known) {
            if [default, option, indent, encoders].iter().any(Option::is_some) {
                return function.wrong(
                    "takes no default, option, indent or encoders beside a cached plan, which has its own",
                );
            }
            return cached.arguments(given.value(0));
        }
        Self::new(given.value(0), default, option, indent, encoders, path(plan)?)
    }

    /// For the direct path, without encoders.
    pub(super) const fn plainly(obj: Obj<'a>, default: Option<Obj<'a>>, options: Options) -> Self {
        Self { obj, default, encoders: None, options, path: Path::Direct }
    }

    /// From arguments that have been told apart already.
    pub(super) fn from_bound(
        obj: &'a Bound<'_, PyAny>,
        default: Option<&'a Bound<'_, PyAny>>,
        option: Option<&'a Bound<'_, PyAny>>,
        indent: Option<&'a Bound<'_, PyAny>>,
        encoders: Option<&'a Bound<'_, PyAny>>,
        path: Path,
    ) -> Result<Self, Refusal> {
        // SAFETY: a `Bound` holds its object.
        let view = |o: &'a Bound<'_, PyAny>| unsafe { Obj::new(o.as_ptr()) };
        let [default, option, indent, encoders] = [default, option, indent, encoders].map(|o| o.map(view));
        Self::new(view(obj), default, option, indent, encoders, path)
    }

    /// The same, with functions for some types.
    pub(super) fn encoded_by(self, encoders: Option<Obj<'_>>) -> Result<Self, Refusal> {
        Ok(Self { encoders: read_encoders(encoders)?, ..self })
    }

    /// The same on another path.
    pub(super) fn on(&self, path: Path) -> Self {
        Self { path, encoders: self.encoders.clone(), ..*self }
    }

    /// The same for another object.
    pub(super) fn with_obj<'b>(&self, obj: Obj<'b>) -> Arguments<'b>
    where
        'a: 'b,
    {
        Arguments { obj, encoders: self.encoders.clone(), path: self.path.clone(), ..*self }
    }

    fn new(
        obj: Obj<'a>,
        default: Option<Obj<'a>>,
        option: Option<Obj<'a>>,
        indent: Option<Obj<'a>>,
        encoders: Option<Obj<'a>>,
        path: Path,
    ) -> Result<Self, Refusal> {
        let encoders = read_encoders(encoders)?;
        let mut options = options::<Public>(option, false)?;
        if let Some(given) = indent {
            let contradiction = || Refusal::Value(String::from("OPT_INDENT_2 and another indent were given"));
            options = options.indented(self::indent(given)?).ok_or_else(contradiction)?;
        }
        Ok(Self { obj, default, encoders, options, path })
    }
}

impl Arguments<'_> {
    /// What the caller wants to be asked.
    pub(super) fn hooks(&self) -> Hooks<'_> {
        Hooks { default: self.default, encoders: self.encoders.as_deref() }
    }

    /// Whether encoders may override JSON's own types.
    pub(super) fn overrides(&self) -> bool {
        self.encoders.as_deref().is_some_and(Encoders::overrides)
    }
}

fn read_encoders(given: Option<Obj<'_>>) -> Result<Option<Rc<Encoders>>, Refusal> {
    match given.map(Encoders::read) {
        Some(Err(bad)) => Err(complaint(&bad)),
        Some(Ok(encoders)) => Ok(Some(Rc::new(encoders)).filter(|encoders| !encoders.is_empty())),
        None => Ok(None),
    }
}

fn complaint(bad: &BadEncoders) -> Refusal {
    Refusal::Arguments(match bad {
        BadEncoders::Memory => return Failure::memory().into(),
        BadEncoders::Dict(name) => format!("encoders must be a dict of types and functions, not {name}"),
        BadEncoders::Type(name) => format!("the keys of encoders must be types, not {name}"),
        BadEncoders::Function(class, name) => {
            format!("the encoder for {class} must be callable, not {name}")
        }
    })
}

/// Options from the number that was given, and whether two spaces are to indent.
#[inline]
pub(super) fn options<A: Access>(option: Option<Obj<'_>>, by_two: bool) -> Result<Options, Refusal> {
    let flags = option
        .map_or(Some(0), number::<A>)
        .map(|flags| if by_two { flags | i64::from(flag::INDENT_2) } else { flags });
    let options = flags.and_then(|flags| Options::new(flags, settings::current_thresholds()));
    options.ok_or_else(|| bad_options(option, flags))
}

#[cold]
fn bad_options(option: Option<Obj<'_>>, flags: Option<i64>) -> Refusal {
    Refusal::Options(match (option, flags) {
        (_, Some(flags)) if flags >= 0 => {
            format!("option has bits that no OPT_ flag has: {:#x}", flags & !i64::from(flag::known()))
        }
        (Some(option), None) if !matches!(option.look(), Value::Int(_)) => {
            format!("option must be None or an int of OPT_ flags, not {}", option.type_name())
        }
        _ => String::from("option must be an int of OPT_ flags, combined with |"),
    })
}

#[inline(never)]
fn is_two(given: Obj<'_>) -> bool {
    number::<Public>(given) == Some(2)
}

/// A number, if it is an int exactly, as orjson has it, and not too large.
fn number<A: Access>(given: Obj<'_>) -> Option<i64> {
    match given.look() {
        Value::Int(v) => match v.read::<A>() {
            Int::Small(number) => Some(number),
            _ => None,
        },
        _ => None,
    }
}

/// An indentation: so many spaces, or some white space.
#[cold]
fn indent(given: Obj<'_>) -> Result<Indent, Refusal> {
    let wrong = |what: &str| Refusal::Value(format!("indent must be {what}"));
    match given.look() {
        Value::Int(v) => match v.read::<Public>() {
            Int::Small(n) if n < 0 => Err(wrong(&format!("at least 0, not {n}"))),
            Int::Small(n) => u32::try_from(n).map(Indent::spaces).map_err(|_| wrong("below 2**32")),
            _ => Err(wrong("from 0 to 2**32 - 1")),
        },
        Value::Str(s) => {
            let points = s.text::<Public>().unwrap_or(Text::EMPTY).points();
            let bytes: Vec<u8> = points.map(|p| u8::try_from(p).unwrap_or(b'?')).collect();
            Indent::from_bytes(&bytes).map_err(wrong)
        }
        _ => Err(Refusal::Arguments(format!(
            "indent must be None, an int or a str, not {}",
            given.type_name()
        ))),
    }
}

fn path(plan: Option<Obj<'_>>) -> Result<Path, Refusal> {
    match plan.map(|plan| (plan, plan.look())) {
        None | Some((_, Value::Bool(false))) => Ok(Path::Direct),
        Some((_, Value::Bool(true))) => Ok(Path::Planned),
        Some((plan, _)) => {
            Err(Refusal::Arguments(format!("plan must be a bool or a CachedPlan, not {}", plan.type_name())))
        }
    }
}
