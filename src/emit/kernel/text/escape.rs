//! What JSON escapes and how, as tables: RFC 8259, section 7, in the form that Python's `json` and orjson write.

/// The letter behind the backslash if `c` has a short escape.
const fn letter(c: u8) -> Option<u8> {
    match c {
        b'"' | b'\\' => Some(c),
        8 => Some(b'b'),
        9 => Some(b't'),
        10 => Some(b'n'),
        12 => Some(b'f'),
        13 => Some(b'r'),
        _ => None,
    }
}

/// The JSON text of a byte in the low bytes (first byte lowest), its length in the highest: of a Latin-1 character, or of UTF-8,
/// which stays as it is from 0x80 on.
const fn text(c: u8, latin1: bool) -> u64 {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let (b, n) = match letter(c) {
        Some(l) => ([b'\\', l, 0, 0, 0, 0], 2),
        None if c < 0x20 => ([b'\\', b'u', b'0', b'0', HEX[c as usize >> 4], HEX[c as usize & 15]], 6),
        None if c < 0x80 || !latin1 => ([c, 0, 0, 0, 0, 0], 1),
        None => ([0xc0 | c >> 6, 0x80 | c & 0x3f, 0, 0, 0, 0], 2),
    };
    u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], 0, n])
}

/// For each byte its JSON text as UTF-8, first byte lowest, and its length in the highest byte.
pub type Texts = [u64; 256];

const fn texts(latin1: bool) -> Texts {
    let mut t = [0; 256];
    let mut c = 0;
    while c < 256 {
        t[c] = text(c as u8, latin1);
        c += 1;
    }
    t
}

/// Of Latin-1 characters.
pub static LATIN1: Texts = texts(true);
/// Of the bytes of UTF-8, and of ASCII.
pub static UTF8: Texts = texts(false);

/// For 0 to 15 what turns the character into the letter of its short escape (by xor), 0 if it has none.
#[cfg(vectors)]
pub static SHORT: [u8; 16] = {
    let mut t = [0; 16];
    let mut c = 0;
    while c < 16 {
        if let Some(l) = letter(c as u8) {
            t[c] = l ^ c as u8;
        }
        c += 1;
    }
    t
};
