"""Many members in the order of their keys, which `dumps(plan=True)` passes part by part."""

import datetime
import itertools

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, works
from runners import direct, planned
from test_inert_planned import INERT, ODD, others, trees
from test_members_planned import SIZES, around, changes, members

SORT = planjson.OPT_SORT_KEYS
KEYS = planjson.OPT_NON_STR_KEYS
DAY = datetime.date(2024, 1, 1)


def numbered(size):
    """Members with other keys."""
    some = list(members(size).items())
    return {
        name if i % 5 == 4 else DAY + datetime.timedelta(i * 37 % size) if i % 5 == 3 else i: value
        for i, (name, value) in enumerate(some)
    }


BOTH = pytest.mark.parametrize(
    ("build", "option"), [(members, SORT), (members, SORT | KEYS), (numbered, SORT | KEYS)]
)


@BOTH
@pytest.mark.parametrize("size", SIZES)
def test_sizes(build, option, size):
    works(build(size), option=option)
    works(around(build(size), [build(size)], {"in": build(size)}), option=option)
    agreed(around(build(size)), option=option | planjson.OPT_OMIT_NONE)
    agreed(around(build(size)), option=option | planjson.OPT_INDENT_2)


@BOTH
@pytest.mark.parametrize("name", [*ODD, *INERT])
def test_one_that_is_another(build, option, name):
    value = (ODD | INERT)[name]
    for size, at in itertools.product((40, 300, 700), (0, 7, 8, 31, 32, 39, 299, 699)):
        if at < size:
            some = build(size)
            some[list(some)[at]] = value
            agreed(around(some), option=option)
            some[list(some)[at]] = [{"x": value}]
            agreed(around({**some, "last": value}), option=option)


@BOTH
@pytest.mark.parametrize("value", ["\ud800", 2**64, object()])
def test_an_error_names_the_place(build, option, value):
    for size, at in itertools.product((40, 300, 700), (0, 8, 39, 299, 699)):
        if at < size:
            some = build(size)
            some[list(some)[at]] = (1, {"here": value})
            assert fails(around(some), option=option).path.endswith("[1].here")
            some[list(some)[at]] = value
            assert fails(around(some), option=option).path.startswith("$[1]")


@BOTH
@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize("at", [0, 5, 40, 150, 299])
def test_hooks_that_change_the_dict_come_too_late(build, option, number, at):
    """All members are taken before the first value is told."""

    def run(way):
        some = build(300)
        some[list(some)[at]] = object()
        change = list(changes(some))[number]

        def hook(_):
            change()
            return 0

        return way(around(some), default=hook, option=option)

    still = build(300)
    still[list(still)[at]] = 0
    assert run(planned) == run(direct) == direct(around(still), option=option)


@given(st.lists(trees, min_size=1, max_size=30), st.integers(0, 90), others)
def test_any_members_with_another_in_them(some, at, other):
    some = [*some * 3]
    some.insert(at, other)
    agreed(around(dict(zip(map(str, itertools.count()), some, strict=False))), option=SORT)
    agreed(around(dict(zip(itertools.count(), some, strict=False))), option=SORT | KEYS)
