"""A child process: its memory must not grow over many rounds, of success and of errors."""

import contextlib
import gc
import resource
import sys

import planjson
from runners import PATHS

ROWS = [{"id": n, "name": f"row é {n}" * 10, "values": [n / 7, n, None]} for n in range(300)]


def rounds(run, times):
    for _ in range(times):
        run(ROWS)
        run(ROWS, option=planjson.OPT_SORT_KEYS | planjson.OPT_INDENT_2)
        run([ROWS, 1j], default=lambda obj: [f"made here {len(ROWS)} " * 200, ROWS])
        for wrong in (1j, 1 << 64, "\ud800", {(): 1}):
            with contextlib.suppress(planjson.JSONEncodeError):
                run([ROWS, {"wrong": wrong}])
    gc.collect()


def peak():
    """Of resident memory, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main(run):
    rounds(run, 30)
    before = peak()
    rounds(run, 200)
    grown = peak() - before
    assert grown < 8 << 20, f"grown by {grown} bytes"


main(PATHS[sys.argv[1]])
print("OK")
