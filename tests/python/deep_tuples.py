"""A child process: tuples nested far deeper than any stack could follow."""

import sys

import planjson
from runners import PATHS


def main(path):
    for depth in (2_000, 20_000, 100_000):
        obj = 1
        for _ in range(depth):
            obj = (obj,)
        try:
            assert PATHS[path](obj) == b"[" * depth + b"1" + b"]" * depth
        except planjson.JSONEncodeError as error:
            assert error.path.startswith("$[0]")


main(sys.argv[1])
print("OK")
