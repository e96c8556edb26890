//! Paths as JSONPath (RFC 9535) writes them.

use core::fmt::{self, Write};

/// Appends the step to the member `key`: `.name` if the key is a name, `["two words"]` otherwise.
///
/// # Errors
///
/// Those of `out`.
pub fn write_key(out: &mut impl Write, key: &str) -> fmt::Result {
    if is_name(key) {
        return write!(out, ".{key}");
    }
    out.write_str("[\"")?;
    for c in key.chars() {
        match c {
            '"' | '\\' => write!(out, "\\{c}")?,
            '\n' => out.write_str("\\n")?,
            '\t' => out.write_str("\\t")?,
            c if c.is_control() => write!(out, "\\u{:04x}", u32::from(c))?,
            c => out.write_char(c)?,
        }
    }
    out.write_str("\"]")
}

/// Letters, digits and underscores, no digit first: RFC 9535's shorthand for ASCII, and letters of other scripts.
fn is_name(key: &str) -> bool {
    let mut chars = key.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
}
