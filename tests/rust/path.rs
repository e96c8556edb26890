//! Paths as JSONPath.

use planjson::path::write_key;
use proptest::prelude::*;

use crate::documents::strategy::config;

fn step(key: &str) -> String {
    let mut out = String::new();
    write_key(&mut out, key).expect("a String takes everything");
    out
}

#[test]
fn names() {
    for name in ["a", "_", "_1", "id", "snake_case", "Camel9", "é", "größe", "中文", "имя"] {
        assert_eq!(step(name), format!(".{name}"));
    }
}

#[test]
fn what_is_no_name() {
    for key in ["", "9", "9a", "two words", "a-b", "a.b", "a[0]", "$", "@", "*", "'", "/", "\u{1f600}"] {
        assert_eq!(step(key), format!("[\"{key}\"]"));
    }
}

#[test]
fn escapes() {
    let steps = [
        ("\"", r#"["\""]"#),
        ("\\", r#"["\\"]"#),
        ("\n", r#"["\n"]"#),
        ("\t", r#"["\t"]"#),
        ("\0", r#"["\u0000"]"#),
        ("\r", r#"["\u000d"]"#),
        ("\u{1f}", r#"["\u001f"]"#),
        ("\u{7f}", r#"["\u007f"]"#),
        ("\u{85}", r#"["\u0085"]"#),
        ("say \"hi\"\n", r#"["say \"hi\"\n"]"#),
    ];
    for (key, want) in steps {
        assert_eq!(step(key), want, "{key:?}");
    }
}

#[test]
fn appends() {
    let mut path = String::from("$[3]");
    for key in ["orders", "two words", "price"] {
        write_key(&mut path, key).expect("a String takes everything");
    }
    assert_eq!(path, r#"$[3].orders["two words"].price"#);
}

/// The key that a step leads to, for steps such as `write_key` writes.
fn read(step: &str) -> Option<String> {
    if let Some(name) = step.strip_prefix('.') {
        return Some(name.to_owned());
    }
    let mut chars = step.strip_prefix("[\"")?.strip_suffix("\"]")?.chars();
    let mut key = String::new();
    while let Some(c) = chars.next() {
        key.push(match c {
            '"' => return None,
            '\\' => match chars.next()? {
                'n' => '\n',
                't' => '\t',
                'u' => {
                    let digits: String = chars.by_ref().take(4).collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                }
                c @ ('"' | '\\') => c,
                _ => return None,
            },
            c if c.is_control() => return None,
            c => c,
        });
    }
    Some(key)
}

proptest! {
    #![proptest_config(config(2000))]

    /// Whatever the key, the step is on one line and leads back to it.
    #[test]
    fn any_key(key in prop_oneof!["\\PC*", "[\\x00-\\x7f]*", any::<String>()]) {
        let step = step(&key);
        prop_assert!(!step.contains('\n'));
        prop_assert_eq!(read(&step), Some(key));
    }
}
