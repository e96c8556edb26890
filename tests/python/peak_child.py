"""How much memory a large result takes at the most, above what there was before."""

import sys

import planjson
from runners import GIL, PATHS

# The allocator of free-threaded builds copies what grows, old and new side by side.
MOST = 1.1 if GIL else 4

DOCUMENTS = {
    "texts": lambda: ["x" * 1000] * 60_000,
    "short": lambda: ["abcdefghij"] * 5_000_000,
    "ints": lambda: [123_456_789] * 6_000_000,
    "one": lambda: "x" * 60_000_000,
    "rows": lambda: [{"a": 1, "b": "text", "c": [1.5, 2.5]}] * 1_800_000,
}


def peak():
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def main(name, path):
    document = DOCUMENTS[name]()
    planjson.dumps([name])
    before = peak()
    result = PATHS[path](document)
    above = peak() - before
    assert len(result) > 50_000_000
    assert above <= MOST * len(result), f"{above / len(result):.2f} times the result"
    print("OK")


main(*sys.argv[1:])
