"""Python objects to JSON bytes, in one pass or through a plan."""

from planjson._explanation import Explanation
from planjson._planjson import (
    OPT_APPEND_NEWLINE,
    OPT_INDENT_2,
    OPT_NON_STR_KEYS,
    OPT_PASSTHROUGH_SUBCLASS,
    OPT_SORT_KEYS,
    OPT_STRICT_INTEGER,
    JSONEncodeError,
    Plan,
    __version__,
    build_info,
    dumps,
    explain,
    plan,
    set_thresholds,
    thresholds,
)

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
