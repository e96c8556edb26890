"""Ints and floats by turns."""

import io
import itertools
import random

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, works

OPTIONS = [None, *(getattr(planjson, name) for name in dir(planjson) if name.startswith("OPT_"))]
INTS = [0, -1, 7, 123, -4567, 10**9, -(2**62), 2**63 - 1, -(2**63)]
FLOATS = [0.0, -0.0, 1.5, 0.1, -2.2250738585072014e-308, 1e300, 123456789.125, 1e16, 5e-324]
ODD = [
    2**63,
    2**64 - 1,
    2**64,
    True,
    None,
    "tea",
    [],
    [1, 2.5],
    float("nan"),
    float("inf"),
    object(),
]


def numbers(seed, count, doubles=0.5):
    draw = random.Random(seed)
    return [draw.choice(FLOATS if draw.random() < doubles else INTS) for _ in range(count)]


@pytest.mark.parametrize("count", [*range(70), 127, 128, 129, 200, 255, 256, 257, 600])
def test_lengths(count):
    for doubles in (0.1, 0.25, 0.5, 0.75, 0.9):
        some = numbers(count, count, doubles)
        works(some)
        works([some, tuple(some), {"a": some}])
        agreed(some, indent="\t")
        agreed([[some]], option=planjson.OPT_INDENT_2)
    turns = [FLOATS[i % 9] if i % 2 else INTS[i % 9] for i in range(count)]
    works(turns)
    works(turns[1:])


@pytest.mark.parametrize("odd", ODD)
def test_one_that_is_another(odd):
    for count, at in itertools.product(
        (40, 64, 300), (0, 1, 2, 15, 16, 17, 31, 39, 63, 64, 65, 127, 299)
    ):
        if at < count:
            some = numbers(at, count)
            some[at] = odd
            agreed(some)
            agreed(some, option=planjson.OPT_INDENT_2)
            agreed(some, default=lambda _: 1.5)


@pytest.mark.parametrize("option", OPTIONS)
def test_options(option):
    some = numbers(1, 300)
    agreed(some, option=option)
    agreed([some, *FLOATS, float("nan"), *some], option=option)


@pytest.mark.parametrize("indent", [1, 7, 14, 15, 16, 31, 32, 100])
def test_lines_of_every_width(indent):
    some = numbers(2, 130)
    agreed([some, [some, [some]]], indent=indent)


def test_an_error_names_the_place():
    for at in (0, 20, 63, 64, 150):
        some = numbers(3, 151)
        some[at] = 2**64
        assert fails(some).path == f"$[{at}]"


def test_files_and_thresholds(keep_thresholds):
    some = numbers(4, 5000)
    want = planjson.dumps(some)
    file = io.BytesIO()
    planjson.dump(some, file)
    assert file.getvalue() == want
    for threshold in (1, 2, 1000):
        planjson.set_thresholds(int=threshold, float=threshold)
        assert works(some) == want


@given(
    st.lists(st.one_of(st.integers(-(2**65), 2**65), st.floats(), st.integers(-9, 9)), max_size=200)
)
def test_any(some):
    agreed(some, option=planjson.OPT_BIG_INTEGER)
    agreed(some)
    agreed({"in": some}, option=planjson.OPT_INDENT_2)
