"""Classes, modules and names that change while they are looked at."""

import pytest
from attacks_classes import ATTACKS
from child import run_child
from runners import PATHS

HARSH = {"PYTHONMALLOC": "debug"}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ATTACKS)
def test_attack(name, path):
    run_child("attacks_classes.py", name, path, environment=HARSH)


@pytest.mark.parametrize("layout", ["", "public"])
def test_paths_agree_under_attack(layout):
    environment = {**HARSH, "PLANJSON_LAYOUT": layout}
    run_child("attacks_classes.py", "--agree", environment=environment, timeout=300)
