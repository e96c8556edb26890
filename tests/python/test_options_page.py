"""The page about options: every flag is on it, and its examples are true."""

import doctest
from pathlib import Path

import planjson

PAGE = Path(__file__).parents[2] / "docs" / "options.md"


def test_examples():
    parser = doctest.DocTestParser()
    text = PAGE.read_text(encoding="utf-8").replace("```", "")
    test = parser.get_doctest(text, {"planjson": planjson}, "options.md", str(PAGE), 0)
    assert len(test.examples) > 10
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert runner.run(test).failed == 0


def test_each_flag_has_a_line_and_a_section():
    text = PAGE.read_text(encoding="utf-8")
    flags = [name for name in planjson.__all__ if name.startswith("OPT_")]
    for flag in flags:
        assert f"| `{flag}` |" in text, flag
        assert f"\n## {flag}\n" in text or f"\n## {flag} and" in text, flag
