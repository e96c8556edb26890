"""JSON that has been serialised already."""

import gc
import io
import weakref

import oracle
import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed
from strategies import options, texts

orjson = oracle.orjson
INDENT = planjson.OPT_INDENT_2
NOT_A_FRAGMENT = "content is not of type bytes or str"


def check(document_of, **arguments):
    """planjson's Fragments and orjson's do the same."""
    found = agreed(document_of(planjson.Fragment), **arguments)
    if orjson is None:
        return found
    try:
        want = orjson.dumps(document_of(orjson.Fragment), **arguments)
    except orjson.JSONEncodeError as error:
        assert found.text == str(error).replace("orjson.Fragment", "planjson.Fragment")
    else:
        assert found == want
    return found


@pytest.mark.parametrize(
    "contents",
    [
        b"",
        "",
        b"{}",
        "[1]",
        b'{"a": [1, 2]}',
        b"1,",
        ",",
        b"]",
        "é",
        "中\U0001f600",
        b"\xff",
        b"x" * 64,
        b"x" * 65,
        "y" * 100_000,
        "é" * 100_000,
    ],
    ids=lambda contents: repr(contents[:10]),
)
@pytest.mark.parametrize("option", [0, INDENT, planjson.OPT_SORT_KEYS, planjson.OPT_APPEND_NEWLINE])
def test_contents(contents, option):
    assert check(lambda make: make(contents), option=option) is not None
    check(lambda make: [make(contents), 1, make(contents)], option=option)
    check(lambda make: {"a": make(contents), "b": {"c": make(contents)}}, option=option)


def test_what_is_written():
    text = '{"a":1}'
    assert check(lambda make: [make(text), make(text.encode())]) == b'[{"a":1},{"a":1}]'


class Text(str): ...


class Bytes(bytes): ...


@pytest.mark.parametrize(
    "contents",
    [Text("1"), Bytes(b"1"), bytearray(b"1"), memoryview(b"1"), 1, None, ["1"]],
    ids=lambda contents: type(contents).__name__,
)
def test_other_contents(contents):
    found = check(lambda make: [make(contents)])
    assert found.text == f"planjson.Fragment's {NOT_A_FRAGMENT}"
    assert found.path == "$[0]"


def test_surrogates():
    found = check(lambda make: {"a": make("\ud800")})
    assert found.text == "str is not valid UTF-8: surrogates not allowed"
    assert found.path == "$.a"


def test_keys():
    check(lambda make: {make("1"): 1}, option=planjson.OPT_NON_STR_KEYS)


def test_arguments():
    for arguments in ((), ("1", "2")):
        with pytest.raises(TypeError):
            planjson.Fragment(*arguments)
    with pytest.raises(TypeError):
        planjson.Fragment(contents="1")
    with pytest.raises(TypeError):
        type("Sub", (planjson.Fragment,), {})


def test_from_default():
    found = agreed([object()] * 3, default=lambda _: planjson.Fragment("[]"))
    assert found == b"[[],[],[]]"


def test_a_plan_keeps_a_copy():
    fragments = [planjson.Fragment(b"x" * n) for n in (1, 64, 65, 5000)]
    plan = planjson.plan(fragments)
    want = planjson.dumps(fragments)
    del fragments
    gc.collect()
    assert plan.emit() == want


def test_circles_are_collected():
    class Holder:
        fragment = None

    holder = Holder()
    holder.fragment = planjson.Fragment(holder)
    watch = weakref.ref(holder)
    del holder
    gc.collect()
    # A Fragment never lets go; somebody else in the circle has to, and an instance can.
    assert watch() is None


@given(st.lists(st.one_of(texts, st.binary(max_size=200)), max_size=6), options())
def test_any_contents(contents, option):
    check(lambda make: [make(each) for each in contents], option=option)
    check(lambda make: {str(i): make(each) for i, each in enumerate(contents)}, option=option)


@pytest.mark.parametrize(
    "plan", [False, True, planjson.compile()], ids=["direct", "plan", "cached"]
)
@pytest.mark.parametrize("before", [0, 100_000])
def test_bytes_that_are_no_text(plan, before):
    """They are passed through as bytes, and cannot become a str."""
    obj = ["é" * before, planjson.Fragment(b'"\xff"')]
    assert planjson.dumps(obj, plan=plan).endswith(b'"\xff"]')
    runs = [
        lambda: planjson.dumps_str(obj, plan=plan),
        lambda: planjson.dump(obj, io.StringIO(), plan=plan),
        lambda: planjson.dump_lines([1, obj], io.StringIO(), plan=plan),
    ]
    paths = ("$[1]", "$[1]", "$[1][1]")
    for run, path in zip(runs, paths, strict=True):
        with pytest.raises(planjson.JSONEncodeError, match="not valid UTF-8") as caught:
            run()
        assert caught.value.path == path
        assert planjson.dumps_str([1], plan=plan) == "[1]"


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b'"\xed\xa0\x80"'])
@pytest.mark.parametrize("count", [1, 2, 40])
def test_lines_before_bytes_that_are_no_text_are_whole(bad, count):
    rows = [*[{"a": 1}] * 3, *[planjson.Fragment(b"1")] * count, planjson.Fragment(bad)]
    plan = planjson.compile()
    for write in (planjson.dump_lines, plan.dump_lines):
        file = io.StringIO()
        with pytest.raises(planjson.JSONEncodeError) as caught:
            write(rows, file)
        assert caught.value.path == f"$[{len(rows) - 1}]"
        assert file.getvalue() == '{"a":1}\n' * 3 + "1\n" * count
        binary = io.BytesIO()
        write(rows, binary)
        assert binary.getvalue().endswith(b"1\n" + bad + b"\n")
