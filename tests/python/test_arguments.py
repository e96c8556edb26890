"""How dumps() and plan() take and refuse their arguments."""

import enum
import inspect
import json
from itertools import permutations, product
from operator import mul

import planjson
import pytest
from paths import agreed, works
from runners import PATHS

each_path = pytest.mark.parametrize("run", PATHS.values(), ids=PATHS)
each_function = pytest.mark.parametrize("function", [planjson.dumps, planjson.plan])

FLAGS = {
    "OPT_INDENT_2": 1,
    "OPT_NON_STR_KEYS": 4,
    "OPT_SORT_KEYS": 32,
    "OPT_STRICT_INTEGER": 64,
    "OPT_PASSTHROUGH_SUBCLASS": 256,
    "OPT_APPEND_NEWLINE": 1024,
}
OWN_FLAGS = {
    "OPT_BIG_INTEGER": 1 << 16,
    "OPT_SERIALIZE_DECIMAL": 1 << 17,
    "OPT_NAN_ERROR": 1 << 18,
    "OPT_OMIT_NONE": 1 << 19,
    "OPT_ENSURE_ASCII": 1 << 20,
    "OPT_ESCAPE_HTML": 1 << 21,
    "OPT_SERIALIZE_MORE": 1 << 22,
    "OPT_NAMEDTUPLE_AS_OBJECT": 1 << 23,
}
ORJSONS = sum(FLAGS.values())
KNOWN = 0
for name in dir(planjson):
    if name.startswith("OPT_"):
        KNOWN |= getattr(planjson, name)


def written(result):
    return result if isinstance(result, bytes) else result.emit()


@pytest.mark.parametrize(("name", "value"), [*FLAGS.items(), *OWN_FLAGS.items()])
def test_options_have_the_values_of_orjson_or_their_own(name, value):
    assert getattr(planjson, name) == value
    assert type(getattr(planjson, name)) is int


@each_function
def test_positional_and_keyword(function):
    def hook(obj):
        return "h"

    obj = {"b": 1, "a": 1j}
    want = b'{"a":"h","b":1}'
    assert written(function(obj, hook, 32)) == want
    assert written(function(obj, hook, option=32)) == want
    assert written(function(obj, default=hook, option=32)) == want
    assert written(function(obj, option=32, default=hook)) == want
    named = {"option": 32, "default": hook}
    assert written(function(obj, **named)) == want
    del named["default"]
    assert written(function(*(obj, hook), **named)) == want


@each_function
def test_none_means_not_given(function):
    assert written(function([1], None, None)) == b"[1]"
    assert written(function([1], default=None, option=None)) == b"[1]"
    assert written(function([1], option=0)) == b"[1]"


def test_plan_is_a_keyword_of_dumps():
    assert planjson.dumps([1], plan=True) == b"[1]"
    assert planjson.dumps([1], plan=False) == b"[1]"
    assert planjson.dumps([1j], str, 1024, plan=True) == b'["1j"]\n'
    with pytest.raises(TypeError):
        planjson.dumps([1], None, None, True)
    with pytest.raises(TypeError):
        planjson.plan([1], plan=True)


@pytest.mark.parametrize("plan", [False, True])
@pytest.mark.parametrize(("option", "indent"), product((0, 32, 33), (None, 2, 3)))
def test_any_arguments_by_name_in_any_order(plan, option, indent):
    """The small documents of most calls have ways of their own to be asked for."""
    if option & 1 and indent:
        pytest.skip("two indents")
    lines = 2 if option & 1 else indent
    for obj in ({"b": [1], "a": None}, {"b": 1j, "a": {}}, {"b": [[2]] * 3000, "a": "ä"}):
        want = json.dumps(
            obj,
            default=str,
            sort_keys=option & 32 != 0,
            ensure_ascii=False,
            indent=lines,
            separators=(",", ": " if lines else ":"),
        )
        given = {"default": str, "option": option, "indent": indent, "plan": plan}
        for names in permutations(given):
            arguments = {name: given[name] for name in names}
            assert planjson.dumps(obj, **arguments).decode() == want
            assert planjson.dumps_str(obj, **arguments) == want
            if indent is None:
                del arguments["indent"]
                assert planjson.dumps(obj, **arguments).decode() == want


def test_keyword_names_made_at_run_time():
    """Equal, but not the same, as the interned names."""
    name = "".join(["op", "ti", "on"])
    assert planjson.dumps({"b": 1, "a": 2}, **{name: 32}) == b'{"a":2,"b":1}'
    assert planjson.dumps([1], **{"".join(["pl", "an"]): True}) == b"[1]"


@each_function
def test_no_object(function):
    with pytest.raises(TypeError, match="obj"):
        function()
    with pytest.raises(TypeError):
        function(default=None)


@each_function
def test_the_object_is_positional_only(function):
    with pytest.raises(TypeError):
        function(obj=1)
    with pytest.raises(TypeError):
        function(__obj=1)


@each_function
@pytest.mark.parametrize(
    "name", ["foo", "defaults", "options", "indent_", "Default", "é", "", "\ud800"]
)
def test_unknown_keyword(function, name):
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        function(1, **{name: 1})


@each_function
def test_names_of_a_subclass_of_str(function):
    class Name(str):
        __slots__ = ()

    function([1], **{Name("option"): planjson.OPT_SORT_KEYS})
    with pytest.raises(TypeError, match="unexpected keyword argument 'foo'"):
        function([1], **{Name("foo"): 1})


@each_function
def test_given_twice(function):
    with pytest.raises(TypeError, match=r"multiple values.*'default'"):
        function(1, None, default=None)
    with pytest.raises(TypeError, match=r"multiple values.*'option'"):
        function(1, None, 0, option=0)


@each_function
def test_too_many(function):
    with pytest.raises(TypeError):
        function(1, None, None, None)
    with pytest.raises(TypeError):
        function(1, None, None, None, None, None)


class SubInt(int):
    pass


class Flag(enum.IntFlag):
    SORT = 32


@each_path
@pytest.mark.parametrize(
    "option",
    ["a", "32", 1.0, True, False, b"1", [], (), object(), 1j],
    ids=repr,
)
def test_option_of_another_type(run, option):
    with pytest.raises(TypeError, match="Invalid opts"):
        run([1], option=option)


@each_path
@pytest.mark.parametrize("option", [SubInt(32), Flag.SORT], ids=repr)
def test_option_of_a_subclass_of_int(run, option):
    """orjson refuses it; taking it for the int that it is does no harm."""
    try:
        assert run({"b": 1, "a": 2}, option=option) == b'{"a":2,"b":1}'
    except TypeError as error:
        assert str(error) == "Invalid opts"


@each_path
@pytest.mark.parametrize(
    "option",
    [
        *(1 << bit for bit in range(64) if not KNOWN >> bit & 1),
        -1,
        -32,
        -(1 << 63),
        1 << 64,
        (1 << 64) + 32,
        (1 << 32) + 32,
        1 << 200,
        KNOWN | 1 << 15,
        KNOWN | 1 << 31,
    ],
)
def test_unknown_option_bits(run, option):
    with pytest.raises(TypeError, match="Invalid opts"):
        run([1], option=option)


@each_path
def test_refused_before_the_object_is_looked_at(run):
    def hook(obj):
        raise AssertionError("not asked")

    with pytest.raises(TypeError, match="Invalid opts"):
        run([1j], default=hook, option=1 << 15)


def test_all_known_options_together():
    obj = {"b": [1, {"d": (), 3: 4}], "a": "x"}
    for option in range(ORJSONS + 1):
        if option & ~ORJSONS == 0:
            works(obj, option=option | FLAGS["OPT_NON_STR_KEYS"])
    want = works(obj, option=FLAGS["OPT_NON_STR_KEYS"])
    for own in product((0, 1), repeat=len(OWN_FLAGS)):
        flags = sum(map(mul, own, OWN_FLAGS.values()))
        assert agreed(obj, option=flags | FLAGS["OPT_NON_STR_KEYS"]) == want


def test_many_calls_in_every_form():
    for _ in range(1000):
        assert planjson.dumps(1, option=1024) == b"1\n"
        assert planjson.dumps(1, None, 1024, plan=True) == b"1\n"


def test_signatures():
    assert str(inspect.signature(planjson.dumps)) in (
        "(obj, /, default=None, option=None, *, indent=None, plan=False, encoders=None)",
        "(obj, /, default=None, option=None, *, indent=None, plan=..., encoders=None)",
    )
    want = "(obj, /, default=None, option=None, *, indent=None, encoders=None)"
    assert str(inspect.signature(planjson.plan)) == want


def test_documented():
    for thing in (
        planjson,
        planjson.dumps,
        planjson.plan,
        planjson.Plan,
        planjson.Plan.emit,
        planjson.Plan.explain,
        planjson.JSONEncodeError,
        planjson.thresholds,
        planjson.set_thresholds,
        planjson.build_info,
    ):
        assert thing.__doc__, thing
