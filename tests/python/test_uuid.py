"""UUIDs as values and keys."""

import uuid

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, same, works
from strategies import options

KEYS = planjson.OPT_NON_STR_KEYS
EDGES = [0, 1, (1 << 30) - 1, 1 << 30, 1 << 60, (1 << 64) - 1, 1 << 64, 1 << 127, (1 << 128) - 1]


@pytest.mark.parametrize("number", EDGES)
def test_edges(number):
    each = uuid.UUID(int=number)
    works(each, f'"{each}"'.encode())
    works([each] * 40)
    works({"id": each})
    works({each: each}, option=KEYS)


def test_every_kind():
    made = [
        uuid.uuid1(),
        uuid.uuid4(),
        uuid.uuid5(uuid.NAMESPACE_DNS, "planjson"),
        uuid.NAMESPACE_X500,
    ]
    works(made)
    works(made, option=planjson.OPT_SERIALIZE_UUID | planjson.OPT_INDENT_2)


def test_subclasses_go_to_default():
    class Id(uuid.UUID): ...

    fails(Id(int=1), "Type is not JSON serializable: Id")
    works(Id(int=1), default=str)
    fails({Id(int=1): 1}, option=KEYS)


def test_keys():
    keys = [uuid.UUID(int=number) for number in reversed(EDGES)]
    works({key: i for i, key in enumerate(keys)}, option=KEYS)
    works({key: i for i, key in enumerate(keys)}, option=KEYS | planjson.OPT_SORT_KEYS)
    fails({keys[0]: 1}, "Dict key must be str", "$")


def with_number(number):
    each = uuid.UUID(int=0)
    object.__setattr__(each, "int", number)
    return each


@pytest.mark.parametrize("number", ["text", None, -1, 1 << 128, 1.5], ids=repr)
def test_a_number_that_is_none(number):
    """orjson reads what is not there, or stops in the middle."""
    found = agreed([with_number(number)])
    assert found == ("Type is not JSON serializable: UUID", "None", "$[0]")


def test_a_number_of_a_subclass():
    class Number(int): ...

    works(with_number(Number(5)))


def test_without_a_number():
    each = uuid.UUID(int=0)
    object.__delattr__(each, "int")
    found = agreed({"id": each})
    assert found[0] == "Type is not JSON serializable: UUID"
    assert found[1].startswith("AttributeError") and found[2] == "$.id"


numbers = st.one_of(st.sampled_from(EDGES), st.integers(0, (1 << 128) - 1))
uuids = numbers.map(lambda number: uuid.UUID(int=number))


@given(
    st.one_of(st.lists(uuids, max_size=20), st.dictionaries(uuids, uuids, max_size=5)),
    options(),
)
def test_any_uuids(document, option):
    same(document, option=option)
