"""OPT_BIG_INTEGER and OPT_SERIALIZE_DECIMAL: exact digits, valid JSON."""

import decimal
import enum
import json
import sys
from decimal import Decimal

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import Failure, agreed

BIG = planjson.OPT_BIG_INTEGER
DECIMAL = planjson.OPT_SERIALIZE_DECIMAL
STRICT = planjson.OPT_STRICT_INTEGER
KEYS = planjson.OPT_NON_STR_KEYS

EDGES = [
    sign * (base**power + delta)
    for base, powers in ((2, (63, 64, 65, 127, 128, 192, 1000)), (10, (19, 20, 38, 57, 100)))
    for power in powers
    for delta in (-1, 0, 1)
    for sign in (1, -1)
]


def written(obj, option, **arguments):
    found = agreed(obj, option=option, **arguments)
    assert isinstance(found, bytes), found
    return found


@pytest.mark.parametrize("value", EDGES)
def test_edges(value):
    want = str(value).encode()
    assert written(value, BIG) == want
    assert written([value] * 5, BIG) == b"[" + b",".join([want] * 5) + b"]"
    assert written({"k": [1, value, 2]}, BIG) == b'{"k":[1,' + want + b",2]}"


@given(st.lists(st.integers(-(2**400), 2**400), max_size=20))
def test_any_integers(values):
    assert json.loads(written(values, BIG)) == values


@given(st.integers(0, 60), st.integers(1, 10**19))
def test_zeros_inside(power, more):
    value = 10 ** (19 * power) + more
    assert written(value, BIG) == str(value).encode()


def test_the_interpreters_limit_of_digits_does_not_count():
    before = sys.get_int_max_str_digits()
    value = 7**20000
    found = written([value, -value], BIG)
    sys.set_int_max_str_digits(0)
    try:
        assert found == f"[{value},{-value}]".encode()
    finally:
        sys.set_int_max_str_digits(before)


def test_subclasses():
    class Big(int):
        def __repr__(self):
            return "no"

        __str__ = __format__ = __repr__

        def __index__(self):
            raise AssertionError

    assert written(Big(2**70), BIG) == str(2**70).encode()
    found = agreed(Big(2**70), option=BIG | planjson.OPT_PASSTHROUGH_SUBCLASS)
    assert found.text == "Type is not JSON serializable: Big"

    class Number(enum.IntEnum):
        BIG = 2**70

    assert written([Number.BIG.value], BIG) == f"[{2**70}]".encode()


def test_without_the_option():
    assert agreed([2**64]) == Failure("Integer exceeds 64-bit range", "None", "$[0]")


def test_strict_wins():
    assert agreed([2**64], option=BIG | STRICT).text == "Integer exceeds 53-bit range"
    assert agreed([2**53], option=BIG | STRICT).text == "Integer exceeds 53-bit range"
    assert agreed([2**64], option=STRICT).text == "Integer exceeds 64-bit range"
    assert written([2**53 - 1], BIG | STRICT) == b"[9007199254740991]"


def test_keys():
    assert written({2**64: 1, -(2**90): 2, 5: 3}, BIG | KEYS) == (
        b'{"18446744073709551616":1,"-1237940039285380274899124224":2,"5":3}'
    )
    assert agreed({2**64: 1}, option=KEYS).text == "Dict integer key must be within 64-bit range"
    assert agreed({2**64: 1}, option=BIG).text == "Dict key must be str"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("0", b"0"),
        ("-0", b"-0"),
        ("1", b"1"),
        ("-1.50", b"-1.50"),
        ("0.000001", b"0.000001"),
        ("1e-7", b"1E-7"),
        ("1E+5", b"1E+5"),
        ("-12E-3", b"-0.012"),
        ("0E-10", b"0E-10"),
        ("-0E+3", b"-0E+3"),
        ("123456789012345678901234567890.1234567890", b"123456789012345678901234567890.1234567890"),
        ("1E+999999", b"1E+999999"),
        ("NaN", b"null"),
        ("-NaN", b"null"),
        ("sNaN", b"null"),
        ("-sNaN123", b"null"),
        ("NaN42", b"null"),
        ("Infinity", b"null"),
        ("-Infinity", b"null"),
    ],
)
def test_decimals(text, want):
    assert written(Decimal(text), DECIMAL) == want
    assert written({"a": [Decimal(text), 1]}, DECIMAL) == b'{"a":[' + want + b",1]}"


@pytest.mark.parametrize("text", ["NaN", "-sNaN1", "Infinity", "-Infinity"])
def test_what_is_no_number_may_be_an_error(text):
    found = agreed([Decimal(text)], option=DECIMAL | planjson.OPT_NAN_ERROR)
    assert found == Failure("NaN and infinity are refused by OPT_NAN_ERROR", "None", "$[0]")


decimals = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False),
    st.builds(
        lambda sign, digits, exponent: Decimal((sign, digits, exponent)),
        st.integers(0, 1),
        st.lists(st.integers(0, 9), min_size=1, max_size=40).map(tuple),
        st.integers(-400, 400),
    ),
)


@given(st.lists(decimals, max_size=10))
def test_any_decimals_exactly(values):
    found = written(values, DECIMAL)
    loaded = json.loads(found, parse_float=Decimal, parse_int=Decimal)
    assert [v.as_tuple() for v in loaded] == [v.as_tuple() for v in values]


def test_a_context_does_not_count():
    with decimal.localcontext() as context:
        context.prec = 3
        context.capitals = 0
        assert written(Decimal("1.23456E+30"), DECIMAL) == b"1.23456E+30"


def test_a_subclass_is_written_as_its_base_is():
    class Price(Decimal):
        def __str__(self):
            return "evil"

        __repr__ = __format__ = __str__

    assert written([Price("1.5"), Decimal(2)], DECIMAL) == b"[1.5,2]"


def test_decimals_without_the_option():
    found = agreed([Decimal(1)])
    assert found == Failure("Type is not JSON serializable: decimal.Decimal", "None", "$[0]")
    assert agreed([Decimal(1)], option=planjson.OPT_SERIALIZE_MORE).path == "$[0]"
    assert written([Decimal("1.50")], 0, default=str) == b'["1.50"]'
