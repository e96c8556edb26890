"""Flags: orjson's names and numbers, and every combination on documents with everything."""

import dataclasses
import datetime as dt
import enum
import itertools
import uuid
import zoneinfo

import oracle
import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import same
from strategies import documents, keys

FLAGS = (
    planjson.OPT_APPEND_NEWLINE,
    planjson.OPT_INDENT_2,
    planjson.OPT_NAIVE_UTC,
    planjson.OPT_NON_STR_KEYS,
    planjson.OPT_OMIT_MICROSECONDS,
    planjson.OPT_PASSTHROUGH_DATACLASS,
    planjson.OPT_PASSTHROUGH_DATETIME,
    planjson.OPT_PASSTHROUGH_SUBCLASS,
    planjson.OPT_SORT_KEYS,
    planjson.OPT_STRICT_INTEGER,
    planjson.OPT_UTC_Z,
)


class Kind(enum.Enum):
    A = "a"
    B = dt.date(2024, 1, 1)


class Number(enum.IntEnum):
    ONE = 1


class Text(str): ...


@dataclasses.dataclass
class Row:
    id: object
    tags: object = None
    _private: int = 0


@dataclasses.dataclass(slots=True)
class SlotRow:
    id: object
    tags: object = None


UTC = dt.UTC
MOMENTS = [
    dt.datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
    dt.datetime(2024, 1, 2, 3, 4, 5, 600_000),
    dt.datetime(2024, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=-3, minutes=-30))),
    dt.date(2024, 1, 2),
    dt.time(3, 4, 5, 6),
]
HASHABLE = [*MOMENTS, uuid.UUID(int=1), *Kind, Number.ONE, Text("text"), 1, 1.5, None, True, "key"]
EVERYTHING = {
    "b": [*HASHABLE, Row(1, Kind.A), SlotRow(Number.ONE, [Row(None)])],
    "a": {"z": Row({"y": 1, "x": 2}), "a": dt.datetime(1, 1, 1)},
}


@pytest.mark.skipif(oracle.orjson is None, reason="orjson is not installed")
def test_names_and_numbers():
    names = [name for name in dir(oracle.orjson) if name.startswith("OPT_")]
    assert len(names) == 14
    for name in names:
        assert getattr(planjson, name) == getattr(oracle.orjson, name), name


def combinations():
    for n in range(len(FLAGS) + 1):
        yield from map(sum, itertools.combinations(FLAGS, n))


def test_every_combination():
    mixed = {key: i for i, key in enumerate(HASHABLE)}
    for option in combinations():
        same(EVERYTHING, option=option, default=repr)
        same([EVERYTHING, mixed], option=option, default=repr)
        same(mixed, option=option)


@pytest.mark.parametrize("each", [*HASHABLE, Row(1), SlotRow(1)], ids=repr)
def test_every_combination_on_each(each):
    for option in combinations():
        same([each], option=option)


@pytest.mark.parametrize("name", ["DATACLASS", "UUID"])
def test_flags_that_are_nothing(name):
    assert getattr(planjson, f"OPT_SERIALIZE_{name}") == 0


@dataclasses.dataclass
class Wide:
    """Other fields than those that an instance has, in another order."""

    a: object = None
    b: object = dataclasses.field(default=None, init=False)
    _c: object = None
    é: object = 1
    a_rather_long_name_that_fits_no_fragment: object = None

    def __post_init__(self):
        if self.a:
            self.z, self.b = self.é, self.a
            del self.é


ZONES = [
    None,
    UTC,
    zoneinfo.ZoneInfo("UTC"),
    zoneinfo.ZoneInfo("Europe/Berlin"),
    zoneinfo.ZoneInfo("America/St_Johns"),
    zoneinfo.ZoneInfo("Asia/Kathmandu"),
    zoneinfo.ZoneInfo("Africa/Monrovia"),
    dt.timezone(dt.timedelta(hours=23, minutes=59)),
    dt.timezone(-dt.timedelta(minutes=1)),
    dt.timezone(dt.timedelta(0)),
]
moments = st.builds(
    lambda moment, zone, fold: moment.replace(tzinfo=zone, fold=fold),
    st.datetimes(),
    st.sampled_from(ZONES),
    st.integers(0, 1),
)
times = st.times().filter(lambda clock: not 10_000 <= clock.microsecond < 100_000)
hashable = st.one_of(
    st.sampled_from(HASHABLE), st.uuids(), moments, st.dates(), times, st.integers()
)


@st.composite
def everything(draw):
    leaves = st.one_of(hashable, documents())
    return draw(
        st.recursive(
            leaves,
            lambda inner: st.one_of(
                st.lists(inner, max_size=4),
                st.dictionaries(st.one_of(hashable, keys), inner, max_size=4),
                st.builds(Row, inner, inner),
                st.builds(SlotRow, inner, inner),
                st.builds(Wide, inner, inner, inner, inner),
                st.lists(st.builds(Row, inner, inner), max_size=3),
            ),
            max_leaves=10,
        )
    )


@given(everything(), st.sets(st.sampled_from(FLAGS)).map(sum))
def test_any_document(document, option):
    same(document, option=option)
    same(document, option=option, default=repr)


@given(
    st.one_of(
        st.lists(moments),
        st.lists(st.dates()),
        st.lists(times),
        st.lists(st.uuids()),
        st.lists(st.sampled_from([*Kind, Number.ONE])),
        st.lists(st.one_of(moments, st.dates(), times, st.uuids(), st.none(), st.integers())),
        st.lists(st.builds(Row, moments, times)),
        st.lists(st.builds(SlotRow, moments, times)),
        st.lists(st.one_of(st.builds(SlotRow, moments), st.builds(Row, moments), st.none())),
    ),
    st.sets(st.sampled_from(FLAGS)).map(sum),
)
def test_any_list_of_one_type(items, option):
    same(items, option=option, default=repr)
    same({"a": items, "b": items}, option=option)


@st.composite
def arrays(draw):
    numpy = pytest.importorskip("numpy")
    kind = draw(
        st.sampled_from(["?", "b", "h", "i", "q", "B", "H", "I", "Q", "e", "f", "d", "M8[us]"])
    )
    shape = draw(st.lists(st.integers(0, 5), min_size=1, max_size=3))
    size = int(numpy.prod(shape)) * numpy.dtype(kind).itemsize
    raw = draw(st.binary(min_size=size, max_size=size))
    if kind == "?":
        raw = bytes(b & 1 for b in raw)
    if kind == "M8[us]":
        numbers = numpy.frombuffer(raw, "q") % (2 * 10**15)
        return numbers.astype(kind).reshape(shape)
    return numpy.frombuffer(raw, kind).reshape(shape)


@pytest.mark.skipif(oracle.orjson is None, reason="orjson is the oracle here")
@given(st.lists(arrays(), max_size=3), st.sets(st.sampled_from(FLAGS)).map(sum))
def test_any_array(items, option):
    option |= planjson.OPT_SERIALIZE_NUMPY
    same(items, option=option)
    same({"a": items}, option=option)
    for array in items:
        same(list(array.flat), option=option)
