"""What a cached plan says of itself: counts, reasons, what it holds and what a copy of it holds."""

import copy
import pickle
from decimal import Decimal
from pathlib import Path

import planjson
import pytest
from runners import GUESSES

pytestmark = pytest.mark.skipif(not GUESSES, reason="nothing is guessed")

ROW = {"id": 1, "name": "tea"}


def counts(plan):
    info = plan.info()
    return info["rows"], info["hits"]


def test_the_same_place_in_several_shapes_is_one():
    plan = planjson.compile({"a": {"k": 1}, "x": 1}, {"a": {"k": 1}, "y": 1}, learn=False)
    for _ in range(3):
        plan.dumps({"a": {"z": 1}, "x": 1})
    plan.dumps({"a": {"z": 1}, "y": 1})
    assert plan.info()["deopts"] == {"$.a": {"unknown shape": 4}}
    nodes = [n for n in plan.explain().nodes if n["path"] == "$.a"]
    assert [n["deopts"] for n in nodes] == [{"unknown shape": 3}, {"unknown shape": 1}]


@pytest.mark.parametrize(
    "document",
    [
        [None, *[ROW] * 20],
        [None] * 7 + [ROW],
        [[], *[[ROW]] * 20],
        [[], None, (), [[], ROW]],
        {"a": [None, ROW, ROW]},
        [[[[[[ROW]]]]]],
        [{}, ROW, {}],
        [None, {}, ROW],
    ],
    ids=repr,
)
def test_dicts_of_lists_that_begin_otherwise_are_met(document):
    plan = planjson.compile(document)
    assert plan.dumps(document) == planjson.dumps(document)
    everything = str(document).count("{")
    assert counts(plan) == (everything, everything)
    assert plan.info()["deopts"] == {}


@pytest.mark.parametrize("value", [Decimal("1.5"), {1}, Path("a"), 1j], ids=repr)
def test_values_that_run_python_code_leave_the_rest_guided(value):
    rows = [{"id": 1, "v": value, "items": [{"q": 1}] * 2} for _ in range(50)]
    flags = planjson.OPT_SERIALIZE_DECIMAL | planjson.OPT_SERIALIZE_MORE
    arguments = {"option": flags, "default": str}
    plan = planjson.compile(rows[:1], **arguments)
    for _ in range(3):
        assert plan.dumps(rows) == planjson.dumps(rows, **arguments)
    assert counts(plan) == (450, 450)
    assert plan.info()["deopts"] == {}


def test_every_dict_that_is_not_kept_counts():
    full = planjson.compile(*[{f"k{i}": 1} for i in range(8)])
    for i in range(100):
        full.dumps({f"z{i % 20}": 1})
    assert full.info()["refused"] == 100
    strange = planjson.compile([ROW])
    rows = [{**ROW, f"k{i}": i} if i % 20 == 0 else ROW for i in range(20_000)]
    strange.dumps(rows)
    assert strange.info()["refused"] == 1000
    stays = planjson.compile(learn=False)
    stays.dumps(ROW)
    assert stays.info()["refused"] == 0


def many_shapes():
    return [
        {f"a{i}": 1, "n": {f"b{j}": {f"c{k}": 1}}}
        for i in range(3)
        for j in range(5)
        for k in range(6)
    ]


@pytest.mark.parametrize("listed", [False, True])
def test_a_copy_has_all_shapes(listed):
    rows = many_shapes()
    plan = planjson.compile(*[[row] if listed else row for row in rows], learn=False)
    for other in (pickle.loads(pickle.dumps(plan)), copy.deepcopy(plan)):
        for name in ("shapes", "keys"):
            assert other.info()[name] == plan.info()[name]
        assert other.dumps(rows) == planjson.dumps(rows)


@pytest.mark.parametrize("first", [None, 1, 2.5, "", [], {}, ...], ids=repr)
def test_a_copy_has_the_kernels(first):
    plan = planjson.compile({"a": first})
    for value in ({"x": 1}, [{"y": 1}], [[{"z": 1}]]):
        for _ in range(3):
            plan.dumps({"a": value})

    def kernels(plan):
        found = (
            (node["path"], key["key"], key["kernel"])
            for node in plan.explain().nodes
            for shape in node["shapes"]
            for key in shape["keys"]
        )
        return sorted(found)

    assert len(kernels(plan)) == 4
    assert kernels(pickle.loads(pickle.dumps(plan))) == kernels(plan)


def chain(n):
    inner = [{}]
    for _ in range(n):
        inner = [{}, inner]
    return inner


@pytest.mark.parametrize("learn", [False, True])
def test_places_are_bounded(learn):
    keys = [f"key{i}" for i in range(500)]
    plan = planjson.compile(dict.fromkeys(keys, 1), learn=learn)
    document = {key: chain(100) for key in keys}
    assert plan.dumps(document) == planjson.dumps(document)
    assert plan.info()["bytes"] < 16 << 20
    assert len(plan.explain().nodes) <= 8192


@pytest.mark.parametrize(
    ("arguments", "used"),
    [
        ({}, True),
        ({"encoders": {complex: str}}, True),
        ({"encoders": {int: str}}, False),
        ({"option": planjson.OPT_SORT_KEYS}, False),
        ({"option": planjson.OPT_OMIT_NONE}, False),
    ],
)
def test_whether_it_is_used(arguments, used):
    explained = planjson.compile({"a": 1}, **arguments).explain()
    assert explained.totals["used"] is used
    assert ("not used" in str(explained)) is not used


def test_learn_is_a_bool():
    with pytest.raises(TypeError, match="learn must be a bool, not int"):
        planjson.compile(ROW, learn=1)


def test_a_copy_has_shapes_that_others_cover():
    plan = planjson.compile({"v": [{"z": 1}]}, {"v": {"a": 1}}, {"v": {"a": 1, "b": 2}})
    assert plan.info()["shapes"] == pickle.loads(pickle.dumps(plan)).info()["shapes"] == 4
