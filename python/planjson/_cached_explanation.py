"""What a cached plan looks like: its guards, its finished keys, and how often it guessed right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from planjson._explanation import Look

if TYPE_CHECKING:
    from planjson._drawings import Box

Node = dict[str, Any]

STATES = {
    "general": "; general: guesses no more for now",
    "full": "; full: learns no more",
    "open": "",
}
UNUSED = (
    "not used: its options (indent, escapes, sorted, other or omitted keys, encoders for types "
    "of JSON's own) go the general way"
)
# From which share of wrong guesses on a place is marked.
WRONG = 0.1


class CachedExplanation(Look):
    """A cached plan to look at: str() is text; to_dict(), to_json(), to_dot(), to_html(), ...

    Made by CachedPlan.explain(). What the plan does afterwards does not change it.
    """

    def __init__(
        self,
        totals: dict[str, Any],
        nodes: list[Node],
        depth: int | None = 8,
        width: int | None = 16,
    ) -> None:
        super().__init__(depth, width)
        self._totals = totals
        self._nodes = nodes

    @property
    def nodes(self) -> list[Node]:
        """All places, each before those below it; docs/cached-plans.md says what is in them."""
        return self._nodes

    @property
    def totals(self) -> dict[str, Any]:
        """What info() said, and whether the plan's options let it be used."""
        return self._totals

    def _text(self, depth: int, width: int, color: bool) -> str:
        return "\n".join([*header(self.totals), *lines(self.nodes, depth, width, color), ""])

    def _boxes(self) -> list[Box]:
        from planjson._drawings import COLORS, Box

        found = []
        for node in self.nodes:
            shapes = [f"shape {i}: {shape(s)}" for i, s in enumerate(node["shapes"], 1)]
            others = [instances(node)] if node["instances"] else []
            wrong = [f"{reason}: {n:,}" for reason, n in node["deopts"].items()]
            found.append(
                Box(
                    node["id"],
                    node["parent"],
                    node["depth"],
                    node["dicts"],
                    [node["path"], met(node), *shapes, *wrong, *others],
                    COLORS["object" if node["shapes"] else "array"][0],
                    "missed" if often_wrong(node) else "",
                )
            )
        return found

    def to_html(self, *, title: str = "planjson cached plan") -> str:
        """A page that needs nothing else: no network, no other file, no script."""
        from planjson._cached_page import page

        return page(self.totals, self.nodes, title)


def header(totals: dict[str, Any]) -> Iterator[str]:
    yield (
        f"cached plan: {number(totals['shapes'], 'shape')}, {number(totals['keys'], 'key')}, about "
        f"{number(totals['bytes'], 'byte')}; {number(totals['calls'], 'call')}, "
        f"{number(totals['rows'], 'dict')}, {share(totals['hits'], totals['rows'])} as guessed"
        + (f"; {number(totals['instances'], 'instance')}" if totals["instances"] else "")
    )
    learning = "learns shapes that come twice" if totals["learn"] else "learns nothing"
    yield f"             {learning}"
    yield "             guard: a table of str keys; each key by address, then by what it says"
    if not totals["used"]:
        yield f"             {UNUSED}"


def lines(nodes: list[Node], depth: int, width: int, color: bool) -> Iterator[str]:
    """The places that something is known of; where there are too many, the busiest stay."""

    def paint(style: str, text: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if color else text

    below = defaultdict(list)
    for node in nodes[1:]:
        below[node["parent"]].append(node)
    todo: list[Node | str] = [nodes[0]]
    while todo:
        step = todo.pop()
        if isinstance(step, str):
            yield step
            continue
        node = step
        if node["shapes"] or node["dicts"] or node["instances"]:
            yield f"{paint('1', node['path'])}  {place(node, nodes)}"
            for i, known in enumerate(node["shapes"], 1):
                yield f"  shape {i}: {shape(known)}"
                yield f"    write  {written(known['keys'], width)}"
            for reason, n in node["deopts"].items():
                yield paint("33", f"  deopt  {reason}: {n:,}")
            if node["refused"]:
                yield f"  {refused(node)}"
            if node["instances"]:
                yield f"  {instances(node)}"
        inside = below[node["id"]]
        keep = sorted(inside, key=lambda n: -n["dicts"] - n["instances"])[:width]
        if node["depth"] >= depth:
            keep = []
        if len(keep) < len(inside):
            todo.append(f"... {number(len(inside) - len(keep), 'place')} more below {node['path']}")
        last_first: list[Node] = sorted(keep, key=lambda n: -n["id"])
        todo += last_first


def place(node: Node, nodes: list[Node]) -> str:
    """What is said of a place behind its path."""
    which = ""
    if node["shape"] is not None and len(nodes[node["parent"]]["shapes"]) > 1:
        which = f" in shape {node['shape'] + 1}"
    if node["instances"] and not node["shapes"] and not node["dicts"]:
        return f"instances{which}"
    return f"object{which}, {met(node)}{STATES[node['state']]}"


def written(keys: list[dict[str, Any]], width: int) -> str:
    shown = " ".join(f"{key['fragment']}<{key['kernel']}>" for key in keys[:width])
    rest = len(keys) - len(keys[:width])
    return shown + (f" and {rest:,} more" if rest else "")


def shape(known: dict[str, Any]) -> str:
    return f"{number(len(known['keys']), 'key')}, {number(known['dicts'], 'dict')}"


def refused(node: Node) -> str:
    why = "did not come again soon, have long keys, or find no place"
    return f"not kept: {number(node['refused'], 'dict')} of shapes that {why}"


def instances(node: Node) -> str:
    return f"{number(node['instances'], 'instance')} of classes, written as dumps() writes them"


def met(node: Node) -> str:
    if not node["dicts"]:
        return "not met yet"
    return f"{node['dicts']:,} met, {share(node['hits'], node['dicts'])} as guessed"


def often_wrong(node: Node) -> bool:
    wrong: bool = node["dicts"] - node["hits"] > WRONG * node["dicts"]
    return wrong


def number(n: int, what: str) -> str:
    return f"{n:,} {what}{'s' * (n != 1)}"


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"
