#!/usr/bin/env python3
"""What each JSON library does, tried and not assumed: prints the table of docs/features.md.

    python scripts/features.py                         all libraries that are installed
    python scripts/features.py --write docs/features.md
    python scripts/features.py --only orjson           one, as JSON

Every library is tried in a process of its own, and what may crash in one more.
"""

import argparse
import collections
import dataclasses
import datetime
import decimal
import enum
import importlib
import io
import ipaddress
import json
import os
import pathlib
import re
import subprocess
import sys
import types
import uuid
from importlib import metadata

LIBRARIES = [
    "planjson",
    "json",
    "orjson",
    "msgspec",
    "ssrjson",
    "pydantic_core",
    "ujson",
    "simplejson",
]
PACKAGES = {"pydantic_core": "pydantic-core"}
BEGIN, END = "<!-- features: begin -->", "<!-- features: end -->"


# The ways of each library: how it is asked for what. What is not there it does not offer.


def flags(module, names):
    """The flags of these names, if the module has all of them."""
    values = [getattr(module, name, None) for name in names.split()]
    return None if None in values else sum(set(values))


def of_planjson(m):
    def with_flags(names):
        option = flags(m, names)
        return option and (lambda obj: m.dumps(obj, option=option))

    return {
        "write": m.dumps,
        "hook": lambda obj, f: m.dumps(obj, default=f),
        "more": with_flags("OPT_SERIALIZE_NUMPY OPT_SERIALIZE_DECIMAL OPT_SERIALIZE_MORE"),
        "sort": with_flags("OPT_SORT_KEYS"),
        "indent": lambda obj, n: m.dumps(obj, indent=n),
        "ascii": with_flags("OPT_ENSURE_ASCII"),
        "html": with_flags("OPT_ESCAPE_HTML"),
        "no nan": with_flags("OPT_NAN_ERROR"),
        "omit": with_flags("OPT_OMIT_NONE"),
        "big": with_flags("OPT_BIG_INTEGER"),
        "decimal": with_flags("OPT_SERIALIZE_DECIMAL"),
        "keys": with_flags("OPT_NON_STR_KEYS"),
        "tuples": with_flags("OPT_SERIALIZE_MORE OPT_NAMEDTUPLE_AS_OBJECT"),
        "as json": importlib.import_module("planjson.compat.json"),
        "encoders": lambda obj, table: m.dumps(obj, encoders=table),
        "str": getattr(m, "dumps_str", None),
        "dump": getattr(m, "dump", None),
        "lines": getattr(m, "dumps_lines", None),
        "dump lines": getattr(m, "dump_lines", None),
        "read": getattr(m, "loads", None),
        "read error": getattr(m, "JSONDecodeError", None),
    }


def of_json(m):
    return {
        "write": m.dumps,
        "hook": lambda obj, f: m.dumps(obj, default=f),
        "sort": lambda obj: m.dumps(obj, sort_keys=True),
        "indent": lambda obj, n: m.dumps(obj, indent=n),
        "ascii": lambda obj: m.dumps(obj, ensure_ascii=True),
        "no nan": lambda obj: m.dumps(obj, allow_nan=False),
        "keys": m.dumps,
        "str": m.dumps,
        "dump": m.dump,
        "read": m.loads,
        "read error": m.JSONDecodeError,
        "as json": m,
    }


def of_simplejson(m):
    return {
        **of_json(m),
        "more": lambda obj: m.dumps(obj, iterable_as_array=True, for_json=True),
        "decimal": lambda obj: m.dumps(obj, use_decimal=True),
    }


def of_ujson(m):
    return {
        **of_json(m),
        "html": lambda obj: m.dumps(obj, encode_html_chars=True),
    }


def of_orjson(m):
    def with_flags(names):
        option = flags(m, names)
        return lambda obj: m.dumps(obj, option=option)

    def indent(obj, n):
        if n != 2:
            raise NotImplementedError
        return m.dumps(obj, option=m.OPT_INDENT_2)

    return {
        "write": m.dumps,
        "hook": lambda obj, f: m.dumps(obj, default=f),
        "more": with_flags("OPT_SERIALIZE_NUMPY"),
        "sort": with_flags("OPT_SORT_KEYS"),
        "indent": indent,
        "keys": with_flags("OPT_NON_STR_KEYS"),
        "read": m.loads,
        "read error": m.JSONDecodeError,
    }


def of_msgspec(m):
    m = importlib.import_module("msgspec.json")
    return {
        "write": m.encode,
        "hook": lambda obj, f: m.encode(obj, enc_hook=f),
        "sort": lambda obj: m.encode(obj, order="sorted"),
        "indent": lambda obj, n: m.format(m.encode(obj), indent=n),
        "keys": m.encode,
        "decimal": m.Encoder(decimal_format="number").encode,
        "lines": m.Encoder().encode_lines,
        "read": m.decode,
        "read error": importlib.import_module("msgspec").DecodeError,
    }


def of_ssrjson(m):
    def with_numpy(obj):
        m.setup_numpy_types()
        return m.dumps_to_bytes(obj)

    return {
        "write": m.dumps_to_bytes,
        "more": with_numpy,
        "indent": lambda obj, n: m.dumps_to_bytes(obj, indent=n),
        "str": m.dumps,
        "read": m.loads,
        "read error": m.JSONDecodeError,
    }


def of_pydantic_core(m):
    return {
        "write": m.to_json,
        "hook": lambda obj, f: m.to_json(obj, fallback=f),
        "indent": lambda obj, n: m.to_json(obj, indent=n),
        "ascii": lambda obj: m.to_json(obj, ensure_ascii=True),
        "omit": lambda obj: m.to_json(obj, exclude_none=True),
        "base64": lambda obj: m.to_json(obj, bytes_mode="base64"),
        "keys": m.to_json,
        "read": m.from_json,
        "read error": ValueError,
    }


def ways_of(name):
    module = importlib.import_module(name)
    return {way: call for way, call in globals()[f"of_{name}"](module).items() if call}


def text_of(written):
    return written if isinstance(written, str) else bytes(written).decode()


def tried(call, *arguments):
    """What was written, as text, or None if it was refused."""
    try:
        return text_of(call(*arguments))
    except Exception:
        return None


# Types


@dataclasses.dataclass
class Data:
    a: int
    b: str = "x"


@dataclasses.dataclass(slots=True)
class Slots:
    a: int
    b: str = "x"


class Color(enum.Enum):
    RED = "red"


class Str(str):
    pass


class Int(int):
    pass


class Float(float):
    pass


class Dict(dict):
    pass


Point = collections.namedtuple("Point", "a b")
AB = {"a": 1, "b": "x"}
ADDRESS = "10.0.0.1"


def numpy_array():
    return importlib.import_module("numpy").array([1, 2])


def numpy_scalar():
    return importlib.import_module("numpy").int64(1)


def attrs_class():
    attrs = importlib.import_module("attrs")
    return attrs.make_class("Thing", {"a": attrs.field(), "b": attrs.field()})(1, "x")


def msgspec_struct():
    return importlib.import_module("msgspec").defstruct("Thing", ["a", "b"])(1, "x")


def pydantic_model():
    return importlib.import_module("pydantic").create_model("Thing", a=(int, ...), b=(str, ...))(
        a=1, b="x"
    )


MOMENT = datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)

TYPES = [
    ("dataclass", lambda: Data(1), [AB]),
    ("dataclass with slots", lambda: Slots(1), [AB]),
    ("datetime", lambda: MOMENT, ["2020-01-02T03:04:05+00:00", "2020-01-02T03:04:05Z"]),
    ("date", lambda: datetime.date(2020, 1, 2), ["2020-01-02"]),
    ("time", lambda: datetime.time(3, 4, 5), ["03:04:05"]),
    ("timedelta", lambda: datetime.timedelta(hours=1), ["PT3600S", "PT1H", 3600, 3600.0]),
    ("UUID", lambda: uuid.UUID(int=5), [str(uuid.UUID(int=5))]),
    ("Enum", lambda: Color.RED, ["red"]),
    ("named tuple", lambda: Point(1, "x"), [[1, "x"], AB]),
    ("subclass of str", lambda: Str("x"), ["x"]),
    ("subclass of int", lambda: Int(1), [1]),
    ("subclass of float", lambda: Float(1.5), [1.5]),
    ("subclass of dict", lambda: Dict(a=1), [{"a": 1}]),
    ("set", lambda: {1}, [[1]]),
    ("deque", lambda: collections.deque([1]), [[1]]),
    ("generator", lambda: (n for n in [1]), [[1]]),
    ("Mapping", lambda: types.MappingProxyType({"a": 1}), [{"a": 1}]),
    ("bytes, in base64", lambda: b"\xff\xfe", ["//4=", "__4="]),
    ("Decimal, as a number", lambda: decimal.Decimal("1.50"), [1.5]),
    ("Path", lambda: pathlib.Path("/a"), ["/a"]),
    ("IP address", lambda: ipaddress.ip_address(ADDRESS), [ADDRESS]),
    ("numpy array", numpy_array, [[1, 2]]),
    ("numpy scalar", numpy_scalar, [1]),
    ("attrs class", attrs_class, [AB]),
    ("msgspec.Struct", msgspec_struct, [AB]),
    ("pydantic model", pydantic_model, [AB]),
]


# Ways with an option that may be for a type.
OPTIONS = ("more", "decimal", "base64")


def type_cells(ways):
    """All without options first, for with some libraries an option stays."""
    first = {title: written_as(ways["write"], kind) for title, *kind in TYPES}
    return {title: type_cell(ways, kind, first[title]) for title, *kind in TYPES}


def type_cell(ways, kind, first):
    """What an option makes right counts before what is written without one."""
    right = first == "yes" or any(written_as(ways.get(way), kind) == "yes" for way in OPTIONS)
    return ("yes" if first == "yes" else "flag") if right else first or flagged(ways, kind)


def written_as(call, kind):
    """`yes`, or what was written instead, or None."""
    make, accepted = kind
    text = call and tried(call, [made(make)])
    if not text:
        return None
    found = json.loads(text)[0]
    return "yes" if found in accepted and type(found) is not bool else f"`{text[1:-1]}`"


def made(make):
    try:
        return make()
    except ImportError:
        return Missing()


class Missing:
    """Stands for a class that is not installed."""


def flagged(ways, kind):
    for way in OPTIONS:
        cell = written_as(ways.get(way), kind)
        if cell:
            return cell.replace("yes", "flag")
    hook = ways.get("hook")
    asked = hook and tried(hook, [made(kind[0])], lambda obj: "hook")
    return "hook" if asked == '["hook"]' else "no"


# Everything else. A probe returns what the cell says.

PROBES = []


def probe(title):
    def add(function):
        PROBES.append((title, function))
        return function

    return add


def yes(found):
    return "yes" if found else "no"


@probe("result")
def _(ways):
    return type(ways["write"]([])).__name__


@probe("str result")
def _(ways):
    return yes("str" in ways and type(ways["str"](["é"])) is str)


@probe("sorted keys")
def _(ways):
    text = tried(ways.get("sort"), {"b": 1, "a": 2})
    return yes(text and text.index("a") < text.index("b"))


def indented(ways, n, unit):
    text = tried(ways.get("indent"), [1], n)
    return text == f"[\n{unit}1\n]"


@probe("indentation")
def _(ways):
    found = [str(n) for n in (2, 3, 4) if indented(ways, n, " " * n)]
    found += ["tab"] * indented(ways, "\t", "\t")
    return ", ".join(found).replace("2, 3, 4", "any") or "no"


@probe("ASCII only")
def _(ways):
    return yes(tried(ways.get("ascii"), ["é"]) == '["\\u00e9"]')


@probe("escapes for HTML")
def _(ways):
    text = tried(ways.get("html"), ["</a>"])
    return yes(text and "<" not in text and ">" not in text)


@probe("NaN is written as")
def _(ways):
    text = tried(ways["write"], [float("nan")])
    return f"`{text[1:-1]}`" if text else "refused"


@probe("NaN can be refused")
def _(ways):
    if "no nan" not in ways:
        return yes(tried(ways["write"], [float("nan")]) is None)
    return yes(tried(ways["no nan"], [float("nan")]) is None and tried(ways["no nan"], [1.5]))


@probe("leaves out None, of dicts too")
def _(ways):
    return yes((tried(ways.get("omit"), {"a": None, "b": 1}) or "").replace(" ", "") == '{"b":1}')


@probe("int beyond 64 bits")
def _(ways):
    digits = str(10**30)
    if tried(ways["write"], [10**30]) == f"[{digits}]":
        return "yes"
    return "flag" if tried(ways.get("big"), [10**30]) == f"[{digits}]" else "no"


@probe("Decimal keeps its digits")
def _(ways):
    digits = "0.1234567890123456789012345678901"
    calls = [ways["write"], ways.get("decimal")]
    written = [tried(call, [decimal.Decimal(digits)]) or "" for call in calls]
    if f"[{digits}]" in written:
        return "as a number"
    return "as a string" if any(digits in text for text in written) else "no"


@probe("int keys")
def _(ways):
    if (tried(ways["write"], {1: 2}) or "").replace(" ", "") == '{"1":2}':
        return "yes"
    return "flag" if tried(ways.get("keys"), {1: 2}) == '{"1":2}' else "no"


@probe("lone surrogate")
def _(ways):
    text = tried(ways["write"], ["\ud800"])
    return f"`{text[1:-1]}`" if text else "refused"


@probe("hook for each type")
def _(ways):
    table = {set: sorted, int: str}
    return yes(tried(ways.get("encoders"), [{1}, 2], table) == '[["1"],"2"]')


@probe("hook for keys")
def _(ways):
    found = tried(ways.get("encoders"), {Missing(): 1}, {Missing: lambda key: "k"})
    found = found or tried(ways.get("hook"), {Missing(): 1}, lambda key: "k")
    return yes((found or "").replace(" ", "") == '{"k":1}')


@probe("named tuple as an object")
def _(ways):
    for way, cell in (("write", "yes"), ("tuples", "flag")):
        text = tried(ways.get(way), [Point(1, "x")])
        if text and json.loads(text) == [AB]:
            return cell
    return "no"


AS_JSON = [
    ({"b": [1.5, "é", None], "a": (1e16, 10**30)}, {}),
    ({"b": [1, {}], "a": []}, {"indent": 2, "sort_keys": True}),
    ({1: 2, None: 3}, {"separators": (",", ":"), "ensure_ascii": False}),
    ([float("nan"), Float(1.5)], {}),
    ([{1}, {2: "x"}], {"default": sorted, "indent": "\t"}),
]


@probe("takes the place of `json`")
def _(ways):
    m = ways["as json"]
    for obj, named in AS_JSON:
        if tried(lambda: m.dumps(obj, **named)) != json.dumps(obj, **named):  # noqa: B023
            return "no"
    read = m.loads('{"a": 1.5}', object_pairs_hook=list, parse_float=str)
    return yes(read == [("a", "1.5")] and hasattr(m.decoder, "JSONDecodeError"))


@probe("an error says where")
def _(ways):
    try:
        ways["write"]({"orders": [{"price": object()}]})
    except Exception as error:
        told = [str(error), *getattr(error, "__notes__", []), str(getattr(error, "path", ""))]
        return yes(any("price" in text for text in told))
    return "no error"


@probe("what the hook raised")
def _(ways):
    if "hook" not in ways:
        return "no hook"
    mine = KeyError("mine")

    def hook(obj):
        raise mine

    try:
        ways["hook"]([object()], hook)
    except KeyError as error:
        return "is passed on" if error is mine else "another"
    except Exception as error:
        return "is the cause" if mine in (error.__cause__, error.__context__) else "is lost"
    return "no"


@probe("strings of the caller grow")
def _(ways):
    text = "é" * 1000 + str(len(ways))
    before = sys.getsizeof(text)
    ways["write"]([text])
    return yes(sys.getsizeof(text) > before)


class File:
    def __init__(self):
        self.parts = []

    def write(self, data):
        self.parts.append(data)
        return len(data)


@probe("writes to a file in pieces")
def _(ways):
    if "dump" not in ways:
        return "no"
    file = File()
    ways["dump"](["x" * 100] * 100_000, file)
    return "no" if len(file.parts) == 1 else f"of {max(map(len, file.parts)):,}"


@probe("JSON Lines")
def _(ways):
    return yes((tried(ways.get("lines"), [[1], {"a": 2}]) or "").rstrip("\n") == '[1]\n{"a":2}')


@probe("JSON Lines from a generator")
def _(ways):
    rows = ([n] for n in range(2))
    return yes((tried(ways.get("lines"), rows) or "").rstrip("\n") == "[0]\n[1]")


@probe("JSON Lines to a file")
def _(ways):
    file = io.BytesIO()
    if "dump lines" in ways:
        ways["dump lines"](([n] for n in range(2)), file)
    return yes(file.getvalue() == b"[0]\n[1]\n")


@probe("reads JSON")
def _(ways):
    return yes("read" in ways and ways["read"]('[1, "é"]') == [1, "é"])


@probe("reads bytearray, memoryview")
def _(ways):
    data = [bytearray(b"[1]"), memoryview(b"[1]")]
    return ", ".join(yes(tried_read(ways, one) == [1]) for one in data)


def tried_read(ways, data):
    try:
        return ways["read"](data)
    except Exception as error:
        return type(error)


@probe("reads int beyond 64 bits as")
def _(ways):
    found = tried_read(ways, str(10**30))
    return "an error" if isinstance(found, type) else type(found).__name__


@probe("reads NaN")
def _(ways):
    return yes(isinstance(tried_read(ways, "NaN"), float))


@probe("a reading error is a json.JSONDecodeError")
def _(ways):
    found = tried_read(ways, "[1,")
    return yes(isinstance(found, type) and issubclass(found, json.JSONDecodeError))


@probe("a reading error says where")
def _(ways):
    try:
        ways["read"]("[1,\n x]")
    except Exception as error:
        place = getattr(error, "pos", None) or re.search(
            r"(byte|char|column|position) \d+", str(error)
        )
        return yes(place)
    return "no error"


# What may crash: each in a process of its own, with freed memory filled.

ATTACKS = {}


def attack(title):
    def add(function):
        ATTACKS[title] = function
        return function

    return add


class Thing:
    pass


@attack("survives a hook that clears the list")
def _(ways):
    items = [Thing(), *(["x" * 500 + str(n)] for n in range(100))]

    def hook(thing):
        items.clear()
        return 1

    json.loads(text_of(ways["hook"](items, hook)))


@attack("survives a hook that clears the dict")
def _(ways):
    table = {"thing": Thing(), **{f"k{n}": ["x" * 500] for n in range(100)}}

    def hook(thing):
        table.clear()
        table.update({f"new {n}": n for n in range(1000)})
        return 1

    json.loads(text_of(ways["hook"](table, hook)))


@attack("survives a hook that frees the parents")
def _(ways):
    root = [[[Thing(), "x" * 1000], ["y" * 1000]], ["z" * 1000]]

    def hook(thing):
        root.clear()
        return 1

    json.loads(text_of(ways["hook"](root, hook)))


@attack("survives lists 100,000 deep")
def _(ways):
    obj = []
    for _ in range(100_000):
        obj = [obj]
    ways["write"](obj)


def attacked(name, title):
    """How a library comes out of an attack: an answer or an exception, or a dead process."""
    done = subprocess.run(
        [sys.executable, __file__, "--only", name, "--attack", title],
        env={**os.environ, "PYTHONMALLOC": "debug"},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return done.stdout.strip()
    return "**crash**"


def attack_one(name, title):
    ways = ways_of(name)
    if "hook" in title and "hook" not in ways:
        return "no hook"
    try:
        ATTACKS[title](ways)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return "**wrong output**"
    except Exception:
        return "yes, an error"
    return "yes"


def column(name):
    """All cells of one library."""
    ways = ways_of(name)
    cells = type_cells(ways)
    for title, function in PROBES:
        try:
            cells[title] = function(ways)
        except (KeyError, TypeError):
            cells[title] = "no"
    for title in ATTACKS:
        cells[title] = attacked(name, title)
    return cells


def version(name):
    if name == "json":
        return ".".join(map(str, sys.version_info[:3]))
    return metadata.version(PACKAGES.get(name, name))


def columns():
    found = {}
    for name in LIBRARIES:
        done = subprocess.run(
            [sys.executable, __file__, "--only", name], capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            found[name] = json.loads(done.stdout)
        else:
            print(f"{name}: left out\n{done.stderr[-500:]}", file=sys.stderr)
    return found


def table():
    found = columns()
    lines = [f"| | {' | '.join(f'{name} {version(name)}' for name in found)} |"]
    lines.append(f"| --- |{' --- |' * len(found)}")
    titles = dict.fromkeys(title for cells in found.values() for title in cells)
    for title in titles:
        lines.append(
            f"| {title} | {' | '.join(cells.get(title, '') for cells in found.values())} |"
        )
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=LIBRARIES)
    parser.add_argument("--attack", choices=ATTACKS)
    parser.add_argument("--write", type=pathlib.Path)
    chosen = parser.parse_args()
    if chosen.attack:
        print(attack_one(chosen.only, chosen.attack))
    elif chosen.only:
        print(json.dumps(column(chosen.only)))
    elif chosen.write:
        text = chosen.write.read_text()
        before, rest = text.split(BEGIN)
        after = rest.split(END)[1]
        chosen.write.write_text(f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}")
    else:
        print(table())


if __name__ == "__main__":
    main()
