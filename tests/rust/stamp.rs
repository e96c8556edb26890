//! Dates, times and UUIDs against a plain way to write them.

use planjson::emit::format::Compact;
use planjson::emit::kernel::Scalar;
use planjson::sink::Sink;
use planjson::stamp::{Clock, Day, PLACE, Stamp, Zone};
use proptest::prelude::*;

use crate::documents::strategy::config;
use crate::ways::written;

fn json(stamp: Stamp) -> String {
    let mut place = [b'!'; PLACE];
    let len = stamp.write(&mut place);
    let json = String::from_utf8(place[..len].to_vec()).expect("ASCII");
    assert_eq!(json, format!("\"{}\"", stamp.characters()));
    let told = |format| written::<Scalar, _>(format, |writer, pen| writer.stamp(pen, &stamp));
    assert_eq!(told(Compact), json.as_bytes());
    json
}

fn day() -> impl Strategy<Value = Day> {
    (1..=9999_u16, 1..=12_u8, 1..=31_u8).prop_map(|(year, month, day)| Day { year, month, day })
}

fn clock() -> impl Strategy<Value = Clock> {
    let microsecond = prop_oneof![Just(0), Just(1), Just(999_999), 0..1_000_000_u32];
    (0..24_u8, 0..60_u8, 0..60_u8, microsecond).prop_map(|(hour, minute, second, microsecond)| Clock {
        hour,
        minute,
        second,
        microsecond,
    })
}

fn plain_day(Day { year, month, day }: Day) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

fn plain_clock(Clock { hour, minute, second, microsecond }: Clock) -> String {
    let fraction = if microsecond == 0 { String::new() } else { format!(".{microsecond:06}") };
    format!("{hour:02}:{minute:02}:{second:02}{fraction}")
}

fn plain_zone(zone: Zone) -> String {
    match zone {
        Zone::Naive => String::new(),
        Zone::Z => String::from("Z"),
        Zone::Offset { behind, seconds } => {
            let minutes = (seconds / 60) % 60 + u32::from(seconds % 60 >= 30);
            format!("{}{:02}:{minutes:02}", if behind { '-' } else { '+' }, seconds / 3600)
        }
    }
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn dates_and_times(day in day(), clock in clock(), behind: bool, seconds in 0..86400_u32) {
        prop_assert_eq!(json(Stamp::Date(day)), format!("\"{}\"", plain_day(day)));
        prop_assert_eq!(json(Stamp::Time(clock)), format!("\"{}\"", plain_clock(clock)));
        for zone in [Zone::Naive, Zone::Z, Zone::UTC, Zone::Offset { behind, seconds }] {
            let want = format!("\"{}T{}{}\"", plain_day(day), plain_clock(clock), plain_zone(zone));
            prop_assert_eq!(json(Stamp::DateTime(day, clock, zone)), want);
        }
    }

    #[test]
    fn uuids(v: u128) {
        let hex = format!("{v:032x}");
        let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
        prop_assert_eq!(json(Stamp::Uuid(v)), format!("\"{}\"", parts.join("-")));
    }
}

#[test]
fn every_offset() {
    let (day, clock) =
        (Day { year: 1, month: 1, day: 1 }, Clock { hour: 0, minute: 0, second: 0, microsecond: 0 });
    for (behind, seconds) in [false, true].into_iter().flat_map(|behind| (0..86400).map(move |s| (behind, s)))
    {
        let zone = Zone::Offset { behind, seconds };
        assert_eq!(Stamp::DateTime(day, clock, zone).characters()[19..], plain_zone(zone));
    }
}

/// A minute is never carried over, which orjson does not do either.
#[test]
fn offsets_are_rounded_to_minutes() {
    let day = Day { year: 1, month: 1, day: 1 };
    let clock = Clock { hour: 0, minute: 0, second: 0, microsecond: 0 };
    let end = |behind, seconds| {
        let stamp = Stamp::DateTime(day, clock, Zone::Offset { behind, seconds });
        stamp.characters()[19..].to_owned()
    };
    assert_eq!(end(false, 29), "+00:00");
    assert_eq!(end(false, 30), "+00:01");
    assert_eq!(end(true, 29), "-00:00");
    assert_eq!(end(true, 5 * 3600 + 30 * 60), "-05:30");
    assert_eq!(end(false, 86399), "+23:60");
}
