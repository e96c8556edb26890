"""Flags: orjson's names and numbers, and every combination on documents with everything."""

import dataclasses
import datetime as dt
import enum
import itertools
import uuid

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


times = st.times().filter(lambda clock: not 10_000 <= clock.microsecond < 100_000)
hashable = st.one_of(
    st.sampled_from(HASHABLE), st.uuids(), st.datetimes(), st.dates(), times, st.integers()
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
            ),
            max_leaves=10,
        )
    )


@given(everything(), st.sets(st.sampled_from(FLAGS)).map(sum))
def test_any_document(document, option):
    same(document, option=option)
    same(document, option=option, default=repr)
