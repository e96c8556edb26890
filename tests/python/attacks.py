"""A child process: one attack, over one path, until it prints OK or dies.

An attack builds a document that Python code changes while it is walked, and gives it to `go`, which
accepts bytes that are JSON, or an exception, and nothing else. Freed memory is filled with JUNK
(and by PYTHONMALLOC=debug), which must not show up in any output.

    python attacks.py NAME PATH      one attack
    python attacks.py --agree        all that give the same each time: do the paths agree?
    python attacks.py --list
"""

import contextlib
import dataclasses
import datetime as dt
import enum
import gc
import itertools
import json
import operator
import signal
import sys
import threading
import time
import uuid
import weakref
from typing import ClassVar

import planjson
from runners import PATHS, brief, join

ROUNDS = 3
ATTACKS = {}
VARYING = set()  # what comes out depends on time, or on when a path lets go of what it holds
SORT = planjson.OPT_SORT_KEYS
KEYS = planjson.OPT_NON_STR_KEYS
PASS = planjson.OPT_PASSTHROUGH_SUBCLASS
INDENT = planjson.OPT_INDENT_2


def attack(function):
    ATTACKS[function.__name__] = function
    return function


def varying(function):
    VARYING.add(function.__name__)
    return attack(function)


class Thing:
    """Goes to `default`."""


class Weak(list):
    """A list that can be watched, and have attributes."""


serial = itertools.count()


def long(tag="long"):
    """A new string that a plan would rather borrow than copy."""
    return f"{tag} {next(serial) % 10} " * 30


def wide(tag="wide"):
    return f"{tag} é中\U0001f600 {next(serial) % 10} " * 20


class Junk:
    """Fills what was just freed: strings, lists and dicts of many sizes."""

    kept: ClassVar[list] = []

    @classmethod
    def spread(cls):
        gc.collect()
        cls.kept = [
            ["JUNK" * (size // 4) for size in range(32, 800, 16)],
            ["JUNK\U0001f600" * (size // 20) for size in range(60, 1600, 40)],
            [["JUNK"] * size for size in range(1, 60, 2)],
            [{f"JUNK {n}": "JUNK" for n in range(size)} for size in range(1, 24)],
            [10**15 + n for n in range(200)],
        ]
        cls.kept = cls.kept[::2]


class Path:
    """One of the paths; `between` runs after planning and before writing, where there is a gap."""

    def __init__(self, name):
        self.name = name
        self.outcomes = []

    def go(self, obj, default=None, option=None, between=None, **more):
        try:
            out = self.run(obj, default, option, between, more)
        except BaseException as error:
            self.check_error(error)
            self.outcomes.append((type(error).__name__, str(error)))
            return None
        self.check_bytes(out)
        self.outcomes.append(out)
        return out

    def run(self, obj, default, option, between, more):
        if self.name != "emitted":
            return PATHS[self.name](obj, default=default, option=option, **more)
        plan = planjson.plan(obj, default, option, **more)
        del obj
        if between:
            between()
        first = plan.emit()
        Junk.spread()
        assert plan.emit() == first
        str(plan).encode()
        return first

    @staticmethod
    def check_error(error):
        if isinstance(error, AssertionError):
            raise error
        if isinstance(error, planjson.JSONEncodeError):
            assert error.path.startswith("$")
            assert "JUNK" not in error.path and "JUNK" not in str(error)
            error.path.encode()

    @staticmethod
    def check_bytes(out):
        assert type(out) is bytes
        assert b"JUNK" not in out, brief(out)
        json.loads(out)


def every(hook_of):
    """An attack for each of these ways to change a list or dict."""

    def add(function):
        for name, change in hook_of.items():

            def one(path, change=change):
                function(path, change)

            one.__name__ = f"{function.__name__}_{name}"
            attack(one)
        return function

    return add


# Hooks that change the list that is walked.


def spoil(container):
    if container:
        container.clear()
        Junk.spread()


def replace_items(items):
    items[:] = [long("new"), 1, [2.5]] * 5
    Junk.spread()


def shrink(items):
    del items[len(items) // 2 :]
    Junk.spread()


LIST_CHANGES = {
    "cleared": spoil,
    "shrunk": shrink,
    "to_one": lambda items: (items.__delitem__(slice(1, None)), Junk.spread()),
    "grown": lambda items: items.extend([Thing(), long("new")] * 50),
    "grown_and_cleared": lambda items: (items.extend(range(10_000)), spoil(items)),
    "replaced": replace_items,
    "reversed": lambda items: items.reverse(),
    "shifted": lambda items: items.insert(0, long("new")),
    "popped": lambda items: (items and items.pop(), Junk.spread()),
    "other_types": lambda items: items.__setitem__(slice(None), [1, 2.5, True, None, "x"] * 8),
    "moved": lambda items: (items.__imul__(40), items.__delitem__(slice(9, None)), Junk.spread()),
}


def hooked(change):
    def hook(thing):
        change()
        return "answer"

    return hook


@every(LIST_CHANGES)
def list_itself(path, change):
    items = [long(), Thing(), wide(), 10**15 + 7, 2.5, Thing(), [long()], {long(): wide()}] * 3
    path.go(items, hooked(lambda: change(items)))


@every(LIST_CHANGES)
def list_before_runs(path, change):
    for make in (lambda n: 10**15 + n, lambda n: n / 7, lambda n: long(), lambda n: n % 2 == 0):
        items = [Thing(), *map(make, range(60)), Thing(), *map(make, range(30))]
        path.go(items, hooked(lambda items=items: change(items)))


@every(LIST_CHANGES)
def list_above(path, change):
    """Parents, grandparents: the inner lists live on only as long as the outer ones hold them."""
    for level in range(4):
        chain = [[long(), Thing(), long(), 10**15]]
        for _ in range(3):
            chain.insert(0, [wide(), chain[0], 2.5, long()])
        target, root = chain[level], chain[0]
        del chain
        path.go(root, hooked(lambda target=target: change(target)))


@attack
def list_grows_for_ever(path):
    for extra in (1, 2, 100):
        items = [Thing() for _ in range(10)]
        asked = []

        def hook(thing, items=items, asked=asked, extra=extra):
            asked.append(1)
            assert len(asked) <= 10, "more were asked than there were"
            items.extend(Thing() for _ in range(extra))
            return 1

        path.go(items, hook)


@attack
def tuple_inside_dies(path):
    root = [(long(), Thing(), wide(), (Thing(), long()))]
    path.go(root, hooked(lambda: spoil(root)))


# Hooks that change the dict that is walked.


def rebuild(table):
    for n in range(1000):
        table[f"more {n}"] = n
    for n in range(1000):
        del table[f"more {n}"]


def grow_and_shrink(table):
    table.update({long(f"grow {n}"): Thing() for n in range(100)})
    spoil(table)
    table.update(a=1)


def delete_and_add(table):
    for key in list(table):
        value = table.pop(key)
        table["".join(list(key))] = value
    Junk.spread()


DICT_CHANGES = {
    "cleared": spoil,
    "grown": lambda table: table.update({f"new {n} {len(table)}": Thing() for n in range(50)}),
    "rebuilt": rebuild,
    "grown_and_shrunk": grow_and_shrink,
    "deleted_and_added": delete_and_add,
    "one_popped": lambda table: (table and table.popitem(), Junk.spread()),
    "first_popped": lambda table: (table and table.pop(next(iter(table))), Junk.spread()),
    "values_replaced": lambda table: table.update({key: long("new") for key in table}),
    "values_freed": lambda table: (table.update(dict.fromkeys(table)), Junk.spread()),
    "number_keys": lambda table: table.update({n: long() for n in range(20)}),
    "surrogates": lambda table: table.update({"\ud800": 1, **dict.fromkeys(table, "\udfff")}),
    "all_replaced": lambda table: (table.clear(), table.update({n: n for n in "abcdef"})),
    "itself_inside": lambda table: table.update(dict.fromkeys(table, table)),
}


def table_of_all():
    return {
        long("key"): long(),
        "thing": Thing(),
        wide("key"): wide(),
        "number": 10**15 + 7,
        "again": Thing(),
        "list": [long(), Thing()],
        "dict": {long("inner"): Thing(), "x": long()},
        "last": Thing(),
    }


@every(DICT_CHANGES)
def dict_itself(path, change):
    for option in (None, SORT, KEYS, KEYS | SORT | INDENT):
        table = table_of_all()
        path.go(table, hooked(lambda table=table: change(table)), option)


@every(DICT_CHANGES)
def dict_above(path, change):
    for option in (None, SORT, KEYS):
        for level in range(3):
            chain = [table_of_all()]
            for _ in range(2):
                chain.insert(0, {long("above"): chain[0], wide("k"): [long(), Thing()]})
            target, root = chain[level], [chain[0]]
            del chain
            path.go(root, hooked(lambda target=target: change(target)), option)


@every(DICT_CHANGES)
def dict_of_an_instance(path, change):
    class Row:
        def __init__(self):
            self.a, self.b, self.c, self.d = long(), Thing(), wide(), Thing()

    rows = [Row() for _ in range(4)]
    path.go([vars(row) for row in rows], hooked(lambda: change(vars(rows[1]))))


@attack
def dict_of_an_instance_loses_attributes(path):
    class Row:
        def __init__(self):
            self.a, self.b, self.c = Thing(), long(), Thing()

    for option in (None, SORT):
        row = Row()

        def change(row=row):
            row.__dict__ = {}
            row.later = 1
            Junk.spread()

        path.go([row.__dict__, long()], hooked(change), option)


@attack
def dict_grows_for_ever(path):
    for option in (None, SORT, KEYS):
        table = {f"k{n}": Thing() for n in range(10)}
        asked = []

        def hook(thing, table=table, asked=asked):
            asked.append(1)
            assert len(asked) <= 1000, "there is no end to it"
            table[f"new {len(table)}"] = Thing()
            return 1

        path.go(table, hook, option)


@attack
def dict_many_keys_sorted_and_freed(path):
    table = {long(f"{n * 7919 % 1000} "): Thing() for n in range(300)}
    path.go({"outer": table}, hooked(lambda: spoil(table)), SORT)


@attack
def dict_many_numbers_as_keys_and_freed(path):
    table = {n + 10**15: Thing() for n in range(100)} | {n / 7: [long()] for n in range(100)}
    path.go({"outer": table}, hooked(lambda: spoil(table)), KEYS | SORT)


# The last references go.


@attack
def strings_already_planned_die(path):
    root = [*(long() for _ in range(50)), *(wide() for _ in range(50)), Thing(), Thing()]
    want = json.dumps(root[:100], ensure_ascii=False, separators=(",", ":")).encode()[:-1]

    def hook(thing):
        del root[:100]
        Junk.spread()
        return "answer"

    out = path.go(root, hook)
    assert out is None or out.startswith(want)


@attack
def keys_already_planned_die(path):
    root = {long(f"key {n} "): [{wide(f"{n} "): 1}] for n in range(50)}
    want = json.dumps(root, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
    root["last"] = Thing()
    path.go(root, hooked(lambda: spoil(root)))
    out = path.outcomes[-1]
    assert type(out) is not bytes or out.startswith(want)


@attack
def object_of_the_hook_dies(path):
    for raises in (False, True):
        root = [long(), [Thing()], Thing()]

        def hook(thing, root=root, raises=raises):
            spoil(root)
            if raises:
                raise ValueError(long())
            return [long()]

        path.go(root, hook)
        path.go([Thing()], lambda thing: Thing())
        path.go(Thing(), hook)


@attack
def class_of_the_object_dies(path):
    def document():
        return [type(f"Short {next(serial) % 10} lived", (), {})(), long()]

    root = document()

    def hook(thing):
        spoil(root)
        del thing
        Junk.spread()
        raise ValueError

    path.go(root, hook)
    path.go(document())
    path.go(document(), lambda thing: document()[0])


@attack
def keys_on_the_path_to_an_error_die(path):
    for option in (None, SORT, KEYS, KEYS | SORT):
        inner = [long(), Thing(), long()]
        middle = {long("middle"): {wide("inner"): inner}}
        root = {long("root"): [1, middle]}

        def hook(thing, parts=(inner, middle, root)):
            for part in parts:
                spoil(part)
            raise ValueError

        path.go(root, hook, option)


@attack
def keys_on_the_path_die_and_the_answer_is_wrong(path):
    for wrong in (1 << 70, "\ud800", {(): 1}, Thing(), [[1j]], {"\udfff": 1}):
        inner = [long(), Thing(), long()]
        root = {long("root"): [1, {wide("inner"): inner}]}

        def hook(thing, parts=(inner, root), wrong=wrong):
            if type(thing) is not Thing or not parts[1]:
                raise ValueError
            for part in parts:
                spoil(part)
            return {long("answer"): [wrong]}

        path.go(root, hook)


@attack
def answers_that_nobody_holds(path):
    """A plan must keep, or copy, what lives only inside an answer."""

    def answer(n):
        values = [long(), wide(), 10**15 + n, n / 7, (long(), "short")]
        return {long(f"k{n} "): values, "s": f"s{n}"}

    def make():
        count = itertools.count()
        return lambda thing: answer(next(count))

    Junk.spread()
    out = path.go([Thing() for _ in range(60)], make())
    assert out is not None and len(json.loads(out)) == 60
    for n, row in enumerate(json.loads(out)):
        assert row["s"] == f"s{n}" and len(row) == 2


@attack
def answers_that_nobody_holds_one_inside_the_other(path):
    count = itertools.count(1)

    def hook(thing):
        Junk.spread()
        n = next(count)
        return [long(), {wide(): Thing()}, long()] if n % 20 else long("end")

    path.go([Thing(), Thing()], hook)


@attack
def source_dies_between_plan_and_emit(path):
    root = [long(), {long("key"): wide()}, [10**15, 2.5, long()], ("x" * 400, long()), Thing()]
    want = json.loads(PATHS["direct"](root, default=lambda thing: "answer"))

    def between():
        for part in root[1:3]:
            part.clear()
        spoil(root)

    out = path.go(root, lambda thing: "answer", between=between)
    assert json.loads(out) == want


# Calls back into planjson.


@attack
def dumps_inside_the_hook(path):
    depth = itertools.count()

    def hook(thing):
        if next(depth) > 30:
            return long("end")
        return json.loads(PATHS[path.name]([long(), thing, wide()], default=hook))

    path.go([long(), Thing(), long()], hook)


@attack
def every_path_inside_the_hook(path):
    plans = []

    def hook(thing):
        inner = [long(), {wide(): [10**15 + n for n in range(30)]}, [2.5] * 30]
        plans.append(planjson.plan(inner))
        outs = {run(inner) for run in PATHS.values()} | {plans[-1].emit()}
        assert len(outs) == 1
        return json.loads(outs.pop())

    path.go([Thing() if n % 2 else [long(), n] for n in range(20)], hook)
    Junk.spread()
    for plan in plans:
        json.loads(plan.emit())


@attack
def the_same_root_inside_the_hook(path):
    root = [long(), Thing(), {long(): Thing()}]
    level = []

    def hook(thing):
        if len(level) > 3:
            return "deep"
        level.append(1)
        try:
            return PATHS[path.name](root, default=hook).decode()
        finally:
            level.pop()

    path.go(root, hook)


@attack
def errors_inside_the_hook(path):
    def hook(thing):
        for wrong in (Thing(), 1 << 70, "\ud800", {1: 2}):
            try:
                PATHS[path.name]([long(), wrong])
            except planjson.JSONEncodeError as error:
                assert error.path.startswith("$[1]")
        return long("fine")

    path.go([long(), Thing(), long(), Thing()], hook)


@attack
def thresholds_inside_the_hook(path):
    before = planjson.thresholds()
    sizes = itertools.cycle([1, 2, 3, 50, 1000])

    def hook(thing):
        planjson.set_thresholds(**dict.fromkeys(before, next(sizes)))
        return [1] * 9 + [2.5] * 9 + [True] * 9 + ["x"] * 40

    try:
        path.go([1, Thing(), *range(10), Thing(), *("a" * 30), Thing(), 2.5, 2.5] * 3, hook)
    finally:
        planjson.set_thresholds(**before)


@attack
def module_torn_apart_inside_the_hook(path):
    names = ["JSONEncodeError", "Plan", "plan", "dumps"]
    kept = {name: getattr(planjson, name) for name in names}

    def hook(thing):
        for name in names:
            setattr(planjson, name, None)
        Junk.spread()
        raise ValueError

    try:
        if path.name == "emitted":
            kept["plan"]([Thing()], hook)
        else:
            kept["dumps"]([Thing()], hook, plan=path.name == "planned")
    except kept["JSONEncodeError"] as error:
        assert isinstance(error.__cause__, ValueError)
    finally:
        vars(planjson).update(kept)


# Circles and depth.


@attack
def answer_holds_itself(path):
    circle = []
    circle.append(circle)
    table = {}
    table["self"] = [table]
    pair = []
    pair.append((pair,))
    for answer in (circle, table, pair):
        path.go([Thing()], lambda thing, answer=answer: answer)
        path.go([[Thing()]], lambda thing, answer=answer: {"a": (answer,)})


@attack
def answers_without_end(path):
    for wrap in (
        lambda thing: thing,
        lambda thing: Thing(),
        lambda thing: [thing],
        lambda thing: {"a": thing},
        lambda thing: (thing,),
        lambda thing: [long(), {long(): (Thing(),)}],
        lambda thing: [Weak([thing])],
    ):
        path.go([Thing()], wrap)
        path.go(Thing(), wrap, KEYS | SORT)


@attack
def document_becomes_a_circle(path):
    root = [Thing(), []]
    path.go(root, hooked(lambda: root[1].append(root)))
    table = {"a": Thing(), "b": {}}
    path.go(table, hooked(lambda: table["b"].update(up=table)))


@attack
def little_stack_left(path):
    """At the end of Python's own recursion limit, where calling a hook fails."""

    def hook(thing):
        return [long()]

    def down(depth):
        if depth:
            return down(depth - 1)
        return PATHS[path.name]([long(), Thing(), long()], default=hook)

    limit = sys.getrecursionlimit()
    for depth in range(limit - 120, limit, 3):
        with contextlib.suppress(RecursionError, planjson.JSONEncodeError):
            json.loads(down(depth))


@attack
def tuples_without_end(path):
    obj = 1
    for _ in range(50_000):
        obj = (obj,)
    path.go(obj)
    path.go([Thing()], lambda thing: obj)
    circle = [long()]
    circle.append((circle, circle))
    path.go(circle)


# Exceptions.


class Spiteful(Exception):
    def __str__(self):
        raise ValueError("no text")

    __repr__ = __str__

    def __del__(self):
        Junk.spread()


class Abort(BaseException):
    pass


RAISED = [
    ValueError,
    KeyboardInterrupt,
    SystemExit,
    RecursionError,
    MemoryError,
    GeneratorExit,
    StopIteration,
    Spiteful,
    Abort,
    planjson.JSONEncodeError,
    AttributeError,
]


@attack
def raised_in_the_hook(path):
    for kind in RAISED:
        root = [long(), {long(): [Thing(), long()]}, wide()]

        def hook(thing, kind=kind, root=root):
            spoil(root)
            raise kind

        path.go(root, hook)
        path.go({long(): [1, Thing()]}, hook)


@attack
def raised_twice_over(path):
    def hook(thing):
        try:
            raise KeyError(long())
        except KeyError as error:
            wrong = ValueError(long())
            wrong.__cause__, error.__cause__ = error, wrong
            raise wrong from error

    path.go([Thing()], hook)


@attack
def the_encode_error_is_frozen(path):
    class Frozen(planjson.JSONEncodeError):
        __slots__ = ()

        def __setattr__(self, name, value):
            raise AttributeError(name)

        def add_note(self, note):
            raise AttributeError("add_note")

    def hook(thing):
        raise Frozen("mine")

    path.go([long(), Thing()], hook)


@attack
def hooks_that_cannot_be_called(path):
    class Hook:
        def __call__(self, thing):
            Hook.__call__ = None
            Junk.spread()
            return [long()]

    path.go([Thing(), long(), Thing()], Hook())
    for hook in (5, "x", [], type, object, operator.itemgetter(0), iter([])):
        path.go([Thing(), long()], hook)


@attack
def hook_deletes_itself(path):
    class Hook:
        def __init__(self):
            self.answer = [long()]

        def __call__(self, thing):
            holder.clear()
            self.__dict__.clear()
            Junk.spread()
            return [long()]

    holder = [Hook()]
    path.go([Thing(), long(), Thing()], holder[0].__call__)


# Subclasses that do as they like.


class Evil:
    """Every method that could be asked spoils the target."""

    target: ClassVar[list] = []

    @staticmethod
    def strike(*_, **__):
        spoil(Evil.target)
        raise ValueError("struck")


EVIL_NAMES = (
    "__iter__ __len__ __getitem__ __contains__ __bool__ __str__ __repr__ __eq__ __lt__ __gt__ "
    "__int__ __index__ __float__ __format__ __getattribute__ __getattr__ __reduce__ __next__ "
    "__length_hint__ __fspath__ __bytes__ keys items values get encode tolist isoformat hex"
)
EVIL_METHODS = dict.fromkeys(EVIL_NAMES.split(), Evil.strike)


def evil(base):
    return type(f"Evil{base.__name__}", (base,), EVIL_METHODS | {"__hash__": base.__hash__})


@attack
def subclasses_with_every_method_evil(path):
    values = [("text" * 30,), (10**15,), ([1, long()],), ({"a": 1},), (2.5,), ((1, 2),)]
    for option in (None, SORT, KEYS, KEYS | SORT | INDENT):
        for base, arguments in zip((str, int, list, dict, float, tuple), values, strict=True):
            root = [long(), evil(base)(*arguments), long()]
            Evil.target = root
            path.go(root, None, option)
            path.go(root, lambda thing: "answer", option)
            path.go(root, lambda thing: thing, (option or 0) | PASS)


@attack
def keys_with_every_method_evil(path):
    class Key(str):
        __hash__ = str.__hash__

    class Number(int):
        __hash__ = int.__hash__

    for option in (KEYS, KEYS | SORT):
        for key in (Key(long()), Key("short"), Number(7), Number(10**15)):
            root = {"first": long(), key: [long()], "last": {key: 1}}
            for name in ("__eq__", "__lt__", "__str__", "__index__", "__int__", "__hash__"):
                setattr(type(key), name, Evil.strike)
            Evil.target = root
            path.go(root, None, option)
            for name in ("__eq__", "__lt__", "__str__", "__index__", "__int__"):
                delattr(type(key), name)
            type(key).__hash__ = type(key).__mro__[1].__hash__


@attack
def metaclass_that_strikes(path):
    class Meta(type):
        __getattribute__ = __instancecheck__ = __subclasscheck__ = __eq__ = Evil.strike
        __hash__ = type.__hash__

    for base in (object, str, int, list, dict):
        root = [long(), Meta("Odd", (base,), {})(), long()]
        Evil.target = root
        path.go(root)
        path.go(root, lambda thing: 1)


@varying
def strings_with_a_finaliser(path):
    class Text(str):
        def __del__(self):
            spoil(root)

    for option in (None, KEYS):
        root = [long(), Text(long()), Thing(), long(), [Text(wide())], Thing()]
        path.go(root, hooked(lambda root=root: root.pop(1)), option)
        root = [Text("x"), Thing(), long(), Thing()]
        path.go(root, hooked(lambda root=root: root.pop(0)), option)
    root = [{Text(long()): Thing(), "b": long()}, long()]
    path.go(root, hooked(lambda: root[0].clear()), KEYS)


class Bomb:
    """Its finaliser changes the target; so does the finaliser of each kind of answer below."""

    def __init__(self, target):
        self.target = target

    def __del__(self):
        spoil(self.target)


class BombText(str):
    def __del__(self):
        spoil(self.target)


class BombNumber(int):
    def __del__(self):
        spoil(self.target)


class BombList(list):
    def __del__(self):
        spoil(self.target)


class BombTable(dict):
    def __del__(self):
        spoil(self.target)


@varying
def answers_with_a_finaliser(path):
    """They die when the walk lets go of them, in the middle of it."""
    answers = [
        lambda: BombText(long()),
        lambda: BombText("s"),
        lambda: BombNumber(10**15),
        lambda: BombList([long(), 1]),
        lambda: BombTable({long(): wide()}),
    ]
    for make in answers:
        for document in (list_document, dict_document):
            root = document()

            def hook(thing, make=make, root=root):
                answer = make()
                answer.target = root
                return answer

            path.go(root, hook)
            path.go(root, hook, SORT | KEYS)


def list_document():
    return [long(), Thing(), *range(10**15, 10**15 + 20), wide(), Thing(), [Thing()]]


def dict_document():
    return {long(f"{n}"): Thing() if n % 3 else [wide(), n / 7] for n in range(20)}


@attack
def answers_that_hold_bombs(path):
    for make in (
        lambda bomb: [long(), Weak([bomb])],
        lambda bomb: {"a": long(), "bomb": Weak([bomb])},
        lambda bomb: (long(), Weak([bomb])),
    ):
        root = list_document()

        def hook(thing, make=make, root=root):
            return "safe" if isinstance(thing, Bomb) else make(Bomb(root))

        path.go([root, root], hook)


@attack
def answers_go_to_default_again_and_die(path):
    root = list_document()
    step = itertools.count(1)

    def hook(thing):
        return Bomb(root) if next(step) % 5 else long("end")

    path.go([long(), root, long()], hook)


@attack
def weak_reference_calls_back(path):
    root = list_document()
    watches = []

    def hook(thing):
        answer = Weak([long(), 1])
        watches.append(weakref.ref(answer, lambda _: spoil(root)))
        return answer

    path.go(root, hook)
    root = {"a": Thing(), "b": Weak([long(), 1]), "c": wide(), "d": Thing()}
    watches.append(weakref.ref(root["b"], lambda _, root=root: spoil(root)))
    path.go(root, hooked(lambda root=root: root.update(b=None)))


@attack
def values_with_finalisers_that_fire_others(path):
    class Chain:
        def __init__(self, left, target):
            self.left, self.target = left, target

        def __del__(self):
            if self.left and self.target:
                key = next(iter(self.target))
                self.target[key] = Chain(self.left - 1, self.target)
                self.target.pop(key, None)

    for option in (None, SORT):
        root = {f"{n}": Thing() for n in range(20)}

        def hook(thing, root=root):
            root["5"] = Chain(10, root)
            root["5"] = long()
            return long()

        path.go(root, hook, option)


@attack
def class_changes_under_the_walk(path):
    class First(list):
        pass

    class Second(list):
        def __del__(self):
            Junk.spread()

    class Other:
        pass

    root = [First([Thing(), long()]), First([long()]), Other(), Other()]

    def hook(thing):
        for item in root:
            if isinstance(item, First):
                item.__class__ = Second
            else:
                item.__class__ = Thing
        First.__del__ = Second.__del__
        Thing.__len__ = lambda self: 1 / 0
        root[0].clear()
        Junk.spread()
        del Thing.__len__
        return long()

    path.go(root, hook)


# The rest of the world.


@varying
def collector_calls_back(path):
    root = []

    def fill():
        root[:] = [long(), Thing(), {long(): [Thing(), wide()]}, Thing(), long()] * 5

    fill()

    def strike(phase, info):
        if phase == "start" and not Junk.kept:
            root.clear()
            root.append(1)
            Junk.kept = ["JUNK" * 60 for _ in range(100)]

    def hook(thing):
        Junk.kept = []
        return [Weak([long()]), {"a": [Weak()]}]

    before = gc.get_threshold()
    gc.callbacks.append(strike)
    gc.set_threshold(1, 1, 1)
    try:
        path.go(root, hook)
        fill()
        path.go({"a": root, "b": long()}, hook, SORT)
    finally:
        gc.callbacks.remove(strike)
        gc.set_threshold(*before)


@attack
def tracer_calls_back(path):
    root = [long(), Thing(), {long(): Thing()}, [Thing(), wide()], long()]
    inside = []

    def strike(frame, event, argument):
        if frame.f_code.co_name == "traced" and not inside:
            inside.append(1)
            spoil(root)

    def traced(thing):
        return [long()]

    sys.setprofile(strike)
    try:
        out = PATHS[path.name](root, default=traced)
    finally:
        sys.setprofile(None)
    json.loads(out)
    assert b"JUNK" not in out


@varying
def signals_call_back(path):
    if not hasattr(signal, "setitimer"):
        return
    root = []

    def fill():
        root[:] = [long(), Thing(), {long(): [Thing()]}, [10**15 + n for n in range(50)]] * 30

    def strike(number, frame):
        del root[len(root) // 2 :]

    before = signal.signal(signal.SIGALRM, strike)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    try:
        for _ in range(20):
            fill()
            with contextlib.suppress(planjson.JSONEncodeError):
                json.loads(PATHS[path.name](root, default=lambda thing: [long()]))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@varying
def threads_call_back(path):
    root, done = [], threading.Event()

    def change():
        while not done.is_set():
            root[:] = [long(), Thing(), {long(): Thing(), "x": wide()}, [long()] * 20] * 20
            time.sleep(0)
            root.clear()
            Junk.kept = ["JUNK" * 60 for _ in range(50)]

    def hook(thing):
        time.sleep(0)
        return [long()]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    threads = [threading.Thread(target=change) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        end = time.monotonic() + 0.2
        while time.monotonic() < end:
            path.go(root, hook)
            path.go({"a": root}, hook, SORT)
    finally:
        done.set()
        join(threads)
        sys.setswitchinterval(interval)


@attack
def plan_in_a_circle(path):
    class Holder(list):
        pass

    for _ in range(10):
        holder = Holder([long(), Thing(), wide()])
        holder.plan = planjson.plan(holder, lambda thing: long())
        holder.me = holder
        watch = weakref.ref(holder)
        del holder
        gc.collect()
        assert watch() is None
    path.go([long()])


@attack
def plan_dropped_while_it_is_made(path):
    plans = [planjson.plan([long() for _ in range(20)]) for _ in range(5)]

    def hook(thing):
        if plans:
            plans.pop()
        Junk.spread()
        return [long()]

    path.go([long(), Thing(), Thing(), Thing(), wide(), Thing()], hook)


@attack
def plan_written_inside_a_finaliser(path):
    class Writer(list):
        def __del__(self):
            self.plan.emit()
            json.loads(PATHS[path.name]([long(), [2.5] * 30]))
            str(self.plan)

    def hook(thing):
        answer = Writer([long(), 1])
        answer.plan = planjson.plan([wide(), {long(): long()}])
        return answer

    path.go([long(), Thing(), long(), Thing(), {long(): Thing()}], hook)


# Zones, Enums, dataclasses and Fragments that change what is walked.


class Zone(dt.tzinfo):
    """A zone that does what it is told each time somebody asks it."""

    def __init__(self, change):
        self.change = change

    def utcoffset(self, moment):
        self.change()
        Junk.spread()
        return dt.timedelta(hours=1)


def moment(change):
    return dt.datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=Zone(change))


@attack
def zone_clears_the_list(path):
    root = []
    root += [long(), moment(root.clear), long(), wide(), moment(root.clear), [long()]]
    path.go(root)


@attack
def zone_clears_the_dict(path):
    for option in (None, SORT, KEYS, KEYS | SORT | INDENT):
        root = {}
        root |= {long(): long(), "m": moment(root.clear), long(): [wide()], "n": moment(root.clear)}
        path.go([root, long()], option=option)


@attack
def zone_of_a_key_clears_the_dict(path):
    for option in (KEYS, KEYS | SORT):
        root = {}
        for i in range(40):
            root[moment(root.clear if i == 20 else int) + dt.timedelta(i)] = [long(), wide()]
        path.go([root], option=option)


@attack
def zone_of_a_key_fills_the_dict(path):
    for option in (KEYS, KEYS | SORT):
        root = {}

        def fill(root=root):
            root.update({f"{i}": [long()] for i in range(300)})

        root |= {"a": long(), moment(fill): long(), long(): wide()}
        path.go(root, option=option)


@attack
def zone_that_ends_with_its_moment(path):
    def change():
        root[1] = None
        gc.collect()

    root = [long(), moment(change), moment(change), long()]
    path.go(root)


@attack
def zone_with_every_attribute(path):
    class Odd(Zone):
        def __getattr__(self, name):
            root.clear()
            Junk.spread()
            return lambda moment: moment.replace(tzinfo=Zone(root.clear))

    root = []
    root += [long(), dt.datetime(2024, 1, 1, tzinfo=Odd(root.clear)), long()]
    path.go(root)


@attack
def zone_that_normalizes(path):
    class Normal(Zone):
        def normalize(self, moment):
            root.clear()
            Junk.spread()
            return self

        def utcoffset(self, moment=None):
            return dt.timedelta(hours=2)

    root = [long(), dt.datetime(2024, 1, 1, tzinfo=Normal(None)), long(), wide()]
    path.go(root)


@attack
def zones_that_take_turns_at_an_address(path):
    root = []

    def change():
        for hours in range(20):
            root.append(dt.datetime(2024, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=hours))))
            root[-2:-1] = []

    root += [dt.datetime(2024, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=5))), moment(change)] * 3
    path.go(root)


def evil_enum(change):
    class Evil(enum.Enum):
        A = 1
        B = 2

        @property
        def value(self):
            change()
            Junk.spread()
            return [long(), wide(), {long(): 1}]

    return Evil


@attack
def enum_value_clears_the_container(path):
    for make in (list, dict):
        root = make()
        evil = evil_enum(root.clear)
        things = [long(), evil.A, wide(), evil.B, [long()]]
        if make is list:
            root += things
        else:
            root |= {f"{i}": thing for i, thing in enumerate(things)}
        del evil
        path.go(root)


@attack
def enum_value_of_a_key_clears_the_dict(path):
    class Evil(enum.Enum):
        A = 1

        @property
        def value(self):
            root.clear()
            Junk.spread()
            return long()

    for option in (KEYS, KEYS | SORT):
        root = {long(): [long()], Evil.A: [wide()], long() * 2: [long()]}
        path.go([root, long()], option=option)


@attack
def enum_value_is_replaced(path):
    class Open(enum.Enum):
        A = 1

    def hook(thing):
        Open.A._value_ = None
        Open.A.__dict__.clear()
        Junk.spread()
        return long()

    Open.A._value_ = [long(), Thing(), wide(), Thing(), [long()] * 4]
    path.go([Open.A, long()], hook)


@dataclasses.dataclass
class Plain:
    a: object = None
    b: object = None
    c: object = None


@dataclasses.dataclass(slots=True)
class Slots:
    a: object = None
    b: object = None
    c: object = None


@dataclasses.dataclass(slots=True)
class OtherSlots:
    a: object = None
    b: object = None
    c: object = None


def set_attributes(obj):
    obj.a = obj.b = obj.c = None


def delete_attributes(obj):
    for name in "abc":
        if hasattr(obj, name):
            delattr(obj, name)


def change_class(obj):
    with contextlib.suppress(TypeError):
        obj.__class__ = OtherSlots


def replace_dict(obj):
    if hasattr(obj, "__dict__"):
        obj.__dict__ = {"b": long(), "z": [long()]}


def empty_dict(obj):
    if hasattr(obj, "__dict__"):
        obj.__dict__.clear()


def fill_dict(obj):
    if hasattr(obj, "__dict__"):
        for i in range(100):
            setattr(obj, f"attribute_{i}", [long()])


CHANGES = {
    function.__name__: function
    for function in (
        set_attributes,
        delete_attributes,
        change_class,
        replace_dict,
        empty_dict,
        fill_dict,
    )
}


@every(CHANGES)
def dataclass(path, change):
    for make in (Plain, Slots):
        for values in (
            lambda: [long(), Thing(), wide()],
            lambda: [Thing(), [long()], {"x": wide()}],
        ):
            obj = make(*values())

            def hook(thing, obj=obj):
                change(obj)
                gc.collect()
                Junk.spread()
                return [long()]

            path.go([obj, long(), [obj]], hook)


@every(CHANGES)
def dataclass_that_ends(path, change):
    for make in (Plain, Slots):
        root = [make([long()], Thing(), [wide()]), long()]

        def hook(thing, root=root):
            if root:
                change(root[0])
            root.clear()
            gc.collect()
            Junk.spread()
            return [long()]

        path.go(root, hook)


@every(CHANGES)
def dataclass_with_an_error(path, change):
    for make in (Plain, Slots):
        root = [make([long()], [1, Thing()], [wide()]), long()]

        def hook(thing, root=root):
            change(root[0])
            root.clear()
            gc.collect()
            Junk.spread()
            raise ValueError

        path.go(root, hook)


@attack
def dataclass_attributes_that_run_code(path):
    @dataclasses.dataclass(slots=True)
    class Evil:
        a: object = None
        b: object = None

        def __getattribute__(self, name):
            if name in ("a", "b", "__dict__", "__dataclass_fields__"):
                root.clear()
                Junk.spread()
            if name in ("a", "b"):
                return [long(), wide()]
            return object.__getattribute__(self, name)

    root = []
    root += [long(), Evil(), long()]
    path.go(root)


@attack
def dataclass_that_changes_its_class(path):
    @dataclasses.dataclass(slots=True)
    class Changing:
        a: object = None
        b: object = None
        c: object = None

    def hook(thing):
        Changing.b = property(lambda self: [long()])
        if "__dataclass_fields__" in vars(Changing):
            del Changing.__dataclass_fields__
        gc.collect()
        Junk.spread()
        return long()

    path.go([Changing([1], [2], [3]), Changing(Thing(), [long()], wide()), Changing()], hook)


@attack
def dataclass_fields_that_run_code(path):
    class Mark:
        def __get__(self, field, owner):
            root.clear()
            Junk.spread()
            return dataclasses._FIELD

    class Field:
        _field_type = Mark()

    @dataclasses.dataclass(slots=True)
    class Evil:
        a: object = None
        b: object = None

    Evil.__dataclass_fields__ = {"a": Field(), "b": Field()}
    root = []
    root += [long(), Evil(long(), [wide()]), long()]
    path.go(root)


@attack
def classes_that_take_turns_at_an_address(path):
    for n in range(1, 40):
        names = [f"{'abcdefgh'[n % 8]}_{i}" for i in range(1 + n * 7 % 12)]
        make = dataclasses.make_dataclass("Made", names, slots=True)
        obj = make(*range(len(names)))
        want = json.dumps([dict(zip(names, range(len(names)), strict=True))], separators=(",", ":"))
        for _ in range(3):
            assert path.go([obj]) == want.encode()
        del make, obj
        gc.collect()


@attack
def uuid_with_an_odd_number(path):
    each = uuid.UUID(int=5)
    for number in (long(), [long()], -1, 1 << 200, 1.5, True):
        object.__setattr__(each, "int", number)
        path.go([each, long()])


@attack
def fragment_that_ends(path):
    root = []

    def hook(thing):
        root.clear()
        Junk.spread()
        return planjson.Fragment('"' + "x" * 200 + '"')

    root += [planjson.Fragment('"' + long() + '"'), Thing(), planjson.Fragment('"é"'), Thing()]
    path.go(root, hook)


# Files and iterables: their methods run between two values, or between two lines.


class File:
    """A file whose write() changes something."""

    def __init__(self, change):
        self.change = change
        self.parts = []

    def write(self, data):
        self.parts.append(data)
        self.change()


def dump(path, obj, change, default=None, option=None):
    """Writes `obj` in several pieces. There is one path to a file."""
    if path.name != "direct":
        return
    file = File(change)
    try:
        planjson.dump(obj, file, default, option)
    except Exception as error:
        Path.check_error(error)
        assert b"JUNK" not in b"".join(file.parts)
    else:
        Path.check_bytes(b"".join(file.parts))
    assert file.parts


@every(LIST_CHANGES)
def file_changes_list(path, change):
    items = [long(), wide(), 10**15 + 7, 2.5, [long()], {long(): wide()}] * 300
    dump(path, items, lambda: change(items))
    root = {"a": [[*items]]}
    dump(path, root, lambda: change(root["a"]))


@every(LIST_CHANGES)
def file_changes_runs(path, change):
    for make in (lambda n: 10**15 + n, lambda n: n / 7, lambda n: long(), lambda n: n % 2 == 0):
        items = list(map(make, range(30_000)))
        dump(path, items, lambda items=items: change(items))


@every(DICT_CHANGES)
def file_changes_dict(path, change):
    for option in (None, SORT, KEYS, KEYS | SORT | INDENT):
        table = {f"{n} {long()}": [wide(), n] for n in range(400)}
        dump(path, table, lambda table=table: change(table), option=option)
        inner = {f"{n} {long()}": [wide(), n] for n in range(400)}
        outer = {"inner": inner, **{f"{n}": long() for n in range(400)}}
        del inner
        dump(path, outer, lambda outer=outer: change(outer), option=option)


@attack
def file_frees_what_a_hook_gave(path):
    given = []

    def hook(thing):
        answer = [long() for _ in range(1000)]
        given.append(answer)
        return answer

    def change():
        for answer in given:
            answer.clear()
        given.clear()
        Junk.spread()

    dump(path, [Thing(), Thing()], change, hook)


@attack
def file_writes_to_itself(path):
    items = [long() for _ in range(2000)]
    calls = []
    # What is not optimised takes much more of the stack.
    most = 150 if planjson.build_info()["debug_assertions"] else 3000

    class Own:
        def write(self, data):
            calls.append(1)
            if len(calls) < most:
                planjson.dump(items, self)

    with contextlib.suppress(RecursionError, planjson.JSONEncodeError):
        planjson.dump([[[[items]]]], Own())
    assert calls
    path.go(items[:3])


@attack
def file_goes_away(path):
    class Own:
        def write(self, data):
            type(self).write = None
            holder.clear()
            Junk.spread()

    holder = [Own(), [long() for _ in range(2000)]]
    # No reference is left but those of the call.
    with contextlib.suppress(planjson.JSONEncodeError):
        planjson.dump(holder[1], holder[0])
    path.go([long()])


@attack
def file_answers_with_a_finaliser(path):
    items = [long() for _ in range(2000)]

    class Answer(int):
        def __del__(self):
            spoil(items)

    class Own:
        def write(self, data):
            return Answer(len(data) // 2 + 1)

    planjson.dump(items, Own())
    planjson.dump_lines(items, Own())
    path.go([long()])


@attack
def lines_change_what_they_give(path):
    row = {long(): [long(), wide()]}

    def rows():
        for n in range(400):
            yield row
            row.clear()
            Junk.spread() if n % 100 == 0 else None
            row[long()] = [wide(), {long(): n}]

    for out in (planjson.dumps_lines(rows()), planjson.dumps_lines(rows(), plan=True)):
        assert b"JUNK" not in out
        assert len(out.splitlines()) == 400
    path.go([long()])


@attack
def lines_inside_lines(path):
    def rows(depth):
        for n in range(3):
            yield [long(), n]
            if depth:
                json.loads(planjson.dumps_lines(rows(depth - 1)).splitlines()[0])

    assert len(planjson.dumps_lines(rows(5)).splitlines()) == 3
    path.go([long()])


@attack
def lines_from_an_iterator_that_is_freed(path):
    class Rows:
        def __iter__(self):
            return self

        def __next__(self):
            holder.clear()
            Junk.spread()
            if len(seen) > 3:
                raise StopIteration
            seen.append(1)
            return [long()]

    seen = []
    holder = [Rows()]
    rows = holder.__getitem__
    assert planjson.dumps_lines(rows(0)).count(b"\n") == 4
    path.go([long()])


@attack
def lines_of_a_list_that_is_cleared(path):
    rows = [[long(), Thing()] for _ in range(300)]

    def hook(thing):
        spoil(rows)
        return long()

    assert planjson.dumps_lines(rows, hook).count(b"\n") == 1
    path.go([long()])


@attack
def lines_to_a_file_that_stops_them(path):
    def rows():
        while True:
            yield [long() for _ in range(100)]

    source = rows()

    class Own:
        def write(self, data):
            source.close()
            Junk.spread()

    planjson.dump_lines(source, Own())
    path.go([long()])


def one(name, path_name):
    path = Path(path_name)
    for _ in range(ROUNDS):
        ATTACKS[name](path)
        Junk.spread()
    return path.outcomes


def all_paths_agree():
    disagree = []
    for name in sorted(ATTACKS.keys() - VARYING):
        print(name, flush=True)
        outcomes = {}
        for path_name in PATHS:
            global serial
            serial = itertools.count()
            path = Path(path_name)
            ATTACKS[name](path)
            outcomes[path_name] = path.outcomes
            Junk.kept = []
            gc.collect()
        for path_name, found in outcomes.items():
            for mine, wanted in zip(found, outcomes["direct"], strict=True):
                if mine != wanted:
                    disagree.append((name, path_name, brief(mine), brief(wanted)))
    assert not disagree, disagree


def main(first, *rest):
    gc.freeze()  # modules and functions stay: collections need not look at them
    if first == "--list":
        print(*ATTACKS, sep="\n")
    elif first == "--agree":
        all_paths_agree()
    else:
        one(first, *rest)


if __name__ == "__main__":
    main(*sys.argv[1:])
    print("OK")
