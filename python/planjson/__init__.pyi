from collections.abc import Callable
from typing import Any, Final, final

from planjson._explanation import Explanation

__all__ = [
    "OPT_APPEND_NEWLINE",
    "OPT_INDENT_2",
    "OPT_NON_STR_KEYS",
    "OPT_PASSTHROUGH_SUBCLASS",
    "OPT_SORT_KEYS",
    "OPT_STRICT_INTEGER",
    "Explanation",
    "JSONEncodeError",
    "Plan",
    "__version__",
    "build_info",
    "dumps",
    "explain",
    "plan",
    "set_thresholds",
    "thresholds",
]

__version__: Final[str]

OPT_APPEND_NEWLINE: Final[int]
OPT_INDENT_2: Final[int]
OPT_NON_STR_KEYS: Final[int]
OPT_PASSTHROUGH_SUBCLASS: Final[int]
OPT_SORT_KEYS: Final[int]
OPT_STRICT_INTEGER: Final[int]

class JSONEncodeError(TypeError):
    path: str

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
def explain(
    obj: Any,
    /,
    default: Callable[[Any], Any] | None = None,
    option: int | None = None,
    *,
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
