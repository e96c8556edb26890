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


def small(run, times):
    """Each of these makes place for members that are gathered."""
    for number in range(times):
        run({1: []}, option=planjson.OPT_NON_STR_KEYS)
        run({number: [], 1: 2}, option=planjson.OPT_NON_STR_KEYS | planjson.OPT_SORT_KEYS)


def peak():
    """Of resident memory, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main(run):
    for calls, times in ((rounds, 200), (small, 40_000)):
        calls(run, 30)
        before = peak()
        calls(run, times)
        grown = peak() - before
        assert grown < 8 << 20, f"{calls.__name__} grew by {grown} bytes"


main(PATHS[sys.argv[1]])
print("OK")
