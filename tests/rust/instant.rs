//! numpy's dates against a calendar that counts day by day.

use planjson::instant::{self, Unit};
use planjson::stamp::{Day, Stamp, Zone};

/// The unit with this place in numpy's list.
const fn unit(code: u8) -> Unit {
    Unit { code, steps: 1 }
}

const DAYS: Unit = unit(4);
const SECONDS: Unit = unit(7);

fn json(v: i64, unit: Unit) -> Option<String> {
    instant::stamp(v, unit, Zone::Naive, true).ok().map(|stamp| stamp.characters())
}

const fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400)
}

fn next(Day { year, month, day }: Day) -> Day {
    let last = match month {
        2 => 28 + u8::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    match (day < last, month < 12) {
        (true, _) => Day { year, month, day: day + 1 },
        (false, true) => Day { year, month: month + 1, day: 1 },
        (false, false) => Day { year: year + 1, month: 1, day: 1 },
    }
}

#[test]
fn every_day_of_ten_thousand_years() {
    let mut day = Day { year: 0, month: 1, day: 1 };
    for since in -719_528.. {
        let Ok(stamp) = instant::stamp(since, DAYS, Zone::Naive, true) else {
            assert_eq!(day, Day { year: 9999, month: 12, day: 31 }, "orjson writes no later one");
            break;
        };
        assert!(matches!(stamp, Stamp::DateTime(found, ..) if found == day), "{since}: {stamp:?}, {day:?}");
        day = next(day);
    }
    assert_eq!(json(-719_529, DAYS), None);
}

#[test]
fn the_seconds_around_midnight() {
    for days in [-719_528, -1, 0, 1, 11_016, 2_932_895] {
        for (second, time) in [(0, "00:00:00"), (1, "00:00:01"), (43_199, "11:59:59"), (86_399, "23:59:59")] {
            let found = json(days * 86_400 + second, SECONDS);
            // The last hour of the last day but one is refused.
            let Some(found) = found else {
                assert!(days == 2_932_895 && second == 86_399);
                continue;
            };
            let date = json(days, DAYS).expect("a day");
            assert_eq!(found, format!("{}T{time}", &date[..10]));
        }
    }
}
