"""Who serialises: planjson's two paths, the rivals, and json. What is not installed is left out."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

from benches.workloads import Terms, Workload

PATHS = ("direct", "planned")
OURS = (*PATHS, "cached")
RIVALS = ("orjson", "ssrjson", "msgspec")


@dataclass(frozen=True)
class Candidate:
    """One way to get bytes. `loop` serialises object after object, as a user would write it."""

    name: str
    package: str
    once: Callable[[Any], bytes]
    loop: Callable[[Iterable[Any]], None]


def attributes(obj: Any) -> Any:
    """The hook."""
    return vars(obj)


def calling(name: str, once: Callable[[Any], bytes]) -> Candidate:
    """One that is asked on rare terms: one call more for each document does not count."""

    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            once(obj)

    return Candidate(name, "planjson" if name in OURS else name, once, loop)


# What is asked for with sorted keys.
SORTED = (Terms.SORTED, Terms.KEYS_SORTED)


def planjson_option(terms: Terms) -> int:
    import planjson

    return {
        Terms.PLAIN: 0,
        Terms.SORTED: planjson.OPT_SORT_KEYS,
        Terms.INDENTED: planjson.OPT_INDENT_2,
        Terms.NUMPY: planjson.OPT_SERIALIZE_NUMPY,
        Terms.MORE: planjson.OPT_SERIALIZE_MORE,
        Terms.KEYS: planjson.OPT_NON_STR_KEYS,
        Terms.KEYS_SORTED: planjson.OPT_NON_STR_KEYS | planjson.OPT_SORT_KEYS,
        Terms.HOOKED: 0,
    }[terms]


def direct(terms: Terms) -> Candidate:
    from planjson import dumps

    if terms is Terms.HOOKED:
        return calling("direct", partial(dumps, default=attributes))
    option = planjson_option(terms)

    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            dumps(obj)

    def loop_with_option(objects: Iterable[Any]) -> None:
        for obj in objects:
            dumps(obj, option=option)

    once = partial(dumps, option=option)
    return Candidate("direct", "planjson", once, loop_with_option if option else loop)


def planned(terms: Terms) -> Candidate:
    from planjson import dumps

    if terms is Terms.HOOKED:
        return calling("planned", partial(dumps, default=attributes, plan=True))
    option = planjson_option(terms)

    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            dumps(obj, plan=True)

    def loop_with_option(objects: Iterable[Any]) -> None:
        for obj in objects:
            dumps(obj, option=option, plan=True)

    once = partial(dumps, option=option, plan=True)
    return Candidate("planned", "planjson", once, loop_with_option if option else loop)


def cached(terms: Terms) -> Candidate:
    """A plan that was compiled from the first document."""
    from planjson import CachedPlan, compile

    option = planjson_option(terms)
    plans: list[CachedPlan] = []

    def plan_for(obj: Any) -> CachedPlan:
        if not plans:
            default = attributes if terms is Terms.HOOKED else None
            plans.append(compile(obj, default=default, option=option))
        return plans[0]

    def loop(objects: Iterable[Any]) -> None:
        objects = iter(objects)
        for first in objects:
            dumps = plan_for(first).dumps
            dumps(first)
            for obj in objects:
                dumps(obj)

    return Candidate("cached", "planjson", lambda obj: plan_for(obj).dumps(obj), loop)


def with_orjson(terms: Terms) -> Candidate | None:
    import orjson
    from orjson import dumps

    if terms is Terms.MORE:
        return None
    if terms is Terms.HOOKED:
        return calling("orjson", partial(dumps, default=attributes))
    option = {
        Terms.PLAIN: 0,
        Terms.SORTED: orjson.OPT_SORT_KEYS,
        Terms.INDENTED: orjson.OPT_INDENT_2,
        Terms.NUMPY: orjson.OPT_SERIALIZE_NUMPY,
        Terms.KEYS: orjson.OPT_NON_STR_KEYS,
        Terms.KEYS_SORTED: orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS,
    }[terms]

    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            dumps(obj)

    def loop_with_option(objects: Iterable[Any]) -> None:
        for obj in objects:
            dumps(obj, option=option)

    once = partial(dumps, option=option)
    return Candidate("orjson", "orjson", once, loop_with_option if option else loop)


def with_ssrjson(terms: Terms) -> Candidate | None:
    import ssrjson

    # By default it leaves a UTF-8 copy in the strings that it meets; this mode is the cleaner one.
    ssrjson.write_utf8_cache(False)
    dumps = ssrjson.dumps_to_bytes
    if terms in (Terms.SORTED, Terms.KEYS_SORTED, Terms.MORE, Terms.HOOKED):
        return None
    if terms is Terms.NUMPY:
        import numpy

        ssrjson.setup_numpy_types(numpy)

    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            dumps(obj)

    def indented(objects: Iterable[Any]) -> None:
        for obj in objects:
            dumps(obj, indent=2)

    if terms is Terms.INDENTED:
        return Candidate("ssrjson", "ssrjson", partial(dumps, indent=2), indented)
    return Candidate("ssrjson", "ssrjson", dumps, loop)


def with_msgspec(terms: Terms) -> Candidate | None:
    import msgspec.json

    order: Literal["sorted"] | None = "sorted" if terms in SORTED else None
    hook = attributes if terms is Terms.HOOKED else None
    encode = msgspec.json.Encoder(enc_hook=hook, order=order).encode
    # It has no arrays of its own, and indents in a second step.
    if terms is Terms.NUMPY:
        return None
    format = msgspec.json.format

    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            encode(obj)

    def indented(objects: Iterable[Any]) -> None:
        for obj in objects:
            format(encode(obj), indent=2)

    if terms is Terms.INDENTED:
        return Candidate("msgspec", "msgspec", lambda obj: format(encode(obj), indent=2), indented)
    return Candidate("msgspec", "msgspec", encode, loop)


def with_json(terms: Terms) -> Candidate | None:
    separators = (",", ": ") if terms is Terms.INDENTED else (",", ":")
    encode = json.JSONEncoder(
        separators=separators,
        ensure_ascii=False,
        default=attributes if terms is Terms.HOOKED else None,
        sort_keys=terms in SORTED,
        indent=2 if terms is Terms.INDENTED else None,
    ).encode

    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            encode(obj).encode()

    return Candidate("json", "json", lambda obj: encode(obj).encode(), loop)


MAKERS: dict[str, Callable[[Terms], Candidate | None]] = {
    "direct": direct,
    "planned": planned,
    "cached": cached,
    "orjson": with_orjson,
    "ssrjson": with_ssrjson,
    "msgspec": with_msgspec,
    "json": with_json,
}


def available(terms: Terms, names: Iterable[str] = MAKERS) -> list[Candidate]:
    """Those that are installed and can be asked on these terms."""
    found = []
    for name in names:
        try:
            candidate = MAKERS[name](terms)
        except ImportError:
            if name in OURS:
                raise
            continue
        if candidate:
            found.append(candidate)
    return found


def willing(candidates: Iterable[Candidate], obj: Any) -> list[Candidate]:
    """Those that take the types of `obj`; planjson has to."""

    def takes(candidate: Candidate) -> bool:
        try:
            candidate.once(obj)
        except (TypeError, ValueError):  # ssrjson's error is a ValueError
            if candidate.name in OURS:
                raise
            return False
        return True

    return [candidate for candidate in candidates if takes(candidate)]


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


def verified(candidates: Iterable[Candidate], workload: Workload, obj: Any) -> int:
    """The size of the output, once every candidate has given the right one.

    planjson must give orjson's bytes (where there is no orjson: the same bytes on each path), the
    others the same document in any spelling.
    """
    candidates = list(candidates)
    oracle = available(workload.terms, ["orjson"])
    by_rule = [*oracle, *(c for c in candidates if c.name in OURS), *candidates]
    expected = by_rule[0].once(obj)
    document = workload.plain(obj)
    if json.loads(expected) != document:
        raise WrongOutputError(f"{by_rule[0].name} gives another document")
    for candidate in candidates:
        found = candidate.once(obj)
        if found == expected:
            continue
        if candidate.name in OURS:
            raise WrongOutputError(f"{candidate.name}: {difference(found, expected)}")
        if json.loads(found.replace(*workload.spelling)) != document:
            raise WrongOutputError(f"{candidate.name} gives another document")
    return len(expected)


def difference(found: bytes, expected: bytes) -> str:
    pairs = enumerate(zip(found, expected, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(found), len(expected)))
    near = slice(max(0, at - 30), at + 30)
    return f"at byte {at} {found[near]!r} and not {expected[near]!r}"
