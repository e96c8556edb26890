"""What every test file shares: the import path, Hypothesis profiles, threshold clean-up."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

import planjson
from oracle import ORACLE

_RELAXED = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
settings.register_profile("short", max_examples=60, derandomize=True, database=None, **_RELAXED)
settings.register_profile("long", max_examples=10_000, **_RELAXED)
settings.load_profile(os.environ.get("PLANJSON_HYPOTHESIS", "short"))


def pytest_report_header():
    return [f"planjson: {planjson.build_info()}", f"oracle: {ORACLE}"]


@pytest.fixture
def keep_thresholds():
    """Put the lane thresholds back after a test that changes them."""
    before = planjson.thresholds()
    yield
    planjson.set_thresholds(**before)
