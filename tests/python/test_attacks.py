"""Python code that changes everything under the walk: bytes or an exception, never a crash."""

import pytest
from attacks import ATTACKS
from child import run_child
from runners import PATHS

HARSH = {"PYTHONMALLOC": "debug"}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ATTACKS)
def test_attack(name, path):
    run_child("attacks.py", name, path, environment=HARSH)


@pytest.mark.parametrize("layout", ["", "public"])
def test_paths_agree_under_attack(layout):
    run_child(
        "attacks.py", "--agree", environment={**HARSH, "PLANJSON_LAYOUT": layout}, timeout=300
    )
