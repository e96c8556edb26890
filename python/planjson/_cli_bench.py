"""planjson bench: the ways to bytes, and other libraries where they are installed."""

from __future__ import annotations

import argparse
import importlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import planjson
from planjson import _cli
from planjson._cli_explain import load
from planjson._terminal import Progress, Terminal

Way = Callable[[Any], bytes]

OURS = 4


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    documents = [(file, load(file)) for file in arguments.files]
    found = peers()
    done = 0.0
    with Progress("", arguments.seconds * len(documents) * (len(found) + OURS)) as progress:
        tables = []
        for file, document in documents:
            rows = []
            for name, way in [*ours(document).items(), *found.items()]:
                progress.at(done, f"{Path(file).name}: {name}")
                rows.append((name, *measured(way, document, arguments.seconds)))
                done += arguments.seconds
            tables.append((file, rows))
    code = 0
    for file, rows in tables:
        best = rows[0][1]
        if best is None:
            terminal.error(f"{file}: {rows[0][2]}")
            code = _cli.NOT_SERIALIZABLE
            continue
        show(terminal, file, rows)
    return code


def ours(document: Any) -> dict[str, Way | None]:
    """planjson's ways; None is the emission alone of a plan that is there."""
    return {
        "planjson dumps()": planjson.dumps,
        "planjson dumps(plan=True)": lambda document: planjson.dumps(document, plan=True),
        "planjson compile().dumps()": planjson.compile(document).dumps,
        "planjson plan().emit()": None,
    }


def peers() -> dict[str, Way]:
    """The libraries that are installed."""
    found: dict[str, Way] = {}
    for name, attribute in [("orjson", "dumps"), ("ssrjson", "dumps"), ("msgspec.json", "encode")]:
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        # Not all of them write bytes by themselves.
        function = getattr(module, "dumps_to_bytes", None) or getattr(module, attribute)
        found[name] = function
    found["json"] = lambda document: json.dumps(
        document, separators=(",", ":"), ensure_ascii=False
    ).encode()
    return found


def measured(
    way: Way | None, document: Any, seconds: float
) -> tuple[float | None, str, bytes | None]:
    """Seconds for one run, the least of many; or the error that it ended in."""
    try:
        if way is None:
            plan = planjson.plan(document)
            once: Callable[[], bytes] = plan.emit
        else:
            chosen = way

            def once() -> bytes:
                return chosen(document)

        result = once()
        least, end = float("inf"), time.perf_counter() + seconds
        while True:
            begin = time.perf_counter()
            once()
            now = time.perf_counter()
            least = min(least, now - begin)
            if now >= end:
                return least, "", result
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        return None, str(error), None


def show(terminal: Terminal, file: str, rows: list[tuple[Any, ...]]) -> None:
    base, _, expected = rows[0][1:]
    cells = []
    for name, took, error, result in rows:
        if took is None:
            cells.append((name, "-", "-", "-", error[:40]))
            continue
        note = "same" if result == expected else f"other, {len(result):,} B"
        cells.append(
            (name, shown(took), f"{len(result) / took / 1e6:,.0f}", f"{took / base:.2f}", note)
        )
    head = ("way", "time", "MB/s", "ratio", "bytes")
    terminal.table(f"{file}: {len(expected):,} B", head, cells)


def shown(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("us", 1e6)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"
