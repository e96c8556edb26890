"""OPT_APPEND_NEWLINE."""

import planjson
import pytest
from hypothesis import given
from paths import fails, works
from strategies import documents

NEWLINE = planjson.OPT_APPEND_NEWLINE


@pytest.mark.parametrize("obj", [None, 1, 1.5, "text", "\n", [], {}, (), [1], {"a": 1}], ids=repr)
def test_one_newline_at_the_end(obj):
    assert works(obj, option=NEWLINE) == works(obj) + b"\n"


def test_with_other_options():
    obj = {"b": [], "a": [1]}
    for more in (planjson.OPT_INDENT_2, planjson.OPT_SORT_KEYS):
        assert works(obj, option=NEWLINE | more) == works(obj, option=more) + b"\n"


def test_outputs_of_every_length():
    """The newline needs its own byte of room."""
    for length in range(1200):
        works("x" * length, b'"' + b"x" * length + b'"\n', option=NEWLINE)


def test_inside_hooks_only_at_the_end():
    works([object()], b"[[1]]\n", default=lambda obj: [1], option=NEWLINE)


def test_errors_stay_errors():
    fails([object()], "Type is not JSON serializable: object", "$[0]", option=NEWLINE)


@given(documents())
def test_any_document(obj):
    works(obj, option=NEWLINE)
