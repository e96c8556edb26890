"""A child process: several threads write shared data while others change it."""

import collections
import dataclasses
import enum
import itertools
import json
import random
import sys
import threading
import time
import uuid

import planjson
from runners import GIL, PATHS, join

SECONDS = 0.6
ALLOWED = (planjson.JSONEncodeError, RuntimeError)
LONG = "a long string that a plan would borrow " * 5


class Thing:
    pass


def readers(run):
    """Nobody changes anything: every thread gets the right bytes, always."""
    obj = [{"id": n, "name": f"é {n} " + LONG, "v": [n / 7] * 9} for n in range(50)]
    want = run(obj)

    def read(_):
        assert run(obj) == want

    return [read] * 4


def write(run, obj, hook=None, **more):
    """Bytes that are JSON, or an exception."""
    try:
        out = run(obj, default=hook, **more)
    except ALLOWED:
        return
    json.loads(out)
    assert b"JUNK" not in out


def changing_list(run):
    items = [LONG + str(n) for n in range(100)]
    obj = {"items": items}

    def change(dice):
        n = dice.random()
        if n < 0.3:
            del items[dice.randrange(len(items) + 1) :]
        elif n < 0.6:
            items.extend([LONG + str(n), n, int(n * 10**18), None, [n]] * dice.randrange(20))
        elif n < 0.8:
            items[:] = [[n, {"a": LONG + str(n)}] for n in range(dice.randrange(50))]
        else:
            items.reverse()
        if len(items) > 2000:
            items.clear()

    return [lambda dice: write(run, obj)] * 2 + [change] * 2


def changing_dict(run):
    table = {f"key {n} " + LONG: n for n in range(100)}
    obj = [table, [table]]

    def change(dice):
        n = dice.randrange(1000)
        try:
            if n < 300:
                table.pop(next(iter(table), None), None)
            elif n < 900:
                table[f"key {n} " + LONG] = {"a": [LONG + str(n), n / 7]}
            elif n < 950:
                table.update({f"more {n} {m}": m for m in range(n)})
            else:
                table.clear()
        except RuntimeError:
            pass  # it changed while we looked

    return [lambda dice: write(run, obj)] * 2 + [change] * 2


def hooks(run):
    """A hook gives others a chance to change what is being walked."""
    obj = []

    def fill():
        obj[:] = [LONG + str(next(serial)), Thing(), {LONG: Thing(), "b": [Thing()] * 3}] * 10

    serial = itertools.count()

    def hook(thing):
        time.sleep(0)
        return [f"answer {next(serial)} " + LONG]

    def change(dice):
        fill()
        time.sleep(0)
        obj.clear() if dice.random() < 0.5 else obj.reverse()
        junk = ["JUNK" * 50 for _ in range(100)]
        del junk

    return [lambda dice: write(run, obj, hook)] * 3 + [change] * 2


def plans(run):
    """Plans made in one thread, written and dropped in others."""
    shelf = []

    def make(dice):
        n = dice.randrange(1000)
        obj = [LONG + str(n), {LONG: n}, [n / 7] * 20]
        shelf.append((planjson.plan(obj), run(obj)))
        if len(shelf) > 100:
            shelf.clear()

    def use(dice):
        try:
            plan, want = shelf[dice.randrange(100)] if dice.random() < 0.5 else shelf.pop()
        except IndexError:
            return
        assert plan.emit() == want
        str(plan)

    return [make] * 2 + [use] * 2


@dataclasses.dataclass
class Row:
    a: object = 1
    b: object = "two"
    c: object = None


@dataclasses.dataclass(slots=True)
class Slotted:
    a: object = 1
    b: object = "two"
    c: object = None


def changing_instances(run):
    rows = [kind() for kind in (Row, Slotted) for _ in range(20)]
    ids = [uuid.uuid4() for _ in range(5)]

    def change(dice):
        row = dice.choice(rows)
        name = dice.choice("abc")
        n = dice.random()
        try:
            if n < 0.7:
                setattr(row, name, dice.choice([1, n, [LONG + str(n)], LONG + str(n), {"k": n}]))
            elif n < 0.9:
                delattr(row, name)
            elif isinstance(row, Row) and GIL:  # without one CPython 3.13 cannot stand it itself
                row.__dict__ = {LONG + str(n): n, "d": [n]}
        except (AttributeError, KeyError):
            pass  # another thread was faster
        object.__setattr__(dice.choice(ids), "int", dice.getrandbits(100))

    return [lambda dice: write(run, [rows, ids], option=planjson.OPT_OMIT_NONE)] * 2 + [change] * 2


def changing_kinds(run):
    obj = [{LONG + str(n) for n in range(20)}, bytearray(LONG, "ascii"), collections.deque([LONG])]
    first, raw, queue = obj

    def change(dice):
        n = dice.random()
        try:
            first.add(LONG + str(n))
            first.discard(next(iter(first)))
            if GIL:  # as above
                raw[:] = LONG[: int(n * 100)].encode()
            queue.append([LONG + str(n)])
            queue.popleft()
        except (RuntimeError, BufferError, StopIteration, IndexError):
            pass  # another thread was in the middle of it

    option = planjson.OPT_SERIALIZE_MORE
    return [lambda dice: write(run, obj, option=option)] * 2 + [change] * 2


def changing_encoders(run):
    kinds = [type(f"Kind{n}", (), {}) for n in range(8)]
    obj = [kind() for kind in kinds] * 3
    encoders = {}

    def change(dice):
        n = dice.random()
        encoders[dice.choice(kinds)] = lambda thing: [LONG + str(n)]
        encoders.pop(dice.choice(kinds), None)

    return [lambda dice: write(run, obj, lambda _: LONG, encoders=encoders)] * 2 + [change] * 2


def changing_classes(run):
    """Classes that change, and instances that change their class."""

    class One:
        pass

    class Two:
        __struct_fields__ = ("a",)
        a = LONG

    one, two = One(), Two()
    colour = enum.Enum("Colour", {"RED": LONG})

    def change(dice):
        n = dice.random()
        One.__struct_fields__ = (LONG + str(n), "b")
        One.__dataclass_fields__ = {LONG + str(n): dataclasses.field()}
        setattr(One, LONG + str(n), [n])
        one.__class__, two.__class__ = dice.choice([(One, Two), (Two, One)])
        for name in vars(One).copy():
            if name.startswith(("a long", "__dataclass_f", "__struct_f")):
                try:
                    delattr(One, name)
                except AttributeError:
                    pass  # another thread was faster
        colour.RED._value_ = [LONG + str(n)]

    obj = [one, colour.RED, two, LONG] * 3
    option = planjson.OPT_SERIALIZE_MORE
    return [lambda dice: write(run, obj, lambda _: LONG, option=option)] * 2 + [change] * 2


SCENES = {
    "readers": readers,
    "list": changing_list,
    "dict": changing_dict,
    "hooks": hooks,
    "plans": plans,
    "instances": changing_instances,
    "kinds": changing_kinds,
    "encoders": changing_encoders,
    "classes": changing_classes,
}


def main(scene, path):
    sys.setswitchinterval(1e-5)
    failures = []
    deadline = time.monotonic() + SECONDS

    def repeat(work, seed):
        dice = random.Random(seed)
        try:
            while time.monotonic() < deadline and not failures:
                work(dice)
        except BaseException as error:
            failures.append(error)
            raise

    work = SCENES[scene](PATHS[path])
    threads = [threading.Thread(target=repeat, args=(one, seed)) for seed, one in enumerate(work)]
    for thread in threads:
        thread.start()
    join(threads)
    assert not failures


if __name__ == "__main__":
    main(*sys.argv[1:])
    print("OK")
