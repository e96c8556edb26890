//! What is borrowed from Python during one walk, and how it is kept alive once Python code may run.

mod gathered;

use pyo3::ffi;
use smallvec::SmallVec;

use super::access::Access;
use super::call::Owned;
use super::class::{Form, examine};
use super::desk::Desk;
use super::dict::Dict;
use super::keys::LastKey;
use super::kinds::Kinds;
use super::object::{Obj, Str};
use super::seq::Seq;
use super::types::Special;
use crate::fragment::Fragment;
use crate::text::{Keeper, Text};

/// The containers that a walk has open and the strings that its sink keeps.
///
/// As long as no Python code runs nobody can end them, and they cost no reference counting. Before Python code may
/// run, [`World::before_python`] takes a reference to each that has none yet.
#[derive(Debug)]
pub struct World {
    desk: Desk,
    /// So many containers are open.
    depth: usize,
    /// So many of them, from the outermost on, are held.
    open_held: usize,
    /// So many of the kept strings, from the first on, are held.
    kept_held: usize,
    /// So many of the gathered members, from the first on, are held.
    members_held: usize,
    /// What the sink's count of letting go was when it last let go; `None` if nothing is ever let go.
    let_go: Option<usize>,
    /// How often Python code may have run.
    epoch: usize,
}

impl World {
    /// Nothing is open or kept. `None` if there is no memory for the tools of a walk.
    #[inline]
    #[must_use]
    pub fn new() -> Option<Self> {
        Some(Self {
            desk: Desk::take()?,
            depth: 0,
            open_held: 0,
            kept_held: 0,
            members_held: 0,
            let_go: Some(0),
            epoch: 0,
        })
    }

    /// This world for another walk, which gives it back. Meanwhile nobody asks this one, which has nothing.
    #[must_use]
    pub fn lend(&mut self) -> Self {
        let nothing = Self {
            desk: Desk::without_tools(),
            depth: 0,
            open_held: 0,
            kept_held: 0,
            members_held: 0,
            let_go: None,
            epoch: 0,
        };
        core::mem::replace(self, nothing)
    }

    /// The word on which a recorder of this walk may hold texts.
    #[must_use]
    pub fn keeper(&self) -> Keeper {
        // SAFETY: the walk calls `keep` for every text that its sink holds, before Python code can run; from then
        // on `before_python` sees to it that the string lives until the sink has let go of it, or until the
        // owners that `into_kept` returns are released.
        unsafe { Keeper::new() }
    }

    /// How many containers are open.
    #[inline(always)]
    #[must_use]
    pub const fn depth(&self) -> usize {
        self.depth
    }

    /// The fragment of `key`, a str of exact type, if it is known, and its number, as a sink wants it.
    #[inline(always)]
    pub fn find_key<A: Access>(&mut self, key: Str<'_>) -> Option<(u32, &Fragment)> {
        self.desk.keys.find::<A>(key)
    }

    /// The same as long as the caller knows the key that was found last.
    #[inline(always)]
    pub fn find_key_behind<A: Access>(
        &mut self,
        last: &mut LastKey,
        key: Str<'_>,
    ) -> Option<(u32, &Fragment)> {
        self.desk.keys.find_behind::<A>(last, key)
    }

    /// The key that was found last.
    #[inline(always)]
    #[must_use]
    pub fn last_key(&self) -> LastKey {
        self.desk.keys.last()
    }

    /// Keys follow one that was found in this world.
    #[inline(always)]
    pub fn set_last_key(&mut self, last: LastKey) {
        self.desk.keys.set_last(last);
    }

    /// A key that is not known has been met, a str of exact type; `text` is what it says, in ASCII.
    #[inline(always)]
    pub fn meet_key<A: Access>(&mut self, key: Str<'_>, text: Text<'_>) {
        self.desk.keys.meet::<A>(key, text);
    }

    /// What is known of types.
    pub(super) fn kinds(&mut self) -> &mut Kinds {
        &mut self.desk.kinds
    }

    /// A number that changes whenever Python code may have run.
    #[inline(always)]
    #[must_use]
    pub const fn epoch(&self) -> usize {
        self.epoch
    }

    /// What is known of the class of `o`.
    #[inline]
    #[must_use]
    pub fn form(&self, o: Obj<'_>) -> Form {
        self.desk.classes.find(o)
    }

    /// What `o` is, of which nothing was known. It must be held, for Python code may run.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn examine<'a>(&mut self, o: Obj<'a>) -> (Special<'a>, Form) {
        self.before_python();
        let special = o.special_now();
        if !matches!(special, Special::Other) {
            return (special, Form::None);
        }
        let (form, version) = examine(o);
        self.desk.classes.learn(o, version, &form);
        (special, form)
    }

    /// Opens a list or tuple. In a free-threaded build that is a copy of its elements, which nobody else can
    /// change; `None` if there is no memory for it.
    #[inline(always)]
    pub fn open_seq<'a>(&mut self, seq: Seq<'a>) -> Option<Seq<'a>> {
        #[cfg(Py_GIL_DISABLED)]
        if !seq.is_tuple() {
            // SAFETY: a living list; the interpreter locks it while it copies.
            let copy = unsafe { Owned::take(ffi::PyList_AsTuple(seq.obj().as_ptr())) };
            let copy = self.push_copy(copy)?;
            return Some(Seq::tuple(copy));
        }
        self.push(seq.obj());
        Some(seq)
    }

    /// Opens an object that has fields.
    pub fn open_obj(&mut self, obj: Obj<'_>) {
        self.push(obj);
    }

    /// Opens a dict, as [`World::open_seq`] does a list: the copy is a tuple of keys and values.
    #[inline(always)]
    pub fn open_dict<'a>(&mut self, dict: Dict<'a>) -> Option<Dict<'a>> {
        #[cfg(Py_GIL_DISABLED)]
        {
            let copy = dict.frozen();
            self.push_copy(copy).map(Dict)
        }
        #[cfg(not(Py_GIL_DISABLED))]
        {
            self.push(dict.obj());
            Some(dict)
        }
    }

    /// Opens an instance of a class, which is no container but has members.
    pub fn open_instance(&mut self, o: Obj<'_>) {
        self.push(o);
    }

    #[inline(always)]
    fn push(&mut self, o: Obj<'_>) {
        self.desk.open[self.depth] = o.as_ptr();
        self.depth += 1;
        if cfg!(Py_GIL_DISABLED) {
            self.hold_all();
        }
    }

    #[cfg(Py_GIL_DISABLED)]
    fn push_copy<'a>(&mut self, copy: Option<Owned>) -> Option<Obj<'a>> {
        let Some(copy) = copy else {
            // SAFETY: clears the MemoryError that says so; the walk raises its own.
            unsafe { ffi::PyErr_Clear() };
            return None;
        };
        self.hold_all();
        let o = copy.into_ptr();
        // SAFETY: a tuple that was just made, tracked. Out of the collector's sight no other thread can come
        // by it.
        unsafe { ffi::PyObject_GC_UnTrack(o.cast()) };
        self.desk.open[self.depth] = o;
        self.depth += 1;
        self.open_held = self.depth;
        // SAFETY: the world holds it until it is closed.
        Some(unsafe { Obj::new(o) })
    }

    /// Closes the innermost container. Python code may run.
    #[inline(always)]
    pub fn close(&mut self) {
        debug_assert!(self.depth > 0);
        self.depth -= 1;
        if self.open_held > self.depth {
            self.close_held();
        }
    }

    #[cold]
    #[inline(never)]
    fn close_held(&mut self) {
        self.open_held = self.depth;
        // SAFETY: it was below `open_held`, so a reference is held.
        if let Some(owned) = unsafe { Owned::take(self.desk.open[self.depth]) } {
            self.release(owned);
        }
    }

    /// The sink never lets go of what it keeps.
    pub const fn keep_all(&mut self) {
        self.let_go = None;
    }

    /// The sink keeps a text of `o`; `let_go` is its count of letting go, so far. False if there is no memory to
    /// remember it in: then the walk must end.
    #[inline(always)]
    #[must_use]
    pub fn keep(&mut self, o: Obj<'_>, let_go: usize) -> bool {
        let kept = &mut self.desk.kept;
        let simple = self.let_go.is_none_or(|before| before == let_go) && kept.len() < kept.capacity();
        if simple && !cfg!(Py_GIL_DISABLED) {
            kept.push(o.as_ptr());
            return true;
        }
        self.keep_slowly(o, let_go)
    }

    #[cold]
    #[inline(never)]
    fn keep_slowly(&mut self, o: Obj<'_>, let_go: usize) -> bool {
        let (old, held) = match self.let_go {
            Some(before) if before != let_go => {
                self.let_go = Some(let_go);
                (core::mem::take(&mut self.desk.kept), core::mem::take(&mut self.kept_held))
            }
            _ => (Vec::new(), 0),
        };
        let remembered = self.desk.kept.try_reserve(1).is_ok();
        if remembered {
            self.desk.kept.push(o.as_ptr());
        }
        if cfg!(Py_GIL_DISABLED) {
            self.hold_all();
        }
        for owned in old.into_iter().take(held) {
            // SAFETY: it was below `kept_held`, so a reference is held.
            if let Some(owned) = unsafe { Owned::take(owned) } {
                self.release(owned);
            }
        }
        remembered
    }

    /// Lets go of references when no walk is under way.
    pub fn release_all(owned: Vec<Owned>) {
        owned.into_iter().for_each(Owned::drop_now);
    }

    /// Python code may run now: holds everything that is borrowed.
    #[inline]
    pub fn before_python(&mut self) {
        self.epoch += 1;
        self.desk.orders.forget();
        let held = (self.open_held, self.kept_held, self.members_held);
        // Most often it was Python code that ran a moment ago.
        if held != (self.depth, self.desk.kept.len(), self.desk.members.len()) {
            self.hold_all();
        }
    }

    #[inline(never)]
    fn hold_all(&mut self) {
        for &o in &self.desk.open[self.open_held..self.depth] {
            // SAFETY: alive, because no Python code has run since it was opened.
            unsafe { ffi::Py_INCREF(o) };
        }
        self.open_held = self.depth;
        for &o in &self.desk.kept[self.kept_held..] {
            // SAFETY: alive, because no Python code has run since it was kept.
            unsafe { ffi::Py_INCREF(o) };
        }
        self.kept_held = self.desk.kept.len();
        for member in &self.desk.members[self.members_held..] {
            // SAFETY: alive, because no Python code has run since they were gathered.
            unsafe {
                ffi::Py_INCREF(member.key);
                ffi::Py_INCREF(member.value);
            }
        }
        self.members_held = self.desk.members.len();
    }

    /// Lets go of a reference, which may run Python code if it is the last one.
    #[inline]
    pub fn release(&mut self, owned: Owned) {
        if let Err(last) = owned.drop_shared() {
            self.before_python();
            last.drop_now();
        }
    }

    /// Lets go of what a walk that ended early, or that kept strings for its sink, has held.
    #[cold]
    #[inline(never)]
    fn release_rest(&mut self) {
        let kept = core::mem::take(&mut self.desk.kept);
        let open: SmallVec<[_; 8]> = self.desk.open[..core::mem::take(&mut self.open_held)].into();
        let members = core::mem::take(&mut self.desk.members);
        let kept = kept.into_iter().take(core::mem::take(&mut self.kept_held));
        let members = members.into_iter().take(core::mem::take(&mut self.members_held));
        for o in open.into_iter().chain(kept).chain(members.flat_map(|m| [m.key, m.value])) {
            // SAFETY: it was below the number of those held.
            if let Some(owned) = unsafe { Owned::take(o) } {
                owned.drop_now();
            }
        }
    }

    /// Ends the walk of a plan that stays: the references to what its texts are in. The rest is let go of.
    #[must_use]
    pub fn into_kept(mut self) -> Vec<Owned> {
        self.hold_all();
        self.kept_held = 0;
        // SAFETY: `hold_all` has taken a reference to each, and nobody else gives it back.
        core::mem::take(&mut self.desk.kept).into_iter().filter_map(|o| unsafe { Owned::take(o) }).collect()
    }
}

impl World {
    /// What dropping does, in the caller's own code. Afterwards the world may be forgotten.
    #[inline(always)]
    pub fn end(&mut self) {
        if self.open_held + self.kept_held + self.members_held > 0 {
            self.release_rest();
        }
        self.desk.clear();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.end();
    }
}
