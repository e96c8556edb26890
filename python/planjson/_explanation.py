"""What a plan looks like: text, data, drawings and a page."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from operator import index
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from types import EllipsisType

    from planjson import JSONEncodeError
    from planjson._drawings import Box

VERSION = 1


class Tree(Protocol):
    """What the core knows of a plan."""

    def text(self, depth: int, width: int, color: bool) -> str: ...
    def totals(self) -> dict[str, Any]: ...
    def nodes(self) -> list[dict[str, Any]]: ...


def limit(name: str, value: int | None) -> int:
    """How much is to be shown; None is all of it."""
    found = sys.maxsize if value is None else index(value)
    if found < 0:
        raise ValueError(f"{name} must be None or at least 0, not {value}")
    return min(found, sys.maxsize)


class Look:
    """What the explanations of plans and of cached plans have in common."""

    def __init__(self, depth: int | None, width: int | None) -> None:
        self._depth = limit("depth", depth)
        self._width = limit("width", width)

    def text(
        self,
        *,
        depth: int | EllipsisType | None = ...,
        width: int | EllipsisType | None = ...,
        color: bool = False,
    ) -> str:
        """The tree as lines of text, to other limits than str() if they are given; None is none."""
        down = self._depth if depth is ... else limit("depth", depth)
        along = self._width if width is ... else limit("width", width)
        return self._text(down, along, color)

    def _text(self, depth: int, width: int, color: bool) -> str:
        raise NotImplementedError

    def _boxes(self) -> list[Box]:
        raise NotImplementedError

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    @property
    def nodes(self) -> list[dict[str, Any]]:
        """All nodes, each before those below it; docs/explain.md says what is in them."""
        raise NotImplementedError

    @property
    def totals(self) -> dict[str, Any]:
        """What is known of the whole."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def to_dict(self) -> dict[str, Any]:
        """All of it as dicts and lists; docs/explain.md describes them."""
        return {"version": VERSION, "totals": self.totals, "nodes": self.nodes}

    def to_json(self) -> bytes:
        """to_dict() as JSON."""
        from planjson import dumps

        return dumps(self.to_dict())

    def to_mermaid(self, *, depth: int | None = 4, width: int | None = 12) -> str:
        """A Mermaid flowchart of the largest nodes."""
        from planjson._drawings import mermaid

        return mermaid(self._boxes(), limit("depth", depth), limit("width", width))

    def to_dot(self, *, depth: int | None = 4, width: int | None = 12) -> str:
        """A Graphviz graph of the largest nodes."""
        from planjson._drawings import dot

        return dot(self._boxes(), limit("depth", depth), limit("width", width))

    def to_html(self, *, title: str = "planjson explain") -> str:
        """A page that needs nothing else: no network, no other file."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        from planjson._html import frame

        return frame(self.to_html())


class Explanation(Look):
    """A plan to look at. str() is text; to_dict(), to_json(), to_mermaid(), to_dot(), to_html().

    Made by Plan.explain() and planjson.explain().

    Attributes:
        error: the JSONEncodeError that ended the planning, or None.
    """

    def __init__(self, tree: Tree, depth: int | None = 8, width: int | None = 16) -> None:
        super().__init__(depth, width)
        self._tree = tree
        self._nodes: list[dict[str, Any]] | None = None
        self.error: JSONEncodeError | None = None

    def _text(self, depth: int, width: int, color: bool) -> str:
        return self._tree.text(depth, width, color)

    def _boxes(self) -> list[Box]:
        from planjson._drawings import box

        return list(map(box, self.nodes))

    @property
    def nodes(self) -> list[dict[str, Any]]:
        """All nodes, each before those below it; docs/explain.md says what is in them."""
        if self._nodes is None:
            self._nodes = self._tree.nodes()
        return self._nodes

    @property
    def totals(self) -> dict[str, Any]:
        """What is known of the whole."""
        return self._tree.totals()

    def to_svg(self, *, width: int = 960, rows: int = 8, by: str = "bytes") -> str:
        """An icicle chart of bytes, or of time if by is "time", as SVG."""
        from planjson._drawings import svg

        return svg(self.nodes, width, rows, by)

    def to_html(self, *, title: str = "planjson explain") -> str:
        """A page that needs nothing else: no network, no other file."""
        from planjson._html import page

        return page(self.to_dict(), title)
