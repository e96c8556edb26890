"""dumps_str: what dumps returns, decoded."""

import sys

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import Failure, outcome
from runners import brief
from strategies import documents

OPTIONS = [
    None,
    planjson.OPT_INDENT_2,
    planjson.OPT_APPEND_NEWLINE,
    planjson.OPT_SORT_KEYS | planjson.OPT_NON_STR_KEYS,
]


def text(obj, **arguments):
    """What dumps_str returns, as bytes, so that it can be compared."""
    result = planjson.dumps_str(obj, **arguments)
    assert type(result) is str
    return result.encode()


def agree(obj, **arguments):
    want = outcome(planjson.dumps, obj, **arguments)
    for plan in (False, True):
        got = outcome(text, obj, plan=plan, **arguments)
        assert got == want, f"{brief(got)} != {brief(want)}"
    return want


@given(documents(), st.sampled_from(OPTIONS))
def test_it_is_what_dumps_returns(obj, option):
    agree(obj, option=option)


@pytest.mark.parametrize("size", [0, 1, 2, 100, 32_000, 33_000, 70_000, 1_000_000])
@pytest.mark.parametrize("letter", ["a", "\x7f", "é", "中", "\U0001f600"])
def test_all_sizes_and_widths(size, letter):
    obj = ["x" * size + letter]
    assert planjson.dumps_str(obj) == f'["{"x" * size}{letter}"]'
    assert planjson.dumps_str(obj, plan=True) == f'["{"x" * size}{letter}"]'
    assert agree(obj)


def test_one_character():
    for number in range(10):
        assert planjson.dumps_str(number) == str(number)


def test_an_ascii_result_is_compact():
    result = planjson.dumps_str(["a" * 1000])
    assert result.isascii()
    assert sys.getsizeof(result) == sys.getsizeof("b" * len(result))


def test_the_result_can_be_hashed_and_changed_by_nobody():
    obj = {"key": [1, 2.5, "three"]}
    first, again = planjson.dumps_str(obj), planjson.dumps_str(obj)
    assert first == again and hash(first) == hash(again) and first is not again
    assert first[1:-1] + "" == '"key":[1,2.5,"three"]'


def test_errors_are_those_of_dumps():
    found = agree({"a": [1, {2}]})
    assert isinstance(found, Failure) and found.path == "$.a[1]"
    agree("\ud800")


def test_a_hook():
    assert planjson.dumps_str([{1}], default=list) == "[[1]]"
    assert planjson.dumps_str([{1}], list) == "[[1]]"


def test_a_failed_call_leaves_the_next_one_whole():
    with pytest.raises(planjson.JSONEncodeError):
        planjson.dumps_str(["x" * 100_000, {1}])
    assert planjson.dumps_str(["y" * 100_000]) == f'["{"y" * 100_000}"]'
    assert planjson.dumps(["y" * 100_000]) == f'["{"y" * 100_000}"]'.encode()


def test_arguments():
    with pytest.raises(
        TypeError, match=r"dumps_str\(\) missing 1 required positional argument: 'obj'"
    ):
        planjson.dumps_str()
    with pytest.raises(TypeError, match=r"dumps_str\(\) got an unexpected keyword argument 'fp'"):
        planjson.dumps_str(1, fp=2)
    with pytest.raises(TypeError, match=r"dumps_str\(\) takes from 1 to 3 positional"):
        planjson.dumps_str(1, None, None, None)
