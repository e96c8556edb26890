"""The model, our oracle where orjson is missing, follows orjson where it is not."""

import model
import oracle
import pytest
from hypothesis import given
from strategies import documents, floats, non_str_keys, options

orjson = oracle.orjson
pytestmark = pytest.mark.skipif(orjson is None, reason="orjson is not there to compare with")


def outcome(dumps, obj, **arguments):
    try:
        return dumps(obj, **arguments)
    except TypeError as error:
        return str(error)


@given(floats)
def test_floats(value):
    assert model.float_text(value).encode() == orjson.dumps(value)


@given(documents(dict_keys=non_str_keys), options())
def test_documents(obj, option):
    assert outcome(model.dumps, obj, option=option) == outcome(orjson.dumps, obj, option=option)


@pytest.mark.parametrize("wrap", [lambda x: [x], lambda x: {"a": x}, lambda x: [(x,)]])
@pytest.mark.parametrize("leaf", [1, [], {}, ()])
def test_depth(wrap, leaf):
    for depth in range(120, 270):
        obj = leaf
        for _ in range(depth):
            obj = wrap(obj)
        if model_depth(obj) <= 255:  # orjson counts in a byte: beyond it starts again at 0
            assert outcome(model.dumps, obj) == outcome(orjson.dumps, obj)


def model_depth(obj):
    depth = 0
    while isinstance(obj, (list, tuple, dict)):
        depth += 1
        obj = next(iter(obj.values() if isinstance(obj, dict) else obj), None)
    return depth


def test_types():
    """Every flag on everything that the standard library has a class for."""
    from test_dataclass import SAMPLES
    from test_enum import MEMBERS
    from test_flags import EVERYTHING, HASHABLE, combinations

    document = [EVERYTHING, {key: i for i, key in enumerate(HASHABLE)}, MEMBERS, SAMPLES]
    for option in combinations():
        for default in (None, repr):
            found = [
                outcome(f, document, default=default, option=option)
                for f in (model.dumps, orjson.dumps)
            ]
            assert found[0] == found[1], option
