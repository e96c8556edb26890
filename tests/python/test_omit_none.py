"""OPT_OMIT_NONE: members without a value are left out."""

import collections
import dataclasses
import enum

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, works
from strategies import documents

OMIT = planjson.OPT_OMIT_NONE
SORT = planjson.OPT_SORT_KEYS
NON_STR = planjson.OPT_NON_STR_KEYS
EACH = [OMIT, OMIT | SORT, OMIT | NON_STR, OMIT | SORT | NON_STR]

each_option = pytest.mark.parametrize("option", EACH)


def without_none(obj):
    """What is left, by plain Python."""
    if isinstance(obj, dict):
        return {key: without_none(value) for key, value in obj.items() if value is not None}
    if isinstance(obj, (list, tuple)):
        return [without_none(item) for item in obj]
    return obj


@each_option
def test_members_go_and_elements_stay(option):
    obj = {"a": None, "b": [None, {"c": None, "d": 1}, (None,)], "c": 0, "d": "", "e": False}
    assert agreed(obj, option=option) == b'{"b":[null,{"d":1},[null]],"c":0,"d":"","e":false}'


@each_option
def test_nothing_left(option):
    assert agreed({"a": None, "b": None}, option=option) == b"{}"
    assert agreed([{"a": None}], option=option) == b"[{}]"
    assert agreed({"a": {"b": None}}, option=option) == b'{"a":{}}'
    assert agreed([{"a": None}, 1], option=option, indent=1) == b"[\n {},\n 1\n]"
    assert agreed({"a": {"b": None}, "c": None}, option=option, indent=1) == b'{\n "a": {}\n}'


@each_option
def test_the_document_itself(option):
    assert agreed(None, option=option) == b"null"
    assert agreed([None] * 5, option=option) == b"[null,null,null,null,null]"


@each_option
def test_first_middle_last(option):
    for absent in range(1 << 5):
        obj = {f"k{n}": None if absent >> n & 1 else n for n in range(5)}
        assert agreed(obj, option=option) == works(without_none(obj))
        assert agreed([obj] * 3, option=option) == works([without_none(obj)] * 3)


@each_option
def test_rows_with_holes_here_and_there(option):
    rows = [{"b": n, "a": None if n % 3 else n, "c": n if n % 5 else None} for n in range(300)]
    want = works(without_none(rows), option=option & SORT)
    assert agreed(rows, option=option) == want


@each_option
def test_what_a_hook_returns_is_a_value(option):
    """The member has a value: that the hook makes None of it is another matter."""
    assert agreed({"a": 1j, "b": None}, default=lambda obj: None, option=option) == b'{"a":null}'
    made = {"x": None, "y": 1}
    assert agreed({"a": 1j}, default=lambda obj: made, option=option) == b'{"a":{"y":1}}'


def test_keys_of_what_is_left_out_are_not_looked_at():
    for option in (OMIT, OMIT | SORT):
        assert agreed({1: None, "a": 1, "\ud800": None}, option=option) == b'{"a":1}'
    assert agreed({object: None, 1: 2}, option=OMIT | NON_STR) == b'{"1":2}'
    assert agreed({1: 1, "a": None}, option=OMIT).text == "Dict key must be str"


@each_option
def test_errors_name_the_place(option):
    found = agreed({"a": None, "b": [{"c": None, "d": object()}]}, option=option)
    assert (found.text, found.path) == ("Type is not JSON serializable: object", "$.b[0].d")


@each_option
def test_dicts_that_lost_members(option):
    obj = {f"key{n}": n for n in range(50)}
    for n in range(0, 50, 3):
        del obj[f"key{n}"]
    for n in range(1, 50, 6):
        obj[f"key{n}"] = None
    assert agreed(obj, option=option) == works(without_none(obj), option=option & SORT)


class Dict(dict):
    pass


@each_option
def test_subclasses_and_instances(option):
    class Instance:
        def __init__(self):
            self.b, self.a, self.c = 1, None, None

    assert agreed(Dict(a=None, b=1), option=option) == b'{"b":1}'
    assert agreed(vars(Instance()), option=option) == b'{"b":1}'


@each_option
def test_hooks_that_change_the_dict(option):
    def run():
        obj = {"a": 1j, "b": None, "c": 1, "d": 2}

        def hook(_):
            obj["b"] = 5
            obj["c"] = None
            return 0

        return obj, hook

    outcomes = set()
    for plan in (False, True):
        obj, hook = run()
        outcomes.add(planjson.dumps(obj, hook, option, plan=plan))
    obj, hook = run()
    outcomes.add(planjson.plan(obj, hook, option).emit())
    assert len(outcomes) == 1


def test_without_the_option():
    works({"a": None}, b'{"a":null}')
    fails({1: None}, "Dict key must be str")


@given(documents(), st.sampled_from(EACH))
def test_any_document(obj, option):
    assert agreed(obj, option=option) == works(without_none(obj), option=option & ~OMIT)


# All that become objects.


@dataclasses.dataclass
class Plain:
    a: object = None
    b: object = 1
    _c: object = None
    d: object = None


@dataclasses.dataclass(slots=True)
class Slots:
    a: object = None
    b: object = 1
    _c: object = None
    d: object = None


@dataclasses.dataclass
class Asked:
    """One whose attributes have to be asked for."""

    a: object = None
    b: object = 1
    _c: object = None
    d: object = None

    __slots__ = ("__dict__",)


class Empty(enum.Enum):
    NONE = None


each_class = pytest.mark.parametrize("cls", [Plain, Slots, Asked])


@each_option
@each_class
def test_dataclasses(cls, option):
    assert agreed(cls(), option=option) == b'{"b":1}'
    assert agreed(cls(b=None), option=option) == b"{}"
    assert agreed(cls(0, None, 1, ""), option=option) == b'{"a":0,"d":""}'
    assert agreed([cls()] * 3, option=option) == b'[{"b":1},{"b":1},{"b":1}]'
    assert agreed({"a": cls(cls(), cls(d=[None]))}, option=option) == (
        b'{"a":{"a":{"b":1},"b":{"b":1,"d":[null]}}}'
    )
    assert agreed([cls(b=None), 1], option=option, indent=1) == b"[\n {},\n 1\n]"
    assert agreed(cls(), option=option, indent=1) == b'{\n "b": 1\n}'


@each_option
@each_class
def test_dataclasses_whose_attributes_changed(cls, option):
    obj = cls()
    obj.a, obj.b = 1, None
    assert agreed([obj, cls()], option=option) == b'[{"a":1},{"b":1}]'
    if cls is Plain:
        obj.more, obj.none = 2, None
        assert agreed([obj, cls()], option=option) == b'[{"a":1,"more":2},{"b":1}]'
        del obj.a
        obj.__dict__["a"] = 5
        assert agreed([obj], option=option) == b'[{"more":2,"a":5}]'


@each_option
@each_class
def test_what_becomes_of_a_value_does_not_count(cls, option):
    assert agreed(cls(Empty.NONE, None), option=option) == b'{"a":null}'
    assert agreed(cls(1j, None), default=lambda _: None, option=option) == b'{"a":null}'
    assert agreed(cls(1j, d=2), default=lambda _: cls(), option=option) == (
        b'{"a":{"b":1},"b":1,"d":2}'
    )


def test_records():
    option = OMIT | planjson.OPT_SERIALIZE_MORE
    pair = collections.namedtuple("pair", "a b")
    as_object = option | planjson.OPT_NAMEDTUPLE_AS_OBJECT
    assert agreed(pair(None, 1), option=as_object) == b'{"b":1}'
    assert agreed(pair(None, 1), option=option) == b"[null,1]"
    assert agreed(collections.ChainMap({"a": None, "b": 1}), option=option) == b'{"b":1}'


@each_class
@given(st.lists(documents(), min_size=4, max_size=4), st.sampled_from([OMIT, OMIT | NON_STR]))
def test_any_dataclass(cls, values, option):
    fields = {"a": values[0], "b": values[1], "d": values[3]}
    want = works([without_none(fields)], option=option & ~OMIT)
    assert agreed([cls(*values)], option=option) == want
