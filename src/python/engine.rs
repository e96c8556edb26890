//! The door: from what was asked for and what this machine has, to one instance of the generic paths.

use super::arguments::{Arguments, Path};
use super::settings::settings;
use crate::cpython::{Access, Direct, Layout, Owned, Public};
use crate::emit::format::{Compact, Format, Indented};
use crate::emit::kernel::{Level, Scalar};
use crate::explain::{Explained, Wanted};
use crate::options::{Options, flag};
use crate::plan::OwnedSegment;
use crate::walk::failure::Failure;
use crate::{direct, explain, planned, with_level};

/// Spaces of OPT_INDENT_2.
const INDENT: usize = 2;

/// The JSON of an object, on the path that was asked for.
pub(super) fn dumps(arguments: &Arguments<'_>) -> Result<Owned, Box<Failure>> {
    let settings = settings();
    match settings.layout {
        Layout::Direct => with_level!(settings.level, L => formatted::<L, Direct>(arguments)),
        Layout::Public if cfg!(Py_GIL_DISABLED) => {
            with_level!(settings.level, L => formatted::<L, Direct>(arguments))
        }
        Layout::Public => formatted::<Scalar, Public>(arguments),
    }
}

fn formatted<L: Level, A: Access>(arguments: &Arguments<'_>) -> Result<Owned, Box<Failure>> {
    if arguments.options.has(flag::INDENT_2) {
        path::<L, _, A>(arguments, Indented::new(INDENT))
    } else {
        path::<L, _, A>(arguments, Compact)
    }
}

fn path<L: Level, F: Format, A: Access>(arguments: &Arguments<'_>, format: F) -> Result<Owned, Box<Failure>> {
    let Arguments { obj, default, options, path } = arguments;
    match path {
        Path::Direct => direct::dumps::<L, F, A>(*obj, *default, options, format),
        Path::Planned => planned::dumps::<L, F, A>(*obj, *default, options, format),
    }
}

/// A plan that stays.
pub(super) fn plan(arguments: &Arguments<'_>) -> Result<(Vec<OwnedSegment>, Vec<Owned>), Box<Failure>> {
    let settings = settings();
    let Arguments { obj, default, options, .. } = arguments;
    match settings.layout {
        Layout::Public if !cfg!(Py_GIL_DISABLED) => planned::plan::<Scalar, Public>(*obj, *default, options),
        _ => with_level!(settings.level, L => planned::plan::<L, Direct>(*obj, *default, options)),
    }
}

/// A plan that stays, up to the place where the walk could not go on.
pub(super) fn plan_until(arguments: &Arguments<'_>) -> Result<planned::Kept, Box<Failure>> {
    let settings = settings();
    let Arguments { obj, default, options, .. } = arguments;
    match settings.layout {
        Layout::Public if !cfg!(Py_GIL_DISABLED) => {
            planned::plan_until::<Scalar, Public>(*obj, *default, options)
        }
        _ => with_level!(settings.level, L => planned::plan_until::<L, Direct>(*obj, *default, options)),
    }
}

/// A plan to look at; with `analyze` it is run and measured.
pub(super) fn explain(
    segments: &[OwnedSegment],
    options: &Options,
    analyze: bool,
    values: bool,
) -> Explained {
    let segments = segments.iter().map(OwnedSegment::as_ref);
    with_level!(settings().level, L => {
        let wanted = Wanted { trace: analyze, values };
        let (mut explained, trace) = explain::explain::<L>(segments.clone(), options, wanted);
        if analyze {
            explain::measure::<L>(segments, &mut explained, &trace);
        }
        explained
    })
}

/// The JSON of a plan, with place for `likely` bytes at first.
pub(super) fn emit(
    segments: &[OwnedSegment],
    likely: usize,
    options: &Options,
) -> Result<Owned, Box<Failure>> {
    let indent = options.has(flag::INDENT_2);
    with_level!(settings().level, L => if indent {
        planned::emit::<L, _>(segments, likely, options, Indented::new(INDENT))
    } else {
        planned::emit::<L, _>(segments, likely, options, Compact)
    })
}
