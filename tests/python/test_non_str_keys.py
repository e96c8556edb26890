"""OPT_NON_STR_KEYS: keys that are int, float, bool, None, or a subclass of str or int."""

import math

import model
import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import fails, works
from strategies import BOUNDARIES, documents, floats, non_str_keys, scalars

KEYS = planjson.OPT_NON_STR_KEYS
SORT = planjson.OPT_SORT_KEYS


class Text(str):
    def __str__(self):
        return "wrong"

    __repr__ = __str__

    __hash__ = str.__hash__


class Number(int):
    def __str__(self):
        return "7"

    __repr__ = __str__

    def __int__(self):
        return 7

    __index__ = __int__


class Real(float):
    pass


@pytest.mark.parametrize(
    ("key", "want"),
    [
        ("text", "text"),
        (1, "1"),
        (-5, "-5"),
        (0, "0"),
        ((1 << 64) - 1, "18446744073709551615"),
        (-(1 << 63), "-9223372036854775808"),
        (1.5, "1.5"),
        (-0.0, "-0.0"),
        (1e300, "1e+300"),
        (1e16, "1e+16"),
        (math.nan, "null"),
        (math.inf, "null"),
        (-math.inf, "null"),
        (True, "true"),
        (False, "false"),
        (None, "null"),
        (Text("right"), "right"),
        (Text('é"'), 'é\\"'),
        (Number(5), "5"),
    ],
)
def test_keys(key, want):
    works({key: 1}, f'{{"{want}":1}}'.encode(), option=KEYS)
    works({"a": 1, key: 2, "b": 3}, f'{{"a":1,"{want}":2,"b":3}}'.encode(), option=KEYS)
    works({key: {key: [key]}}, option=KEYS)
    works({key: 1}, option=KEYS | planjson.OPT_INDENT_2)
    works({key: 1}, option=KEYS | SORT)
    works({key: 1}, option=KEYS | planjson.OPT_PASSTHROUGH_SUBCLASS) if want != "7" else None


@pytest.mark.parametrize("key", [1, 1.5, True, None, Text("a"), Number(1), (1,), b"a", Real(1)])
def test_refused_without_the_option(key):
    for obj in ({key: 1}, {"b": 1, key: 2}):
        fails(obj, model.KEY_NOT_STR)
        fails(obj, model.KEY_NOT_STR, option=SORT)
        fails(obj, model.KEY_NOT_STR, option=planjson.OPT_PASSTHROUGH_SUBCLASS)


@pytest.mark.parametrize("key", [(1,), b"a", frozenset(), 1j, object(), Real(1.5), int, range(1)])
def test_refused_with_the_option(key):
    for option in (KEYS, KEYS | SORT):
        fails({key: 1}, model.KEY_TYPE, option=option)
        fails({"a": 1, key: 1}, model.KEY_TYPE, option=option)


def test_default_is_not_asked_for_keys():
    fails({(1,): 1}, model.KEY_TYPE, option=KEYS, default=lambda obj: "key")
    fails({(1,): 1}, model.KEY_NOT_STR, default=lambda obj: "key")


@pytest.mark.parametrize("key", [1 << 64, -(1 << 63) - 1, 10**400, Number(1 << 64)])
def test_integers_beyond_64_bits(key):
    fails({key: 1}, model.KEY_NOT_64_BIT, option=KEYS)
    fails({"a": 1, key: 1}, model.KEY_NOT_64_BIT, option=KEYS | SORT)


def test_strict_integer_is_about_values():
    works({1 << 53: 1}, b'{"9007199254740992":1}', option=KEYS | planjson.OPT_STRICT_INTEGER)


def test_surrogates():
    for key in ("\ud800", Text("a\udfff")):
        fails({key: 1}, model.SURROGATES, option=KEYS)
        fails({1: 1, key: 1}, model.SURROGATES, option=KEYS | SORT)


def test_keys_are_checked_before_values():
    fails({1: object(), (1,): 2}, model.KEY_TYPE, option=KEYS)
    fails({"a": object(), 1 << 64: 2}, model.KEY_NOT_64_BIT, option=KEYS)


def test_sorted_as_text():
    obj = {10: 1, 9: 2, "a": 3, 1.5: 4, None: 5, True: 6, -1: 7, Text("0"): 8, False: 9}
    works(obj, option=KEYS | SORT)


def test_keys_that_look_alike_all_stay():
    works({1: 1, "1": 2, 1.5: 3, "1.5": 4}, b'{"1":1,"1":2,"1.5":3,"1.5":4}', option=KEYS)
    works({None: 1, "null": 2, math.nan: 3}, option=KEYS)


def test_boundaries():
    works({key: key for key in BOUNDARIES}, option=KEYS)
    works({key: key for key in BOUNDARIES}, option=KEYS | SORT)


def test_many():
    for size in range(100):
        works({number: number for number in range(size)}, option=KEYS)
        works({number / 7: number for number in range(size)}, option=KEYS)
        works({n if n % 2 else f"{n} text": n for n in range(size)}, option=KEYS)


def test_empty():
    works({}, b"{}", option=KEYS)
    works([{}], b"[{}]", option=KEYS | SORT)


@given(floats)
def test_any_float(key):
    works({key: key}, option=KEYS)


@given(st.dictionaries(non_str_keys, scalars))
def test_any_dict(items):
    works(items, option=KEYS)


@given(documents(dict_keys=non_str_keys))
def test_any_document(obj):
    works(obj, option=KEYS | planjson.OPT_INDENT_2)
