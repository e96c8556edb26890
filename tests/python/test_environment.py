"""The variables that are read at import."""

import os
import subprocess
import sys

import planjson
import pytest

HERE = planjson.build_info()["layout"]


def imported(**environment):
    """What the import printed, and what it raised."""
    code = "import planjson; print(planjson.build_info()['layout'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PLANJSON_LAYOUT": "", **environment},
        capture_output=True,
        text=True,
    )
    return done.stdout.strip(), done.stderr.strip().rpartition("\n")[2]


def test_what_is_not_set_or_empty_is_chosen():
    assert imported() == (imported(PLANJSON_LEVEL="")[0], "")


def test_the_public_layout_is_everywhere():
    assert imported(PLANJSON_LAYOUT="public") == ("public", "")


@pytest.mark.skipif(HERE != "direct", reason="none of this interpreter is known")
def test_the_direct_layout():
    assert imported(PLANJSON_LAYOUT="direct") == ("direct", "")


@pytest.mark.parametrize(
    ("name", "known"), [("PLANJSON_LAYOUT", "direct, public"), ("PLANJSON_LEVEL", "scalar, ")]
)
def test_unknown_names_end_the_import(name, known):
    out, error = imported(**{name: "foo"})
    assert out == ""
    assert error.startswith(f'ImportError: {name} is "foo", but the ')
    assert known in error
