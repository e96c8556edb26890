"""The command line: arguments, and errors without tracebacks."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from planjson import __version__
from planjson._terminal import Terminal

# Exit codes beside argparse's 2 for wrong arguments.
FAILED = 1
NOT_SERIALIZABLE = 3
INTERRUPTED = 130


class Trouble(Exception):
    """What the user is told in one line."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command; its exit code."""
    arguments = parser().parse_args(argv)
    terminal = Terminal()
    run: Callable[[argparse.Namespace, Terminal], int] = arguments.run
    try:
        code = run(arguments, terminal)
        sys.stdout.flush()
    except Trouble as trouble:
        terminal.error(str(trouble))
        return FAILED
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            # Whoever read has seen enough. Nothing more is to be flushed.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        terminal.error(f"{error.filename or 'output'}: {error.strerror or error}")
        return FAILED
    except MemoryError:
        terminal.error("out of memory")
        return FAILED
    except KeyboardInterrupt:
        terminal.error("interrupted")
        return INTERRUPTED
    return code


def parser() -> argparse.ArgumentParser:
    out = argparse.ArgumentParser(
        prog="planjson",
        description="Look at JSON documents as planjson sees them.",
        epilog="Exit codes: 0 done, 1 a file cannot be read or is no JSON, 2 wrong arguments, "
        "3 a document that cannot be written again.",
    )
    out.add_argument("--version", action="version", version=f"planjson {__version__}")
    commands = out.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add_explain(commands)
    add_bench(commands)
    add_lines(commands)
    return out


def add_explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from planjson import _cli_explain

    command = commands.add_parser("explain", help="show the plan of a document")
    command.add_argument("file", metavar="FILE.json", help="the document; - for standard input")
    command.add_argument("--analyze", action="store_true", help="run it and show times")
    command.add_argument("--html", metavar="OUT", help="write a page that shows it")
    command.add_argument("--svg", metavar="OUT", help="write a drawing of where the bytes are")
    command.add_argument(
        "--format", choices=("tree", "json", "mermaid", "dot"), default="tree", help="what to print"
    )
    # Each format has limits of its own where none is given.
    for name, what in (("--depth", "levels"), ("--width", "nodes")):
        command.add_argument(
            name, type=limit, default=argparse.SUPPRESS, metavar="N", help=f"{what}; 0 for all"
        )
    command.add_argument("--values", action="store_true", help="show a value of each place")
    command.set_defaults(run=_cli_explain.run)


def add_bench(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from planjson import _cli_bench

    command = commands.add_parser("bench", help="measure documents on this machine")
    command.add_argument("files", metavar="FILE", nargs="+", help="JSON documents")
    command.add_argument(
        "--seconds", type=positive, default=0.5, metavar="S", help="for each way (0.5)"
    )
    command.set_defaults(run=_cli_bench.run)


def add_lines(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from planjson import _cli_lines

    command = commands.add_parser("lines", help="look at a JSON Lines stream")
    command.add_argument("file", metavar="FILE.jsonl", help="the stream; - for standard input")
    command.add_argument("--explain", action="store_true", help="show the shapes of its lines")
    command.add_argument("--top", type=limit, default=10, metavar="N", help="shapes shown (10)")
    command.set_defaults(run=_cli_lines.run)


def limit(text: str) -> int | None:
    """A limit; 0 is none."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number")
    return int(text) or None


def positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return value
