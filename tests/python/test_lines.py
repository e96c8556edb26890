"""dumps_lines and dump_lines: a document a line, from any iterable."""

import io
import json

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import documents
from watched import Watched

PIECE = 64 * 1024

ROW = {"id": 1, "name": "é中\U0001f600", "list": [1.5, None, True, [], {}]}


def joined(objects, **arguments):
    return b"".join(planjson.dumps(obj, **arguments) + b"\n" for obj in objects)


def to_file(objects, *more, **arguments):
    file = io.BytesIO()
    assert planjson.dump_lines(objects, file, *more, **arguments) is None
    return file.getvalue()


def to_text(objects, *more, **arguments):
    file = io.StringIO()
    planjson.dump_lines(objects, file, *more, **arguments)
    return file.getvalue().encode()


WAYS = {"bytes": planjson.dumps_lines, "file": to_file, "text": to_text}
each_way = pytest.mark.parametrize("run", WAYS.values(), ids=WAYS)


class Parts:
    def __init__(self):
        self.parts = []

    def write(self, data):
        self.parts.append(data)


@each_way
@pytest.mark.parametrize("plan", [False, True])
@given(
    objects=st.lists(documents(), max_size=5),
    option=st.sampled_from([None, planjson.OPT_SORT_KEYS, planjson.OPT_NON_STR_KEYS]),
)
def test_lines_are_documents(run, plan, objects, option):
    try:
        want = joined(objects, option=option)
    except planjson.JSONEncodeError:
        with pytest.raises(planjson.JSONEncodeError):
            run(objects, option=option, plan=plan)
        return
    out = run(iter(objects), option=option, plan=plan)
    assert out == want
    assert out.count(b"\n") == len(objects)


@each_way
def test_any_iterable(run):
    rows = [{"a": 1}, [2], "3"]
    for iterable in (rows, tuple(rows), iter(rows), (row for row in rows), map(dict, [{}, {}])):
        assert run(iterable)
    assert run([]) == b""
    assert run({"a": 1, "b": 2}) == b'"a"\n"b"\n'
    assert run("ab") == b'"a"\n"b"\n'
    assert run(range(3)) == b"0\n1\n2\n"


class OnlyGetItem:
    def __getitem__(self, i):
        if i == 3:
            raise IndexError
        return [i]


@each_way
def test_an_old_sequence(run):
    assert run(OnlyGetItem()) == b"[0]\n[1]\n[2]\n"


@each_way
def test_long_and_short_lines(run):
    rows = [
        ROW,
        ["x" * 200_000],
        ROW,
        "y" * (PIECE - 3),
        "z" * (PIECE - 2),
        ROW,
        ["é" * 90_000],
    ] * 3
    assert run(rows) == joined(rows)
    assert run([ROW] * 20_000) == joined([ROW] * 20_000)


@each_way
def test_hooks_and_options(run):
    assert run([{1}, {2}], sorted) == b"[1]\n[2]\n"
    assert run([{"b": 1, "a": 2}], None, planjson.OPT_SORT_KEYS) == b'{"a":2,"b":1}\n'
    assert run([1], option=planjson.OPT_APPEND_NEWLINE) == b"1\n"


@each_way
def test_no_indentation(run):
    for arguments in ({"option": planjson.OPT_INDENT_2}, {"indent": 4}):
        with pytest.raises(TypeError, match=r"lines\(\) writes each document in one line"):
            run([1], **arguments)


@each_way
@pytest.mark.parametrize("bad", [{1}, "\ud800", 1 << 64, {1: 2}])
@pytest.mark.parametrize("n", [0, 1, 5, 5000])
def test_an_error_says_the_line(run, bad, n):
    def rows():
        yield from [ROW] * n
        yield {"a": [0, bad]}
        raise AssertionError("nobody asks for more")

    with pytest.raises(planjson.JSONEncodeError) as caught:
        run(rows())
    assert caught.value.path == f"$[{n}].a[1]"
    assert caught.value.__notes__[0] == f"at $[{n}].a[1] (line {n + 1})"


def test_a_bad_line_itself():
    with pytest.raises(planjson.JSONEncodeError) as caught:
        planjson.dumps_lines([1, {2}])
    assert caught.value.path == "$[1]"
    assert caught.value.__notes__[0] == "at $[1] (line 2)"


@pytest.mark.parametrize("n", [0, 1, 5, 3000])
@pytest.mark.parametrize("plan", [False, True])
def test_the_lines_before_an_error_are_whole(n, plan):
    for bad in ([ROW] * 2000 + [{1}], {1}):
        file = Parts()
        with pytest.raises(planjson.JSONEncodeError):
            planjson.dump_lines([*([ROW] * n), bad, ROW], file, plan=plan)
        assert b"".join(file.parts) == joined([ROW] * n)


class Mine(Exception):
    pass


@pytest.mark.parametrize("kind", [Mine, TypeError, KeyboardInterrupt, StopAsyncIteration])
def test_what_the_iterable_raises_is_passed_on(kind):
    mine = kind("mine")

    def rows():
        yield from [ROW] * 5
        raise mine

    file = Parts()
    with pytest.raises(kind) as caught:
        planjson.dump_lines(rows(), file)
    assert caught.value is mine and not getattr(mine, "__notes__", None)
    assert b"".join(file.parts) == joined([ROW] * 5)
    with pytest.raises(kind):
        planjson.dumps_lines(rows())


@pytest.mark.parametrize("at", [0, 2])
def test_what_write_raises_is_passed_on(at):
    mine = Mine()
    calls = []
    given = []

    def rows():
        for n in range(10_000):
            given.append(n)
            yield ROW

    class File:
        def write(self, data):
            calls.append(data)
            if len(calls) > at:
                raise mine

    with pytest.raises(Mine) as caught:
        planjson.dump_lines(rows(), File())
    assert caught.value is mine
    assert len(calls) == at + 1, "a broken file gets no more"
    assert len(given) < 10_000
    assert all(part.endswith(b"\n") for part in calls)


def test_two_errors():
    """The file fails while the lines before a bad one are written."""

    class File:
        def write(self, data):
            raise Mine

    with pytest.raises(Mine) as caught:
        planjson.dump_lines([1, {2}], File())
    assert isinstance(caught.value.__context__, planjson.JSONEncodeError)
    assert caught.value.__context__.path == "$[1]"


def test_pieces_are_whole_lines():
    file = Parts()
    planjson.dump_lines((ROW for _ in range(10_000)), file)
    assert len(file.parts) > 5
    assert all(part.endswith(b"\n") for part in file.parts)
    assert all(PIECE // 2 < len(part) <= PIECE for part in file.parts[:-1])
    for line in b"".join(file.parts).splitlines():
        json.loads(line)


def test_memory_is_bounded():
    file = Watched()
    planjson.dump_lines(({"n": n, "text": "x" * 100} for n in range(300_000)), file)
    assert file.written > 30_000_000
    assert file.grown < 8_000_000


def test_objects_are_let_go():
    class Row(list):
        alive = 0

        def __init__(self):
            super().__init__([1])
            Row.alive += 1

        def __del__(self):
            Row.alive -= 1

    def rows():
        for _ in range(100):
            assert Row.alive == 0
            yield Row()

    assert planjson.dumps_lines(rows()) == b"[1]\n" * 100


def test_arguments():
    for obj in (5, None, object()):
        with pytest.raises(TypeError, match="not iterable"):
            planjson.dumps_lines(obj)
    with pytest.raises(TypeError, match=r"dumps_lines\(\) missing 1 .*'iterable'"):
        planjson.dumps_lines()
    with pytest.raises(TypeError, match=r"dump_lines\(\) missing 1 .*'fp'"):
        planjson.dump_lines([1])
    with pytest.raises(TypeError, match=r"dump_lines\(\) argument 'fp' must be a file object"):
        planjson.dump_lines([1], "x")
    with pytest.raises(TypeError, match="takes from 2 to 4 positional"):
        planjson.dump_lines([1], io.BytesIO(), None, None, None)
