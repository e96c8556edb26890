"""Dicts of many members that `dumps(plan=True)` looks at and passes part by part."""

import itertools

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, works
from runners import direct, planned
from test_inert_planned import INERT, ODD, OPTIONS, List, Text, order, others, trees

VALUES = [
    1,
    -(2**63),
    2**64 - 1,
    1.5,
    None,
    True,
    "tea",
    "tée",
    [],
    {},
    [1, [2]],
    {"a": {"b": 2}},
    (3,),
]

# Around what is looked at, what is told at once, what can be known, and what a look takes in.
SIZES = [1, 31, 32, 33, 40, 127, 128, 129, 255, 256, 257, 511, 512, 513, 600, 3000]


def members(size):
    return {f"key{i}": VALUES[i % len(VALUES)] for i in range(size)}


def around(*some):
    """Not inert as a whole, so that parts are looked at."""
    return [List([1]), *some]


@pytest.mark.parametrize("size", SIZES)
def test_sizes(size):
    works(members(size))
    works(around(members(size), [members(size)], {"in": members(size)}))
    works(around({str(i): order(i) for i in range(size)}))
    works(around(dict.fromkeys(members(size), 1), {key: {} for key in members(size)}))


@pytest.mark.parametrize("option", OPTIONS)
def test_options(option):
    agreed(around(members(100), members(600)), option=option)
    agreed({"a": members(100), "b": {str(i): order(i) for i in range(100)}}, option=option)


@pytest.mark.parametrize("name", [*ODD, *INERT])
def test_one_that_is_another(name):
    value = (ODD | INERT)[name]
    for size, at in itertools.product((40, 300, 700), (0, 1, 7, 8, 9, 31, 32, 39, 299, 699)):
        if at < size:
            works(around({**members(size), f"key{at}": value}))
            works(around({**members(size), f"key{at}": [{"x": value}], "last": value}))


@pytest.mark.parametrize("value", ["\ud800", 2**64, object()])
def test_an_error_names_the_place(value):
    for size, at in itertools.product((40, 300, 700), (0, 8, 39, 299, 699)):
        if at < size:
            some = around({**members(size), f"key{at}": (1, {"here": value})})
            assert fails(some).path == f"$[1].key{at}[1].here"
            some = around({**members(size), f"key{at}": value})
            assert fails(some).path == f"$[1].key{at}"


def test_keys_that_are_no_strs_and_keys_that_are_wrong():
    for at, key in itertools.product(
        (0, 35, 199), (7, "\ud800", Text("more"), None, "k" * 50, "ключ")
    ):
        names = [*members(200)]
        names[at] = key
        some = around({name: [1] for name in names})
        agreed(some)
        agreed(some, option=planjson.OPT_NON_STR_KEYS)


def test_members_that_were_taken_out():
    for taken in (range(0, 300, 7), range(40), range(260, 300), range(299), range(300)):
        some = members(300)
        for i in taken:
            del some[f"key{i}"]
        works(around(some))
        some["new"] = [1]
        works(around(some))


def changes(some):
    yield lambda: some.clear()
    yield lambda: some.pop("key5", None)
    yield lambda: some.pop("key299", None)
    yield lambda: some.update((f"other{i}", [i]) for i in range(1000))
    yield lambda: some.update(key299=Text("other"), key298=object)
    yield lambda: [some.pop(key) for key in list(some)[:-1]]
    yield lambda: (some.clear(), some.update((f"other{i}", [i]) for i in range(310)))


@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize("at", [0, 5, 40, 150, 299])
@pytest.mark.parametrize("size", [300, 600])
def test_hooks_that_change_the_dict(number, at, size):
    def run(way):
        some = members(size)
        some[f"key{at}"] = object()
        change = list(changes(some))[number]

        def hook(_):
            change()
            return 0

        return way(around(some), default=hook)

    assert run(planned) == run(direct)


def test_large_ints_run_python_code_where_a_flag_asks_for_them():
    some = {**members(300), "big": 10**40, "then": [10**40]}
    agreed(around(some, some), option=planjson.OPT_BIG_INTEGER)


def test_as_deep_as_can_be():
    for depth, inner in itertools.product(range(246, 257), ([], {}, [1], {"a": 1})):
        value = {**members(40), "deep": inner}
        for level in range(depth):
            value = [value] if level % 2 else {"a": value}
        agreed(value)


@given(st.lists(trees, min_size=1, max_size=30), st.integers(0, 90), others)
def test_any_members_with_another_in_them(some, at, other):
    keys = (f"key{i}" for i in itertools.count())
    some = [*some * 3]
    some.insert(at, other)
    agreed(around(dict(zip(keys, some, strict=False))))
    agreed(around({key: [value] for key, value in zip(keys, some * 9, strict=False)}))


@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize("at", [1, 33, 40, 299, 599])
def test_hooks_in_dicts_for_which_one_before_them_stands(number, at):
    def run(way):
        some = {f"key{i}": {"a": i, "b": None} for i in range(600)}
        some[f"key{at}"]["b"] = object()
        change = list(changes(some))[number]

        def hook(_):
            change()
            return 0

        return way(around(some), default=hook)

    assert run(planned) == run(direct)


@pytest.mark.parametrize("name", [*ODD, *INERT])
def test_another_among_scalars_by_turns(name):
    value = (ODD | INERT)[name]
    for size, at in itertools.product((40, 300, 700), (0, 1, 31, 32, 33, 39, 299, 699)):
        if at < size:
            some = list(members(size).values())
            scalars = [v for v in some if not isinstance(v, (list, dict, tuple))]
            works(around([*scalars[:at], value, *scalars[at:]]))


@pytest.mark.parametrize("value", ["\ud800", 2**64, object()])
def test_an_error_among_scalars_by_turns_names_the_place(value):
    for at in (0, 1, 31, 32, 33, 64, 299):
        scalars = [1, None, "tea", 2.5, True] * 60
        scalars[at] = value
        assert fails(around(scalars)).path == f"$[1][{at}]"
        assert fails(scalars).path == f"$[{at}]"
