"""planjson lines: which shapes a JSON Lines stream holds, read line by line."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import planjson
from planjson import _cli
from planjson._terminal import Progress, Terminal, printable

# Shapes that are told apart; lines of further ones are counted together.
SHAPES = 10_000
# Lines that the tree is made of.
SAMPLE = 1000
# Plans that a program would keep at a time.
KEPT = 8
# From which share of lines on that meet a plan that is kept it is worth keeping them.
PAYS = 0.9

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
            self.sample.append(value)
        self.meet(shape(value), len(line))

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
    stream = read(arguments.file)
    terminal.print(
        f"{stream.lines:,} lines, {stream.size:,} B: {stream.good:,} documents, "
        f"{stream.empty:,} empty, {stream.bad:,} no JSON"
    )
    if arguments.explain and stream.good:
        explain(stream, arguments.top, terminal)
    if stream.bad:
        terminal.error(f"{arguments.file}: {stream.first_bad}")
        return _cli.FAILED
    return 0


def read(file: str) -> Stream:
    stream = Stream()
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
    terminal.print(f"cached plan: {verdict(stream, following)}")
    terminal.print()
    rest = f" (the first {len(stream.sample):,} lines)" if len(stream.sample) < good else ""
    terminal.print(terminal.paint("bold", f"as one array{rest}"))
    terminal.print(planjson.explain(stream.sample).text(color=terminal.color).rstrip())


def verdict(stream: Stream, following: int) -> str:
    """Whether plans that are kept would pay."""
    if stream.good < 2:
        return "there is only one document"
    if len(stream.shapes) == 1:
        return "would pay: one plan serves every line"
    if stream.repeated >= PAYS * following:
        return (
            f"would pay: one plan at a time serves {share(stream.repeated, following)} of the lines"
        )
    if stream.kept >= PAYS * following:
        return f"would pay if {KEPT} plans are kept: {share(stream.kept, following)} of the lines"
    return (
        f"would not pay: even {KEPT} plans serve only {share(stream.kept, following)} of the lines"
    )


def share(part: int, of: int) -> str:
    return f"{100 * part / of:.1f} %"
