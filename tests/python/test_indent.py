"""OPT_INDENT_2."""

import json
import math

import planjson
import pytest
from hypothesis import given
from paths import agreed, works
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


LONGEST = [-(2**63), 2**63 - 1, 0, 7, -2.2250738585072014e-308, 1e16, -0.0, math.nan, 12.5]


def numbers(n):
    """Runs of each kind, longer than any buffer; neighbours of all lengths."""
    return [
        [(-1) ** k * 10 ** (k % 19) for k in range(n)],
        [(-1) ** k * 10.0 ** (k % 300 - 150) / 7 for k in range(n)],
        [k % 3 == 0 for k in range(n)],
        [LONGEST[k % 4] for k in range(n)],
        [float(LONGEST[k % 5 + 4]) for k in range(n)],
        [k % 10 for k in range(n)],
    ]


def on_lines(run, indent, depth):
    unit = indent if isinstance(indent, str) else " " * indent
    lines = (f"\n{unit * depth}{planjson.dumps_str(value)}" for value in run)
    return f"[{','.join(lines)}\n{unit * (depth - 1)}]".encode()


@pytest.mark.parametrize("indent", [0, 1, 2, 3, 7, 8, 15, 30, 31, 32, 33, "\t", " \t "], ids=repr)
def test_runs_of_numbers(indent):
    for n in (1, 2, 5, 6, 7, 63, 64, 65, 255, 256, 257, 600):
        for run in numbers(n):
            assert agreed(run, indent=indent) == on_lines(run, indent, 1)
            found = agreed({"a": run, "b": [run, 1]}, indent=indent)
            assert json.loads(found) == json.loads(works({"a": run, "b": [run, 1]}))


def test_runs_of_numbers_at_every_depth():
    for run in numbers(40):
        for depth in range(60):
            nested = run
            for _ in range(depth):
                nested = {"k": [nested]}
            works(nested, option=INDENT)


def row_lines(rows, indent, depth):
    unit = indent if isinstance(indent, str) else " " * indent
    lines = (f"\n{unit * depth}{on_lines(row, indent, depth + 1).decode()}" for row in rows)
    return f"[{','.join(lines)}\n{unit * (depth - 1)}]".encode()


def points(n, width):
    """Rows of floats of all lengths, some of which are written as null."""
    values = [*LONGEST[4:9], 0.5, 0.1, 1e300, float("nan"), -0.0, 7 / 3]
    return [[float(values[(k * width + i * i) % 11]) for i in range(width)] for k in range(n)]


@pytest.mark.parametrize("indent", [0, 1, 2, 3, 7, 8, 15, 16, 30, 31, 32, "\t", " \t "], ids=repr)
def test_rows_of_numbers(indent):
    for width in (1, 2, 3, 4, 5):
        for n in (1, 2, 3, 31, 32, 33, 43, 63, 64, 65, 86, 128, 129, 300):
            rows = points(n, width)
            assert agreed(rows, indent=indent) == row_lines(rows, indent, 1)
    mixed = [*points(40, 2), [1.5], *points(3, 3), [], [1.5, None], *points(70, 4), 1.5, "x"]
    assert agreed(mixed, indent=indent) == agreed(
        [tuple(r) if r == [] else r for r in mixed], indent=indent
    )
    found = agreed({"a": mixed, "b": [mixed, 1]}, indent=indent)
    assert json.loads(found) == json.loads(works({"a": mixed, "b": [mixed, 1]}))


def test_rows_of_numbers_at_every_depth():
    for width in (2, 3):
        for depth in range(40):
            nested = points(40, width)
            for _ in range(depth):
                nested = {
                    "k": [nested],
                    "v": 1.5,
                    "a long key, which has no fragment of its own": nested,
                }
                nested = {"k": nested["k"]} if depth > 8 else nested
            works(nested, option=INDENT)


def test_members_at_every_depth():
    row = {"a": 1, "b": -1.5, "c": "x" * 40, "d": None, "e": True, "é": "é", "f": "x\n", "g": 2**60}
    row |= {
        "k" * 29: 1,
        "k" * 30: 2,
        "h": [1, {"i": "j"}],
        "empty": {},
        "none": [],
        "l": "y" * 3000,
    }
    nested = row
    for _ in range(40):
        nested = {"m": 1, "n": [nested], "o": "p", **row}
        works(nested, option=INDENT)
        works([nested, row], option=INDENT)
