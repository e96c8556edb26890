"""The interpreter ends while planjson is at work: the process ends as it should."""

import pytest
from child import run_child
from exit_child import SCENES
from runners import PATHS


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scene", SCENES)
def test_exit(scene, path):
    run_child("exit_child.py", scene, path, environment={"PYTHONMALLOC": "debug"}, timeout=60)
