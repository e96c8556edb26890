//! Why a walk ended early, and where. Built only when it does.

use core::fmt::{self, Write};
use std::borrow::Cow;

use smallvec::SmallVec;

use crate::cpython::Raised;
use crate::text::Text;

/// What orjson says of an array of numpy that it does not know how to read.
pub(super) const UNSUPPORTED: &str = "unsupported datatype in numpy array";

/// What was met. The words are orjson's where it has them.
#[derive(Debug)]
pub enum Fault {
    /// An object of a type that has no form in JSON, and no hook took it. The type's name.
    Unsupported(String),
    /// An integer beyond 64 bits.
    Integer64,
    /// An integer beyond 53 bits, and the caller is strict.
    Integer53,
    /// An array or date of numpy that cannot be written, in orjson's words.
    Numpy(Cow<'static, str>),
    /// An array of numpy without dimensions. orjson blames the type of its element.
    NumpySingle,
    /// An object that raised while it was read. Its type's name.
    Read(String),
    /// An encoder that raised. The name of the type that it was asked for.
    Encoder(String),
    /// An encoder's results went to encoders again, beyond the limit.
    EncoderDepth,
    /// NaN or an infinity, and the caller wants none.
    NotFinite,
    /// A lone surrogate.
    Surrogate,
    /// A zone that does not say how far it is from UTC.
    Zone,
    /// A time with a zone.
    TimeZone,
    /// A Fragment of something else than bytes or str.
    Fragment,
    /// A Fragment of bytes that are no UTF-8, where a str is made.
    FragmentNotText,
    /// A key that is no str. Its type's name.
    KeyNotStr(String),
    /// A key of a type that has no form as a key. The type's name.
    KeyType(String),
    /// An integer key beyond 64 bits.
    KeyInteger,
    /// Containers inside containers beyond the limit; a circle, perhaps.
    Depth,
    /// A hook's results went to the hook again, beyond the limit.
    HookDepth,
    /// No memory.
    Memory,
    /// Python code that was called for something else than a value raised: the cause, which is passed on.
    Raised,
}

impl Fault {
    /// What the caller can do about it, or what was found, beyond what orjson's words say.
    #[must_use]
    pub fn advice(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::Unsupported(name) => {
                let flag = flag_for(name).map(|flag| format!("{flag} writes it; ")).unwrap_or_default();
                format!("{flag}default= or encoders= may give something else in its place").into()
            }
            Self::Integer64 | Self::KeyInteger => {
                "OPT_BIG_INTEGER writes integers of any size, if OPT_STRICT_INTEGER is not there".into()
            }
            Self::KeyNotStr(name) if NO_KEYS.contains(&&**name) => {
                format!("a key is of type {name}, for which there is no option: {INSTEAD}").into()
            }
            Self::KeyNotStr(name) => {
                format!("a key is of type {name}: OPT_NON_STR_KEYS writes keys of other types in dicts")
                    .into()
            }
            Self::KeyType(name) => format!("a key is of type {name}: {INSTEAD}").into(),
            Self::NumpySingle => "the array has no dimensions; use ndarray.item() in default".into(),
            Self::Surrogate => {
                "a lone surrogate has no form in UTF-8; os.fsdecode() and json.loads() make such strs".into()
            }
            Self::Depth => {
                "too many containers are open in one another (254 in a document), perhaps in a circle".into()
            }
            Self::HookDepth | Self::EncoderDepth => {
                "what was returned in the place of an object was asked for again, more than 254 times".into()
            }
            _ => return None,
        })
    }
}

/// What may be done about a key.
const INSTEAD: &str = "encoders= may give something else in its place";

/// Types of keys that dicts often have and JSON never, whatever the options say.
const NO_KEYS: [&str; 6] = ["tuple", "bytes", "frozenset", "complex", "decimal.Decimal", "type"];

/// The option that writes objects of a type, known by its name: to look closer may run Python code, which nobody
/// expects of an error.
fn flag_for(name: &str) -> Option<&'static str> {
    Some(match name {
        "decimal.Decimal" => "OPT_SERIALIZE_DECIMAL",
        "numpy.ndarray" | "numpy.bool" | "numpy.bool_" | "numpy.datetime64" | "numpy.float16"
        | "numpy.float32" | "numpy.float64" | "numpy.int8" | "numpy.int16" | "numpy.int32"
        | "numpy.int64" | "numpy.uint8" | "numpy.uint16" | "numpy.uint32" | "numpy.uint64" => {
            "OPT_SERIALIZE_NUMPY"
        }
        "set" | "frozenset" | "collections.deque" | "generator" | "range" | "bytes" | "bytearray"
        | "memoryview" | "datetime.timedelta" => "OPT_SERIALIZE_MORE",
        _ => return None,
    })
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(name) => write!(f, "Type is not JSON serializable: {name}"),
            Self::Integer64 => f.write_str("Integer exceeds 64-bit range"),
            Self::Integer53 => f.write_str("Integer exceeds 53-bit range"),
            Self::Numpy(what) => f.write_str(what),
            Self::NumpySingle => f.write_str(UNSUPPORTED),
            Self::Read(name) => write!(f, "Reading an object of type {name} failed"),
            Self::Encoder(name) => write!(f, "The encoder for an object of type {name} failed"),
            Self::EncoderDepth => f.write_str("encoders exceed recursion limit"),
            Self::NotFinite => f.write_str("NaN and infinity are refused by OPT_NAN_ERROR"),
            Self::Surrogate => f.write_str("str is not valid UTF-8: surrogates not allowed"),
            Self::Zone => f.write_str(
                "datetime's timezone library is not supported: use datetime.timezone.utc, pendulum, pytz, or dateutil",
            ),
            Self::TimeZone => f.write_str("datetime.time must not have tzinfo set"),
            Self::Fragment => f.write_str("planjson.Fragment's content is not of type bytes or str"),
            Self::FragmentNotText => f.write_str("planjson.Fragment's content is not valid UTF-8, of which a str is made"),
            Self::KeyNotStr(_) => f.write_str("Dict key must be str"),
            Self::KeyType(_) => f.write_str("Dict key must a type serializable with OPT_NON_STR_KEYS"),
            Self::KeyInteger => f.write_str("Dict integer key must be within 64-bit range"),
            Self::Depth => f.write_str("Recursion limit reached"),
            Self::HookDepth => f.write_str("default serializer exceeds recursion limit"),
            Self::Memory => f.write_str("out of memory"),
            Self::Raised => f.write_str("an exception was raised"),
        }
    }
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The element with this index.
    Index(usize),
    /// The member with this key; `None` if the key went away while Python code ran.
    Key(Option<String>),
}

/// Characters of a key that a path shows.
const SHOWN: usize = 1000;

impl Step {
    /// The step to the member `key`.
    #[cold]
    #[must_use]
    pub fn key(key: Text<'_>) -> Self {
        let mut shown: String = key
            .points()
            .take(SHOWN)
            .map(|p| char::from_u32(p).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        if key.len() > SHOWN {
            shown.push('\u{2026}');
        }
        Self::Key(Some(shown))
    }
}

/// A fault and the way to it.
#[derive(Debug)]
pub struct Failure {
    /// What was met.
    pub fault: Fault,
    /// What a hook raised, or the object itself.
    pub cause: Option<Raised>,
    /// The line that it was met in, from 1 on, where there are lines.
    pub line: Option<usize>,
    /// From the innermost step to the outermost.
    steps: SmallVec<[Step; 8]>,
}

/// What a part of a walk returns: the sink's pen, if there is no failure.
pub type Told<P> = Result<P, Box<Failure>>;

impl Failure {
    /// A fault that has been met just here.
    #[cold]
    #[must_use]
    pub fn new(fault: Fault) -> Box<Self> {
        Box::new(Self { fault, cause: None, line: None, steps: SmallVec::new() })
    }

    /// What Python code raised and nobody should wrap; without an exception, a lack of memory.
    #[cold]
    #[must_use]
    pub fn raised(raised: Option<Raised>) -> Box<Self> {
        let fault = if raised.is_some() { Fault::Raised } else { Fault::Memory };
        Box::new(Self { fault, cause: raised, line: None, steps: SmallVec::new() })
    }

    /// An object of the type `name` raised.
    #[cold]
    #[must_use]
    pub fn read(name: String, cause: Option<Raised>) -> Box<Self> {
        Box::new(Self { fault: Fault::Read(name), cause, steps: SmallVec::new(), line: None })
    }

    /// There is no memory.
    #[cold]
    #[must_use]
    pub fn memory() -> Box<Self> {
        Self::new(Fault::Memory)
    }

    /// The same, one step further out.
    #[cold]
    #[must_use]
    pub fn at(mut self: Box<Self>, step: Step) -> Box<Self> {
        self.steps.push(step);
        self
    }

    /// The same, in this line.
    #[cold]
    #[must_use]
    pub fn in_line(mut self: Box<Self>, line: usize) -> Box<Self> {
        self.line = Some(line);
        self
    }

    /// The way as JSONPath writes it: `$.orders[3].price`, `$["two words"]`.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::from("$");
        for step in self.steps.iter().rev() {
            write_step(&mut path, step).expect("a String takes everything");
        }
        path
    }
}

/// Appends one step as JSONPath writes it.
///
/// # Errors
///
/// Those of `out`.
pub fn write_step(out: &mut impl Write, step: &Step) -> fmt::Result {
    match step {
        Step::Index(i) => write!(out, "[{i}]"),
        Step::Key(None) => out.write_str("[?]"),
        Step::Key(Some(key)) => crate::path::write_key(out, key),
    }
}
