"""What an explanation costs: beside planning, and with times beside emission.

python -m benches.explain [NAME...] [--data DIR]

Documents of about 10 MB: some made here, and every JSON file of DIR, repeated. One line each, the
best of several runs.
"""

import argparse
import gc
import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import planjson

SIZE = 10_000_000
SECONDS = 0.6


def made() -> Iterator[tuple[str, Callable[[], Any]]]:
    dice = random.Random(1)
    yield "pairs of floats", lambda: [[dice.random(), dice.random()] for _ in range(250_000)]
    yield "pairs of ints", lambda: [[n, n * 1000] for n in range(500_000)]
    yield (
        "rows",
        lambda: [
            {"id": n, "name": f"name {n}", "a": n / 7, "b": None, "c": True, "d": n * 3, "e": "x"}
            for n in range(110_000)
        ],
    )
    yield "columns", lambda: {f"c{i}": [dice.random() for _ in range(1000)] for i in range(500)}
    yield "strings", lambda: [f"string {n}" for n in range(600_000)]


def of_file(path: Path) -> Callable[[], Any]:
    text = path.read_text()
    times = max(1, round(SIZE / len(planjson.dumps(json.loads(text)))))
    return lambda: [json.loads(text) for _ in range(times)]


def best(call: Callable[[], object]) -> float:
    least, end = float("inf"), time.perf_counter() + SECONDS
    while True:
        begin = time.perf_counter()
        result = call()
        least = min(least, time.perf_counter() - begin)
        del result
        if time.perf_counter() > end:
            return least


def measure(name: str, make: Callable[[], Any]) -> None:
    obj = make()
    gc.collect()
    gc.disable()
    plan = planjson.plan(obj)
    size = len(plan.emit())
    planning, emitting = best(lambda: planjson.plan(obj)), best(plan.emit)
    explaining, timing = best(plan.explain), best(lambda: plan.explain(analyze=True))
    whole = best(lambda: planjson.explain(obj))
    print(
        f"{name:16} {size / 1e6:5.1f} MB"
        f"  plan {planning * 1e3:5.1f} ms, emit {emitting * 1e3:5.1f} ms;"
        f"  explain {explaining * 1e3:5.1f} ms, {explaining / planning:4.2f} x plan"
        f" ({whole / planning:4.2f} x with planning); with analyze {timing / emitting:4.1f} x emit",
        flush=True,
    )
    gc.enable()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--data", type=Path)
    arguments = parser.parse_args()
    documents = dict(made())
    if arguments.data:
        documents |= {path.stem: of_file(path) for path in sorted(arguments.data.glob("*.json"))}
    for name, make in documents.items():
        if not arguments.names or name in arguments.names:
            measure(name, make)


if __name__ == "__main__":
    main()
