"""Subclasses: str, int, list and dict as their base; float, tuple and all others to `default`."""

import collections

import model
import planjson
import pytest
from paths import fails, works


class Text(str):
    """None of these methods may be asked."""

    def __str__(self):
        return "wrong"

    __repr__ = encode = __format__ = __str__

    def __len__(self):
        return 1

    def __getitem__(self, place):
        return "w"


class Number(int):
    def __str__(self):
        return "7"

    __repr__ = __str__

    def __int__(self):
        return 7

    __index__ = __int__

    def __bool__(self):
        return False


class Items(list):
    def __iter__(self):
        return iter([9])

    def __len__(self):
        return 7

    def __getitem__(self, place):
        return 8


class Table(dict):
    def items(self):
        return [("x", 1)]

    def keys(self):
        return ["x"]

    def __iter__(self):
        return iter(["x"])

    def __len__(self):
        return 7

    def __getitem__(self, key):
        return 8


class Slotted(list):
    __slots__ = ("extra",)


class Real(float):
    pass


class Pair(tuple):
    pass


Point = collections.namedtuple("Point", "x y")


def named(obj, name):
    """With an attribute, so that it has a dict."""
    obj.name = name
    return obj


AS_BASE = [
    (Text("right"), b'"right"'),
    (Text('é"\n' * 20), ('"' + 'é\\"\\n' * 20 + '"').encode()),
    (Text("\U0001f600"), '"\U0001f600"'.encode()),
    (Text(""), b'""'),
    (Number(5), b"5"),
    (Number(-(1 << 63)), b"-9223372036854775808"),
    (Number((1 << 64) - 1), b"18446744073709551615"),
    *((named(Number(n), "name"), str(n).encode()) for n in (0, -1, 1 << 30, 1 << 62)),
    (Items([1, 2]), b"[1,2]"),
    (Items(), b"[]"),
    (Slotted([1, 2]), b"[1,2]"),
    (Table(a=1), b'{"a":1}'),
    (Table(), b"{}"),
]
TO_DEFAULT = [Real(1.5), Pair((1, 2)), Point(1, 2), 1j, b"x", {1}, object(), int, Ellipsis]

as_base = pytest.mark.parametrize(("obj", "want"), AS_BASE, ids=lambda x: repr(x)[:30])
to_default = pytest.mark.parametrize("obj", TO_DEFAULT, ids=lambda x: type(x).__name__)


@as_base
def test_as_their_base(obj, want):
    works(obj, want)
    works([obj], b"[" + want + b"]")
    works({"a": obj}, b'{"a":' + want + b"}")
    works([obj, obj, 1, "a", obj])


@as_base
def test_default_is_not_asked(obj, want):
    works(obj, want, default=lambda obj: 1 / 0)


@as_base
def test_passthrough_needs_default(obj, want):
    option = planjson.OPT_PASSTHROUGH_SUBCLASS
    fails([1, obj], f"Type is not JSON serializable: {type(obj).__name__}", "$[1]", option=option)


@as_base
def test_passthrough_goes_to_default(obj, want):
    option = planjson.OPT_PASSTHROUGH_SUBCLASS
    works([1, obj], b'[1,"seen"]', default=lambda obj: "seen", option=option)


@to_default
def test_unknown_without_default(obj):
    name = type(obj).__name__
    fails(obj, f"Type is not JSON serializable: {name}", "$")
    fails([1, {"a": obj}], f"Type is not JSON serializable: {name}", "$[1].a")


@to_default
def test_unknown_goes_to_default(obj):
    works([obj, {"a": obj}], default=lambda obj: type(obj).__name__)
    works(
        [obj, obj],
        default=lambda obj: type(obj).__name__,
        option=planjson.OPT_PASSTHROUGH_SUBCLASS,
    )


@pytest.mark.parametrize("length", range(0, 40, 3))
def test_subclass_inside_a_run(length):
    for plain, special in ((1, Number(5)), ("a", Text("b")), (1.5, Number(5)), (True, Number(5))):
        works([plain] * length + [special] + [plain] * length)
        works([special] * length)


def test_bool_is_no_int_subclass_here():
    works([True, False], b"[true,false]", option=planjson.OPT_PASSTHROUGH_SUBCLASS)


def test_errors_inside_subclasses():
    fails(Number(1 << 64), model.NOT_64_BIT, "$")
    fails(Text("\ud800"), model.SURROGATES, "$")
    fails(Items([1, object()]), path="$[1]")
    fails(Table(a=object()), path="$.a")
    fails(Table({1: 2}), model.KEY_NOT_STR)
    fails(Number(1 << 53), model.NOT_53_BIT, option=planjson.OPT_STRICT_INTEGER)


def test_a_class_that_lies_about_itself():
    class Liar:
        @property
        def __class__(self):
            return dict

    fails(Liar(), "Type is not JSON serializable: Liar", "$")


def test_metaclass_that_refuses():
    class Meta(type):
        def __instancecheck__(cls, instance):
            raise ValueError("not asked")

        def __subclasscheck__(cls, other):
            raise ValueError("not asked")

        def __getattribute__(cls, name):
            raise ValueError("not asked")

    class Odd(metaclass=Meta):
        pass

    class OddText(str, metaclass=Meta):
        pass

    fails(Odd(), "Type is not JSON serializable: Odd", "$")
    works(OddText("text"), b'"text"')


def test_class_names_in_messages():
    for name in ("plain", "with space", "é", "a.b", 'quote"', "N" * 500):
        fails(type(name, (), {})(), f"Type is not JSON serializable: {name}")
