"""Threads that write shared data while others change it."""

import pytest
from child import run_child
from runners import PATHS
from threads_child import SCENES


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scene", SCENES)
def test_threads(scene, path):
    run_child("threads_child.py", scene, path, environment={"PYTHONMALLOC": "debug"})
