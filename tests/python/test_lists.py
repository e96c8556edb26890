"""Lists and tuples of every small length, of one type and of several."""

import itertools
import math
import random

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, same, works
from runners import PATHS
from strategies import documents, scalars


class Tag(str):
    """A str of a subclass."""


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


@pytest.mark.parametrize("length", [63, 64, 65, 127, 128, 511, 512, 513, 577, 1024, 1025, 1600])
def test_booleans_up_to_something_else(length):
    bools = [place % 3 == 0 or place % 7 == 1 for place in range(length)]
    works(bools)
    for place in {0, 1, 63, 64, length // 2, length - 2, length - 1}:
        for item in (None, 1, "text"):
            works([*bools[:place], item, *bools[place:]])


BY_TURNS = [1, -5, 1.5, 0.25, "text", "long text " * 5, "é", "漢字", True, False, None, [], (), {}]
BY_TURNS += [1 << 60, -(1 << 63), (1 << 64) - 1, math.inf, ["in", 1, None], {"a": 1}, Tag("tag")]


@pytest.mark.parametrize(
    "alphabet", [BY_TURNS, BY_TURNS[:11], [1, 1.5], ["a", 1], [True, None, "x"]]
)
def test_types_by_turns_at_every_length(alphabet):
    """Where hardly any element is like the next, none is looked at for a run."""
    rng = random.Random(len(alphabet))
    for length in [*range(45), 300]:
        items = rng.choices(alphabet, k=length)
        works(items)
        works([items, {"a": tuple(items)}])
        works(items, option=planjson.OPT_NAIVE_UTC | planjson.OPT_INDENT_2)
        # A run in the midst of it, and behind it.
        place = rng.randrange(length + 1)
        works([*items[:place], *[rng.choice(alphabet)] * rng.randrange(20), *items[place:]])


@pytest.mark.parametrize(
    "odd", [1 << 53, 1 << 64, "\ud800", object(), math.nan, math.inf], ids=repr
)
def test_what_is_wrong_among_types_by_turns(odd):
    option = planjson.OPT_STRICT_INTEGER | planjson.OPT_NAN_ERROR
    for length in range(30):
        items = [[1, "a", 1.5, True, None][place % 5] for place in range(length)]
        for place in {0, length // 2, length}:
            wrong = [*items[:place], odd, *items[place:]]
            assert agreed(wrong, option=option).path == f"$[{place}]"
            assert agreed({"a": [[], wrong]}, option=option).path == f"$.a[1][{place}]"


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


@pytest.mark.parametrize("width", range(1, 20))
def test_points_of_every_width(width):
    """Up to 16 floats are told together with those of the lists around."""
    for odd in (1, None, "text", math.nan, 1.5, [1.5]):
        for length, place in itertools.product((1, 2, 15, 16, 17, 40), (0, 7, 15, 18)):
            points = [[n / 7 + k / 1000 for k in range(width)] for n in range(length)]
            points[length // 2][place % width] = odd
            works(points)
            works([*points, tuple(points[0][:-1]), points[0]], option=planjson.OPT_INDENT_2)


COLUMNS = {
    "int": lambda rng: rng.randrange(-(10**6), 10**6),
    "float": lambda rng: rng.choice((rng.random(), 0.25, math.nan, math.inf)),
    "bool": lambda rng: rng.random() < 0.5,
    "str": lambda rng: "text"[: rng.randrange(5)],
    "large": lambda rng: rng.choice((2**64 - 1, 2**63, 7)),
}


def column(kind, share, length):
    """Values of a kind, of which so many are missing."""
    rng = random.Random(length)
    make = COLUMNS[kind]
    return [None if rng.random() < share else make(rng) for _ in range(length)]


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.9])
def test_none_among_others(kind, share):
    for length in [*range(30), 63, 64, 65, 255, 256, 257, 300, 1000]:
        items = column(kind, share, length)
        works(items)
        works({"a": tuple(items), "b": [items, items]})
    for option in (planjson.OPT_INDENT_2, planjson.OPT_APPEND_NEWLINE):
        works(column(kind, share, 400), option=option)


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("odd", [[], [1, None], {}, "é", 2**64 - 1, (1.5, 2.5), "x" * 3000, 1.5])
def test_something_odd_behind_none(kind, odd):
    for length in (7, 70, 300):
        for place in (0, 1, 6, 64, 65, 299):
            items = column(kind, 0.3, length)
            items[place % length] = odd
            works(items)


def test_what_is_wrong_behind_none():
    for kind, place in itertools.product(COLUMNS, (0, 5, 30, 70, 260)):
        items = column(kind, 0.2, 300)
        items[place] = 1j
        fails(items, path=f"$[{place}]")
    some = [0.5] * 10 + [None, 0.5, None]
    for items, path in (([*some, math.nan, None], "$[13]"), ([*some * 30, math.inf], "$[390]")):
        found = agreed(items, option=planjson.OPT_NAN_ERROR)
        assert not isinstance(found, bytes)
        assert found.path == path
    assert agreed([*some * 30], option=planjson.OPT_NAN_ERROR) == works([*some * 30])
    many = [1, 2, 3, 4, 5, None] * 20
    fails([*many, 2**53], option=planjson.OPT_STRICT_INTEGER, path="$[120]")
    works(many, option=planjson.OPT_STRICT_INTEGER)


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_hook_shortens_a_list_with_none(kind):
    def shortened(dumps):
        def hook(_):
            del items[150:]

        items = column(kind, 0.2, 300)
        items[100] = {1, 2}
        return dumps(items, default=hook)

    assert shortened(PATHS["planned"]) == shortened(PATHS["direct"])
    assert shortened(PATHS["cached"]) == shortened(PATHS["direct"])


@pytest.mark.parametrize("item", [7, -123456, 2**62, 1.5, "text", True], ids=repr)
@pytest.mark.parametrize(
    "odd", [None, "é", [1], [], {"a": 1}, 2**64 - 1, "x" * 3000, 2.5], ids=repr
)
def test_something_odd_in_a_short_list(item, odd):
    for length in [*range(1, 12), 22, 23, 24, 25, 38, 39, 40, 41]:
        for place in {0, 1, length // 2, length - 2, length - 1} & set(range(length)):
            items = [item] * length
            items[place] = odd
            works([items, {"a": items}])


def test_points_at_the_depth_limit():
    for depth in range(250, 258):
        nested = [[0.1, 0.2], [0.3, 0.4]]
        for _ in range(depth):
            nested = [nested]
        same(nested)


class Stranger:
    pass


FEW = [*ITEMS, 1 << 63, 1 << 60, "a" * 40, 'q"\\\n', "\u4e2d", 1e300, math.inf, {}]


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_few_elements_inside_containers(kind):
    for first in FEW:
        works([kind([first])])
        works({"a": kind([first]), "b": [kind([first])] * 3})
        for second in FEW:
            works([kind([first, second]), 1])
            works({"a": kind([first, second]), "b": {"c": kind([first, second, first])}})


def test_a_few_elements_at_the_depth_limit():
    for inner in ([], {}, [1], [1, "x"], [1, []], [1, {}], [1, ()], [1, [2]]):
        for depth in range(250, 258):
            nested = inner
            for _ in range(depth):
                nested = [nested]
            same(nested)
            same({"a": nested})


@pytest.mark.parametrize("place", range(3))
def test_what_is_wrong_with_one_of_a_few(place):
    for wrong, options in [
        (object(), 0),
        ("\ud800", 0),
        (1 << 64, 0),
        (1 << 53, planjson.OPT_STRICT_INTEGER),
        (math.nan, planjson.OPT_NAN_ERROR),
    ]:
        few = [1, "x", None]
        few[place] = wrong
        assert agreed({"a": [few]}, option=options).path == f"$.a[0][{place}]"
        assert agreed([tuple(few)], option=options).path == f"$[0][{place}]"


CHANGES = {
    "clear": list.clear,
    "pop": list.pop,
    "append": lambda few: few.append([2]),
    "insert": lambda few: few.insert(0, "y"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("place", range(3))
def test_a_hook_changes_the_few(place, change):
    outcomes = set()
    for run in PATHS.values():
        few = [1, "x", None]
        few[place] = Stranger()

        def default(_, few=few):
            CHANGES[change](few)
            return {"changed": [1, [2]]}

        outcomes.add(run({"a": few, "b": [few]}, default=default))
    assert len(outcomes) == 1


def in_lists(value, depth, before=(), behind=()):
    for _ in range(depth):
        value = [*before, value, *behind]
    return value


@pytest.mark.parametrize(
    "around", [((), ()), ((1,), ()), ((), ("x",)), ((None,), (2.5,)), (([],), ([3],))]
)
def test_lists_in_lists_of_every_depth(around):
    """Up to eight are told by one loop; what is odd in the last of them opens them all."""
    for depth in range(1, 14):
        for odd in [*ITEMS, (2.5, 1.5), [1.5, 2.5], list(range(9)), [[]], {"a": [[[1]]]}]:
            nested = in_lists(odd, depth, *around)
            works([nested, nested])
            works({"a": tuple(nested), "b": 1})


@given(st.recursive(st.sampled_from(FEW), lambda inner: st.lists(inner, max_size=3), max_leaves=40))
def test_any_lists_in_lists(nested):
    works([nested])
    works({"a": nested}, option=planjson.OPT_INDENT_2)


def test_what_is_wrong_in_lists_in_lists():
    for depth in range(1, 14):
        for before in range(3):
            nested = in_lists(object(), depth, [0] * before)
            assert agreed(nested).path == "$" + f"[{before}]" * depth


@pytest.mark.parametrize("change", CHANGES)
def test_a_hook_changes_lists_in_lists(change):
    for depth in range(1, 11):
        for level in range(depth):
            outcomes = set()
            for run in PATHS.values():
                nested = in_lists(Stranger(), depth, [1], ["x", [2]])
                changed = nested
                for _ in range(level):
                    changed = changed[1]

                def default(_, changed=changed):
                    CHANGES[change](changed)
                    return "hook"

                outcomes.add(run([nested, {"again": nested}], default=default))
            assert len(outcomes) == 1


@pytest.mark.parametrize("length", range(1, 20))
def test_rows_of_tables(length):
    """Lists of scalars of types by turns, told before they are opened; each with one odd value."""
    row = [[1, "text", 1.5, None, True, False, "x" * 40][place % 7] for place in range(length)]
    works([row] * 3)
    works([tuple(row)] * 3, option=planjson.OPT_INDENT_2)
    for place in range(length):
        for odd in [*ITEMS, 1 << 63, "\u4e2d", math.inf]:
            rows = [[*row[:place], odd, *row[place + 1 :]], row]
            works(rows)
        wrong = [*row[:place], object(), *row[place + 1 :]]
        assert agreed([row, wrong]).path == f"$[1][{place}]"
