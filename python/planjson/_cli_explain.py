"""planjson explain: the plan of a document."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import planjson
from planjson import _cli
from planjson._terminal import Terminal

# Characters of a path that are shown.
LONG = 200


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    limits = {name: n for name, n in vars(arguments).items() if name in ("depth", "width")}
    explanation = planjson.explain(
        load(arguments.file), analyze=arguments.analyze, values=arguments.values, **limits
    )
    name = "standard input" if arguments.file == "-" else Path(arguments.file).name
    if arguments.html:
        Path(arguments.html).write_text(explanation.to_html(title=name), "utf-8")
    if arguments.svg:
        by = "time" if arguments.analyze else "bytes"
        Path(arguments.svg).write_text(explanation.to_svg(by=by), "utf-8")
    if arguments.format == "json":
        terminal.print(explanation.to_json().decode())
    elif arguments.format == "mermaid":
        terminal.print(explanation.to_mermaid(**limits).rstrip())
    elif arguments.format == "dot":
        terminal.print(explanation.to_dot(**limits).rstrip())
    elif not (arguments.html or arguments.svg):
        terminal.print(explanation.text(color=terminal.color).rstrip())
    if explanation.error is not None:
        path = explanation.error.path
        shown = path if len(path) <= LONG else f"{path[:LONG]}..."
        terminal.error(f"{name}: {explanation.error} (at {shown})")
        return _cli.NOT_SERIALIZABLE
    return 0


def load(file: str) -> Any:
    """The document in a file."""
    raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        return json.loads(raw)
    except ValueError as error:
        raise _cli.Trouble(f"{file}: not JSON: {error}") from None
    except RecursionError:
        raise _cli.Trouble(f"{file}: nested too deeply") from None
