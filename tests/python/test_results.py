"""The bytes that come back are bytes like any others."""

import ctypes
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import planjson
import pytest
from runners import GIL, PATHS

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


@each_path
def test_large_results_one_after_the_other_and_small_ones_between(run):
    """From the third large one on a result begins in an object, of whatever length it becomes."""
    lengths = [40_000, 50_000, 60_000, 5, 300_000, 45_000, 45_000, 45_000, 32_760, 90_000, 3]
    for length in lengths:
        for _ in range(3):
            out = run(["x" * length])
            assert out == b'["' + b"x" * length + b'"]'
            assert sys.getsizeof(out) == sys.getsizeof(bytes(bytearray(out)))


@each_path
@pytest.mark.parametrize("before", [33_000, 200_000])
def test_any_length_behind_large_ones(run, before):
    for length in [*range(0, 200_000, 6_007), *range(32_000, 34_000, 50)]:
        for _ in range(2):
            run(["x" * before])
        assert run(["x" * length]) == b'["' + b"x" * length + b'"]'


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


def share_at_most(dumps, rows):
    """The memory that the result took at the most, over its size."""
    row = {"id": 1, "name": "a name", "x": 1.5}
    obj = [row] * rows
    tracemalloc.start()
    out = dumps(obj)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert out == b"[" + b",".join([planjson.dumps(row)] * rows) + b"]"
    return peak / len(out)


@pytest.mark.skipif(not GIL, reason="a block that grows is copied")
@pytest.mark.parametrize("rows", [30_000, 1_500, 70_000])
def test_a_cached_plan_asks_once_for_the_memory_of_a_result(rows):
    """In a thread that has not written anything before, which would be remembered."""
    cached = planjson.compile([{"id": 1}])
    with ThreadPoolExecutor(1) as pool:
        shares = pool.map(share_at_most, [cached.dumps] * 3, (2_000, 3_000, rows))
    assert list(shares)[2] < 1.1
