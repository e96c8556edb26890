"""Explanations of what is finished before it comes to a plan: dates, UUIDs, decimals, fragments."""

import json
import re
import uuid
import xml.etree.ElementTree as ET
from datetime import date, datetime
from decimal import Decimal

import planjson
import pytest

VALUES = [
    datetime(2024, 2, 29, 23, 59),
    date(2024, 2, 29),
    uuid.UUID(int=7),
    Decimal("1.50"),
    1 << 70,
    planjson.Fragment(b'{"a": 1}'),
    planjson.Fragment('"' + "x" * 500 + '"'),
]
OPTION = planjson.OPT_SERIALIZE_DECIMAL | planjson.OPT_BIG_INTEGER


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("analyze", [False, True])
def test_every_form_knows_the_kind(value, analyze):
    obj = {"one": value, "many": [value] * 40, "mixed": [value, 1], "bare": [[value], [value]]}
    for document in (value, obj):
        explanation = planjson.explain(document, option=OPTION, analyze=analyze)
        assert json.loads(explanation.to_json()) == explanation.to_dict()
        assert "n0" in explanation.to_mermaid() and "n0" in explanation.to_dot()
        assert '"raw"' in explanation.to_html()
        svg = explanation.to_svg()
        ET.fromstring(svg)
        used = {name.split()[0] for name in re.findall(r'<rect[^>]* class="([^"]*)"', svg)}
        assert used and all(f".{name}{{fill:" in svg for name in used), used


def test_the_page_has_a_colour_for_each_kind_in_its_legend():
    html = planjson.explain([datetime(2024, 2, 29), 1]).to_html()
    hues = json.loads(re.search(r'"hues":(\[.*?\])', html)[1])
    assert "raw" in hues
    for hue in hues:
        assert f"--{hue}:" in html and f"#legend .k-{hue} " in html, hue


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_an_example_is_shown_if_it_is_asked_for(value):
    (_, node) = planjson.explain({"a": value}, option=OPTION, values=True)
    written = planjson.dumps(value, option=OPTION).decode()
    assert node["example"] == (written if len(written) <= 60 else written[:60] + "\u2026")
    (_, node) = planjson.explain({"a": value}, option=OPTION)
    assert "example" not in node
