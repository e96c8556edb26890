"""planjson lines: which shapes a JSON Lines stream holds, read line by line."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import planjson
from planjson import _cli
from planjson._cached import _interned
from planjson._terminal import Progress, Terminal, printable

# Shapes that are told apart; lines of further ones are counted together.
SHAPES = 10_000
# Lines that the tree is made of, and that are timed.
SAMPLE = 1000
# Shapes that count as recent.
KEPT = 8
# How much faster or slower a cached plan has to be to make a difference.
DIFFERENCE = 0.03
# What comes of reading each line by itself, and is as good as guessed.
EQUAL = "equal key, another object"
# Times that the sample is serialised on each way.
RUNS = 5

Shape = tuple[Any, ...]


@dataclass
class Seen:
    """Lines of one shape."""

    first: int
    count: int = 0
    size: int = 0


@dataclass
class Stream:
    """What is known of the lines so far."""

    lines: int = 0
    size: int = 0
    empty: int = 0
    bad: int = 0
    first_bad: str = ""
    shapes: dict[Shape, Seen] = field(default_factory=dict)
    others: int = 0
    # Lines whose shape is that of the line before; lines whose shape is among the last `KEPT`.
    repeated: int = 0
    kept: int = 0
    recent: OrderedDict[Shape, None] = field(default_factory=OrderedDict)
    sample: list[Any] = field(default_factory=list)
    # A plan that all lines are serialised with.
    plan: planjson.CachedPlan | None = None

    @property
    def good(self) -> int:
        return self.lines - self.empty - self.bad

    def add(self, line: bytes) -> None:
        self.lines += 1
        self.size += len(line)
        if not line.strip():
            self.empty += 1
            return
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            self.bad += 1
            self.first_bad = self.first_bad or f"line {self.lines}: {error}"
            return
        if len(self.sample) < SAMPLE:
            # With keys that are the same objects, as a program has them that writes such lines.
            self.sample.append(_interned(value))
        self.meet(shape(value), len(line))
        if self.plan is not None:
            # A line that cannot be written again has been guessed at all the same.
            with contextlib.suppress(planjson.JSONEncodeError):
                self.plan.dumps(value)

    def meet(self, found: Shape, size: int) -> None:
        if found in self.recent:
            self.kept += 1
            self.repeated += next(reversed(self.recent)) == found
        self.recent[found] = None
        self.recent.move_to_end(found)
        if len(self.recent) > KEPT:
            self.recent.popitem(last=False)
        seen = self.shapes.get(found)
        if seen is None:
            if len(self.shapes) >= SHAPES:
                self.others += 1
                return
            seen = self.shapes[found] = Seen(self.lines)
        seen.count += 1
        seen.size += size


def shape(value: Any) -> Shape:
    """What a plan would have to expect: keys in order, and the types of values.

    Of an array it is the different shapes of its elements that count, not their number.
    """
    if isinstance(value, dict):
        return ("{", *((key, shape(inner)) for key, inner in value.items()))
    if isinstance(value, list):
        return ("[", *dict.fromkeys(map(shape, value)))
    return (type(value).__name__,)


def described(found: Shape, room: int = 60) -> str:
    """A shape for people."""
    text = spelled(found)
    return printable(text if len(text) <= room else text[: room - 3] + "...")


def spelled(found: Shape) -> str:
    if found[0] == "{":
        members = ", ".join(
            key if inner[0] not in "{[" else f"{key}: {spelled(inner)}" for key, inner in found[1:]
        )
        return f"{{{members}}}"
    if found[0] == "[":
        return f"[{' | '.join(map(spelled, found[1:]))}]"
    return str(found[0]).replace("NoneType", "null")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    stream = read(arguments.file, planjson.compile() if arguments.explain else None)
    terminal.print(
        f"{number(stream.lines, 'line')}, {stream.size:,} B: {number(stream.good, 'document')}, "
        f"{stream.empty:,} empty, {stream.bad:,} no JSON"
    )
    if arguments.explain and stream.good:
        explain(stream, arguments.top, terminal)
    if stream.bad:
        terminal.error(f"{arguments.file}: {stream.first_bad}")
        return _cli.FAILED
    return 0


def read(file: str, plan: planjson.CachedPlan | None = None) -> Stream:
    stream = Stream(plan=plan)
    with opened(file) as source:
        total = None if file == "-" else os.fstat(source.fileno()).st_size or None
        with Progress("reading", total) as progress:
            for line in source:
                stream.add(line)
                if stream.lines % 1024 == 0:
                    progress.at(stream.size)
    return stream


@contextlib.contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    with Path(file).open("rb") as source:
        yield source


def explain(stream: Stream, top: int | None, terminal: Terminal) -> None:
    good = stream.good
    many = f"{len(stream.shapes):,}" + (
        f" and more ({stream.others:,} lines)" * (stream.others > 0)
    )
    terminal.print(f"shapes: {many}")
    ranked = sorted(stream.shapes.items(), key=lambda pair: -pair[1].count)
    rows = [
        (
            described(found),
            f"{seen.count:,}",
            f"{100 * seen.count / good:.1f} %",
            f"{seen.size / seen.count:,.0f}",
            f"{seen.first:,}",
        )
        for found, seen in ranked[:top]
    ]
    terminal.table("", ("shape", "lines", "share", "B a line", "first line"), rows)
    terminal.print()
    following = max(good - 1, 1)
    terminal.print(
        f"stability: {share(stream.repeated, following)} of the lines have the shape of the line "
        f"before, {share(stream.kept, following)} one of the last {KEPT} shapes"
    )
    for line in cached(stream):
        terminal.print(line)
    terminal.print()
    rest = f" (the first {len(stream.sample):,} lines)" if len(stream.sample) < good else ""
    terminal.print(terminal.paint("bold", f"as one array{rest}"))
    terminal.print(planjson.explain(stream.sample).text(color=terminal.color).rstrip())


def cached(stream: Stream) -> Iterator[str]:
    """What a cached plan that has met every line has guessed, and whether it would pay."""
    assert stream.plan is not None
    info = stream.plan.info()
    guessed = (
        f"{share(info['hits'], max(info['rows'], 1))} of {number(info['rows'], 'dict')} as guessed"
    )
    if stream.good < 2:
        yield f"cached plan: {guessed}; there is only one document"
        return
    ratio = measured(stream.sample, stream.plan)
    if ratio is None:
        yield f"cached plan: {guessed}; there are lines that cannot be written again"
        return
    verdict = "would make no difference"
    if ratio < 1 - DIFFERENCE:
        verdict = "would pay"
    elif ratio > 1 + DIFFERENCE:
        verdict = "would not pay"
    yield f"cached plan: {guessed}, {ratio:.2f} of the time of dumps(): {verdict}"
    deopts = [
        (n, path, reason)
        for path, why in info["deopts"].items()
        for reason, n in why.items()
        if reason != EQUAL
    ]
    for n, path, reason in sorted(deopts, reverse=True)[:3]:
        yield printable(f"             wrong at {path}: {reason} {n:,} x")


def measured(sample: list[Any], plan: planjson.CachedPlan) -> float | None:
    """Time with the plan beside that of dumps(), the least of some runs; None if it fails."""
    ways: list[Callable[[Any], bytes]] = [planjson.dumps, plan.dumps]
    least = [float("inf")] * 2
    try:
        for _ in range(RUNS):
            for i, way in enumerate(ways):
                begin = time.perf_counter()
                for value in sample:
                    way(value)
                least[i] = min(least[i], time.perf_counter() - begin)
    except planjson.JSONEncodeError:
        return None
    return least[1] / least[0]


def number(n: int, what: str) -> str:
    return f"{n:,} {what}{'s' * (n != 1)}"


def share(part: int, of: int) -> str:
    return f"{100 * part / of:.1f} %"
