"""Enums of all kinds: their values, looked up again and again."""

import datetime as dt
import enum
import uuid

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, same, works
from runners import PATHS
from strategies import documents, options

KEYS = planjson.OPT_NON_STR_KEYS
PASS = planjson.OPT_PASSTHROUGH_SUBCLASS


class Thing: ...


class Plain(enum.Enum):
    INT = 1
    STR = "text"
    WIDE = "é中\U0001f600" * 20
    FLOAT = 1.5
    NONE = None
    BOOL = True
    LIST = [1, {"a": None}]  # noqa: RUF012
    TUPLE = (1, 2)
    DICT = {"a": 1}  # noqa: RUF012
    DATE = dt.date(2024, 1, 1)
    MOMENT = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    UUID = uuid.UUID(int=1)
    HUGE = 1 << 63


class Unsupported(enum.Enum):
    THING = Thing()


class Int(enum.IntEnum):
    A = 1
    B = -(1 << 40)
    ZERO = 0


class Str(enum.StrEnum):
    A = "text"
    B = "é"


class Mixed(str, enum.Enum):  # noqa: UP042
    A = "mixed"


class Floating(float, enum.Enum):
    A = 1.5


class Pair(tuple, enum.Enum):
    A = (1, 2)


class Flag(enum.Flag):
    A = 1
    B = 2


class IntFlag(enum.IntFlag):
    A = 1
    B = 2


class Outer(enum.Enum):
    INNER = Plain.LIST
    INT = Int.A
    TEXT = Str.B


class Own(enum.Enum):
    """A `value` of its own."""

    A = 1

    @property
    def value(self):
        return {"own": self._value_}


class Names(enum.Enum):
    value = 1
    name = 2


class Auto(enum.Enum):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()

    FIRST = enum.auto()


class Init(enum.Enum):
    EARTH = (5.97, 6.37)

    def __init__(self, mass, radius):
        self.mass = mass


MEMBERS = [
    *Plain,
    *Int,
    *Str,
    *Mixed,
    *Floating,
    *Pair,
    *Flag,
    Flag.A | Flag.B,
    Flag(0),
    *IntFlag,
    IntFlag.A | IntFlag.B,
    IntFlag(0),
    *Outer,
    *Own,
    *Auto,
    *Init,
]


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
@pytest.mark.parametrize("option", [0, PASS, planjson.OPT_INDENT_2, planjson.OPT_STRICT_INTEGER])
def test_every_kind(member, option):
    same(member, option=option)
    same([member, {"a": member}] * 3, option=option)
    same(member, option=option, default=repr)


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
@pytest.mark.parametrize(
    "option", [0, PASS, planjson.OPT_SORT_KEYS, planjson.OPT_PASSTHROUGH_DATETIME]
)
def test_every_kind_as_a_key(member, option):
    try:
        hash(member)
    except TypeError:
        return
    same({"a": 1, member: 2}, option=option | KEYS)
    same({member: 2}, option=option)


def test_members_named_value():
    for member in Names:
        same(member)


def test_values_that_go_to_default():
    fails([Unsupported.THING], "Type is not JSON serializable: Thing", "$[0]")
    works([Unsupported.THING, Plain.INT], default=lambda thing: [Plain.STR, type(thing).__name__])


def test_values_and_keys_that_cannot_be():
    class Bad(enum.Enum):
        SURROGATE = "\ud800"
        HUGE = 1 << 64
        DEEP = {"a": [{1: 2}]}  # noqa: RUF012

    fails({"a": Bad.SURROGATE}, path="$.a")
    fails({"a": Bad.HUGE}, path="$.a")
    fails({"a": Bad.DEEP}, "Dict key must be str", "$.a.a[0]")
    fails([{Bad.SURROGATE: 1}], path="$[0]", option=KEYS)
    fails([{Bad.HUGE: 1}], path="$[0]", option=KEYS)


def test_the_class_itself():
    fails(Plain)
    works([Int, Str], default=list)


def test_metaclasses():
    class Meta(enum.EnumMeta): ...

    class Other(enum.Enum, metaclass=Meta):
        A = 1

    fails(Other.A, "Type is not JSON serializable: Other")
    works(Other.A, default=lambda member: member.value)


def test_a_value_that_was_changed():
    class Changed(enum.Enum):
        A = 1
        B = 2

    works([*Changed])
    Changed.A._value_ = ["new"]
    works([*Changed], b'[["new"],2]')
    Changed.value = property(lambda self: "class")
    works([*Changed], b'["class","class"]')


def test_values_that_differ_each_time():
    class Counter(enum.Enum):
        A = 1

        @property
        def value(self):
            type(self).count += 1
            return [type(self).count] * 3

    for run in PATHS.values():
        Counter.count = 0
        assert run([Counter.A, Counter.A]).startswith(b"[[1,1,1],[2,2,2]]")


class Raising(enum.Enum):
    A = 1

    @property
    def value(self):
        raise ValueError("no")


def test_a_value_that_raises():
    """orjson does not survive it."""
    want = ("Type is not JSON serializable: Raising", "ValueError('no')")
    assert agreed([Raising.A]) == (*want, "$[0]")
    assert agreed([{Raising.A: 1}], option=KEYS) == (*want, "$[0]")


class Few(enum.Enum):
    ONE = 1
    TWO = "two"
    WIDE = "é中" * 40
    EMPTY = []  # noqa: RUF012


ODD = [Plain.LIST, Plain.DATE, Unsupported.THING, Few.ONE.value, None, Thing()]


@pytest.mark.parametrize("odd", ODD)
def test_many_members_and_another(odd):
    """What goes to the hook, or runs Python code, in any place of a list."""
    for count, at in [(40, 0), (40, 1), (40, 31), (40, 39), (300, 257)]:
        members = [list(Few)[i % 4] for i in range(count)]
        members[at] = odd
        for document in (members, {"a": "before", "b": members, "c": [members, 1]}):
            agreed(document, default=lambda _: [1])
            agreed(document)


def test_many_members_with_integers_that_have_to_be_asked():
    kind = enum.Enum("Kind", {"BIG": 2**70, "SMALL": 1, "BIGGER": -(2**90)})
    option = planjson.OPT_BIG_INTEGER
    for count in (33, 40, 100):
        for members in ([list(kind)[i % 3] for i in range(count)], [kind.BIG] * count):
            assert isinstance(agreed(members, option=option), bytes)


def test_many_members_at_the_end_of_the_world():
    """Values in values are counted along with those of a list that is planned by parts."""
    for depth in (1, 200, 252, 253, 254, 255, 300):
        value = list(Few) * 10
        for level in range(depth):
            value = enum.Enum(f"Nested{level}", {"IT": value}).IT
        agreed(value)
    lone = enum.Enum("Lone", {"IT": "\ud800", "OTHER": 1})
    for at in (0, 1, 39):
        found = [lone.OTHER] * 40
        found[at] = lone.IT
        assert fails(found) is not None


def test_a_value_without_end():
    """Nor this."""

    class Circle(enum.Enum):
        A = 1

    Circle.A._value_ = Circle.A
    assert agreed(Circle.A)[0] == "Recursion limit reached"
    assert agreed({Circle.A: 1}, option=KEYS)[0] == "Recursion limit reached"


def test_without_a_value():
    class Empty(enum.Enum):
        A = 1

    del Empty.A._value_
    found = agreed(Empty.A)
    assert found[0] == "Type is not JSON serializable: Empty"
    assert found[1].startswith("AttributeError")


@given(documents(), options())
def test_any_value(value, option):
    class Drawn(enum.Enum):
        A = 1

    Drawn.A._value_ = value
    same(Drawn.A, option=option)
    same([Drawn.A, {"a": Drawn.A}], option=option)


@given(st.lists(st.sampled_from(MEMBERS), max_size=12), options())
def test_any_members(members, option):
    same(members, option=option)
    same({str(i): member for i, member in enumerate(members)}, option=option)
