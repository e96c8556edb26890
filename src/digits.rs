//! Numbers that fit no machine word, as JSON.

/// Decimal digits that a limb of the result has.
const LIMB_DIGITS: usize = 19;
const LIMB: u64 = 10_u64.pow(LIMB_DIGITS as u32);

/// The decimal digits of an integer given as Python's `hex` writes it: `-0x1f`. `None` if it is not written so, or if
/// there is no memory.
///
/// The interpreter's own conversion refuses more digits than `sys.set_int_max_str_digits` allows; this one does not.
#[must_use]
pub fn decimal(hex: &str) -> Option<String> {
    let (sign, digits) = hex.strip_prefix('-').map_or(("", hex), |rest| ("-", rest));
    let mut words = words(digits.strip_prefix("0x")?)?;
    let mut limbs: Vec<u64> = Vec::new();
    limbs.try_reserve_exact(words.len() + words.len() / 32 + 1).ok()?;
    while !words.is_empty() {
        limbs.push(divide(&mut words));
    }
    let mut text = String::new();
    text.try_reserve_exact(1 + LIMB_DIGITS * limbs.len()).ok()?;
    text.push_str(sign);
    let mut limbs = limbs.into_iter().rev();
    text.push_str(itoa::Buffer::new().format(limbs.next().unwrap_or(0)));
    for limb in limbs {
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(limb);
        text.extend(core::iter::repeat_n('0', LIMB_DIGITS - digits.len()));
        text.push_str(digits);
    }
    Some(text)
}

/// Hexadecimal digits as words, the least first, without zeros at the end.
fn words(hex: &str) -> Option<Vec<u64>> {
    let mut words = Vec::new();
    words.try_reserve_exact(hex.len() / 16 + 1).ok()?;
    for chunk in hex.as_bytes().rchunks(16) {
        words.push(u64::from_str_radix(core::str::from_utf8(chunk).ok()?, 16).ok()?);
    }
    while words.last() == Some(&0) {
        words.pop();
    }
    Some(words)
}

/// Divides by [`LIMB`] and returns what is left over.
fn divide(words: &mut Vec<u64>) -> u64 {
    let mut rest = 0;
    for word in words.iter_mut().rev() {
        let whole = u128::from(rest) << 64 | u128::from(*word);
        *word = (whole / u128::from(LIMB)) as u64;
        rest = (whole % u128::from(LIMB)) as u64;
    }
    while words.last() == Some(&0) {
        words.pop();
    }
    rest
}

/// Whether `text` is a number as JSON writes it.
#[must_use]
pub fn is_number(text: &str) -> bool {
    fn digits(s: &[u8]) -> (usize, &[u8]) {
        let n = s.iter().take_while(|b| b.is_ascii_digit()).count();
        (n, &s[n..])
    }
    let s = text.as_bytes();
    let (n, mut rest) = digits(s.strip_prefix(b"-").unwrap_or(s));
    let leading_zero = n > 1 && s[s.len() - rest.len() - n] == b'0';
    if n == 0 || leading_zero {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        let n;
        (n, rest) = digits(fraction);
        if n == 0 {
            return false;
        }
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let unsigned =
            exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let n;
        (n, rest) = digits(unsigned);
        if n == 0 {
            return false;
        }
    }
    rest.is_empty()
}
