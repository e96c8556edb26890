"""Strings of every width and length, every escape at every place, lone surrogates."""

import json

import model
import pytest
from hypothesis import given
from paths import fails, works
from strategies import texts

FILLS = {"ascii": "a", "latin-1": "é", "ucs2": "中", "ucs4": "\U0001f600"}
ESCAPES = ['"', "\\", "\n", "\0", "\x1f", "\x7f"]
WIDER = ["é", "\u0800", "\uffff", "\U0010ffff"]
SURROGATES = ["\ud800", "\udbff", "\udc00", "\udfff", "\ud83d\ude00"]
EDGES = (0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257)

each_fill = pytest.mark.parametrize("fill", FILLS.values(), ids=FILLS)


def places(length):
    """Every place in a short string; in a long one those near the edges of blocks and the ends."""
    if length <= 72:
        return range(length)
    chosen = {*EDGES, length // 2, *(length - edge for edge in EDGES)}
    return sorted(place for place in chosen if 0 <= place < length)


def with_one(fill, length, place, special):
    return fill * place + special + fill * (length - place - 1)


@each_fill
def test_every_length(fill):
    for length in range(301):
        text = fill * length
        works(text, f'"{text}"'.encode())
        works({text: text}, f'{{"{text}":"{text}"}}'.encode())
    works([fill * length for length in range(301)])


@each_fill
@pytest.mark.parametrize("special", ESCAPES + WIDER, ids=ascii)
def test_one_special_at_every_place(fill, special):
    for length in range(301):
        strings = [with_one(fill, length, place, special) for place in places(length)]
        works(strings)
        if length < 72:
            for text in strings:
                works(text)


@each_fill
def test_every_length_of_specials_only(fill):
    for special in ESCAPES:
        works([special * length for length in range(301)])
        works([(special + fill) * length for length in range(150)])
        works([(fill * 5 + special) * length for length in range(60)])


@pytest.mark.parametrize("special", ESCAPES, ids=ascii)
def test_keys_with_a_special_at_every_place(special):
    for length in range(1, 100):
        works({with_one("k", length, place, special): place for place in places(length)})


@each_fill
def test_every_control_character_and_byte(fill):
    for code in range(256):
        works(chr(code), json.dumps(chr(code), ensure_ascii=False).encode())
        for length in (1, 8, 16, 20, 40, 64, 100):
            works(fill * length + chr(code) + fill * length)


def test_the_escapes_by_name():
    works('"\\/\b\f\n\r\t\0\x1f\x7f', b'"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f"')


def test_every_character():
    everything = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    for start in range(0, len(everything), 256):
        works("".join(everything[start : start + 256]))
    works(everything[:0x3000])
    works(everything[0x3000::101])


def test_widths_next_to_each_other():
    strings = [fill * length for length in range(40) for fill in FILLS.values()]
    works(strings)
    works({text: text for text in strings})
    works("".join(strings))


@each_fill
def test_long_strings(fill):
    for length in (1000, 1023, 1024, 1025, 4095, 4096, 4097, 65_535, 65_536, 65_537, 1_000_003):
        works(fill * length)
        works([fill * length, '"' + fill * length, fill * length + "\n"])
    works("\0" * 300_000)


@pytest.mark.parametrize("surrogate", SURROGATES, ids=ascii)
@pytest.mark.parametrize("fill", ["", *FILLS.values()], ids=["alone", *FILLS])
def test_lone_surrogates_are_refused(fill, surrogate):
    for length in (0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 100, 300):
        for place in {0, 1, length // 2, max(0, length - 1), length}:
            text = fill * place + surrogate + fill * max(0, length - place)
            fails(text, model.SURROGATES, "$")
            fails(["fine", text], model.SURROGATES, "$[1]")
            fails({"fine": text}, model.SURROGATES, "$.fine")
            fails({"fine": 1, text: 2}, model.SURROGATES)


def test_surrogate_in_a_run_of_strings():
    for place in range(40):
        strings = ["text"] * 40
        strings[place] = "\udead"
        fails(strings, model.SURROGATES, f"$[{place}]")


def test_neighbours_of_the_surrogates_are_fine():
    works("\ud7ff\ue000")
    works(["\ud7ff", "\ue000", "\ud7ff\ue000\U0001f600"])


@given(texts)
def test_any_text(text):
    quoted = json.dumps(text, ensure_ascii=False).encode()
    works(text, quoted)
    works([text, text], b"[" + quoted + b"," + quoted + b"]")
    works({text: text}, b"{" + quoted + b":" + quoted + b"}")
