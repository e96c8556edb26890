"""Cached plans where Python code changes what is walked, where keys change, and shapes collide."""

import itertools
import random

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import outcome

KEYS = [f"key{i}" for i in range(6)]
NAMES = [*KEYS, "other", "more", "ключ", "k" * 40]

# What a hook does to a dict: the number of an action, and the keys that it is done to.
ACTIONS = st.tuples(st.integers(0, 7), st.sampled_from(NAMES), st.sampled_from(NAMES))


def act(some, action, one, another):
    value = some.pop(one, [1])
    if action == 0:
        some[one] = value
    elif action == 1:
        some[another] = value
    elif action == 2:
        some.clear()
    elif action == 3:
        some.update((f"more{i}", i) for i in range(60))
    elif action == 4:
        some[one], some[another] = {"a": 1}, {"a": [{"a": object()}]}
    elif action == 5:
        some.update(dict(reversed(some.items())))
    elif action == 6:
        some[7] = value


def document(at, listed):
    rows = [{key: {"a": i} for key in KEYS} for i in range(4)]
    for row in rows[:3]:
        row[KEYS[at]] = object()
    return rows if listed else {"first": rows[0], "rows": rows[1:]}


def rows_of(some):
    return some if isinstance(some, list) else [some["first"], *some["rows"]]


@given(st.lists(ACTIONS, max_size=4), st.integers(0, 5), st.booleans(), st.integers(0, 3))
def test_hooks_that_change_dicts(actions, at, listed, which):
    def run(way):
        some = document(at, listed)
        rows, left = rows_of(some), list(actions)

        def hook(_):
            if left:
                act(rows[which], *left.pop())
            return {"told": 1}

        return outcome(way, some, default=hook)

    example = document(at, listed)
    want = run(planjson.dumps)
    assert run(lambda obj, **more: planjson.compile(example, **more).dumps(obj)) == want
    assert run(lambda obj, **more: planjson.compile(**more).dumps(obj)) == want
    assert run(lambda obj, **more: planjson.dumps(obj, plan=True, **more)) == want


class Fickle(str):
    """A key that is equal to what it is told to be."""

    __slots__ = ("says",)

    def __eq__(self, other):
        return getattr(self, "says", str(self)) == other

    def __hash__(self):
        return hash(getattr(self, "says", str(self)))


def test_keys_that_are_equal_to_others_after_a_change():
    key = Fickle("id")
    rows = [{"id": 1, "name": "tea"}, {key: 2, "name": "milk"}, {"name": 1, key: 2}]
    for flags in (0, planjson.OPT_NON_STR_KEYS, planjson.OPT_PASSTHROUGH_SUBCLASS):
        plan = planjson.compile(rows[:1], option=flags)
        for says in ("id", "name", "id", "other"):
            key.says = says
            want = outcome(planjson.dumps, rows, option=flags)
            assert outcome(plan.dumps, rows) == want
            assert outcome(planjson.compile(rows, option=flags).dumps, rows) == want


@pytest.mark.parametrize("seed", range(20))
def test_shapes_that_share_their_ends(seed):
    """First and last key and length alike: only what is between tells them apart."""
    rng = random.Random(seed)
    middles = list(itertools.permutations("abc"))
    shapes = [["first", *rng.choice(middles), "last"] for _ in range(12)]
    rows = [dict.fromkeys(rng.choice(shapes), i) for i in range(400)]
    plan = planjson.compile(*[[dict.fromkeys(shape, 0)] for shape in shapes[:4]])
    for _ in range(3):
        assert plan.dumps(rows) == planjson.dumps(rows)
    info = plan.info()
    assert info["rows"] == 1200


@pytest.mark.parametrize("seed", range(20))
def test_shapes_whose_first_keys_take_each_others_places(seed):
    rng = random.Random(seed)
    firsts = [f"key{rng.random()}" for _ in range(64)]
    rows = [{rng.choice(firsts): i, "more": None, "last": "x"} for i in range(1000)]
    plan = planjson.compile(*[[{first: 1, "more": 1, "last": 1}] for first in firsts[:8]])
    for _ in range(3):
        assert plan.dumps(rows) == planjson.dumps(rows)
