"""encoders={type: function}: by exact type, then by base; values and keys; JSON's own types too."""

import dataclasses
import datetime
import enum
import json
from collections import OrderedDict

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import Failure, agreed, outcome
from runners import PATHS

KEYS = planjson.OPT_NON_STR_KEYS
SORT = planjson.OPT_SORT_KEYS


class Base:
    def __init__(self, value=1):
        self.value = value


class Child(Base):
    pass


class GrandChild(Child):
    pass


def written(obj, encoders, **arguments):
    found = agreed(obj, encoders=encoders, **arguments)
    assert isinstance(found, bytes), found
    return found


def test_exact_type_then_bases_in_their_order():
    encoders = {Base: lambda _: "base", Child: lambda _: "child"}
    assert written([Base(), Child(), GrandChild()], encoders) == b'["base","child","child"]'

    class Other:
        pass

    class Both(Other, Base):
        pass

    assert written(Both(), {Base: lambda _: 1, Other: lambda _: 2}) == b"2"


def test_object_catches_all():
    assert written([1, "a"], {object: lambda o: type(o).__name__}) == b'"list"'
    names = {object: lambda o: type(o).__name__, list: lambda o: o}
    assert written([1, "a", None, Base()], names) == b'["int","str","NoneType","Base"]'


def test_encoders_come_before_default():
    assert written(Base(), {Base: lambda _: 1}, default=lambda _: 2) == b"1"
    assert written([Base()], {Child: lambda _: 1}, default=lambda _: 2) == b"[2]"


def test_a_result_may_go_to_other_encoders_and_to_default():
    assert written(Base(), {Base: lambda _: Other(), Other: lambda _: [1]}) == b"[1]"
    assert written(Base(), {Base: lambda _: Other()}, default=lambda _: 3) == b"3"


class Other:
    pass


@pytest.mark.parametrize(
    ("kind", "function", "document", "want"),
    [
        (str, str.upper, ["a", {"k": "b"}], b'["A",{"K":"B"}]'),
        (int, lambda v: v + 1, [1, 2, 3, 4, 5, True], b"[2,3,4,5,6,2]"),
        (bool, int, [True, 1, False], b"[1,1,0]"),
        (float, lambda v: f"{v:.2f}", [1.0, 0.5, 2], b'["1.00","0.50",2]'),
        (type(None), lambda _: "none", [None, {"a": None}], b'["none",{"a":"none"}]'),
        (list, lambda v: {"n": len(v)}, {"a": [1, 2], "b": ([],)}, b'{"a":{"n":2},"b":[{"n":0}]}'),
        (list, lambda v: v[::-1], [1, [2, 3]], b"[[3,2],1]"),
        (tuple, lambda v: list(v) + ["t"], [(1,), [()]], b'[[1,"t"],[["t"]]]'),
        (dict, lambda v: sorted(v), [{"b": 1, "a": 2}], b'[["a","b"]]'),
        (dict, lambda v: v | {"more": 1}, {"a": {}}, b'{"a":{"more":1},"more":1}'),
    ],
)
def test_over_jsons_own_types(kind, function, document, want):
    assert written(document, {kind: function}) == want


def test_over_subclasses_and_further_types():
    class Color(enum.Enum):
        RED = 1

    @dataclasses.dataclass
    class Point:
        x: int

    class Name(str):
        pass

    encoders = {
        enum.Enum: lambda e: e.name,
        Point: lambda p: [p.x],
        Name: lambda n: f"<{n}>",
        datetime.date: lambda d: d.year,
        OrderedDict: list,
    }
    document = [Color.RED, Point(3), Name("n"), datetime.datetime(2024, 1, 1), OrderedDict(a=1)]
    assert written(document, encoders) == b'["RED",[3],"<n>",2024,["a"]]'


def test_they_come_before_the_flags():
    encoders = {set: lambda s: len(s), bytes: bytes.decode}
    option = planjson.OPT_SERIALIZE_MORE
    assert written([{1, 2}, b"ab", {3}], encoders, option=option) == b'[2,"ab",1]'
    assert written([frozenset([1])], encoders, option=option) == b"[[1]]"


@pytest.mark.parametrize("option", [0, SORT, KEYS, SORT | KEYS])
def test_keys(option):
    document = {"z": 1, Base("a"): 2, "m": {Child("b"): 3}}
    want = b'{"a":2,"m":{"b":3},"z":1}' if option & SORT else b'{"z":1,"a":2,"m":{"b":3}}'
    assert written(document, {Base: lambda b: b.value}, option=option) == want


def test_str_keys_may_be_overridden():
    assert written({"a": 1, "b": {"c": 2}}, {str: str.upper}) == b'{"A":1,"B":{"C":2}}'
    assert written({1: 2}, {int: lambda v: f"n{v}"}) == b'{"n1":"n2"}'


def test_what_a_key_becomes_must_be_a_key():
    assert agreed({Base(): 1}, encoders={Base: lambda _: 5}) == Failure(
        "Dict key must be str", "None", "$"
    )
    assert written({Base(): 1}, {Base: lambda _: 5}, option=KEYS) == b'{"5":1}'
    found = agreed([{Base(): 1}], encoders={Base: lambda _: [1]}, option=KEYS)
    assert found.text == "Dict key must a type serializable with OPT_NON_STR_KEYS"
    assert found.path == "$[0]"
    assert agreed({Base(): 1}, encoders={Base: lambda _: "\ud800"}).text.startswith("str is not")


def test_a_key_that_fails():
    def boom(_):
        raise ValueError("no")

    found = agreed({"a": {Base(): 1}}, encoders={Base: boom})
    text = "The encoder for an object of type Base failed"
    assert found == Failure(text, "ValueError('no')", "$.a")


def test_errors_are_chained_and_have_a_path():
    def boom(_):
        raise ValueError("no")

    found = agreed({"a": [1, Base()]}, encoders={Base: boom})
    text = "The encoder for an object of type Base failed"
    assert found == Failure(text, "ValueError('no')", "$.a[1]")
    found = agreed([[1, 2, "x"]], encoders={str: boom})
    assert found.path == "$[0][2]"
    assert agreed([Base()], encoders={Base: lambda _: [1, object()]}).path == "$[0][1]"


def test_interrupts_pass_through():
    def stop(_):
        raise KeyboardInterrupt

    for run in PATHS.values():
        with pytest.raises(KeyboardInterrupt):
            run([Base()], encoders={Base: stop})


def test_a_function_is_not_asked_about_its_own_result():
    assert written(Base(), {Base: lambda b: b}, default=lambda _: "default") == b'"default"'
    assert (
        agreed(Base(), encoders={Base: lambda b: b}).text == "Type is not JSON serializable: Base"
    )


def test_circles_end():
    found = agreed(Base(), encoders={Base: lambda _: Other(), Other: lambda _: Base()})
    assert found.text == "encoders exceed recursion limit"
    found = agreed({Base(): 1}, encoders={Base: lambda _: Other(), Other: lambda _: Base()})
    assert found.text == "encoders exceed recursion limit"
    found = agreed(1, encoders={int: lambda v: [v], list: lambda v: v})
    assert found.text in ("encoders exceed recursion limit", "Recursion limit reached")


def test_changes_of_the_dict_come_too_late():
    encoders = {}

    def first(_):
        encoders.clear()
        return 1

    for run in PATHS.values():
        encoders[Base] = first
        assert run([Base(), Base()], encoders=encoders) == b"[1,1]"


def test_an_empty_dict_and_none():
    assert written([1], {}) == b"[1]"
    assert written([1], None) == b"[1]"


@pytest.mark.parametrize(
    ("encoders", "text"),
    [
        ([], "encoders must be a dict of types and functions, not list"),
        ({"str": str}, "the keys of encoders must be types, not str"),
        ({Base: 1}, "the encoder for Base must be callable, not int"),
        ({list[int]: str}, "the keys of encoders must be types, not types.GenericAlias"),
    ],
)
def test_wrong_arguments(encoders, text):
    for run in PATHS.values():
        with pytest.raises(TypeError, match=text) as caught:
            run(1, encoders=encoders)
        assert not isinstance(caught.value, planjson.JSONEncodeError)


leaves = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.text(max_size=5))
documents = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(documents, st.sets(st.sampled_from([planjson.OPT_INDENT_2, SORT, KEYS])).map(sum))
def test_encoders_that_change_nothing(document, option):
    same = {kind: lambda v: v for kind in (str, int, bool, float, type(None), list, dict)}
    assert written(document, same, option=option) == planjson.dumps(document, option=option)
    unrelated = {Base: lambda _: 1}
    assert written(document, unrelated, option=option) == planjson.dumps(document, option=option)


@given(documents)
def test_every_int_is_replaced(document):
    def plus(value):
        if isinstance(value, bool) or value is None or isinstance(value, str):
            return value
        if isinstance(value, int):
            return str(value)
        if isinstance(value, list):
            return [plus(v) for v in value]
        return {k: plus(v) for k, v in value.items()}

    encoders = {int: str, bool: lambda b: b}
    assert json.loads(written(document, encoders)) == plus(document)


def test_a_type_that_pretends():
    class Meta(type):
        def __eq__(cls, other):
            raise AssertionError("not asked")

        def __hash__(cls):
            return 1

    class Strange(metaclass=Meta):
        pass

    found = outcome(PATHS["direct"], [Strange()], encoders={Strange: lambda _: 1})
    assert found == b"[1]"
