//! What the tests of the string kernels stand on: a naive version, memory with guard pages around
//! it, and a check that runs a kernel and looks at every promise it makes.

use planjson::emit::kernel::{Level, NARROW_MAX, SLACK, WIDE_MAX};

/// Bytes that no UTF-8 holds, to see what was written.
const CANARY: u8 = 0xff;

/// Longest piece that a caller hands in.
pub const PIECE: usize = 4096;

/// One of the string kernels.
pub trait Kernel {
    /// A character.
    type Char: Copy + Into<u32>;
    /// Its name in messages.
    const NAME: &'static str;
    /// The highest code point that it takes.
    const LAST: u32;
    /// The code point as a character; it is at most `LAST`.
    fn char(c: u32) -> Self::Char;
    /// The kernel.
    ///
    /// # Safety
    ///
    /// As [`Level`] says.
    unsafe fn write<L: Level>(out: *mut u8, s: &[Self::Char]) -> *mut u8;
    /// The kernel's length function, if it has one.
    ///
    /// # Safety
    ///
    /// As [`Level`] says.
    unsafe fn len<L: Level>(_: &[Self::Char]) -> Option<Option<usize>> {
        None
    }
}

macro_rules! kernel {
    ($ty:ident, $char:ty, $last:literal, $f:ident $(, $len:ident)?) => {
        /// The kernel of this name.
        pub struct $ty;
        impl Kernel for $ty {
            type Char = $char;
            const NAME: &'static str = stringify!($f);
            const LAST: u32 = $last;
            fn char(c: u32) -> $char {
                assert!(c <= $last);
                c as $char
            }
            unsafe fn write<L: Level>(out: *mut u8, s: &[$char]) -> *mut u8 {
                // SAFETY: the caller's promise.
                unsafe { L::$f(out, s) }
            }
            $(unsafe fn len<L: Level>(s: &[$char]) -> Option<Option<usize>> {
                // SAFETY: the caller's promise.
                Some(unsafe { L::$len(s) })
            })?
        }
    };
}
kernel!(Ascii, u8, 0x7f, ascii);
kernel!(Brief, u8, 0x7f, brief);
kernel!(Latin1, u8, 0xff, latin1);
kernel!(Ucs2, u16, 0xffff, ucs2, ucs2_len);
kernel!(Ucs4, u32, 0x10_ffff, ucs4, ucs4_len);

/// What a string must become, by the letter of RFC 8259 and of RFC 3629, and its length in UTF-8.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// The JSON text; none if there is a surrogate.
    pub json: Option<Vec<u8>>,
    /// The length in UTF-8 without escapes; none if there is a surrogate.
    pub len: Option<usize>,
}

/// The naive version.
pub fn naive<C: Copy + Into<u32>>(s: &[C]) -> Expected {
    let (mut json, mut len) = (String::new(), 0);
    for &c in s {
        let Some(c) = char::from_u32(c.into()) else { return Expected::default() };
        len += c.len_utf8();
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\u{8}' => json.push_str("\\b"),
            '\t' => json.push_str("\\t"),
            '\n' => json.push_str("\\n"),
            '\u{c}' => json.push_str("\\f"),
            '\r' => json.push_str("\\r"),
            '\0'..'\x20' => json.push_str(&format!("\\u{:04x}", c as u32)),
            _ => json.push(c),
        }
    }
    Expected { json: Some(json.into_bytes()), len: Some(len) }
}

/// Some pages, and one on each side of them that must not be touched.
pub struct Guarded {
    map: *mut u8,
    len: usize,
}

const PAGE: usize = 4096;

impl Guarded {
    /// At least `len` bytes.
    pub fn new(len: usize) -> Self {
        let len = len.next_multiple_of(PAGE);
        // SAFETY: a fresh mapping of our own, of which only the middle is made accessible.
        let map = unsafe {
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
            let map = libc::mmap(std::ptr::null_mut(), len + 2 * PAGE, libc::PROT_NONE, flags, -1, 0);
            assert_ne!(map, libc::MAP_FAILED);
            let map = map.cast::<u8>();
            assert_eq!(libc::mprotect(map.add(PAGE).cast(), len, libc::PROT_READ | libc::PROT_WRITE), 0);
            map
        };
        Self { map, len }
    }

    /// All the bytes.
    pub fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the middle of the mapping is accessible and ours alone.
        unsafe { std::slice::from_raw_parts_mut(self.map.add(PAGE), self.len) }
    }

    /// A copy of `s`, `at` bytes from the start.
    pub fn place<C: Copy>(&mut self, at: usize, s: &[C]) -> &[C] {
        assert!(at + size_of_val(s) <= self.len);
        // SAFETY: the place is inside the mapping and borrowed; C is an unsigned integer.
        unsafe {
            let p = self.map.add(PAGE + at).cast::<C>();
            assert!(p.is_aligned());
            p.copy_from_nonoverlapping(s.as_ptr(), s.len());
            std::slice::from_raw_parts(p, s.len())
        }
    }

    /// A copy of `s` that ends where the page behind begins.
    pub fn place_last<C: Copy>(&mut self, s: &[C]) -> &[C] {
        self.place(self.len - size_of_val(s), s)
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours, and nothing borrows from it.
        unsafe { libc::munmap(self.map.cast(), self.len + 2 * PAGE) };
    }
}

/// Runs kernels and checks what they do.
pub struct Checker {
    out: Guarded,
    canary: Vec<u8>,
}

impl Checker {
    /// For pieces of at most `PIECE` characters.
    pub fn new() -> Self {
        let out = Guarded::new(WIDE_MAX.max(NARROW_MAX) * PIECE + 2 * SLACK);
        let canary = vec![CANARY; out.len];
        Self { out, canary }
    }

    /// Checks one string against what it must become.
    pub fn expect<K: Kernel, L: Level>(&mut self, s: &[K::Char], expected: &Expected) {
        let bound = WIDE_MAX * s.len() + SLACK;
        // The output's bound is the page behind it; in front of it there is a canary.
        let room = self.out.bytes();
        let start = room.len() - bound;
        let room = &mut room[start - SLACK..];
        room.fill(CANARY);
        // SAFETY: the bound is writable behind SLACK bytes; the test has asked for the level.
        let n = unsafe {
            let out = room.as_mut_ptr().add(SLACK);
            let end = K::write::<L>(out, s);
            (!end.is_null()).then(|| end.offset_from(out) as usize)
        };
        let (before, out) = room.split_at(SLACK);
        let json = n.map(|n| &out[..n]);
        if json != expected.json.as_deref() {
            let points: Vec<u32> = s.iter().map(|&c| c.into()).collect();
            panic!(
                "{} {}: {points:x?}\n     is {:?}\n should {:?}",
                L::NAME,
                K::NAME,
                json.map(String::from_utf8_lossy),
                expected.json.as_deref().map(String::from_utf8_lossy)
            );
        }
        assert!(before == &self.canary[..SLACK], "{} {}: wrote in front", L::NAME, K::NAME);
        if let Some(n) = n {
            let behind = &out[(n + SLACK).min(bound)..];
            assert!(behind == &self.canary[..behind.len()], "{} {}: wrote behind", L::NAME, K::NAME);
        }
        // SAFETY: the test has asked for the level.
        if let Some(len) = unsafe { K::len::<L>(s) } {
            assert_eq!(len, expected.len, "{} {}_len", L::NAME, K::NAME);
        }
    }

    /// Checks one string against the naive version.
    pub fn check<K: Kernel, L: Level>(&mut self, s: &[K::Char]) {
        self.expect::<K, L>(s, &naive(s));
    }
}

/// A fixed sequence of numbers (Marsaglia's xorshift64).
pub struct Random(pub u64);

impl Random {
    /// The next number, below `n`.
    pub fn below(&mut self, n: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (((self.0 >> 32) * u64::from(n)) >> 32) as u32
    }

    /// A number of these ranges, each as likely.
    pub fn of(&mut self, ranges: &[std::ops::Range<u32>]) -> u32 {
        let r = &ranges[self.below(ranges.len() as u32) as usize];
        r.start + self.below(r.end - r.start)
    }
}
