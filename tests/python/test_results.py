"""The bytes that come back are bytes like any others."""

import ctypes
import sys

import planjson
import pytest
from runners import PATHS

each_path = pytest.mark.parametrize("run", PATHS.values(), ids=PATHS)
OBJECTS = [1, None, "", "text", [], {}, [1] * 100, "é" * 1000, list(range(10_000))]


@each_path
@pytest.mark.parametrize("obj", OBJECTS, ids=lambda x: repr(x)[:10])
def test_a_sound_bytes_object(run, obj):
    out = run(obj)
    twin = bytes(bytearray(out))
    assert type(out) is bytes
    assert out == twin
    assert hash(out) == hash(twin)
    assert sys.getsizeof(out) == sys.getsizeof(twin)
    assert ctypes.c_char_p(out).value == twin  # the zero byte behind the last one
    assert out + b"x" == twin + b"x"
    assert {out: 1}[twin] == 1


@each_path
def test_results_are_independent(run):
    first = run(["first" * 100])
    second = run(["second" * 100])
    assert first == b'["' + b"first" * 100 + b'"]'
    assert second == b'["' + b"second" * 100 + b'"]'


@each_path
def test_outputs_of_every_length(run):
    for length in range(3000):
        assert len(run("x" * length)) == length + 2


def test_build_info():
    info = planjson.build_info()
    assert type(info) is dict
    assert info["version"] == planjson.__version__
    assert str(info["python"]).startswith("3.")
    assert type(info["level"]) is str and info["level"]
    assert info["layout"] in ("direct", "public")
    assert type(info["free_threaded"]) is bool
    assert type(info["debug_assertions"]) is bool
    info.clear()
    assert planjson.build_info()
