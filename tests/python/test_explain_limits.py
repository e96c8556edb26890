"""How much of an explanation is shown: depth and width, in all of its forms."""

import planjson
import pytest
from runners import GUESSES

DEEP = {"a": {"b": {"c": {"d": {"e": {"f": 1, "g": 2}}}}}}
PLAN = planjson.compile(DEEP)
MAKERS = {
    "planjson.explain": lambda **limits: planjson.explain(DEEP, **limits),
    "Plan.explain": lambda **limits: planjson.plan(DEEP).explain(**limits),
}
if GUESSES:  # else it knows one place
    MAKERS["CachedPlan.explain"] = PLAN.explain
each_maker = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
each_form = pytest.mark.parametrize("form", ["text", "to_mermaid", "to_dot"])


@pytest.fixture(autouse=True)
def met():
    PLAN.dumps(DEEP)


@each_maker
def test_of_text_none_is_no_limit(make):
    explanation = make(depth=1, width=1)
    assert "$.a.b.c.d.e" not in str(explanation)
    assert "$.a.b.c.d.e" in explanation.text(depth=None)
    assert explanation.text(depth=None, width=None) == str(make(depth=None, width=None))
    assert explanation.text(depth=1, width=1) == explanation.text() == str(explanation)
    assert explanation.text(depth=2) == str(make(depth=2, width=1))
    assert explanation.text(width=None) == str(make(depth=1, width=None))


@each_maker
@pytest.mark.parametrize("form", ["to_mermaid", "to_dot"])
def test_of_graphs_none_is_no_limit(make, form):
    explanation = make()
    draw = getattr(explanation, form)
    assert "$.a.b.c.d.e" not in draw()
    assert "$.a.b.c.d.e" in draw(depth=None, width=None) == draw(depth=99, width=99)


@each_maker
@pytest.mark.parametrize("name", ["depth", "width"])
@pytest.mark.parametrize("value", [-1, -(1 << 70)])
def test_nothing_negative(make, name, value):
    with pytest.raises(ValueError, match=f"^{name} must be None or at least 0, not {value}"):
        make(**{name: value})


@each_maker
@each_form
@pytest.mark.parametrize("name", ["depth", "width"])
def test_nothing_negative_in_any_form(make, form, name):
    draw = getattr(make(), form)
    with pytest.raises(ValueError, match=f"^{name} must be None or at least 0, not -3$"):
        draw(**{name: -3})
    with pytest.raises(TypeError):
        draw(**{name: "3"})
    assert draw(**{name: 1 << 70}) == draw(**{name: None})


@each_maker
def test_other_types(make):
    for value in ("3", 1.5):
        with pytest.raises(TypeError):
            make(depth=value)
    assert str(make(depth=1 << 70)) == str(make(depth=None))
