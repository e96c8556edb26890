"""Examples of classes: objects with the keys that the dicts of a class have."""

import dataclasses
import sys
import types
import typing
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

# Classes may lead to each other in circles: so many of their keys are in an example. A plan has
# place for some more.
_MOST_KEYS = 4096


def example(kind: Any) -> Any:
    """An object with the shape that `kind` announces, or None where it announces none."""
    return _Maker().make(kind)


class _Maker:
    """Makes one example, outer places first: they are what is left where all of it is too much."""

    def __init__(self) -> None:
        self.keys = 0
        # Dicts to be filled, with their classes and those around them.
        self.open: deque[tuple[dict[str, Any], Any, tuple[Any, ...]]] = deque()
        self.known: dict[Any, list[tuple[str, Any]]] = {}

    def make(self, kind: Any) -> Any:
        made = self.value(kind, ())
        while self.open:
            members, record, way = self.open.popleft()
            if record not in self.known:
                self.known[record] = _fields(record)
            self.keys += len(self.known[record])
            if self.keys > _MOST_KEYS:
                break
            for name, part in self.known[record]:
                members[sys.intern(name)] = self.value(part, (*way, record))
        return made

    def value(self, kind: Any, way: tuple[Any, ...]) -> Any:
        """What stands for a value of this kind below the classes of `way`."""
        origin, parts = typing.get_origin(kind), typing.get_args(kind)
        if origin in (typing.Annotated, typing.Required, typing.NotRequired):
            return self.value(parts[0], way)
        if origin in (typing.Union, types.UnionType):
            values = (self.value(part, way) for part in parts)
            return next((value for value in values if value is not None), None)
        if isinstance(origin, type) and issubclass(origin, Iterable):
            inner = self.value(parts[0], way) if not issubclass(origin, Mapping) else None
            return None if inner is None else [inner]
        # Within itself a class shows what is learnt there; the next one would show the same.
        if not _is_record(kind) or way.count(kind) == 2:
            return None
        members: dict[str, Any] = {}
        self.open.append((members, kind, way))
        return members


def _is_record(kind: Any) -> bool:
    marks = ("_fields", "__attrs_attrs__", "__struct_fields__", "model_fields")
    return isinstance(kind, type) and (
        typing.is_typeddict(kind)
        or dataclasses.is_dataclass(kind)
        or any(hasattr(kind, mark) for mark in marks)
    )


def _fields(kind: type) -> list[tuple[str, Any]]:
    try:
        return list(typing.get_type_hints(kind, include_extras=True).items())
    except Exception:  # names that are not there yet: their values are then of no known shape
        return [(name, None) for name in getattr(kind, "__annotations__", {})]
