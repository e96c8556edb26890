//! What the tests of doubles share: the oracles, the canaries, a generator, the levels.

use planjson::emit::kernel::{FLOAT_MAX, Level, Name, SLACK};
use planjson::with_level;

/// Bytes behind the bound and the slack that no kernel may touch.
const CANARY: usize = 64;
const MARK: u8 = 0xA5;

/// `v` as zmij writes it.
pub fn zmij_text(v: f64) -> String {
    if v.is_finite() { zmij::Buffer::new().format_finite(v).to_owned() } else { "null".to_owned() }
}

/// `v` as ryu writes it, but with a sign in every exponent.
pub fn ryu_text(v: f64) -> String {
    if !v.is_finite() {
        return "null".to_owned();
    }
    let mut buffer = ryu::Buffer::new();
    let s = buffer.format_finite(v);
    if s.contains("e-") { s.to_owned() } else { s.replace('e', "e+") }
}

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// In 0..1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A place for a kernel to write to, with canaries behind what it may touch.
pub struct Place {
    bytes: Vec<u8>,
}

impl Place {
    pub fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    /// What `write` writes, within `bound` bytes.
    pub fn text(&mut self, bound: usize, write: impl FnOnce(*mut u8) -> *mut u8) -> &[u8] {
        self.bytes.clear();
        self.bytes.resize(bound + SLACK + CANARY, MARK);
        let start = self.bytes.as_mut_ptr();
        let len = write(start) as usize - start as usize;
        assert!(len <= bound, "{len} bytes written, bound {bound}");
        assert!(self.bytes[bound + SLACK..].iter().all(|&b| b == MARK), "written beyond the slack");
        &self.bytes[..len]
    }
}

/// Checks every value by itself and the whole as runs, on one level, against both oracles.
pub fn check_on<L: Level>(values: &[f64]) {
    let (mut place, mut expected) = (Place::new(), String::new());
    for chunk in values.chunks(997) {
        expected.clear();
        for &v in chunk {
            let want = zmij_text(v);
            assert_eq!(want, ryu_text(v), "the oracles differ: {:#x}", v.to_bits());
            // SAFETY: `levels` checked the machine; the place has FLOAT_MAX and SLACK bytes.
            let got = place.text(FLOAT_MAX, |out| unsafe { L::float(out, v) });
            assert_eq!(str::from_utf8(got), Ok(&*want), "{}: float {:#x}", L::NAME, v.to_bits());
            // SAFETY: `levels` checked the machine.
            let len = unsafe { L::floats_len(&[v]) };
            assert_eq!(len, want.len() + 1, "{}: length of {:#x}", L::NAME, v.to_bits());
            expected.push_str(&want);
            expected.push(',');
        }
        check_run::<L>(&mut place, chunk, &expected);
    }
}

/// Checks one run.
pub fn check_run<L: Level>(place: &mut Place, run: &[f64], expected: &str) {
    // SAFETY: as above, for each value.
    let got = place.text(run.len() * (FLOAT_MAX + 1), |out| unsafe { L::floats(out, run) });
    if got != expected.as_bytes() {
        let got = String::from_utf8_lossy(got);
        let parts = got.split(',').zip(expected.split(',')).zip(run.iter().map(|v| v.to_bits()));
        let first = parts.enumerate().find(|(_, ((got, want), _))| got != want);
        panic!("{}: floats, {} values: first difference {first:x?}", L::NAME, run.len());
    }
    // SAFETY: as above.
    let len = unsafe { L::floats_len(run) };
    assert_eq!(len, expected.len(), "{}: length of {} values", L::NAME, run.len());
    // As one row, which goes another way on some levels.
    if let Some(row) = expected.strip_suffix(',') {
        check_rows::<L>(place, run, run.len(), &format!("[{row}],"));
    }
}

/// Checks rows of `width`.
pub fn check_rows<L: Level>(place: &mut Place, run: &[f64], width: usize, expected: &str) {
    // SAFETY: as above, for each value.
    let got = place.text(run.len() * (FLOAT_MAX + 3), |out| unsafe { L::rows(out, run, width) });
    assert_eq!(String::from_utf8_lossy(got), expected, "{}: rows of {width}", L::NAME);
}

/// Checks on every level that the machine has.
pub fn check(values: &[f64]) {
    for name in Name::ALL.into_iter().filter(|n| n.is_available()) {
        with_level!(name, L => check_on::<L>(values));
    }
}

/// How many random cases: few with debug assertions, many without, as many as are asked for.
pub fn cases() -> u64 {
    let default = if cfg!(debug_assertions) { 200_000 } else { 5_000_000 };
    std::env::var("PLANJSON_FLOAT_CASES").ok().and_then(|s| s.parse().ok()).unwrap_or(default)
}

/// Whether all singles were asked for: `PLANJSON_EXHAUSTIVE=1`.
pub fn exhaustive() -> bool {
    std::env::var_os("PLANJSON_EXHAUSTIVE").is_some_and(|v| v == "1")
}
