"""The planner's decisions are an interface: the texts of small documents, as they were agreed on.

PLANJSON_SNAPSHOTS=write writes them anew; the difference is for a person to look at.
"""

import os
import re
from pathlib import Path

import planjson
import pytest
from runners import GIL, GUESSES, guesses_nothing

FOLDER = Path(__file__).parent / "snapshots"

DOCUMENTS = {
    "scalar": 1,
    "rows": [{"id": n, "name": f"row {n}", "score": n / 4, "ok": n % 2 == 0} for n in range(100)],
    "columns": {
        "id": list(range(100)),
        "score": [n / 4 for n in range(100)],
        "ok": [n % 2 == 0 for n in range(100)],
        "name": [f"row {n}" for n in range(100)],
    },
    "pairs": [[n / 4, n / 8] for n in range(50)],
    "mixed": {"late": [1] * 12 + [None] + [1] * 12, "each": [[1, "a"]] * 9},
    "orders": [
        {"id": n, "lines": [{"sku": "x", "n": 1}] * (n % 3), "note": None if n % 2 else "café"}
        for n in range(30)
    ],
    "order of keys": [{"a": 1, "b": 2} if n % 4 else {"b": 2, "a": 1} for n in range(20)],
    "optional keys": [{"a": 1} | ({"b": 2} if n % 4 == 3 else {}) for n in range(20)],
    "map": {f"2026-01-{n:02}": {"low": n, "high": n + 10} for n in range(1, 32)},
    "wide": {f"field {n}": "x" * n for n in range(40)},
    "deep": [[[[[[[[[[["x"]]]]]]]]]]],
    "texts": {
        "ascii": ["abc"] * 20,
        "latin": ["déjà"] * 20,
        "wide": ["東京"] * 20,
        "escapes": ['say "hi"\n'] * 20,
        "few": ["abc"] * 5,
    },
    "large integers": {"unsigned": [1, 2, 3, 2**63, 5, 6, 7, 8], "nanoseconds": [10**18] * 9},
    "not finite": {"x": [float("nan"), float("inf"), 1.0, 2.0, 3.0, 4.0]},
    "not serializable": {"a": [1, 2, 3, 4], "b": {"c": [None, 1j]}, "d": 1},
    "odd keys": [{"two words": 1, "größe": 2, "a key of more than 28 characters": 3, "": 4}] * 3,
}


ROW = {"id": 1, "name": "tea", "at": {"x": 0.5, "y": None}, "tags": ["a"]}

# Each an example, and what is serialised with the plan made from it.
CACHED = {
    "as guessed": ([ROW], [[ROW] * 20] * 3),
    "wrong guesses": (
        {"rows": [ROW]},
        [{"rows": [ROW, ROW | {"new": 1}, dict(reversed(ROW.items())), {"other": 1}, {}]}] * 2,
    ),
    "learnt": (None, [{"a": 1}, {"a": 1}, {"a": 1}, {"b": {"c": 1}}]),
    "many keys": ({f"key {n}": n for n in range(30)}, []),
    "full": (None, [{f"k{n}": 1} for n in range(9) for _ in range(3)]),
}


def compare(name, text):
    file = FOLDER / f"{name.replace(' ', '_')}.txt"
    if os.environ.get("PLANJSON_SNAPSHOTS") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    assert comparable(text) == comparable(file.read_text("utf-8"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_text(name):
    text = str(planjson.explain(DOCUMENTS[name]))
    if name == "pairs" and not GIL:
        # Only a list that nobody can change may be looked into before it is opened.
        assert "! below threshold 6 (all 50 arrays)" in text
        return
    compare(name, text)


@pytest.mark.parametrize("name", CACHED)
def test_cached(name):
    example, objects = CACHED[name]
    plan = planjson.compile(example)
    for obj in objects:
        plan.dumps(obj)
    if not GUESSES:
        guesses_nothing(plan)
        return
    compare(f"cached {name}", str(plan.explain()))


def comparable(text):
    """Of sizes some depend on what the layout says of strings, and some on the build."""
    text = re.sub(r"about [\d,]+ bytes", "", text)
    if planjson.build_info()["layout"] == "public":
        return re.sub(
            r"expected [\d,]+, at most [\d,]+|[\d,]+ words in (\d+) segments? \([\d,]+ bytes\)",
            r"\1",
            text,
        )
    return text


def test_no_other_files():
    names = [*DOCUMENTS, *(f"cached {name}" for name in CACHED)]
    assert {file.stem for file in FOLDER.iterdir()} == {name.replace(" ", "_") for name in names}
