"""A child process: one attack by a class, a module or a name. See attacks.py.

python attacks_classes.py NAME PATH
python attacks_classes.py --agree
"""

import contextlib
import dataclasses
import datetime as dt
import enum
import sys
import types
import uuid
from decimal import Decimal
from typing import ClassVar

import attacks
import planjson
from attacks import VARYING, Junk, Thing, long, spoil, wide

ATTACKS = {}
MORE = planjson.OPT_SERIALIZE_MORE


def attack(function):
    ATTACKS[function.__name__] = function
    return function


class Changing:
    """Whoever asks for the class of an instance changes the list that it is in."""

    items = None

    @property
    def __class__(self):
        if self.items:
            spoil(self.items)
        return type(self)


class Walked(Changing):
    def __iter__(self):
        spoil(self.items)
        raise ValueError("no element")


class Located:
    def __fspath__(self):
        spoil(self.items)
        raise ValueError("no path")


class Record:
    __struct_fields__ = ("a", "b")

    @property
    def a(self):
        spoil(self.items)
        raise ValueError("no value")


class Model:
    __pydantic_fields__: ClassVar = {"a": Thing()}
    __pydantic_decorators__ = None

    def model_dump(self):
        spoil(self.items)
        raise ValueError("no model")


class Ruled(Model):
    @property
    def __pydantic_extra__(self):
        spoil(self.items)
        raise ValueError("no extra")


class Span(dt.timedelta):
    @property
    def days(self):
        spoil(self.items)
        return 1

    @property
    def seconds(self):
        return "not a number"


class Price(Decimal):
    def __getattribute__(self, name):
        if name == "__str__":
            spoil(object.__getattribute__(self, "items"))
        return object.__getattribute__(self, name)


class Buffer(bytearray):
    def __buffer__(self, flags):
        spoil(self.items)
        raise ValueError("no buffer")


def odd_things(items):
    for kind in (Changing, Walked, Located, Record, Model, Ruled, Span, Price, Buffer):
        thing = kind()
        thing.items = items
        yield thing


@attack
def an_object_goes_while_its_kind_is_found(path):
    """The first of a class is held, because nothing is known of it."""
    for default in (None, lambda thing: type(thing).__name__):
        for i in range(9):
            for _ in range(3):
                items = []
                first = list(odd_things([]))[i]
                items += [first, long(), list(odd_things(items))[i], wide(), 10**15]
                del first
                path.go(items, default, MORE | planjson.OPT_SERIALIZE_DECIMAL)


@contextlib.contextmanager
def module(name, **content):
    before = sys.modules[name]
    sys.modules[name] = types.SimpleNamespace(**content)
    try:
        yield
    finally:
        sys.modules[name] = before


class Plain:
    pass


@dataclasses.dataclass
class Row:
    a: int = 1
    b: str = "two"


class Colour(enum.Enum):
    RED = 1


@attack
def modules_that_have_no_classes(path):
    """What a module calls a class need not be one."""
    values = (5, 2.5, "text", [long()], None, long)
    for value in values:
        with (
            module("uuid", UUID=value),
            module("enum", Enum=value, EnumMeta=type),
            module("dataclasses", _FIELD=value),
            module("datetime", datetime_CAPI=value),
        ):
            path.go(
                [Plain(), Row(), Colour.RED, uuid.UUID(int=1), dt.date(2000, 1, 1)], lambda _: 1
            )
    path.go([Plain(), Row(), Colour.RED, uuid.UUID(int=1), dt.date(2000, 1, 1)], lambda _: 1)


class Trap:
    """A key of a dict that runs `change` when it is compared with `name`, once it is armed."""

    def __init__(self, name, change):
        trap = self
        self.armed = False

        class Key(str):
            __slots__ = ()
            __hash__ = str.__hash__

            def __eq__(self, other):
                if trap.armed:
                    trap.armed = False
                    change()
                    Junk.spread()
                return self is other

            def __ne__(self, other):
                return self is not other

        self.key = Key(name)


NAMES = ("__dataclass_fields__", "__slots__", "__dict__", "_value_", "value", "a_field")


@attack
def the_class_goes_while_it_is_asked(path):
    class Other:
        pass

    for name in NAMES:
        things = []

        def change(things=things):
            for thing in things:
                thing.__class__ = Other

        def make(name=name, change=change):
            trap = Trap(name, change)
            content = {trap.key: 1}
            if name != "__dataclass_fields__":
                content["__dataclass_fields__"] = {"a_field": Field(), long("f"): Field()}
            thing = type("C", (), content)()
            trap.armed = True
            return thing

        things += [make() for _ in range(3)]
        path.go([*things, long()], lambda _: long("default"))


class Field:
    _field_type = dataclasses._FIELD


@attack
def the_bases_go_while_they_are_asked(path):
    """The order of method resolution is another one in the middle of a search along it."""

    class Empty:
        __slots__ = ()

    def attempt(name):
        def change():
            Derived.__bases__ = (Empty,)

        trap = Trap(name, change)
        Base = type("Base", (), {"__slots__": (), trap.key: 1})
        Middle = type("Middle", (Base, Empty), {"__slots__": ()})
        fields = {"a_field": Field()}
        Derived = type("Derived", (Middle,), {"__slots__": (), "__dataclass_fields__": fields})
        thing = Derived()
        del Base, Middle
        trap.armed = True
        path.go([thing, long(), thing], lambda _: long("default"))

    for name in NAMES:
        attempt(name)


@attack
def modules_go_while_one_is_looked_for(path):
    before = sys.modules

    class Modules(dict):
        pass

    def change():
        sys.modules = before

    for name in ("uuid", "enum", "dataclasses", "datetime", "numpy", "decimal", "ipaddress"):
        trap = Trap(name, change)
        sys.modules = Modules({trap.key: Thing()})
        sys.modules.update((key, value) for key, value in before.items() if key != name)
        trap.armed = True
        try:
            path.go([Plain(), long(), Plain()], lambda _: long("default"), MORE)
        finally:
            sys.modules = before


VARYING.add("names_that_only_the_walk_has")  # depends on what is remembered of a class


@attack
def names_that_only_the_walk_has(path):
    """Long names of slots that the class has let go of, in a plan that would borrow their text."""

    class Fading:
        def __init__(self, fields):
            self.fields = fields

        @property
        def _field_type(self):
            self.fields.clear()
            return dataclasses._FIELD

    def make(n, versions):
        name = long(f"name {n}").replace(" ", "_")
        Slotted = type("Slotted", (), {"__slots__": (name,)})
        fields = {}
        fields["".join(list(name))] = Fading(fields)
        Slotted.__dataclass_fields__ = fields
        for step in range(versions):
            Slotted.step = step  # a class that has had so many versions gets no more
            hasattr(Slotted, "step")
        thing = Slotted()
        setattr(thing, name, [long()])
        return thing

    for versions in (0, 1200):
        things = [make(n, versions) for n in range(80)]
        path.go(things, lambda _: long("default"))
        path.go(things, lambda _: long("default"))


@attack
def slots_that_are_looked_for_by_python_code(path):
    class Mark:
        def __init__(self, change):
            self.change = change

        @property
        def _field_type(self):
            self.change()
            Junk.spread()
            return dataclasses._FIELD

    def changes(Slotted, things):
        yield lambda: things.clear()
        yield lambda: Slotted.__dataclass_fields__.clear()
        yield lambda: type.__setattr__(Slotted, "__dataclass_fields__", {})
        yield lambda: [delattr(thing, "b") for thing in things if hasattr(thing, "b")]
        yield lambda: Slotted.__dict__.get("b") and delattr(Slotted, "b")
        yield lambda: [setattr(thing, "__class__", Twin) for thing in things]

    Twin = type("Twin", (), {"__slots__": ("a", "b")})
    for i in range(6):
        Slotted = type("Slotted", (), {"__slots__": ("a", "b")})
        things = []
        change = list(changes(Slotted, things))[i]
        Slotted.__dataclass_fields__ = {"a": Mark(lambda: None), "b": Mark(change)}
        for _ in range(3):
            thing = Slotted()
            thing.a, thing.b = long(), [wide()]
            things.append(thing)
        path.go(things, lambda _: long("default"))


if __name__ == "__main__":
    attacks.ATTACKS = ATTACKS
    attacks.main(*sys.argv[1:])
    print("OK")
