"""Strs beyond ASCII in which somebody has left a copy of their UTF-8, beside such without.

python -m benches.copies

orjson and msgspec leave one wherever they meet such a str, and copy it from then on; planjson
leaves none, and reads what is there. Nanoseconds for each str, the best of several runs,
interleaved.
"""

import gc
import random
import time
from collections.abc import Callable
from typing import Any

import orjson
import planjson

from benches.workloads import CJK, CYRILLIC, EMOJI, LATIN_1, text

COUNT = 20_000
ROUNDS = 200

Strings = list[str]


def made(letters: str, least: int, most: int, count: int) -> Strings:
    rng = random.Random(1)
    return [text(rng, letters, least, most) for _ in range(count)]


def best(calls: dict[str, Callable[[], Any]]) -> dict[str, float]:
    least = dict.fromkeys(calls, float("inf"))
    for _ in range(ROUNDS):
        for name, call in calls.items():
            begin = time.perf_counter_ns()
            call()
            least[name] = min(least[name], time.perf_counter_ns() - begin)
    return least


def measure(name: str, strings: Strings) -> None:
    copied = ["".join(list(s)) for s in strings]
    orjson.dumps(copied)
    calls = {
        "without": lambda: planjson.dumps(strings),
        "with": lambda: planjson.dumps(copied),
        "planned": lambda: planjson.dumps(copied, plan=True),
        "orjson": lambda: orjson.dumps(copied),
    }
    found = (f"{ns / len(strings):10.2f}" for ns in best(calls).values())
    print(f"{name:20}", *found, flush=True)


def main() -> None:
    gc.disable()
    print(f"{'ns':20}", *(f"{head:>10}" for head in ("without", "with", "planned", "orjson")))
    for name, letters in (
        ("Latin-1", LATIN_1),
        ("Cyrillic", CYRILLIC),
        ("CJK", CJK),
        ("emoji", EMOJI),
    ):
        measure(f"{name}, 4-12", made(letters, 4, 12, COUNT))
        measure(f"{name}, 200-400", made(letters, 200, 400, COUNT // 20))


if __name__ == "__main__":
    main()
