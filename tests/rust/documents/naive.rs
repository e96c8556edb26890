//! JSON the simple way, sharing nothing with the library.

use super::{Doc, Stored};

/// The JSON of `doc`; `step` is the number of spaces for each level, or none for the compact form.
pub fn json(doc: &Doc, step: Option<usize>) -> Vec<u8> {
    let mut out = String::new();
    value(&mut out, doc, step, 0);
    out.into_bytes()
}

fn value(out: &mut String, doc: &Doc, step: Option<usize>, depth: usize) {
    match doc {
        Doc::Null => out.push_str("null"),
        Doc::Bool(v) => out.push_str(&v.to_string()),
        Doc::Int(v) => out.push_str(&v.to_string()),
        Doc::Uint(v) => out.push_str(&v.to_string()),
        Doc::Float(v) => out.push_str(&float(*v)),
        Doc::Text(s) | Doc::Passing(s) => text(out, s),
        Doc::Raw(s) => out.push_str(str::from_utf8(s).expect("raw documents are UTF-8")),
        Doc::Array(elements) => {
            container(out, ['[', ']'], elements, step, depth, |out, e| value(out, e, step, depth + 1));
        }
        Doc::Object(members) => container(out, ['{', '}'], members, step, depth, |out, (k, v)| {
            text(out, &k.stored);
            out.push_str(if step.is_some() { ": " } else { ":" });
            value(out, v, step, depth + 1);
        }),
    }
}

fn container<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: &[T],
    step: Option<usize>,
    depth: usize,
    mut item: impl FnMut(&mut String, &T),
) {
    out.push(open);
    for (i, it) in items.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        line(out, step, depth + 1);
        item(out, it);
    }
    if !items.is_empty() {
        line(out, step, depth);
    }
    out.push(close);
}

fn line(out: &mut String, step: Option<usize>, depth: usize) {
    if let Some(step) = step {
        out.push('\n');
        out.push_str(&" ".repeat(step * depth));
    }
}

/// As ryu writes it, but with a sign in every exponent.
fn float(v: f64) -> String {
    if !v.is_finite() {
        return String::from("null");
    }
    let mut buffer = ryu::Buffer::new();
    let s = buffer.format_finite(v);
    if s.contains("e-") { s.to_owned() } else { s.replace('e', "e+") }
}

fn text(out: &mut String, s: &Stored) {
    let points: Vec<u32> = match s {
        Stored::Ascii(s) | Stored::Latin1(s) => s.iter().map(|&c| c.into()).collect(),
        Stored::Ucs2(s) => s.iter().map(|&c| c.into()).collect(),
        Stored::Ucs4(s) => s.clone(),
    };
    out.push('"');
    for c in points.into_iter().map(|p| char::from_u32(p).expect("documents have no surrogates")) {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}
