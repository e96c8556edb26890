"""OPT_ESCAPE_HTML: nothing that ends a script, begins a tag or an entity, or is no JavaScript."""

import json

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import Failure, agreed, works
from strategies import documents, texts

HTML = planjson.OPT_ESCAPE_HTML
ASCII = planjson.OPT_ENSURE_ASCII
MARKED = "<>&\u2028\u2029"
each_marked = pytest.mark.parametrize("marked", MARKED, ids=ascii)


def escaped(written):
    """A finished document with the marked characters escaped: they stand in strings only."""
    text = written.decode()
    for character in MARKED:
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode()


def check(obj, option=0, **arguments):
    found = agreed(obj, option=option | HTML, **arguments)
    assert found == escaped(agreed(obj, option=option, **arguments))
    return found


def test_what_it_is_for():
    assert check("</script>") == b'"\\u003c/script\\u003e"'
    assert check({"a&b": "<\u2028\u2029>"}) == b'{"a\\u0026b":"\\u003c\\u2028\\u2029\\u003e"}'
    works("<&>", b'"<&>"')


def test_every_character():
    points = [point for point in range(0x110000) if not 0xD800 <= point < 0xE000]
    for start in range(0, len(points), 1 << 16):
        check("".join(map(chr, points[start : start + (1 << 16)])))
    for point in [*range(0x200), *range(0x2000, 0x2100)]:
        check(chr(point))


@each_marked
def test_every_place(marked):
    for fill in "aé中\U0001f600":
        for length in range(130):
            check(fill * length + marked)
            check(fill * length + marked + fill * 40)
            check({fill * length + marked: marked})
        for length in (2047, 2048, 2049, 4095, 4096, 5000):
            check(fill * length + marked + fill * 100)
            check(marked * length + fill)


@each_marked
def test_known_keys(marked):
    """The same key objects again and again, and with them keys that need nothing."""
    rows = [{"id": n, f"a{marked}": n, marked: {"plain": marked}} for n in range(3)] * 40
    check(rows)
    check(rows, planjson.OPT_SORT_KEYS)
    agreed(rows)  # now they are known
    check(rows)


@pytest.mark.parametrize("indent", [0, 2, "\t"], ids=repr)
def test_indented(indent):
    check(
        {"<": [1, 2.5, True, None, "&", {}, [], {">": ["a"]}], "b": list(range(20))}, indent=indent
    )


def test_with_ensure_ascii():
    for fill in "aé中\U0001f600":
        for marked in MARKED:
            obj = {fill * 30 + marked: [marked + fill * 40, fill, marked * 100]}
            want = json.dumps(obj, separators=(",", ":")).encode()
            assert agreed(obj, option=HTML | ASCII) == escaped(want)


def test_other_keys():
    option = HTML | planjson.OPT_NON_STR_KEYS
    assert (
        agreed({1: "<", "<": 1.5, None: 0}, option=option)
        == b'{"1":"\\u003c","\\u003c":1.5,"null":0}'
    )


class Text(str):
    pass


def test_subclasses():
    check([Text("<" * 50), Text("é&" * 50)])


@pytest.mark.parametrize(
    "text", ["\ud800", "<\udfff", "<" * 50 + "\ud800", "\U0001f600<\ud800"], ids=ascii
)
def test_surrogates(text):
    for long in (text, "a" * 3000 + text):
        found = agreed([1, long], option=HTML)
        assert found == Failure("str is not valid UTF-8: surrogates not allowed", "None", "$[1]")


def test_numbers_and_names_are_as_ever():
    numbers = [
        1,
        -5,
        2.5,
        1e300,
        True,
        False,
        None,
        [],
        {},
        list(range(300)),
        [0.5] * 300,
        [True] * 100,
    ]
    assert agreed(numbers, option=HTML) == works(numbers)


@given(texts, st.sampled_from([HTML, HTML | ASCII]))
def test_any_text(text, option):
    want = json.dumps([text] * 3, separators=(",", ":"), ensure_ascii=bool(option & ASCII))
    assert agreed([text] * 3, option=option) == escaped(want.encode())


@given(documents())
def test_any_document(obj):
    check(obj)
    check(obj, planjson.OPT_SORT_KEYS, indent=1)
