"""Classes as examples of cached plans: which keys their dicts have."""

from dataclasses import dataclass
from typing import TypedDict

import planjson
from runners import GUESSES, guesses_nothing


@dataclass
class Tree:
    value: int
    left: "Tree | None" = None
    middle: "Tree | None" = None
    right: "Tree | None" = None
    rest: "list[Tree] | None" = None


def keys(plan, path="$"):
    """The keys of the only shape at a place; none where plans keep no shapes."""
    nodes = [node for node in plan.explain() if node["path"] == path]
    if not GUESSES:
        guesses_nothing(plan)
        return None
    (shape,) = nodes[0]["shapes"]
    return [key["key"] for key in shape["keys"]]


def test_a_class_within_itself():
    plan = planjson.compile(Tree)
    names = ["value", "left", "middle", "right", "rest"]
    for path in ("$", "$.left", "$.right", "$.rest[*]"):
        assert keys(plan, path) in (names, None)
    assert plan.info()["keys"] == (25 if GUESSES else 0)


def test_classes_that_all_lead_to_each_other():
    names = [f"Ring{i}" for i in range(30)]
    for name in names:
        globals()[name] = TypedDict(name, {to.lower(): to for to in names})
    plan = planjson.compile(globals()["Ring0"])
    assert keys(plan) in ([name.lower() for name in names], None)
    if GUESSES:
        assert 900 < plan.info()["keys"] <= 4096
