"""OPT_INDENT_2."""

import json
import math

import planjson
import pytest
from hypothesis import given
from paths import works
from strategies import documents

INDENT = planjson.OPT_INDENT_2


def test_as_json_writes_it():
    obj = {"a": [1, 2.5, {"b": (1, "x")}], "c": "x", "d": {"e": None, "f": [[True]]}}
    works(obj, json.dumps(obj, indent=2).encode(), option=INDENT)


def test_empty_containers_stay_together():
    works([], b"[]", option=INDENT)
    works({}, b"{}", option=INDENT)
    works((), b"[]", option=INDENT)
    works([[], {}, ()], b"[\n  [],\n  {},\n  []\n]", option=INDENT)
    works({"a": {}, "b": [[]]}, b'{\n  "a": {},\n  "b": [\n    []\n  ]\n}', option=INDENT)


@pytest.mark.parametrize("scalar", [None, True, 1, -1.5, "text", "é\n"])
def test_scalars_are_not_indented(scalar):
    assert works(scalar, option=INDENT) == works(scalar)


@pytest.mark.parametrize("item", [1, 1.5, True, "text", "é" * 20, None, [], {"a": 1}], ids=repr)
def test_every_small_length(item):
    for length in range(40):
        works([item] * length, option=INDENT)
        works({f"k{n}": item for n in range(length)}, option=INDENT)
        works([[item] * length] * 3, option=INDENT)


def test_every_depth():
    for wrap in (lambda x: [x], lambda x: {"a": x}, lambda x: [1, {"a": x, "b": [x]}][:2]):
        obj = [1, 2.5, "x"]
        for depth in range(253):
            if depth < 20 or depth % 11 == 0 or depth > 250:
                works(obj, option=INDENT)
            if len(str(obj)) > 100_000:
                break
            obj = wrap(obj)


def test_long_runs():
    for item in (1, 1.5, True, "text"):
        works({"a": {"b": [item] * 5000}}, option=INDENT)


def test_not_finite():
    works([math.nan, 1.5, math.inf], b"[\n  null,\n  1.5,\n  null\n]", option=INDENT)


def test_with_other_options():
    obj = {"b": [1, {}], "a": {"d": 1, "c": []}}
    for more in (planjson.OPT_SORT_KEYS, planjson.OPT_APPEND_NEWLINE, planjson.OPT_NON_STR_KEYS):
        works(obj, option=INDENT | more)
    works({1: {2.5: [None]}}, option=INDENT | planjson.OPT_NON_STR_KEYS)


@given(documents())
def test_any_document(obj):
    works(obj, option=INDENT)
