"""A child process: several threads write shared data while others change it."""

import itertools
import json
import random
import sys
import threading
import time

import planjson
from runners import PATHS, join

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


def write(run, obj, hook=None):
    """Bytes that are JSON, or an exception."""
    try:
        out = run(obj, default=hook)
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


SCENES = {
    "readers": readers,
    "list": changing_list,
    "dict": changing_dict,
    "hooks": hooks,
    "plans": plans,
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


main(*sys.argv[1:])
print("OK")
