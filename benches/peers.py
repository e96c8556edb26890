"""Who serialises: planjson's two paths, the rivals, and json. What is not installed is left out."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

PATHS = ("direct", "planned")
RIVALS = ("orjson", "ssrjson", "msgspec")


@dataclass(frozen=True)
class Candidate:
    """One way to get bytes. `loop` serialises object after object, as a user would write it."""

    name: str
    package: str
    once: Callable[[Any], bytes]
    loop: Callable[[Iterable[Any]], None]


def direct() -> Candidate:
    from planjson import dumps

    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            dumps(obj)

    return Candidate("direct", "planjson", dumps, loop)


def planned() -> Candidate:
    from planjson import dumps

    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            dumps(obj, plan=True)

    return Candidate("planned", "planjson", lambda obj: dumps(obj, plan=True), loop)


def with_orjson() -> Candidate:
    from orjson import dumps

    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            dumps(obj)

    return Candidate("orjson", "orjson", dumps, loop)


def with_ssrjson() -> Candidate:
    import ssrjson

    # By default it leaves a UTF-8 copy in the strings that it meets; this mode is the cleaner one.
    ssrjson.write_utf8_cache(False)
    dumps = ssrjson.dumps_to_bytes

    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            dumps(obj)

    return Candidate("ssrjson", "ssrjson", dumps, loop)


def with_msgspec() -> Candidate:
    import msgspec.json

    encode = msgspec.json.Encoder().encode

    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            encode(obj)

    return Candidate("msgspec", "msgspec", encode, loop)


def with_json() -> Candidate:
    encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode

    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            encode(obj).encode()

    return Candidate("json", "json", lambda obj: encode(obj).encode(), loop)


MAKERS: dict[str, Callable[[], Candidate]] = {
    "direct": direct,
    "planned": planned,
    "orjson": with_orjson,
    "ssrjson": with_ssrjson,
    "msgspec": with_msgspec,
    "json": with_json,
}


def available(names: Iterable[str] = MAKERS) -> list[Candidate]:
    found = []
    for name in names:
        try:
            found.append(MAKERS[name]())
        except ImportError:
            if name in PATHS:
                raise
    return found


def versions() -> dict[str, str]:
    found = {}
    for name in ("planjson", *RIVALS):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


class WrongOutputError(Exception):
    """A candidate's bytes are not the document."""


def verified(candidates: Iterable[Candidate], obj: Any) -> int:
    """The size of the output, once every candidate has given the right one.

    planjson must give orjson's bytes (where there is no orjson: the same bytes on each path), the
    others the same document in any spelling.
    """
    candidates = list(candidates)
    by_rule = [*available(["orjson"]), *(c for c in candidates if c.name in PATHS), *candidates]
    expected = by_rule[0].once(obj)
    if json.loads(expected) != obj:
        raise WrongOutputError(f"{by_rule[0].name} gives another document")
    for candidate in candidates:
        found = candidate.once(obj)
        if found == expected:
            continue
        if candidate.name in PATHS:
            raise WrongOutputError(f"{candidate.name}: {difference(found, expected)}")
        if json.loads(found) != obj:
            raise WrongOutputError(f"{candidate.name} gives another document")
    return len(expected)


def difference(found: bytes, expected: bytes) -> str:
    pairs = enumerate(zip(found, expected, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(found), len(expected)))
    near = slice(max(0, at - 30), at + 30)
    return f"at byte {at} {found[near]!r} and not {expected[near]!r}"
