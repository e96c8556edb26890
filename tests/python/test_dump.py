"""dump: the bytes of dumps, piece by piece, to whatever has a method write."""

import codecs
import gzip
import io
import os
import tempfile
import warnings

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import Failure, outcome
from runners import GIL, brief
from strategies import documents
from watched import Watched

INDENT = planjson.OPT_INDENT_2
SORT = planjson.OPT_SORT_KEYS
KEYS = planjson.OPT_NON_STR_KEYS
NEWLINE = planjson.OPT_APPEND_NEWLINE
OPTIONS = [None, INDENT, SORT, KEYS, NEWLINE, INDENT | SORT | KEYS | NEWLINE]

# More than a piece, and not much more than a piece, of text.
PIECE = 64 * 1024
MOST = 2 * PIECE


class Sink:
    """Takes all and says nothing, as many objects that are like files."""

    def __init__(self):
        self.parts = []

    def write(self, data):
        assert type(data) is bytes
        self.parts.append(data)

    def getvalue(self):
        return b"".join(self.parts)


class Raw(io.RawIOBase):
    """Takes what it likes."""

    def __init__(self, answers):
        self.answers = answers
        self.parts = []

    def writable(self):
        return True

    def write(self, data):
        answer = self.answers(len(data))
        if isinstance(answer, int) and 0 <= answer <= len(data):
            self.parts.append(bytes(data[:answer]))
        return answer


def dumped(obj, **arguments):
    file = io.BytesIO()
    assert planjson.dump(obj, file, **arguments) is None
    return file.getvalue()


def texted(obj, **arguments):
    file = io.StringIO()
    planjson.dump(obj, file, **arguments)
    return file.getvalue().encode()


def agree(obj, **arguments):
    want = outcome(planjson.dumps, obj, **arguments)
    for way in (dumped, texted):
        got = outcome(way, obj, **arguments)
        assert got == want, f"{brief(got)} != {brief(want)}"
    return want


ROW = {"id": 1, "name": "a name", "é": "中\U0001f600", "list": [1.5, None, True, []], "dict": {}}

LARGE = {
    "rows": [ROW] * 3000,
    "nested": {"a": [{"b": {"c": [ROW] * 3000}}]},
    "dict": {f"key {n}": [n, ROW] for n in range(3000)},
    "ints": [*range(60_000), 1 << 63, *range(1000)],
    "floats": [n / 7 for n in range(20_000)],
    "bools": [True, False] * 40_000,
    "strs": ["some text", "é" * 50] * 10_000,
    "long strs": ["x" * 200_000, "中" * 100_000] * 3,
    "mixed": [1, 2.5, None, "x", True] * 20_000,
    "tuple": (tuple(range(10)),) * 10_000,
    "a str": "\n" * 300_000,
    "empty": [[], {}, ()] * 40_000,
}


@given(documents(), st.sampled_from(OPTIONS))
def test_it_is_what_dumps_returns(obj, option):
    agree(obj, option=option)


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("name", LARGE)
def test_large_documents(name, option):
    agree(LARGE[name], option=option)
    agree([{"a": LARGE[name]}], option=option)


@given(st.integers(PIECE - 60, PIECE + 60), st.sampled_from(OPTIONS))
def test_around_a_piece(size, option):
    agree(["x" * size, [], {"a": {}}, [1, [2]]], option=option)
    agree({"a": "x" * size, "b": [[]], "c": {}}, option=option)
    agree([[["x" * size]]], option=option)


def test_int_keys_and_hooks():
    agree({n: [n] for n in range(20_000)}, option=KEYS)
    agree([{n, 1} for n in range(20_000)], default=sorted)


@pytest.mark.parametrize("name", set(LARGE) - {"long strs", "a str"})
@pytest.mark.parametrize("option", [None, INDENT])
def test_pieces_are_of_a_size(name, option):
    file = Sink()
    planjson.dump({"a": [LARGE[name]]}, file, option=option)
    assert len(file.parts) > 1
    assert all(PIECE - 1 <= len(part) <= MOST for part in file.parts[:-1])


def test_a_small_document_is_one_piece():
    file = Sink()
    planjson.dump([1, 2, {"a": "b"}], file)
    assert file.parts == [b'[1,2,{"a":"b"}]']


def test_memory_is_bounded():
    """What many pieces leave behind is a piece or two."""
    rows = {"rows": [ROW] * 500_000}
    file = Watched()
    planjson.dump(rows, file)
    assert file.written > 35_000_000
    assert file.grown < 8_000_000


# What write() says.


@pytest.mark.parametrize(
    "answers",
    [lambda n: n, lambda n: 1 + n // 3, lambda n: min(n, 1000), lambda n: max(1, n - 1)],
)
def test_short_writes_are_continued(answers):
    file = Raw(answers)
    planjson.dump(LARGE["rows"], file)
    assert b"".join(file.parts) == planjson.dumps(LARGE["rows"])


@pytest.mark.parametrize("answer", [None, 0])
def test_a_file_that_takes_nothing(answer):
    with pytest.raises(BlockingIOError, match="took no bytes"):
        planjson.dump(LARGE["rows"], Raw(lambda n: answer))


def test_none_means_all_but_for_raw_files():
    file = Sink()
    planjson.dump(LARGE["rows"], file)
    assert file.getvalue() == planjson.dumps(LARGE["rows"])


@pytest.mark.parametrize("answer", [-1, 1 << 30, 1 << 80, -(1 << 80)])
def test_a_number_that_cannot_be(answer):
    with pytest.raises(ValueError, match="number that is not between 0"):
        planjson.dump([1], Raw(lambda n: answer))


@pytest.mark.parametrize("answer", ["5", 5.0, [], b""])
def test_an_answer_that_is_no_number(answer):
    with pytest.raises(TypeError, match="must return the number of bytes"):
        planjson.dump([1], Raw(lambda n: answer))


def test_a_pipe():
    read, write = os.pipe()
    with open(write, "wb", buffering=0) as file:
        planjson.dump(LARGE["empty"][:1000], file)
    with open(read, "rb") as file:
        assert file.read() == planjson.dumps(LARGE["empty"][:1000])


def test_a_pipe_that_does_not_block():
    read, write = os.pipe()
    os.set_blocking(write, False)
    with (
        open(read, "rb"),
        open(write, "wb", buffering=0) as file,
        pytest.raises(BlockingIOError),
    ):
        planjson.dump(["x" * 10_000_000], file)


# Files of all kinds.


def test_files(tmp_path):
    path = tmp_path / "x.json"
    want = planjson.dumps(LARGE["rows"])
    for mode, buffering in (("wb", -1), ("wb", 0)):
        with open(path, mode, buffering=buffering) as file:
            planjson.dump(LARGE["rows"], file)
        assert path.read_bytes() == want
    with open(path, "w", encoding="utf-8") as file:
        planjson.dump(LARGE["rows"], file)
    assert path.read_bytes() == want
    with open(path, "w", encoding="utf-16") as file:
        planjson.dump(LARGE["rows"], file)
    assert path.read_text("utf-16") == want.decode()
    with gzip.open(path, "wb") as file:
        planjson.dump(LARGE["rows"], file)
    with gzip.open(path) as file:
        assert file.read() == want


@pytest.mark.parametrize("mode", ["w+", "w+b"])
@pytest.mark.parametrize(
    "make", [tempfile.TemporaryFile, tempfile.NamedTemporaryFile, tempfile.SpooledTemporaryFile]
)
def test_temporary_files(make, mode):
    encoding = None if "b" in mode else "utf-8"
    with make(mode=mode, encoding=encoding) as file:
        planjson.dump(LARGE["rows"], file)
        file.seek(0)
        got = file.read()
    assert got == (planjson.dumps_str if encoding else planjson.dumps)(LARGE["rows"])


def test_files_of_codecs(tmp_path):
    path = tmp_path / "x.json"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with codecs.open(path, "w", "utf-8") as file:
            planjson.dump(LARGE["rows"], file)
    assert path.read_bytes() == planjson.dumps(LARGE["rows"])
    file = io.BytesIO()
    planjson.dump(LARGE["rows"], codecs.getwriter("utf-16-le")(file))
    assert file.getvalue().decode("utf-16-le") == planjson.dumps_str(LARGE["rows"])


# Errors.


class Mine(Exception):
    pass


@pytest.mark.parametrize("kind", [Mine, OSError, TypeError, MemoryError, KeyboardInterrupt])
@pytest.mark.parametrize("at", [0, 1, 3])
@pytest.mark.parametrize("option", [None, SORT, KEYS])
def test_what_write_raises_is_passed_on(kind, at, option):
    mine = kind("mine")
    calls = []

    class File:
        def write(self, data):
            calls.append(data)
            if len(calls) > at:
                raise mine

    with pytest.raises(kind) as caught:
        planjson.dump({"a": [LARGE["rows"]] * 10}, File(), option=option)
    assert caught.value is mine
    assert mine.__cause__ is None
    assert not getattr(mine, "__notes__", None)
    assert len(calls) == at + 1


def test_an_error_leaves_what_was_written():
    file = Sink()
    with pytest.raises(planjson.JSONEncodeError) as caught:
        planjson.dump({"a": [*LARGE["rows"], {1}]}, file)
    assert caught.value.path == "$.a[3000]"
    want = planjson.dumps({"a": LARGE["rows"]})
    assert PIECE < len(file.getvalue()) < len(want)
    assert want.startswith(file.getvalue())


def test_an_error_before_the_first_piece_writes_nothing():
    file = Sink()
    with pytest.raises(planjson.JSONEncodeError):
        planjson.dump([1, {1}], file)
    assert file.parts == []


def test_errors_are_those_of_dumps():
    for obj in ({"a": [1, {2}]}, ["\ud800"], [1 << 64], {1: 2}):
        assert isinstance(agree(obj), Failure)


@pytest.mark.parametrize("fp", [None, 5, "name.json", object(), io.BytesIO])
def test_what_is_no_file(fp):
    with pytest.raises(TypeError):
        planjson.dump([1], fp)


def test_it_says_what_is_no_file():
    with pytest.raises(
        TypeError, match=r"dump\(\) argument 'fp' must be a file object .*, not str"
    ):
        planjson.dump([1], "name.json")


def test_a_text_file_that_does_not_say_so():
    class Text:
        def write(self, text):
            return "".join([text])

    with pytest.raises(TypeError):
        planjson.dump([1], Text())


def test_what_the_attribute_raises_is_passed_on():
    class File:
        @property
        def write(self):
            raise Mine

    with pytest.raises(Mine):
        planjson.dump([1], File())


def test_arguments():
    file = io.BytesIO()
    with pytest.raises(TypeError, match=r"dump\(\) missing 1 required positional argument: 'fp'"):
        planjson.dump(1)
    with pytest.raises(TypeError, match="missing 2 required positional arguments: 'obj' and 'fp'"):
        planjson.dump()
    with pytest.raises(TypeError, match=r"plan must be a bool or a CachedPlan, not int"):
        planjson.dump(1, file, plan=1)
    with pytest.raises(TypeError, match=r"takes from 2 to 4 positional arguments but 5 were given"):
        planjson.dump(1, file, None, None, None)
    assert file.getvalue() == b""
    planjson.dump([{1}], file, list, INDENT)
    assert file.getvalue() == planjson.dumps([[1]], option=INDENT)


def test_the_object_is_read_anew_after_each_write():
    items = ["x" * 1000 for _ in range(1000)]

    class File(Sink):
        def write(self, data):
            super().write(data)
            items[-1] = len(self.parts)

    file = File()
    planjson.dump(items, file)
    # Without a GIL the list has been copied.
    last = f",{len(file.parts) - 1}]" if GIL else f',"{"x" * 1000}"]'
    assert file.getvalue().endswith(last.encode())


# Planned.


@given(documents(), st.sampled_from(OPTIONS))
def test_any_document_planned(obj, option):
    want = outcome(planjson.dumps, obj, option=option)
    assert outcome(dumped, obj, option=option, plan=True) == want


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("name", LARGE)
def test_large_planned(name, option):
    file = Sink()
    planjson.dump({"a": [LARGE[name]]}, file, option=option, plan=True)
    assert file.getvalue() == planjson.dumps({"a": [LARGE[name]]}, option=option)


def test_planned_in_pieces():
    file = Sink()
    rows = [LARGE["rows"]] * 10
    planjson.dump(rows, file, plan=True)
    assert file.getvalue() == planjson.dumps(rows)
    assert len(file.parts) > 10
    # A segment of 32 KiB becomes more than that, but not by much for rows.
    assert max(map(len, file.parts)) < MOST + PIECE


def test_planned_an_error_leaves_what_was_written():
    file = Sink()
    with pytest.raises(planjson.JSONEncodeError) as caught:
        planjson.dump({"a": [*LARGE["rows"], {1}]}, file, plan=True)
    assert caught.value.path == "$.a[3000]"
    assert planjson.dumps({"a": LARGE["rows"]}).startswith(file.getvalue())


def test_planned_and_changed_meanwhile():
    """Long strs that the plan holds go away while a piece is written."""
    items = ["x" * 1000 + str(n) for n in range(1000)]

    class File(Sink):
        def write(self, data):
            super().write(data)
            items[:] = ["y" * 1000 + str(n) for n in range(1000)]

    file = File()
    planjson.dump(items, file, plan=True)
    got = file.getvalue()
    # Without a GIL the list has been copied.
    assert got.startswith(b'["xxx') and got.endswith(b'yyy999"]' if GIL else b'xxx999"]')
    assert len(got) == len(planjson.dumps(items))


def test_planned_what_write_raises_is_passed_on():
    class File:
        def write(self, data):
            raise Mine

    with pytest.raises(Mine):
        planjson.dump([LARGE["rows"]] * 10, File(), plan=True)
    with pytest.raises(Mine):
        planjson.dump([1], File(), plan=True)
