import json
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol, final

from planjson._cached_explanation import CachedExplanation
from planjson._explanation import Explanation

__all__ = [
    "OPT_APPEND_NEWLINE",
    "OPT_BIG_INTEGER",
    "OPT_ENSURE_ASCII",
    "OPT_ESCAPE_HTML",
    "OPT_INDENT_2",
    "OPT_NAIVE_UTC",
    "OPT_NAMEDTUPLE_AS_OBJECT",
    "OPT_NAN_ERROR",
    "OPT_NON_STR_KEYS",
    "OPT_OMIT_MICROSECONDS",
    "OPT_OMIT_NONE",
    "OPT_PASSTHROUGH_DATACLASS",
    "OPT_PASSTHROUGH_DATETIME",
    "OPT_PASSTHROUGH_SUBCLASS",
    "OPT_SERIALIZE_DATACLASS",
    "OPT_SERIALIZE_DECIMAL",
    "OPT_SERIALIZE_MORE",
    "OPT_SERIALIZE_NUMPY",
    "OPT_SERIALIZE_UUID",
    "OPT_SORT_KEYS",
    "OPT_STRICT_INTEGER",
    "OPT_UTC_Z",
    "CachedExplanation",
    "CachedPlan",
    "Explanation",
    "Fragment",
    "JSONDecodeError",
    "JSONEncodeError",
    "Plan",
    "__version__",
    "build_info",
    "compile",
    "dump",
    "dump_lines",
    "dumps",
    "dumps_lines",
    "dumps_str",
    "explain",
    "loads",
    "plan",
    "set_thresholds",
    "thresholds",
]

__version__: Final[str]

OPT_APPEND_NEWLINE: Final[int]
OPT_BIG_INTEGER: Final[int]
OPT_ENSURE_ASCII: Final[int]
OPT_ESCAPE_HTML: Final[int]
OPT_INDENT_2: Final[int]
OPT_NAIVE_UTC: Final[int]
OPT_NAMEDTUPLE_AS_OBJECT: Final[int]
OPT_NAN_ERROR: Final[int]
OPT_NON_STR_KEYS: Final[int]
OPT_OMIT_MICROSECONDS: Final[int]
OPT_OMIT_NONE: Final[int]
OPT_PASSTHROUGH_DATACLASS: Final[int]
OPT_PASSTHROUGH_DATETIME: Final[int]
OPT_PASSTHROUGH_SUBCLASS: Final[int]
OPT_SERIALIZE_DATACLASS: Final[int]
OPT_SERIALIZE_DECIMAL: Final[int]
OPT_SERIALIZE_MORE: Final[int]
OPT_SERIALIZE_NUMPY: Final[int]
OPT_SERIALIZE_UUID: Final[int]
OPT_SORT_KEYS: Final[int]
OPT_STRICT_INTEGER: Final[int]
OPT_UTC_Z: Final[int]

class _BytesFile(Protocol):
    def write(self, data: bytes, /) -> object: ...

class _TextFile(Protocol):
    def write(self, data: str, /) -> object: ...

_File = _BytesFile | _TextFile

class JSONDecodeError(json.JSONDecodeError): ...

class JSONEncodeError(TypeError):
    path: str

@final
class Fragment:
    def __new__(cls, contents: bytes | str, /) -> Fragment: ...

@final
class Plan:
    def emit(self) -> bytes: ...
    def explain(
        self,
        *,
        depth: int | None = 8,
        width: int | None = 16,
        analyze: bool = False,
        values: bool = False,
    ) -> Explanation: ...

@final
class CachedPlan:
    def dumps(self, obj: Any, /) -> bytes: ...
    def dumps_lines(self, iterable: Iterable[Any], /) -> bytes: ...
    def dump(self, obj: Any, fp: _File, /) -> None: ...
    def dump_lines(self, iterable: Iterable[Any], fp: _File, /) -> None: ...
    def info(self) -> dict[str, Any]: ...
    def clear(self) -> None: ...
    def explain(self, *, depth: int | None = 8, width: int | None = 16) -> CachedExplanation: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

def compile(
    *examples: Any,
    default: Callable[[Any], Any] | None = None,
    option: int | None = None,
    indent: int | str | None = None,
    encoders: dict[type[Any], Callable[[Any], Any]] | None = None,
    learn: bool = True,
) -> CachedPlan: ...
def dumps(
    obj: Any,
    /,
    default: Callable[[Any], Any] | None = None,
    option: int | None = None,
    *,
    indent: int | str | None = None,
    plan: bool | CachedPlan | None = False,
    encoders: dict[type[Any], Callable[[Any], Any]] | None = None,
) -> bytes: ...
def dumps_str(
    obj: Any,
    /,
    default: Callable[[Any], Any] | None = None,
    option: int | None = None,
    *,
    indent: int | str | None = None,
    plan: bool | CachedPlan | None = False,
    encoders: dict[type[Any], Callable[[Any], Any]] | None = None,
) -> str: ...
def dump(
    obj: Any,
    fp: _File,
    /,
    default: Callable[[Any], Any] | None = None,
    option: int | None = None,
    *,
    indent: int | str | None = None,
    plan: bool | CachedPlan | None = False,
    encoders: dict[type[Any], Callable[[Any], Any]] | None = None,
) -> None: ...
def dumps_lines(
    iterable: Iterable[Any],
    /,
    default: Callable[[Any], Any] | None = None,
    option: int | None = None,
    *,
    plan: bool | CachedPlan | None = False,
    encoders: dict[type[Any], Callable[[Any], Any]] | None = None,
) -> bytes: ...
def dump_lines(
    iterable: Iterable[Any],
    fp: _File,
    /,
    default: Callable[[Any], Any] | None = None,
    option: int | None = None,
    *,
    plan: bool | CachedPlan | None = False,
    encoders: dict[type[Any], Callable[[Any], Any]] | None = None,
) -> None: ...
def loads(data: bytes | bytearray | memoryview | str, /, option: int | None = None) -> Any: ...
def plan(
    obj: Any,
    /,
    default: Callable[[Any], Any] | None = None,
    option: int | None = None,
    *,
    indent: int | str | None = None,
    encoders: dict[type[Any], Callable[[Any], Any]] | None = None,
) -> Plan: ...
def explain(
    obj: Any,
    /,
    default: Callable[[Any], Any] | None = None,
    option: int | None = None,
    *,
    indent: int | str | None = None,
    encoders: dict[type[Any], Callable[[Any], Any]] | None = None,
    depth: int | None = 8,
    width: int | None = 16,
    analyze: bool = False,
    values: bool = False,
) -> Explanation: ...
def thresholds() -> dict[str, int]: ...
def set_thresholds(
    *,
    int: int | None = None,
    float: int | None = None,
    bool: int | None = None,
    str: int | None = None,
) -> None: ...
def build_info() -> dict[str, Any]: ...
