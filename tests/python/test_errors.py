"""JSONEncodeError: orjson's first line, a path, a note with the path, the cause chained."""

import copy
import json
import pickle
import re
import traceback
from decimal import Decimal

import model
import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import Failure, fails, same, works
from runners import PATHS
from strategies import documents, keys

each_path = pytest.mark.parametrize("run", PATHS.values(), ids=PATHS)


class Bad:
    pass


BAD = "Type is not JSON serializable: Bad"


def raised(run, obj, **arguments):
    with pytest.raises(planjson.JSONEncodeError) as caught:
        run(obj, **arguments)
    return caught.value


def test_it_is_a_type_error():
    assert issubclass(planjson.JSONEncodeError, TypeError)
    assert planjson.JSONEncodeError.__name__ == "JSONEncodeError"
    assert planjson.JSONEncodeError.__module__.split(".")[0] == "planjson"


@pytest.mark.parametrize(
    ("obj", "path"),
    [
        (Bad(), "$"),
        ([Bad()], "$[0]"),
        ((1, Bad()), "$[1]"),
        ([1, [2, [3, Bad()]]], "$[1][1][1]"),
        ({"a": Bad()}, "$.a"),
        ({"a": {"b": {"c": Bad()}}}, "$.a.b.c"),
        ({"orders": [1, 2, 3, {"price": Bad()}]}, "$.orders[3].price"),
        ({"a": [{"b": [0, Bad()]}]}, "$.a[0].b[1]"),
        ({"a key": [Bad()]}, '$["a key"][0]'),
        ({"": Bad()}, '$[""]'),
        ({"1": Bad()}, '$["1"]'),
        ({"1a": Bad()}, '$["1a"]'),
        ({"a-b": Bad()}, '$["a-b"]'),
        ({"a.b": Bad()}, '$["a.b"]'),
        ({"_a1": Bad()}, "$._a1"),
        ({'q"q': Bad()}, '$["q\\"q"]'),
        ({"b\\b": Bad()}, '$["b\\\\b"]'),
        ({"]": Bad()}, '$["]"]'),
        ([*range(100), Bad()], "$[100]"),
        ([0.5] * 5000 + [Bad()], "$[5000]"),
        (["x" * 40] * 50 + [Bad()], "$[50]"),
        ([True] * 7 + [Bad()], "$[7]"),
        ([[1, 2], {"x": 1}, Bad(), Bad()], "$[2]"),
        ([{"x": 1}, {"y": {"z": []}}, {"y": [[], [Bad()]]}], "$[2].y[1][0]"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_path(obj, path):
    fails(obj, BAD, path)
    fails(obj, BAD, path, option=planjson.OPT_INDENT_2)
    fails(obj, BAD, path, option=planjson.OPT_SORT_KEYS)
    fails(obj, BAD, path, option=planjson.OPT_NON_STR_KEYS)


STEP = re.compile(r'\.(\w+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')


def follow(path, obj):
    """Go where a path says."""
    assert path.startswith("$")
    at = 1
    while at < len(path):
        step = STEP.match(path, at)
        assert step, f"not a step: {path[at:]!r}"
        name, index, quoted = step.groups()
        obj = obj[name if name is not None else int(index) if index else json.loads(quoted)]
        at = step.end()
    return obj


@given(st.data())
def test_the_path_leads_to_the_culprit(data):
    culprit = Bad()
    obj = culprit
    for _ in range(data.draw(st.integers(0, 6))):
        if data.draw(st.booleans()):
            before = data.draw(st.lists(documents(), max_size=3))
            obj = [*before, obj, *data.draw(st.lists(documents(), max_size=2))]
        else:
            before = data.draw(st.dictionaries(keys, documents(), max_size=3))
            key = data.draw(keys)
            obj = {**before, key: obj} if key not in before else {**before, "\x01 last": obj}
    found = fails(obj, BAD)
    assert follow(found.path, obj) is culprit


def test_line_breaks_in_keys_stay_out_of_the_path():
    found = fails({"two\nlines": Bad()}, BAD)
    assert found.path == '$["two\\nlines"]'


def test_path_of_integer_and_surrogate():
    fails({"a": [1, 1 << 64]}, model.NOT_64_BIT, "$.a[1]")
    fails({"a": ["x", "\ud800"]}, model.SURROGATES, "$.a[1]")
    fails({"a": [1 << 53]}, model.NOT_53_BIT, "$.a[0]", option=planjson.OPT_STRICT_INTEGER)


def test_path_of_a_key_leads_to_its_dict():
    for obj in ({"a": [{}, {1: 2}]}, {"a": [{}, {"x": 1, (): 2}]}, {"a": [{}, {"\ud800": 2}]}):
        found = fails(obj)
        assert found.path.startswith("$.a[1]")


def test_path_of_a_key_under_non_str_keys():
    found = fails({"a": {5: Bad()}}, BAD, option=planjson.OPT_NON_STR_KEYS)
    assert found.path in ('$.a["5"]', "$.a[5]")


def test_path_inside_an_answer_of_default():
    def hook(obj):
        return {"inner": [1, 1 << 64]}

    fails([Bad()], model.NOT_64_BIT, "$[0].inner[1]", default=hook)


def test_path_with_a_surrogate_key_above():
    """A path is a str that can be printed, whatever the keys were."""
    for run in PATHS.values():
        error = raised(run, {"fine": {"\ud800": 1}})
        error.path.encode()
        "".join(traceback.format_exception(error)).encode()


@each_path
def test_the_note_and_the_traceback(run):
    error = raised(run, {"orders": [{"price": Bad()}]})
    assert str(error) == BAD
    assert [note for note in error.__notes__ if "$.orders[0].price" in note]
    text = "".join(traceback.format_exception(error))
    assert BAD in text and "$.orders[0].price" in text


@each_path
def test_type_names(run):
    class Outer:
        class Inner:
            pass

    assert str(raised(run, Outer.Inner())) == "Type is not JSON serializable: Inner"
    assert str(raised(run, {1})) == "Type is not JSON serializable: set"
    assert str(raised(run, b"x")) == "Type is not JSON serializable: bytes"


def test_kinds_of_errors_alone():
    fails({1}, "Type is not JSON serializable: set", "$")
    fails("\ud800", model.SURROGATES, "$")
    fails(1 << 64, model.NOT_64_BIT, "$")
    fails({1: 1}, model.KEY_NOT_STR)
    fails({(): 1}, model.KEY_TYPE, option=planjson.OPT_NON_STR_KEYS)
    fails({1 << 64: 1}, model.KEY_NOT_64_BIT, option=planjson.OPT_NON_STR_KEYS)


def test_the_first_error_counts():
    wrongs = [Bad(), 1 << 64, "\ud800", {1: 1}]
    for first in wrongs:
        for second in wrongs:
            same([1, first, second])
            same({"a": first, "b": second})
            same([[first], second])
            same({"a": [1, "x", {"b": first}], "\ud800": second})
            same([first] * 40 + [second])


@each_path
@pytest.mark.parametrize("kind", [ValueError, KeyError, TypeError, RecursionError, MemoryError])
def test_what_the_hook_raises_is_chained(run, kind):
    mine = kind("mine")

    def hook(obj):
        raise mine

    error = raised(run, {"a": [1, Bad()]}, default=hook)
    assert str(error) == BAD
    assert error.path == "$.a[1]"
    assert error.__cause__ is mine
    assert mine.__traceback__ is not None


@each_path
@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_is_no_exception_is_not_lost(run, kind):
    """orjson chains these too; letting them through is just as well."""
    mine = kind("mine")

    def hook(obj):
        raise mine

    with pytest.raises((planjson.JSONEncodeError, kind)) as caught:
        run([Bad()], default=hook)
    assert caught.value is mine or caught.value.__cause__ is mine


@each_path
def test_an_encode_error_of_the_hook_is_chained_too(run):
    def hook(obj):
        return planjson.dumps({"inner": [obj]})

    error = raised(run, [1, Bad()], default=hook)
    assert error.path == "$[1]"
    assert isinstance(error.__cause__, planjson.JSONEncodeError)
    assert error.__cause__.path == "$.inner[0]"


@each_path
def test_the_cause_keeps_its_own_cause(run):
    def hook(obj):
        try:
            raise KeyError("first")
        except KeyError as error:
            raise ValueError("second") from error

    error = raised(run, Bad(), default=hook)
    assert isinstance(error.__cause__, ValueError)
    assert isinstance(error.__cause__.__cause__, KeyError)


def test_without_hook_no_cause():
    for run in PATHS.values():
        assert raised(run, Bad()).__cause__ is None
        assert raised(run, 1 << 64).__cause__ is None
        assert raised(run, Bad(), default=lambda obj: obj).__cause__ is None


@each_path
def test_each_error_is_new(run):
    first, second = raised(run, [Bad()]), raised(run, [1, Bad()])
    assert first is not second
    assert (first.path, second.path) == ("$[0]", "$[1]")
    assert len(first.__notes__) == len(second.__notes__)


@each_path
def test_raised_while_another_is_handled(run):
    try:
        raise LookupError("outer")
    except LookupError:
        error = raised(run, Bad())
    assert isinstance(error.__context__, LookupError)
    assert error.__cause__ is None


@each_path
def test_works_again_after_an_error(run):
    for _ in range(50):
        raised(run, {"a": ["x" * 100, {"b": [1, 2, 3, 4, 5, Bad()]}]})
        assert run({"a": [1, "b"]}) == b'{"a":[1,"b"]}'


def test_it_can_be_made_copied_and_pickled():
    error = planjson.JSONEncodeError("text")
    assert str(error) == "text"
    caught = raised(PATHS["direct"], {"a": Bad()})
    for twin in (copy.copy(caught), pickle.loads(pickle.dumps(caught))):
        assert type(twin) is planjson.JSONEncodeError
        assert str(twin) == str(caught)
        assert twin.path == "$.a"


def test_long_paths_and_long_keys():
    found = fails({"k" * 10_000: Bad()}, BAD)
    assert found.path.startswith("$.kkkk") or found.path.startswith('$["kkkk')
    obj = Bad()
    for depth in range(250):
        obj = {"a": obj} if depth % 2 else [0, obj]
    assert follow(fails(obj, BAD).path, obj).__class__ is Bad


def test_errors_after_much_was_written():
    rows = [{"id": n, "name": f"row {n}" * 5, "values": [n / 7] * 20} for n in range(2000)]
    rows.append({"id": 1, "name": Bad()})
    fails(rows, BAD, "$[2000].name")


@given(documents(), documents())
def test_errors_do_not_change_what_comes_after(before, after):
    fails([before, Bad()], BAD, "$[1]")
    works(after)


@given(documents(st.one_of(st.integers(), st.text(), st.builds(Bad))))
def test_documents_with_several_errors(obj):
    found = same(obj)
    assert isinstance(found, (bytes, Failure))


def circle():
    obj = []
    obj.append(obj)
    return obj


@each_path
@pytest.mark.parametrize(
    ("obj", "arguments", "said"),
    [
        (Bad(), {}, "default= or encoders="),
        (1 << 64, {}, "OPT_BIG_INTEGER"),
        ({1.5: 2}, {}, "a key is of type float: OPT_NON_STR_KEYS"),
        ({(1,): 2}, {"option": planjson.OPT_SORT_KEYS}, "a key is of type tuple"),
        ("\ud800", {}, "a lone surrogate"),
        (circle(), {}, "perhaps in a circle"),
        (Bad(), {"default": lambda obj: obj}, "asked for again"),
        (Decimal(1), {}, "OPT_SERIALIZE_DECIMAL writes it; default= or encoders="),
        ({1}, {"option": planjson.OPT_SERIALIZE_DECIMAL}, "OPT_SERIALIZE_MORE writes it"),
        (b"x", {}, "OPT_SERIALIZE_MORE writes it"),
        ({(1,): 2}, {"option": planjson.OPT_NON_STR_KEYS}, "a key is of type tuple: encoders="),
        ({1 << 64: 2}, {"option": planjson.OPT_NON_STR_KEYS}, "OPT_BIG_INTEGER"),
    ],
)
def test_the_last_note_says_what_to_do(run, obj, arguments, said):
    error = raised(run, {"a": obj}, **arguments)
    assert error.__notes__[0] == f"at {error.path}"
    assert said in error.__notes__[-1]
    assert len(error.__notes__) == 2


@each_path
def test_no_note_says_what_to_do_where_something_was_raised(run):
    """The cause says what is wrong: there is a default already."""
    error = raised(run, [Bad()], default=lambda obj: 1 // 0)
    assert type(error.__cause__) is ZeroDivisionError
    assert error.__notes__ == ["at $[0]"]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (1 << 30 | 1 << 27 | 1, "bits that no OPT_ flag has: 0x48000000"),
        ("2", "not str"),
        (True, "not bool"),
        (-1, "an int of OPT_ flags"),
        (1 << 70, "an int of OPT_ flags"),
    ],
)
def test_the_note_on_bad_options(option, said):
    for run in (planjson.dumps, planjson.plan, planjson.compile):
        with pytest.raises(planjson.JSONEncodeError) as caught:
            run(1, option=option)
        assert str(caught.value) == "Invalid opts"
        assert said in caught.value.__notes__[-1]
