//! What an object does by name: its attributes, its items, its text. Python code may run in all of it, so each of
//! these prepares the world first, and what it returns is held.

use core::ffi::CStr;

use pyo3::ffi::{self, PyObject};

use super::call::{Owned, Raised, item};
use super::leave::leave;
use super::object::{Obj, Value};
use super::suspended::Suspended;
use super::world::World;

/// What was asked for, or what was raised; `None` if it failed without an exception.
pub type Asked = Result<Owned, Option<Raised>>;

/// Asks `obj`, which is held meanwhile.
///
/// `ask` returns a reference that it gives away, or null with an exception set.
fn ask(world: &mut World, obj: Obj<'_>, ask: impl FnOnce(*mut PyObject) -> *mut PyObject + Copy) -> Asked {
    let held = Owned::hold(obj);
    world.before_python();
    let suspended = Suspended::new(world);
    let answer = if suspended.is_some() { leave(|| ask(held.obj().as_ptr())) } else { too_deep() };
    drop(suspended);
    // SAFETY: `ask` gives the reference away.
    let answer = unsafe { Owned::take(answer) }.ok_or_else(Raised::fetch);
    world.release(held);
    answer
}

/// Too many walks wait for each other.
#[cold]
fn too_deep() -> *mut PyObject {
    // SAFETY: sets an exception.
    unsafe { ffi::PyErr_SetString(ffi::PyExc_RecursionError, c"too many nested calls of planjson".as_ptr()) };
    core::ptr::null_mut()
}

/// The attribute `name`.
///
/// # Errors
///
/// What was raised.
pub fn attribute_called(world: &mut World, obj: Obj<'_>, name: &CStr) -> Asked {
    // SAFETY: a living object and a name that ends in NUL.
    ask(world, obj, |o| unsafe { ffi::PyObject_GetAttrString(o, name.as_ptr()) })
}

/// The attribute that the str `name` names.
///
/// # Errors
///
/// What was raised.
pub fn attribute_named(world: &mut World, obj: Obj<'_>, name: Obj<'_>) -> Asked {
    // SAFETY: living objects; whoever calls holds the name.
    ask(world, obj, |o| unsafe { ffi::PyObject_GetAttr(o, name.as_ptr()) })
}

/// The attribute `name` if there is one; what else is raised counts as none.
pub fn attribute_if_any(world: &mut World, obj: Obj<'_>, name: &CStr) -> Option<Owned> {
    match attribute_called(world, obj, name) {
        Ok(found) => Some(found),
        Err(raised) => {
            forget(world, raised);
            None
        }
    }
}

/// Lets go of an exception that nobody wants to see.
pub fn forget(world: &mut World, raised: Option<Raised>) {
    if let Some(Raised(exception)) = raised {
        world.release(exception);
    }
}

/// A new list of what `obj` iterates over.
///
/// # Errors
///
/// What was raised.
pub fn list_of(world: &mut World, obj: Obj<'_>) -> Asked {
    // SAFETY: a living object.
    ask(world, obj, |o| unsafe { ffi::PySequence_List(o) })
}

/// A new dict of what the mapping `obj` has, by its `keys` and `__getitem__`.
///
/// # Errors
///
/// What was raised.
pub fn dict_of(world: &mut World, obj: Obj<'_>) -> Asked {
    // SAFETY: a living object, and a dict that is ours alone.
    ask(world, obj, |o| unsafe {
        let dict = ffi::PyDict_New();
        if !dict.is_null() && ffi::PyDict_Update(dict, o) != 0 {
            ffi::Py_DECREF(dict);
            return core::ptr::null_mut();
        }
        dict
    })
}

/// `str(obj)`.
///
/// # Errors
///
/// What was raised.
pub fn str_of(world: &mut World, obj: Obj<'_>) -> Asked {
    // SAFETY: a living object.
    ask(world, obj, |o| unsafe { ffi::PyObject_Str(o) })
}

/// `os.fspath(obj)`: a str or bytes.
///
/// # Errors
///
/// What was raised.
pub fn path_of(world: &mut World, obj: Obj<'_>) -> Asked {
    // SAFETY: a living object.
    ask(world, obj, |o| unsafe { ffi::PyOS_FSPath(o) })
}

/// `bytes(obj)` of an object with a buffer.
///
/// # Errors
///
/// What was raised.
pub fn bytes_of(world: &mut World, obj: Obj<'_>) -> Asked {
    // SAFETY: a living object.
    ask(world, obj, |o| unsafe { ffi::PyBytes_FromObject(o) })
}

/// `hex(obj)` of an int: unlike its decimal digits, these have no limit.
///
/// # Errors
///
/// What was raised.
pub fn hex_of(world: &mut World, obj: Obj<'_>) -> Asked {
    // SAFETY: a living int.
    ask(world, obj, |o| unsafe { ffi::PyNumber_ToBase(o, 16) })
}

/// Calls the method `name` without arguments.
///
/// # Errors
///
/// What was raised.
pub fn call_method(world: &mut World, obj: Obj<'_>, name: &CStr) -> Asked {
    // SAFETY: a living object; the name is let go of when the call is over, and is a str.
    ask(world, obj, |o| unsafe {
        let name = ffi::PyUnicode_InternFromString(name.as_ptr());
        if name.is_null() {
            return core::ptr::null_mut();
        }
        let result = ffi::PyObject_CallMethodNoArgs(o, name);
        ffi::Py_DECREF(name);
        result
    })
}

/// Whether `isinstance(obj, class)`; an exception counts as no.
pub fn is_instance(world: &mut World, obj: Obj<'_>, class: Obj<'_>) -> bool {
    let held = Owned::hold(obj);
    world.before_python();
    // SAFETY: living objects; whoever calls holds the class.
    let answer = Suspended::new(world).map_or(0, |_suspended| unsafe {
        leave(|| ffi::PyObject_IsInstance(held.obj().as_ptr(), class.as_ptr()))
    });
    if answer < 0 {
        forget(world, Raised::fetch());
    }
    world.release(held);
    answer > 0
}

/// `sys.modules[module].name`, if the module has been imported: it is not imported here.
pub fn loaded(world: &mut World, module: &CStr, name: &CStr) -> Option<Owned> {
    let module = loaded_module(world, module)?;
    let found = attribute_if_any(world, module.obj(), name);
    world.release(module);
    found
}

/// `sys.modules[module]`, if it has been imported.
pub fn loaded_module(world: &mut World, module: &CStr) -> Option<Owned> {
    world.before_python();
    // SAFETY: a name that ends in NUL.
    let Some(name) = (unsafe { Owned::take(ffi::PyUnicode_InternFromString(module.as_ptr())) }) else {
        forget(world, Raised::fetch());
        return None;
    };
    let found = module_named(name.obj());
    world.release(name);
    let found = found?;
    if matches!(found.obj().look(), Value::None) {
        world.release(found);
        return None;
    }
    Some(found)
}

/// What `sys.modules` has for `name`. Python code may run.
pub(super) fn module_named(name: Obj<'_>) -> Option<Owned> {
    // SAFETY: `sys.modules` is what the interpreter says it is, or null when it is being finalised, and is asked only
    // if it is a dict.
    unsafe {
        let modules = ffi::PySys_GetObject(c"modules".as_ptr());
        if modules.is_null() || ffi::PyDict_Check(modules) == 0 {
            None
        } else {
            item(Obj::new(modules), name)
        }
    }
}
