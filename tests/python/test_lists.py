"""Lists and tuples of every small length, of one type and of several."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import same, works
from strategies import documents, scalars

ITEMS = [1, -(1 << 63), 1.5, "text", "é" * 50, True, None, [], {}, (), [1], {"a": 1}, (1,)]


def test_empty():
    works([], b"[]")
    works((), b"[]")
    works([[]], b"[[]]")
    works([(), []], b"[[],[]]")


@pytest.mark.parametrize("kind", [list, tuple])
@pytest.mark.parametrize("item", ITEMS, ids=repr)
def test_every_small_length_of_one_item(kind, item):
    for length in range(70):
        works(kind([item] * length))


@pytest.mark.parametrize("kind", [list, tuple])
def test_every_pair_of_items(kind):
    for first in ITEMS:
        for second in ITEMS:
            works(kind([first, second]))
            works(kind([first, second] * 10))


@pytest.mark.parametrize("length", [255, 256, 257, 1023, 1024, 1025, 4095, 4096, 4097, 70_000])
def test_long_and_mixed(length):
    items = [ITEMS[place % len(ITEMS)] for place in range(length)]
    works(items)
    works(tuple(items))


def test_nested_rows():
    works([[row * 10 + column for column in range(10)] for row in range(500)])
    works([tuple("abc" * row for row in range(5))] * 300)


def test_the_same_object_many_times():
    inner = {"a": ["shared" * 20, 1.5]}
    works([inner] * 50 + [[inner]] * 3)


def test_lists_with_room_to_spare():
    items = []
    for number in range(200):
        items.append(number)
        works(items)
    while items:
        items.pop()
        works(items)
    works(items, b"[]")


@given(st.lists(scalars), st.sampled_from([list, tuple]))
def test_any_flat_list(items, kind):
    works(kind(items))


@given(st.lists(documents(), max_size=4))
def test_any_list(items):
    works(items)


POINTS = [
    lambda n: [n / 7, -n / 3],
    lambda n: (n * 0.5, n * 1e300, -0.25),
    lambda n: [n / 7, math.nan] if n % 5 == 0 else [float(n), 1e-9],
    lambda n: [n / 7] * 4,
]
STRANGERS = [
    *([], [1.5], [1.5, 2], [2, 1.5], (1.5, 2.5, 3.5), [1.5, "x"], [[1.5, 2.5]]),
    *(1.5, None, "x"),
]


@pytest.mark.parametrize("point", POINTS)
def test_points(point):
    for length in [*range(12), 63, 64, 65, 127, 128, 129, 1000]:
        points = [point(n) for n in range(length)]
        works(points)
        works({"a": tuple(points), "b": [points, points]})


@pytest.mark.parametrize("stranger", STRANGERS, ids=repr)
def test_points_with_a_stranger_among_them(stranger):
    for length in (2, 3, 9, 130):
        for place in {0, 1, length // 2, length - 1}:
            points = [[n / 7, n / 3] for n in range(length)]
            points[place] = stranger
            works(points)


def test_points_at_the_depth_limit():
    for depth in range(250, 258):
        nested = [[0.1, 0.2], [0.3, 0.4]]
        for _ in range(depth):
            nested = [nested]
        same(nested)
