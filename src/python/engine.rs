//! The door: from what was asked for and what this machine has, to one instance of the generic paths.

use super::arguments::{Arguments, Path};
use super::settings::settings;
use crate::cpython::{Access, Direct, Encoding, Layout, Owned, Public};
use crate::emit::format::Format;
use crate::emit::kernel::{Level, Scalar};
use crate::options::Options;
use crate::plan::OwnedSegment;
use crate::walk::failure::Failure;
use crate::{direct, planned, with_format, with_level};

/// The JSON of an object, on the path that was asked for.
pub(super) fn dumps(arguments: &Arguments<'_>) -> Result<Owned, Box<Failure>> {
    if arguments.overrides() {
        return formatted::<Scalar, Encoding>(arguments);
    }
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
    with_format!(arguments.options.style(), format => path::<L, _, A>(arguments, format))
}

fn path<L: Level, F: Format, A: Access>(arguments: &Arguments<'_>, format: F) -> Result<Owned, Box<Failure>> {
    let Arguments { obj, options, path, .. } = arguments;
    let hooks = arguments.hooks();
    match path {
        Path::Direct => direct::dumps::<L, F, A>(*obj, hooks, options, format),
        Path::Planned => planned::dumps::<L, F, A>(*obj, hooks, options, format),
    }
}

/// A plan that stays.
pub(super) fn plan(arguments: &Arguments<'_>) -> Result<(Vec<OwnedSegment>, Vec<Owned>), Box<Failure>> {
    let settings = settings();
    let Arguments { obj, options, .. } = arguments;
    let hooks = arguments.hooks();
    match settings.layout {
        _ if arguments.overrides() => planned::plan::<Scalar, Encoding>(*obj, hooks, options),
        Layout::Public if !cfg!(Py_GIL_DISABLED) => planned::plan::<Scalar, Public>(*obj, hooks, options),
        _ => with_level!(settings.level, L => planned::plan::<L, Direct>(*obj, hooks, options)),
    }
}

/// The JSON of a plan, with place for `likely` bytes at first.
pub(super) fn emit(
    segments: &[OwnedSegment],
    likely: usize,
    options: &Options,
) -> Result<Owned, Box<Failure>> {
    with_level!(settings().level, L => {
        with_format!(options.style(), format => planned::emit::<L, _>(segments, likely, options, format))
    })
}
