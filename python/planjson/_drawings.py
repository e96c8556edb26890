"""Explanations as drawings: Mermaid, Graphviz DOT, SVG."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

Node = dict[str, Any]

# Of kinds on a light and on a dark ground; the page uses the same.
COLORS = {
    "object": ("#8fb4d9", "#3f6f9f"),
    "array": ("#a9c8b5", "#3f7a5a"),
    "str": ("#e3c07a", "#8f6a1f"),
    "int": ("#b9a5dd", "#6a52a3"),
    "float": ("#dd9fc4", "#98487a"),
    "bool": ("#b3bcc7", "#5c6773"),
    "null": ("#d3d7dc", "#444c55"),
    "raw": ("#8fc7c9", "#2f7679"),
    "mixed": ("#e5a58f", "#9a4f36"),
}


@dataclass
class Box:
    """A node of a graph."""

    id: int
    parent: int | None
    depth: int
    size: int
    lines: list[str]
    color: str
    # "hot", "missed", or nothing.
    mark: str


def box(node: Node) -> Box:
    """A node of a plan."""
    mark = "hot" if node.get("hot") else "missed" if missed(node) else ""
    return Box(
        node["id"],
        node["parent"],
        node["depth"],
        node["bytes"],
        described(node),
        COLORS[main_kind(node)][0],
        mark,
    )


def mermaid(boxes: list[Box], depth: int, width: int) -> str:
    """A Mermaid flowchart."""
    marks = {
        "hot": "stroke:#c62828,stroke-width:3px",
        "missed": "stroke:#c77700,stroke-dasharray:4",
    }
    lines = ["flowchart LR"]
    for node, more in shown(boxes, depth, width):
        label = [*node.lines, f"and {more:,} nodes below"] if more else node.lines
        text = "<br/>".join(map(mermaid_text, label))
        lines.append(f'  n{node.id}["{text}"]')
        if node.parent is not None:
            lines.append(f"  n{node.parent} --> n{node.id}")
        if node.mark:
            lines.append(f"  style n{node.id} {marks[node.mark]}")
    return "\n".join(lines) + "\n"


def mermaid_text(text: str) -> str:
    """Text in which Mermaid finds nothing of its own: what is no letter or digit becomes a code."""
    plain = " .,:_-/%*$[]()"
    return "".join(c if c.isalnum() or c in plain else f"#{ord(c)};" for c in text)


def dot(boxes: list[Box], depth: int, width: int) -> str:
    """A Graphviz graph."""
    marks = {"hot": ', color="#c62828", penwidth=3', "missed": ', color="#c77700", penwidth=2'}
    lines = [
        "digraph plan {",
        '  rankdir=LR; node [shape=box, style="rounded,filled", fontname="sans-serif"];',
    ]
    for node, more in shown(boxes, depth, width):
        label = [*node.lines, f"and {more:,} nodes below"] if more else node.lines
        text = "\\n".join(map(dot_text, label))
        pen = marks.get(node.mark, "")
        lines.append(f'  n{node.id} [label="{text}", fillcolor="{node.color}"{pen}];')
        if node.parent is not None:
            lines.append(f"  n{node.parent} -> n{node.id};")
    return "\n".join([*lines, "}"]) + "\n"


def dot_text(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(c if c.isprintable() else " " for c in text)


def svg(nodes: list[Node], width: int, rows: int, by: str) -> str:
    """An icicle chart: the document on top, what is in it below, as wide as its share."""
    if by not in ("bytes", "time"):
        raise ValueError(f'by must be "bytes" or "time", not {by!r}')
    size = "total_ns" if by == "time" else "bytes"
    if size not in nodes[0]:
        raise ValueError('by="time" needs explain(analyze=True)')
    boxes = [box for box in icicle(nodes, float(width), size) if box[0]["depth"] < rows]
    deep = 1 + max(box[0]["depth"] for box in boxes)
    high = 34
    style = "".join(
        f".{kind}{{fill:{light}}}@media(prefers-color-scheme:dark){{.{kind}{{fill:{dark}}}}}"
        for kind, (light, dark) in COLORS.items()
    )
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {deep * high + 2}" '
        f'width="{width}" height="{deep * high + 2}" font-family="system-ui,sans-serif" '
        'font-size="11" role="img">',
        f"<style>{style}text{{fill:#1b1f24}}rect{{stroke:#fff;stroke-width:1}}"
        ".miss{stroke:#b35c00;stroke-width:2}.hot{stroke:#c62828;stroke-width:3}"
        "@media(prefers-color-scheme:dark){text{fill:#f2f4f6}rect{stroke:#14181d}"
        ".miss{stroke:#ffb454}.hot{stroke:#ff7b72}}</style>",
    ]
    for node, x, w in boxes:
        mark = " hot" if node.get("hot") else " miss" if missed(node) else ""
        y = node["depth"] * high + 1
        out.append(
            f'<g><title>{xml(" - ".join(described(node)))}</title><rect x="{x:.1f}" y="{y}" '
            f'width="{max(w - 0.5, 0.5):.1f}" height="{high - 2}" rx="2" '
            f'class="{main_kind(node)}{mark}"/>'
        )
        for line, text in enumerate(labels(node, nodes, size, w - 10)):
            place = f'x="{x + 5:.1f}" y="{y + 13 + 13 * line}"'
            out.append(f"<text {place}>{xml(text)}</text>")
        out.append("</g>")
    return "\n".join([*out, "</svg>"]) + "\n"


def xml(text: str) -> str:
    """Text in XML, which has no place for two characters that a key may have."""
    return escape(text.translate({0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}))


def labels(node: Node, nodes: list[Node], size: str, width: float) -> tuple[str, str]:
    """Two lines that fit: what it is, and its share."""
    share = f"{100 * node[size] / max(nodes[0][size], 1):.1f} %"
    both = f"{node['kind']}  {share}"
    whole = [text for text in (both, share) if fit(text, width) == text]
    return fit(step(node, nodes), width), whole[0] if whole else ""


def fit(text: str, width: float) -> str:
    """As much of the text as there is place for."""
    most = int(width / 6.2)
    if len(text) <= most:
        return text
    return text[: most - 1] + "\N{HORIZONTAL ELLIPSIS}" if most > 3 else ""


def icicle(nodes: list[Node], width: float, size: str) -> Iterator[tuple[Node, float, float]]:
    """Each node that can be seen with its place and width."""
    below = children(nodes)
    todo = [(nodes[0], 0.0, width)]
    while todo:
        node, x, w = todo.pop()
        yield node, x, w
        for child in below[node["id"]]:
            part = w * child[size] / max(node[size], 1)
            if part >= 1:
                todo.append((child, x, part))
            x += part


def shown(boxes: list[Box], depth: int, width: int) -> Iterator[tuple[Box, int]]:
    """The largest nodes, and for each the number of those below it that are left out."""
    below = defaultdict(list)
    for node in boxes[1:]:
        below[node.parent].append(node)
    sizes = [1] * len(boxes)
    for node in reversed(boxes):
        if node.parent is not None:
            sizes[node.parent] += sizes[node.id]
    todo = [boxes[0]]
    while todo:
        node = todo.pop()
        inside = below[node.id]
        keep = sorted(inside, key=lambda n: -n.size)[: width if node.depth < depth else 0]
        yield node, sum(sizes[n.id] for n in inside) - sum(sizes[n.id] for n in keep)
        todo.extend(sorted(keep, key=lambda n: -n.id))


def children(nodes: list[Node]) -> dict[int, list[Node]]:
    below = defaultdict(list)
    for node in nodes[1:]:
        below[node["parent"]].append(node)
    return below


def step(node: Node, nodes: list[Node]) -> str:
    """The last step of its path."""
    if node["parent"] is None:
        return "$"
    path: str = node["path"]
    return path[len(nodes[node["parent"]]["path"]) :]


def described(node: Node) -> list[str]:
    lines = [node["path"], f"{node['kind']}, {node['count']:,} x, {node['bytes']:,} B"]
    if node["lane"]:
        lines.append(node["lane"])
    return lines + [reason["text"] for reason in node["reasons"]]


def missed(node: Node) -> bool:
    return any(reason["lane"] for reason in node["reasons"])


def main_kind(node: Node) -> str:
    """The kind that gives a node its colour; for arrays of plain values theirs."""
    kinds = node["kinds"]
    first: str = next(iter(kinds), "null")
    if first == "array":
        inner = node["arrays"].get("kinds", {})
        bare = [kind for kind in inner if kind not in ("array", "object")]
        if len(inner) > 1:
            return "mixed" if bare else "array"
        return bare[0] if bare else "array"
    return first
