"""Explanations as a page of their own. What the page does is in _page/."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from planjson._drawings import COLORS, main_kind

# In a script block nothing may look like the block's end, nor like a comment.
HARMLESS = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def page(explanation: dict[str, Any], title: str) -> str:
    """The page. Script and style are named by their hashes: the browser runs nothing else."""
    script, style = asset("page.js"), colors() + asset("ground.css") + asset("page.css")
    data = json.dumps(columns(explanation), ensure_ascii=True, separators=(",", ":"))
    parts = {
        "POLICY": policy(style, script),
        "TITLE": escape(title),
        "STYLE": style,
        "SCRIPT": script,
        "DATA": data.translate(HARMLESS),
    }
    return filled("page.html", parts)


def filled(name: str, parts: dict[str, str]) -> str:
    """A file with its parts; in one go, so that nothing is looked for in what was put in."""
    return re.sub("@([A-Z]+)@", lambda found: parts[found[1]], asset(name))


def frame(html: str) -> str:
    """The page as a notebook shows it."""
    return (
        f'<iframe srcdoc="{escape(html)}" sandbox="allow-scripts" '
        'style="width:100%;height:680px;border:0" title="planjson explain"></iframe>'
    )


def asset(name: str) -> str:
    return files("planjson").joinpath("_page", name).read_text("utf-8")


def policy(style: str, script: str | None = None) -> str:
    def name(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    scripts = "" if script is None else f"; script-src {name(script)}"
    return f"default-src 'none'; style-src {name(style)}{scripts}"


def colors() -> str:
    """The kinds' colours for both grounds."""
    light, dark = ("".join(f"--{k}:{c[i]};" for k, c in COLORS.items()) for i in (0, 1))
    return (
        f":root{{{light}}}@media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f":root[data-theme=dark]{{{dark}}}\n"
    )


def columns(explanation: dict[str, Any]) -> dict[str, Any]:
    """The nodes column by column, which is a quarter of their size."""
    nodes = explanation["nodes"]
    paths = [node["path"] for node in nodes]
    kinds = {kind: number for number, kind in enumerate(dict.fromkeys(n["kind"] for n in nodes))}
    hues = {hue: number for number, hue in enumerate(COLORS)}

    def some(value: Any) -> dict[int, Any]:
        """Of a column with gaps what there is."""
        return {n["id"]: found for n in nodes if (found := value(n))}

    timed = explanation["totals"]["times"] is not None
    return {
        "totals": explanation["totals"],
        "kinds": list(kinds),
        "hues": list(hues),
        "parent": [-1 if n["parent"] is None else n["parent"] for n in nodes],
        "step": [
            "$" if n["parent"] is None else path[len(paths[n["parent"]]) :]
            for n, path in zip(nodes, paths, strict=True)
        ],
        "kind": [kinds[n["kind"]] for n in nodes],
        "hue": [hues[main_kind(n)] for n in nodes],
        "count": [n["count"] for n in nodes],
        "bytes": [n["bytes"] for n in nodes],
        "total": [n["total_ns"] for n in nodes] if timed else None,
        "own": [n["own_ns"] for n in nodes] if timed else None,
        "shared": [n["own_values"] for n in nodes] if timed else None,
        "hot": [n["id"] for n in nodes if n.get("hot")],
        "lane": some(lambda n: n["lane"]),
        "reasons": some(lambda n: [[r["text"], int(r["lane"])] for r in n["reasons"]]),
        "example": some(lambda n: n.get("example") or n.get("arrays", {}).get("example")),
    }
