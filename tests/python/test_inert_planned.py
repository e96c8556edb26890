"""Nested values that `dumps(plan=True)` looks at and passes: small documents, parts of lists."""

import io
import itertools
import json
import sys
from collections import OrderedDict

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, works
from runners import direct, planned

OPTIONS = [None, *(getattr(planjson, name) for name in dir(planjson) if name.startswith("OPT_"))]


class Text(str):
    pass


class Number(int):
    pass


class List(list):
    pass


class Dict(dict):
    pass


def order(number):
    return {
        "id": number,
        "customer": {"name": f"tée {number}", "tags": ["gift", None], "at": (1, 2.5)},
        "lines": [{"sku": "A" * 20, "price": 2.5, "more": [], "less": {}, "none": ()}] * 3,
        "paid": number % 2 == 0,
    }


def orders(count):
    return [order(number) for number in range(count)]


# What no look passes, and what JSON makes of it.
ODD = {
    "str of a subclass": Text("tea"),
    "int of a subclass": Number(7),
    "list of a subclass": List([1, 2]),
    "dict of a subclass": Dict(a=1),
    "ordered dict": OrderedDict(b=1),
    "long list": list(range(200)),
    "long list of others": [[1]] * 200,
    "wide dict": {str(number): number for number in range(200)},
    "deep list": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],
}
INERT = {
    "list": [1, "tea", None, [True, [2.5]]],
    "tuple": (1, ((), [], {})),
    "many floats": [0.5] * 100,
    "points": [[0.5, 1.5]] * 100,
    "big": 2**64 - 1,
    "texts": ["tée", "茶" * 700, "🍵", '"\\\n', "x" * 5000],
    "keys": {"k" * 40: 1, "clé": 2, '"': 3, "": 4},
}


@pytest.mark.parametrize("option", OPTIONS)
def test_whole_documents(option):
    for value in (*INERT.values(), *ODD.values(), order(1), [], {}, (), None, True, 1, 2.5, "tea"):
        agreed(value, option=option)
        agreed([value], option=option)
        agreed({"a": {"b": value}}, option=option)


@pytest.mark.parametrize("option", OPTIONS)
def test_elements(option):
    for count in (1, 2, 3, 40, 100, 130, 300):
        agreed(orders(count), option=option)
        agreed(
            {"before": orders(count), "between": [orders(3), 1, *orders(3)], "behind": (order(1),)},
            option=option,
        )


@pytest.mark.parametrize("name", [*ODD, *INERT])
def test_one_that_is_another(name):
    value = (ODD | INERT)[name]
    for at in (0, 1, 7, 8, 9, 50, 119):
        some = orders(120)
        some[at]["lines"] = [*some[at]["lines"], {"more": value}]
        works(some)
        some[at] = value
        works(some)
        works({"some": some, "then": [value, *some, value]})


@pytest.mark.parametrize(
    ("value", "options"),
    [
        ("\ud800", [0, planjson.OPT_INDENT_2, planjson.OPT_SORT_KEYS]),
        ("x\udfff" * 300, [0, planjson.OPT_ENSURE_ASCII]),
        (2**64, [0, planjson.OPT_INDENT_2]),
        (2**53, [planjson.OPT_STRICT_INTEGER]),
        (float("nan"), [planjson.OPT_NAN_ERROR]),
        (object(), [0]),
    ],
)
def test_an_error_names_the_place(value, options):
    for at, option in itertools.product((0, 1, 30, 99), options):
        some = orders(100)
        some[at]["customer"]["at"] = [1, {"here": (2, value)}]
        path = f"[{at}].customer.at[1].here[1]"
        assert agreed(some, option=option).path == f"${path}"
        assert agreed({"a": some}, option=option).path == f"$.a{path}"
        assert agreed(some[at], option=option).path == "$.customer.at[1].here[1]"


def test_the_first_of_two_errors():
    some = orders(100)
    some[30]["id"] = "\ud800"
    some[20]["lines"] = [[2**64]]
    assert fails(some).path == "$[20].lines[0][0]"
    some[10]["customer"] = object()
    assert fails(some).path == "$[10].customer"


def test_keys_that_are_no_strs_and_keys_that_are_wrong():
    for at, key in itertools.product((0, 50), (7, "\ud800", Text("more"), None)):
        some = orders(100)
        some[at]["customer"][key] = 1
        agreed(some)
        agreed(some, option=planjson.OPT_NON_STR_KEYS)
        agreed(some[at])


@pytest.mark.parametrize("around", [0, 1, 20, 31, 32, 33, 200])
def test_as_deep_as_can_be(around):
    for inner in (
        [[]] * 40,
        [()] * 40,
        [{}] * 40,
        [{"a": []}] * 40,
        [{"a": ()}] * 40,
        [[{}]] * 40,
        [{"a": {"b": 1}}] * 40,
    ):
        for depth in range(248, 257) if around == 200 else (around,):
            value = inner
            for level in range(depth):
                value = [value] if level % 2 else {"a": value}
            agreed(value)


def test_lists_that_hold_themselves():
    some = orders(40)
    some.append(some)
    assert fails(some) is not None
    one = {}
    one["a"] = [one]
    fails(one)
    fails([*orders(40), one])


def test_members_that_were_taken_out():
    some = orders(60)
    for each in some[::7]:
        del each["id"]
        each["customer"]["name"] = each["customer"].pop("name")
        each["lines"][0] = dict(each["lines"][0])
        each["lines"][0].clear()
    works(some)


def test_attributes_of_instances():
    class Row:
        def __init__(self, number):
            self.id, self.tags = number, [[]]

    works([[vars(Row(number)), order(number)] for number in range(50)])


def test_hooks_that_change_what_was_told_and_what_is_to_come():
    def run(way, change):
        some = orders(100)
        some[50]["lines"] = [1, object()]

        def hook(_):
            change(some)
            return orders(2)

        return way(some, default=hook)

    changes = [
        lambda some: some.clear(),
        lambda some: some[49].clear(),
        lambda some: some[51]["customer"].clear(),
        lambda some: some[60]["lines"].append(Text("other")),
        lambda some: some[50]["lines"].extend(orders(100)),
        lambda some: some.extend(orders(100)),
        lambda some: some.__setitem__(slice(51, 80), [None] * 5),
        lambda some: some[52].update(customer=some[53]),
    ]
    for change in changes:
        assert run(planned, change) == run(direct, change)


def test_one_document_inside_another():
    def hook(_):
        return planjson.loads(planjson.dumps(orders(30), plan=True))

    some = [*orders(40), {"id": object()}, *orders(40)]
    got = planned(some, default=hook)
    assert got == direct(some, default=hook)
    assert planjson.dumps(orders(30)) in got


def test_a_hook_that_reads_what_is_open():
    def hook(_):
        return [planjson.dumps(some[:10], plan=True).decode(), sys.getrefcount(some) > 1]

    some = [*orders(40), object(), *orders(40), object()]
    assert planned(some, default=hook) == direct(some, default=hook)


def test_the_objects_are_left_as_they_were():
    some = orders(100)
    before = [sys.getrefcount(each) for each in some], sys.getrefcount(some)
    planned(some)
    planned(some[3])
    assert ([sys.getrefcount(each) for each in some], sys.getrefcount(some)) == before
    assert json.loads(planned(some)) == json.loads(json.dumps(some))


def test_files_and_lines():
    some = [*orders(100), Number(3), order(1), [], {}]
    file = io.BytesIO()
    planjson.dump(some, file, plan=True)
    assert file.getvalue() == planjson.dumps(some)
    assert planjson.dumps_lines(some, plan=True) == planjson.dumps_lines(some)


def test_thresholds(keep_thresholds):
    some = [*orders(40), [1, 2], [[1.5] * 9] * 40]
    want = planjson.dumps(some)
    for threshold in (1, 3, 1000):
        planjson.set_thresholds(int=threshold, float=threshold, bool=threshold, str=threshold)
        assert planned(some) == direct(some) == want


leaves = st.sampled_from(
    [1, -5, 2**64 - 1, 2.5, True, None, "tea", "tée", "x" * 200, [], {}, (), float("nan")]
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from(["id", "name", "clé", "k" * 40]), inner, max_size=4),
    ),
    max_leaves=30,
)
others = st.sampled_from(
    [Text("tea"), Number(1), List([1]), Dict(a=[1]), object(), 2**64, "\ud800", {1: 2}, [[1]] * 150]
)
options = st.sets(st.sampled_from(OPTIONS[1:]), max_size=2).map(lambda some: sum(some) or None)


@given(trees, options)
def test_any_tree(tree, option):
    agreed(tree, option=option)
    agreed([tree] * 30, option=option)
    agreed({"a": [1, {"b": tree}] * 9}, option=option)


@given(st.lists(trees, min_size=1, max_size=40), st.integers(0, 39), others, options)
def test_any_list_with_another_in_it(some, at, other, option):
    some = some * 4
    some.insert(at, {"a": [other]})
    agreed(some, option=option)
