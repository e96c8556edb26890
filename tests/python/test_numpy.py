"""OPT_SERIALIZE_NUMPY: arrays and scalars as orjson writes them, and what it refuses."""

import subprocess
import sys

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import orjson
from paths import Failure, agreed, fails, same, works

np = pytest.importorskip("numpy")
pytestmark = pytest.mark.skipif(orjson is None, reason="orjson is the oracle here")

NUMPY = planjson.OPT_SERIALIZE_NUMPY
INTS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
FLOATS = ("float16", "float32", "float64")
UNITS = ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns")
# Microseconds since 1970 of the first and the last moment that orjson writes.
FIRST, LAST = -62_167_219_200_000_000, 253_402_207_200_000_000
STEP = {
    "W": 604_800_000_000,
    "D": 86_400_000_000,
    "h": 3_600_000_000,
    "m": 60_000_000,
    "s": 1_000_000,
    "ms": 1000,
    "us": 1,
}
DATE_FLAGS = (
    planjson.OPT_NAIVE_UTC,
    planjson.OPT_UTC_Z,
    planjson.OPT_OMIT_MICROSECONDS,
    planjson.OPT_INDENT_2,
)


def numpy_same(obj, option=0, **arguments):
    return same(obj, option=option | NUMPY, **arguments)


def edges(dtype):
    info = np.iinfo(dtype)
    near = (0, 1, -1, 9, 10, 99, 100, 999, 1000, 12345678, info.max, info.max - 1, info.min)
    return [v for v in near if info.min <= v <= info.max]


@pytest.mark.parametrize("dtype", INTS)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 255, 256, 257, 1000, 1024, 5000])
def test_integers(dtype, count):
    array = np.resize(np.array(edges(dtype), dtype), count)
    assert numpy_same(array) == planjson.dumps(array.tolist())


@pytest.mark.parametrize("dtype", INTS)
def test_integers_are_written_at_every_width(dtype):
    info = np.iinfo(dtype)
    values = [v for b in range(64) for v in (1 << b, -(1 << b), (1 << b) - 1)]
    numpy_same(np.array([v for v in values if info.min <= v <= info.max], dtype))


def test_unsigned_integers_above_the_signed_range_in_any_place():
    for at in (0, 1, 255, 256, 300, 599):
        array = np.arange(600, dtype="u8")
        array[at] = 2**64 - 1
        numpy_same(array)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257, 1500])
def test_floats(dtype, count):
    some = [0.0, -0.0, 1.5, 0.1, 1e-5, 1e-6, 6e-8, 1e9, 65504.0, 1e13, 1e15, 1e16, 1e17, 3e38]
    with np.errstate(over="ignore"):
        array = np.resize(np.array([*some, np.nan, np.inf, -np.inf]).astype(dtype), count)
    numpy_same(array)


def test_every_half():
    numpy_same(np.arange(65536, dtype="u2").view("f2"))


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=60))
def test_any_single(bits):
    numpy_same(np.array(bits, "u4").view("f4"))


@given(st.lists(st.floats(width=32), min_size=1, max_size=60))
def test_common_singles(values):
    numpy_same(np.array(values, "f4"))


@given(st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=60), st.integers(0, 7))
def test_singles_of_few_digits(values, places):
    numpy_same((np.array(values, "f8") / 10**places).astype("f4"))


@given(st.lists(st.floats(), max_size=60))
def test_any_double(values):
    numpy_same(np.array(values, "f8"))


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 63, 64, 65, 128, 1000, 5000])
def test_booleans(count):
    array = np.arange(count) % 3 == 0
    assert numpy_same(array) == planjson.dumps(array.tolist())


def test_a_boolean_that_is_not_one():
    assert agreed(np.array([0, 1, 2, 255], "u1").view("bool"), option=NUMPY) == (
        b"[false,true,true,true]"
    )


SHAPES = [
    (0,),
    (3,),
    (2, 3),
    (2, 0),
    (0, 2),
    (2, 3, 2),
    (2, 0, 3),
    (1, 1, 1, 1),
    (3, 300),
    (70, 70),
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [*INTS, *FLOATS, "bool", "M8[s]"])
@pytest.mark.parametrize("option", [0, planjson.OPT_INDENT_2])
def test_dimensions(shape, dtype, option):
    count = int(np.prod(shape))
    array = (np.arange(count) % 100).astype("i8").astype(dtype).reshape(shape)
    numpy_same(array, option)
    numpy_same([array, {"a": array}], option)


def test_many_dimensions_in_deep_lists():
    array = np.zeros((1,) * 32)
    for _ in range(254):
        array = [array]
    works(array, option=NUMPY)
    fails([array], "Recursion limit reached", option=NUMPY)


def test_arrays_that_are_not_aligned():
    for dtype in ("i8", "u8", "f8", "f4", "f2", "i2", "M8[s]"):
        raw = np.frombuffer(b"x" + np.arange(300).astype(dtype).tobytes(), "u1")
        numpy_same(raw[1:].view(dtype))


def test_contiguous_parts_and_read_only_arrays():
    array = np.arange(1000)
    array.flags.writeable = False
    numpy_same(array[300:700])
    numpy_same(array.reshape(10, 100)[3:5])


REFUSED = {
    "fortran": lambda: np.asfortranarray(np.arange(6).reshape(2, 3)),
    "a slice with steps": lambda: np.arange(6)[::2],
    "no dimensions": lambda: np.array(1),
    "objects": lambda: np.array([1, "a"], dtype=object),
    "complex": lambda: np.array([1j]),
    "strs": lambda: np.array(["a"]),
    "bytes": lambda: np.array([b"a"]),
    "spans": lambda: np.array([1], "m8[s]"),
    "long doubles": lambda: np.array([1], "g"),
    "fields": lambda: np.array([(1, 2)], dtype=[("a", "i4"), ("b", "i4")]),
    "a subclass": lambda: np.ma.array([1, 2]),
    "a matrix": lambda: np.asmatrix([[1]]),
    "a span": lambda: np.timedelta64(1, "s"),
    "void": lambda: np.void(b"a"),
    "a complex": lambda: np.complex64(1),
    "a long double": lambda: np.longdouble(1),
}
SWAPPED = {
    "swapped": lambda: np.arange(3, dtype=">i4"),
    "swapped strs": lambda: np.array([1], dtype=">U3"),
    "swapped without dimensions": lambda: np.array(1, dtype=">i4"),
}


@pytest.mark.parametrize("make", (REFUSED | SWAPPED).values(), ids=(REFUSED | SWAPPED).keys())
def test_refused_without_default(make):
    found = fails([1, make()], option=NUMPY)
    assert found.path == "$[1]"


def test_an_array_without_dimensions_is_told_apart():
    """The words are orjson's, which blames the type; a note says what it is."""
    with pytest.raises(planjson.JSONEncodeError, match="^unsupported datatype in ") as caught:
        planjson.dumps([np.array(5)], option=NUMPY)
    assert "no dimensions" in caught.value.__notes__[-1]
    with pytest.raises(planjson.JSONEncodeError) as caught:
        planjson.dumps(np.array([1j]), option=NUMPY)
    assert not hasattr(caught.value, "__notes__")


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_goes_to_default(make):
    def boom(_):
        raise ValueError("no")

    works([make()], b'["asked"]', option=NUMPY, default=lambda _: "asked")
    fails([make()], option=NUMPY, default=boom)
    same([make()], option=NUMPY, default=lambda x: x)


@pytest.mark.parametrize("make", SWAPPED.values(), ids=SWAPPED.keys())
def test_the_other_byte_order_does_not(make):
    fails([make()], option=NUMPY, default=lambda _: "asked")


@pytest.mark.parametrize("dtype", [*INTS, *FLOATS, "bool_"])
def test_scalars(dtype):
    kind = getattr(np, dtype)
    values = edges(dtype) if "int" in dtype else [0, 1, 0.1, 1e-6, float("nan"), 1e5]
    with np.errstate(over="ignore"):
        for value in values:
            numpy_same(kind(value))
            numpy_same([kind(value), {"k": kind(value)}])
    fails(kind(1))
    works(kind(1), b'"asked"', default=lambda _: "asked")


@pytest.mark.parametrize("dtype", [*INTS, *FLOATS, "bool_"])
def test_scalars_are_no_keys(dtype):
    key = getattr(np, dtype)(1)
    fails({key: 1}, option=NUMPY)
    fails({key: 1}, option=NUMPY | planjson.OPT_NON_STR_KEYS)


def test_a_str_of_numpy_is_a_str():
    works({"a": np.str_("b")}, b'{"a":"b"}')
    works({np.str_("a"): 1}, b'{"a":1}', option=planjson.OPT_NON_STR_KEYS)


def test_strict_integer_does_not_count_for_numpy():
    works([np.array([2**60]), np.int64(2**60)], option=NUMPY | planjson.OPT_STRICT_INTEGER)


@pytest.mark.parametrize("unit", UNITS)
def test_dates(unit):
    values = [0, 1, -1, 59, 60, 365, -365, 1000, 999_999, -999]
    if unit in "YM":
        values = [0, 1, 12, 28, 30, 1200]
    elif unit == "W":
        values = [0, 1, -1, 52, 5000, -5000]
    array = np.array(values, f"M8[{unit}]")
    for option in (0, *DATE_FLAGS, sum(DATE_FLAGS)):
        numpy_same(array, option)
        numpy_same(array[2], option)


@given(
    st.sampled_from(list(STEP)),
    st.integers(FIRST - 10**6, LAST + 10**6),
    st.sets(st.sampled_from(DATE_FLAGS)).map(sum),
)
def test_any_date(unit, microseconds, option):
    date = np.datetime64(microseconds // STEP[unit], unit)
    numpy_same(date, option)
    numpy_same([np.array([date, date])], option)


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_any_nanosecond(value):
    numpy_same(np.datetime64(value, "ns"))


@pytest.mark.parametrize(("unit", "step"), STEP.items(), ids=STEP)
def test_the_first_and_the_last_date(unit, step):
    for edge in (-(-FIRST // step), LAST // step):
        for value in (edge - 1, edge, edge + 1):
            numpy_same(np.array([value], f"M8[{unit}]"))


def test_the_first_and_the_last_year():
    for value in (-1971, -1970, 8029, 8030, 10**6, -(10**6), 2**62):
        numpy_same(np.array([value], "M8[Y]"))


@pytest.mark.parametrize("unit", ["ps", "fs", "as"])
def test_units_that_are_too_small(unit):
    fails(np.array([1], f"M8[{unit}]"), option=NUMPY)
    fails(np.datetime64(1, unit), option=NUMPY)
    works(np.zeros(0, f"M8[{unit}]"), b"[]", option=NUMPY)
    fails(np.array([1], f"M8[{unit}]"), option=NUMPY, default=lambda _: 1)


def test_no_time():
    fails(np.datetime64("NaT", "s"), option=NUMPY)
    fails(np.array([1, "NaT"], "M8[s]"), option=NUMPY, path="$[1]")
    fails(np.datetime64("NaT"), option=NUMPY)


@pytest.mark.parametrize("dtype", FLOATS)
def test_what_is_no_number_may_be_an_error(dtype):
    option = NUMPY | planjson.OPT_NAN_ERROR
    for bad in (np.nan, np.inf, -np.inf):
        array = np.ones((2, 300), dtype)
        array[1, 280] = bad
        assert agreed({"a": array}, option=option).path == "$.a[1][280]"
        assert agreed([array[1, 280]], option=option).path == "$[0]"
        assert agreed(array[0], option=option) == planjson.dumps([1.0] * 300)


# What makes orjson abort, or wraps around in it.


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2**62, "W", "4611686018427387904 weeks"),
        (2**62, "D", "4611686018427387904 days"),
        (1_000_003, "M", "1000003 months"),
        (-(1971 * 12), "M", "-23652 months"),
        (2**61, "10s", "2305843009213693952 10 seconds"),
    ],
)
def test_dates_beyond_all_years(value, unit, text):
    found = agreed(np.array([value], f"M8[{unit}]"), option=NUMPY)
    assert found == Failure(f"unrepresentable numpy.datetime64: {text}", "None", "$[0]")


@pytest.mark.parametrize("unit", ["Y", "M"])
def test_months_and_years_before_1970(unit):
    """orjson aborts on some of them."""
    array = np.arange(-1970 if unit == "Y" else -1970 * 12, 0).astype(f"M8[{unit}]")
    assert agreed(array, option=NUMPY) == works(array.astype("M8[D]"), option=NUMPY)


def test_units_of_several_steps():
    array = np.array([1, 2], "M8[25us]")
    assert agreed(array, option=NUMPY) == (
        b'["1970-01-01T00:00:00.000025","1970-01-01T00:00:00.000050"]'
    )
    assert agreed(array[0], option=NUMPY) == b'"1970-01-01T00:00:00.000025"'


def test_the_path_goes_through_the_array():
    array = np.zeros((2, 3, 4), "M8[s]")
    array[1, 2, 3] = "NaT"
    found = agreed({"a": [array]}, option=NUMPY)  # orjson returns what is no JSON
    assert found.path == "$.a[0][1][2][3]"


def test_without_the_option_it_goes_to_default():
    fails(np.arange(3))
    works(np.arange(3), b"[0,1,2]", default=lambda a: a.tolist())


def test_numpy_is_not_imported():
    code = (
        "import sys, planjson\n"
        "class C: pass\n"
        "planjson.dumps([C(), {1}], default=lambda c: 1, option=planjson.OPT_SERIALIZE_NUMPY)\n"
        "assert 'numpy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_another_module_of_that_name():
    """What calls itself numpy and is not cannot make it read what is not there."""
    code = (
        "import sys, types, planjson\n"
        "class ndarray:\n"
        "    __array_struct__ = 1\n"
        "class int64(int): pass\n"
        "class float64: __slots__ = ('a', 'b', 'c')\n"
        "class datetime64(str): pass\n"
        "sys.modules['numpy'] = types.SimpleNamespace(\n"
        "    ndarray=ndarray, int64=int64, float64=float64, datetime64=datetime64, bool_=len)\n"
        "for obj in (ndarray(), int64(1), int64(2), float64(), datetime64(1), [ndarray()]):\n"
        "    for flag in (0, planjson.OPT_PASSTHROUGH_SUBCLASS):\n"
        "        try:\n"
        "            planjson.dumps(obj, option=planjson.OPT_SERIALIZE_NUMPY | flag)\n"
        "        except planjson.JSONEncodeError:\n"
        "            pass\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
