//! Members of a row of scalars, with one look at the room for all.

use super::{BOOL, Head, MOST, NULL, Pen, Room, head};
use crate::emit::kernel::{FLOAT_MAX, INT_MAX, Leaf, Level, Members, NARROW_MAX, SLACK};
use crate::fragment::Fragment;
use crate::text::CLEAN;

/// What a member needs, with a number or a string of [`CLEAN`] characters.
const EACH: usize = head::SIZE + CLEAN * NARROW_MAX + 3;
const _: () = assert!(head::SIZE + INT_MAX < EACH && head::SIZE + FLOAT_MAX < EACH);

/// Members that room is made for at once.
const MOST_MEMBERS: usize = (MOST - SLACK - size(0)) / EACH;
const _: () = assert!(size(MOST_MEMBERS) + SLACK <= MOST);

/// The end of an object.
const CLOSE: [u8; 2] = *b"},";

/// What a row of so many members needs, with its brackets.
const fn size(members: usize) -> usize {
    1 + members * EACH + CLOSE.len()
}

impl Room<'_> {
    /// The beginning of an object, these members as long as there are some, and behind the last of all the end of their
    /// object. Those that are left.
    #[inline(always)]
    #[must_use]
    pub fn members<'k, 'v, L: Level, M: Members<'v, &'k Fragment>>(
        &mut self,
        pen: Pen,
        mut members: M,
    ) -> (Pen, M) {
        let mut part = members.first(MOST_MEMBERS);
        let mut pen = self.reserve(pen, size(part.most()));
        // SAFETY: there is place for it.
        unsafe {
            pen.0.write(b'{');
            pen = self.at(pen.0.add(1));
        }
        loop {
            let most = part.most();
            while let Some((fragment, value)) = part.next() {
                // SAFETY: there is place for as many members as may come.
                pen = unsafe { self.member::<L>(pen, fragment, value, most) };
            }
            members = part.go_on(members);
            if part.most() > 0 || members.most() == 0 {
                break;
            }
            part = members.first(MOST_MEMBERS);
            pen = self.reserve(pen, size(part.most()));
        }
        if members.most() == 0 {
            let (last, _) = self.take_back(pen, b',');
            // SAFETY: there is place for both.
            unsafe {
                last.0.cast::<[u8; 2]>().write_unaligned(CLOSE);
                pen = self.at(last.0.add(CLOSE.len()));
            }
        }
        (pen, members)
    }

    /// A member; behind it there is place for `most` more, if it was one of so many.
    ///
    /// # Safety
    ///
    /// There is place for it and for those that follow, [`EACH`] bytes each; the code has the level's instructions.
    #[inline(always)]
    unsafe fn member<L: Level>(
        &mut self,
        pen: Pen,
        fragment: &Fragment,
        value: Leaf<'_>,
        most: usize,
    ) -> Pen {
        let head = Head { line: None, fragment };
        // SAFETY: the caller's promise: no head with a number, or with so short a string, takes more.
        unsafe {
            let end = match value {
                Leaf::Ascii(s) if s.len().wrapping_sub(1) < CLEAN => {
                    let end = L::brief(head.store(pen.0).add(1), s);
                    end.cast::<[u8; 2]>().write_unaligned(*b"\",");
                    end.add(2)
                }
                Leaf::Ascii(s) => return self.long_member::<L>(pen, fragment, s, most),
                Leaf::Int(v) => L::int(head.store(pen.0), v),
                Leaf::Float(v) => {
                    let end = L::float(head.store(pen.0), v);
                    end.write(b',');
                    end.add(1)
                }
                Leaf::Bool(v) => {
                    let at = head.store(pen.0);
                    at.cast::<[u8; 8]>().write_unaligned(BOOL[usize::from(v)]);
                    at.add(6 - usize::from(v))
                }
                Leaf::Null => {
                    let at = head.store(pen.0);
                    at.cast::<[u8; 8]>().write_unaligned(NULL);
                    at.add(5)
                }
                Leaf::EmptyArray => {
                    let at = head.store(pen.0);
                    at.cast::<[u8; 3]>().write_unaligned(*b"[],");
                    at.add(3)
                }
            };
            self.at(end)
        }
    }

    /// A member with a longer string, or an empty one.
    #[cold]
    #[inline(never)]
    fn long_member<L: Level>(&mut self, pen: Pen, fragment: &Fragment, s: &[u8], most: usize) -> Pen {
        let pen = self.member_ascii::<L>(pen, Head { line: None, fragment }, s, *b"\",");
        self.reserve(pen, size(most))
    }
}
