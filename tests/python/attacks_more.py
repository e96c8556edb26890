"""A child process: one attack by an iterable, a mapping, a record or an encoder. See attacks.py.

python attacks_more.py NAME PATH
python attacks_more.py --agree
"""

import collections.abc
import gc
import sys
import threading
import weakref
from decimal import Decimal

import attacks
import planjson
from attacks import DICT_CHANGES, LIST_CHANGES, Junk, Thing, long, spoil, wide
from runners import join

ATTACKS = {}
MORE = planjson.OPT_SERIALIZE_MORE
AS_OBJECT = planjson.OPT_NAMEDTUPLE_AS_OBJECT
SORT = planjson.OPT_SORT_KEYS
KEYS = planjson.OPT_NON_STR_KEYS


def attack(function):
    ATTACKS[function.__name__] = function
    return function


def every(changes):
    def add(function):
        for name, change in changes.items():

            def one(path, change=change):
                function(path, change)

            one.__name__ = f"{function.__name__}_{name}"
            attack(one)
        return function

    return add


class Steps:
    """An iterable that runs `change` at its second element."""

    def __init__(self, change):
        self.change = change

    def __iter__(self):
        yield long("first")
        self.change()
        yield wide("second")


class Map(collections.abc.Mapping):
    def __init__(self, change, at):
        self.change, self.at = change, at

    def __iter__(self):
        if self.at == "iter":
            self.change()
        return iter(["a", long("key")])

    def __getitem__(self, key):
        if self.at == "item":
            self.change()
        return long(key)

    def __len__(self):
        return 2


class Record:
    """Its fields are attributes, of which one is computed."""

    __struct_fields__ = ("a", "b", "c")

    def __init__(self, change):
        self.a, self.c, self.change = long(), [long()], change

    @property
    def b(self):
        self.change()
        return [wide(), 2.5]


class Place:
    def __init__(self, change):
        self.change = change

    def __fspath__(self):
        self.change()
        return long("/path")


def makers(change):
    yield lambda: Steps(change)
    yield lambda: Map(change, "iter")
    yield lambda: Map(change, "item")
    yield lambda: Record(change)
    yield lambda: Place(change)


@every(LIST_CHANGES)
def the_list_around(path, change):
    for i in range(5):
        items = []
        make = list(makers(lambda items=items: change(items)))[i]
        items += [long(), make(), wide(), 10**15, make(), [long()], {long(): wide()}] * 3
        path.go(items, option=MORE, default=lambda _: 1)


@every(DICT_CHANGES)
def the_dict_around(path, change):
    for option in (MORE, MORE | SORT, MORE | KEYS):
        for i in range(5):
            table = {}
            make = list(makers(lambda table=table: change(table)))[i]
            table.update({long("key"): long(), "odd": make(), wide(): wide(), "again": make()})
            path.go(table, option=option, default=lambda _: 1)


@every(LIST_CHANGES)
def the_set_itself(path, change):
    """A set cannot be changed while it is iterated over, but its elements may go meanwhile."""
    items = [long(), 1]

    class Element(collections.abc.Hashable):
        __hash__ = object.__hash__

        def __iter__(self):
            change(items)
            held.clear()
            Junk.spread()
            return iter([long()])

    held = {Element() for _ in range(4)}
    path.go([held, items], option=MORE, default=lambda _: 1)


@every(DICT_CHANGES)
def keys_with_encoders(path, change):
    for option in (None, SORT, KEYS):
        table = {}

        def encode(thing, table=table):
            change(table)
            return long("key")

        table.update({"a": long(), Thing(): wide(), long("b"): [long()], Thing(): {long(): 1}})
        path.go([table], None, option, encoders={Thing: encode})


@every(LIST_CHANGES)
def values_with_encoders(path, change):
    for kind in (Thing, str, int, object):
        items = []

        def encode(value, items=items):
            change(items)
            return [long("answer")] if isinstance(value, Thing) else "x"

        items += [long(), Thing(), 10**15, 2.5, [Thing()], {long("key"): wide()}] * 2
        path.go(items, encoders={kind: encode, list: lambda v: v})


@attack
def an_encoder_gives_back_what_it_was_given(path):
    items = [long(), [long(), wide()], {long(): wide()}]

    def encode(value):
        items.clear()
        Junk.spread()
        return value

    for kind in (list, dict, str):
        path.go([items, items[:], list(items)], encoders={kind: encode})


@attack
def the_encoders_go(path):
    class Function:
        def __call__(self, thing):
            encoders.clear()
            Junk.spread()
            return [long(), Other()]

        def __del__(self):
            Junk.spread()

    class Other:
        pass

    encoders = {Thing: Function(), Other: Function()}
    path.go([Thing(), Other(), Thing()], encoders=encoders)


@attack
def the_class_goes(path):
    """An object is given another class while its kind is being found."""

    class New:
        __struct_fields__ = ("z",)
        z = 1

    def make():
        class Meta(type):
            def __getattr__(cls, name):
                for thing in things:
                    thing.__class__ = New
                things_classes.clear()
                Junk.spread()
                raise AttributeError(name)

        class Old(metaclass=Meta):
            pass

        things_classes.append(Old)
        return Old()

    things_classes = []
    things = [make() for _ in range(3)]
    path.go([*things, long()], option=MORE, default=lambda _: long("default"))


@attack
def the_names_go(path):
    """Names that only the class held, in a plan that would borrow them."""

    def make(n):
        name = long("name").replace(" ", "_")

        class Row:
            __struct_fields__ = (name,)

            def __getattr__(self, wanted):
                type(self).__struct_fields__ = ("other",)
                Junk.spread()
                return [long(), wanted]

        return Row()

    rows = [make(n) for n in range(200)]
    path.go(rows, option=MORE)
    path.go(rows, option=MORE)


@attack
def a_finaliser_of_an_element(path):
    class Last:
        def __init__(self, items):
            self.items = items

        def __iter__(self):
            return iter([long()])

        def __del__(self):
            spoil(self.items)

    items = [long(), None, [long(), wide()], long()]
    items[1] = (Last(items) for _ in range(3))
    path.go(items, option=MORE)


@attack
def walks_inside_walks(path):
    class Inner:
        def __init__(self, depth):
            self.depth = depth

        def __iter__(self):
            if self.depth:
                planjson.dumps([Inner(self.depth - 1), long()], option=MORE, plan=True)
            return iter([long(), self.depth])

    path.go([Inner(30), long(), Inner(3)], option=MORE)


class Endless:
    def __iter__(self):
        deep = self
        for _ in range(250):
            deep = [deep]
        return iter([planjson.dumps(deep, option=MORE)])


class EndlessField:
    __struct_fields__ = ("a",)

    @property
    def a(self):
        return planjson.dumps([self] * 2, option=MORE).decode()


again = {Thing: lambda t: planjson.dumps({"k": t}, encoders=again).decode()}


@attack
def walks_inside_walks_for_ever(path):
    """On a large stack, because a build without optimisation needs one."""

    def run():
        sys.setrecursionlimit(10**5)
        path.go(Endless(), option=MORE)
        path.go(EndlessField(), option=MORE)
        path.go(Thing(), encoders=again)

    threading.stack_size(256 << 20)
    thread = threading.Thread(target=run)
    thread.start()
    join([thread])
    threading.stack_size(0)


@attack
def an_iterator_that_is_asked_twice(path):
    class Twice:
        def __iter__(self):
            return iterator

    iterator = iter([long(), [long()]] * 3)
    path.go([Twice(), Twice(), iterator], option=MORE)


@attack
def a_decimal_with_methods(path):
    class Price(Decimal):
        def __str__(self):
            spoil(items)
            return "JUNK"

    items = [long(), Price(1), long(), Decimal(2)]
    path.go(items, option=planjson.OPT_SERIALIZE_DECIMAL)


@attack
def what_a_type_says_of_itself(path):
    class Meta(type):
        @property
        def __attrs_attrs__(cls):
            spoil(items)
            return [Thing(), Thing()]

        @property
        def __struct_fields__(cls):
            spoil(items)
            return (long("n"), 5)

        @property
        def __pydantic_fields__(cls):
            spoil(items)
            raise ValueError

    class Odd(metaclass=Meta):
        def __instancecheck__(self, other):
            return True

    items = [long(), Odd(), wide(), Odd()]
    path.go(items, option=MORE, default=lambda _: long())


@attack
def a_mapping_registered_on_the_way(path):
    class Late:
        def __iter__(self):
            return iter("ab")

        def __getitem__(self, key):
            return long(key)

        def keys(self):
            return ["a", "b"]

    def hook(thing):
        collections.abc.Mapping.register(Late)
        return 1

    path.go([Late(), Thing(), Late()], hook, MORE)


@attack
def buffers(path):
    class Bytes(bytearray):
        def __buffer__(self, flags):
            spoil(items)
            return memoryview(b"abc")

    view = memoryview(bytearray(b"x" * 1000))
    items = [long(), Bytes(b"abc"), view, long()]
    path.go(items, option=MORE, default=lambda _: 1)


@attack
def numpy_arrays_are_freed(path):
    try:
        import numpy as np
    except ImportError:
        return
    option = planjson.OPT_SERIALIZE_NUMPY
    items = []

    def hook(thing):
        spoil(items)
        np.full(1000, 1.5)
        return np.arange(100) / 7

    items += [np.arange(1000), Thing(), np.ones((10, 10)), np.float32(0.5), long()]
    path.go(items, hook, option)
    path.go([Thing(), np.zeros(10, "c16")], hook, option)


@attack
def kept_texts_of_fields(path):
    """Each value is made for the moment; a plan would borrow its text."""

    class Row:
        __struct_fields__ = ("a", "b")

        @property
        def a(self):
            return long("a")

        @property
        def b(self):
            gc.collect()
            Junk.spread()
            return {long("key"): wide(), "t": (long(),)}

    rows = [Row() for _ in range(30)]
    weak = weakref.ref(rows[0])
    path.go(rows, option=MORE)
    assert weak() is not None


def slotted_rows(names=("a", "b", "c"), n=40):
    class Row:
        __slots__ = names
        __struct_fields__ = names

    rows = [Row() for _ in range(n)]
    for i, row in enumerate(rows):
        for name in names:
            setattr(row, name, [long(name), i])
        setattr(row, names[1], Thing())
    return Row, rows


def drop(kind, rows):
    rows.clear()


def empty(kind, rows):
    for row in rows:
        for name in kind.__slots__:
            if hasattr(row, name):
                delattr(row, name)


def another_class(kind, rows):
    names = kind.__slots__
    other = type("Other", (), {"__slots__": names, "__struct_fields__": names[:1]})
    for row in rows:
        row.__class__ = other


def another_place(kind, rows):
    kind.c, kind.a = kind.a, kind.c


def no_place(kind, rows):
    del kind.c
    kind.a = property(lambda self: long("property"))


SLOT_CHANGES = {f.__name__: f for f in (drop, empty, another_class, another_place, no_place)}


@every(SLOT_CHANGES)
def slots_of_records(path, change):
    """A hook changes the record that is being written, those behind it, and their class."""
    kind, rows = slotted_rows()

    def hook(obj):
        change(kind, rows)
        Junk.spread()
        return [long("hook")]

    path.go([rows, long()], hook, MORE)


if __name__ == "__main__":
    attacks.ATTACKS = ATTACKS
    attacks.main(*sys.argv[1:])
    print("OK")
