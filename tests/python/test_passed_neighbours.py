"""Elements of one class that a plan tells at once, and what stands behind so many of them."""

import collections
import datetime
import enum
import uuid

import numpy as np
import planjson
import pytest
from paths import agreed


class Color(enum.Enum):
    RED = "red"


class Number(int):
    pass


class Word(str):
    pass


class Pretender:
    """Has what a member of an Enum has, and is none."""

    def __init__(self):
        self._value_ = 5


class Rows(list):
    pass


ALIKE = {
    "members": Color.RED,
    "ints": Number(7),
    "words": Word("tea"),
    "fragments": planjson.Fragment(b"1"),
    "ordered": collections.OrderedDict(a=1),
    "defaults": collections.defaultdict(int, a=1),
    "lists": Rows([1, 2]),
    "dates": datetime.date(2024, 2, 29),
    "ids": uuid.UUID(int=7),
    "scalars": np.int64(5),
    "floats": np.float64(0.5),
    "truths": np.bool_(True),
    "empty": {},
}

BEHIND = [
    Pretender(),
    True,
    None,
    5,
    2**63,
    0.5,
    "text",
    "\ud800",
    [],
    {},
    {"a": True},
    (),
    np.float32(0.5),
    np.int8(3),
    np.datetime64("2024-02-29"),
    *ALIKE.values(),
]

COUNTS = [1, 7, 8, 9, 16, 31, 32, 33, 40, 48, 255, 256, 257, 264, 512, 513]

OPTIONS = [
    0,
    planjson.OPT_SERIALIZE_NUMPY,
    planjson.OPT_SERIALIZE_NUMPY | planjson.OPT_PASSTHROUGH_SUBCLASS,
    planjson.OPT_SERIALIZE_NUMPY | planjson.OPT_NON_STR_KEYS | planjson.OPT_PASSTHROUGH_DATETIME,
]


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("alike", ALIKE)
def test_what_is_behind_is_told_as_what_it_is(alike, option):
    for count in COUNTS:
        for other in BEHIND:
            for default in (None, lambda o: f"<{type(o).__name__}>"):
                agreed([ALIKE[alike]] * count + [other] * 40, default=default, option=option)


@pytest.mark.parametrize("count", COUNTS)
def test_by_turns(count):
    option = planjson.OPT_SERIALIZE_NUMPY | planjson.OPT_NON_STR_KEYS
    document = [value for value in ALIKE.values() for _ in range(count)]
    agreed(document, option=option)
    agreed({"a": document, "b": [document, document[::-1]]}, option=option)


def test_arrays_of_several_dimensions():
    for array in [
        np.arange(600.0).reshape(100, 3, 2),
        np.zeros((40, 0)),
        np.array([[1, 2]] * 20, dtype="M8[s]"),
        np.arange(100).astype("M8[D]"),
        np.array([np.datetime64("NaT")] * 40).reshape(20, 2),
        np.array([[0.5, np.nan]] * 20),
    ]:
        for option in (0, planjson.OPT_INDENT_2, planjson.OPT_NAN_ERROR):
            agreed(array, option=option | planjson.OPT_SERIALIZE_NUMPY)
            agreed([array, {"a": array}] * 3, option=option | planjson.OPT_SERIALIZE_NUMPY)
