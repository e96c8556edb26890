"""datetime, date and time: every zone library, every flag."""

import datetime as dt
import itertools
import sys
import zoneinfo

import planjson
import pytest
from child import run_child
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, same, works
from runners import PATHS
from strategies import options

UTC = dt.UTC
PASS = planjson.OPT_PASSTHROUGH_DATETIME
FLAGS = (
    planjson.OPT_NAIVE_UTC,
    planjson.OPT_UTC_Z,
    planjson.OPT_OMIT_MICROSECONDS,
    planjson.OPT_INDENT_2,
    PASS,
)


def fixed(**offset):
    return dt.timezone(dt.timedelta(**offset))


FIXED = [
    fixed(**offset)
    for offset in (
        {"hours": 1},
        {"hours": -5, "minutes": -30},
        {"hours": 23, "minutes": 59, "seconds": 59},
        {"hours": -23, "minutes": -59, "seconds": -59},
        {"seconds": 29},
        {"seconds": 30},
        {"seconds": -29},
        {"seconds": -30},
        {"seconds": -31},
        {"hours": 1, "seconds": 59},
        {"microseconds": 1},
        {"microseconds": -1},
        {"seconds": 0},
    )
]


def iana(name):
    try:
        return zoneinfo.ZoneInfo(name)
    except zoneinfo.ZoneInfoNotFoundError:
        return UTC


IANA = [iana(name) for name in ("UTC", "Europe/Berlin", "America/St_Johns", "Europe/Amsterdam")]
ZONES = [None, UTC, *FIXED, *IANA]


def combinations(flags):
    for n in range(len(flags) + 1):
        yield from map(sum, itertools.combinations(flags, n))


@pytest.mark.parametrize("option", [*combinations(FLAGS)])
def test_every_flag(option):
    moments = [
        dt.datetime(year, 1, 2, 3, 4, 5, microsecond, tzinfo=zone)
        for year in (1, 99, 1000, 9999)
        for microsecond in (0, 1, 999999)
        for zone in (None, UTC, FIXED[0], IANA[1])
    ]
    moments += [dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.time(0), dt.time(23, 59, 59, 10)]
    same(moments, option=option, default=repr)
    for moment in moments:
        same(moment, option=option)


@pytest.mark.parametrize("zone", ZONES, ids=repr)
def test_every_zone(zone):
    for option in combinations(FLAGS[:3]):
        for moment in (dt.datetime(1, 1, 2, 3), dt.datetime(1900, 1, 1), dt.datetime(2024, 7, 1)):
            works(moment.replace(tzinfo=zone), option=option)
            works([moment.replace(tzinfo=zone), moment.replace(tzinfo=UTC)] * 3, option=option)


def test_zones_take_turns():
    moments = [dt.datetime(2024, 1, 1, tzinfo=zone) for zone in ZONES * 3]
    works(moments)
    works({str(i): moment for i, moment in enumerate(moments)})


def test_offsets_are_rounded_to_minutes():
    moment = dt.datetime(2024, 1, 2, tzinfo=fixed(hours=23, minutes=59, seconds=59))
    works(moment, b'"2024-01-02T00:00:00+23:60"')
    moment = moment.replace(tzinfo=fixed(seconds=-29))
    works(moment, b'"2024-01-02T00:00:00-00:00"')


@pytest.mark.parametrize("zone", [UTC, IANA[1], fixed(hours=1)], ids=repr)
def test_a_time_has_no_zone(zone):
    fails({"at": dt.time(1, tzinfo=zone)}, "datetime.time must not have tzinfo set", "$.at")


def test_a_zero_that_orjson_loses():
    for microsecond in (9_999, 10_000, 12_345, 99_999, 100_000):
        want = f'"01:02:03.{microsecond:06}"'.encode()
        assert agreed(dt.time(1, 2, 3, microsecond)) == want


def test_passthrough():
    document = [dt.datetime(2024, 1, 1), dt.date(2024, 1, 1), dt.time(1)]
    works(document, option=PASS, default=str)
    for each, name in zip(document, ("datetime", "date", "time"), strict=True):
        fails([each], f"Type is not JSON serializable: datetime.{name}", "$[0]", option=PASS)


def test_subclasses_go_to_default():
    class Moment(dt.datetime): ...

    class Day(dt.date): ...

    class Clock(dt.time): ...

    for each in (Moment(2024, 1, 1), Day(2024, 1, 1), Clock(1), dt.timedelta(1), UTC):
        fails(each)
        works(each, default=str)


KEY_OPTIONS = [planjson.OPT_NON_STR_KEYS, planjson.OPT_NON_STR_KEYS | planjson.OPT_SORT_KEYS]


@pytest.mark.parametrize("more", [*combinations(FLAGS)])
@pytest.mark.parametrize("option", KEY_OPTIONS)
def test_keys(option, more):
    keys = [dt.datetime(2024, 1, 1, 5, 6, 7, 8, tzinfo=zone) for zone in ZONES]
    keys += [dt.date(2024, 1, 1), dt.time(1, 2, 3, 4), "a"]
    works({key: i for i, key in enumerate(keys)}, option=option | more)


def test_bad_keys():
    text = "datetime.time must not have tzinfo set"
    fails([{dt.time(1, tzinfo=UTC): 1}], text, "$[0]", option=planjson.OPT_NON_STR_KEYS)
    fails({dt.date(1, 1, 1): 1}, "Dict key must be str", "$")
    fails({dt.timedelta(1): 1}, option=planjson.OPT_NON_STR_KEYS)


def test_pytz():
    pytz = pytest.importorskip("pytz")
    for name in ("UTC", "Europe/Berlin", "America/New_York"):
        zone = pytz.timezone(name)
        works(dt.datetime(2024, 7, 1, tzinfo=zone))
        works(zone.localize(dt.datetime(2024, 7, 1)))
        works(zone.localize(dt.datetime(2024, 1, 1)) + dt.timedelta(days=180))


def test_dateutil():
    tz = pytest.importorskip("dateutil.tz")
    for zone in (tz.UTC, tz.tzoffset("x", -3600), tz.gettz("Europe/Berlin") or tz.UTC):
        works(dt.datetime(2024, 7, 1, tzinfo=zone))
        works(dt.datetime(1900, 7, 1, tzinfo=zone), option=planjson.OPT_UTC_Z)


def test_pendulum():
    pendulum = pytest.importorskip("pendulum")
    for name in ("UTC", "Europe/Berlin", "Europe/Amsterdam"):
        works(dt.datetime(1937, 1, 1, 12, 0, 27, 87, tzinfo=pendulum.timezone(name)))
    fails(pendulum.datetime(2024, 1, 1))  # of a subclass


# Zones that orjson does not survive, or reads what is not there.


class Zone(dt.tzinfo):
    def __init__(self, answer):
        self.answer = answer

    def utcoffset(self, moment):
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


UNSUPPORTED = (
    "datetime's timezone library is not supported: "
    "use datetime.timezone.utc, pendulum, pytz, or dateutil"
)


def test_a_zone_that_raises():
    found = agreed([dt.datetime(2024, 1, 1, tzinfo=Zone(ValueError("no")))])
    assert found == (UNSUPPORTED, "ValueError('no')", "$[0]")


@pytest.mark.parametrize("run", PATHS.values(), ids=PATHS)
def test_a_zone_that_stops_everything(run):
    with pytest.raises(KeyboardInterrupt):
        run([dt.datetime(2024, 1, 1, tzinfo=Zone(KeyboardInterrupt()))])


@pytest.mark.parametrize("answer", ["+01:00", 3600, b"x"], ids=repr)
def test_a_zone_that_answers_something_else(answer):
    found = agreed({"at": dt.datetime(2024, 1, 1, tzinfo=Zone(answer))})
    assert found == (UNSUPPORTED, "None", "$.at")


def test_a_zone_that_does_not_know():
    moment = dt.datetime(2024, 1, 1, tzinfo=Zone(None))
    assert agreed(moment) == b'"2024-01-01T00:00:00"'
    assert agreed(moment, option=planjson.OPT_NAIVE_UTC) == b'"2024-01-01T00:00:00+00:00"'


def test_a_zone_that_hides_its_attributes():
    class Hidden(Zone):
        def __getattribute__(self, name):
            raise AttributeError(name)

    fails(dt.datetime(2024, 1, 1, tzinfo=Hidden(None)), UNSUPPORTED)


@pytest.mark.parametrize("days", [-2, -1, 1, 3])
@pytest.mark.parametrize("seconds", [0, 1, 3600])
def test_offsets_of_days(days, seconds):
    works(dt.datetime(2024, 1, 1, tzinfo=Zone(dt.timedelta(days, seconds))))


def test_a_zone_that_serialises():
    class Nested(Zone):
        def utcoffset(self, moment):
            assert planjson.dumps(moment.replace(tzinfo=UTC)).endswith(b'+00:00"')
            return dt.timedelta(hours=2)

    works([dt.datetime(2024, 1, 1, tzinfo=Nested(None))] * 3)


def test_a_zone_without_end():
    class Endless(Zone):
        def utcoffset(self, moment):
            planjson.dumps([moment])
            return dt.timedelta(0)

    before = sys.getrecursionlimit()
    sys.setrecursionlimit(300)
    try:
        with pytest.raises(planjson.JSONEncodeError):
            planjson.dumps(dt.datetime(2024, 1, 1, tzinfo=Endless(None)))
    finally:
        sys.setrecursionlimit(before)


offsets = st.timedeltas(dt.timedelta(-1, 1), dt.timedelta(seconds=86399))
zones = st.one_of(st.none(), st.sampled_from(ZONES), offsets.map(dt.timezone))
# orjson 3.13.0 loses a zero of these, see test_a_zero_that_orjson_loses.
times = st.times().filter(lambda clock: not 10_000 <= clock.microsecond < 100_000)
moments = st.one_of(st.datetimes(timezones=zones), st.dates(), times)
documents = st.recursive(
    moments,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.dictionaries(moments, inner, max_size=3),
    ),
)


@given(documents, options((*FLAGS, planjson.OPT_NON_STR_KEYS, planjson.OPT_SORT_KEYS)))
def test_any_moments(document, option):
    same(document, option=option)
    same(document, option=option, default=repr)


def test_nothing_is_imported():
    run_child("imports_child.py")


MOMENT = dt.datetime(2024, 2, 29, 23, 59, 59, 1)


@pytest.mark.parametrize("n", [15, 16, 17, 31, 32, 33, 100, 5000])
@pytest.mark.parametrize(
    "element", [MOMENT, MOMENT.date(), MOMENT.time(), MOMENT.replace(tzinfo=UTC)]
)
def test_long_lists_stand_anywhere(n, element):
    run = [element] * n
    for obj in (
        run,
        [run],
        {"a": 1, "b": run, "c": [run, {"d": run}]},
        ["x", *run, None, [], *run],
    ):
        same(obj)
        same(obj, option=planjson.OPT_INDENT_2)
    same([run, {"key": element}, element])


@pytest.mark.parametrize("odd", [MOMENT.date(), MOMENT.replace(tzinfo=UTC), "text", 1])
@pytest.mark.parametrize("at", [0, 1, 2, 31, 32, 39])
def test_long_lists_change_on_the_way(odd, at):
    run = [MOMENT] * 40
    run[at] = odd
    same(run)
    same({"rows": run})


@pytest.mark.parametrize("option", FLAGS)
@pytest.mark.parametrize("zone", ZONES, ids=repr)
def test_a_zone_among_others_in_a_long_list(zone, option):
    for other, at in itertools.product((None, UTC, IANA[1]), (0, 1, 31, 32, 39)):
        run = [MOMENT.replace(tzinfo=other)] * 40
        run[at] = MOMENT.replace(tzinfo=zone)
        same(run, option=option)


@pytest.mark.parametrize("at", [0, 1, 31, 32, 39])
def test_what_is_wrong_in_a_long_list_is_found(at):
    run = [MOMENT] * 40
    run[at] = 1j
    fails({"a": [1, run]}, path=f"$.a[1][{at}]")
    run[at] = MOMENT.time().replace(tzinfo=UTC)
    fails(run, path=f"$[{at}]")
