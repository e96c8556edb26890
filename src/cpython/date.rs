//! datetime, date and time. Their fields are where `datetime.h`, which is public, says.

use core::ffi::{CStr, c_int};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

use pyo3::ffi::{self, PyObject, PyTypeObject};

use super::call::{Owned, Raised};
use super::leave::leave;
use super::names::Name;
use super::object::Obj;
use super::types;
use super::world::World;
use crate::stamp::{Clock, Day};

/// A borrowed datetime.
#[derive(Clone, Copy, Debug)]
pub struct DateTime<'a>(pub(super) Obj<'a>);

/// A borrowed date.
#[derive(Clone, Copy, Debug)]
pub struct Date<'a>(pub(super) Obj<'a>);

/// A borrowed time.
#[derive(Clone, Copy, Debug)]
pub struct Time<'a>(pub(super) Obj<'a>);

/// How far a datetime is from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offset {
    /// Its zone does not say.
    None,
    /// Its zone cannot be asked.
    Unknown,
    /// So many seconds, and whether behind.
    Seconds(bool, u32),
}

/// # Safety
///
/// `o` is a date or a datetime.
#[inline(always)]
unsafe fn day(o: *mut PyObject) -> Day {
    // SAFETY: the caller's promise.
    unsafe {
        Day {
            year: ffi::PyDateTime_GET_YEAR(o) as u16,
            month: ffi::PyDateTime_GET_MONTH(o) as u8,
            day: ffi::PyDateTime_GET_DAY(o) as u8,
        }
    }
}

impl Date<'_> {
    /// Its day.
    #[must_use]
    pub fn day(self) -> Day {
        // SAFETY: `special` has found a date.
        unsafe { day(self.0.as_ptr()) }
    }
}

impl Time<'_> {
    /// The time of day.
    #[must_use]
    pub fn clock(self) -> Clock {
        let o = self.0.as_ptr();
        // SAFETY: `special` has found a time.
        unsafe {
            Clock {
                hour: ffi::PyDateTime_TIME_GET_HOUR(o) as u8,
                minute: ffi::PyDateTime_TIME_GET_MINUTE(o) as u8,
                second: ffi::PyDateTime_TIME_GET_SECOND(o) as u8,
                microsecond: ffi::PyDateTime_TIME_GET_MICROSECOND(o) as u32,
            }
        }
    }

    /// Whether it has a zone.
    #[must_use]
    pub fn has_zone(self) -> bool {
        // SAFETY: `special` has found a time.
        unsafe { ffi::PyDateTime_TIME_GET_TZINFO(self.0.as_ptr()) != ffi::Py_None() }
    }
}

impl<'a> DateTime<'a> {
    /// The object.
    #[must_use]
    pub const fn obj(self) -> Obj<'a> {
        self.0
    }

    /// Its day.
    #[inline(always)]
    #[must_use]
    pub fn day(self) -> Day {
        // SAFETY: `special` has found a datetime.
        unsafe { day(self.0.as_ptr()) }
    }

    /// The time of that day.
    #[inline(always)]
    #[must_use]
    pub fn clock(self) -> Clock {
        let o = self.0.as_ptr();
        // SAFETY: `special` has found a datetime.
        unsafe {
            Clock {
                hour: ffi::PyDateTime_DATE_GET_HOUR(o) as u8,
                minute: ffi::PyDateTime_DATE_GET_MINUTE(o) as u8,
                second: ffi::PyDateTime_DATE_GET_SECOND(o) as u8,
                microsecond: ffi::PyDateTime_DATE_GET_MICROSECOND(o) as u32,
            }
        }
    }

    /// Its zone, if it has one.
    #[inline(always)]
    #[must_use]
    pub fn zone(self) -> Option<Obj<'a>> {
        // SAFETY: `special` has found a datetime, which holds its zone.
        unsafe {
            let zone = ffi::PyDateTime_DATE_GET_TZINFO(self.0.as_ptr());
            (zone != ffi::Py_None()).then(|| Obj::new(zone))
        }
    }

    /// Asks its `zone` how far from UTC it is, in the way that libraries of zones want to be asked: pendulum's know
    /// `convert`, pytz's have to `normalize` first, all others just know. The datetime must be held.
    ///
    /// # Errors
    ///
    /// What was raised.
    pub fn ask(self, world: &mut World, zone: Obj<'_>) -> Result<Offset, Option<Raised>> {
        let held = Owned::hold(zone);
        world.before_python();
        let answer = self.answer(world, held.obj());
        let offset = match answer {
            Ok(None) => Ok(Offset::Unknown),
            Ok(Some(delta)) => {
                let offset = read(delta.obj());
                world.release(delta);
                Ok(offset)
            }
            Err(raised) => Err(raised),
        };
        world.release(held);
        offset
    }

    /// What its `zone` says, if the zone is of a class that runs no Python code to say it; unknown if it is not, or says nothing
    /// that is an offset.
    #[inline]
    #[must_use]
    pub fn ask_quietly(self, zone: Obj<'_>) -> Offset {
        let class = zone.type_of();
        let Some(method) = QUIET.iter().find(|quiet| quiet.class.load(Ordering::Acquire) == class) else {
            return Offset::Unknown;
        };
        let arguments = [zone.as_ptr(), self.0.as_ptr()];
        // SAFETY: the method of the zone's class, which is kept for good, is called with it and a datetime; both are
        // alive, and stay so, for no Python code runs.
        unsafe {
            let method = method.utcoffset.load(Ordering::Relaxed);
            let def = (*method.cast::<ffi::PyMethodDescrObject>()).d_method;
            let delta = Owned::take(if (*def).ml_flags == ffi::METH_O {
                ((*def).ml_meth.PyCFunction)(zone.as_ptr(), self.0.as_ptr())
            } else {
                ffi::PyObject_Vectorcall(method, arguments.as_ptr(), 2, null_mut())
            });
            let Some(delta) = delta else {
                // The other way will find the same.
                ffi::PyErr_Clear();
                return Offset::Unknown;
            };
            let offset = read(delta.obj());
            delta.drop_now();
            offset
        }
    }

    fn answer(self, world: &mut World, zone: Obj<'_>) -> Result<Option<Owned>, Option<Raised>> {
        if has(zone, Name::Convert) {
            return call(self.0, Name::UtcOffset, None).map(Some);
        }
        if has(zone, Name::Normalize) {
            let normal = call(zone, Name::Normalize, Some(self.0))?;
            let answer = call(normal.obj(), Name::UtcOffset, None);
            world.release(normal);
            return answer.map(Some);
        }
        if has(zone, Name::Dst) { call(zone, Name::UtcOffset, Some(self.0)).map(Some) } else { Ok(None) }
    }
}

impl Obj<'_> {
    /// Whether it is `datetime.timezone.utc`.
    #[inline(always)]
    #[must_use]
    pub fn is_utc(self) -> bool {
        let api = types::datetime();
        // SAFETY: the capsule's content is there for good.
        !api.is_null() && self.as_ptr() == unsafe { (*api).TimeZone_UTC }
    }

    /// A zone has been asked in the common way: notes its class if that can be asked quietly.
    pub fn note_zone(self) {
        let class = self.type_of();
        // SAFETY: a living type; its name ends in NUL.
        let name = unsafe { CStr::from_ptr((*class).tp_name) };
        if let Some(quiet) = QUIET.iter().find(|quiet| quiet.name == name) {
            quiet.note(class);
        }
    }
}

/// A class of zones that is made in C and cannot be changed. Its method looks at the zone and at a datetime, if that is
/// one exactly, and makes no objects; so no Python code runs.
struct Quiet {
    name: &'static CStr,
    /// Null as long as no zone of it has been met.
    class: AtomicPtr<PyTypeObject>,
    utcoffset: AtomicPtr<PyObject>,
}

static QUIET: [Quiet; 2] = [Quiet::new(c"zoneinfo.ZoneInfo"), Quiet::new(c"datetime.timezone")];

impl Quiet {
    const fn new(name: &'static CStr) -> Self {
        Self { name, class: AtomicPtr::new(null_mut()), utcoffset: AtomicPtr::new(null_mut()) }
    }

    fn note(&self, class: *mut PyTypeObject) {
        // SAFETY: a living class. One that is sealed and made by `type` is asked for its attribute without Python
        // code; it and its method are kept for good.
        unsafe {
            let flags = ffi::PyType_GetFlags(class);
            let sealed = flags & ffi::Py_TPFLAGS_HEAPTYPE == 0 || flags & ffi::Py_TPFLAGS_IMMUTABLETYPE != 0;
            if !sealed || ffi::Py_TYPE(class.cast()) != &raw mut ffi::PyType_Type {
                return;
            }
            let method = ffi::PyObject_GetAttr(class.cast(), Name::UtcOffset.obj().as_ptr());
            let Some(method) = Owned::take(method) else { return ffi::PyErr_Clear() };
            let descriptor = method.obj().as_ptr().cast::<ffi::PyMemberDescrObject>();
            if method.obj().type_of() == &raw mut ffi::PyMethodDescr_Type
                && (*descriptor).d_common.d_type == class
                && self.class.load(Ordering::Acquire).is_null()
            {
                ffi::Py_INCREF(class.cast());
                self.utcoffset.store(method.into_ptr(), Ordering::Relaxed);
                self.class.store(class, Ordering::Release);
            } else {
                method.drop_now();
            }
        }
    }
}

fn has(o: Obj<'_>, name: Name) -> bool {
    // SAFETY: a living object, held by the caller, and a name.
    unsafe { leave(|| ffi::PyObject_HasAttr(o.as_ptr(), name.obj().as_ptr())) == 1 }
}

fn call(o: Obj<'_>, method: Name, argument: Option<Obj<'_>>) -> Result<Owned, Option<Raised>> {
    let (o, method) = (o.as_ptr(), method.obj().as_ptr());
    // SAFETY: living objects, held by the caller, and a name.
    unsafe {
        Owned::take(leave(|| match argument {
            Some(argument) => ffi::PyObject_CallMethodOneArg(o, method, argument.as_ptr()),
            None => ffi::PyObject_CallMethodNoArgs(o, method),
        }))
    }
    .ok_or_else(Raised::fetch)
}

/// What a zone has answered.
fn read(delta: Obj<'_>) -> Offset {
    const DAY: c_int = 86400;
    let (o, api) = (delta.as_ptr(), types::datetime());
    // SAFETY: the capsule is there, for there are datetimes; the fields are read of a timedelta only.
    unsafe {
        if o == ffi::Py_None() {
            return Offset::None;
        }
        if api.is_null() || ffi::PyObject_TypeCheck(o, (*api).DeltaType) == 0 {
            return Offset::Unknown;
        }
        // A timedelta has 0 to 86,399 seconds and any number of days.
        let (days, seconds) = (ffi::PyDateTime_DELTA_GET_DAYS(o), ffi::PyDateTime_DELTA_GET_SECONDS(o));
        match (days, seconds) {
            (_, 0) => Offset::Seconds(false, 0),
            (-1, _) => Offset::Seconds(true, (DAY - seconds) as u32),
            _ => Offset::Seconds(false, seconds as u32),
        }
    }
}
