"""None, bool, int and float, alone and inside containers."""

import math
import random
import struct

import model
import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import fails, same, works
from strategies import BOUNDARIES, floats, integers

TOO_LARGE = [1 << 64, (1 << 64) + 1, -(1 << 63) - 1, 1 << 65, 1 << 90, -(1 << 90), 10**400]


@pytest.mark.parametrize(("value", "want"), [(None, b"null"), (True, b"true"), (False, b"false")])
def test_constants(value, want):
    works(value, want)
    works([value], b"[" + want + b"]")
    works({"a": value}, b'{"a":' + want + b"}")


def test_integers_at_every_boundary():
    for value in BOUNDARIES:
        works(value, str(value).encode())
        works({"a": value, "b": [value, value]})


def test_integers_of_every_length_of_digits():
    for digits in range(1, 20):
        for value in (10 ** (digits - 1), 10**digits - 1, 5 * 10 ** (digits - 1)):
            for signed in (value, -value):
                if signed >= -(1 << 63):
                    works(signed, str(signed).encode())


def test_integers_of_every_bit_length():
    for bits in range(65):
        for value in ((1 << bits) - 1, 1 << bits, -(1 << bits), 1 - (1 << bits)):
            same(value)


def test_small_integers():
    works(list(range(-2000, 12000)))


@pytest.mark.parametrize("value", TOO_LARGE)
def test_integers_beyond_64_bits_are_refused(value):
    fails(value, model.NOT_64_BIT, "$")
    fails([1, 2, 3, value], model.NOT_64_BIT, "$[3]")
    fails([1, 2, 3, 4, 5, 6, 7, 8, value, 1], model.NOT_64_BIT, "$[8]")
    fails({"a": value}, model.NOT_64_BIT, "$.a")


@pytest.mark.parametrize("value", [1 << 53, -(1 << 53), (1 << 53) + 1, (1 << 64) - 1, -(1 << 63)])
def test_strict_integer_refuses(value):
    option = planjson.OPT_STRICT_INTEGER
    fails(value, model.NOT_53_BIT, "$", option=option)
    fails([1] * 20 + [value], model.NOT_53_BIT, "$[20]", option=option)


@pytest.mark.parametrize("value", TOO_LARGE)
def test_strict_integer_refuses_beyond_64_bits_too(value):
    fails(value, model.NOT_64_BIT, option=planjson.OPT_STRICT_INTEGER)


@pytest.mark.parametrize("value", [(1 << 53) - 1, 1 - (1 << 53), 0, 1 << 32, -(1 << 52)])
def test_strict_integer_accepts(value):
    works(value, str(value).encode(), option=planjson.OPT_STRICT_INTEGER)
    works([value] * 20, option=planjson.OPT_STRICT_INTEGER)


@pytest.mark.parametrize("value", [math.nan, -math.nan, math.inf, -math.inf])
def test_not_finite_is_null(value):
    works(value, b"null")
    works([value] * 20, b"[" + b",".join([b"null"] * 20) + b"]")
    works([1.5, value, 2.5, value], b"[1.5,null,2.5,null]")
    works({"a": value}, b'{"a":null}')


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (0.0, b"0.0"),
        (-0.0, b"-0.0"),
        (1.0, b"1.0"),
        (-1.5, b"-1.5"),
        (0.1, b"0.1"),
        (1e15, b"1000000000000000.0"),
        (9999999999999998.0, b"9999999999999998.0"),
        (1e16, b"1e+16"),
        (1.5e16, b"1.5e+16"),
        (1e21, b"1e+21"),
        (1e22, b"1e+22"),
        (1e23, b"1e+23"),
        (1e-4, b"0.0001"),
        (1e-5, b"0.00001"),
        (1.5e-5, b"0.000015"),
        (1e-6, b"1e-6"),
        (1.5e-7, b"1.5e-7"),
        (5e-324, b"5e-324"),
        (2.2250738585072014e-308, b"2.2250738585072014e-308"),
        (2.225073858507201e-308, b"2.225073858507201e-308"),
        (1.7976931348623157e308, b"1.7976931348623157e+308"),
        (-1.7976931348623157e308, b"-1.7976931348623157e+308"),
        (9007199254740993.0, b"9007199254740992.0"),
        (123456789.123, b"123456789.123"),
    ],
)
def test_floats(value, want):
    works(value, want)
    works([value] * 10)


def test_floats_at_every_power_of_ten_and_two():
    values = [float(f"{digits}e{n}") for n in range(-324, 309) for digits in ("1", "1.5", "9.99")]
    values += [math.ldexp(1.0, n) for n in range(-1074, 1024)]
    values += [math.nextafter(value, math.inf) for value in values]
    values = [value for value in values if math.isfinite(value)]
    works(values)
    works([-value for value in values])
    for value in values[::7]:
        works(value)


def test_floats_of_random_bits():
    bits = random.Random(1)
    values = [struct.unpack("<d", bits.randbytes(8))[0] for _ in range(20_000)]
    works(values)


def test_floats_that_are_whole_or_have_few_digits():
    values = [n / 100 for n in range(-5000, 5000)] + [float(n) for n in range(-5000, 5000)]
    values += [float(10**n + delta) for n in range(17) for delta in (-1, 0, 1)]
    works(values)


@given(integers)
def test_any_integer(value):
    works(value, str(value).encode())


@given(st.integers())
def test_integers_of_any_size(value):
    same(value)
    same([1, 2, 3, 4, 5, value])


@given(floats)
def test_any_float(value):
    out = works(value)
    if math.isfinite(value):
        assert struct.pack("<d", float(out)) == struct.pack("<d", value)
