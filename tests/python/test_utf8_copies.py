"""Strs in which somebody has left a copy of their UTF-8: it is read, and gives the same bytes."""

import ctypes
import io
import json
import sys

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, same, works

FLAGS = (
    0,
    planjson.OPT_INDENT_2,
    planjson.OPT_SORT_KEYS,
    planjson.OPT_NON_STR_KEYS,
    planjson.OPT_ENSURE_ASCII,
    planjson.OPT_ESCAPE_HTML,
    planjson.OPT_ENSURE_ASCII | planjson.OPT_ESCAPE_HTML | planjson.OPT_INDENT_2,
)
AS_UTF8 = ctypes.pythonapi.PyUnicode_AsUTF8AndSize
AS_UTF8.argtypes = [ctypes.py_object, ctypes.POINTER(ctypes.c_ssize_t)]
AS_UTF8.restype = ctypes.c_void_p


def fresh(text):
    """The same text, without a copy in it."""
    return "".join(list(text))


def with_copy(text):
    text = fresh(text)
    size = sys.getsizeof(text)
    assert AS_UTF8(text, ctypes.byref(ctypes.c_ssize_t()))
    # There is one str of each character of Latin-1, which others have asked before.
    assert text.isascii() or len(text) == 1 or sys.getsizeof(text) > size
    return text


TEXTS = [
    *("é", "ß" * 31, 'caf\xe9 \x00\x1f"\\/', "\xff" * 33, "a" * 63 + "\xe9", "\xe9" * 64 + "\n"),
    *(
        "Привет",
        "中文",
        "中" * 31 + '"',
        "漢字\t" * 40,
        "\uffff",
        "\u2028</script>&\u2029",
        "\x7f\x80\x9f\xa0",
    ),
    *(
        "😀",
        "a😀b" * 20,
        "\U0010ffff\\",
        "x" * 4095 + "😀",
        "é" * 5000,
        "中\b" * 3000,
        "😀" * 70_000,
    ),
]


def shapes(text):
    yield text
    yield [text]
    yield [text] * 3
    yield [text if i % 3 else "plain" for i in range(50)]
    yield [text if i % 2 else fresh(text) for i in range(60)]
    yield {"key": text}
    yield [{"id": i, "name": text, "b": None} for i in range(40)]
    yield {text: text}
    yield [{text: i} for i in range(40)]
    yield {"a": {"b": [text, {"c": text}]}}


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_every_place(text):
    copied = with_copy(text)
    for (obj, other), flags in zip(
        [pair for pair in zip(shapes(copied), shapes(fresh(text)), strict=True) for _ in FLAGS],
        [*FLAGS] * 10,
        strict=True,
    ):
        found = agreed(obj, option=flags)
        assert found == agreed(other, option=flags)
        assert json.loads(found) == other
    for obj in shapes(copied):
        works(obj, option=planjson.OPT_INDENT_2)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_pieces_and_plans(text):
    for obj in shapes(with_copy(text)):
        want = planjson.dumps(obj)
        written = io.BytesIO()
        planjson.dump(obj, written)
        assert written.getvalue() == want
        cached = planjson.compile(obj)
        assert cached.dumps(obj) == want
        assert planjson.plan(obj).emit() == want
        assert planjson.dumps_lines([obj, obj]) == (want + b"\n") * 2


@given(st.lists(st.text(max_size=80), min_size=1, max_size=70), st.data())
def test_any_list(texts, data):
    some = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    texts = [with_copy(t) if copied else fresh(t) for t, copied in zip(texts, some, strict=True)]
    same(texts)
    same({"a": texts, "b": [{"c": t} for t in texts]})


@pytest.mark.parametrize("width", ["é", "Ж", "中", "😀"])
def test_every_length(width):
    for size in range(1, 140):
        for text in (
            width * size,
            "a" * size + width,
            width + "a" * size,
            '"' * (size % 7) + width * size,
        ):
            copied = with_copy(text)
            works([copied] * 50)
            works([copied, *["b" * (size % 40)] * 50])
            works(copied)


def test_a_str_that_has_grown():
    text = with_copy("é" * 10)
    text += "ж"
    works([text])
    copied = with_copy(text)
    copied += "😀" * 5
    works([copied, copied])


def test_no_copy_is_left():
    texts = [fresh(t) for t in TEXTS]
    before = [sys.getsizeof(t) for t in texts]
    for obj in (texts, texts * 20, [{"a": t} for t in texts], dict.fromkeys(texts, 1)):
        planjson.dumps(obj)
        planjson.dumps(obj, plan=True)
        planjson.compile(obj).dumps(obj)
    assert [sys.getsizeof(t) for t in texts] == before


class Text(str):
    pass


def test_subclasses():
    for text in TEXTS:
        obj = Text(text)
        AS_UTF8(obj, ctypes.byref(ctypes.c_ssize_t()))
        works([obj] * 40)
        works({"a": obj})
