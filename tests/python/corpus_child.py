"""A child process: a compact corpus, at the level and with the layout that its environment asks."""

import math
import random
import struct
import sys

import model
import planjson
from paths import fails, works
from strategies import BOUNDARIES

FILLS = "aé中\U0001f600"
SPECIALS = ['"', "\\", "\n", "\0", "\x1f", "\x7f", "é", "\u0800", "\uffff", "\U0010ffff"]


class Text(str):
    pass


class Table(dict):
    pass


def strings():
    for fill in FILLS:
        works([fill * length for length in range(301)])
        works({fill * length: fill * length for length in range(301)})
        for length in range(301):
            works(fill * length)
        for special in SPECIALS:
            for length in (*range(1, 70), 100, 127, 128, 129, 200, 255, 256, 257, 300):
                places = range(length) if length < 70 else (0, 1, length // 2, length - 1)
                works([fill * at + special + fill * (length - at - 1) for at in places])
        for length in (0, 1, 15, 16, 17, 31, 32, 33, 64, 100):
            for surrogate in ("\ud800", "\udfff"):
                fails(fill * length + surrogate, model.SURROGATES, "$")
                fails(["a", surrogate + fill * length], model.SURROGATES, "$[1]")
    for start in range(0, 0x110000, 509):
        characters = range(start, min(start + 509, 0x110000))
        works("".join(chr(code) for code in characters if not 0xD800 <= code < 0xE000))


def numbers():
    bits = random.Random(7)
    floats = [struct.unpack("<d", bits.randbytes(8))[0] for _ in range(5000)]
    floats += [n / 100 for n in range(-1000, 1000)] + [float(f"1e{n}") for n in range(-324, 309)]
    floats += [0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308]
    works(floats)
    works(BOUNDARIES)
    works(list(range(-200, 11_000)))
    works([bits.getrandbits(bits.randrange(1, 64)) for _ in range(5000)])
    for value in (*floats[::50], *BOUNDARIES):
        works(value)
    fails([1] * 9 + [1 << 64], model.NOT_64_BIT, "$[9]")
    works([True, False, 1, 0] * 40)
    for length in range(100):
        works([n % 3 == 0 for n in range(length)])


def containers():
    for size in range(40):
        items = {f"key {n}": n for n in range(size)}
        for number in range(0, size, 3):
            del items[f"key {number}"]
        works([items, list(items), tuple(items.values())])
        works(items, option=planjson.OPT_SORT_KEYS | planjson.OPT_INDENT_2)
        works(dict(enumerate(items)), option=planjson.OPT_NON_STR_KEYS)
    shared = [type("Row", (), {})() for _ in range(5)]
    for row in shared:
        row.a, row.b = 1, "two"
    works([vars(row) for row in shared])
    works([Text("text"), Table(a=[Text("é" * 40)]), {Text("k").lower(): 1}])
    deep = []
    for _ in range(253):
        deep = [deep]
    works(deep)
    fails([deep], model.TOO_DEEP)
    works([object()] * 3, default=lambda obj: ["x" * 100, {"a": 1}])
    fails({"a": [object()]}, "Type is not JSON serializable: object", "$.a[0]")
    fails({1: 1}, model.KEY_NOT_STR)
    works([1, 2.5, None, "x", True, [], {}] * 1000, option=planjson.OPT_APPEND_NEWLINE)


def main(level, layout):
    info = planjson.build_info()
    assert not layout or info["layout"] == layout, info
    # Objects read through the public API are served by one level, whichever is asked for.
    assert not level or info["level"] == level or info["layout"] == "public", info
    strings()
    numbers()
    containers()


main(*sys.argv[1:])
print("OK")
