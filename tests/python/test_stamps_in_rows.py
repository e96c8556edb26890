"""Dates, times and UUIDs in rows: told where they stand, if no Python code runs; and as keys."""

import datetime as dt
import json
import uuid
import zoneinfo

import planjson
import planjson.compat.json
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, same, works
from strategies import options

NOON = dt.datetime(2024, 2, 29, 12, 0, 0, 5)


class Late(dt.tzinfo):
    """A zone that is written in Python; it may spoil what is being told."""

    def __init__(self, spoil=lambda: None):
        self.spoil = spoil

    def dst(self, _):
        return None

    def utcoffset(self, _):
        self.spoil()
        return dt.timedelta(hours=1)


class Day(dt.date):
    pass


STAMPS = {
    "naive": NOON,
    "UTC": NOON.replace(tzinfo=dt.UTC),
    "zone": NOON.replace(tzinfo=zoneinfo.ZoneInfo("Europe/Rome")),
    "fixed": NOON.replace(tzinfo=dt.timezone(dt.timedelta(hours=-3, minutes=-30))),
    "zone in Python": NOON.replace(tzinfo=Late()),
    "date": NOON.date(),
    "time": NOON.time(),
    "UUID": uuid.UUID(int=7),
}
OTHERS = {
    "time with a zone": NOON.time().replace(tzinfo=dt.UTC),
    "date of a subclass": Day(2024, 2, 29),
    "Fragment": planjson.Fragment(b"[1]"),
    "list": [1, [2]],
    "dict": {"a": NOON},
    "set": {1},
}
ALL = STAMPS | OTHERS


def rows(count, *stamps):
    members = {f"at {i}": stamp for i, stamp in enumerate(stamps)}
    return [{"id": i, **members, "by": "text", "note": None} for i in range(count)]


def show(obj):
    return type(obj).__name__


@pytest.mark.parametrize("name", ALL)
def test_each_alone_and_among_others(name):
    for stamps in ([ALL[name]], [NOON, ALL[name]], [ALL[name], NOON.date(), ALL[name]]):
        for count in (1, 2, 3, 40):
            for option in (0, planjson.OPT_SORT_KEYS):
                agreed(rows(count, *stamps), default=show, option=option)
                agreed([{"at": ALL[name]} for _ in range(count)], default=show, option=option)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("usual", STAMPS)
def test_one_row_that_is_not_like_the_others(usual, name):
    for at in (0, 1, 20, 39):
        some = rows(40, STAMPS[usual])
        some[at]["at 0"] = ALL[name]
        some[at]["more"] = ALL[name]
        found = agreed(some, default=show)
        in_order = agreed(some, default=show, option=planjson.OPT_SORT_KEYS)
        assert in_order == found or json.loads(in_order) == json.loads(found)


@given(st.lists(st.sampled_from([*STAMPS.values()]), min_size=1, max_size=4), options())
def test_every_option(stamps, option):
    same(rows(5, *stamps), option=option)


@pytest.mark.parametrize("name", STAMPS)
def test_keys_of_their_own(name):
    source = json.dumps(rows(40, None))
    some = json.loads(source, object_pairs_hook=lambda pairs: {"".join([*k]): v for k, v in pairs})
    for row in some:
        row["".join([*"at 0"])] = STAMPS[name]
    works(some)


def test_passthrough():
    for option in (planjson.OPT_PASSTHROUGH_DATETIME, planjson.OPT_PASSTHROUGH_DATETIME | 1):
        for stamp in STAMPS.values():
            agreed(rows(20, stamp), option=option, default=show)
    fails(rows(3, NOON), option=planjson.OPT_PASSTHROUGH_DATETIME, path='$[0]["at 0"]')


def test_what_is_wrong_is_found():
    for at in (0, 1, 2, 20):
        some = rows(21, NOON, NOON.date())
        some[at]["at 1"] = NOON.time().replace(tzinfo=dt.UTC)
        fails(some, path=f'$[{at}]["at 1"]')
        some[at]["at 1"] = 1j
        fails(some, path=f'$[{at}]["at 1"]')


def test_encoders_come_first():
    encoders = {dt.datetime: lambda moment: moment.year, uuid.UUID: lambda value: value.int}
    want = [{"id": i, "at 0": 2024, "at 1": 7, "by": "text", "note": None} for i in range(20)]
    for arguments in ({}, {"plan": True}):
        found = planjson.dumps(rows(20, NOON, uuid.UUID(int=7)), encoders=encoders, **arguments)
        assert json.loads(found) == want
    plan = planjson.compile(rows(2, NOON, uuid.UUID(int=7)), encoders=encoders)
    assert json.loads(plan.dumps(rows(20, NOON, uuid.UUID(int=7)))) == want


def test_the_standard_librarys_way_knows_none_of_them():
    for stamp in STAMPS.values():
        with pytest.raises(TypeError):
            planjson.compat.json.dumps(rows(20, stamp))
        found = planjson.compat.json.dumps(rows(20, stamp), default=str)
        assert found == json.dumps(rows(20, stamp), default=str)


@pytest.mark.parametrize("change", ["clear", "pop", "grow", "list"])
def test_a_zone_changes_what_is_being_told(change):
    """On each path the same, for a plan that is made anew each time."""

    def spoiled(dumps):
        calls = []

        def spoil():
            calls.append(None)
            if len(calls) != 3:
                return
            row = some[2]
            if change == "clear":
                row.clear()
            elif change == "pop":
                row.pop("by")
            elif change == "grow":
                row.update({f"more {i}": i for i in range(100)})
            else:
                del some[3:]

        some = rows(9, NOON.replace(tzinfo=Late(spoil)), NOON)
        return dumps(some)

    want = spoiled(planjson.dumps)
    assert spoiled(lambda obj: planjson.dumps(obj, plan=True)) == want
    assert spoiled(planjson.compile(rows(2, NOON, NOON)).dumps) == want


@pytest.mark.parametrize("name", STAMPS)
@pytest.mark.parametrize("option", [0, planjson.OPT_NAIVE_UTC, planjson.OPT_OMIT_MICROSECONDS])
def test_as_keys(name, option):
    option |= planjson.OPT_NON_STR_KEYS
    for more in ({}, {"text": 1}, {7: [1], "é": 2}, {NOON: NOON, 2.5: None}):
        for obj in ({STAMPS[name]: 1, **more}, {**more, STAMPS[name]: [NOON]}):
            same(obj, option=option)
            same([obj] * 3, option=option | planjson.OPT_UTC_Z | planjson.OPT_INDENT_2)
    some = {NOON + dt.timedelta(days=i): i for i in range(50)}
    some[STAMPS[name]] = "last"
    works(some, option=option)
    fails({**some, NOON.time().replace(tzinfo=dt.UTC): 1}, option=option)
