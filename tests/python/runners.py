"""Every path from an object to bytes. Loads no oracle, which would take longer than an attack."""

import time
from pathlib import Path

import planjson
from planjson._class_examples import is_kind

# Where there is none, a walk reads copies of lists and dicts.
GIL = not planjson.build_info()["free_threaded"]

# Elsewhere cached plans keep no shapes.
GUESSES = planjson.build_info()["layout"] == "direct"


def guesses_nothing(plan):
    """What plan.info() then says, whatever it was given: none of the dicts was as guessed."""
    info = plan.info()
    assert (info["shapes"], info["keys"], info["hits"]) == (0, 0, 0)
    reasons = info["deopts"].values()
    assert sum(counts.pop("no table of str keys") for counts in reasons) == info["rows"]
    assert not any(reasons)


def direct(obj, **arguments):
    return planjson.dumps(obj, **arguments)


def planned(obj, **arguments):
    return planjson.dumps(obj, plan=True, **arguments)


def emitted(obj, **arguments):
    plan = planjson.plan(obj, **arguments)
    first = plan.emit()
    again = plan.emit()
    assert again == first, f"{brief(again)} after {brief(first)}"
    return first


def cached(obj, **arguments):
    # A class is an example of what its instances are, and none of itself.
    parts = obj if type(obj) in (list, tuple) and obj else [obj]
    examples = [] if all(map(is_kind, parts)) else [obj]
    return planjson.compile(*examples, **arguments).dumps(obj)


PATHS = {"direct": direct, "planned": planned, "emitted": emitted, "cached": cached}


def brief(outcome):
    text = repr(outcome)
    return text if len(text) < 400 else f"{text[:200]} ... {text[-200:]}"


def join(threads):
    """Until the system has ended the threads, too.

    A thread that has been joined may still have to free its state. With PYTHONMALLOC=debug it does
    so with the wrong function if the main thread is in Py_Finalize by then, which puts the raw
    allocator aside for moments: "munmap_chunk(): invalid pointer", without any extension.
    """
    for thread in threads:
        thread.join()
        while Path(f"/proc/self/task/{thread.native_id}").exists():
            time.sleep(0.001)
