"""Explanations: what the planner saw and why, as text, data and drawings."""

import datetime
import json
import re
import shutil
import subprocess
import uuid
import xml.etree.ElementTree as ET

import planjson
import pytest
from hypothesis import given
from paths import works
from strategies import documents, options

ROWS = [{"id": n, "name": f"row {n}", "tags": ["a", "b"]} for n in range(1000)]
HOSTILE = '</script><script>alert(1)</script>"\\\n\u202e`#;'


def lines(explanation):
    """The tree's lines, without the header."""
    return [
        line for line in str(explanation).splitlines() if line.lstrip().startswith(("$", "..."))
    ]


def line(explanation, path):
    """The one line of a path."""
    (found,) = [text for text in lines(explanation) if text.split()[0] == path]
    return found


def test_is_an_explanation():
    explanation = planjson.plan([1]).explain()
    assert type(explanation) is planjson.Explanation
    assert type(planjson.explain([1])) is planjson.Explanation
    assert str(explanation) == repr(explanation) == explanation.text()
    assert str(planjson.explain([1])) == str(explanation)
    assert planjson.explain([1]).error is None


def test_rows_are_one_node():
    explanation = planjson.explain(ROWS)
    assert len(str(explanation).splitlines()) == 8
    assert len(explanation) == 5
    assert "object[1,000]" in line(explanation, "$")
    assert "1,000" in line(explanation, "$[*].name")
    assert "below threshold 16 (all 1,000 arrays)" in line(explanation, "$[*].tags")


def test_a_million_values_print_in_thirty_lines():
    table = [{f"field {k}": n * k for k in range(20)} for n in range(50_000)]
    assert len(str(planjson.explain(table)).splitlines()) <= 30


@pytest.mark.parametrize(
    ("obj", "path", "reason"),
    [
        ([1.5] * 5, "$", "below threshold 6"),
        ([1] * 812 + ["x"] * 2, "$", "mixed: int until [812], then str"),
        ([{"a": 1, "b": 2}, {"b": 1, "a": 2}], "$[*]", "key order differs from row 0 in 1 of 2"),
        ([{"a": 1}, {"a": 1}, {"b": 2}], "$[*]", "keys differ from row 0 in 1 of 3, first at $[2]"),
        (["é"] * 12 + ["e"] * 88, "$", "non-ASCII in 12 %"),
        (['"'] * 1 + ["e"] * 3, "$", "escapes in 25 %"),
        ([1] * 4 + [2**63] * 4, "$", "integers beyond 63 bits"),
        ([type("S", (str,), {})("s") for _ in range(20)], "$", "subclasses"),
        ([float("nan"), 1.0], "$", "NaN or infinity written as null: 1"),
        ([{"k" * 29: 1}] * 2, "$[*]." + "k" * 29, "key longer than 28"),
        ([{"é" * 15: 1}] * 2, "$[*]." + "é" * 15, "key longer than 28"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_reasons(obj, path, reason):
    assert reason in line(planjson.explain(obj), path)


def test_no_reason_where_nothing_is_missed():
    for obj in (
        [1] * 4,
        [0.5] * 6,
        [True] * 2,
        ["s"] * 16,
        [],
        {},
        [[]],
        [{}],
        None,
        [None],
        [[], 1],
    ):
        explanation = planjson.explain(obj)
        if obj == [[], 1]:
            assert "below" in str(explanation) or "mixed" in str(explanation)
        else:
            assert "!" not in str(explanation), str(explanation)


def test_strict_integers():
    explanation = planjson.explain([1] * 100, option=planjson.OPT_STRICT_INTEGER)
    assert "OPT_STRICT_INTEGER" in line(explanation, "$")


def test_lanes_and_widths():
    explanation = planjson.explain(
        {"i": [1, 1000, 3, 4], "f": [0.5] * 6, "b": [True] * 2, "s": ["é"] * 16, "w": ["中"] * 16}
    )
    for path, lane in [
        ("$.i", "int (4 digits) lane"),
        ("$.f", "float (64 bits) lane"),
        ("$.b", "bool (1 bit) lane"),
        ("$.s", "str (latin-1) lane"),
        ("$.w", "str (ucs2) lane"),
    ]:
        assert lane in line(explanation, path)


def test_thresholds_of_the_plan(keep_thresholds):
    planjson.set_thresholds(int=50)
    assert "below threshold 50" in line(planjson.explain([1] * 40), "$")


def test_maps_are_folded():
    users = {f"user {n}": {"name": "x", "age": n} for n in range(500)}
    explanation = planjson.explain({"users": users, "ids": {str(n): n for n in range(20)}})
    assert "500" in line(explanation, "$.users.*.age")
    assert "int" in line(explanation, "$.ids.*")
    record = {name: {"a": 1} for name in ("few", "members")}
    assert "$.few" in str(planjson.explain(record))


def test_more_members_than_are_told_apart():
    explanation = planjson.explain({f"k{n}": n for n in range(5000)}, width=None)
    rest = line(explanation, "$.*")
    assert "4,000" in rest
    assert explanation.nodes[0]["objects"]["folded_members"] == 4000


def test_depth_and_width():
    deep = {"a": {"b": {"c": {"d": 1}}}}
    assert [text.split()[0] for text in lines(planjson.explain(deep, depth=2))] == [
        "$",
        "$.a",
        "$.a.b",
        "...",
    ]
    assert "... 2 more" in str(planjson.explain(deep, depth=2))
    wide = {f"k{n}": "x" * n for n in range(30)}
    shown = lines(planjson.explain(wide, width=3))
    assert [text.split()[0] for text in shown] == ["$", "$.k27", "$.k28", "$.k29", "..."]
    assert len(lines(planjson.explain(wide, width=None))) == 31
    assert len(lines(planjson.plan(deep).explain(depth=0))) == 2
    assert len(lines(planjson.plan(deep).explain(depth=None))) == 5
    with pytest.raises(TypeError):
        planjson.explain(deep, 1, 2, 3)
    with pytest.raises(ValueError):
        planjson.explain(deep, depth=-1)


def test_header_adds_up():
    obj = {"a": [1] * 100, "b": ["x" * 100] * 3}
    totals = planjson.explain(obj).totals
    plan = planjson.plan(obj)
    assert totals["bytes"] == len(plan.emit())
    assert totals["bytes"] <= totals["bytes_bound"]
    assert totals["values"] == 1 + 1 + 100 + 1 + 3
    assert (totals["lanes"], totals["lane_elements"], totals["lane_able_elements"]) == (1, 100, 103)
    assert totals["arena_bytes"] >= 8 * totals["words"]
    assert totals["thresholds"] == planjson.thresholds()
    assert totals["times"] is None and totals["stopped"] is None
    assert f"{totals['bytes']:,} bytes" in str(plan)


def test_shares_and_bytes_of_children():
    explanation = planjson.explain({"a": "x" * 50, "b": [{"c": 1}, {"c": 22}]})
    nodes = explanation.nodes
    assert [node["path"] for node in nodes] == ["$", "$.a", "$.b", "$.b[*]", "$.b[*].c"]
    assert [node["parent"] for node in nodes] == [None, 0, 0, 2, 3]
    assert nodes[4]["bytes"] == len('"c":1,"c":22,')
    for node in nodes:
        assert node["bytes"] >= sum(n["bytes"] for n in nodes if n["parent"] == node["id"])


def test_data():
    explanation = planjson.explain([{"a": [1, 2, 3, 4], "b": "é"}])
    data = explanation.to_dict()
    assert data["version"] == 1
    assert data.keys() == {"version", "totals", "nodes"}
    assert json.loads(explanation.to_json()) == data
    assert list(explanation) == explanation.nodes == data["nodes"]
    assert len(explanation) == len(data["nodes"])
    array = next(node for node in explanation if node["path"] == "$[*].a")
    assert array["key"] == "a"
    assert array["kind"] == "int[4]"
    assert array["lane"] == "int (1 digit) lane"
    assert array["reasons"] == []
    assert array["arrays"] == {
        "elements": 4,
        "shortest": 4,
        "longest": 4,
        "in_lanes": 4,
        "kinds": {"int": 4},
        "digits": 1,
    }
    text = next(node for node in explanation if node["path"] == "$[*].b")
    assert text["strings"] == {
        "ascii": 0,
        "latin1": 1,
        "ucs2": 0,
        "ucs4": 0,
        "long": 0,
        "escaped": 0,
    }
    assert text["reasons"] == [
        {"code": "non-ascii", "text": "non-ASCII in 100 %", "count": 1, "lane": False}
    ]


@pytest.mark.parametrize("analyze", [False, True])
def test_values_are_not_shown_unless_asked_for(analyze):
    obj = {
        "key": "secret",
        "list": ["secret"] * 20,
        "n": [123456789] * 9,
        "f": 987.25,
        "long": "secret" * 90,
    }
    forms = ("text", "to_json", "to_mermaid", "to_dot", "to_svg", "to_html")
    explanation = planjson.explain(obj, analyze=analyze)
    for form in forms:
        shown = str(getattr(explanation, form)())
        assert "secret" not in shown and "123456789" not in shown and "987.25" not in shown, form
    asked = planjson.explain(obj, values=True)
    examples = {node["path"]: node.get("example") for node in asked}
    assert examples["$.key"] == '"secret"'
    assert examples["$.f"] == "987.25"
    assert len(examples["$.long"]) == 63


def test_analyze():
    explanation = planjson.explain(
        {"rows": ROWS, "floats": [n / 7 for n in range(30_000)]}, analyze=True
    )
    times = explanation.totals["times"]
    assert all(times[name] > 0 for name in times)
    nodes = {node["path"]: node for node in explanation}
    assert (
        nodes["$"]["total_ns"] >= nodes["$.floats"]["total_ns"] >= nodes["$.floats"]["own_ns"] > 0
    )
    assert nodes["$.floats"]["own_values"] == 30_001
    assert nodes["$"]["hot"] is False and nodes["$.floats"]["hot"] is True
    text = str(explanation)
    assert "planning" in text and "emitting" in text and "a look at the clock" in text
    assert "HOT" in line(explanation, "$.floats")
    assert min(times[f"{way}_ns"] for way in ("direct", "planned", "cached")) > 0
    kept = planjson.plan(ROWS).explain(analyze=True).totals["times"]
    assert kept["direct_ns"] is None and kept["planning_ns"] > 0


def test_analyze_indented():
    explanation = planjson.explain(ROWS, option=planjson.OPT_INDENT_2, analyze=True)
    assert explanation.totals["indented"] is True
    assert explanation.totals["bytes"] == len(planjson.dumps(ROWS, option=planjson.OPT_INDENT_2))


class TestNotSerializable:
    def test_up_to_the_place(self):
        obj = {"good": [1] * 50, "bad": [{"x": 1}, {"x": 1j}], "never": [1.5] * 9}
        explanation = planjson.explain(obj)
        assert isinstance(explanation.error, planjson.JSONEncodeError)
        assert explanation.error.path == "$.bad[1].x"
        assert explanation.totals["stopped"] == {
            "path": "$.bad[1].x",
            "message": "Type is not JSON serializable: complex",
        }
        assert "stopped at $.bad[1].x: Type is not JSON serializable: complex" in str(explanation)
        assert "int (1 digit) lane" in line(explanation, "$.good")
        assert "never" not in str(explanation)
        with pytest.raises(planjson.JSONEncodeError):
            planjson.plan(obj)

    @pytest.mark.parametrize("analyze", [False, True])
    @pytest.mark.parametrize(
        "obj",
        [
            1j,
            [1j],
            {1: 2},
            {"a": {1: 2}},
            [2**64],
            "\ud800",
            {"\ud800": 1},
            [["x" * 50] * 40 + ["\ud800"]],
        ],
        ids=repr,
    )
    def test_anywhere(self, obj, analyze):
        explanation = planjson.explain(obj, analyze=analyze)
        with pytest.raises(planjson.JSONEncodeError) as caught:
            planjson.dumps(obj)
        assert str(explanation.error) == str(caught.value)
        assert explanation.error.path == caught.value.path
        assert caught.value.path in str(explanation)
        assert explanation.to_html() and explanation.to_json() and explanation.to_svg()

    def test_circle(self):
        obj = []
        obj.append(obj)
        explanation = planjson.explain(obj)
        assert "Recursion limit" in str(explanation.error)

    def test_texts_of_a_hooks_result(self):
        """The result is gone when its texts are looked at."""

        def hook(obj):
            return ["".join(["long text ", str(n)]) * 9 for n in range(40)] + ["\ud800"]

        explanation = planjson.explain([1j], default=hook, values=True)
        assert explanation.error.path == "$[0][40]"
        assert explanation.nodes[0]["arrays"]["elements"] == 1

    def test_what_default_raises(self):
        def hook(obj):
            raise ValueError("no")

        explanation = planjson.explain([1j], default=hook)
        assert isinstance(explanation.error.__cause__, ValueError)

        def stop(obj):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            planjson.explain([1j], default=stop)

    def test_wrong_options(self):
        with pytest.raises(planjson.JSONEncodeError):
            planjson.explain([], option=-1)


def test_default_and_options():
    explanation = planjson.explain({2: 1j}, default=str, option=planjson.OPT_NON_STR_KEYS)
    assert '$["2"]' in str(explanation)


FINISHED = [datetime.date(2024, 2, 29), uuid.UUID(int=1), planjson.Fragment("[]"), 1 << 70]


@pytest.mark.parametrize("value", FINISHED, ids=lambda value: type(value).__name__)
def test_finished_json(value):
    obj = {"one": value, "many": [value, value], "mixed": [value, 1]}
    explanation = planjson.explain(obj, option=planjson.OPT_BIG_INTEGER)
    kinds = {node["path"]: node["kind"] for node in explanation}
    assert kinds["$.one"] == "raw" and kinds["$.many"] == "raw[2]"
    for form in ("to_mermaid", "to_dot", "to_svg", "to_html", "_repr_html_"):
        assert "raw" in getattr(explanation, form)()


class TestDrawings:
    def test_mermaid(self):
        text = planjson.explain({"rows": ROWS, HOSTILE: 1}).to_mermaid()
        assert text.startswith("flowchart LR\n")
        for row in text.splitlines()[1:]:
            assert re.fullmatch(
                r'  (n\d+\["[^"<>`]*(<br/>[^"<>`]*)*"\]|n\d+ --> n\d+|style n\d+ [\w:#,-]+)', row
            ), row

    def test_dot(self):
        text = planjson.explain({"rows": ROWS, HOSTILE: 1}).to_dot()
        assert text.startswith("digraph plan {")
        for label in re.findall(r'label="((?:[^"\\]|\\.)*)"', text):
            assert "\n" not in label
        if shutil.which("dot"):
            done = subprocess.run(
                ["dot", "-Tsvg"], input=text.encode(), capture_output=True, check=True
            )
            assert done.stdout.count(b"<g ") > 5

    def test_svg(self):
        explanation = planjson.explain({"rows": ROWS, HOSTILE * 3: [1] * 5000}, analyze=True)
        for by in ("bytes", "time"):
            root = ET.fromstring(explanation.to_svg(by=by))
            assert root.tag.endswith("svg")
            assert len(root.findall(".//{*}rect")) >= 4
            assert not root.findall(".//{*}script")
        ET.fromstring(planjson.explain({"\uffff": {"a\ufffe\x00": 1}}).to_svg())
        with pytest.raises(ValueError, match="analyze"):
            planjson.explain([1]).to_svg(by="time")
        with pytest.raises(ValueError, match="bytes"):
            explanation.to_svg(by="size")

    def test_limits(self):
        explanation = planjson.explain({f"k{n}": {"a": n} for n in range(6)})
        assert explanation.to_mermaid(width=2).count("-->") == 4
        assert "and 8 nodes below" in explanation.to_mermaid(width=2)
        assert explanation.to_dot(depth=0).count("->") == 0


@given(documents(), options())
def test_any_document(obj, option):
    explanation = planjson.explain(obj, option=option, depth=None, width=None)
    try:
        want = works(obj, option=option)
    except (AssertionError, planjson.JSONEncodeError):
        want = None
    if explanation.error is None:
        assert want is not None
        newline = bool((option or 0) & planjson.OPT_APPEND_NEWLINE)
        assert explanation.totals["bytes"] == len(want) - newline
    nodes = explanation.nodes
    for node in nodes[1:]:
        parent = nodes[node["parent"]]
        assert node["parent"] < node["id"] and node["depth"] == parent["depth"] + 1
        assert node["path"].startswith(parent["path"])
    json.loads(explanation.to_json())
    ET.fromstring(explanation.to_svg())
