"""Iterables, mappings, records and encoders that change everything under the walk."""

import pytest
from attacks_more import ATTACKS
from child import run_child
from runners import PATHS

HARSH = {"PYTHONMALLOC": "debug"}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ATTACKS)
def test_attack(name, path):
    run_child("attacks_more.py", name, path, environment=HARSH)


@pytest.mark.parametrize("layout", ["", "public"])
def test_paths_agree_under_attack(layout):
    environment = {**HARSH, "PLANJSON_LAYOUT": layout}
    run_child("attacks_more.py", "--agree", environment=environment, timeout=300)
