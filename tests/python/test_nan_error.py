"""OPT_NAN_ERROR: NaN and infinities are errors that say where."""

import math

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import Failure, agreed, works
from strategies import documents, floats, keys

NAN = planjson.OPT_NAN_ERROR
NON_STR = planjson.OPT_NON_STR_KEYS
SORT = planjson.OPT_SORT_KEYS
TEXT = "NaN and infinity are refused by OPT_NAN_ERROR"

each_value = pytest.mark.parametrize("value", [math.nan, -math.nan, math.inf, -math.inf], ids=repr)


def refused(obj, path, option=NAN, **arguments):
    found = agreed(obj, option=option, **arguments)
    assert found == Failure(TEXT, "None", path)


@each_value
def test_alone(value):
    refused(value, "$")
    refused([value], "$[0]")
    refused((1, value), "$[1]")
    refused({"a": {"b": [1, value]}}, "$.a.b[1]")
    works([value, {"a": value}], b'[null,{"a":null}]')


@each_value
def test_in_runs(value):
    for length in [*range(1, 20), 255, 256, 257, 258, 511, 512, 513, 1024, 1025, 2000]:
        numbers = [n / 7 for n in range(length)]
        assert agreed(numbers, option=NAN) == works(numbers)
        for at in {0, 1, length // 2, length - 1}:
            bad = [*numbers[:at], value, *numbers[at + 1 :]]
            refused({"a": bad}, f"$.a[{at}]")
            refused([*bad, math.nan, "x", object()], f"$[{at}]")


def test_whatever_the_threshold(keep_thresholds):
    for threshold in (1, 2, 6, 256, 10_000):
        planjson.set_thresholds(float=threshold)
        refused([1.5, 2.5, math.nan, math.inf], "$[2]")
        refused([1.5] * 300 + [math.nan], "$[300]")
        assert agreed([1.5] * 300, option=NAN) == works([1.5] * 300)


def test_the_first_error_counts():
    refused([1.5, math.nan, object()], "$[1]")
    assert agreed([1.5, object(), math.nan], option=NAN).path == "$[1]"
    assert agreed({"b": math.nan, "a": object()}, option=NAN | SORT).path == "$.a"
    refused({"b": object(), "a": math.nan}, "$.a", NAN | SORT)


@each_value
def test_keys(value):
    for option in (NAN | NON_STR, NAN | NON_STR | SORT):
        refused({"a": {value: 1}}, "$.a", option)
        assert agreed({1.5: 1, 2: 2}, option=option) == b'{"1.5":1,"2":2}'
    works({value: 1}, b'{"null":1}', option=NON_STR)


@each_value
def test_from_a_hook(value):
    refused([1j], "$[0]", default=lambda obj: value)
    refused([1j], "$[0][7]", default=lambda obj: [1.0] * 7 + [value])


@each_value
def test_with_each_look(value):
    for indent in (None, 1):
        for option in (0, planjson.OPT_ENSURE_ASCII, planjson.OPT_ESCAPE_HTML):
            refused({"a": [1.5, value]}, "$.a[1]", NAN | option, indent=indent)


def test_other_numbers_stay():
    numbers = [0.0, -0.0, 5e-324, 1.7976931348623157e308, -1.7976931348623157e308, 1e22, 0.1]
    for number in numbers:
        assert agreed(number, option=NAN) == works(number)
    assert agreed(numbers, option=NAN) == works(numbers)


def finite(obj):
    if isinstance(obj, float):
        return math.isfinite(obj)
    if isinstance(obj, dict):
        return all(map(finite, obj.values()))
    return not isinstance(obj, (list, tuple)) or all(map(finite, obj))


@given(documents(st.one_of(floats, st.integers(0, 9)), keys))
def test_any_document(obj):
    found = agreed(obj, option=NAN)
    assert isinstance(found, bytes) == finite(obj)
    if finite(obj):
        assert found == works(obj)
    else:
        assert found.text == TEXT
