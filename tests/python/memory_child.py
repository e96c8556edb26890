"""A child process with little memory left, writing what does not fit."""

import json
import resource
import sys
from pathlib import Path

import planjson
from runners import PATHS

ROOM = 48 << 20  # bytes that may still be allocated when the walk begins


class Sub(str):
    pass


def hooked():
    text = "x" * (1 << 20)
    return [object() for _ in range(200)], lambda obj: text + "y"


SCENES = {
    "output": lambda: (["x" * (1 << 20)] * 200, None),
    "escapes": lambda: (["\0" * (1 << 20)] * 30, None),
    "ints": lambda: ([10**18] * 8_000_000, None),
    "floats": lambda: ([1 / 3] * 8_000_000, None),
    "rows": lambda: ([{"id": 10**18, "name": "a short name", "x": [1 / 3] * 10}] * 1_000_000, None),
    "keys": lambda: ([{"k" * 1000: None, "b": 1}] * 400_000, None),
    "hooks": hooked,
    "passing": lambda: ([Sub("x" * (60 << 20))], None),
}


def address_space():
    pages = Path("/proc/self/statm").read_text().split()[0]
    return int(pages) * resource.getpagesize()


def any_limit(run):
    """Whatever the limit, the whole result or MemoryError: never bytes that were lost."""
    obj = ["a string that is held, and not so short as to be copied"] * 60_000
    wanted = json.dumps(obj, separators=(",", ":")).encode()
    space = address_space()
    for extra in range(0, 16 << 20, 1 << 17):
        resource.setrlimit(resource.RLIMIT_AS, (space + extra, resource.RLIM_INFINITY))
        got = None
        try:
            # A small result before, so that the next does not begin at its final size.
            run(["x" * 40_000])
            got = run(obj)
        except MemoryError:
            pass
        finally:
            # The interpreter needs memory of its own, to report what follows.
            resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert got is None or got == wanted, extra
    assert got == wanted, "the last limit leaves enough for the result"


def learning(_run):
    """A cached plan without memory for what it could learn guesses less."""
    rows = [{f"key {i}": {f"a{i}": 1, "b": [{"x": 1}]} for i in range(1500)} for _ in range(4)]
    wanted = planjson.dumps(rows)
    for extra in range(0, 5 << 20, 5 << 17):
        plan = planjson.compile()
        limit = address_space() + extra
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
        got = []
        try:
            got += [plan.dumps(rows) for _ in range(3)]
            got.append(planjson.compile(rows).dumps(rows))
        except MemoryError:
            pass
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert all(result == wanted for result in got), extra


def explanations(_run):
    """The bytes of an explanation are those of the document, or there is none."""
    plan = planjson.plan(["é" * 30_000_000])
    wanted = str(plan)
    for extra in (1 << 20, 4 << 20, 16 << 20):  # the tree itself has to fit
        for explain in (plan.explain, lambda: plan.explain(analyze=True), lambda: str(plan)):
            limit = address_space() + extra
            resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
            try:
                explain()
            except MemoryError:
                pass
            else:
                raise AssertionError("it fitted")
            finally:
                resource.setrlimit(
                    resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
                )
        assert str(plan) == wanted


SPECIAL = {f.__name__: f for f in (any_limit, learning, explanations)}


def main(scene, path):
    run = PATHS[path]
    if scene in SPECIAL:
        SPECIAL[scene](run)
        return
    obj, default = SCENES[scene]()
    run([1, "warm"])
    limit = address_space() + ROOM
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for _ in range(3):
        try:
            run(obj, default=default)
        except MemoryError:
            pass
        except planjson.JSONEncodeError as error:
            assert isinstance(error.__cause__, MemoryError)  # the hook had none either
        else:
            raise AssertionError("it fitted")
        assert run([1, "still", {"works": 2.5}]) == b'[1,"still",{"works":2.5}]'


main(*sys.argv[1:])
print("OK")
