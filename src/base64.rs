//! Bytes as a str: base64 with `+`, `/` and padding (RFC 4648, section 4).

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `bytes` in base64; `None` if there is no memory.
#[must_use]
pub fn encode(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    text.try_reserve_exact(bytes.len().div_ceil(3).checked_mul(4)?).ok()?;
    let (whole, rest) = bytes.as_chunks::<3>();
    for &[a, b, c] in whole {
        push(&mut text, u32::from_be_bytes([0, a, b, c]), 4);
    }
    match *rest {
        [a] => push(&mut text, u32::from_be_bytes([0, a, 0, 0]), 2),
        [a, b] => push(&mut text, u32::from_be_bytes([0, a, b, 0]), 3),
        _ => {}
    }
    Some(text)
}

/// The first `n` of the four characters of 24 bits, and padding for the rest.
fn push(text: &mut String, bits: u32, n: usize) {
    let four: [u8; 4] =
        core::array::from_fn(|i| if i < n { ALPHABET[(bits >> (18 - 6 * i) & 63) as usize] } else { b'=' });
    text.push_str(core::str::from_utf8(&four).expect("the alphabet is ASCII"));
}
