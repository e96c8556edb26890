"""Examples of classes: objects with the keys that the dicts of a class have."""

import sys
import types
import typing
from collections import deque
from collections.abc import Iterable, Mapping, Set
from typing import Any

from planjson import _class_fields

# Classes may lead to each other in circles: so many of their keys are in an example. A plan has
# place for some more.
_MOST_KEYS = 4096

# What says of which class an object is, beside classes.
_FORMS: tuple[Any, ...] = (
    *(list[int], typing.List[int], typing.List, typing.Annotated[int, 0], typing.Any),  # noqa: UP006
    *(int | str, typing.Union[int, str], typing.Final),  # noqa: UP007
    *(typing.NewType("_", int), typing.TypeVar("_"), typing.ForwardRef("_")),
)
_KINDS = (type, getattr(typing, "TypeAliasType", type), *map(type, _FORMS))

_AROUND: tuple[Any, ...] = (
    *(typing.Annotated, typing.Required, typing.NotRequired, typing.Final),
    getattr(typing, "ReadOnly", typing.Final),
)

_SCALARS = ((int, 0), (float, 0.0), (str, ""), (bool, True), (type(None), None))

# Stands for values of which nothing is known.
_ANY = ...


def is_kind(example: Any) -> bool:
    """Whether it is a class, or as good as one. None of its code runs."""
    return issubclass(type(example), _KINDS)


def examples(kind: Any) -> list[Any]:
    """Objects with the shapes that `kind` announces."""
    found = [_Maker().make(choice) for choice in _choices(kind) if _is_known(choice)]
    if not found:
        raise TypeError(
            f"nothing can be learnt from {kind!r} as an example: that is an object, a TypedDict, "
            "dataclass, NamedTuple, attrs class, msgspec.Struct or pydantic model, or a list of "
            "those, as in list[X]"
        )
    return found


class _Maker:
    """Makes one example, outer places first: they are what is left where all of it is too much."""

    def __init__(self) -> None:
        self.keys = 0
        # Dicts to be filled, with their classes and those around them.
        self.open: deque[tuple[dict[str, Any], Any, tuple[type, ...]]] = deque()
        # By id, for a class need not have a hash.
        self.known: dict[int, list[tuple[str, Any]]] = {}

    def make(self, kind: Any) -> Any:
        made = self.value(kind, ())
        while self.open:
            members, record, way = self.open.popleft()
            fields = self.fields(_class_of(record))
            self.keys += len(fields)
            if self.keys > _MOST_KEYS:
                break
            variables = getattr(_class_of(record), "__parameters__", ())
            stand_for = dict(zip(variables, typing.get_args(record), strict=False))
            for name, part in fields:
                members[name] = self.value(_class_fields.filled(part, stand_for), way)
        return made

    def fields(self, record: type) -> list[tuple[str, Any]]:
        if id(record) not in self.known:
            kinds = _class_fields.kinds(record)
            names = _class_fields.names(record) or ()
            self.known[id(record)] = [(sys.intern(name), kinds.get(name, _ANY)) for name in names]
        return self.known[id(record)]

    def value(self, kind: Any, way: tuple[type, ...]) -> Any:
        """What stands for a value of this kind below the classes of `way`."""
        choices = _choices(kind)
        # Of several the first that has something inside.
        kind = next((choice for choice in choices if _is_container(choice)), choices[0])
        origin = _class_of(kind)
        if _class_fields.names(origin) is not None:
            # Within itself a class shows what is learnt there; the next one would show the same.
            if sum(outer is origin for outer in way) == 2:
                return _ANY
            members: dict[str, Any] = {}
            self.open.append((members, kind, (*way, origin)))
            return members
        if _is_array(kind):
            return [self.value(c, way) for part in _elements(kind) for c in _choices(part)]
        if _is_mapping(kind):
            return {}
        if origin is typing.Literal:
            origin = type(typing.get_args(kind)[0])
        return next((value for scalar, value in _SCALARS if scalar is origin), _ANY)


def _class_of(kind: Any) -> Any:
    return typing.get_origin(kind) or kind


def _choices(kind: Any) -> list[Any]:
    """What a value of this kind may be; None counts where there is nothing else."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in _AROUND:
        return _choices(parts[0])
    if isinstance(kind, typing.NewType):
        return _choices(kind.__supertype__)
    if origin not in (typing.Union, types.UnionType):
        return [kind]
    found = [choice for part in parts for choice in _choices(part)]
    return [choice for choice in found if choice is not type(None)] or found


def _is_array(kind: Any) -> bool:
    """Whether it is a class of lists, or says of which elements something is."""
    origin = typing.get_origin(kind)
    if origin is None:
        return kind is list or kind is tuple
    return isinstance(origin, type) and _has_order(origin)


def _has_order(kind: type) -> bool:
    return issubclass(kind, Iterable) and not issubclass(kind, (Mapping, Set))


def _is_mapping(kind: Any) -> bool:
    origin = _class_of(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _elements(kind: Any) -> tuple[Any, ...]:
    parts = typing.get_args(kind)
    is_tuple = typing.get_origin(kind) is tuple
    return tuple(part for part in parts if part is not ...) if is_tuple else parts[:1]


def _is_container(kind: Any) -> bool:
    return _class_fields.names(_class_of(kind)) is not None or _is_array(kind)


def _is_known(kind: Any) -> bool:
    """Whether an example of it says more than that it is an object."""
    if _class_fields.names(_class_of(kind)) is not None:
        return True
    if _is_array(kind):
        elements = [choice for part in _elements(kind) for choice in _choices(part)]
        return not elements or any(map(_is_known, elements))
    return any(scalar is kind for scalar, _ in _SCALARS) or _class_of(kind) is typing.Literal
