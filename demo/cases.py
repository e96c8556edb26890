"""The three cases of docs/why-is-my-json-slow.md: before, after, and their pictures.

python -m demo.cases [FOLDER] prints them and writes the pictures to FOLDER.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import planjson

from demo.documents import function_table, installation, log_events


@dataclass(frozen=True)
class Case:
    """A document that is slower or larger than it need be, and what to do about it."""

    name: str
    before: Callable[[], Any]
    after: Callable[[Any], Any]


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """A table column by column."""
    return {key: [row[key] for row in rows] for key in rows[0]}


def points(table: dict[str, list[float]]) -> dict[str, list[tuple[float, float]]]:
    """Each curve as a list of its points."""
    return {name: list(zip(table["x"], ys, strict=True)) for name, ys in table.items()}


def axes(curves: dict[str, list[tuple[float, float]]]) -> dict[str, dict[str, list[float]]]:
    """Each curve as a list for each axis."""
    return {
        name: {"x": [x for x, _ in curve], "y": [y for _, y in curve]}
        for name, curve in curves.items()
    }


def plain_messages(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Events whose messages hold nothing that JSON escapes."""
    return [{**event, "message": event["message"].strip().replace('"', "'")} for event in events]


def quiet(done: int, total: int) -> None:
    pass


CASES = (
    Case("rows", lambda: installation(quiet), columns),
    Case("pairs", lambda: points(function_table(quiet)), axes),
    Case("escapes", lambda: log_events(quiet), plain_messages),
)


def main(folder: str | None) -> None:
    for case in CASES:
        before = case.before()
        for when, obj in (("before", before), ("after", case.after(before))):
            explanation = planjson.explain(obj, analyze=True, depth=3, width=10)
            times = explanation.totals["times"]
            print(f"== {case.name}, {when}: dumps {times['direct_ns'] / 1e6:.2f} ms")
            print(explanation)
            if folder:
                by = "time" if case.name == "escapes" else "bytes"
                svg = explanation.to_svg(width=880, rows=5, by=by)
                Path(folder, f"{case.name}-{when}.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
