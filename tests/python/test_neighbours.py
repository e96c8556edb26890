"""Neighbours told in loops of their own: for the hook, of subclasses, fragments; quiet dicts."""

import dataclasses
import datetime
import enum
import uuid

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import works
from runners import GIL, PATHS

KEYS = planjson.OPT_NON_STR_KEYS


class Thing:
    pass


class Text(str):
    pass


class Number(int):
    pass


class Row(list):
    pass


class Word(enum.StrEnum):
    A = "a"
    B = 'b"'


class Digit(enum.IntEnum):
    A = 1
    B = 2**64 - 1


MIXED = st.sampled_from(
    [
        Thing(),
        Thing(),
        {1},
        1j,
        Text("t\u00e9"),
        Text("x" * 200),
        Number(3),
        Number(-(2**63)),
        Word.A,
    ]
    + [Word.B, Digit.A, Digit.B, Row([1, [2]]), Row(), "s", 1, [], {"a": Thing()}, 1.5, None]
)


@given(st.lists(MIXED, max_size=8).flatmap(lambda some: st.sampled_from([some, some * 20])))
def test_any_order(some):
    works(some, default=lambda obj: type(obj).__name__)


@pytest.mark.parametrize("way", PATHS)
@pytest.mark.skipif(not GIL, reason="a list that is open is a copy")
def test_a_hook_that_changes_the_list(way):
    def change(obj):
        if len(some) > 3:
            del some[3:]
        return [len(some), "x" * 200]

    some = [Thing() for _ in range(10)]
    assert PATHS[way](some, default=change) == b"[%s]" % b",".join(
        [b'[3,"' + b"x" * 200 + b'"]'] * 3
    )


@pytest.mark.parametrize("way", PATHS)
def test_a_hook_that_makes_the_class_a_dataclass(way):
    def change(obj):
        if not dataclasses.is_dataclass(C):
            dataclasses.dataclass(C)
        return "hook"

    C = type("C", (), {"__annotations__": {"x": int}, "x": 5})
    some = [C() for _ in range(4)]
    for one in some:
        one.x = 7
    assert PATHS[way](some, default=change) == b'["hook",{"x":7},{"x":7},{"x":7}]'


@pytest.mark.parametrize("way", PATHS)
@pytest.mark.skipif(not GIL, reason="a list that is open is a copy")
def test_results_that_die_and_say_so(way):
    class Dying(str):
        def __del__(self):
            died.append(1)
            some.clear()

    died = []
    some = [Thing() for _ in range(5)]
    assert PATHS[way](some, default=lambda obj: Dying("gone" * 20)) == b'["%s"]' % (b"gone" * 20)
    assert died


def test_dates_for_the_hook_and_others():
    day = datetime.date(2020, 1, 1)
    some = [day, datetime.datetime(2020, 1, 1), Thing(), day, uuid.UUID(int=5), day, Text("x")] * 5
    works(some, default=lambda obj: type(obj).__name__, option=planjson.OPT_PASSTHROUGH_DATETIME)


def test_the_place_of_an_error():
    with pytest.raises(planjson.JSONEncodeError) as raised:
        planjson.dumps([[Text("a"), Text("\ud800")]])
    assert raised.value.path == "$[0][1]"
    with pytest.raises(planjson.JSONEncodeError) as raised:
        planjson.dumps([Thing(), Thing()], default=lambda obj: "ok" if obj is None else {1: 2})
    assert raised.value.path.startswith("$[0]")
    with pytest.raises(planjson.JSONEncodeError) as raised:
        planjson.dumps([{1: 2, 3: 2**64}], option=KEYS)
    assert raised.value.path == '$[0]["3"]'


FLAT = st.one_of(
    st.none(), st.integers(-(2**63), 2**64 - 1), st.text(max_size=5), st.just([]), st.floats()
)
ANY_KEY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.text(max_size=40),
    st.floats(),
    st.uuids(),
)


@given(st.dictionaries(ANY_KEY, st.one_of(FLAT, st.lists(FLAT, max_size=2)), max_size=6))
def test_quiet_keys(some):
    works([some, some], option=KEYS)
    works(some, option=KEYS | planjson.OPT_SORT_KEYS)


@pytest.mark.parametrize("way", PATHS)
def test_keys_are_refused_before_a_value_is_told(way):
    for bad, key in (
        ({1: 2**64, 2**64: 1}, {2**64: 1}),
        ({"a": 2**64, "\ud800": 1}, {"\ud800": 1}),
    ):
        with pytest.raises(planjson.JSONEncodeError) as alone:
            planjson.dumps(key, option=KEYS)
        with pytest.raises(planjson.JSONEncodeError) as raised:
            PATHS[way](bad, option=KEYS)
        assert str(raised.value) == str(alone.value)


@pytest.mark.parametrize("way", PATHS)
def test_fragments(way):
    some = [
        planjson.Fragment(b'{"a":1}'),
        planjson.Fragment("\u00e9"),
        planjson.Fragment("x" * 300),
    ] * 40
    want = b"[%s]" % b",".join([b'{"a":1}', "\u00e9".encode(), b"x" * 300] * 40)
    assert PATHS[way](some) == want
    with pytest.raises(planjson.JSONEncodeError) as raised:
        PATHS[way]([*some, planjson.Fragment(5)])
    assert raised.value.path == "$[120]"
