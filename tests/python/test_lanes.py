"""Homogeneous runs: around the thresholds, broken at every place, long and very long."""

import math

import model
import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import fails, same, works
from strategies import scalars

RUNS = {
    "small int": lambda n: n,
    "large int": lambda n: n * 10**13 + 10**18,
    "negative int": lambda n: -n * 10**12,
    "unsigned int": lambda n: (1 << 64) - 1 - n,
    "float": lambda n: n / 7,
    "whole float": lambda n: float(n),
    "bool": lambda n: n % 3 == 0,
    "short str": lambda n: f"s{n}",
    "long str": lambda n: f"long string number {n} " * 4,
    "wide str": lambda n: f"é{n}" * 20,
    "none": lambda n: None,
    "list": lambda n: [n],
    "dict": lambda n: {"a": n},
}
BREAKERS = [1, -1, (1 << 64) - 1, 1.5, math.nan, True, False, None, "x", "é" * 50, [], {}, (1,)]
LANES = ["small int", "large int", "float", "bool", "short str", "long str"]

each_run = pytest.mark.parametrize("make", RUNS.values(), ids=RUNS)


def run_of(make, length):
    return [make(n) for n in range(length)]


@each_run
def test_every_length_around_the_thresholds(make):
    for length in range(80):
        items = run_of(make, length)
        works(items)
        works(tuple(items))
        works({"a": items, "b": [items, items]})


@each_run
@pytest.mark.parametrize(
    "length", [127, 128, 129, 255, 256, 257, 1023, 1024, 1025, 2048, 4095, 4096, 4097, 10_000]
)
def test_long(make, length):
    works(run_of(make, length))


@each_run
def test_very_long(make):
    works(run_of(make, 100_000))


@pytest.mark.parametrize("name", LANES)
def test_broken_at_every_place(name):
    for length in (2, 5, 17, 40):
        for breaker in BREAKERS:
            for place in range(length):
                items = run_of(RUNS[name], length)
                items[place] = breaker
                works(items)


@pytest.mark.parametrize("name", LANES)
@pytest.mark.parametrize("length", [1023, 1024, 1025, 1030, 4096, 4100])
def test_long_and_broken_near_the_edges(name, length):
    for place in (0, 1, 511, 1022, 1023, 1024, 1025, 4094, 4095, 4096, length - 1):
        if place < length:
            for breaker in (None, 1, 1.5, "x", True, []):
                items = run_of(RUNS[name], length)
                items[place] = breaker
                works(items)


@pytest.mark.parametrize("first", LANES)
@pytest.mark.parametrize("second", LANES)
def test_one_run_after_another(first, second):
    for left in (0, 1, 2, 3, 4, 5, 6, 7, 15, 16, 17, 33):
        for right in (1, 2, 3, 4, 5, 6, 7, 15, 16, 17, 33):
            works(run_of(RUNS[first], left) + run_of(RUNS[second], right))


def test_all_orders_of_short_runs():
    pieces = [run_of(RUNS[name], length) for name in LANES for length in (1, 3, 8, 20)]
    for one in pieces:
        for two in pieces[::5]:
            for three in pieces[::7]:
                works(one + two + three + [None] + one)


def test_bools_among_ints():
    for length in range(2, 30):
        for place in range(length):
            items = [1, 0] * 15
            items = items[:length]
            items[place] = True
            works(items)
            works([not item for item in items[:place]] + [1] + [True] * 5)
    works([True, 1, False, 0, 1.0, 0.0] * 20)


def test_floats_that_are_whole_among_ints():
    works([1, 1.0, 2, 2.0] * 20)
    works([1] * 20 + [1.0] + [1] * 20)


def test_not_finite_inside_float_runs():
    for length in (1, 5, 6, 7, 8, 20):
        for place in range(length):
            for odd in (math.nan, math.inf, -math.inf, -0.0):
                items = [n / 3 for n in range(length)]
                items[place] = odd
                works(items)
    works([math.nan] * 50)


@pytest.mark.parametrize("name", ["small int", "large int", "float", "bool", "short str"])
@pytest.mark.parametrize("wrong", [1 << 64, -(1 << 63) - 1, "\ud800", object()], ids=repr)
def test_errors_inside_runs(name, wrong):
    for length in (1, 3, 4, 5, 15, 16, 17, 40, 1025):
        for place in {0, 1, length // 2, length - 1} & set(range(length)):
            items = run_of(RUNS[name], length)
            items[place] = wrong
            fails(items, path=f"$[{place}]")
            fails({"a": [items]}, path=f"$.a[0][{place}]")


def test_strict_integer_inside_runs():
    for place in range(20):
        items = list(range(20))
        items[place] = 1 << 53
        fails(items, model.NOT_53_BIT, f"$[{place}]", option=planjson.OPT_STRICT_INTEGER)


def test_integers_of_mixed_sign_and_size():
    works([n * sign for n in (0, 1, 9, 10, 99, 10**9, 2**62, 2**63 - 1) for sign in (1, -1)] * 5)
    works([2**63 - 1, 2**63, -(2**63), 2**64 - 1, 0] * 20)
    works([-1] * 10 + [2**63] * 10 + [-(2**63)] * 10)


@pytest.mark.parametrize("between", [0, 1, 2, 7, 8, 9, 15, 16, 17, 255, 256, 257, 300])
def test_integers_without_a_sign_among_others(between):
    """Whatever stands between two of them; and an error behind one keeps its place."""
    some = list(range(between))
    for bigs in ([2**63], [2**64 - 1] * 3):
        works([*bigs, *some] * 3)
        works([*some, *bigs] * 3)
        same([*some, *bigs, 2**64, *some])
        works([*some, *bigs, None, *bigs, "x", *some])


@pytest.mark.parametrize("n", [1, 31, 32, 127, 128, 129, 255, 256, 257, 300, 1000])
def test_types_by_turns(n):
    """No lane begins where only a neighbour is alike, or only the last that it would take."""
    kinds = [None, True, 7, -(2**40), 1.5, 1e300, "text", "é", 2**63]
    works([kinds[i % len(kinds)] for i in range(n)])
    works([kinds[i * i % len(kinds)] for i in range(n)])
    works([None] * n)
    works([1, 2, "x", 3] * n)
    works([None, *range(n), None, None, *(i / 3 for i in range(n))])


def test_runs_inside_every_row():
    works([{"id": n, "point": [n / 3, n / 7, n / 9], "flags": [True] * 5} for n in range(300)])
    works([[float(n)] * (n % 12) for n in range(300)])
    works([[str(n)] * (n % 40) for n in range(300)])


THRESHOLDS = [
    {"int": 1, "float": 1, "bool": 1, "str": 1},
    {"int": 2, "float": 2, "bool": 2, "str": 2},
    {"int": 3, "float": 7, "bool": 17, "str": 5},
    {"int": 1000, "float": 1000, "bool": 1000, "str": 1000},
    {"int": 1 << 30, "float": 1 << 30, "bool": 1 << 30, "str": 1 << 30},
]


@pytest.mark.usefixtures("keep_thresholds")
@pytest.mark.parametrize("chosen", THRESHOLDS, ids=lambda x: "-".join(map(str, x.values())))
def test_thresholds_change_no_byte(chosen):
    planjson.set_thresholds(**chosen)
    assert planjson.thresholds() == chosen
    for make in RUNS.values():
        for length in (*range(25), 999, 1000, 1001):
            works(run_of(make, length))
    for first in LANES:
        for second in LANES:
            works(run_of(RUNS[first], 3) + run_of(RUNS[second], 18) + run_of(RUNS[first], 1))


def test_the_thresholds_to_start_with():
    assert planjson.thresholds() == {"int": 4, "float": 6, "bool": 2, "str": 16}


@pytest.mark.usefixtures("keep_thresholds")
@pytest.mark.parametrize("wrong", [-1, 0, "4", 1.5, 1 << 70])
def test_thresholds_of_nonsense(wrong):
    before = planjson.thresholds()
    for name in before:
        with pytest.raises((TypeError, ValueError, OverflowError)):
            planjson.set_thresholds(**{**before, name: wrong})
    assert planjson.thresholds() == before
    with pytest.raises(TypeError):
        planjson.set_thresholds(text=3)


@pytest.mark.usefixtures("keep_thresholds")
def test_thresholds_that_are_not_given_stay():
    planjson.set_thresholds(int=7)
    planjson.set_thresholds(str=9, float=None)
    assert planjson.thresholds() == {"int": 7, "float": 6, "bool": 2, "str": 9}
    planjson.set_thresholds()
    assert planjson.thresholds() == {"int": 7, "float": 6, "bool": 2, "str": 9}


@given(st.lists(st.tuples(scalars, st.integers(1, 30)), max_size=8))
def test_any_runs(pieces):
    same([item for item, times in pieces for _ in range(times)])
