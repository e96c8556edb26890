"""A child process that ends while planjson is at work.

python exit_child.py SCENE PATH
"""

import sys
import threading
import time

import planjson
from runners import PATHS

LONG = "a long string that a plan would borrow " * 5
MORE = planjson.OPT_SERIALIZE_MORE


class Thing:
    pass


def in_a_daemon_thread(work):
    """The interpreter ends while `work` waits in Python code that was called from a walk."""
    inside = threading.Event()

    def wait(*_):
        inside.set()
        while True:
            time.sleep(0.0005)

    threading.Thread(target=work, args=(wait,), daemon=True).start()
    inside.wait()
    time.sleep(0.01)


def hook(run):
    in_a_daemon_thread(lambda wait: run([[LONG], {LONG: Thing()}, LONG], default=wait))


def encoder(run):
    in_a_daemon_thread(lambda wait: run([LONG, {Thing(): 1}], encoders={Thing: wait}))


def attribute(run):
    class Record:
        __struct_fields__ = ("a",)

    def work(wait):
        Record.a = property(wait)
        run([LONG, Record()], option=MORE)

    in_a_daemon_thread(work)


def iterator(run):
    class Steps:
        def __iter__(self):
            yield self.wait()

    def work(wait):
        Steps.wait = wait
        run([LONG, Steps()], option=MORE)

    in_a_daemon_thread(work)


def finaliser(run):
    class Last:
        pass

    def work(wait):
        Last.__del__ = wait
        run([LONG, Thing(), LONG], default=lambda _: [Last() and 1, LONG])

    in_a_daemon_thread(work)


def file(run):
    class File:
        pass

    def work(wait):
        File.write = wait
        planjson.dump([LONG] * 1000, File())

    in_a_daemon_thread(work)


def lines(run):
    def rows(wait):
        yield {LONG: 1}
        wait()

    in_a_daemon_thread(lambda wait: planjson.dumps_lines(rows(wait)))


def several(run):
    """Threads that are somewhere, in a walk or in a hook."""

    def work():
        while True:
            run([[LONG, Thing(), {"a": Thing()}]] * 20, default=lambda _: [LONG])

    for _ in range(4):
        threading.Thread(target=work, daemon=True).start()
    time.sleep(0.05)


class Late:
    """Serialises when modules and their contents are gone already."""

    def __init__(self, run, error):
        self.run, self.error, self.thing, self.circle = run, error, Thing(), self

    def __del__(self, long=LONG, more=MORE):
        for option in (None, more):
            for default in (None, str):
                try:
                    self.run([long, self.thing, {long: 1.5}], default=default, option=option)
                except self.error:
                    pass


def finalisers(run):
    Thing.late = [Late(planjson.dumps, planjson.JSONEncodeError) for _ in range(3)]
    sys.late = Late(planjson.dumps, planjson.JSONEncodeError)
    Late(planjson.dumps, planjson.JSONEncodeError)


SCENES = {
    scene.__name__: scene
    for scene in (hook, encoder, attribute, iterator, finaliser, file, lines, several, finalisers)
}

if __name__ == "__main__":
    scene, path = sys.argv[1:]
    SCENES[scene](PATHS[path])
    print("OK", flush=True)
