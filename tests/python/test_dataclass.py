"""Dataclasses: with and without slots, inherited, changed, nested."""

import dataclasses
import datetime as dt
import enum
import functools
import gc
import typing
import uuid

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, same, works
from runners import GIL, PATHS
from strategies import documents, options

PASS = planjson.OPT_PASSTHROUGH_DATACLASS
INDENT = planjson.OPT_INDENT_2
OPTIONS = [
    0,
    INDENT,
    planjson.OPT_SORT_KEYS,
    planjson.OPT_NON_STR_KEYS,
    planjson.OPT_SERIALIZE_DATACLASS,
]


@dataclasses.dataclass
class Plain:
    id: int = 1
    name: str = "name"
    ratio: float = 0.5
    tags: list = dataclasses.field(default_factory=lambda: ["a", "b"])


@dataclasses.dataclass(slots=True)
class Slots:
    id: int = 1
    name: str = "name"
    ratio: float = 0.5
    tags: list = dataclasses.field(default_factory=lambda: ["a", "b"])


@dataclasses.dataclass(frozen=True)
class Frozen:
    z: int = 1
    a: str = "é中"


@dataclasses.dataclass(frozen=True, slots=True)
class FrozenSlots:
    z: int = 1
    a: str = "é中"


@dataclasses.dataclass
class Child(Plain):
    more: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(slots=True)
class ChildSlots(Slots):
    more: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class DictChildOfSlots(Slots):
    more: int = 2


@dataclasses.dataclass(slots=True)
class SlotsChildOfDict(Plain):
    more: int = 2


@dataclasses.dataclass
class Kinds:
    a: int
    shared: typing.ClassVar[int] = 2
    given: dataclasses.InitVar[int] = 3
    later: int = dataclasses.field(default=4, init=False)
    made: list = dataclasses.field(default_factory=list, init=False)
    hidden: int = dataclasses.field(default=5, repr=False, compare=False)
    _private: int = 6
    __mangled: int = 7


@dataclasses.dataclass(slots=True)
class KindsSlots:
    a: int
    shared: typing.ClassVar[int] = 2
    given: dataclasses.InitVar[int] = 3
    later: int = dataclasses.field(default=4, init=False)
    made: list = dataclasses.field(default_factory=list, init=False)
    hidden: int = dataclasses.field(default=5, repr=False, compare=False)
    _private: int = 6


@dataclasses.dataclass
class OwnSlots:
    """Slots by hand, and a dict beside them."""

    __slots__ = ("__dict__", "x")
    x: int


@dataclasses.dataclass
class Empty: ...


@dataclasses.dataclass(slots=True)
class EmptySlots: ...


@dataclasses.dataclass
class Wide:
    größe: int = 1
    名前: str = "x"
    a_name_that_is_so_long_that_a_plan_would_rather_hold_it: int = 2


@dataclasses.dataclass
class Cached:
    x: int = 1

    @functools.cached_property
    def twice(self):
        return 2 * self.x

    @property
    def never(self):
        raise AssertionError("a property is no field")


NAMESPACE = uuid.NAMESPACE_DNS


@dataclasses.dataclass
class Everything:
    moment: dt.datetime = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    day: dt.date = dt.date(2024, 1, 1)
    id: uuid.UUID = NAMESPACE
    kind: enum.Enum = enum.Enum("Kind", {"A": [1, 2]}).A
    child: Plain = dataclasses.field(default_factory=Plain)
    slots: Slots = dataclasses.field(default_factory=Slots)
    json: None = None


@dataclasses.dataclass
class Node:
    child: object = None


@dataclasses.dataclass(slots=True)
class NodeSlots:
    child: object = None


def own_slots():
    obj = OwnSlots(1)
    obj.more = 2
    return obj


def cached():
    obj = Cached()
    assert obj.twice == 2
    return obj


SAMPLES = [
    Plain(),
    Slots(),
    Frozen(),
    FrozenSlots(),
    Child(),
    ChildSlots(),
    DictChildOfSlots(),
    SlotsChildOfDict(),
    Kinds(1),
    KindsSlots(1),
    own_slots(),
    Empty(),
    EmptySlots(),
    Wide(),
    Cached(),
    cached(),
    Everything(),
    Node(Node(NodeSlots(Node()))),
]


@pytest.mark.parametrize("obj", SAMPLES, ids=lambda obj: type(obj).__name__)
@pytest.mark.parametrize("option", OPTIONS)
def test_every_kind(obj, option):
    works(obj, option=option)
    works([obj] * 20, option=option)
    works({"a": obj, "b": [obj, {"c": obj}]}, option=option)


@pytest.mark.parametrize("obj", SAMPLES, ids=lambda obj: type(obj).__name__)
def test_passthrough(obj):
    fails([obj], f"Type is not JSON serializable: {type(obj).__name__}", "$[0]", option=PASS)
    works([obj], option=PASS, default=lambda obj: type(obj).__name__)


def test_private_only():
    @dataclasses.dataclass
    class Private:
        _a: int = 1

    works(Private(), b"{}")
    works([Private(), 1], b"[{},1]")
    # orjson writes an empty line between the brackets.
    assert agreed(Private(), option=INDENT) == b"{}"


def test_subclasses_that_are_none():
    class Sub(Plain): ...

    class SubSlots(Slots): ...

    fails(Sub())
    fails(SubSlots())
    works([Sub()], default=lambda obj: vars(obj))


def test_the_class_itself():
    fails(Plain)


def test_as_keys():
    fails([{Frozen(): 1}], path="$[0]", option=planjson.OPT_NON_STR_KEYS)


def test_attributes_added_and_deleted():
    obj = Plain()
    obj.extra = [1]
    obj._hidden = 2
    works(obj)
    del obj.name
    works(obj)
    obj.name = "again"
    works(obj)
    vars(obj).clear()
    works(obj, b"{}")
    obj.__dict__ = {"new": 1}
    works(obj, b'{"new":1}')
    obj.__dict__ = type("D", (dict,), {})(a=1)
    works(obj, b'{"a":1}')


def test_below_a_class_made_in_c():
    class Named(Exception):
        __slots__ = ("name",)

    @dataclasses.dataclass(eq=False)
    class Bare(Exception):
        pass

    @dataclasses.dataclass(eq=False)
    class Slot(Named):
        name: str

    for kind in (Bare, lambda: Slot("in a slot")):
        obj = kind()
        obj.added = [1]
        works(obj, b'{"added":[1]}')
        works([kind(), obj] * 20, b"[" + b",".join([b"{}", b'{"added":[1]}'] * 20) + b"]")


def test_many_attributes():
    obj = Plain()
    for i in range(300):
        setattr(obj, f"attribute_{i}", i)
    works([obj, Plain()])


def test_attributes_in_another_order():
    first, second = Plain(), Plain.__new__(Plain)
    second.tags, second.name = [], "second"
    works([first, second, Plain()])


class Text(str): ...


@pytest.mark.parametrize("key", [1, None, Text("text"), "\ud800"], ids=repr)
def test_bad_attribute_names(key):
    obj = Plain()
    vars(obj)[key] = 1
    for option in OPTIONS:
        fails([obj], path="$[0]", option=option)


def test_an_empty_name():
    """orjson looks at its first character."""
    obj = Empty()
    vars(obj)[""] = 1
    assert agreed(obj) == b'{"":1}'


def test_errors_inside():
    thing = object()
    for obj in (Plain(tags=[1, thing]), Slots(tags=[1, thing])):
        fails([obj], "Type is not JSON serializable: object", "$[0].tags[1]")
        works([obj], default=lambda _: "thing")


def test_a_slot_that_is_empty():
    """orjson does not survive it."""
    obj = Slots()
    del obj.name
    text, cause, path = agreed([obj])
    assert (text, path) == ("Type is not JSON serializable: Slots", "$[0].name")
    assert cause.startswith("AttributeError")


def test_a_dict_of_ones_own():
    @dataclasses.dataclass
    class Own:
        x: int = 1

        def __getattribute__(self, name):
            return {"own": 1} if name == "__dict__" else object.__getattribute__(self, name)

    works(Own(), b'{"own":1}')

    @dataclasses.dataclass
    class Property:
        x: int = 1

        @property
        def __dict__(self):
            return {"property": 1}

    works(Property(), b'{"property":1}')

    @dataclasses.dataclass
    class Raising:
        x: int = 1

        def __getattribute__(self, name):
            if name == "__dict__":
                raise AttributeError(name)
            return object.__getattribute__(self, name)

    works(Raising(), b'{"x":1}')


def test_attributes_of_ones_own():
    """orjson lets go of a value before it has written it."""

    @dataclasses.dataclass(slots=True)
    class Own:
        x: int = 1

        def __getattribute__(self, name):
            return ["own"] * 5 if name == "x" else object.__getattribute__(self, name)

    assert agreed(Own()) == b'{"x":["own","own","own","own","own"]}'

    @dataclasses.dataclass(slots=True)
    class Missing:
        x: int = 1

        def __getattr__(self, name):
            if name == "x":
                return ["missing"] * 5
            raise AttributeError(name)

    obj = Missing()
    assert agreed(obj) == b'{"x":1}'
    del obj.x
    assert agreed(obj) == b'{"x":["missing","missing","missing","missing","missing"]}'


def test_a_property_in_the_place_of_a_slot():
    @dataclasses.dataclass(slots=True)
    class Changed:
        x: int = 1
        y: int = 2

    obj = Changed()
    assert agreed(obj) == b'{"x":1,"y":2}'
    Changed.x = property(lambda self: ["property"] * 3)
    assert agreed(obj) == b'{"x":["property","property","property"],"y":2}'


def test_classes_that_change():
    @dataclasses.dataclass(slots=True)
    class Changing:
        x: int = 1
        y: int = 2

    obj = Changing()
    for _ in range(3):
        works([obj] * 3, b'[{"x":1,"y":2},{"x":1,"y":2},{"x":1,"y":2}]')
    fields = dict(Changing.__dataclass_fields__)
    del fields["x"]
    Changing.__dataclass_fields__ = fields
    works([obj], b'[{"y":2}]')
    Changing.__dataclass_fields__ = {}
    works([obj], b"[{}]")
    del Changing.__dataclass_fields__
    fails([obj])


def test_a_class_that_becomes_one():
    class Late:
        def __init__(self):
            self.x = 1

    obj = Late()
    for _ in range(3):
        fails(obj)
    Late.__annotations__ = {"x": int}
    dataclasses.dataclass(Late)
    works(obj, b'{"x":1}')


def test_fields_of_one_instance():
    """`__dataclass_fields__` is asked of the instance."""

    @dataclasses.dataclass
    class Own:
        __slots__ = ("__dict__", "x", "y")
        x: int
        y: int

    obj = Own(1, 2)
    works(obj, b'{"x":1,"y":2}')
    obj.__dataclass_fields__ = {"y": Own.__dataclass_fields__["y"]}
    same(obj)


def test_instances_that_change_class():
    obj = Plain()
    works(obj)
    obj.__class__ = Child
    works([obj, Plain()])


def nested(make, depth):
    obj = None
    for _ in range(depth):
        obj = make(obj)
    return obj


@pytest.mark.parametrize(
    "make", [Node, NodeSlots, lambda obj: [Node(obj)]], ids=["dict", "slots", "list"]
)
@pytest.mark.parametrize("depth", [100, 126, 127, 128, 253, 254, 255, 300])
def test_depth(make, depth):
    same(nested(make, depth))
    same([nested(make, depth)])
    same({"a": nested(make, depth)})


def test_a_circle():
    for make in (Node, NodeSlots):
        obj = make()
        obj.child = obj
        fails(obj, "Recursion limit reached")


def test_default_and_dataclasses():
    class Thing: ...

    for make in (Node, NodeSlots):
        works([make(Thing())], default=lambda _, make=make: make([1]))
        fails(Thing(), "Recursion limit reached", default=make)
        fails(Thing(), "default serializer exceeds recursion limit", default=lambda thing: thing)
        works(make(Thing()), default=lambda _: None)
        found = fails([make(Thing())], path="$[0].child", default=lambda _: 1 / 0)
        assert found.cause.startswith("ZeroDivisionError")


def test_a_hook_that_changes_the_instance():
    class Thing: ...

    def make_default():
        return lambda thing: change(thing)

    def change(thing):
        obj = thing.obj
        obj.name = "changed"
        obj.tags = []
        obj.new = 1
        return "thing"

    for run in PATHS.values():
        obj = Plain()
        thing = Thing()
        thing.obj = obj
        obj.id = thing
        changed = b'"name":"changed","ratio":0.5,"tags":[]'
        copied = b'"name":"name","ratio":0.5,"tags":["a","b"]'
        out = run(obj, default=change)
        assert out == b'{"id":"thing",' + (changed if GIL else copied) + b"}"


def test_named_tuples_are_refused():
    class Point(typing.NamedTuple):
        x: int

    fails(Point(1), "Type is not JSON serializable: Point")
    works(Point(1), default=lambda point: point._asdict())


def test_typed_dicts():
    class Movie(typing.TypedDict):
        name: str
        year: int

    works(Movie(name="x", year=1), b'{"name":"x","year":1}')


@pytest.mark.parametrize(
    "obj",
    [b"x", bytearray(b"x"), memoryview(b"x"), {1}, 1j, ..., range(3)],
    ids=lambda obj: type(obj).__name__,
)
def test_what_has_no_form(obj):
    name = type(obj).__name__
    fails([obj], f"Type is not JSON serializable: {name}", "$[0]")
    works([obj], default=lambda obj: name)


makers = st.sampled_from([Plain, Slots, Child, ChildSlots, Node, NodeSlots, KindsSlots, Kinds])


@st.composite
def instances(draw, values):
    make = draw(makers)
    obj = make(draw(values))
    for name in draw(st.sets(st.sampled_from(["id", "tags", "name", "a", "_b", "é"]), max_size=3)):
        try:
            setattr(obj, name, draw(values))
        except AttributeError:
            pass
    return obj


@given(
    st.recursive(
        documents(),
        lambda inner: st.one_of(instances(inner), st.lists(inner, max_size=4)),
        max_leaves=8,
    ),
    options(),
)
def test_any_instances(document, option):
    same(document, option=option)


def wide(n, **how):
    return dataclasses.make_dataclass(
        "Wide", [(f"f{i}", int, dataclasses.field(default=i)) for i in range(n)], **how
    )


@pytest.mark.parametrize("n", [1, 2, 5, 6, 7, 8, 13, 14, 15, 16, 21, 22, 23, 29, 30, 31, 40])
def test_attributes_in_every_order(n):
    """As many fields as fill the words in which their order is kept, and one out of place."""
    kind = wide(n)
    rows = [kind() for _ in range(20)]
    works(rows)
    for i in {0, n // 2, n - 1}:
        row = kind()
        value = getattr(row, f"f{i}")
        delattr(row, f"f{i}")
        rows.append(row)  # one is missing
        row = kind()
        delattr(row, f"f{i}")
        setattr(row, f"f{i}", str(value))
        rows.append(row)  # it came last
    more = kind()
    more.more = [1]
    rows += [more, kind(), kind.__new__(kind)]
    backwards = kind.__new__(kind)
    for i in reversed(range(n)):
        setattr(backwards, f"f{i}", -i)
    rows += [backwards, kind()]
    works(rows)
    works(rows[::-1])
    for row in rows:
        works(row)
        works({"a": row, "b": [row, row]}, option=INDENT)
    assert [vars(row) for row in rows]  # each has a dict from now on
    works(rows)


def test_dicts_of_several_owners():
    """Dicts that share their names as instances do, of whatever class."""
    kind, other = wide(5), wide(4)
    rows = [kind() for _ in range(8)]
    rows[1].__dict__ = vars(other())
    rows[2].__dict__ = vars(rows[3])
    rows[4].__dict__ = vars(kind()).copy()
    rows[5].__dict__ = dict(vars(kind()))
    vars(rows[6])["f1"] = [rows[7]]
    vars(rows[7])["_f"] = 1
    works(rows)
    works(rows[::-1], option=INDENT)
    works([rows[1]] * 3 + [rows[0]] * 3)
    vars(rows[2]).clear()
    works(rows)


def test_classes_whose_first_instances_are_out_of_order():
    kind = wide(7)
    first = kind.__new__(kind)
    for i in (3, 1, 6, 0, 2, 5, 4):
        setattr(first, f"f{i}", i)
    works([first] * 3)
    works([first, *(kind() for _ in range(20)), first])


@pytest.mark.parametrize("asked", [False, True], ids=["values", "dict"])
def test_instances_change_while_they_are_written(asked):
    """What a hook changes of later fields and rows, on every path alike; with and without dicts."""
    kind = wide(4)

    def set_later(rows):
        for row in rows:
            row.f3 = "later"

    def delete_later(rows):
        for row in rows:
            vars(row).pop("f3", None)

    def delete_slot(rows):
        for row in rows:
            if hasattr(row, "f2") and "f2" in row.__dict__:
                del row.f2

    def new_dict(rows):
        for row in rows:
            row.__dict__ = {"f0": "new", "f1": 1, "f2": [2], "f3": 3}

    def other_class(rows):
        other = wide(4, order=True)
        for row in rows[10:]:
            row.__class__ = other

    def class_changed(rows):
        kind.f9 = property(lambda self: 1)
        kind.__dataclass_fields__.pop("f3", None)

    def more(rows):
        for row in rows:
            row.more = 1

    def gone(rows):
        rows.clear()
        gc.collect()

    for change in (
        set_later,
        delete_later,
        delete_slot,
        new_dict,
        other_class,
        class_changed,
        more,
        gone,
    ):
        found = {}
        for name, run in PATHS.items():
            kind = wide(4)
            rows = [kind(i, 1j, i) for i in range(20)]
            assert not asked or all(vars(row) for row in rows)
            found[name] = run(
                rows, default=lambda _, rows=rows, change=change: change(rows) or "hook"
            )
        kind = wide(4)
        del found["cached"]  # compiled from what its own compiling changed
        assert len(set(found.values())) == 1, (change.__name__, found)


@dataclasses.dataclass
class Flat:
    id: object = 1
    name: object = "name"
    ratio: object = 0.5


ODD = [
    [],
    [1, [2]],
    {},
    {"a": Plain()},
    (),
    "",
    "\u00e9\u4e2d",
    "x" * 99,
    2**63,
    2**70,
    None,
    True,
    Flat(),
    dt.date(2026, 1, 1),
    {1},
]


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("field", ["id", "name", "ratio"])
def test_rows_of_scalars_that_stop_being_flat(field, odd):
    rows = [Flat(id=i) for i in range(12)]
    for at in (3, 4, 5, 11):
        setattr(rows[at], field, odd)
    for option in (0, INDENT, planjson.OPT_OMIT_NONE, planjson.OPT_SORT_KEYS):
        agreed(rows, option=option)
        agreed([rows, {"rows": rows}], option=option)
    agreed([Flat(odd, odd, odd)] * 5)
    vars(rows[2]), vars(rows[5])  # those have dicts now
    agreed(rows)
    del rows[7].name
    rows[8].more = odd
    agreed(rows)


def test_rows_as_deep_as_they_may_be():
    for depth in (252, 253, 254):
        obj = [Flat(), Flat()]
        for _ in range(depth - 1):
            obj = [obj]
        agreed(obj)


def test_what_a_hook_changes_of_the_rows_to_come():
    class Thing: ...

    def make_default(at):
        def default(thing):
            for row in thing.rows:
                row.name, row.ratio = ["later"], 2
            rows[at + 1 :] = [Frozen(), Flat(5)]
            return "thing"

        rows = [Flat(i) for i in range(20)]
        thing = rows[at].name = Thing()
        thing.rows = rows
        return rows, default

    for at in (0, 7):
        outs = []
        for run in PATHS.values():
            rows, default = make_default(at)
            outs.append(run(rows, default=default))
        if GIL:
            assert outs == [outs[0]] * len(outs)
            assert outs[0].endswith(
                b'"name":"thing","ratio":2},{"z":1,"a":"\xc3\xa9\xe4\xb8\xad"},{"id":5,"name":"name","ratio":0.5}]'
            )
