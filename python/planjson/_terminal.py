"""What the command line prints to: colours, tables, progress; with rich where it is installed."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

STYLES = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "cyan": "36"}

# Characters that turn the direction of the text around them: a key could pass for another.
TURNING = {
    code: f"\\u{code:04x}"
    for code in (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def wants_color(stream: Any) -> bool:
    """Whether a stream is a terminal whose user wants colours (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(stream.isatty())


class Terminal:
    """Standard output and standard error."""

    def __init__(self) -> None:
        self.color = wants_color(sys.stdout)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # A terminal that lacks a character is shown its number.
                stream.reconfigure(errors="backslashreplace")

    def paint(self, style: str, text: str) -> str:
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.color else text

    def print(self, text: str = "") -> None:
        sys.stdout.write(text.translate(TURNING) + "\n")

    def error(self, text: str) -> None:
        name = "planjson:"
        if wants_color(sys.stderr):
            name = f"\x1b[31m{name}\x1b[0m"
        sys.stderr.write(f"{name} {printable(text)}\n")

    def table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table whose first column is text and whose others are numbers."""
        if self.color and rich_table(title, head, rows):
            return
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        if title:
            self.print(self.paint("bold", title))
        for number, row in enumerate([head, *rows]):
            cells = [row[0].ljust(widths[0])]
            cells += [cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True)]
            line = "  ".join(cells).rstrip()
            self.print(self.paint("dim", line) if number == 0 else line)


def rich_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """The same with rich; false if that is not installed."""
    try:
        from rich.box import ASCII, SIMPLE
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError:
        return False
    narrow = not sys.stdout.encoding.lower().startswith("utf")
    table = Table(title=title or None, title_justify="left", box=ASCII if narrow else SIMPLE)
    for number, name in enumerate(head):
        table.add_column(name, justify="right" if number else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)
    return True


def printable(text: str) -> str:
    """Text in which no character does anything to a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class Progress:
    """How much is done, on standard error if that is a terminal."""

    def __init__(self, what: str, total: float | None) -> None:
        self._what, self._total, self._last = printable(what), total, 0.0
        self._rich: Any = None
        self._plain = False
        if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
            return
        try:
            from rich.console import Console
            from rich.progress import Progress as Rich
        except ImportError:
            self._plain = True
            return
        self._rich = Rich(console=Console(stderr=True), transient=True)
        self._task = self._rich.add_task(self._what, total=total)

    def __enter__(self) -> Progress:
        if self._rich:
            self._rich.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._rich:
            self._rich.stop()
        elif self._plain:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def at(self, done: float, what: str | None = None) -> None:
        """So much is done."""
        if what is not None:
            self._what = printable(what)
        if self._rich:
            self._rich.update(self._task, completed=done, description=self._what)
        elif self._plain and time.monotonic() - self._last > 0.1:
            self._last = time.monotonic()
            share = done / self._total if self._total else None
            bar = "" if share is None else f"[{'#' * round(24 * share):<24}] {100 * share:3.0f} %"
            sys.stderr.write(f"\r\x1b[K{self._what} {bar}")
            sys.stderr.flush()
