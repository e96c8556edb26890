//! Dates, times and UUIDs as JSON: a few fields become a short ASCII string. Knows no interpreter.

/// Bytes that a stamp may write to: quotes, date, time, microseconds and offset are 34, a UUID is 38.
pub const PLACE: usize = 64;

/// What becomes a quoted ASCII string without escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// `"2024-02-29"`.
    Date(Day),
    /// `"23:59:59.000001"`; without microseconds if they are 0.
    Time(Clock),
    /// `"2024-02-29T23:59:59.000001+01:00"`.
    DateTime(Day, Clock, Zone),
    /// `"12345678-1234-5678-1234-567812345678"`.
    Uuid(u128),
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

/// `00` to `99`, and as much behind it as an index of seven bits can reach.
const PAIRS: [[u8; 2]; 128] = {
    let mut pairs = [[b'?'; 2]; 128];
    let mut i = 0;
    while i < 100 {
        pairs[i] = [b'0' + (i / 10) as u8, b'0' + (i % 10) as u8];
        i += 1;
    }
    pairs
};

/// Two digits.
#[inline(always)]
const fn pair(v: u32) -> [u8; 2] {
    PAIRS[v as usize & 127]
}

/// `2024-02-29`.
#[inline(always)]
const fn day([c, y, m, d]: [[u8; 2]; 4]) -> [u8; 10] {
    [c[0], c[1], y[0], y[1], b'-', m[0], m[1], b'-', d[0], d[1]]
}

impl Day {
    #[inline(always)]
    fn digits(self) -> [u8; 10] {
        let year = u32::from(self.year);
        day([pair(year / 100), pair(year % 100), pair(self.month.into()), pair(self.day.into())])
    }
}

impl Clock {
    #[inline(always)]
    fn digits(self) -> [u8; 8] {
        let [h, m, s] = [self.hour, self.minute, self.second].map(|v| pair(v.into()));
        [h[0], h[1], b':', m[0], m[1], b':', s[0], s[1]]
    }

    #[inline(always)]
    fn fraction(self) -> [u8; 7] {
        let v = self.microsecond;
        let [a, b, c] = [v / 10_000, v / 100 % 100, v % 100].map(pair);
        [b'.', a[0], a[1], b[0], b[1], c[0], c[1]]
    }
}

/// The place that is written to, and how far.
struct Ink<'p> {
    place: &'p mut [u8; PLACE],
    len: usize,
}

impl Ink<'_> {
    #[inline(always)]
    fn push<const N: usize>(&mut self, s: [u8; N]) {
        self.place[self.len..self.len + N].copy_from_slice(&s);
        self.len += N;
    }

    #[inline(always)]
    fn clock(&mut self, clock: Clock) {
        self.push(clock.digits());
        if clock.microsecond != 0 {
            self.push(clock.fraction());
        }
    }

    /// To the nearest minute: 59 minutes and a half become 60, as orjson has it.
    #[inline(always)]
    fn zone(&mut self, zone: Zone) {
        match zone {
            Zone::Naive => {}
            Zone::Z => self.push([b'Z']),
            Zone::UTC => self.push(*b"+00:00"),
            Zone::Offset { behind, seconds } => {
                let sign = if behind { b'-' } else { b'+' };
                let h = pair(seconds / 3600);
                let m = pair(seconds / 60 % 60 + u32::from(seconds % 60 >= 30));
                self.push([sign, h[0], h[1], b':', m[0], m[1]]);
            }
        }
    }

    #[inline(always)]
    fn uuid(&mut self, v: u128) {
        *self.place.first_chunk_mut().expect("a place is larger") =
            *b"\"........-....-....-....-............";
        for (v, at) in v.to_be_bytes().into_iter().zip(UUID_PLACES) {
            self.place[at..at + 2].copy_from_slice(&HEX[usize::from(v)]);
        }
        self.len = 37;
    }
}

impl Stamp {
    /// Writes it, with its quotes, and says how long it is.
    #[inline(always)]
    pub fn write(&self, place: &mut [u8; PLACE]) -> usize {
        let mut ink = Ink { place, len: 0 };
        match *self {
            Self::DateTime(day, clock, zone) => {
                let d = day.digits();
                ink.push([b'"', d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8], d[9], b'T']);
                ink.clock(clock);
                ink.zone(zone);
            }
            Self::Date(day) => {
                ink.push([b'"']);
                ink.push(day.digits());
            }
            Self::Time(clock) => {
                ink.push([b'"']);
                ink.clock(clock);
            }
            Self::Uuid(v) => ink.uuid(v),
        }
        ink.push([b'"']);
        ink.len
    }

    /// Without quotes.
    #[must_use]
    pub fn characters(&self) -> String {
        let mut place = [0; PLACE];
        let len = self.write(&mut place);
        place[1..len - 1].iter().map(|&b| char::from(b)).collect()
    }
}

/// Where the bytes of a UUID stand.
const UUID_PLACES: [usize; 16] = [1, 3, 5, 7, 10, 12, 15, 17, 20, 22, 25, 27, 29, 31, 33, 35];

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
