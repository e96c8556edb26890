"""What stands behind the first element of a list, where no look sees it before it is told."""

import datetime
import decimal
import enum
import itertools
import uuid
from zoneinfo import ZoneInfo

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, works
from runners import direct, planned
from test_inert_planned import INERT, ODD, OPTIONS, Text, order, orders, trees

Colour = enum.Enum("Colour", {"RED": "red", "DEEP": [1, {"in": (2.5, None)}]})


class Late(datetime.tzinfo):
    """A zone that is written in Python."""

    def utcoffset(self, _):
        return datetime.timedelta(hours=1)


class Unknown:
    def __init__(self, value):
        self.value = value


NOON = datetime.datetime(2024, 2, 29, 12, 0, 0, 5)
QUIET = {
    "datetime": NOON,
    "datetime of a zone": NOON.replace(tzinfo=ZoneInfo("Europe/Rome")),
    "datetime of a zone in Python": NOON.replace(tzinfo=Late()),
    "date": NOON.date(),
    "time": NOON.time(),
    "UUID": uuid.UUID(int=7),
    "member": Colour.RED,
    "member with a container": Colour.DEEP,
    "Fragment": planjson.Fragment(b'{"is":"finished"}'),
}
ALL = ODD | INERT | QUIET | {"object": Unknown(1), "large": 2**70}


def behind(value):
    """Containers in which `value` follows something inert."""
    return [
        [1, value],
        [{"a": 1}, {"a": value}],
        [{"a": []}, {"a": [value]}],
        [[], [[value]]],
        [{"a": 1}, value, {"a": 1}],
        {"a": [(1,), (2, value, 3)], "b": value},
    ]


def with_one(value, at, count=60):
    """Rows of which one has it. The first element is seen to be no inert one, so that the others
    are looked at one by one, and not the whole document."""
    some = orders(count)
    some[at]["more"] = value
    return [Text("seen"), *some]


def show(obj):
    return [type(obj).__name__, getattr(obj, "value", None)]


@pytest.mark.parametrize("name", ALL)
def test_values(name):
    for value, at in itertools.product(behind(ALL[name]), (0, 3, 31, 59)):
        agreed(with_one(value, at), default=show)
        agreed(with_one(value, at)[: at + 2], default=show)
        agreed(with_one(value, at)[1:], default=show)
    agreed({"some": orders(2), "then": behind(ALL[name])}, default=show)


@pytest.mark.parametrize("option", OPTIONS)
def test_options(option):
    for value in (*QUIET.values(), Unknown(2)):
        some = [Text("seen"), *({"id": i, "at": 1, "then": behind(value)} for i in range(40))]
        some += [{"id": i, "at": value} for i in range(40)]
        agreed(some, option=option, default=show)
        agreed(some, option=option)
        agreed(some[:2], option=option, default=show)


def test_errors_name_the_place():
    for value, at in itertools.product(("\ud800", 2**64, Unknown(1)), (0, 3, 59)):
        some = with_one([{"a": 1}, {"a": [[], [0, value]]}], at)
        assert fails(some).path == f"$[{at + 1}].more[1].a[1][1]"
        assert fails(some[at + 1]).path == "$.more[1].a[1][1]"


def test_an_error_of_a_hook():
    def hook(obj):
        raise ValueError(obj.value)

    some = with_one([1, Unknown(7)], 40)
    failure = agreed(some, default=hook)
    assert failure.path == "$[41].more[1]"
    assert failure.cause == "ValueError(7)"


@pytest.mark.parametrize("depth", [1, 200, 252, 253, 254, 255, 256])
def test_hooks_within_hooks(depth):
    """Each object's hook returns a document that is looked at; so many are too many."""

    def hook(obj):
        if obj.value == 0:
            return None
        return with_one([1, Unknown(obj.value - 1)], 1, 4)

    agreed(with_one([0, Unknown(depth)], 33), default=hook)
    agreed([Unknown(depth)], default=lambda obj: [1, Unknown(obj.value - 1)] if obj.value else None)


def test_members_within_members():
    Deep = enum.Enum("Deep", {"A": [1, Colour.DEEP], "B": [{"a": 1}, {"a": Colour.RED}]})
    works(with_one([1, Deep.A], 35) + with_one([Deep.B], 2))
    itself = enum.Enum("Itself", {"A": [0]})
    itself.A.value.append(itself.A)
    fails(with_one([1, itself.A], 35))


def test_encoders():
    encoders = {
        Unknown: lambda obj: obj.value,
        decimal.Decimal: str,
        datetime.datetime: lambda at: at.year,
    }
    value = [Unknown([1, Unknown(2)]), decimal.Decimal("1.50"), NOON]
    for each in behind(value):
        assert agreed(with_one(each, 50), encoders=encoders) == agreed(
            with_one(each, 50),
            default=lambda obj: obj.value if isinstance(obj, Unknown) else str(obj),
            encoders={datetime.datetime: lambda at: at.year},
        )
    agreed(orders(60), encoders={Unknown: show, str: len})


CHANGES = [
    lambda some: some.clear(),
    lambda some: some[41].clear(),
    lambda some: some[41]["more"].clear(),
    lambda some: some[41]["more"].extend([1, None, "tea"] * 20),
    lambda some: some[41].update({f"key{i}": i for i in range(50)}),
    lambda some: some[41].pop("id"),
    lambda some: some[40].clear(),
    lambda some: some[42]["customer"].clear(),
    lambda some: some.insert(0, None),
    lambda some: some.extend(orders(100)),
    lambda some: some.__setitem__(slice(30, 60), [[Unknown(1)]] * 3),
    lambda some: some[50].update(customer=[1, Unknown(5)]),
]


@pytest.mark.parametrize("change", CHANGES)
def test_hooks_that_change_what_is_told(change):
    def run(way, value):
        some = with_one(value(Unknown(0)), 40)
        calls = []

        def hook(obj):
            calls.append(obj.value)
            if len(calls) == 1:
                change(some)
            return [1, {"then": Unknown(obj.value + 1)}] if obj.value < 3 else orders(2)

        return way(some, default=hook), calls

    values = [
        lambda obj: [1, obj, 2],
        lambda obj: [{"a": 1}, {"a": obj, "b": 2}, {"a": 3}],
        lambda obj: [{"a": []}, {"b": [[], [obj]]}, 4],
        lambda obj: [(1, 2), (obj, obj)],
    ]
    for value in values:
        assert run(planned, value) == run(direct, value)


def test_many_members():
    def run(way, at):
        some = {f"key{i}": [i, {"a": [1, 2]}] for i in range(400)}
        some[f"key{at}"] = [1, Unknown(1)]

        def hook(_):
            some.pop("key399", None)
            some["key0"] = some["new"] = None
            return 5

        return way([some, Text("seen"), some], default=hook)

    for at in (0, 31, 40, 200, 399):
        assert run(planned, at) == run(direct, at)


def test_a_document_within():
    def hook(_):
        assert planjson.dumps(some[1:30], plan=True) == planjson.dumps(some[1:30])
        return planjson.loads(planjson.dumps(orders(40), plan=True))

    some = with_one([1, Unknown(1), [2, Unknown(2)]], 45)
    assert planned(some, default=hook) == direct(some, default=hook)


others = st.sampled_from([*QUIET.values(), *ODD.values(), Unknown(1), "\ud800", 2**64, {1: 2}])


@given(
    st.lists(trees, min_size=1, max_size=4), others, st.integers(0, 5), st.integers(0, 45), trees
)
def test_any_tree(before, value, way, at, tree):
    some = [Text("seen"), *[tree, order(1)] * 23]
    some[at + 1] = {"a": tree, "b": [*before, *behind(value)[way : way + 1], *before]}
    agreed(some, default=show)
