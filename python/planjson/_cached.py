"""`compile` and what it makes examples of classes from."""

import dataclasses
import sys
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from planjson._planjson import CachedPlan, _compile

_DEPTH = 16  # classes inside classes, which may lead in a circle


def compile(
    *examples: Any,
    default: Callable[[Any], Any] | None = None,
    option: int | None = None,
    indent: int | str | None = None,
    encoders: dict[type[Any], Callable[[Any], Any]] | None = None,
    learn: bool = True,
) -> CachedPlan:
    """Prepare a plan for objects of the shapes that the examples have.

    Args:
        examples: objects like those that are to be serialized, or classes of them: a TypedDict,
            dataclass, NamedTuple, attrs class, msgspec.Struct or pydantic model.
        default, option, indent, encoders: as for dumps; they go for all that the plan serializes.
        learn: True to add shapes that the plan meets and does not know, a bounded number of them.

    Returns:
        CachedPlan: its dumps(obj) returns what dumps(obj) returns with the same arguments.

    Raises:
        TypeError: an argument is of a wrong type.
        ValueError: an argument has a value that cannot be.
    """
    looked_at = tuple(_example(e, 0) if isinstance(e, type) else e for e in examples)
    return _compile(looked_at, default, option, indent, encoders, learn)


def _example(kind: Any, depth: int) -> Any:
    """An object with the shape that `kind` announces, or None where it announces none."""
    if depth == _DEPTH:
        return None
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Annotated, typing.Required, typing.NotRequired):
        return _example(parts[0], depth)
    if origin in (typing.Union, types.UnionType):
        return next((e for part in parts if (e := _example(part, depth)) is not None), None)
    if origin in (list, tuple) or (isinstance(origin, type) and issubclass(origin, Iterable)):
        if issubclass(origin, Mapping):
            return None
        inner = _example(parts[0], depth + 1) if parts else None
        return None if inner is None else [inner]
    if isinstance(kind, type) and (typing.is_typeddict(kind) or _is_record(kind)):
        return {sys.intern(name): _example(part, depth + 1) for name, part in _fields(kind)}
    return None


def _is_record(kind: type) -> bool:
    return dataclasses.is_dataclass(kind) or any(
        hasattr(kind, mark)
        for mark in ("_fields", "__attrs_attrs__", "__struct_fields__", "model_fields")
    )


def _fields(kind: type) -> list[tuple[str, Any]]:
    try:
        return list(typing.get_type_hints(kind, include_extras=True).items())
    except Exception:  # names that are not there yet: their values are then of no known shape
        return [(name, None) for name in getattr(kind, "__annotations__", {})]


def _restore(examples: list[Any], arguments: dict[str, Any]) -> CachedPlan:
    """What a pickled plan becomes: its keys are those that this process uses."""
    return compile(*map(_interned, examples), **arguments)


def _interned(example: Any) -> Any:
    if isinstance(example, dict):
        return {sys.intern(key): _interned(value) for key, value in example.items()}
    return [_interned(value) for value in example] if isinstance(example, list) else example
