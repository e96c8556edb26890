//! The door: from what was asked for and what this machine has, to one instance of the generic paths.

use std::sync::OnceLock;

use pyo3::ffi::PyObject;

use super::arguments::{Arguments, Path, Usual, options};
use super::entry::guarded;
use super::errors::Refusal;
use super::settings::{current_thresholds, settings};
use crate::cpython::{
    Access, Direct, Encoding, File, Layout, Obj, Output, Owned, Program, Public, Value, new_bytes,
};
use crate::emit::format::{Compact, Indented, Lines};
use crate::emit::kernel::{Level, Scalar};
use crate::emit::room::{Grow, Written};
use crate::explain::{Explained, Wanted};
use crate::options::{Form, Options};
use crate::plan::OwnedSegment;
use crate::walk::Hooks;
use crate::walk::failure::Failure;
use crate::{brief::brief, direct, explain, planned, with_chosen, with_format};

/// Calls a function that is generic over level and access with those of this process, and of this call.
macro_rules! at_the_door {
    ($arguments:expr, $function:ident($($argument:expr),*)) => {{
        let settings = settings();
        match settings.layout {
            #[cfg(not(feature = "quick"))]
            _ if $arguments.overrides() => $function::<Scalar, Encoding>($($argument),*),
            #[cfg(not(feature = "quick"))]
            Layout::Public if !cfg!(Py_GIL_DISABLED) => $function::<Scalar, Public>($($argument),*),
            #[cfg(feature = "quick")]
            layout if $arguments.overrides() || layout == Layout::Public && !cfg!(Py_GIL_DISABLED) => {
                panic!("a quick build has the direct layout alone, and no encoders")
            }
            _ => with_chosen!(settings.level, L => $function::<L, Direct<L>>($($argument),*)),
        }
    }};
}

/// The instance of such a function for this process, to be kept.
macro_rules! chosen {
    ($function:ident) => {{
        let settings = settings();
        match settings.layout {
            Layout::Public if !cfg!(Py_GIL_DISABLED) => $function::<Scalar, Public>,
            _ => with_chosen!(settings.level, L => $function::<L, Direct<L>>),
        }
    }};
}

/// The JSON of an object of which nothing was asked but that. Most calls are such, and of small objects: a function
/// that is chosen once and knows all that could otherwise be asked.
#[inline(always)]
pub(super) fn dumps_plainly(obj: Obj<'_>) -> *mut PyObject {
    static PLAIN: OnceLock<fn(Obj<'_>) -> *mut PyObject> = OnceLock::new();
    PLAIN.get_or_init(|| chosen!(plain))(obj)
}

fn plain<L: Level, A: Access>(obj: Obj<'_>) -> *mut PyObject {
    // Not guarded: a guard is a call. No panic is known in what is brief; one would end the process.
    match brief::<L, A, _>(obj, new_bytes) {
        Some(bytes) => made(bytes),
        None => not_brief::<L, A>(obj),
    }
}

/// A result for which there may have been no memory.
#[inline(always)]
fn made(bytes: Option<Owned>) -> *mut PyObject {
    match bytes {
        Some(bytes) => bytes.into_ptr(),
        None => guarded(|_| Err(Failure::memory().into())),
    }
}

fn not_brief<L: Level, A: Access>(obj: Obj<'_>) -> *mut PyObject {
    guarded(|_| {
        unasked(|output, hooks, options| direct::write::<L, Compact, A>(output, obj, hooks, options, Compact))
    })
}

/// What `write` writes if nothing else is asked.
#[inline(always)]
fn unasked(
    write: impl FnOnce(&mut Output, Hooks<'static>, &Options) -> Result<Written, Box<Failure>>,
) -> Answer {
    let options = Options::without_flags(current_thresholds());
    let hooks = Hooks { default: None, encoders: None };
    Ok(dumped(Form::Bytes, |output| write(output, hooks, &options))?)
}

/// The JSON of an object of which only the usual was asked.
#[inline(always)]
pub(super) fn dumps_as_usual(form: Form, usual: &Usual<'_>) -> Answer {
    static DIRECTLY: OnceLock<AsUsual> = OnceLock::new();
    static PLANNED: OnceLock<AsUsual> = OnceLock::new();
    let &Usual { obj, default, option, by_two, planned } = usual;
    let function = if planned {
        PLANNED.get_or_init(|| chosen!(planned_as_usual))
    } else {
        DIRECTLY.get_or_init(|| chosen!(directly))
    };
    function(form, by_two, obj, default, option)
}

fn directly<L: Level, A: Access>(
    form: Form,
    by_two: bool,
    obj: Obj<'_>,
    default: Option<Obj<'_>>,
    option: Option<Obj<'_>>,
) -> Answer {
    let options = &options::<A>(option, by_two)?.with_result(form);
    let hooks = Hooks { default, encoders: None };
    Ok(dumped(form, |output| straight::<L, A>(output, obj, hooks, options))?)
}

fn planned_as_usual<L: Level, A: Access>(
    form: Form,
    by_two: bool,
    obj: Obj<'_>,
    default: Option<Obj<'_>>,
    option: Option<Obj<'_>>,
) -> Answer {
    if planned::is_a_look::<A>(obj) {
        return directly::<L, A>(form, by_two, obj, default, option);
    }
    let options = &options::<A>(option, by_two)?.with_result(form);
    let hooks = Hooks { default, encoders: None };
    Ok(dumped(form, |output| through::<L, A>(output, obj, hooks, options))?)
}

/// The JSON of an object through a plan, of which nothing else was asked.
#[inline(always)]
pub(super) fn dumps_through_a_plan(obj: Obj<'_>) -> *mut PyObject {
    static PLANNED: OnceLock<fn(Obj<'_>) -> *mut PyObject> = OnceLock::new();
    PLANNED.get_or_init(|| chosen!(through_a_plan))(obj)
}

fn through_a_plan<L: Level, A: Access>(obj: Obj<'_>) -> *mut PyObject {
    match brief::<L, A, _>(obj, new_bytes) {
        Some(bytes) => return made(bytes),
        // Before there is an output, which small documents keep in registers only if no call comes between.
        None if planned::is_a_look::<A>(obj) => return not_brief::<L, A>(obj),
        None => {}
    }
    guarded(|_| {
        unasked(|output, hooks, options| {
            planned::write::<L, Compact, A>(output, obj, hooks, options, Compact)
        })
    })
}

/// The JSON of an object along `program`; encoders override no type of JSON's, and the options leave dicts as they are.
pub(super) fn dumps_along(program: &Program, obj: Obj<'_>, hooks: Hooks<'_>, options: &Options) -> Dumped {
    static ALONG: OnceLock<Along> = OnceLock::new();
    debug_assert!(options.lets_guess());
    ALONG.get_or_init(|| chosen!(along))(program, obj, hooks, options)
}

fn along<L: Level, A: Access>(
    program: &Program,
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
) -> Dumped {
    if !matches!(obj.look(), Value::Dict(_))
        && options.say_nothing()
        && let Some(bytes) = briefly::<L, A>(obj)
    {
        program.calls.add(1);
        return bytes.ok_or_else(Failure::memory);
    }
    dumped(options.result(), |output| {
        if let Some(bytes) = program.likely_size::<A>(obj) {
            output.expect(bytes);
        }
        let written = direct::guided::<L, A>(output, program, obj, hooks, options)?;
        program.has_size::<A>(obj, written.len());
        Ok(written)
    })
}

/// By a call: dicts, for which most plans are, go on as if it were not there.
#[inline(never)]
fn briefly<L: Level, A: Access>(obj: Obj<'_>) -> Option<Option<Owned>> {
    brief::<L, A, _>(obj, new_bytes)
}

/// The JSON of an object, on the path that was asked for.
#[inline]
pub(super) fn dumps(arguments: &Arguments<'_>) -> Dumped {
    dumped(arguments.options.result(), |output| write(arguments, output))
}

type AsUsual = fn(Form, bool, Obj<'_>, Option<Obj<'_>>, Option<Obj<'_>>) -> Answer;
type Along = fn(&Program, Obj<'_>, Hooks<'_>, &Options) -> Dumped;
type Dumped = Result<Owned, Box<Failure>>;
type Answer = Result<Owned, Refusal>;

/// What `write` writes, as an object.
#[inline(always)]
fn dumped(form: Form, write: impl FnOnce(&mut Output) -> Result<Written, Box<Failure>>) -> Dumped {
    let mut output = Output::new(form).ok_or_else(Failure::memory)?;
    let written = write(&mut output)?;
    let dumped = output.finish(written).map_err(Failure::raised);
    output.end();
    core::mem::forget(output);
    dumped
}

/// Writes the JSON of an object to the memory of `grower`, on the path that was asked for.
#[inline]
pub(super) fn write(arguments: &Arguments<'_>, grower: &mut dyn Grow) -> Result<Written, Box<Failure>> {
    at_the_door!(arguments, formatted(arguments, grower))
}

/// Writes the JSON of an object to a file, on the path that was asked for.
pub(super) fn dump(arguments: &Arguments<'_>, file: &File) -> Result<(), Box<Failure>> {
    at_the_door!(arguments, streamed(arguments, file))
}

fn formatted<L: Level, A: Access>(
    arguments: &Arguments<'_>,
    grower: &mut dyn Grow,
) -> Result<Written, Box<Failure>> {
    let Arguments { obj, options, path, .. } = arguments;
    let hooks = arguments.hooks();
    match path {
        Path::Planned if planned::is_a_look::<A>(*obj) => straight::<L, A>(grower, *obj, hooks, options),
        Path::Planned => through::<L, A>(grower, *obj, hooks, options),
        Path::Guided(program) if !A::ENCODES && options.lets_guess() => {
            direct::guided::<L, A>(grower, program, *obj, hooks, options)
        }
        Path::Guided(program) => {
            program.calls.add(1);
            straight::<L, A>(grower, *obj, hooks, options)
        }
        Path::Direct => straight::<L, A>(grower, *obj, hooks, options),
    }
}

/// In one pass. Without a call for what most want, which would hand over memory that nothing is known of.
#[inline(always)]
fn straight<L: Level, A: Access>(
    grower: &mut dyn Grow,
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
) -> Result<Written, Box<Failure>> {
    if options.is_compact() {
        return direct::write::<L, Compact, A>(grower, obj, hooks, options, Compact);
    }
    if options.indents_by_two() {
        return direct::write::<L, _, A>(grower, obj, hooks, options, Indented::new(Lines::BY_TWO));
    }
    styled::<L, A>(grower, obj, hooks, options)
}

#[inline(never)]
fn styled<L: Level, A: Access>(
    grower: &mut dyn Grow,
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
) -> Result<Written, Box<Failure>> {
    with_format!(options.style(), format => direct::write::<L, _, A>(grower, obj, hooks, options, format))
}

/// Through a plan.
fn through<L: Level, A: Access>(
    grower: &mut dyn Grow,
    obj: Obj<'_>,
    hooks: Hooks<'_>,
    options: &Options,
) -> Result<Written, Box<Failure>> {
    with_format!(options.style(), format => planned::write::<L, _, A>(grower, obj, hooks, options, format))
}

fn streamed<L: Level, A: Access>(arguments: &Arguments<'_>, file: &File) -> Result<(), Box<Failure>> {
    let Arguments { obj, options, path, .. } = arguments;
    let hooks = arguments.hooks();
    if let Path::Guided(program) = path {
        if !A::ENCODES && options.lets_guess() {
            return direct::dump_guided::<L, A>(file, program, *obj, hooks, options);
        }
        program.calls.add(1);
    }
    with_format!(options.style(), format => match path {
        Path::Direct | Path::Guided(_) => direct::dump::<L, _, A>(file, *obj, hooks, options, format),
        Path::Planned => planned::dump::<L, _, A>(file, *obj, hooks, options, format),
    })
}

/// Lets `program` look at an example, where it may keep what it finds. That is not so with the public layout; and
/// without a GIL others may change the example meanwhile.
pub(super) fn compile(program: &Program, example: Obj<'_>) {
    if settings().layout == Layout::Direct {
        program.compile::<Direct<Scalar>>(example);
    }
}

/// A plan that stays.
pub(super) fn plan(arguments: &Arguments<'_>) -> Result<(Vec<OwnedSegment>, Vec<Owned>), Box<Failure>> {
    use planned::plan;
    let Arguments { obj, options, .. } = arguments;
    let hooks = arguments.hooks();
    at_the_door!(arguments, plan(*obj, hooks, options))
}

/// A plan that stays, up to the place where the walk could not go on.
pub(super) fn plan_until(arguments: &Arguments<'_>) -> Result<planned::Kept, Box<Failure>> {
    use planned::plan_until;
    let Arguments { obj, options, .. } = arguments;
    let hooks = arguments.hooks();
    at_the_door!(arguments, plan_until(*obj, hooks, options))
}

/// A plan to look at; with `analyze` it is run and measured.
pub(super) fn explain(
    segments: &[OwnedSegment],
    options: &Options,
    analyze: bool,
    values: bool,
) -> Result<Explained, Box<Failure>> {
    let segments = segments.iter().map(OwnedSegment::as_ref);
    with_chosen!(settings().level, L => {
        let wanted = Wanted { trace: analyze, values };
        let (mut explained, trace) =
            explain::explain::<L>(segments.clone(), options, wanted).ok_or_else(Failure::memory)?;
        if analyze {
            explain::measure::<L>(segments, &mut explained, &trace, options.style()).ok_or_else(Failure::memory)?;
        }
        Ok(explained)
    })
}

/// The JSON of a plan, with place for `likely` bytes at first.
pub(super) fn emit(
    segments: &[OwnedSegment],
    likely: usize,
    options: &Options,
) -> Result<Owned, Box<Failure>> {
    with_chosen!(settings().level, L => {
        with_format!(options.style(), format => planned::emit::<L, _>(segments, likely, options, format))
    })
}
