"""What a cached plan says of itself, as text, data, drawings and a page."""

import datetime
import json
import pickle
import re
from dataclasses import dataclass

import planjson
import pytest
from runners import GUESSES, guesses_nothing
from tags import Tags

ROW = {"id": 17, "name": "tea", "price": 2.5, "ok": True, "lines": [{"sku": "x", "n": 2}]}
HOSTILE = ["</script><script>x", '"><img src=x>', "@TITLE@", "&lt;", "<b>"]


def used():
    plan = planjson.compile([ROW], learn=False)
    plan.dumps([ROW, ROW | {"extra": 1}, dict(reversed(ROW.items())), {"other": 1}])
    return plan


def node(explanation, path):
    (found,) = [node for node in explanation if node["path"] == path]
    return found


@dataclass
class Point:
    x: int
    inner: dict


def test_instances_are_counted_where_they_are_met():
    """Dates, enumerations of texts and other scalars of classes are no instances that matter."""
    planjson.dumps(Point(1, {}))  # to find out what the class is runs Python code, once
    plan = planjson.compile({"a": 1, "rows": [], "day": 0}, learn=False)
    for document in [
        {"a": Point(1, {"b": 2}), "rows": [Point(1, {}), Point(2, {})], "day": datetime.date.min},
        [{"k": 1}, Point(3, {})],
        [Point(1, {})] * 5,
        Point(4, {}),
        [datetime.date.min, Point(1, {})],
        [1, Point(1, {})],
    ]:
        assert plan.dumps(document) == planjson.dumps(document)
    assert plan.info()["instances"] == (10 if GUESSES else 7)
    explanation = plan.explain()
    assert node(explanation, "$")["instances"] == 1
    assert node(explanation, "$[*]")["instances"] == 6
    if GUESSES:
        assert node(explanation, "$.a")["instances"] == 1
        assert node(explanation, "$.rows[*]")["instances"] == 2
        assert "$.rows[*]  instances" in str(explanation)
    assert "$[*]  object, 1 met" in str(explanation)
    assert "6 instances of classes, written as dumps() writes them" in str(explanation)
    assert "6 instances of classes" in explanation.to_html()
    assert "6 instances of classes" in explanation.to_dot()


def test_is_an_explanation():
    explanation = used().explain()
    assert type(explanation) is planjson.CachedExplanation
    assert str(explanation) == repr(explanation) == explanation.text()
    assert list(explanation) == explanation.nodes
    assert len(explanation) == len(explanation.nodes)


def test_data():
    plan = used()
    explanation = plan.explain()
    data = explanation.to_dict()
    assert data.keys() == {"version", "totals", "nodes"}
    assert json.loads(explanation.to_json()) == data
    assert data["version"] == 1
    assert data["totals"] == {**plan.info(), "used": True}
    for number, found in enumerate(explanation):
        assert found["id"] == number
        assert found["parent"] is None if number == 0 else found["parent"] < number
    if not GUESSES:
        guesses_nothing(plan)
        return
    rows = node(explanation, "$[*]")
    assert (rows["dicts"], rows["hits"], rows["state"]) == (4, 1, "open")
    assert rows["deopts"] == plan.info()["deopts"]["$[*]"]
    (shape,) = rows["shapes"]
    assert "str keys" in shape["guard"]
    assert [key["key"] for key in shape["keys"]] == list(ROW)
    assert [key["fragment"] for key in shape["keys"]] == [f'"{key}":' for key in ROW]
    assert [key["kernel"] for key in shape["keys"]] == ["int", "str", "float", "literal", "array"]
    assert node(explanation, "$[*].lines[*]")["shape"] is None
    assert node(explanation, "$[*].lines")["shape"] == 0


def test_kernels_go_along_to_other_processes():
    row = {"i": 1, "f": 0.5, "s": "x", "l": None, "a": [1], "o": {}, "g": 1j, "rows": [{"n": 1}]}
    plan = planjson.compile(row)
    again = pickle.loads(pickle.dumps(plan))
    kernels = [
        [
            [key["kernel"] for shape in node["shapes"] for key in shape["keys"]]
            for node in p.explain()
        ]
        for p in (plan, again)
    ]
    assert kernels[0] == kernels[1]


def test_stays_as_it_was():
    plan = used()
    explanation = plan.explain()
    text = str(explanation)
    plan.dumps([ROW] * 9)
    plan.clear()
    assert str(explanation) == text
    assert "0 shapes" in str(plan.explain())


def test_limits():
    with pytest.raises(ValueError):
        used().explain(depth=-1)
    wide = planjson.compile({f"k{n}": {"a": {"b": n}} for n in range(30)}).explain(width=3)
    if not GUESSES:
        assert len(wide) == 1
        return
    assert "and 27 more" in str(wide)
    assert "27 places more below $" in str(wide)
    assert "and 27 more" not in wide.text(width=40)
    flat = planjson.compile({"a": {"b": {"c": {"d": 1}}}}).explain(depth=1)
    assert "$.a.b" not in str(flat) and "1 place more below $.a" in str(flat)
    assert "$.a.b.c" in planjson.compile({"a": {"b": {"c": {"d": 1}}}}).explain(depth=None).text()


def test_shapes_that_share_a_path():
    plan = planjson.compile([{"a": 1, "in": {"x": 1}}, {"b": 1, "in": {"x": 1}}])
    plan.dumps([{"a": 1, "in": {"x": 1}}, {"b": 1, "in": {"x": 1}}])
    if not GUESSES:
        guesses_nothing(plan)
        return
    text = str(plan.explain())
    assert "$[*].in  object in shape 1, 1 met" in text
    assert "$[*].in  object in shape 2, 1 met" in text


def test_not_used():
    explanation = planjson.compile(ROW, option=planjson.OPT_SORT_KEYS).explain()
    assert explanation.totals["used"] is False
    assert "not used: its options" in str(explanation)
    assert "not used: its options" in explanation.to_html()


def test_values_are_never_shown():
    plan = planjson.compile({"key": "secret", "n": 123456789})
    plan.dumps({"key": "secret", "n": 123456789})
    explanation = plan.explain()
    for form in ("text", "to_json", "to_mermaid", "to_dot", "to_html"):
        shown = str(getattr(explanation, form)())
        assert "secret" not in shown and "123456789" not in shown, form


def test_color():
    assert "\x1b[" not in used().explain().text()
    assert "\x1b[1m$[*]\x1b[0m" in used().explain().text(color=True)


def test_drawings():
    explanation = planjson.compile({"rows": [ROW], **{key: {"a": 1} for key in HOSTILE}}).explain()
    mermaid = explanation.to_mermaid()
    for row in mermaid.splitlines()[1:]:
        assert re.fullmatch(
            r'  (n\d+\["[^"<>`]*(<br/>[^"<>`]*)*"\]|n\d+ --> n\d+|style n\d+ [\w:#,-]+)', row
        ), row
    assert used().explain().to_mermaid().count("style") == 1  # the place of wrong guesses
    assert explanation.to_dot().startswith("digraph plan {")
    assert explanation.to_dot(depth=0).count("->") == 0


def test_page():
    plan = planjson.compile({key: {"<i>": 1} for key in HOSTILE})
    plan.dumps({key: {"<u>": 1} for key in HOSTILE})
    html = plan.explain().to_html(title="<script>@TOTALS@")
    tags = {tag for tag, _ in Tags(html).found}
    assert not tags & {"script", "img", "link", "iframe", "b", "i", "u"}
    assert "default-src 'none'" in html and "script-src" not in html
    assert "http:" not in html and "https:" not in html
    if GUESSES:
        assert "&lt;/script&gt;&lt;script&gt;x" in html and "&amp;lt;" in html
    assert "&lt;script&gt;@TOTALS@" in html
    ((tag, attributes),) = Tags(plan.explain()._repr_html_()).found
    assert tag == "iframe" and attributes["srcdoc"].startswith("<!doctype html>")
