"""Calls at the edges: at shutdown, in a sub-interpreter, far down the stack."""

import functools
import importlib
import os
import sys

import planjson
from runners import PATHS


class Late:
    """Serialises when it is finalised, perhaps when there is hardly an interpreter left."""

    def __init__(self, run):
        self.run, self.write, self.error, self.refused = run, os.write, TypeError, object()

    def __del__(self):
        assert self.run([1, {"a": "late" * 20}])
        try:
            self.run([{"a": self.refused}])
        except self.error:
            self.write(1, b"refused\n")


def shutdown(run):
    # No function of Python's own: when the finaliser runs, its module may be gone.
    calls = {"direct": planjson.dumps, "planned": functools.partial(planjson.dumps, plan=True)}
    run = calls.get(run.__name__, planjson.plan)
    Late.last = Late(run)
    circle = [Late(run)]
    circle.append(circle)
    sys.kept_until_the_end = circle


def sub_interpreters():
    """The module that makes them, and what makes one that shares the GIL."""
    try:
        module = importlib.import_module("_interpreters")
    except ImportError:
        module = importlib.import_module("_xxsubinterpreters")
        return module, functools.partial(module.create, isolated=False)
    return module, functools.partial(module.create, "legacy")


IMPORTS = """
import os, sys
sys.path[:] = {path!r}
try:
    import planjson
except ImportError:
    os.write({pipe}, b"refused")
else:
    os.write({pipe}, b"imported")
"""


def sub_interpreter(run):
    """The interpreter that has the module keeps it to itself, and finds its own classes later."""
    module, create = sub_interpreters()
    reading, writing = os.pipe()
    for _ in range(2):
        inner = create()
        module.run_string(inner, IMPORTS.format(path=sys.path, pipe=writing))
        module.destroy(inner)
        assert os.read(reading, 99) == b"refused"
    colour = importlib.import_module("enum").Enum("Colour", {"RED": 1})
    number = importlib.import_module("uuid").UUID(int=1)
    assert run([colour.RED, number]) == b'[1,"00000000-0000-0000-0000-000000000001"]'


class Thing:
    pass


def nested(run):
    """Each hook serialises the same deep document again; Python's own limit is far away."""
    for wrap in (lambda obj: [obj], lambda obj: {"k": obj}):
        obj = Thing()
        for _ in range(254):
            obj = wrap(obj)

        def hook(_thing, obj=obj):
            return run(obj, default=hook).decode()

        try:
            run(obj, default=hook)
        except (planjson.JSONEncodeError, RecursionError):
            pass
        else:
            raise AssertionError("there is no end to it")


def nested_references(run):
    """Walks inside walks keep no more references to keys than walks do one after the other."""
    keys = [f"key number {i}" for i in range(300)]
    document = [dict.fromkeys(keys, 1)] * 3
    before = [sys.getrefcount(key) for key in keys]
    for _ in range(50):
        run([Thing()], default=lambda _: run(document).decode())
    assert all(sys.getrefcount(k) <= b + 8 for k, b in zip(keys, before, strict=True))


SCENES = {f.__name__: f for f in (shutdown, sub_interpreter, nested, nested_references)}

SCENES[sys.argv[1]](PATHS[sys.argv[2]])
print("OK", flush=True)
