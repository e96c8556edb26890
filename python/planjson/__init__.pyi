from collections.abc import Callable
from typing import Any, Final, final

__all__ = [
    "OPT_APPEND_NEWLINE",
    "OPT_INDENT_2",
    "OPT_NAIVE_UTC",
    "OPT_NON_STR_KEYS",
    "OPT_OMIT_MICROSECONDS",
    "OPT_PASSTHROUGH_DATACLASS",
    "OPT_PASSTHROUGH_DATETIME",
    "OPT_PASSTHROUGH_SUBCLASS",
    "OPT_SERIALIZE_DATACLASS",
    "OPT_SERIALIZE_NUMPY",
    "OPT_SERIALIZE_UUID",
    "OPT_SORT_KEYS",
    "OPT_STRICT_INTEGER",
    "OPT_UTC_Z",
    "Fragment",
    "JSONEncodeError",
    "Plan",
    "__version__",
    "build_info",
    "dumps",
    "plan",
    "set_thresholds",
    "thresholds",
]

__version__: Final[str]

OPT_APPEND_NEWLINE: Final[int]
OPT_INDENT_2: Final[int]
OPT_NAIVE_UTC: Final[int]
OPT_NON_STR_KEYS: Final[int]
OPT_OMIT_MICROSECONDS: Final[int]
OPT_PASSTHROUGH_DATACLASS: Final[int]
OPT_PASSTHROUGH_DATETIME: Final[int]
OPT_PASSTHROUGH_SUBCLASS: Final[int]
OPT_SERIALIZE_DATACLASS: Final[int]
OPT_SERIALIZE_NUMPY: Final[int]
OPT_SERIALIZE_UUID: Final[int]
OPT_SORT_KEYS: Final[int]
OPT_STRICT_INTEGER: Final[int]
OPT_UTC_Z: Final[int]

class JSONEncodeError(TypeError):
    path: str

@final
class Fragment:
    def __new__(cls, contents: bytes | str, /) -> Fragment: ...

@final
class Plan:
    def emit(self) -> bytes: ...
    def explain(self) -> str: ...

def dumps(
    obj: Any,
    /,
    default: Callable[[Any], Any] | None = None,
    option: int | None = None,
    *,
    plan: bool = False,
) -> bytes: ...
def plan(
    obj: Any,
    /,
    default: Callable[[Any], Any] | None = None,
    option: int | None = None,
) -> Plan: ...
def thresholds() -> dict[str, int]: ...
def set_thresholds(
    *,
    int: int | None = None,
    float: int | None = None,
    bool: int | None = None,
    str: int | None = None,
) -> None: ...
def build_info() -> dict[str, Any]: ...
