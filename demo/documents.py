"""Documents made out of the running Python itself, and any JSON file."""

import ast
import importlib.util
import json
import math
import os
import random
import stat
import sys
import sysconfig
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Tick = Callable[[int, int], None]  # how much is done, of how much


@dataclass(frozen=True)
class Recipe:
    """A document that can be made; `make` reports its progress to a Tick."""

    name: str
    what: str
    make: Callable[[Tick], Any]


def unicode_rows(tick: Tick) -> list[dict[str, Any]]:
    """A row for every named character outside of Hangul and the unified ideographs."""
    rows = []
    for code in range(sys.maxunicode + 1):
        if code % 4096 == 0:
            tick(code, sys.maxunicode)
        char = chr(code)
        name = unicodedata.name(char, "")
        if not name or name.startswith(("CJK UNIFIED IDEOGRAPH", "HANGUL SYLLABLE")):
            continue
        rows.append(
            {
                "code": code,
                "char": char,
                "name": name,
                "category": unicodedata.category(char),
                "bidirectional": unicodedata.bidirectional(char),
                "numeric": unicodedata.numeric(char, None),
                "mirrored": bool(unicodedata.mirrored(char)),
                "decomposition": unicodedata.decomposition(char) or None,
            }
        )
    return rows


MODULES = """
argparse ast calendar configparser csv datetime decimal difflib doctest enum fractions ftplib
functools heapq inspect ipaddress json.decoder locale mailbox optparse os pathlib pdb pickle
platform pprint random shutil smtplib statistics subprocess tarfile tempfile textwrap threading
traceback turtle typing uuid zipfile
""".split()


def syntax_trees(tick: Tick) -> dict[str, Any]:
    """Standard-library modules as nested dicts, one for every node."""
    trees = {}
    for number, module in enumerate(MODULES):
        tick(number, len(MODULES))
        found = importlib.util.find_spec(module)  # not every Python has all of them
        if found and found.origin and found.origin.endswith(".py"):
            trees[module] = tree(ast.parse(Path(found.origin).read_bytes()))
    return trees


def tree(node: Any) -> Any:
    if isinstance(node, ast.AST):
        fields: dict[str, Any] = {"node": type(node).__name__}
        if isinstance(node, ast.expr | ast.stmt):
            fields["at"] = [node.lineno, node.col_offset]
        for name, value in ast.iter_fields(node):
            fields[name] = tree(value)
        return fields
    if isinstance(node, list):
        return [tree(item) for item in node]
    return constant(node)


def constant(value: Any) -> Any:
    """The value itself if JSON has it, else as Python spells it."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and abs(value) < 2**63:
        return value
    if isinstance(value, str) and not any("\ud800" <= char <= "\udfff" for char in value):
        return value
    return repr(value)


def installation(tick: Tick) -> list[dict[str, Any]]:
    """The metadata of the files that this Python is installed as."""
    root = sysconfig.get_path("stdlib")
    entries = []
    for number, entry in enumerate(walk(root)):
        if number % 256 == 0:
            tick(number, 0)
        status = entry.stat(follow_symlinks=False)
        entries.append(
            {
                "path": os.fsencode(os.path.relpath(entry.path, root)).decode("utf-8", "replace"),
                "kind": "folder" if entry.is_dir(follow_symlinks=False) else "file",
                "mode": stat.filemode(status.st_mode),
                "size": status.st_size,
                "links": status.st_nlink,
                "inode": status.st_ino,
                "modified": status.st_mtime,
                "changed": datetime.fromtimestamp(status.st_mtime, UTC).isoformat(),
                "owner": {"user": status.st_uid, "group": status.st_gid},
            }
        )
    return entries


def walk(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        for entry in sorted(found, key=lambda entry: entry.name):
            if entry.name == "site-packages":
                continue
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from walk(entry.path)


def function_table(tick: Tick) -> dict[str, list[float]]:
    """A column of floats for each function; gamma runs into infinity, which JSON writes as null."""
    functions = [math.sin, math.sqrt, math.exp, math.log, math.atan, math.erf, gamma]
    points = [step / 100 for step in range(1, 20_001)]
    columns = {"x": points}
    for number, function in enumerate(functions):
        tick(number, len(functions))
        columns[function.__name__] = [function(x) for x in points]
    return columns


def gamma(x: float) -> float:
    try:
        return math.gamma(x)
    except OverflowError:
        return math.inf


SERVICES = ("gateway", "orders", "stock", "mail", "billing")
LEVELS = ("debug", "info", "info", "info", "warning", "error")
PATHS = ("/orders", "/orders/{id}", "/stock/{sku}", "/login", "/health")
CLIENTS = ("Москва", "São Paulo", "東京", "Köln", "Boston", "Oslo", "Lima")


def log_event(rng: random.Random, number: int) -> dict[str, Any]:
    at = datetime(2026, 5, 17, tzinfo=UTC) + timedelta(milliseconds=number * 37)
    level = rng.choice(LEVELS)
    event = {
        "time": at.isoformat(timespec="milliseconds"),
        "level": level,
        "service": rng.choice(SERVICES),
        "message": f'request {number} said "{level}"\n',
        "request": {
            "id": f"{rng.getrandbits(64):016x}",
            "method": rng.choice(("GET", "POST", "PUT")),
            "path": rng.choice(PATHS),
            "status": rng.choice((200, 200, 201, 204, 404, 500)),
            "city": rng.choice(CLIENTS),
        },
        "duration_ms": round(rng.expovariate(0.05), 3),
        "user": rng.randrange(10**6) if rng.random() < 0.8 else None,
        "retry": rng.random() < 0.1,
    }
    if level == "error":
        event["stack"] = [
            {"file": f"app/{name}.py", "line": rng.randrange(400)} for name in SERVICES
        ]
    return event


def log_events(tick: Tick) -> list[dict[str, Any]]:
    """Events in the shape in which services write them."""
    rng = random.Random("log events")
    events = []
    for number in range(20_000):
        if number % 1024 == 0:
            tick(number, 20_000)
        events.append(log_event(rng, number))
    return events


def small() -> dict[str, Any]:
    """What the demo shows the plan of."""
    return {
        "event": log_event(random.Random(7), 1),
        "primes": [2, 3, 5, 7, 11, 13, 17, 19],
        "roots": [math.sqrt(n) for n in range(1, 9)],
        "even": [n % 2 == 0 for n in range(6)],
        "cities": list(CLIENTS),
    }


RECIPES = (
    Recipe("unicode", "rows of the Unicode database", unicode_rows),
    Recipe("syntax", "syntax trees of the standard library", syntax_trees),
    Recipe("files", "file metadata of this installation", installation),
    Recipe("floats", "a table of mathematical functions", function_table),
    Recipe("log", "log events of services", log_events),
)


def from_file(path: Path) -> Recipe:
    def make(tick: Tick) -> Any:
        tick(0, 0)
        return json.loads(path.read_bytes())

    return Recipe(path.stem[:16], str(path), make)
