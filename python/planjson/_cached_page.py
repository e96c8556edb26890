"""The page of a cached plan: HTML that opens and closes by itself, without a script."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from html import escape
from typing import Any

from planjson._cached_explanation import UNUSED, Node, instances, place, refused, shape, share
from planjson._html import asset, filled, policy
from planjson._terminal import printable

# Levels that are open at first, unless there are more places than that.
OPEN, FEW = 4, 200


def page(totals: dict[str, Any], nodes: list[Node], title: str) -> str:
    style = asset("ground.css") + asset("cached.css")
    parts = {
        "POLICY": policy(style),
        "TITLE": escape(title),
        "STYLE": style,
        "TOTALS": "".join(f"<div><dt>{dt}</dt><dd>{dd}</dd></div>" for dt, dd in tiles(totals)),
        "NOTES": "" if totals["used"] else f'<p class="note">{escape(UNUSED)}</p>',
        "PLACES": "\n".join(["<div class=places>", *places(nodes), "</div>"]),
        "DEOPTS": "\n".join(deopts(nodes)),
    }
    return filled("cached.html", parts)


def tiles(totals: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "As guessed", share(totals["hits"], totals["rows"])
    yield "Dicts", f"{totals['rows']:,}"
    if totals["instances"]:
        yield "Instances", f"{totals['instances']:,}"
    yield "Calls", f"{totals['calls']:,}"
    yield "Shapes", f"{totals['shapes']:,}"
    yield "Keys", f"{totals['keys']:,}"
    yield "Holds", f"about {totals['bytes']:,} B"
    yield "Learns", "yes" if totals["learn"] else "no"


def text(value: str) -> str:
    """Text in which nothing is markup and nothing turns the direction."""
    return escape(printable(value))


def places(nodes: list[Node]) -> Iterator[str]:
    """Each place of which something is known with its shapes, and inside of it those below."""
    known, below = set(), defaultdict(list)
    for node in reversed(nodes):
        if (
            node["shapes"]
            or node["dicts"]
            or node["refused"]
            or node["instances"]
            or node["id"] in known
        ):
            known.add(node["parent"])
            below[node["parent"]].append(node)
    todo: list[Node | None] = [nodes[0]]
    while todo:
        step = todo.pop()
        if step is None:
            yield "</details>"
            continue
        node = step
        is_open = " open" if node["depth"] < OPEN and len(nodes) <= FEW else ""
        yield f"<details{is_open}><summary>{summary(node, nodes)}</summary>"
        for i, one in enumerate(node["shapes"], 1):
            yield from keys(i, one)
        for reason, n in node["deopts"].items():
            yield f'<p class="why">{text(reason)}: {n:,}</p>'
        if node["refused"]:
            yield f'<p class="why">{refused(node)}</p>'
        if node["instances"]:
            yield f"<p>{instances(node)}</p>"
        todo += [None, *below[node["id"]]]


def summary(node: Node, nodes: list[Node]) -> str:
    path = f"<code>{text(node['path'])}</code>"
    if not node["dicts"]:
        return (
            path if not node["shapes"] else f'{path}<span class="met">{place(node, nodes)}</span>'
        )
    right = node["hits"] / node["dicts"]
    meter = f'<meter value="{right:.3f}" low="0.5" high="0.9" optimum="1"></meter>'
    return f'{path}<span class="met">{place(node, nodes)}</span>{meter}'


def keys(i: int, known: dict[str, Any]) -> Iterator[str]:
    yield f"<details><summary>shape {i}: {shape(known)}</summary>"
    yield f'<p class="guard">guard: {text(known["guard"])}</p>'
    yield "<table><tr><th>key, as it is written</th><th>likely kernel</th></tr>"
    for key in known["keys"]:
        yield f"<tr><td>{text(key['fragment'])}</td><td>{key['kernel']}</td></tr>"
    yield "</table></details>"


def deopts(nodes: list[Node]) -> Iterator[str]:
    """Places and reasons, the most frequent first."""
    found: Counter[tuple[str, str]] = Counter()
    for node in nodes:
        for reason, n in node["deopts"].items():
            found[node["path"], reason] += n
    if not found:
        yield "<p>Nowhere so far.</p>"
        return
    yield "<table><tr><th>place</th><th>reason</th><th class=number>times</th></tr>"
    for (path, reason), n in found.most_common():
        yield f"<tr><td>{text(path)}</td><td>{text(reason)}</td><td class=number>{n:,}</td></tr>"
    yield "</table>"
