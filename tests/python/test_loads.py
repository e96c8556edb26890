"""loads: what orjson.loads accepts and gives; the exception of json, with its position."""

import array
import json
import math
import pickle
import sys

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import orjson
from strategies import documents

BIG = 1 << 16

with_orjson = pytest.mark.skipif(orjson is None, reason="orjson is not installed")


def tried(load, data):
    try:
        return repr(load(data))
    except ValueError as error:
        return type(error).__mro__[1 if load is not json.loads else 0]


GOOD = """
0 -0 1 -1 10 123456789 9223372036854775807 -9223372036854775808 9223372036854775808
18446744073709551615 0.0 -0.0 1.5 1e5 1E5 1e+5 1E-5 1e-400 0.1 123.456e10 5e-324
1.7976931348623157e308 0.30000000000000004 true false null "" "a" "\\u00e9" "\\ud83d\\ude00"
"\\"\\\\\\/\\b\\f\\n\\r\\t" [] {} [[]] [1,2] {"a":1} {"a":{"b":[{}]}} {"a":1,"a":2} {"":""}
"é中" "\x7f"
""".split()

BAD = """
1. .5 -.5 + +1 -a - 01 -01 00 0x1 1e 1e+ 1_0 1e400 -1e400 NaN -NaN Infinity -Infinity nan
nul nulll tru True falsy ' 'a' "a "\\x" "\\u12" "\\u12g4" "\\ud800" "\\udc00" "\\ud800\\u0041"
"\\ud800\\ud800" [ [1 [1, [1,] [,] ] [1]] {"a" {"a": {"a":1 {"a":1, {"a":1,} {,} {1:2} {a:1}
{"a"} {'a':1} } // /**/1 [1;2] 1,2
""".split()
BAD += [
    "",
    " ",
    "\t\r\n ",
    "1 2",
    "[1 2]",
    '{"a" 1}',
    '"\n"',
    '"\x00"',
    '"\x1f"',
    "1\x00",
    "\ufeff1",
]
BAD += [
    "\x0b1",
    "[1\u00a0]",
    "\u2028",
    "é",
    "1" * 400,
    "[" * 2000,
    '{"a":' * 2000,
    "[" * 1025 + "]" * 1025,
]


@pytest.mark.parametrize("text", GOOD)
def test_good(text):
    want = json.loads(text)
    for data in (text, text.encode(), f" \t\r\n{text}\n", f"[{text}]"):
        got = planjson.loads(data)
        got = got[0] if data == f"[{text}]" else got
        assert repr(got) == repr(want)
        if orjson:
            assert tried(planjson.loads, data) == tried(orjson.loads, data)


@pytest.mark.parametrize("text", BAD, ids=lambda text: repr(text[:20]))
def test_bad(text):
    for data in (text, text.encode()):
        with pytest.raises(planjson.JSONDecodeError):
            planjson.loads(data)
        if orjson:
            with pytest.raises(orjson.JSONDecodeError):
                orjson.loads(data)


@given(documents())
def test_round_trip(obj):
    try:
        data = planjson.dumps(obj)
    except planjson.JSONEncodeError:
        return
    want = json.loads(data)
    for source in (data, data.decode(), bytearray(data), memoryview(data)):
        got = planjson.loads(source)
        assert repr(got) == repr(want)
    assert planjson.dumps(planjson.loads(data)) == planjson.dumps(want)


JSONISH = st.text(alphabet='[]{},:"\\u0dD8eE+-. \n\ttruefalsn19é\x00', max_size=20)


@with_orjson
@given(JSONISH)
def test_anything_is_as_orjson_has_it(text):
    assert tried(planjson.loads, text) == tried(orjson.loads, text)


@with_orjson
@given(documents(), st.data())
def test_damage_is_as_orjson_has_it(obj, data):
    try:
        good = orjson.dumps(obj)
    except TypeError:
        return
    at = data.draw(st.integers(0, len(good)))
    change = data.draw(st.binary(max_size=2))
    bad = good[:at] + change + good[at + data.draw(st.integers(0, 2)) :]
    assert tried(planjson.loads, bad) == tried(orjson.loads, bad)


@with_orjson
@given(st.integers(-(1 << 70), 1 << 70))
def test_ints(number):
    text = str(number)
    assert repr(planjson.loads(text)) == repr(orjson.loads(text))
    assert planjson.loads(text, BIG) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats(number):
    got = planjson.loads(repr(number))
    assert got == number and math.copysign(1, got) == math.copysign(1, number)


@given(
    st.from_regex(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)
)
def test_numbers_are_rounded_as_python_does(text):
    want = json.loads(text)
    if isinstance(want, int) and not -(1 << 63) <= want < 1 << 64:
        want = float(text)
    if math.isinf(want):
        with pytest.raises(planjson.JSONDecodeError, match="infinity"):
            planjson.loads(text)
    else:
        assert repr(planjson.loads(text)) == repr(want)


def test_big_integers():
    for text in (str(1 << 64), "-" + "9" * 100, "1" * 4300):
        assert planjson.loads(text, BIG) == int(text)
        assert planjson.loads(f"[{text}]", option=BIG) == [int(text)]
    with pytest.raises(planjson.JSONDecodeError, match="number has too many digits"):
        planjson.loads("1" * 4301, BIG)
    assert planjson.loads("1" * 300) == float("1" * 300)


ENDLESS = [4301, 5000, 70_000]


@pytest.mark.parametrize("n", ENDLESS)
@pytest.mark.parametrize("option", [0, BIG])
def test_numbers_of_any_length(n, option):
    """Python itself reads integers of up to 4,300 digits; as floats there is no limit."""
    for text in (
        "0." + "1" * n,
        "-0." + "0" * n + "5",
        "1" * n + f"e-{n}",
        "1" * n + f".5E-{n}",
        "1e-" + "0" * n + "3",
        "9" * n + "." + "9" * n + f"e-{n}",
    ):
        value = planjson.loads(text, option)
        assert repr(value) == repr(float(text))
        assert planjson.loads(f'{{"a":[{text} , {text}],"b":"c"}}', option) == {
            "a": [value, value],
            "b": "c",
        }
        with pytest.raises(planjson.JSONDecodeError) as caught:
            planjson.loads(f"[{text}, {text} x]", option)
        assert caught.value.pos == 4 + 2 * len(text)


@pytest.mark.parametrize("n", ENDLESS)
def test_numbers_of_any_length_that_are_none(n):
    for text in ("1" * n, "-" + "1" * n, "1" * n + ".5"):
        with pytest.raises(planjson.JSONDecodeError, match="infinity") as caught:
            planjson.loads(f"[ {text}]")
        assert caught.value.pos == 2
    for tail in (".", "e", "e+", ".e5", "x", "."):
        with pytest.raises(planjson.JSONDecodeError):
            planjson.loads("0." + "1" * n + tail)
        with pytest.raises(planjson.JSONDecodeError):
            planjson.loads("[0." + "1" * n + tail + "]")


@with_orjson
@given(
    st.integers(4290, 4400),
    st.sampled_from(["{}", "-{}", "0.{}", "{}.5", "{}e-4300", "{}e-4000", "1.{}e5", "{}.", "0{}"]),
    st.sampled_from(["{}", "[{}]", '{{"a":{},"b":[{}]}}', "[{},{}", "[{}x]"]),
)
def test_long_numbers_as_orjson(n, number, document):
    document = document.replace("{}", number.format("1" * n)).replace("{{", "{").replace("}}", "}")
    assert tried(planjson.loads, document) == tried(orjson.loads, document)


def test_depth():
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        for depth in (254, 255, 1023, 1024):
            obj = planjson.loads(
                opening * depth + ("1" if opening != "[" else "") + closing * depth
            )
            for _ in range(depth - 1):
                obj = obj[0] if opening == "[" else obj["a"]
        with pytest.raises(planjson.JSONDecodeError, match="depth limit exceeded"):
            planjson.loads(opening * 1025)


def test_what_dumps_writes_can_be_read():
    obj = []
    for _ in range(253):
        obj = [obj]
    assert planjson.dumps(planjson.loads(planjson.dumps(obj))) == planjson.dumps(obj)


# What is taken.


class Bytes(bytes):
    pass


class Str(str):
    pass


def test_kinds_of_data():
    for data in (
        b"[1]",
        "[1]",
        bytearray(b"[1]"),
        memoryview(b"[1]"),
        memoryview(bytearray(b"x[1]x"))[1:-1],
        memoryview(array.array("B", b"[1]")),
        Bytes(b"[1]"),
        Str("[1]"),
    ):
        assert planjson.loads(data) == [1]
    assert planjson.loads(Str('"é"')) == "é"


@pytest.mark.parametrize("data", [None, 1, [1], {}, array.array("B", b"1"), object()])
def test_other_kinds(data):
    with pytest.raises(
        planjson.JSONDecodeError, match="must be bytes, bytearray, memoryview, or str"
    ):
        planjson.loads(data)


@pytest.mark.parametrize(
    "data", [b"\xff", b'"\xff"', b'"\xc0\x80"', b'"\xed\xa0\x80"', b'"\xf0\x9f"', "\ud800"]
)
def test_what_is_not_utf8(data):
    with pytest.raises(planjson.JSONDecodeError, match="str is not valid UTF-8") as caught:
        planjson.loads(data)
    assert (caught.value.doc, caught.value.pos) == ("", 0)


def test_nothing_grows():
    for text in ('["é"]', '["中"]' * 1, '["\U0001f600"]', '["a"]', Str('["é"]'), '{"é": 1'):
        text = text + " " * 100 if type(text) is str else text
        before = sys.getsizeof(text)
        for load in (planjson.loads, planjson.loads):
            try:
                load(text)
            except planjson.JSONDecodeError:
                pass
        assert sys.getsizeof(text) == before


def test_results_do_not_share_what_can_change():
    first, again = planjson.loads('[{"a": []}]'), planjson.loads('[{"a": []}]')
    first[0]["a"].append(1)
    assert again == [{"a": []}]


# The exception.


def raised(data):
    with pytest.raises(planjson.JSONDecodeError) as caught:
        planjson.loads(data)
    return caught.value


def test_the_exception():
    assert issubclass(planjson.JSONDecodeError, json.JSONDecodeError)
    error = raised('[\n\n1,\n "é" x]')
    assert (error.pos, error.lineno, error.colno) == (11, 4, 6)
    assert error.doc == '[\n\n1,\n "é" x]'
    assert error.msg == "unexpected character, expected ',' or ']'"
    assert str(error) == f"{error.msg}: line 4 column 6 (char 11)"
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is planjson.JSONDecodeError and str(again) == str(error)


@pytest.mark.parametrize("prefix", ["", "é", "中" * 40, "\U0001f600é"])
def test_positions_count_characters(prefix):
    for data in (f'["{prefix}", x]', f'["{prefix}", x]'.encode()):
        error = raised(data)
        assert error.pos == len(prefix) + 5
        assert error.doc[error.pos] == "x"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Input is a zero-length, empty document"),
        ("  ", "input data is empty"),
        ("1 2", "unexpected content after document"),
        ("[1,]", "trailing comma is not allowed"),
        ("{1:2}", "unexpected character, expected a string key"),
        ('{"a" 1}', "unexpected character, expected ':' after key"),
        ('{"a":1 2}', "unexpected character, expected ',' or '}'"),
        ("[1 2]", "unexpected character, expected ',' or ']'"),
        ("x", "unexpected character, expected a JSON value"),
        ("NaN", "unexpected character, expected a JSON value"),
        ('"abc', "unexpected end of data"),
        ("[1", "unexpected end of data"),
        ("nul", "unexpected end of data"),
        ('"\n"', "unexpected control character in string"),
        ('"\\x"', "invalid escaped sequence in string"),
        ("1e400", "number is infinity when parsed as double"),
        ("\ufeff1", "UTF-8 byte order mark (BOM) is not supported"),
        ("[" * 1025 + "]" * 1025, "depth limit exceeded"),
    ],
)
def test_messages_are_those_of_orjson(text, message):
    assert raised(text).msg == message
    if orjson:
        with pytest.raises(orjson.JSONDecodeError) as caught:
            orjson.loads(text)
        assert caught.value.msg == message


def test_arguments():
    assert (
        planjson.loads("1", 0) == planjson.loads("1", None) == planjson.loads("1", option=BIG) == 1
    )
    for option in (1, 2, BIG | 1, -1):
        with pytest.raises(TypeError, match="no option but OPT_BIG_INTEGER"):
            planjson.loads("1", option)
    for arguments in ((), ("1", 0, 0)):
        with pytest.raises(TypeError):
            planjson.loads(*arguments)
    with pytest.raises(TypeError):
        planjson.loads(data="1")
    with pytest.raises(TypeError):
        planjson.loads("1", "2")
