"""OPT_SERIALIZE_MORE: iterables, mappings, bytes, paths, addresses, lengths of time, tuples."""

import array
import base64
import collections
import collections.abc
import ipaddress
import json
import os
import pathlib
import subprocess
import sys
import types
from datetime import timedelta
from typing import NamedTuple

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import Failure, agreed, fails, outcome
from runners import PATHS

MORE = planjson.OPT_SERIALIZE_MORE
AS_OBJECT = planjson.OPT_NAMEDTUPLE_AS_OBJECT
PASS = planjson.OPT_PASSTHROUGH_SUBCLASS


class Point(NamedTuple):
    x: int
    y: object = None


class Pair(tuple):
    pass


class Steps:
    def __init__(self, *items):
        self.items = items

    def __iter__(self):
        return iter(self.items)


class Old:
    """Can be iterated over by the old protocol only, which does not count."""

    def __getitem__(self, i):
        raise IndexError


class Map(collections.abc.Mapping):
    def __init__(self, inner):
        self.inner = inner

    def __getitem__(self, key):
        return self.inner[key]

    def __iter__(self):
        return iter(self.inner)

    def __len__(self):
        return len(self.inner)


MADE = {
    "set": (lambda: {1}, b"[1]"),
    "frozenset": (lambda: frozenset(["a"]), b'["a"]'),
    "an empty set": (set, b"[]"),
    "deque": (lambda: collections.deque([1, 2, 3]), b"[1,2,3]"),
    "generator": (lambda: (x for x in "abc"), b'["a","b","c"]'),
    "an empty generator": (lambda: iter(()), b"[]"),
    "map": (lambda: map(str, [1, 2]), b'["1","2"]'),
    "range": (lambda: range(5), b"[0,1,2,3,4]"),
    "keys": (lambda: {"a": 1}.keys(), b'["a"]'),
    "items": (lambda: {"a": 1}.items(), b'[["a",1]]'),
    "array": (lambda: array.array("d", [1.5]), b"[1.5]"),
    "iterable": (lambda: Steps(1, Steps(2, 3)), b"[1,[2,3]]"),
    "mappingproxy": (lambda: types.MappingProxyType({"a": [1]}), b'{"a":[1]}'),
    "ChainMap": (lambda: collections.ChainMap({"a": 1}), b'{"a":1}'),
    "UserDict": (lambda: collections.UserDict(a={1}), b'{"a":[1]}'),
    "UserList": (lambda: collections.UserList([1]), b"[1]"),
    "Mapping": (lambda: Map({"a": Map({})}), b'{"a":{}}'),
    "NamedTuple": (lambda: Point(1, Point(2)), b"[1,[2,null]]"),
    "tuple subclass": (lambda: Pair((1, 2)), b"[1,2]"),
    "bytes": (lambda: b"hello", b'"aGVsbG8="'),
    "bytearray": (lambda: bytearray(b"ab"), b'"YWI="'),
    "memoryview": (lambda: memoryview(b"abcdef")[::2], b'"YWNl"'),
    "Path": (lambda: pathlib.PurePosixPath("/a/b"), b'"/a/b"'),
    "IPv4Address": (lambda: ipaddress.ip_address("1.2.3.4"), b'"1.2.3.4"'),
    "IPv6Address": (lambda: ipaddress.ip_address("::1"), b'"::1"'),
    "IPv4Network": (lambda: ipaddress.ip_network("10.0.0.0/30"), b'"10.0.0.0/30"'),
    "IPv4Interface": (lambda: ipaddress.ip_interface("1.2.3.4/8"), b'"1.2.3.4/8"'),
    "timedelta": (lambda: timedelta(days=1, seconds=2), b'"P1DT2S"'),
}


def fresh(make, **arguments):
    """The one outcome of all paths, each with an object of its own."""
    outcomes = [outcome(run, make(), **arguments) for run in PATHS.values()]
    assert all(found == outcomes[0] for found in outcomes), outcomes
    return outcomes[0]


@pytest.mark.parametrize(("make", "want"), MADE.values(), ids=MADE)
def test_written(make, want):
    assert fresh(make, option=MORE) == want
    assert fresh(lambda: [1, {"k": make()}, make()], option=MORE) == (
        b'[1,{"k":' + want + b"}," + want + b"]"
    )


@pytest.mark.parametrize(("make", "want"), MADE.values(), ids=MADE)
def test_refused_without_the_option(make, want):
    found = fresh(lambda: [make()])
    assert found.text.startswith("Type is not JSON serializable: ")
    assert found.path == "$[0]"
    assert fresh(make, default=lambda _: 1) == b"1"


@pytest.mark.parametrize("obj", [object(), int, Old(), 1j, len, planjson, ...])
def test_still_refused(obj):
    assert fails([obj]).text == agreed([obj], option=MORE).text
    assert agreed([obj], option=MORE, default=lambda _: 1) == b"[1]"


def test_an_enum_class_is_a_type_and_no_iterable():
    import enum

    class Color(enum.Enum):
        RED = 1

    assert agreed(Color, option=MORE).text == "Type is not JSON serializable: EnumType"


def test_iterables_of_numbers_and_strs_of_every_length():
    for n in (0, 1, 3, 4, 16, 255, 256, 257, 1000):
        for kind in (int, float, str):
            items = [kind(i) for i in range(n)]
            want = planjson.dumps(items)
            assert fresh(lambda items=items: iter(items), option=MORE) == want
            assert fresh(lambda items=items: collections.deque(items), option=MORE) == want


def test_named_tuples():
    assert agreed(Point(1, [Point(2)]), option=AS_OBJECT) == b'{"x":1,"y":[{"x":2,"y":null}]}'
    assert agreed(Point(1), option=AS_OBJECT | MORE) == b'{"x":1,"y":null}'
    assert agreed(Point(1, Pair()), option=AS_OBJECT).path == "$.y"
    indented = planjson.OPT_INDENT_2
    assert agreed(Point(1), option=AS_OBJECT | indented) == b'{\n  "x": 1,\n  "y": null\n}'


def test_subclasses_that_pass_through():
    class Bytes(bytes):
        pass

    class Set(set):
        pass

    for obj in (Point(1), Pair(), Bytes(b"a"), Set([1])):
        assert isinstance(agreed(obj, option=MORE), bytes)
        assert agreed(obj, option=MORE | PASS, default=lambda _: "d") == b'"d"'
    assert agreed([{1}, b"a", (2,)], option=MORE | PASS) == b'[[1],"YQ==",[2]]'


@given(st.binary(max_size=200))
def test_any_bytes(data):
    assert agreed(data, option=MORE) == b'"' + base64.b64encode(data) + b'"'
    assert agreed({"a": bytearray(data)}, option=MORE) == (
        b'{"a":"' + base64.b64encode(data) + b'"}'
    )


def test_long_bytes():
    data = os.urandom(100_000)
    assert agreed([data, memoryview(data)], option=MORE) == planjson.dumps(
        [base64.b64encode(data).decode()] * 2
    )


def test_a_released_memoryview():
    view = memoryview(b"abc")
    view.release()
    found = agreed([view], option=MORE)
    assert found.text == "Reading an object of type memoryview failed"
    assert found.cause.startswith("ValueError")
    assert found.path == "$[0]"


@pytest.mark.parametrize(
    ("span", "want"),
    [
        (timedelta(0), b"PT0S"),
        (timedelta(-1), b"-P1D"),
        (timedelta(seconds=-1), b"-PT1S"),
        (timedelta(microseconds=-1), b"-PT0.000001S"),
        (timedelta(milliseconds=1500), b"PT1.5S"),
        (timedelta(minutes=90), b"PT1H30M"),
        (timedelta(days=365), b"P1Y"),
        (timedelta(days=-400, hours=5, microseconds=1), b"-P1Y34DT18H59M59.999999S"),
        (timedelta.min, b"-P2739726Y9D"),
        (timedelta.max, b"P2739726Y9DT23H59M59.999999S"),
    ],
)
def test_lengths_of_time(span, want):
    assert agreed(span, option=MORE) == b'"' + want + b'"'


@given(st.timedeltas())
def test_lengths_of_time_as_pydantic_writes_them(span):
    pydantic = pytest.importorskip("pydantic")
    want = pydantic.TypeAdapter(timedelta).dump_json(span)
    assert agreed(span, option=MORE) == want


def test_mappings_are_sorted_and_have_other_keys():
    document = types.MappingProxyType({"b": 1, "a": 2})
    assert agreed(document, option=MORE | planjson.OPT_SORT_KEYS) == b'{"a":2,"b":1}'
    assert agreed(Map({1: 2}), option=MORE | planjson.OPT_NON_STR_KEYS) == b'{"1":2}'
    assert agreed([Map({1: 2})], option=MORE) == Failure("Dict key must be str", "None", "$[0]")


def test_paths():
    class Where:
        def __init__(self, place):
            self.place = place

        def __fspath__(self):
            return self.place

    assert agreed(Where("é"), option=MORE) == '"é"'.encode()
    assert agreed(Where(b"ab"), option=MORE) == b'"YWI="'
    found = agreed([Where(1)], option=MORE)
    assert found.text == "Reading an object of type Where failed"
    assert "TypeError" in found.cause


def raising(after):
    yield from range(after)
    raise ValueError("no")


def test_an_iterable_that_raises():
    found = fresh(lambda: {"a": [raising(3)]}, option=MORE)
    text = "Reading an object of type generator failed"
    assert found == Failure(text, "ValueError('no')", "$.a[0]")


def test_a_mapping_that_raises():
    class Bad(Map):
        def __getitem__(self, key):
            raise KeyError(key)

    found = agreed({"a": Bad({"k": 1})}, option=MORE)
    assert found == Failure("Reading an object of type Bad failed", "KeyError('k')", "$.a")


def test_interrupts_pass_through():
    def stop():
        yield 1
        raise KeyboardInterrupt

    for run in PATHS.values():
        with pytest.raises(KeyboardInterrupt):
            run([stop()], option=MORE)


def test_the_path_goes_on_inside():
    assert agreed({"a": {frozenset([1j])}}, option=MORE).path == "$.a[0][0]"
    assert agreed([Map({"k": [1j]})], option=MORE).path == "$[0].k[0]"
    assert agreed(Point(1, 1j), option=MORE).path == "$[1]"


def test_circles_and_depth():
    steps = Steps()
    steps.items = (steps,)
    assert agreed(steps, option=MORE).text == "Recursion limit reached"
    deep = 1
    for _ in range(254):
        deep = collections.deque([deep])
    assert isinstance(agreed(deep, option=MORE), bytes)
    assert agreed(collections.deque([deep]), option=MORE).text == "Recursion limit reached"


def test_a_class_that_learns_to_be_a_record():
    """What is remembered of a type goes when the type changes."""

    class Late:
        def __iter__(self):
            return iter((1, 2))

    assert agreed(Late(), option=MORE) == b"[1,2]"
    Late.__struct_fields__ = ("a",)
    Late.a = 5
    assert agreed(Late(), option=MORE) == b'{"a":5}'
    del Late.__struct_fields__
    assert agreed(Late(), option=MORE) == b"[1,2]"
    Late.__fspath__ = lambda self: "p"
    assert agreed(Late(), option=MORE) == b'"p"'


def test_many_types():
    """More than are remembered."""
    classes = [
        type(f"T{i}", (), {"__struct_fields__": ("a", "b" * 40), "a": i, "b" * 40: "c" * 40})
        for i in range(300)
    ]
    document = [kind() for kind in classes] * 2
    found = json.loads(agreed(document, option=MORE))
    assert [row["a"] for row in found] == [*range(300), *range(300)]


@pytest.mark.parametrize("turn", [1, -1])
def test_objects_of_one_class_may_say_that_they_are_of_others(turn):
    class Proxy:
        __class__ = property(lambda self: type(self.inner))

        def __init__(self, inner):
            self.inner = inner

        def __iter__(self):
            return iter(self.inner)

        def __getitem__(self, key):
            return self.inner[key]

        def keys(self):
            return self.inner.keys()

    proxies = [Proxy({"a": 1}), Proxy([1, 2])][::turn]
    for _ in range(2):
        found = [agreed(proxy, option=MORE) for proxy in proxies]
        assert found == [b'{"a":1}', b"[1,2]"][::turn]


@pytest.mark.parametrize("run", PATHS.values(), ids=PATHS)
def test_a_class_that_changes_while_its_kind_is_found(run):
    class Meta(type):
        @property
        def __struct_fields__(cls):
            cls.__attrs_attrs__ = [types.SimpleNamespace(name="z")]
            raise AttributeError

    class Thing(metaclass=Meta):
        z = 5

        def __iter__(self):
            return iter([1])

    Thing.y = 6  # now it has no version
    for want in (b"[1]", b'{"z":5}', b'{"z":5}'):
        found = run(Thing(), option=MORE)
        assert found == want


scalars = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.text(max_size=6))
documents = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=15,
)


def disguised(document, draw):
    """The same in other containers."""
    if isinstance(document, list):
        items = [disguised(item, draw) for item in document]
        kinds = (list, tuple, Pair, collections.deque, lambda v: Steps(*v), collections.UserList)
        return kinds[draw() % len(kinds)](items)
    if isinstance(document, dict):
        items = {key: disguised(item, draw) for key, item in document.items()}
        kinds = (dict, types.MappingProxyType, Map, collections.UserDict, collections.ChainMap)
        return kinds[draw() % len(kinds)](items)
    return document


@given(
    documents,
    st.randoms(use_true_random=False),
    st.sets(st.sampled_from([planjson.OPT_INDENT_2, planjson.OPT_SORT_KEYS])).map(sum),
)
def test_containers_are_written_as_lists_and_dicts(document, random, option):
    other = disguised(document, lambda: random.randrange(1000))
    assert agreed(other, option=option | MORE) == planjson.dumps(document, option=option)


def test_nothing_is_imported():
    code = (
        "import sys, planjson\n"
        "class C: pass\n"
        "before = set(sys.modules)\n"
        "flags = planjson.OPT_SERIALIZE_MORE | planjson.OPT_SERIALIZE_DECIMAL\n"
        "planjson.dumps([C(), {1}, b'a', range(3)], default=lambda c: 1, option=flags)\n"
        "assert set(sys.modules) == before, set(sys.modules) - before\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
