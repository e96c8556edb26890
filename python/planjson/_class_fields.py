"""Which fields the objects of a class have, and of which kinds their values are."""

import dataclasses
import sys
import typing
from collections.abc import Mapping
from typing import Any


def names(kind: Any) -> list[str] | None:
    """The names of the fields, in order; None if the class is none that says them."""
    if not isinstance(kind, type):
        return None
    if dataclasses.is_dataclass(kind):
        return [field.name for field in dataclasses.fields(kind)]
    if hasattr(kind, "__attrs_attrs__"):
        return [attribute.name for attribute in kind.__attrs_attrs__]
    if issubclass(kind, tuple):
        return list(kind._fields) if hasattr(kind, "_fields") else None
    if issubclass(kind, dict):
        # Those of typing_extensions are TypedDicts, too.
        return list(_annotations(kind)) if hasattr(kind, "__required_keys__") else None
    fields = getattr(kind, "__struct_fields__", getattr(kind, "model_fields", None))
    return list(fields) if isinstance(fields, (tuple, Mapping)) else None


def kinds(kind: type) -> dict[str, Any]:
    """The annotations of a class, as far as what they name is there already."""
    fields = getattr(kind, "model_fields", None)
    if isinstance(fields, Mapping):  # of pydantic, whose classes know their type variables
        return {name: getattr(field, "annotation", Any) for name, field in fields.items()}
    try:
        return typing.get_type_hints(kind, include_extras=True)
    except Exception:
        return {}


def filled(kind: Any, variables: dict[Any, Any]) -> Any:
    """The kind with what the type variables stand for."""
    if isinstance(kind, typing.TypeVar):
        return variables.get(kind, kind)
    own = getattr(kind, "__parameters__", ()) if typing.get_origin(kind) else ()
    known = own and not variables.keys().isdisjoint(own)
    return kind[tuple(variables.get(variable, variable) for variable in own)] if known else kind


def _annotations(kind: type) -> dict[str, Any]:
    if sys.version_info >= (3, 14):
        import annotationlib

        # Where a name is not there yet, __annotations__ is an error.
        return annotationlib.get_annotations(kind, format=annotationlib.Format.FORWARDREF)
    return kind.__annotations__
