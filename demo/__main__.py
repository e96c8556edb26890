"""Serialises real documents on every path, compares bytes and times, and shows a plan."""

import gc
import json
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any

import planjson

from demo.documents import RECIPES, Recipe, from_file, small

orjson: ModuleType | None
try:
    import orjson
except ImportError:
    orjson = None

SECONDS = 0.5  # for timing one way on one document
PLAN_LINES = 40  # of a plan that is shown
WIDTH = 100
WAYS = ("json", "orjson", "direct", "planned")

Way = Callable[[Any], bytes]


def ways() -> dict[str, Way]:
    encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
    found: dict[str, Way] = {"json": lambda obj: encode(obj).encode()}
    if orjson is not None:
        found["orjson"] = orjson.dumps
    found["direct"] = planjson.dumps
    found["planned"] = lambda obj: planjson.dumps(obj, plan=True)
    return found


class Progress:
    """One line on stderr that is written over; silent where nobody watches."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._next = 0.0

    def say(self, text: str) -> None:
        if self._shown:
            print(f"\r\x1b[K{text[:WIDTH]}", end="", file=sys.stderr, flush=True)

    def tick(self, label: str) -> Callable[[int, int], None]:
        def tick(done: int, total: int) -> None:
            if perf_counter() < self._next:
                return
            self._next = perf_counter() + 0.1
            self.say(f"{label}: " + (f"{100 * done // total} %" if total else f"{done}"))

        return tick


def best_time(way: Way, document: Any) -> float:
    """Seconds of the fastest call."""
    best = float("inf")
    stop = perf_counter() + SECONDS
    while True:
        start = perf_counter()
        way(document)
        end = perf_counter()
        best = min(best, end - start)
        if end > stop:
            return best


def same_bytes(document: Any) -> tuple[bool, int]:
    """Whether every path gives orjson's bytes, and how many."""
    direct = planjson.dumps(document)
    others = [planjson.dumps(document, plan=True), planjson.plan(document).emit()]
    if orjson is not None:
        others.append(orjson.dumps(document))
    return all(other == direct for other in others), len(direct)


def times_of(document: Any, progress: Progress, label: str) -> dict[str, float]:
    found = {}
    gc.collect()
    gc.disable()
    try:
        for name, way in ways().items():
            progress.say(f"{label}: timing {name}")
            found[name] = best_time(way, document)
    finally:
        gc.enable()
    return found


def ratio(above: float | None, below: float) -> str:
    return "–" if above is None else f"{above / below:.2f}"


def milliseconds(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return f"{seconds * 1e3:.4f}" if seconds < 1e-3 else f"{seconds * 1e3:.2f}"


COLUMNS = (
    f"{'document':16} {'bytes':>11} {'equal':>5}   {'orjson/':>7} {'orjson/':>7} {'planned/':>8}   "
    + " ".join(f"{name:>8}" for name in WAYS)
    + f"\n{'':16} {'':11} {'':5}   {'direct':>7} {'planned':>7} {'direct':>8}   "
    + " ".join(f"{'ms':>8}" for _ in WAYS)
)


def line(name: str, size: int, equal: bool, times: dict[str, float]) -> str:
    direct, planned, rival = times["direct"], times["planned"], times.get("orjson")
    return (
        f"{name:16} {size:>11,} {'yes' if equal else 'NO':>5}   "
        f"{ratio(rival, direct):>7} {ratio(rival, planned):>7} {ratio(planned, direct):>8}   "
        + " ".join(f"{milliseconds(times.get(way)):>8}" for way in WAYS)
    )


def compare(recipe: Recipe, progress: Progress) -> bool:
    """One line of the table."""
    label = f"{recipe.name} ({recipe.what})"
    document = recipe.make(progress.tick(label))
    progress.say(f"{label}: comparing bytes")
    equal, size = same_bytes(document)
    times = times_of(document, progress, label)
    progress.say("")
    print(line(recipe.name, size, equal, times), flush=True)
    return equal


def show_plan(document: Any, title: str) -> None:
    print(f"\n{title}\n")
    lines = str(planjson.plan(document)).splitlines()
    for text in lines[:PLAN_LINES]:
        print("  " + text)
    if len(lines) > PLAN_LINES:
        print(f"  ... and {len(lines) - PLAN_LINES:,} lines more")


def chosen(arguments: list[str]) -> list[Recipe]:
    if not arguments:
        return list(RECIPES)
    path = Path(arguments[0])
    try:
        with path.open("rb"):
            return [from_file(path)]
    except OSError as error:
        sys.exit(f"demo: {path}: {error.strerror}")


def main() -> None:
    recipes = chosen(sys.argv[1:])
    progress = Progress()
    peer = f"orjson {orjson.__version__}" if orjson is not None else "no orjson here"
    print(
        f"planjson {planjson.__version__}, {peer}, CPython {platform.python_version()}: "
        "best times, one thread.\n"
        "equal: the same bytes from direct, planned, plan().emit()"
        + (" and orjson" if orjson is not None else "")
        + ". A ratio above 1 means that\nthe second is that many times as fast as the first.\n"
    )
    for recipe in recipes:
        print(f"  {recipe.name:10} {recipe.what}")
    print(f"\n{COLUMNS}\n{'-' * WIDTH}")
    try:
        equal = [compare(recipe, progress) for recipe in recipes]
    except ValueError as error:  # not JSON
        progress.say("")
        sys.exit(f"demo: {recipes[0].what}: {error}")
    show_plan(small(), "The plan of a small document, str(planjson.plan(document)):")
    if not all(equal):
        sys.exit("demo: the bytes differ")


if __name__ == "__main__":
    main()
