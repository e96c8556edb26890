"""OPT_SERIALIZE_MORE: attrs classes, msgspec's structs, pydantic's models."""

import json
from typing import Annotated, Any

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import Failure, agreed, outcome
from runners import PATHS

MORE = planjson.OPT_SERIALIZE_MORE


class Duck:
    """What attrs leaves on a class."""

    class Field:
        def __init__(self, name):
            self.name = name

    __attrs_attrs__ = (Field("x"), Field("y"))

    def __init__(self, x, y):
        self.x, self.y = x, y


def test_by_its_attributes():
    assert agreed(Duck(1, [Duck("é", None)]), option=MORE) == (
        '{"x":1,"y":[{"x":"é","y":null}]}'.encode()
    )
    assert agreed(Duck(1, Duck(2, 1j)), option=MORE).path == "$.y.y"
    assert agreed(Duck(1, 2)).text == "Type is not JSON serializable: Duck"


def test_a_field_that_is_not_there():
    duck = Duck(1, 2)
    del duck.y
    found = agreed([duck], option=MORE)
    assert found.text == "Reading an object of type Duck failed"
    assert found.cause.startswith("AttributeError")
    assert found.path == "$[0]"


def test_a_property_that_raises():
    class Bad(Duck):
        @property
        def y(self):
            raise ValueError("no")

        @y.setter
        def y(self, value):
            pass

    found = agreed([Bad(1, 2)], option=MORE)
    text = "Reading an object of type Bad failed"
    assert found == Failure(text, "ValueError('no')", "$[0]")


def test_names_that_are_no_names():
    class Odd:
        __struct_fields__ = (1, 2)

    assert agreed(Odd(), option=MORE).text == "Type is not JSON serializable: Odd"


def test_long_names_and_texts():
    """A plan keeps what is long, and must not keep it too short."""
    name = "n" * 100

    def rows():
        kind = type("T", (), {"__struct_fields__": (name, "b" * 50)})
        for i in range(20):
            row = kind()
            setattr(row, name, f"{i}" * 50)
            setattr(row, "b" * 50, [f"{i}x" * 50])
            yield row

    found = json.loads(agreed(list(rows()), option=MORE))
    assert found == [{name: f"{i}" * 50, "b" * 50: [f"{i}x" * 50]} for i in range(20)]


def test_values_that_are_made_for_the_moment():
    class Made:
        __struct_fields__ = ("a", "b")

        @property
        def a(self):
            return "long " * 30

        @property
        def b(self):
            return ["short", "long " * 20, {"k" * 60: 1.5}]

    want = [{"a": "long " * 30, "b": ["short", "long " * 20, {"k" * 60: 1.5}]}] * 50
    assert json.loads(agreed([Made() for _ in range(50)], option=MORE)) == want


def test_fields_that_are_none_may_be_left_out():
    omit = MORE | planjson.OPT_OMIT_NONE
    assert agreed([Duck(None, Duck(1, None))], option=omit) == b'[{"y":{"x":1}}]'
    assert agreed(Duck(None, None), option=omit) == b"{}"
    assert agreed(Duck(None, None), option=omit | planjson.OPT_INDENT_2) == b"{}"


def test_sorting_leaves_fields_as_they_are():
    class Unsorted:
        __struct_fields__ = ("b", "a")
        a, b = {"z": 1, "y": 2}, 3

    assert agreed(Unsorted(), option=MORE | planjson.OPT_SORT_KEYS) == (
        b'{"b":3,"a":{"y":2,"z":1}}'
    )


def test_attrs():
    attrs = pytest.importorskip("attrs")

    @attrs.define
    class Slots:
        x: int
        _private: list = attrs.field(factory=list)

    @attrs.define(slots=False, frozen=True)
    class Plain(Slots):
        z: Any = None

    assert agreed(Slots(1), option=MORE) == b'{"x":1,"_private":[]}'
    obj = Plain(1, [2], Slots("a"))
    assert json.loads(agreed([obj] * 3, option=MORE)) == [attrs.asdict(obj)] * 3
    assert agreed(Slots, option=MORE).text == "Type is not JSON serializable: type"


def test_msgspec():
    msgspec = pytest.importorskip("msgspec")

    class Row(msgspec.Struct):
        a: int
        b: Any = msgspec.UNSET

    class Renamed(msgspec.Struct, rename="camel", tag=True, array_like=True, omit_defaults=True):
        my_field: int = 1

    assert agreed([Row(1), Row(1, Row(2))], option=MORE) == b'[{"a":1},{"a":1,"b":{"a":2}}]'
    assert agreed(Renamed(), option=MORE) == b'{"my_field":1}'


pydantic = None
try:
    import pydantic
except ImportError:
    pass


@pytest.mark.skipif(pydantic is None, reason="pydantic is not installed")
class TestPydantic:
    def models(self):
        class Plain(pydantic.BaseModel):
            a: int
            b: list | None = None
            c: int = pydantic.Field(3, alias="cc")

        class Serializer(Plain):
            d: Annotated[int, pydantic.PlainSerializer(lambda v: v + 1)] = 1

        class FieldSerializer(Plain):
            @pydantic.field_serializer("a")
            def double(self, value):
                return value * 2

        class ModelSerializer(Plain):
            @pydantic.model_serializer
            def all(self):
                return {"only": self.a}

        class Computed(Plain):
            @pydantic.computed_field
            @property
            def d(self) -> int:
                return 7

        class Excluded(Plain):
            d: int = pydantic.Field(1, exclude=True)

        class Extra(Plain):
            model_config = pydantic.ConfigDict(extra="allow")

        yield Plain(a=1, b=[1, {"x": 2}])
        yield Plain.model_construct(a=5)
        yield Serializer(a=1)
        yield FieldSerializer(a=4)
        yield ModelSerializer(a=1)
        yield Computed(a=1)
        yield Excluded(a=1)
        yield Extra(a=1)
        yield Extra(a=1, more=[1])
        yield pydantic.RootModel[list[int]]([1, 2])
        yield Plain(a=1, b=[Plain(a=2), Computed(a=3)])

    def test_as_model_dump(self):
        for model in self.models():
            assert json.loads(agreed(model, option=MORE)) == model.model_dump(), model
            assert json.loads(agreed([model] * 3, option=MORE)) == [model.model_dump()] * 3

    def test_refused_without_the_option(self):
        for model in self.models():
            assert agreed([model]).path == "$[0]"

    def test_private_attributes_are_not_written(self):
        class Private(pydantic.BaseModel):
            a: int = 1
            _b: int = pydantic.PrivateAttr(2)

        assert agreed(Private(), option=MORE) == b'{"a":1}'

    def test_a_serializer_that_raises(self):
        class Bad(pydantic.BaseModel):
            a: int = 1

            @pydantic.model_serializer
            def all(self):
                raise ValueError("no")

        found = agreed({"k": Bad()}, option=MORE)
        assert found.text == "Reading an object of type Bad failed"
        assert found.path == "$.k"

    def test_a_dump_that_returns_the_model_itself(self):
        class Circle(pydantic.BaseModel):
            @pydantic.computed_field
            @property
            def d(self) -> int:
                return 1

            def model_dump(self):
                return self

        assert agreed(Circle(), option=MORE).text == "default serializer exceeds recursion limit"


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=12, unique=True))
def test_any_names(names):
    names = tuple(name for name in names if not name.startswith("__"))
    kind = type("T", (), {"__struct_fields__": names})
    row = kind()
    for i, name in enumerate(names):
        setattr(row, name, i)
    assert agreed([row, row], option=MORE) == planjson.dumps(
        [{name: i for i, name in enumerate(names)}] * 2
    )


class Slotted:
    """Fields that are read at their place in the object."""

    __slots__ = ("a", "b", "c")
    __struct_fields__ = ("a", "b", "c")

    def __init__(self, a, b=None, c=0.5):
        self.a, self.b, self.c = a, b, c


class Derived(Slotted):
    __slots__ = ()


class WithDict(Slotted):
    pass


class Hidden(Slotted):
    """A field that is something else here."""

    __slots__ = ()
    b = property(lambda self: ["asked"])


class Asking(Slotted):
    __slots__ = ()

    def __getattr__(self, name):
        return f"no {name}"


@pytest.mark.parametrize("kind", [Slotted, Derived, WithDict, Asking])
def test_slots(kind):
    rows = [kind(i, "é" * i, [kind(1.5)]) for i in range(40)]
    want = [{"a": i, "b": "é" * i, "c": [{"a": 1.5, "b": None, "c": 0.5}]} for i in range(40)]
    for option in (0, planjson.OPT_INDENT_2, planjson.OPT_SORT_KEYS):
        assert agreed(rows, option=MORE | option) == planjson.dumps(want, option=option)
    omit = planjson.OPT_OMIT_NONE
    assert agreed(rows, option=MORE | omit) == planjson.dumps(want, option=omit)
    assert agreed({"k": rows[2]}, option=MORE) == planjson.dumps({"k": want[2]})
    assert agreed(rows).path == "$[0]"


def test_a_slot_that_a_subclass_hides():
    assert agreed([Derived(1), Hidden.__new__(Hidden)] * 2, option=MORE).cause.startswith(
        "AttributeError"
    )


def test_a_slot_without_a_value():
    rows = [Slotted(i) for i in range(20)]
    del rows[7].b
    found = agreed(rows, option=MORE)
    assert (found.text, found.path) == ("Reading an object of type Slotted failed", "$[7]")
    assert found.cause.startswith("AttributeError")
    asking = [Asking(i) for i in range(20)]
    del asking[7].b
    assert b'{"a":7,"b":"no b","c":0.5}' in agreed(asking, option=MORE)


def test_the_place_of_an_error_in_slots():
    rows = [Slotted(i) for i in range(20)]
    rows[9].b = {"k": [1j]}
    assert agreed(rows, option=MORE).path == "$[9].b.k[0]"


def test_slots_change_while_they_are_written():
    """What a hook changes of later fields and rows shows; what it takes away is missed."""

    def rows_and_hook(change):
        rows = [Slotted(i, 1j, i) for i in range(20)]
        return rows, lambda _: change(rows) or "hook"

    def set_later(rows):
        for row in rows:
            row.c = "later"

    def delete_later(rows):
        if hasattr(rows[-1], "c"):
            del rows[-1].c

    def other_class(rows):
        for row in rows[10:]:
            row.__class__ = Derived

    def class_changed(rows):
        Slotted.extra = len(rows)

    for change in (set_later, delete_later, other_class, class_changed):
        found = []
        for run in PATHS.values():
            rows, hook = rows_and_hook(change)
            found.append(outcome(run, rows, option=MORE, default=hook))
        del found[-1]  # cached: compiled from what its own compiling changed
        assert found.count(found[0]) == len(found), change.__name__
        if change is set_later:
            assert found[0].count(b'"b":"hook","c":"later"') == 20
        elif change is delete_later:
            assert found[0].path == "$[19]"
        else:
            assert json.loads(found[0]) == [{"a": i, "b": "hook", "c": i} for i in range(20)]


def test_the_class_changes_between_calls():
    class Changing:
        __slots__ = ("a", "b")
        __struct_fields__ = ("a", "b")

    def make(a, b):
        row = Changing()
        row.a, row.b = a, b
        return row

    rows = [make(i, "x") for i in range(20)]
    assert json.loads(agreed(rows, option=MORE)) == [{"a": i, "b": "x"} for i in range(20)]
    Changing.__struct_fields__ = ("b", "a")
    assert agreed(rows[:2], option=MORE) == b'[{"b":"x","a":0},{"b":"x","a":1}]'
    Changing.b = Changing.a
    assert agreed(rows[:2], option=MORE) == b'[{"b":0,"a":0},{"b":1,"a":1}]'
    Changing.a = property(lambda self: "property")
    assert agreed(rows[:1], option=MORE) == b'[{"b":0,"a":"property"}]'
    del Changing.__struct_fields__
    assert agreed(rows).text == "Type is not JSON serializable: Changing"


def test_structs_of_all_sorts():
    msgspec = pytest.importorskip("msgspec")
    for how in (
        {},
        {"frozen": True},
        {"gc": False},
        {"kw_only": True},
        {"weakref": True},
        {"dict": True},
        {"rename": "upper", "tag": "t", "tag_field": "kind", "omit_defaults": True},
    ):
        kind = msgspec.defstruct(
            "Kind", [("a", Any), ("b", Any, msgspec.UNSET), ("c_d", str, "e")], **how
        )
        rows = [kind(a=i, b=msgspec.UNSET if i % 3 else [i, None]) for i in range(40)]
        want = [
            {"a": i, "c_d": "e"} if i % 3 else {"a": i, "b": [i, None], "c_d": "e"}
            for i in range(40)
        ]
        assert agreed(rows, option=MORE) == planjson.dumps(want), how
        assert agreed([rows, rows[0], *rows], option=MORE) == planjson.dumps([want, want[0], *want])
