"""`compile`, and how a plan comes out of a pickle."""

import sys
from collections.abc import Callable
from typing import Any

from planjson import _class_examples
from planjson._planjson import CachedPlan, _compile


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
            dataclass, NamedTuple, attrs class, msgspec.Struct or pydantic model; list[X] and [X]
            are lists of them.
        default, option, indent, encoders: as for dumps; they go for all that the plan serializes.
        learn: True to add shapes that the plan meets and does not know, a bounded number of them.

    Returns:
        CachedPlan: its dumps(obj) returns what dumps(obj) returns with the same arguments.

    Raises:
        TypeError: an argument is of a wrong type, or nothing is known of the fields of a class.
        ValueError: an argument has a value that cannot be.
    """
    if type(learn) is not bool:
        raise TypeError(f"learn must be a bool, not {type(learn).__name__}")
    looked_at = [shown for example in examples for shown in _objects(example)]
    return _compile(tuple(looked_at), default, option, indent, encoders, learn)


def _objects(example: Any) -> list[Any]:
    """The example, or those of the classes that it consists of. An object is not asked anything."""
    if _class_examples.is_kind(example):
        return _class_examples.examples(example)
    is_list = type(example) is list or type(example) is tuple
    if is_list and example and all(map(_class_examples.is_kind, example)):
        return [[shown for kind in example for shown in _class_examples.examples(kind)]]
    return [example]


def _restore(examples: list[Any], arguments: dict[str, Any]) -> CachedPlan:
    """What a pickled plan becomes: its keys are those that this process uses."""
    return compile(*map(_interned, examples), **arguments)


def _interned(example: Any) -> Any:
    if isinstance(example, dict):
        return {sys.intern(key): _interned(value) for key, value in example.items()}
    return [_interned(value) for value in example] if isinstance(example, list) else example
