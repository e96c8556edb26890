"""indent=: any number of spaces, or any white space."""

import json

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, works
from runners import PATHS
from strategies import documents

SPACES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33, 100, 300]
STRINGS = ["", " ", "\t", "\n", "\r", " \t", "\t \n\r", "  ", "\t" * 20, " \t" * 8, " " * 50]
OBJECTS = [
    [],
    {},
    [[], {}, ()],
    [1, 2.5, "x", None, True],
    {"a": [1, 2.5, {"b": (1, "x")}], "c": "x", "d": {"e": None, "f": [[True]]}},
    [[[[[[[[[[{"a": {"b": [[[["deep"]]], 1]}}, 2]]]]]]]]]],
    {"numbers": list(range(40)), "é": ["中" * 50], "": ""},
]


def written(obj, indent):
    return json.dumps(obj, indent=indent, ensure_ascii=False).encode()


@pytest.mark.parametrize("indent", [*SPACES, *STRINGS], ids=repr)
def test_as_json_writes_it(indent):
    for obj in OBJECTS:
        assert agreed(obj, indent=indent) == written(obj, indent)


@pytest.mark.parametrize("indent", [0, 1, 4, "\t", " \t", "x".replace("x", " ") * 9], ids=repr)
def test_every_depth(indent):
    obj = [1, {"a": 2}]
    for depth in range(200):
        if depth < 40 or depth % 17 == 0:
            assert agreed(obj, indent=indent) == written(obj, indent)
        obj = [obj] if depth % 3 else {"k": obj, "l": 1}


@pytest.mark.parametrize("indent", [0, 1, 2, 4, 7, 14, 15, 16, 31, 40, "\t"], ids=repr)
def test_flat_dicts_at_every_depth(indent):
    """One behind the other, which is a step of its own where the line is short."""
    rows = [
        {"id": 1, "name": "tea", "tags": []},
        {"id": 2, "name": "x" * 70, "sold": None},
        {"id": 3},
        {},
        {"fresh": True},
        {"list": [1]},
        {"price": 1.5},
    ]
    obj = rows
    for depth in range(36):
        assert agreed(obj, indent=indent) == written(obj, indent)
        if depth % 5 == 0:
            in_order = json.dumps(obj, indent=indent, sort_keys=True).encode()
            assert agreed(obj, indent=indent, option=planjson.OPT_SORT_KEYS) == in_order
        obj = [obj, {"k": rows}] if depth % 3 else {"k": obj, "l": rows}


def test_a_wide_indentation_of_a_deep_document():
    """Longer than the room's pieces."""
    obj = 1
    for _ in range(200):
        obj = [obj]
    assert agreed(obj, indent=1000) == written(obj, 1000)
    assert agreed([[1]], indent=40_000) == written([[1]], 40_000)


def test_none_is_compact():
    works([1, {"a": 2}], b'[1,{"a":2}]', option=None)
    assert agreed([1, {"a": 2}], indent=None) == b'[1,{"a":2}]'


def test_with_other_options():
    obj = {"b": [1, None], "a": {2: None}}
    option = planjson.OPT_SORT_KEYS | planjson.OPT_NON_STR_KEYS | planjson.OPT_APPEND_NEWLINE
    want = b'{\n "a": {\n  "2": null\n },\n "b": [\n  1,\n  null\n ]\n}\n'
    assert agreed(obj, indent=1, option=option) == want


def test_option_and_argument_that_agree():
    for indent in (2, "  ", None):
        assert agreed([1], indent=indent, option=planjson.OPT_INDENT_2) == b"[\n  1\n]"


@pytest.mark.parametrize("run", PATHS.values(), ids=PATHS)
class TestRefused:
    def hook(self, obj):
        raise AssertionError("not asked")

    @pytest.mark.parametrize("indent", [0, 1, 4, "", " ", "\t"], ids=repr)
    def test_contradiction(self, run, indent):
        with pytest.raises(ValueError, match="OPT_INDENT_2"):
            run([1j], default=self.hook, option=planjson.OPT_INDENT_2, indent=indent)

    @pytest.mark.parametrize("indent", [-1, -(1 << 63), 1 << 32, 1 << 64, -(1 << 70)], ids=repr)
    def test_numbers(self, run, indent):
        with pytest.raises(ValueError, match="indent must be"):
            run([1j], default=self.hook, indent=indent)

    @pytest.mark.parametrize(
        "indent",
        [
            "x",
            " x",
            "\x0b",
            "\x0c",
            "\xa0",
            "\u2003",
            "\u2020",
            "\U0001f600",
            "\ud800",
            "\0",
            " \t" * 9,
        ],
        ids=ascii,
    )
    def test_strings(self, run, indent):
        with pytest.raises(ValueError, match="indent must be"):
            run([1j], default=self.hook, indent=indent)

    @pytest.mark.parametrize("indent", [True, False, 2.0, b"  ", [], object], ids=repr)
    def test_types(self, run, indent):
        with pytest.raises(TypeError, match="indent must be None, an int or a str"):
            run([1j], default=self.hook, indent=indent)


def test_keyword_only():
    with pytest.raises(TypeError):
        planjson.dumps([1], None, None, 4)
    with pytest.raises(TypeError):
        planjson.plan([1], None, None, 4)


def test_a_plan_shows_the_bytes_of_its_indentation():
    plan = planjson.plan({"a": [1, 2]}, indent=7)
    assert f"; {len(plan.emit())} bytes (" in str(plan)


@given(documents(), st.one_of(st.integers(0, 40), st.text(" \t\n\r", max_size=16)))
def test_any_document(obj, indent):
    found = agreed(obj, indent=indent)
    assert json.loads(found) == json.loads(agreed(obj))
    two = agreed(obj, option=planjson.OPT_INDENT_2)
    assert agreed(obj, indent=2) == two
