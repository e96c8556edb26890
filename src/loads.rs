//! JSON to Python objects: jiter reads, this builds.
//!
//! jiter has a builder of its own, which stops at a depth of 200, less than `dumps` writes, and whose lack of memory is
//! a panic. This one has a stack of its own, and the limits and numbers of orjson.

use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, NumberAny, NumberInt, Peek};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict};

use crate::cpython::{new_big_int, new_dict, new_float, new_int, new_list, new_str, new_uint};

/// Containers inside containers that are read at the most: orjson's limit.
const MAX_DEPTH: usize = 1024;

/// Why there is no object.
pub enum Fault {
    /// The data is no JSON: in these words, at this byte.
    Syntax(&'static str, usize),
    /// An exception.
    Raised(PyErr),
}

impl From<PyErr> for Fault {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

impl From<JiterError> for Fault {
    #[cold]
    fn from(error: JiterError) -> Self {
        Self::Syntax(words(&error.error_type), error.index)
    }
}

/// orjson's words, where it has them.
fn words(kind: &JiterErrorType) -> &'static str {
    let JiterErrorType::JsonError(kind) = kind else { return "unexpected character, expected a JSON value" };
    match kind {
        JsonErrorType::EofWhileParsingList
        | JsonErrorType::EofWhileParsingObject
        | JsonErrorType::EofWhileParsingString
        | JsonErrorType::EofWhileParsingValue => "unexpected end of data",
        JsonErrorType::ExpectedColon => "unexpected character, expected ':' after key",
        JsonErrorType::ExpectedListCommaOrEnd => "unexpected character, expected ',' or ']'",
        JsonErrorType::ExpectedObjectCommaOrEnd => "unexpected character, expected ',' or '}'",
        JsonErrorType::ExpectedSomeIdent => "invalid literal, expected 'true', 'false' or 'null'",
        JsonErrorType::InvalidEscape => "invalid escaped sequence in string",
        JsonErrorType::InvalidNumber => "invalid number",
        JsonErrorType::InvalidUnicodeCodePoint => "str is not valid UTF-8: surrogates not allowed",
        JsonErrorType::ControlCharacterWhileParsingString => "unexpected control character in string",
        JsonErrorType::NumberOutOfRange => "number has too many digits",
        JsonErrorType::KeyMustBeAString => "unexpected character, expected a string key",
        JsonErrorType::LoneLeadingSurrogateInHexEscape | JsonErrorType::UnexpectedEndOfHexEscape => {
            "lone surrogate in string"
        }
        JsonErrorType::TrailingComma => "trailing comma is not allowed",
        JsonErrorType::TrailingCharacters => "unexpected content after document",
        _ => "unexpected character, expected a JSON value",
    }
}

/// A container that is not complete.
enum Open<'py> {
    /// An array; its elements are among the values, from this one on.
    Array(usize),
    /// An object, and the key whose value comes next.
    Object(Bound<'py, PyDict>, Bound<'py, PyAny>),
}

struct Builder<'py, 'j> {
    py: Python<'py>,
    jiter: Jiter<'j>,
    /// What jiter reads, and where in the document that begins.
    data: &'j [u8],
    base: usize,
    open: Vec<Open<'py>>,
    /// Elements of the arrays that are open.
    values: Vec<Bound<'py, PyAny>>,
    /// Whether integers beyond 64 bits keep their digits; otherwise they become floats, as orjson has it.
    big_integers: bool,
}

/// What to do next.
enum Next<'py> {
    /// Read a value that begins so.
    Value(Peek),
    /// This one is complete.
    Done(Bound<'py, PyAny>),
}

/// The object that `data` describes.
///
/// # Errors
///
/// What is wrong with `data`, or an exception.
pub fn loads<'py>(py: Python<'py>, data: &[u8], big_integers: bool) -> Result<Bound<'py, PyAny>, Fault> {
    let jiter = Jiter::new(data);
    let mut builder =
        Builder { py, jiter, data, base: 0, open: Vec::new(), values: Vec::new(), big_integers };
    builder.run().map_err(|fault| match fault {
        Fault::Syntax(words, at) => Fault::Syntax(words, builder.base + at),
        raised => raised,
    })
}

/// The length of the number that `text` begins with; or where it lacks a digit.
fn number_len(text: &[u8]) -> Result<usize, usize> {
    let digits = |from: usize| match text[from..].iter().take_while(|b| b.is_ascii_digit()).count() {
        0 => Err(from),
        n => Ok(from + n),
    };
    let mut end = digits(usize::from(text.first() == Some(&b'-')))?;
    if text.get(end) == Some(&b'.') {
        end = digits(end + 1)?;
    }
    if matches!(text.get(end), Some(b'e' | b'E')) {
        let signed = matches!(text.get(end + 1), Some(b'+' | b'-'));
        end = digits(end + 1 + usize::from(signed))?;
    }
    Ok(end)
}

impl<'py> Builder<'py, '_> {
    fn run(&mut self) -> Result<Bound<'py, PyAny>, Fault> {
        let mut next = Next::Value(self.jiter.peek()?);
        loop {
            next = match next {
                Next::Value(peek) => self.value(peek)?,
                Next::Done(value) if self.open.is_empty() => {
                    self.jiter.finish()?;
                    return Ok(value);
                }
                Next::Done(value) => self.take(value)?,
            }
        }
    }

    #[inline]
    fn value(&mut self, peek: Peek) -> Result<Next<'py>, Fault> {
        let py = self.py;
        let value = match peek {
            Peek::String => new_str(py, self.jiter.known_str()?)?,
            Peek::Array => return self.array(),
            Peek::Object => return self.object(),
            Peek::True | Peek::False => PyBool::new(py, self.jiter.known_bool(peek)?).to_owned().into_any(),
            Peek::Null => {
                self.jiter.known_null()?;
                py.None().into_bound(py)
            }
            _ => self.number(peek)?,
        };
        Ok(Next::Done(value))
    }

    fn array(&mut self) -> Result<Next<'py>, Fault> {
        self.check_depth()?;
        match self.jiter.known_array()? {
            Some(first) => {
                push(&mut self.open, Open::Array(self.values.len()))?;
                Ok(Next::Value(first))
            }
            None => Ok(Next::Done(new_list(self.py, &mut Vec::new(), 0)?)),
        }
    }

    fn object(&mut self) -> Result<Next<'py>, Fault> {
        self.check_depth()?;
        let dict = new_dict(self.py)?;
        let Some(key) = self.jiter.known_object()? else { return Ok(Next::Done(dict.into_any())) };
        let key = key_object(self.py, key);
        push(&mut self.open, Open::Object(dict, key))?;
        Ok(Next::Value(self.jiter.peek()?))
    }

    /// Puts a value where it belongs, the innermost open container.
    #[inline]
    fn take(&mut self, value: Bound<'py, PyAny>) -> Result<Next<'py>, Fault> {
        match self.open.last_mut() {
            None => Ok(Next::Done(value)),
            Some(Open::Array(from)) => {
                let from = *from;
                push(&mut self.values, value)?;
                if let Some(next) = self.jiter.array_step()? {
                    return Ok(Next::Value(next));
                }
                self.open.pop();
                Ok(Next::Done(new_list(self.py, &mut self.values, from)?))
            }
            Some(Open::Object(dict, key)) => {
                dict.set_item(&*key, value)?;
                if let Some(next) = self.jiter.next_key()? {
                    *key = key_object(self.py, next);
                    return Ok(Next::Value(self.jiter.peek()?));
                }
                let dict = dict.clone().into_any();
                self.open.pop();
                Ok(Next::Done(dict))
            }
        }
    }

    fn check_depth(&self) -> Result<(), Fault> {
        if self.open.len() < MAX_DEPTH {
            return Ok(());
        }
        Err(Fault::Syntax("depth limit exceeded", self.jiter.current_index()))
    }

    fn number(&mut self, peek: Peek) -> Result<Bound<'py, PyAny>, Fault> {
        let at = self.jiter.current_index();
        if !matches!(peek.into_inner(), b'-' | b'0'..=b'9') {
            return Err(Fault::Syntax("unexpected character, expected a JSON value", at));
        }
        match self.jiter.known_number(peek) {
            Ok(NumberAny::Int(NumberInt::Int(v))) => Ok(new_int(self.py, v)?),
            Ok(NumberAny::Float(v)) => self.float(v, at),
            Err(error) if is_out_of_range(&error) => self.long_int(peek, at),
            Err(error) => Err(error.into()),
        }
    }

    fn float(&self, v: f64, at: usize) -> Result<Bound<'py, PyAny>, Fault> {
        if v.is_finite() {
            return Ok(new_float(self.py, v)?);
        }
        Err(Fault::Syntax("number is infinity when parsed as double", at))
    }

    /// An integer that may not fit 64 bits.
    #[cold]
    fn long_int(&mut self, peek: Peek, at: usize) -> Result<Bound<'py, PyAny>, Fault> {
        let (py, big_integers) = (self.py, self.big_integers);
        let digits = match self.jiter.known_number_bytes(peek) {
            Ok(digits) => core::str::from_utf8(digits).unwrap_or_default(),
            Err(error) if is_out_of_range(&error) => return self.endless_number(at, error),
            Err(error) => return Err(error.into()),
        };
        if let Ok(v) = digits.parse() {
            return Ok(new_int(py, v)?);
        }
        if let Ok(v) = digits.parse() {
            return Ok(new_uint(py, v)?);
        }
        let v = digits.parse().unwrap_or(f64::INFINITY);
        if big_integers && digits.bytes().all(|b| b == b'-' || b.is_ascii_digit()) {
            let digits = std::ffi::CString::new(digits).unwrap_or_default();
            return Ok(new_big_int(py, &digits)?);
        }
        self.float(v, at)
    }
}

impl<'py> Builder<'py, '_> {
    /// A number of more digits than jiter reads, which becomes a float. What is behind it is read as if it were a
    /// document of its own; jiter keeps nothing in mind of what came before.
    #[cold]
    fn endless_number(&mut self, at: usize, error: JiterError) -> Result<Bound<'py, PyAny>, Fault> {
        let text = &self.data[at..];
        let len = number_len(text).map_err(|lacking| match text.get(lacking) {
            Some(_) => Fault::Syntax("invalid number", at + lacking),
            None => Fault::Syntax("unexpected end of data", at + lacking),
        })?;
        let (number, rest) = text.split_at(len);
        if self.big_integers && number.iter().all(|b| matches!(b, b'-' | b'0'..=b'9')) {
            return Err(error.into());
        }
        let number = core::str::from_utf8(number).unwrap_or_default();
        let v = self.float(number.parse().unwrap_or(f64::INFINITY), at)?;
        (self.jiter, self.data, self.base) = (Jiter::new(rest), rest, self.base + at + len);
        Ok(v)
    }
}

fn is_out_of_range(error: &JiterError) -> bool {
    error.error_type == JiterErrorType::JsonError(JsonErrorType::NumberOutOfRange)
}

/// A key, from jiter's cache of keys if it is there.
fn key_object<'py>(py: Python<'py>, key: &str) -> Bound<'py, PyAny> {
    jiter::cached_py_string(py, key).into_any()
}

/// Pushes, or says that there is no memory.
#[inline]
fn push<T>(values: &mut Vec<T>, value: T) -> Result<(), Fault> {
    values.try_reserve(1).map_err(|_| no_memory())?;
    values.push(value);
    Ok(())
}

#[cold]
fn no_memory() -> Fault {
    Fault::Raised(pyo3::exceptions::PyMemoryError::new_err(()))
}
