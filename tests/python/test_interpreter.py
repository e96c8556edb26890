"""The edges of an interpreter's life, each in a process of its own."""

import pytest
from child import run_child
from paths import PATHS


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scene", ["nested", "nested_references", "sub_interpreter"])
def test_edges(scene, path):
    run_child("interpreter_child.py", scene, path, environment={"PYTHONMALLOC": "debug"})


@pytest.mark.parametrize("path", PATHS)
def test_shutdown(path):
    out = run_child("interpreter_child.py", "shutdown", path, last="refused")
    assert out.count("refused") >= 1
