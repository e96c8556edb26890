"""How it is shown: ratios first, then times; as text and as Markdown."""

from collections.abc import Sequence
from typing import Any

from benches.peers import MAKERS, PATHS, RIVALS

Row = dict[str, Any]
Cells = list[list[str]]

TIMED = tuple(MAKERS)
EXPLAINED = (
    "best/ours: time of the fastest of orjson, ssrjson and msgspec over that of planjson's faster "
    "path, larger is better for us; best/direct, best/planned, best/cached: the same for one way, "
    "the last with a plan that was compiled from the document; "
    "planned/direct: what planning costs (below 1: what it gains); goal: what best/ours should be "
    "[must be]; cached goal: the same of best/cached. Times: the best of all rounds. Faults: page "
    "faults in one call, direct and planned."
)
MICRO = 10_000  # ns; from here on a call is shown in µs
MOST_A_PLAN_COSTS = 1.25  # of the direct path, on documents and rows


def best(row: Row, names: Sequence[str]) -> float | None:
    times = [row["timings"][name]["best_ns"] for name in names if name in row["timings"]]
    return min(times) if times else None


def ratio(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None


def ratios(row: Row) -> dict[str, float | None]:
    rival = best(row, RIVALS)
    return {
        "best/ours": ratio(rival, best(row, PATHS)),
        "best/direct": ratio(rival, best(row, ["direct"])),
        "best/planned": ratio(rival, best(row, ["planned"])),
        "best/cached": ratio(rival, best(row, ["cached"])),
        "planned/direct": ratio(best(row, ["planned"]), best(row, ["direct"])),
    }


def number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 1000 else f"{value:,.0f}"


def goals(row: Row) -> list[str]:
    pairs = [(row["goal"], row["floor"]), row["cached"] or (None, None)]
    return ["" if goal is None else f"{goal:g} [{floor:g}]" for goal, floor in pairs]


def faults(row: Row) -> str:
    found = [row["timings"][name]["page_faults"] for name in PATHS if name in row["timings"]]
    return " ".join(f"{value:.0f}" for value in found)


def unit(row: Row) -> tuple[str, float]:
    """How the row's times are shown, and what they are divided by for it."""
    fastest = best(row, TIMED) or 0
    if row["per"] == "call" and fastest >= MICRO:
        return "µs/call", 1000
    return f"ns/{row['per']}", row["count"]


def table(rows: Sequence[Row]) -> Cells:
    timed = [name for name in TIMED if any(name in row["timings"] for row in rows)]
    head = ["workload", *ratios(rows[0]), "goal", "cached goal", *timed, "unit", "faults"]
    body = []
    for row in rows:
        shown_as, divisor = unit(row)
        times = [best(row, [name]) for name in timed]
        body.append(
            [
                row["name"],
                *map(number, ratios(row).values()),
                *goals(row),
                *(number(None if t is None else t / divisor) for t in times),
                shown_as,
                faults(row),
            ]
        )
    return [head, *body]


def as_text(rows: Sequence[Row]) -> str:
    cells = table(rows)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]
    lines.insert(1, "-" * sum(widths, 2 * (len(widths) - 1)))
    return "\n".join(lines)


def as_markdown(rows: Sequence[Row]) -> str:
    head, *body = table(rows)
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def heading(result: dict[str, Any]) -> str:
    """One sentence on what was measured where."""
    machine = result["machine"]
    commit = machine["commit"] or "no commit"
    changed = " with changes" if machine["changed_since_commit"] else ""
    libraries = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    how = (
        "each library in a process of its own"
        if result["processes"]
        else "interleaved in one process for each workload"
    )
    return (
        f"{machine['date'][:10]}, {machine['python']}, {machine['cpu']} "
        f"({machine['cores']} cores, {machine['system']}); {libraries}; "
        f"commit {commit}{changed}; {how}."
    )


def shortfalls(rows: Sequence[Row]) -> list[str]:
    """Rows below what they must reach."""
    found = []
    for row in rows:
        reached, cached = (ratios(row)[key] for key in ("best/ours", "best/cached"))
        if row["floor"] is not None and reached is not None and reached < row["floor"]:
            found.append(f"{row['name']}: {reached:.2f}, must be {row['floor']:g}")
        if row["cached"] is not None and cached is not None and cached < row["cached"][1]:
            found.append(f"{row['name']}, cached: {cached:.2f}, must be {row['cached'][1]:g}")
    return found


def costly_plans(rows: Sequence[Row]) -> list[str]:
    """Rows on which a plan costs more than it may, or too much to reach what a path must."""
    found = []
    for row in rows:
        planned, cost = (ratios(row)[key] for key in ("best/planned", "planned/direct"))
        if cost is not None and cost > MOST_A_PLAN_COSTS:
            found.append(f"{row['name']}: {cost:.2f} times direct")
        if row["floor"] is not None and planned is not None and planned < row["floor"]:
            found.append(f"{row['name']}: {planned:.2f} where best/ours must be {row['floor']:g}")
    return found
