"""orjson's rules in plain Python: the oracle where orjson itself cannot be installed.

`test_model.py` holds it against orjson wherever orjson is there.
"""

import dataclasses
import datetime as dt
import enum
import json
import uuid

INDENT_2 = 1
NAIVE_UTC = 2
NON_STR_KEYS = 4
OMIT_MICROSECONDS = 8
SORT_KEYS = 32
STRICT_INTEGER = 64
UTC_Z = 128
PASSTHROUGH_SUBCLASS = 256
PASSTHROUGH_DATETIME = 512
APPEND_NEWLINE = 1024
PASSTHROUGH_DATACLASS = 2048

DEPTH = 254  # lists and dicts inside each other, the empty ones too
CALLS = 255  # results of `default` that go to `default` again

STAMP = "stamp"

SURROGATES = "str is not valid UTF-8: surrogates not allowed"
TOO_DEEP = "Recursion limit reached"
TOO_MANY_CALLS = "default serializer exceeds recursion limit"
NOT_64_BIT = "Integer exceeds 64-bit range"
NOT_53_BIT = "Integer exceeds 53-bit range"
KEY_NOT_STR = "Dict key must be str"
KEY_TYPE = "Dict key must a type serializable with OPT_NON_STR_KEYS"
TIME_HAS_ZONE = "datetime.time must not have tzinfo set"
NO_ZONE = (
    "datetime's timezone library is not supported: "
    "use datetime.timezone.utc, pendulum, pytz, or dateutil"
)
KEY_NOT_64_BIT = "Dict integer key must be within 64-bit range"


class ModelError(TypeError):
    """What orjson raises as JSONEncodeError; `steps` are the keys and indices that lead there."""

    def __init__(self, text, steps=()):
        super().__init__(text)
        self.steps = steps


def of_class(kind, name):
    """An attribute that every class has, past whatever a metaclass says."""
    return vars(type)[name].__get__(kind)


def unsupported(obj):
    name = of_class(type(obj), "__name__")
    is_static = not of_class(type(obj), "__flags__") & (1 << 9)
    if is_static and type(obj).__module__ != "builtins":
        name = f"{type(obj).__module__}.{name}"
    return f"Type is not JSON serializable: {name}"


def float_text(value):
    """The shortest digits; fixed notation from 1e-5 up to, not including, 1e16."""
    if value != value or value in (float("inf"), float("-inf")):
        return "null"
    text = repr(value)
    mantissa, e, exponent = text.partition("e")
    if not e:
        return text
    power = int(exponent)
    if power == -5:
        sign = "-" if mantissa.startswith("-") else ""
        return sign + "0.0000" + mantissa.lstrip("-").replace(".", "")
    return f"{mantissa}e{'+' if power > 0 else '-'}{abs(power)}"


def quoted(text, steps):
    plain = str.__str__(text)
    try:
        plain.encode()
    except UnicodeEncodeError:
        raise ModelError(SURROGATES, steps) from None
    return json.dumps(plain, ensure_ascii=False)


def offset_text(moment, option):
    """What stands behind a datetime: offsets are rounded to minutes, of which there may be 60."""
    zone = moment.tzinfo
    try:
        if hasattr(zone, "convert"):  # pendulum's
            offset = moment.utcoffset()
        elif hasattr(zone, "normalize"):  # pytz's, which else may answer with local mean time
            offset = zone.normalize(moment).utcoffset()
        else:
            # Asked of the zone itself, whose answer nobody checks.
            offset = zone and zone.utcoffset(moment)
    except Exception:
        raise ModelError(NO_ZONE) from None
    if offset is not None and not isinstance(offset, dt.timedelta):
        raise ModelError(NO_ZONE)
    if offset is None:
        if not option & NAIVE_UTC:
            return ""
        offset = dt.timedelta(0)
    seconds = offset.seconds
    if not seconds:
        return "Z" if option & UTC_Z else "+00:00"
    sign = "+"
    if offset.days == -1:
        sign, seconds = "-", 86400 - seconds
    minutes = seconds // 60 % 60 + (seconds % 60 >= 30)
    return f"{sign}{seconds // 3600:02}:{minutes:02}"


def stamp_text(obj, option):
    """The text of a date, a time or a UUID; None if it is something else."""
    kind = type(obj)
    if kind is uuid.UUID:
        return str(obj)
    if kind is dt.date:
        return obj.isoformat()
    if kind not in (dt.time, dt.datetime):
        return None
    if kind is dt.time and obj.tzinfo is not None:
        raise ModelError(TIME_HAS_ZONE)
    zone = offset_text(obj, option) if kind is dt.datetime else ""
    clock = obj.replace(tzinfo=None)
    if option & OMIT_MICROSECONDS:
        clock = clock.replace(microsecond=0)
    return clock.isoformat() + zone


def attributes(obj):
    """What is written of a dataclass instance."""
    own = getattr(obj, "__dict__", None)
    if own is not None and "__slots__" not in vars(type(obj)):
        return list(dict.items(own))
    fields = obj.__dataclass_fields__.items()
    names = [name for name, field in fields if field._field_type is dataclasses._FIELD]
    return [(name, getattr(obj, name)) for name in names if not name.startswith("_")]


class Walk:
    def __init__(self, default, option):
        self.default = default
        self.option = option
        self.out = []

    def value(self, obj, steps, depth, calls):
        kind = self.kind(obj)
        while kind is None or kind is enum.Enum:
            if kind is None:
                obj, calls = self.ask_default(obj, steps, calls)
            else:
                obj = obj.value
            kind = self.kind(obj)
        if kind is list or kind is tuple:
            self.array(obj, kind, steps, depth + 1, calls)
        elif kind is dict:
            self.object(obj, steps, depth + 1, calls)
        elif kind is dataclasses:
            if depth >= DEPTH:
                raise ModelError(TOO_DEEP, steps)
            self.instance(attributes(obj), steps, depth + 1, calls)
        elif kind is STAMP:
            self.out.append(f'"{self.stamp(obj, self.option, steps)}"')
        else:
            self.out.append(self.scalar(obj, kind, steps))

    def kind(self, obj):
        exact = type(obj)
        if exact in (str, int, bool, float, list, tuple, dict) or obj is None:
            return exact
        moment = exact in (dt.date, dt.time, dt.datetime)
        if exact is uuid.UUID or (moment and not self.option & PASSTHROUGH_DATETIME):
            return STAMP
        if not self.option & PASSTHROUGH_SUBCLASS:
            for kind in (str, int, list, dict):
                if issubclass(exact, kind):
                    return kind
        if type(exact) is enum.EnumMeta:
            return enum.Enum
        known = "__dataclass_fields__" in of_class(exact, "__dict__")
        return dataclasses if known and not self.option & PASSTHROUGH_DATACLASS else None

    @staticmethod
    def stamp(obj, option, steps):
        try:
            return stamp_text(obj, option)
        except ModelError as error:
            raise ModelError(str(error), steps) from None

    def ask_default(self, obj, steps, calls):
        if self.default is None:
            raise ModelError(unsupported(obj), steps)
        if calls == CALLS:
            raise ModelError(TOO_MANY_CALLS, steps)
        try:
            return self.default(obj), calls + 1
        except BaseException as error:
            raise ModelError(unsupported(obj), steps) from error

    def scalar(self, obj, kind, steps):
        if kind is str:
            return quoted(obj, steps)
        if kind is int:
            return self.integer(obj, steps)
        if kind is float:
            return float_text(obj)
        return "null" if obj is None else "true" if obj else "false"

    def integer(self, obj, steps):
        number = int.__index__(obj)
        if not -(1 << 63) <= number < 1 << 64:
            raise ModelError(NOT_64_BIT, steps)
        if self.option & STRICT_INTEGER and abs(number) >= 1 << 53:
            raise ModelError(NOT_53_BIT, steps)
        return int.__repr__(number)

    def array(self, items, kind, steps, depth, calls):
        if depth > DEPTH and kind is list:
            raise ModelError(TOO_DEEP, steps)
        self.out.append("[")
        for index, item in enumerate(kind.__iter__(items)):
            self.separate(index, depth)
            self.value(item, (*steps, index), depth, calls)
        self.close("]", kind.__len__(items), depth)

    def object(self, items, steps, depth, calls):
        if depth > DEPTH:
            raise ModelError(TOO_DEEP, steps)
        self.out.append("{")
        for index, (key, item) in enumerate(self.entries(items, steps)):
            self.separate(index, depth)
            self.out.append(quoted(key, steps))
            self.out.append(": " if self.option & INDENT_2 else ":")
            self.value(item, (*steps, key), depth, calls)
        self.close("}", dict.__len__(items), depth)

    def instance(self, pairs, steps, depth, calls):
        self.out.append("{")
        count = 0
        for name, value in pairs:
            if type(name) is not str:
                raise ModelError(KEY_NOT_STR, steps)
            if name.startswith("_"):
                continue
            self.separate(count, depth)
            count += 1
            self.out.append(quoted(name, steps))
            self.out.append(": " if self.option & INDENT_2 else ":")
            self.value(value, (*steps, name), depth, calls)
        self.close("}", count, depth)

    def entries(self, items, steps):
        pairs = ((self.key(key, steps), item) for key, item in dict.items(items))
        if not self.option & (SORT_KEYS | NON_STR_KEYS):
            return pairs
        pairs = [(key, item) for key, item in pairs if quoted(key, steps)]
        if self.option & SORT_KEYS:
            pairs.sort(key=lambda pair: pair[0])
        return pairs

    def key(self, key, steps):
        if type(key) is str:
            return key
        if not self.option & NON_STR_KEYS:
            raise ModelError(KEY_NOT_STR, steps)
        if key is None or isinstance(key, bool):
            return {None: "null", True: "true", False: "false"}[key]
        if isinstance(key, str):
            return str.__str__(key)
        if isinstance(key, int):
            if not -(1 << 63) <= int.__index__(key) < 1 << 64:
                raise ModelError(KEY_NOT_64_BIT, steps)
            return int.__repr__(key)
        if type(key) is float:
            return float_text(key)
        text = self.stamp(key, self.option, steps)
        if text is not None:
            return text
        if type(type(key)) is enum.EnumMeta:
            return self.key(key.value, steps)
        raise ModelError(KEY_TYPE, steps)

    def separate(self, index, depth):
        if index:
            self.out.append(",")
        if self.option & INDENT_2:
            self.out.append("\n" + "  " * depth)

    def close(self, bracket, count, depth):
        if count and self.option & INDENT_2:
            self.out.append("\n" + "  " * (depth - 1))
        self.out.append(bracket)


def dumps(obj, default=None, option=None):
    walk = Walk(default, option or 0)
    walk.value(obj, (), 0, 0)
    if walk.option & APPEND_NEWLINE:
        walk.out.append("\n")
    return "".join(walk.out).encode()
