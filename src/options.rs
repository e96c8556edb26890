//! What a caller can ask for.

use crate::plan::Thresholds;
use crate::style::{Indent, Policy, Style};

/// Flags of the `option` argument: orjson's names and numbers up to 15, ours from 16 on.
pub mod flag {
    /// Indent by two spaces.
    pub const INDENT_2: u32 = 1;
    /// Datetimes without a zone are in UTC.
    pub const NAIVE_UTC: u32 = 1 << 1;
    /// Keys of other types than str.
    pub const NON_STR_KEYS: u32 = 1 << 2;
    /// No microseconds.
    pub const OMIT_MICROSECONDS: u32 = 1 << 3;
    /// numpy's arrays and scalars.
    pub const SERIALIZE_NUMPY: u32 = 1 << 4;
    /// Keys in the order of their code points.
    pub const SORT_KEYS: u32 = 1 << 5;
    /// Integers of at most 53 bits.
    pub const STRICT_INTEGER: u32 = 1 << 6;
    /// `Z` for an offset of zero.
    pub const UTC_Z: u32 = 1 << 7;
    /// Instances of subclasses go to `default`.
    pub const PASSTHROUGH_SUBCLASS: u32 = 1 << 8;
    /// datetime, date and time go to `default`.
    pub const PASSTHROUGH_DATETIME: u32 = 1 << 9;
    /// A line feed at the end.
    pub const APPEND_NEWLINE: u32 = 1 << 10;
    /// Instances of dataclasses go to `default`.
    pub const PASSTHROUGH_DATACLASS: u32 = 1 << 11;
    /// As without it: kept for those who spell it.
    pub const SERIALIZE_DATACLASS: u32 = 0;
    /// As without it.
    pub const SERIALIZE_UUID: u32 = 0;

    /// Integers beyond 64 bits.
    pub const BIG_INTEGER: u32 = 1 << 16;
    /// `decimal.Decimal` as a number.
    pub const SERIALIZE_DECIMAL: u32 = 1 << 17;
    /// NaN and infinities are errors.
    pub const NAN_ERROR: u32 = 1 << 18;
    /// Members whose value is None are left out.
    pub const OMIT_NONE: u32 = 1 << 19;
    /// No character but the printable ones of ASCII.
    pub const ENSURE_ASCII: u32 = 1 << 20;
    /// Nothing that ends a script or begins a tag.
    pub const ESCAPE_HTML: u32 = 1 << 21;
    /// Sets, iterables, mappings, bytes and more.
    pub const SERIALIZE_MORE: u32 = 1 << 22;
    /// Named tuples as objects.
    pub const NAMEDTUPLE_AS_OBJECT: u32 = 1 << 23;

    /// Those for which an object's kind is looked for.
    pub const KINDS: u32 = SERIALIZE_NUMPY | SERIALIZE_DECIMAL | SERIALIZE_MORE | NAMEDTUPLE_AS_OBJECT;

    /// A space behind each comma and each colon, as the standard library has it. Not for users.
    pub const SPACED: u32 = 1 << 30;
    /// Instances of all types that are not JSON's own go to `default`. Not for users.
    pub const PLAIN: u32 = 1 << 31;

    /// Those that are known, with the names that Python sees.
    pub const ALL: &[(&str, u32)] = &[
        ("OPT_APPEND_NEWLINE", APPEND_NEWLINE),
        ("OPT_BIG_INTEGER", BIG_INTEGER),
        ("OPT_ENSURE_ASCII", ENSURE_ASCII),
        ("OPT_ESCAPE_HTML", ESCAPE_HTML),
        ("OPT_INDENT_2", INDENT_2),
        ("OPT_NAIVE_UTC", NAIVE_UTC),
        ("OPT_NAMEDTUPLE_AS_OBJECT", NAMEDTUPLE_AS_OBJECT),
        ("OPT_NAN_ERROR", NAN_ERROR),
        ("OPT_NON_STR_KEYS", NON_STR_KEYS),
        ("OPT_OMIT_MICROSECONDS", OMIT_MICROSECONDS),
        ("OPT_OMIT_NONE", OMIT_NONE),
        ("OPT_PASSTHROUGH_DATACLASS", PASSTHROUGH_DATACLASS),
        ("OPT_PASSTHROUGH_DATETIME", PASSTHROUGH_DATETIME),
        ("OPT_PASSTHROUGH_SUBCLASS", PASSTHROUGH_SUBCLASS),
        ("OPT_SERIALIZE_DATACLASS", SERIALIZE_DATACLASS),
        ("OPT_SERIALIZE_DECIMAL", SERIALIZE_DECIMAL),
        ("OPT_SERIALIZE_MORE", SERIALIZE_MORE),
        ("OPT_SERIALIZE_NUMPY", SERIALIZE_NUMPY),
        ("OPT_SERIALIZE_UUID", SERIALIZE_UUID),
        ("OPT_SORT_KEYS", SORT_KEYS),
        ("OPT_STRICT_INTEGER", STRICT_INTEGER),
        ("OPT_UTC_Z", UTC_Z),
    ];

    /// All of them.
    #[must_use]
    pub fn known() -> u32 {
        ALL.iter().fold(0, |all, (_, flag)| all | flag)
    }
}

/// What a result is made into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// A bytes object.
    #[default]
    Bytes,
    /// A str.
    Str,
}

/// What a call has been asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    flags: u32,
    result: Form,
    indent: Option<Indent>,
    /// When runs become lanes.
    pub thresholds: Thresholds,
}

impl Options {
    /// Of a caller who says nothing.
    #[inline(always)]
    #[must_use]
    pub const fn without_flags(thresholds: Thresholds) -> Self {
        Self { flags: 0, result: Form::Bytes, indent: None, thresholds }
    }

    /// From the number that Python gave; `None` if it has a flag that is not known.
    #[must_use]
    pub fn new(flags: i64, thresholds: Thresholds) -> Option<Self> {
        let flags = u32::try_from(flags).ok()?;
        (flags & !flag::known() == 0).then_some(Self { flags, result: Form::Bytes, indent: None, thresholds })
    }

    /// The same, and these flags.
    #[must_use]
    pub const fn with(self, flags: u32) -> Self {
        Self { flags: self.flags | flags, ..self }
    }

    /// The same, for a result of this form.
    #[must_use]
    pub const fn with_result(self, result: Form) -> Self {
        Self { result, ..self }
    }

    /// What the result is made into.
    #[must_use]
    pub const fn result(&self) -> Form {
        self.result
    }

    /// With lines indented so; `None` if OPT_INDENT_2 says something else.
    #[must_use]
    pub fn indented(self, indent: Indent) -> Option<Self> {
        if indent == Indent::spaces(2) {
            return Some(self.with(flag::INDENT_2));
        }
        (!self.has(flag::INDENT_2)).then_some(Self { indent: Some(indent), ..self })
    }

    /// Whether lines are indented by two spaces, and nothing else about them is special.
    #[inline(always)]
    #[must_use]
    pub const fn indents_by_two(&self) -> bool {
        use flag::{ENSURE_ASCII, ESCAPE_HTML, INDENT_2, PLAIN, SPACED};
        self.flags & (INDENT_2 | ENSURE_ASCII | ESCAPE_HTML | SPACED | PLAIN) == INDENT_2
    }

    /// Whether the document is to look as it does if nothing is said.
    #[inline(always)]
    #[must_use]
    pub const fn is_compact(&self) -> bool {
        use flag::{ENSURE_ASCII, ESCAPE_HTML, INDENT_2, PLAIN, SPACED};
        !self.has(INDENT_2 | ENSURE_ASCII | ESCAPE_HTML | SPACED | PLAIN) && self.indent.is_none()
    }

    /// Whether nothing is asked for but a bytes object.
    #[inline(always)]
    #[must_use]
    pub fn say_nothing(&self) -> bool {
        self.flags == 0 && self.indent.is_none() && self.result == Form::Bytes
    }

    /// Whether the members of an object are those of its dict, in their order.
    #[inline(always)]
    #[must_use]
    pub const fn keeps_members(&self) -> bool {
        !self.has(flag::SORT_KEYS | flag::NON_STR_KEYS | flag::OMIT_NONE)
    }

    /// Whether a cached plan has something to guess: what it holds is compact JSON, with the members in their order.
    #[inline(always)]
    #[must_use]
    pub const fn lets_guess(&self) -> bool {
        self.is_compact() && self.keeps_members()
    }

    /// How the document is to look.
    #[inline]
    #[must_use]
    pub const fn style(&self) -> Style {
        let ascii = self.has(flag::ENSURE_ASCII);
        let html = self.has(flag::ESCAPE_HTML);
        Style {
            indent: if self.has(flag::INDENT_2) { Some(Indent::spaces(2)) } else { self.indent },
            policy: if ascii | html { Some(Policy { ascii, html }) } else { None },
            spaced: self.has(flag::SPACED),
            repr: self.has(flag::PLAIN),
        }
    }

    /// Whether any of `flags` is set.
    #[inline(always)]
    #[must_use]
    pub const fn has(&self, flags: u32) -> bool {
        self.flags & flags != 0
    }
}
