//! Dates, times and UUIDs as JSON: a few fields become a short ASCII string. Knows no interpreter.

/// Place for the longest of them: quotes, date, time, microseconds and offset are 34 bytes, a UUID is 38.
const SIZE: usize = 48;

/// A quoted ASCII string without escapes, finished.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    bytes: [u8; SIZE],
    len: u8,
}

/// Year, month, day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// 1 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// The time of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// 0 to 999,999.
    pub microsecond: u32,
}

/// What stands behind a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// Nothing: nobody knows where it is that time.
    Naive,
    /// `Z`.
    Z,
    /// So many seconds ahead of UTC, or behind it, less than a day. The sign is its own, because there is a -00:00:
    /// less than half a minute behind UTC.
    Offset {
        /// Whether it is behind.
        behind: bool,
        /// How far.
        seconds: u32,
    },
}

impl Zone {
    /// `+00:00`.
    pub const UTC: Self = Self::Offset { behind: false, seconds: 0 };
}

/// `00` to `99`.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut i = 0;
    while i < 100 {
        pairs[i] = [b'0' + (i / 10) as u8, b'0' + (i % 10) as u8];
        i += 1;
    }
    pairs
};

impl Stamp {
    #[inline(always)]
    const fn new() -> Self {
        let mut bytes = [0; SIZE];
        bytes[0] = b'"';
        Self { bytes, len: 1 }
    }

    #[inline(always)]
    fn push<const N: usize>(&mut self, s: [u8; N]) {
        let at = usize::from(self.len);
        self.bytes[at..at + N].copy_from_slice(&s);
        self.len += N as u8;
    }

    #[inline(always)]
    fn pair(&mut self, v: u8) {
        self.push(PAIRS[usize::from(v) % 100]);
    }

    #[inline(always)]
    fn end(mut self) -> Self {
        self.push([b'"']);
        self
    }

    #[inline(always)]
    fn day(&mut self, d: Day) {
        self.pair((d.year / 100) as u8);
        self.pair((d.year % 100) as u8);
        self.push([b'-']);
        self.pair(d.month);
        self.push([b'-']);
        self.pair(d.day);
    }

    #[inline(always)]
    fn clock(&mut self, c: Clock) {
        self.pair(c.hour);
        self.push([b':']);
        self.pair(c.minute);
        self.push([b':']);
        self.pair(c.second);
        if c.microsecond != 0 {
            self.push([b'.']);
            self.pair((c.microsecond / 10_000) as u8);
            self.pair((c.microsecond / 100 % 100) as u8);
            self.pair((c.microsecond % 100) as u8);
        }
    }

    /// To the nearest minute: 59 minutes and a half become 60, as orjson has it.
    #[inline(always)]
    fn zone(&mut self, zone: Zone) {
        let Zone::Offset { behind, seconds } = zone else {
            if zone == Zone::Z {
                self.push([b'Z']);
            }
            return;
        };
        self.push([if behind { b'-' } else { b'+' }]);
        self.pair((seconds / 3600) as u8);
        self.push([b':']);
        self.pair((seconds / 60 % 60 + u32::from(seconds % 60 >= 30)) as u8);
    }

    /// `"2024-02-29"`.
    #[must_use]
    pub fn date(day: Day) -> Self {
        let mut stamp = Self::new();
        stamp.day(day);
        stamp.end()
    }

    /// `"23:59:59.000001"`; without microseconds if they are 0.
    #[must_use]
    pub fn time(clock: Clock) -> Self {
        let mut stamp = Self::new();
        stamp.clock(clock);
        stamp.end()
    }

    /// `"2024-02-29T23:59:59.000001+01:00"`.
    #[must_use]
    pub fn datetime(day: Day, clock: Clock, zone: Zone) -> Self {
        let mut stamp = Self::new();
        stamp.day(day);
        stamp.push([b'T']);
        stamp.clock(clock);
        stamp.zone(zone);
        stamp.end()
    }

    /// `"12345678-1234-5678-1234-567812345678"`.
    #[must_use]
    pub fn uuid(v: u128) -> Self {
        let mut stamp = Self::new();
        let bytes = v.to_be_bytes();
        for (i, b) in bytes.into_iter().enumerate() {
            if matches!(i, 4 | 6 | 8 | 10) {
                stamp.push([b'-']);
            }
            stamp.push(HEX[usize::from(b)]);
        }
        stamp.end()
    }

    /// With its quotes.
    #[inline(always)]
    #[must_use]
    pub fn json(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// Without them.
    #[must_use]
    pub fn characters(&self) -> &str {
        let inside = &self.bytes[1..usize::from(self.len) - 1];
        core::str::from_utf8(inside).expect("a stamp is ASCII")
    }
}

/// `00` to `ff`.
const HEX: [[u8; 2]; 256] = {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut pairs = [[0; 2]; 256];
    let mut i = 0;
    while i < 256 {
        pairs[i] = [DIGITS[i >> 4], DIGITS[i & 15]];
        i += 1;
    }
    pairs
};
