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

/// Two digits at `at`.
#[inline(always)]
fn put(place: &mut [u8; PLACE], at: usize, v: u32) {
    place[at..at + 2].copy_from_slice(&pair(v));
}

/// `n` bytes of some at `at`; those behind them do not count.
#[inline(always)]
fn tail(place: &mut [u8; PLACE], at: usize, (bytes, n): ([u8; 8], usize)) -> usize {
    place[at..at + 8].copy_from_slice(&bytes);
    at + n
}

/// What all but the digits of a datetime look like.
const BLANK: [u8; 32] = *b"\"0000-00-00T00:00:00.000000.....";

/// The same of a UUID.
const BLANK_UUID: [u8; 38] = *b"\"........-....-....-....-............\"";

impl Day {
    /// Behind a quote.
    #[inline(always)]
    fn write(self, place: &mut [u8; PLACE]) {
        let year = u32::from(self.year);
        put(place, 1, year / 100);
        put(place, 3, year % 100);
        put(place, 6, self.month.into());
        put(place, 9, self.day.into());
    }
}

impl Clock {
    /// From `at` on; where it ends. Microseconds are written whether they count or not, so that nothing depends on it
    /// but where the rest stands.
    #[inline(always)]
    fn write(self, place: &mut [u8; PLACE], at: usize) -> usize {
        let v = self.microsecond;
        put(place, at, self.hour.into());
        put(place, at + 3, self.minute.into());
        put(place, at + 6, self.second.into());
        put(place, at + 9, v / 10_000);
        put(place, at + 11, v / 100 % 100);
        put(place, at + 13, v % 100);
        at + 8 + 7 * usize::from(v != 0)
    }
}

impl Zone {
    /// What stands behind the time, with the quote, and how long it is. To the nearest minute: 59 minutes and a half
    /// become 60, as orjson has it.
    #[inline(always)]
    fn tail(self) -> ([u8; 8], usize) {
        match self {
            Self::Naive => (*b"\".......", 1),
            Self::Z => (*b"Z\"......", 2),
            Self::UTC => (*b"+00:00\".", 7),
            Self::Offset { behind, seconds } => {
                let quarter = seconds / QUARTER;
                let bytes = match QUARTERS[usize::from(behind)].get(quarter as usize) {
                    Some(&bytes) if quarter * QUARTER == seconds => bytes,
                    _ => offset(behind, seconds),
                };
                (bytes, 7)
            }
        }
    }
}

/// A quarter of an hour, in seconds.
const QUARTER: u32 = 900;

/// The ends of datetimes that are whole quarters ahead of UTC, or behind it, as most are.
static QUARTERS: [[[u8; 8]; 96]; 2] = {
    let mut tails = [[[0; 8]; 96]; 2];
    let mut i = 0;
    while i < 96 {
        tails[0][i] = offset(false, i as u32 * QUARTER);
        tails[1][i] = offset(true, i as u32 * QUARTER);
        i += 1;
    }
    tails
};

/// The end of a datetime that is so many seconds behind UTC, or ahead.
const fn offset(behind: bool, seconds: u32) -> [u8; 8] {
    let (h, m) = (pair(seconds / 3600), pair(seconds / 60 % 60 + (seconds % 60 >= 30) as u32));
    [if behind { b'-' } else { b'+' }, h[0], h[1], b':', m[0], m[1], b'"', 0]
}

impl Stamp {
    /// Writes it, with its quotes, and says how long it is.
    #[inline(always)]
    pub fn write(&self, place: &mut [u8; PLACE]) -> usize {
        match *self {
            Self::DateTime(day, clock, zone) => {
                place[..32].copy_from_slice(&BLANK);
                day.write(place);
                let end = clock.write(place, 12);
                tail(place, end, zone.tail())
            }
            Self::Date(day) => {
                place[..16].copy_from_slice(&BLANK[..16]);
                day.write(place);
                tail(place, 11, Zone::Naive.tail())
            }
            Self::Time(clock) => {
                place[0] = b'"';
                place[1..17].copy_from_slice(&BLANK[12..28]);
                let end = clock.write(place, 1);
                tail(place, end, Zone::Naive.tail())
            }
            Self::Uuid(v) => {
                place[..BLANK_UUID.len()].copy_from_slice(&BLANK_UUID);
                let words = [v >> 96, v >> 64, v >> 32, v].map(|word| hex(word as u32));
                place[1..9].copy_from_slice(&words[0]);
                place[10..14].copy_from_slice(&words[1][..4]);
                place[15..19].copy_from_slice(&words[1][4..]);
                place[20..24].copy_from_slice(&words[2][..4]);
                place[25..29].copy_from_slice(&words[2][4..]);
                place[29..37].copy_from_slice(&words[3]);
                BLANK_UUID.len()
            }
        }
    }

    /// Without quotes.
    #[must_use]
    pub fn characters(&self) -> String {
        self.with_characters(|characters| characters.iter().map(|&b| char::from(b)).collect())
    }

    /// What `tell` makes of its characters, which are ASCII, without quotes.
    pub fn with_characters<R>(&self, tell: impl FnOnce(&[u8]) -> R) -> R {
        let mut place = [0; PLACE];
        let len = self.write(&mut place);
        tell(&place[1..len - 1])
    }
}

/// Eight digits, all at once: the nibbles are spread over bytes, and those above 9 move up to the letters.
#[inline(always)]
const fn hex(v: u32) -> [u8; 8] {
    let mut x = v as u64;
    x = (x | x << 16) & 0x0000_ffff_0000_ffff;
    x = (x | x << 8) & 0x00ff_00ff_00ff_00ff;
    x = (x | x << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    let letters = (x + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101;
    (x + 0x3030_3030_3030_3030 + letters * (b'a' - b'9' - 1) as u64).to_be_bytes()
}
