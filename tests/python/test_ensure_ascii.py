"""OPT_ENSURE_ASCII: as the standard library's json escapes."""

import json

import planjson
import pytest
from hypothesis import given
from paths import Failure, agreed
from strategies import documents, texts

ASCII = planjson.OPT_ENSURE_ASCII

FILLS = [
    "a",
    "\x7f",
    "é",
    "ÿ",
    "Ж",
    "中",
    "\ue000",
    "\uffff",
    "\U00010000",
    "\U0001f600",
    "\U0010ffff",
]
SURROGATES = "str is not valid UTF-8: surrogates not allowed"


def written(obj):
    return json.dumps(obj, separators=(",", ":")).encode()


def check(obj):
    found = agreed(obj, option=ASCII)
    assert found == written(obj)
    assert all(0x20 <= byte < 0x7F for byte in found)


def test_every_character():
    points = [point for point in range(0x110000) if not 0xD800 <= point < 0xE000]
    for start in range(0, len(points), 1 << 16):
        check("".join(map(chr, points[start : start + (1 << 16)])))
    for point in range(0x300):
        check(chr(point))
        check({chr(point): chr(point) * 40})


@pytest.mark.parametrize("fill", FILLS, ids=ascii)
def test_every_length(fill):
    for length in range(140):
        check(fill * length)
        check({fill * length: 1, "b": fill})
        for other in 'é\x7f\U0001f600"\n':
            check("a" * length + other)
            check(fill * length + other + "a" * 40)


@pytest.mark.parametrize("fill", FILLS, ids=ascii)
def test_long_texts(fill):
    for length in (341, 1365, 2047, 2048, 2049, 4095, 4096, 4097, 6000, 20_000):
        check(fill * length)
        check("a" * (length - 1) + fill + "a" * 50)
        check([{fill * length: ["a" * length + fill]}])


def test_among_others():
    for spot in range(100):
        for other in 'é中\U0001f600\x7f"\\\0':
            text = "a" * spot + other + "b" * (99 - spot)
            check(text)
            check([text, text + "é", text + "中", text + "\U0001f600"] * 10)


def test_keys():
    check({"é": 1, "中": {"\U0001f600": 2, "plain": 3}, "\x7f": 4})
    check([{"é": 1, "\x7f": 2, "plain": 3}] * 50)
    obj = {2: "é", 1.5: 1, "\x7f": 0}
    option = ASCII | planjson.OPT_NON_STR_KEYS | planjson.OPT_SORT_KEYS
    assert agreed(obj, option=option) == b'{"1.5":1,"2":"\\u00e9","\\u007f":0}'


def test_sorted_by_code_points_not_as_written():
    keys = ["~", "\x7f", "é", "z", "\uffff", "\U0001f600", "中", "a\\"]
    obj = dict.fromkeys(keys, 1)
    want = json.dumps(obj, separators=(",", ":"), sort_keys=True).encode()
    assert agreed(obj, option=ASCII | planjson.OPT_SORT_KEYS) == want


class Text(str):
    pass


def test_subclasses_and_hooks():
    assert agreed([Text("é" * 50)], option=ASCII) == written(["é" * 50])
    assert agreed({1j}, option=ASCII, default=lambda obj: "中") == b'"\\u4e2d"'


@pytest.mark.parametrize(
    "text", ["\ud800", "a" * 50 + "\udfff", "\ud83d\ude00", "\U0001f600\ud800"], ids=ascii
)
def test_lone_surrogates_stay_an_error(text):
    """json writes them; planjson has one answer, whatever the options."""
    for long in (text, text * 1000, "é" * 3000 + text):
        assert agreed([1, long], option=ASCII) == Failure(SURROGATES, "None", "$[1]")
        assert agreed({long: 1}, option=ASCII).text == SURROGATES
        assert agreed(["x"] * 40 + [long], option=ASCII).path == "$[40]"


@pytest.mark.parametrize("indent", [0, 3, "\t"], ids=repr)
def test_indented(indent):
    obj = {"é": [1, 2.5, True, None, "中", {}, [], {"\x7f": ["a"]}], "b": list(range(20))}
    assert agreed(obj, option=ASCII, indent=indent) == json.dumps(obj, indent=indent).encode()


def test_a_plan_shows_the_bytes_of_its_escapes():
    plan = planjson.plan(["é" * 100, "\U0001f600" * 100], option=ASCII)
    bytes_ = len(plan.emit())
    assert f"; {bytes_:,} bytes (" in str(plan)
    assert bytes_ <= int(str(plan).split("at most ")[1].split(")")[0].replace(",", ""))


@given(texts)
def test_any_text(text):
    check(text)
    check({text: [text, text]})


@given(documents())
def test_any_document(obj):
    found = agreed(obj, option=ASCII)
    assert found.isascii() and b"\x7f" not in found
    assert json.loads(found) == json.loads(agreed(obj))
