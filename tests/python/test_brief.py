"""Lists of a few scalars, which are written on the stack."""

import itertools
import math

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, works

VALUES = [
    0,
    -(2**63),
    2**64 - 1,
    2**64,
    -2.2250738585072014e-308,
    0.1,
    math.nan,
    True,
    None,
    "",
    "tea",
    "\x1f" * 31,
    "\x1f" * 32,
    "\x1f" * 33,
    '"\\' * 16,
    "x" * 33,
    "tée",
    "\ud800",
    [],
    {},
    (1,),
    object(),
]


@pytest.mark.parametrize("value", VALUES)
def test_each_at_each_place(value):
    for count, at in itertools.product(range(1, 11), range(10)):
        if at < count:
            some = [1, 2.5, "tea", None, False, -7, "\x1f" * 32, 1e300, 5, 6][:count]
            some[at] = value
            agreed(some)
            agreed(tuple(some))


@pytest.mark.parametrize("count", range(12))
def test_as_long_as_can_be(count):
    for value in ("\x00" * 32, -2.2250738585072014e-308, -(2**63), [], None):
        works([value] * count)
        works((value,) * count)


def test_other_calls_are_as_they_were():
    assert planjson.dumps([1, 2], option=planjson.OPT_INDENT_2) == b"[\n  1,\n  2\n]"
    assert planjson.dumps([1, 2], option=planjson.OPT_APPEND_NEWLINE) == b"[1,2]\n"
    assert planjson.dumps_str([1, "é"]) == '[1,"é"]'
    assert planjson.dumps([1, object()], default=str)[:3] == b"[1,"


scalars = st.one_of(st.integers(-(2**64), 2**65), st.floats(), st.text(), st.none(), st.booleans())


@given(st.lists(scalars, max_size=10))
def test_any(some):
    agreed(some)


@pytest.mark.parametrize("document", [[], {}, (), 1, "tea", [1, 2.5, "tea", None], [{}], [1] * 9])
def test_a_cached_plan_counts_it(document):
    plan = planjson.compile({"a": 1})
    for _ in range(3):
        assert plan.dumps(document) == planjson.dumps(document)
    assert plan.info()["calls"] == 3


def test_a_cached_plan_keeps_its_options():
    for options, json in [
        ({"option": planjson.OPT_APPEND_NEWLINE}, b"[1.5,null]\n"),
        ({"option": planjson.OPT_INDENT_2}, b"[\n  1.5,\n  null\n]"),
        ({"indent": 1}, b"[\n 1.5,\n null\n]"),
    ]:
        assert planjson.compile([], **options).dumps([1.5, math.nan]) == json
    for flag, value in [(planjson.OPT_STRICT_INTEGER, 2**53), (planjson.OPT_NAN_ERROR, math.nan)]:
        with pytest.raises(planjson.JSONEncodeError):
            planjson.compile([], option=flag).dumps([value])
