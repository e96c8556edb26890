"""The same bytes at every kernel level and with the public object layer."""

import platform

import planjson
import pytest
from child import run_child

X86 = ["x86-64-v2", "x86-64-v3", "x86-64-v4"]
MORE = {"x86_64": X86, "amd64": X86, "aarch64": ["neon"], "arm64": ["neon"]}
LEVELS = ["scalar", *MORE.get(platform.machine().lower(), [])]
ORDER = {level: place for place, level in enumerate(LEVELS)}
HERE = planjson.build_info()["level"]


@pytest.mark.parametrize("layout", ["", "public"])
@pytest.mark.parametrize("level", ["", *LEVELS])
def test_corpus(level, layout):
    if level and ORDER[level] > ORDER.get(HERE, len(LEVELS)):
        pytest.skip(f"this machine stops at {HERE}")
    run_child(
        "corpus_child.py",
        level,
        layout,
        environment={"PLANJSON_LEVEL": level, "PLANJSON_LAYOUT": layout},
    )
