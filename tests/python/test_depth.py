"""The depth limits, exactly orjson's; circular references end in an error.

Lists and dicts, empty ones too, may stand 254 deep. Tuples count, and orjson lets them go deeper
still, but counts in a byte that starts again at 0; beyond 254 we may refuse where it goes on.
"""

import model
import planjson
import pytest
from child import run_child
from paths import Failure, agreed, fails, oracle, works
from runners import PATHS

OPTIONS = [None, planjson.OPT_INDENT_2, planjson.OPT_SORT_KEYS, planjson.OPT_NON_STR_KEYS]
LEAVES = {"int": 1, "str": "leaf", "list": [], "dict": {}, "tuple": ()}


class SubList(list):
    pass


class SubDict(dict):
    pass


WRAPS = {
    "list": (lambda x: [x], 1),
    "dict": (lambda x: {"a": x}, 1),
    "list and dict": (lambda x: [{"a": x}], 2),
    "list of two": (lambda x: [1, x], 1),
    "list before": (lambda x: [x, 1], 1),
    "dict and list": (lambda x: {"a": [x]}, 2),
    "sublist": (lambda x: SubList([x]), 1),
    "subdict": (lambda x: SubDict(a=x), 1),
    "list in tuple": (lambda x: [(x,)], 2),
}


def nest(wrap, depth, leaf):
    for _ in range(depth):
        leaf = wrap(leaf)
    return leaf


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("leaf", LEAVES)
@pytest.mark.parametrize("name", WRAPS)
def test_the_limit(name, leaf, option):
    wrap, levels = WRAPS[name]
    leaf_depth = 1 if leaf in ("list", "dict") else 0
    most = (254 - leaf_depth) // levels
    works(nest(wrap, most - 1, LEAVES[leaf]), option=option)
    works(nest(wrap, most, LEAVES[leaf]), option=option)
    fails(nest(wrap, most + 1, LEAVES[leaf]), model.TOO_DEEP, option=option)
    fails(nest(wrap, most + 2, LEAVES[leaf]), model.TOO_DEEP, option=option)


@pytest.mark.parametrize("wrap", ["list", "dict", "list and dict"])
def test_the_path_leads_down(wrap):
    failure = fails(nest(WRAPS[wrap][0], 600, 1), model.TOO_DEEP)
    assert failure.path.count("[0]") + failure.path.count(".a") >= 250


@pytest.mark.parametrize("leaf", ["int", "str", "tuple"])
def test_tuples_as_deep_as_lists(leaf):
    for depth in range(1, 254):
        works(nest(lambda x: (x,), depth, LEAVES[leaf]))


@pytest.mark.parametrize("leaf", [[], {}, [1], {"a": 1}], ids=repr)
def test_list_or_dict_in_tuples(leaf):
    works(nest(lambda x: (x,), 253, leaf))
    fails(nest(lambda x: (x,), 254, leaf), model.TOO_DEEP)


@pytest.mark.parametrize("depth", [254, 255, 256, 257, 300, 511, 1000])
def test_deeper_tuples_agree(depth):
    obj = nest(lambda x: (x,), depth, 1)
    found = agreed(obj)
    if isinstance(found, Failure):
        assert found.text == model.TOO_DEEP
    else:
        assert found == b"[" * depth + b"1" + b"]" * depth


def test_depth_is_counted_per_branch():
    branch = nest(lambda x: [x], 250, 1)
    works([branch, branch, {"a": branch}])
    works([[branch] * 3] * 3)


def circular_list():
    obj = [1, 2]
    obj.append(obj)
    return obj


def circular_dict():
    obj = {"a": 1}
    obj["self"] = obj
    return obj


def circular_pair():
    first, second = [], {}
    first.append(second)
    second["first"] = first
    return first


@pytest.mark.parametrize("make", [circular_list, circular_dict, circular_pair])
@pytest.mark.parametrize("option", OPTIONS)
def test_circular_references_end_in_an_error(make, option):
    fails(make(), model.TOO_DEEP, option=option)


@pytest.mark.parametrize("run", PATHS.values(), ids=PATHS)
def test_circle_through_a_tuple(run):
    """orjson dies of this one when the list stands at the even depths."""
    for around in (lambda x: x, lambda x: [x], lambda x: (x,)):
        obj = []
        obj.append((obj,))
        with pytest.raises(planjson.JSONEncodeError, match=model.TOO_DEEP):
            run(around(obj))


@pytest.mark.parametrize("run", PATHS)
def test_tuples_too_deep_for_any_stack(run):
    run_child("deep_tuples.py", run)


def test_orjson_too_counts_tuples():
    """If this fails, orjson's rule has changed and the tests above should follow."""
    assert oracle(nest(lambda x: (x,), 254, [])).text == model.TOO_DEEP
