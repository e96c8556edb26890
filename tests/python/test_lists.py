"""Lists and tuples of every small length, of one type and of several."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import works
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
