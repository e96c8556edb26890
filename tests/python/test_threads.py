"""Threads that write shared data while others change it."""

import pytest
from child import run_child
from runners import PATHS


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scene", ["readers", "list", "dict", "hooks", "plans"])
def test_threads(scene, path):
    run_child("threads_child.py", scene, path, environment={"PYTHONMALLOC": "debug"})
