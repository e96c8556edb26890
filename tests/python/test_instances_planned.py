"""Lists of as many instances of a class as `dumps(plan=True)` plans: 16 and more."""

import dataclasses

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, works
from runners import GIL, PATHS, direct, planned


@dataclasses.dataclass
class Plain:
    id: object = 1
    name: object = "tea"
    price: object = 2.5
    tags: object = dataclasses.field(default_factory=list)
    sold: object = None


@dataclasses.dataclass(slots=True)
class Slotted:
    id: object = 1
    name: object = "tea"
    price: object = 2.5
    tags: object = dataclasses.field(default_factory=list)
    sold: object = None


CLASSES = [Plain, Slotted]
COUNTS = [15, 16, 17, 31, 32, 33, 63, 64, 65, 80, 145]
OPTIONS = [0, planjson.OPT_INDENT_2, planjson.OPT_SORT_KEYS, planjson.OPT_OMIT_NONE]
OTHERS = ["tée", 2**63, 2**64 - 1, True, "x" * 500, '"', -0.0, float("nan"), "", []]
ODD = [[1], (), {}, {"a": 1}, type("Text", (str,), {})("tea"), Plain(), Slotted()]
BAD = {"\ud800": "surrogates", 2**64: "64-bit"}


def some(kind, count=100):
    return [kind(id=number, name=f"tea {number}") for number in range(count)]


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("kind", CLASSES)
def test_as_many_as_a_plan_holds(kind, option):
    for count in COUNTS:
        agreed(some(kind, count), option=option)
    agreed({"a": some(kind, 70), "b": [*some(kind, 20), 1, *some(kind, 3)]}, option=option)


@pytest.mark.parametrize("kind", CLASSES)
def test_values_of_every_kind(kind):
    for at in (0, 15, 16, 31, 32, 63, 64, 99):
        for field in ("id", "price", "sold"):
            for value in [*OTHERS, *ODD]:
                objects = some(kind)
                setattr(objects[at], field, value)
                works(objects)
            for value, text in BAD.items():
                objects = some(kind)
                setattr(objects[at], field, value)
                found = agreed({"rows": objects})
                assert (found.path, text in found.text) == (f"$.rows[{at}].{field}", True)


@pytest.mark.parametrize("option", [0, planjson.OPT_INDENT_2, planjson.OPT_SORT_KEYS])
@pytest.mark.parametrize("kind", CLASSES)
def test_integers_that_have_to_be_asked(kind, option):
    """Python is asked for the digits of an int beyond 64 bits: classes are looked at anew."""
    option |= planjson.OPT_BIG_INTEGER
    for places in ([0], [15], [16], [31], [32], [40], [63], [99], [3, 4], range(100)):
        for field in ("id", "sold"):
            objects = some(kind)
            for at in places:
                setattr(objects[at], field, 2**70 + at)
            for document in (objects, {"rows": [objects, objects]}):
                assert isinstance(agreed(document, option=option), bytes)


@pytest.mark.parametrize("kind", CLASSES)
def test_elements_of_another_class(kind):
    other = Slotted if kind is Plain else Plain
    for at in (0, 20, 64, 99):
        objects = some(kind)
        objects[at] = other()
        works(objects)
        objects[at] = {"a": 1}
        works(objects)


def test_attributes_that_are_not_those_of_the_class():
    for change in (
        lambda one: one.__dict__.update(more=1),
        lambda one: one.__dict__.pop("price"),
        lambda one: one.__dict__.update(id=one.__dict__.pop("id")),
        lambda one: one.__dict__.update({7: 1}),
        lambda one: one.__dict__.clear(),
        lambda one: one.__dict__,
    ):
        for at in (0, 20, 64, 99):
            objects = some(Plain)
            change(objects[at])
            agreed(objects)


@pytest.mark.parametrize("count", [1, 2, 5, 6, 7, 8, 13, 14, 15, 16, 17, 22, 23, 29, 30])
def test_attributes_that_came_in_any_order(count):
    """Their order is a byte each, which are looked at eight at a time."""
    names = [f"field{number}" for number in range(count)]
    kind = dataclasses.make_dataclass("Wide", names)

    def one(names):
        made = object.__new__(kind)
        for name in names:
            setattr(made, name, name[5:])
        return made

    for at in range(count):
        swapped, last = [*names], [*names]
        swapped[at - 1], swapped[at] = swapped[at], swapped[at - 1]
        last.append(last.pop(at))
        objects = [one(names) for _ in range(20)]
        works([*objects, one(swapped), *objects, one(last), one(names[:at]), one(names)])
        works([one(swapped), *objects])


def test_a_slot_without_a_value():
    for at in (0, 20, 99):
        objects = some(Slotted)
        del objects[at].price
        agreed(objects)


@pytest.mark.parametrize("kind", CLASSES)
def test_hooks_that_change_what_is_behind(kind):
    def run(way, change):
        objects = some(kind)
        objects[50].tags = object()

        def hook(_):
            change(objects)
            return "told"

        return way(objects, default=hook)

    changes = [
        lambda objects: objects.clear(),
        lambda objects: setattr(objects[60], "price", [1]),
        lambda objects: objects.__setitem__(slice(51, 80), some(Plain, 5)),
        lambda objects: setattr(objects[60], "__class__", type(objects[0])),
    ]
    for change in changes:
        assert run(planned, change) == run(direct, change)


def test_records_of_another_library():
    msgspec = pytest.importorskip("msgspec")

    class Row(msgspec.Struct):
        id: object
        name: object = "tea"
        price: object = msgspec.UNSET

    option = planjson.OPT_SERIALIZE_MORE
    for at in (0, 20, 64, 99):
        for value in [*OTHERS, *ODD, msgspec.UNSET]:
            objects = [Row(number, price=1.5) for number in range(100)]
            objects[at].price = value
            want = direct(objects, option=option)
            assert all(way(objects, option=option) == want for way in PATHS.values())


def alone(objects, option):
    """What they are if each is written by itself."""
    return b"[" + b",".join(planjson.dumps(one, option=option) for one in objects) + b"]"


def kinds():
    """Classes of the same fields, with the option that writes them."""
    yield from ((kind, 0) for kind in CLASSES)
    try:
        import msgspec
    except ImportError:
        return
    names = ["id", "name", "price", "tags", "sold"]
    yield (
        msgspec.defstruct("Record", [(name, object, None) for name in names]),
        planjson.OPT_SERIALIZE_MORE,
    )


@pytest.mark.parametrize(("kind", "option"), list(kinds()))
def test_each_is_written_as_it_is_alone(kind, option):
    for field in ("id", "name", "price", "tags", "sold"):
        for value in [*OTHERS, *ODD]:
            for odd in ([0], [5, 6], [9], range(3, 10), range(10)):
                objects = some(kind, 10)
                for at in odd:
                    setattr(objects[at], field, value)
                assert planjson.dumps(objects, option=option) == alone(objects, option)


@pytest.mark.parametrize(("kind", "option"), list(kinds()))
def test_a_hook_that_changes_the_one_it_is_in(kind, option):
    for at in (0, 5, 9):
        objects = some(kind, 10)
        objects[at].price = object()

        def hook(_, one=objects[at]):
            one.tags, one.sold = [1], "told"
            return

        found = planjson.dumps(objects, default=hook, option=option)
        objects[at].price = None
        if kind is Plain and not GIL:  # its __dict__ has been copied
            objects[at].tags, objects[at].sold = [], None
        assert found == alone(objects, option)


@pytest.mark.parametrize(("kind", "option"), list(kinds()))
def test_the_limit_counts_lists_in_them(kind, option):
    def nested(depth, leaf):
        for one in range(depth):
            leaf = [leaf] if one % 2 else {"a": leaf}
        return leaf

    for depth in range(248, 257):
        for leaf in (1, [], [1]):
            objects = some(kind, 3)
            for one in objects:
                one.sold = leaf
            dicts = [
                {name: getattr(one, name) for name in ("id", "name", "price", "tags", "sold")}
                for one in objects
            ]
            want = agreed(nested(depth, dicts))
            assert agreed(nested(depth, objects), option=option) == want


values = st.sampled_from([1, "tea", None, 2.5, *OTHERS, *ODD, *BAD])
fields = st.sampled_from(["id", "name", "price", "tags", "sold"])
changes = st.lists(st.tuples(st.integers(0, 89), fields, values), max_size=4)


@given(st.sampled_from(CLASSES), st.integers(14, 90), changes, st.sampled_from(OPTIONS))
def test_any_instances(kind, count, changes, option):
    objects = some(kind, count)
    for at, field, value in changes:
        setattr(objects[at % count], field, value)
    agreed(objects, option=option)
