"""planjson.compat.json: the result of the standard library's json, or its error, in every case."""

import builtins
import collections
import decimal
import enum
import inspect
import io
import itertools
import json
import math
import struct

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planjson.compat import json as ours
from strategies import documents, floats, scalars, texts


def tried(call, *arguments, **named):
    """The result, or the class and the words of the error."""
    try:
        return call(*arguments, **named)
    except Exception as error:
        return type(error), str(error)


def same(obj, **arguments):
    want = tried(json.dumps, obj, **arguments)
    got = tried(ours.dumps, obj, **arguments)
    assert got == want, arguments
    assert type(got) is type(want)
    files = [io.StringIO(), io.StringIO()]
    dumped = [
        tried(module.dump, obj, file, **arguments)
        for module, file in zip((json, ours), files, strict=True)
    ]
    assert dumped[0] == dumped[1], arguments
    if dumped[0] is None:
        assert files[0].getvalue() == files[1].getvalue()
    return got


# Arguments of every kind, and what is not taken.
CHOICES = {
    "skipkeys": [False, True],
    "ensure_ascii": [True, False],
    "check_circular": [True, False],
    "allow_nan": [True, False],
    "indent": [None, 0, 1, 2, 4, 300, -1, True, "", " ", "\t", "   ", " \t", "--", "é"],
    "separators": [None, (",", ":"), (", ", ": "), (",", ": "), [",", ":"], ("; ", "="), ("", "")],
    "sort_keys": [False, True],
    "cls": [None, json.JSONEncoder],
    "default": [None, str, repr],
}

arguments = st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in CHOICES.items()})

surrogates = st.text(st.characters(), max_size=5)
json_scalars = st.one_of(scalars, st.integers(), surrogates)
json_keys = st.one_of(texts, surrogates, st.integers(), st.booleans(), st.none(), floats)


def containers(inner):
    return st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=4), inner, max_size=4),
        st.dictionaries(json_keys, inner, max_size=3),
    )


json_documents = st.recursive(json_scalars, containers, max_leaves=12)


@given(st.one_of(documents(), json_documents), arguments)
def test_dumps(obj, arguments):
    same(obj, **arguments)


@given(st.floats())
def test_floats(number):
    same(number)
    same([number, {"a": number}])


def test_floats_of_all_sizes():
    for exponent in range(-330, 309):
        for digits in ("1", "1.5", "9.999999999999999", "1.2345678901234567"):
            number = float(f"{digits}e{exponent}")
            neighbours = [math.nextafter(number, towards) for towards in (0, math.inf)]
            for each in (number, -number, *neighbours):
                assert ours.dumps(each) == json.dumps(each)


def test_floats_of_all_patterns():
    for pattern in range(0, 1 << 64, 0x3_1415_9265_3589_7):
        (number,) = struct.unpack("d", struct.pack("Q", pattern))
        assert ours.dumps(number) == json.dumps(number)


class Plain(enum.Enum):
    A = 1


class Text(str, enum.Enum):  # noqa: UP042
    A = "a"


class Number(enum.IntEnum):
    A = 3


class Str(str):
    def __str__(self):
        return "wrong"


class Int(int):
    def __repr__(self):
        return "wrong"

    __str__ = __index__ = __repr__


class Float(float):
    def __repr__(self):
        return "wrong"


class List(list):
    pass


class Dict(dict):
    def items(self):
        return [("other", 1)]


class OddTuple(tuple):
    __slots__ = ()

    def __iter__(self):
        return iter([7])


Point = collections.namedtuple("Point", "x y")


def moved():
    ordered = collections.OrderedDict(a=1, b=2, c=3)
    ordered.move_to_end("a")
    return ordered


def deep(depth):
    obj = []
    for _ in range(depth):
        obj = [obj]
    return obj


def circle():
    obj = [1]
    obj.append({"a": obj})
    return obj


SPECIAL = {
    "nan": [math.nan, math.inf, -math.inf],
    "long int": [1 << 64, -(1 << 63) - 1, 10**100],
    "very long int": 10**5000,
    "surrogate": "a\ud800b",
    "surrogate key": {"\udfff": 1},
    "delete": "\x7f\x80\x00\x1f",
    "commas": {"a,": ",", "b:": [",", ",", "]"]},
    "int keys": {2: "a", 10: "b", 1: "c"},
    "mixed keys": {0: 1, "1": 2, None: 3, True: 4, 1.5: 5},
    "nan key": {math.nan: 1},
    "tuple key": {(1, 2): 3, "a": 1},
    "enum key": {Number.A: 1, Text.A: 2},
    "str key": {Str("a"): 1},
    "enum": Plain.A,
    "str enum": [Text.A],
    "int enum": [Number.A],
    "str": [Str("right")],
    "int": [Int(5)],
    "float": [Float(1.5)],
    "list": List([1, List()]),
    "dict": Dict(a=1),
    "odd tuple": [OddTuple([1, 2])],
    "named tuple": Point(1, [Point(2, Point(3, 4))]),
    "ordered": moved(),
    "default dict": collections.defaultdict(list, a=[1]),
    "counter": collections.Counter("abca"),
    "set": [{1}],
    "decimal": decimal.Decimal("1.5"),
    "bytes": b"x",
    "deep": deep(300),
    "too deep": deep(100_000),
    "circle": circle(),
    "empty": [[], {}, (), [[]], {"a": {}}],
}


@pytest.mark.parametrize("name", SPECIAL)
def test_special_objects(name):
    obj = SPECIAL[name]
    if name == "too deep":
        with pytest.raises(RecursionError):
            ours.dumps(obj)
        return
    for indent, separators, default in itertools.product(
        [None, 2, "\t", "--"], [None, (",", ":"), ("; ", "=")], [None, str]
    ):
        for ensure_ascii, sort_keys, skipkeys in itertools.product([True, False], repeat=3):
            same(
                obj,
                ensure_ascii=ensure_ascii,
                sort_keys=sort_keys,
                skipkeys=skipkeys,
                indent=indent,
                separators=separators,
                default=default,
            )
    same(obj, allow_nan=False)
    same(obj, cls=json.JSONEncoder)


def test_types_that_planjson_knows_and_json_does_not():
    import dataclasses
    import datetime
    import uuid

    @dataclasses.dataclass
    class Data:
        a: int

    for obj in (Data(1), datetime.datetime(2020, 1, 1), datetime.date.today(), uuid.UUID(int=5)):
        same([obj])
        assert same([obj], default=lambda obj: "mine") == '["mine"]'


# default


class Thing:
    def __init__(self, answer):
        self.answer = answer


@pytest.mark.parametrize("tail", [1, math.nan, 1 << 70, {1: 2}, "\ud800", Dict(a=1), deep(300)])
@pytest.mark.parametrize("indent", [None, 2])
def test_default_is_asked_once(tail, indent):
    """Also where the standard library has to begin anew."""

    def run(module):
        asked = []

        def default(thing):
            asked.append(thing.answer)
            return (n for n in [1]) if thing.answer is None else thing.answer

        obj = [Thing(1), {"a": Thing([Thing(2), Thing("x")])}, Thing(3), tail]
        return module.dumps(obj, default=default, indent=indent), asked

    want, asked = run(json)
    got, ours_asked = run(ours)
    assert got == want
    assert list(map(type, ours_asked)) == list(map(type, asked))
    assert len(ours_asked) == 5


def test_what_default_consumes_is_not_consumed_twice():
    source = iter([1, 2, 3])
    assert ours.dumps([source, math.nan], default=list) == "[[1, 2, 3], NaN]"


def test_what_default_raises_is_passed_on():
    mine = ValueError("mine")
    cause = KeyError("cause")

    def default(obj):
        raise mine from cause

    for tail in (1, math.nan):
        with pytest.raises(ValueError) as caught:
            ours.dumps([object(), tail], default=default)
        assert caught.value is mine
        assert caught.value.__cause__ is cause
        assert not isinstance(caught.value.__context__, planjson.JSONEncodeError)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_nobody_stops_is_passed_on(kind):
    def default(obj):
        raise kind

    with pytest.raises(kind):
        ours.dumps([object()], default=default)


def test_default_that_answers_itself():
    same([object()], default=lambda obj: obj)
    same([{1}], default=lambda obj: [obj])
    same([object()], default=5)


@pytest.mark.parametrize("check_circular", [True, False])
def test_default_that_answers_itself_once(check_circular):
    def run(module):
        thing, rest = object(), [1, 2]
        answers = iter([thing, *rest])
        chosen = {"default": lambda obj: next(answers), "check_circular": check_circular}
        return tried(module.dumps, [thing], **chosen), list(answers)

    assert repr(run(ours)) == repr(run(json))


# Arguments


# What newer versions have beside: here it goes with the keywords that are passed on.
NEWER = {"array_hook"}


def test_the_signatures_are_the_same():
    for name in ("dump", "dumps", "load", "loads"):
        mine = inspect.signature(getattr(ours, name)).parameters
        theirs = inspect.signature(getattr(json, name)).parameters
        assert [(p.name, p.kind, p.default) for p in mine.values()] == [
            (p.name, p.kind, p.default) for p in theirs.values() if p.name not in NEWER
        ]
        for keyword in NEWER & theirs.keys():
            for hook in (None, tuple):
                read = [j.loads("[1, [2]]", **{keyword: hook}) for j in (ours, json)]
                assert repr(read[0]) == repr(read[1])


def test_frozen_dicts():
    """Of 3.15 and later; they are no dicts, and are written as such."""
    frozendict = getattr(builtins, "frozendict", dict)
    own = type("Own", (frozendict,), {})
    for obj in (frozendict(a=1, b=[frozendict()]), [own(a=1)], {"k": own()}):
        same(obj)
        same([obj, object()], default=lambda thing: f"{type(thing).__name__}")


def test_names():
    classes = ("JSONDecodeError", "JSONDecoder", "JSONEncoder")
    for name in (*classes, "decoder", "detect_encoding", "encoder", "scanner"):
        assert getattr(ours, name) is getattr(json, name)
    assert set(ours.__all__) == set(json.__all__)


@pytest.mark.parametrize("loads", [ours.loads, planjson.loads])
def test_errors_are_caught_by_the_name_in_the_submodule(loads):
    with pytest.raises(ours.decoder.JSONDecodeError):
        loads("[1,")


def test_dump_has_errors_of_its_own():
    """They differ from those of dumps: the standard library makes the pieces in another way."""
    same([float("nan")], allow_nan=False)
    same("text", indent=2.5)

    class Pieces(json.JSONEncoder):
        def encode(self, obj):
            return "whole"

        def iterencode(self, obj, _one_shot=False):
            yield from ("in", "pieces")

    assert same([1], cls=Pieces) == "whole"


def test_a_class_of_ones_own():
    class Encoder(json.JSONEncoder):
        def default(self, obj):
            return "mine"

    assert same([{1}], cls=Encoder) == '["mine"]'
    assert same([1.0], cls=Encoder, indent=1)

    class Named(json.JSONEncoder):
        def __init__(self, *, name, **kw):
            super().__init__(**kw)
            self.name = name

        def default(self, obj):
            return self.name

    assert same([{1}], cls=Named, name="given") == '["given"]'


def test_unknown_arguments_are_refused():
    same(1, unknown=2)
    same(1, encoding="utf-8")
    for call in (ours.dumps, json.dumps):
        with pytest.raises(TypeError):
            call(1, True)


@pytest.mark.parametrize(
    "separators", [5, (",",), (",", ":", ";"), (b",", b":"), (1, 2), ([], []), "ab"]
)
def test_odd_separators(separators):
    same([1, {"a": 2}], separators=separators)
    same([1, {"a": 2}], separators=separators, indent=1)


@pytest.mark.parametrize("indent", [1.5, b" ", object, [], 1 << 70])
def test_odd_indents(indent):
    same([], indent=indent) if indent != 1 << 70 else None
    same(1, indent=indent)


def test_dump_writes_text_once():
    class File:
        def __init__(self):
            self.parts = []

        def write(self, text):
            self.parts.append(text)

    file = File()
    assert ours.dump([1, {"a": 2}], file) is None
    assert file.parts == ['[1, {"a": 2}]']
    with pytest.raises(TypeError):
        ours.dump([1, {2}], file)
    assert len(file.parts) == 1


def test_the_fast_way_is_taken(monkeypatch):
    def slow(*arguments, **named):
        raise AssertionError("the slow way")

    monkeypatch.setattr(json, "dumps", slow)
    monkeypatch.setattr(json, "loads", slow)
    obj = {"a": [1, 2.5, 1e-7, None, True, "é\x7f"], "b": Point(1, 2), "c": Str("x"), "d": moved()}
    for chosen in (
        {},
        {"ensure_ascii": False},
        {"indent": 2},
        {"indent": 4, "sort_keys": True},
        {"indent": "\t", "ensure_ascii": False},
        {"separators": (",", ":")},
        {"separators": (", ", ": ")},
        {"sort_keys": True, "allow_nan": False, "skipkeys": True, "check_circular": False},
    ):
        ours.dumps(obj, **chosen)
    ours.dumps([{1}], default=list)
    assert ours.loads('[1, "é", 123456789012345678901234567890]') == [
        1,
        "é",
        123456789012345678901234567890,
    ]
    with pytest.raises(AssertionError):
        ours.dumps(math.nan)
    with pytest.raises(AssertionError):
        ours.loads("NaN")


# loads

READ = """
0 -0 1.5 1e400 -1e400 NaN Infinity -Infinity [NaN,1] 123456789012345678901234567890 "\\ud800" "a"
{"a":1,"a":2} [1,] [1 01 . nul '"a' {} [] {"a":{"b":[]}} "\\u00e9" [1]x
""".split()
READ += ["", " ", "\ufeff1", '"\n"', '"\ud800"', "1" * 5000, "-" + "9" * 400, "é", '"é" x']


def read_both(data, **arguments):
    want = tried(json.loads, data, **arguments)
    got = tried(ours.loads, data, **arguments)
    assert repr(got) == repr(want)


@pytest.mark.parametrize("text", READ, ids=lambda text: repr(text[:20]))
def test_loads(text):
    read_both(text)
    if "\ud800" not in text:
        for encoding in ("utf-8", "utf-16", "utf-32", "utf-16-le", "utf-8-sig"):
            read_both(text.encode(encoding))
            read_both(bytearray(text.encode(encoding)))


@given(json_documents, arguments)
def test_loads_what_dumps_wrote(obj, arguments):
    text = tried(json.dumps, obj, **arguments)
    if type(text) is str:
        read_both(text)


@given(st.text(alphabet='[]{},:"\\u0dD8eE+-. \n\ttruefalsnNaIity19é', max_size=15))
def test_loads_anything(text):
    read_both(text)


def test_hooks_of_loads():
    text = '[{"a": 1.5, "b": [2, NaN]}]'
    for chosen in (
        {"object_hook": lambda obj: sorted(obj)},
        {"object_pairs_hook": tuple},
        {"parse_float": decimal.Decimal},
        {"parse_int": str},
        {"parse_constant": lambda name: name},
        {"cls": json.JSONDecoder},
        {"strict": False},
        {"unknown": 1},
    ):
        read_both(text, **chosen)
    read_both('"\n"', strict=False)


@pytest.mark.parametrize("data", [None, 1, memoryview(b"1"), [1]])
def test_what_loads_does_not_take(data):
    read_both(data)


def test_load():
    assert ours.load(io.StringIO('{"a": [1]}')) == {"a": [1]}
    assert ours.load(io.BytesIO(b'{"a": [1]}')) == {"a": [1]}
    with pytest.raises(json.JSONDecodeError):
        ours.load(io.StringIO("x"))
