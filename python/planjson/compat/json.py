"""The standard library's `json`: the same arguments and results, and faster where it can be.

    from planjson.compat import json

Every argument is honoured. A call takes the fast way when its arguments and its object allow that,
and otherwise the standard library's own, from the beginning; docs/compat-json.md says which is
which. Exceptions are the standard library's.
"""

import builtins as _builtins
import io as _io
import json as _json
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable
from json import JSONDecodeError, JSONDecoder, JSONEncoder
from json import decoder as decoder
from json import detect_encoding as detect_encoding
from json import encoder as encoder
from json import scanner as scanner
from typing import Any, Protocol

from planjson._planjson import (
    OPT_ENSURE_ASCII,
    OPT_NAN_ERROR,
    OPT_SORT_KEYS,
    JSONEncodeError,
    _dumps_plain,
)
from planjson._planjson import loads as _loads

__all__ = ["JSONDecodeError", "JSONDecoder", "JSONEncoder", "dump", "dumps", "load", "loads"]

# Keep the digits of long integers.
_BIG_INTEGER = 1 << 16

# frozendict, which is no dict and is written as one, where there is one: since 3.15.
_FROZEN: tuple[type, ...] = tuple(
    getattr(_builtins, name) for name in ("frozendict",) if hasattr(_builtins, name)
)

# Dicts of which it is known what their items() gives.
_DICTS = frozenset({OrderedDict, defaultdict, Counter, *_FROZEN})

# More spaces than this are somebody's mistake, and the standard library's to make.
_MOST_SPACES = 256

_Default = Callable[[Any], Any]


class _Writable(Protocol):
    def write(self, text: str, /) -> object: ...


class _Readable(Protocol):
    def read(self) -> str | bytes: ...


class _Refused(Exception):
    """The object is one for the standard library."""


class _Hook:
    """Is asked for every object of a type that is not JSON's own.

    It remembers what the caller's `default` answered. If the standard library has to begin anew it
    is given the same answers, so that `default` is asked once for each object.
    """

    def __init__(self, default: _Default | None) -> None:
        self.default = default
        self.answers: list[tuple[Any, Any]] = []
        self.raised: Exception | None = None

    def first(self, obj: Any) -> Any:
        # The standard library sees the subclass of a type as the type, in this order.
        if isinstance(obj, str):
            return str.__str__(obj)
        if isinstance(obj, int):
            return int.__int__(obj)
        if isinstance(obj, float):
            return float.__float__(obj)
        if isinstance(obj, tuple) and type(obj).__iter__ is tuple.__iter__:
            return list(obj)
        if type(obj) in _DICTS:
            return dict(obj.items())
        if self.default is None or isinstance(obj, (list, tuple, dict, *_FROZEN)):
            raise _Refused
        try:
            answer = self.default(obj)
        except Exception as error:
            self.raised = error
            raise
        self.answers.append((obj, answer))
        if answer is obj:
            # A circle to the standard library, whatever would be answered the next time.
            raise _Refused
        return answer

    def again(self) -> _Default | None:
        """`default`, with the answers that it gave."""
        if self.default is None or not self.answers:
            return self.default
        default, answers = self.default, iter(self.answers)

        def answered(obj: Any) -> Any:
            asked, answer = next(answers, (answers, None))
            return answer if asked is obj else default(obj)

        return answered


def _layout(indent: Any, separators: Any) -> tuple[Any, bool] | None:
    """The indent, and whether spaces follow commas and colons; None if there is no fast way."""
    given = tuple(separators) if isinstance(separators, (tuple, list)) else separators
    if indent is None:
        if given is None or given == (", ", ": "):
            return None, True
        return (None, False) if given == (",", ":") else None
    if given is not None and given != (",", ": "):
        return None
    if type(indent) is int:
        return (indent, False) if 0 <= indent <= _MOST_SPACES else None
    spaces = type(indent) is str and indent.strip(" ") == ""
    tabs = type(indent) is str and indent.strip("\t") == ""
    return (indent, False) if spaces or tabs else None


def _fast(
    obj: Any, hook: _Hook, ensure_ascii: bool, indent: Any, separators: Any, sort_keys: bool
) -> str | None:
    """The JSON of obj, or None where it is for the standard library to make."""
    layout = _layout(indent, separators)
    if layout is None:
        return None
    ascii_only = OPT_ENSURE_ASCII if ensure_ascii else 0
    option = OPT_NAN_ERROR | ascii_only | (OPT_SORT_KEYS if sort_keys else 0)
    try:
        text: str = _dumps_plain(obj, hook.first, option, *layout)
        return text
    except JSONEncodeError:
        pass
    if hook.raised is not None:
        raise hook.raised
    return None


def dumps(
    obj: Any,
    *,
    skipkeys: bool = False,
    ensure_ascii: bool = True,
    check_circular: bool = True,
    allow_nan: bool = True,
    cls: type[JSONEncoder] | None = None,
    indent: int | str | None = None,
    separators: tuple[str, str] | None = None,
    default: _Default | None = None,
    sort_keys: bool = False,
    **kw: Any,
) -> str:
    """The JSON of obj, as `json.dumps` makes it; see there for the arguments."""
    hook = _Hook(default)
    if cls is None and not kw:
        text = _fast(obj, hook, ensure_ascii, indent, separators, sort_keys)
        if text is not None:
            return text
    return _json.dumps(
        obj,
        skipkeys=skipkeys,
        ensure_ascii=ensure_ascii,
        check_circular=check_circular,
        allow_nan=allow_nan,
        cls=cls,
        indent=indent,
        separators=separators,
        default=hook.again(),
        sort_keys=sort_keys,
        **kw,
    )


def dump(
    obj: Any,
    fp: _Writable,
    *,
    skipkeys: bool = False,
    ensure_ascii: bool = True,
    check_circular: bool = True,
    allow_nan: bool = True,
    cls: type[JSONEncoder] | None = None,
    indent: int | str | None = None,
    separators: tuple[str, str] | None = None,
    default: _Default | None = None,
    sort_keys: bool = False,
    **kw: Any,
) -> None:
    """Writes the JSON of obj to a text file, by one call of its write(), or none after an error."""
    hook = _Hook(default)
    text = None
    if cls is None and not kw:
        text = _fast(obj, hook, ensure_ascii, indent, separators, sort_keys)
    if text is None:
        # Not json.dumps: json.dump asks iterencode() of a class, and has errors of its own.
        whole = _io.StringIO()
        _json.dump(
            obj,
            whole,
            skipkeys=skipkeys,
            ensure_ascii=ensure_ascii,
            check_circular=check_circular,
            allow_nan=allow_nan,
            cls=cls,
            indent=indent,
            separators=separators,
            default=hook.again(),
            sort_keys=sort_keys,
            **kw,
        )
        text = whole.getvalue()
    fp.write(text)


def loads(
    s: str | bytes | bytearray,
    *,
    cls: type[JSONDecoder] | None = None,
    object_hook: Callable[[dict[Any, Any]], Any] | None = None,
    parse_float: Callable[[str], Any] | None = None,
    parse_int: Callable[[str], Any] | None = None,
    parse_constant: Callable[[str], Any] | None = None,
    object_pairs_hook: Callable[[list[tuple[Any, Any]]], Any] | None = None,
    **kw: Any,
) -> Any:
    """The object that s describes, as `json.loads` makes it; see there for the arguments."""
    hooks = (cls, object_hook, parse_float, parse_int, parse_constant, object_pairs_hook)
    if not kw and hooks == (None,) * 6 and type(s) in (str, bytes, bytearray):
        try:
            return _loads(s, _BIG_INTEGER)
        except ValueError:
            # NaN, lone surrogates, another encoding, or an error.
            pass
    return _json.loads(
        s,
        cls=cls,
        object_hook=object_hook,
        parse_float=parse_float,
        parse_int=parse_int,
        parse_constant=parse_constant,
        object_pairs_hook=object_pairs_hook,
        **kw,
    )


def load(
    fp: _Readable,
    *,
    cls: type[JSONDecoder] | None = None,
    object_hook: Callable[[dict[Any, Any]], Any] | None = None,
    parse_float: Callable[[str], Any] | None = None,
    parse_int: Callable[[str], Any] | None = None,
    parse_constant: Callable[[str], Any] | None = None,
    object_pairs_hook: Callable[[list[tuple[Any, Any]]], Any] | None = None,
    **kw: Any,
) -> Any:
    """The object that a file describes, as `json.load` makes it; see there for the arguments."""
    return loads(
        fp.read(),
        cls=cls,
        object_hook=object_hook,
        parse_float=parse_float,
        parse_int=parse_int,
        parse_constant=parse_constant,
        object_pairs_hook=object_pairs_hook,
        **kw,
    )
