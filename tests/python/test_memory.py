"""Without memory: a MemoryError, and life goes on."""

import sys

import pytest
from child import run_child
from runners import PATHS


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS is Linux's")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "scene",
    ["output", "escapes", "ints", "floats", "rows", "keys", "hooks", "passing", "any_limit"],
)
def test_out_of_memory(scene, path):
    # The allocator of free-threaded builds reserves a GiB at once, which no limit would ever reach.
    run_child("memory_child.py", scene, path, environment={"MIMALLOC_ARENA_RESERVE": "0"})


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS is Linux's")
@pytest.mark.parametrize("scene", ["learning", "explanations"])
def test_out_of_memory_with_a_plan(scene):
    run_child("memory_child.py", scene, "direct", environment={"MIMALLOC_ARENA_RESERVE": "0"})


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's /proc")
@pytest.mark.parametrize("path", ["direct", "planned"])
@pytest.mark.parametrize("document", ["texts", "short", "ints", "one", "rows"])
def test_peak_of_a_large_result(document, path):
    run_child("peak_child.py", document, path)
