"""The command line: `python -m benches.run --help`."""

import argparse
import fnmatch
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benches import machine, measure, odd, peers, report, typed, workloads
from benches.workloads import Workload

Row = dict[str, Any]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benches.run", description="Measure planjson beside the other libraries."
    )
    parser.add_argument(
        "--only",
        action="append",
        metavar="PATTERN",
        help="workloads whose name has this in it, or fits it with * and ?; may be repeated",
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="also every JSON file of this folder"
    )
    parser.add_argument(
        "--quick", action="store_true", help="few rounds, nothing of a million elements"
    )
    parser.add_argument(
        "--processes",
        action="store_true",
        help="each library in a process of its own, too",
    )
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the results as JSON")
    parser.add_argument("--markdown", type=Path, metavar="OUT", help="write the table as Markdown")
    parser.add_argument("--list", action="store_true", help="name the workloads and end")
    # What the children are told: whom to measure, and with --only on what.
    parser.add_argument("--candidates", type=lambda names: names.split(","), help=argparse.SUPPRESS)
    return parser.parse_args()


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def fits(name: str, pattern: str) -> bool:
    return pattern in name or fnmatch.fnmatchcase(name, pattern)


def chosen(options: argparse.Namespace) -> list[Workload]:
    every = workloads.generated() + odd.generated() + typed.generated()
    if options.data:
        if not options.data.is_dir():
            sys.exit(f"benches: there is no folder {options.data}")
        every += workloads.documents(options.data)
    if options.candidates:  # the parent has chosen: one workload, by its full name
        return [workload for workload in every if workload.name == options.only[0]]
    if options.quick:
        every = [workload for workload in every if not workload.large]
    if options.only:
        every = [w for w in every if any(fits(w.name, pattern) for pattern in options.only)]
    return every


def count(workload: Workload, document: Any) -> int:
    return 1 if workload.per == "call" else len(document)


def row(workload: Workload, elements: int, size: int, timings: dict[str, dict[str, float]]) -> Row:
    return {
        "name": workload.name,
        "per": workload.per,
        "cold": workload.cold,
        "count": elements,
        "bytes": size,
        "goal": workload.goal,
        "floor": workload.floor,
        "cached": workload.cached,
        "timings": timings,
    }


def in_this_process(workload: Workload, names: Sequence[str], effort: measure.Effort) -> Row:
    candidates = peers.available(workload.terms, names)
    supply = measure.Supply(workload, candidates)
    candidates = peers.willing(candidates, supply.fresh())
    timings = measure.interleaved(candidates, supply, effort)
    # Afterwards and on a copy, so that what is timed finds memory and objects as they were.
    size = peers.verified(candidates, workload, supply.fresh())
    return row(workload, count(workload, supply.document), size, timings)


def in_a_child(workload: Workload, names: Sequence[str], options: argparse.Namespace) -> Row:
    """In a process of its own, whose heap no other workload has left in disorder."""
    command = [sys.executable, "-m", "benches.run", "--candidates", ",".join(names)]
    command += ["--only", workload.name]
    command += ["--quick"] if options.quick else []
    command += ["--data", str(options.data.resolve())] if options.data else []
    done = subprocess.run(command, cwd=machine.ROOT, stdout=subprocess.PIPE, check=True)
    found: Row = json.loads(done.stdout)
    return found


def measured(workload: Workload, options: argparse.Namespace) -> Row:
    if not options.processes:
        return in_a_child(workload, list(peers.MAKERS), options)
    names = [candidate.name for candidate in peers.available(workload.terms)]
    first, *others = (in_a_child(workload, [name], options) for name in names)
    for other in others:
        first["timings"] |= other["timings"]
    return first


def show_progress(number: int, total: int, found: Row) -> None:
    reached = report.ratios(found)
    shown_as, divisor = report.unit(found)
    times = {name: timing["best_ns"] / divisor for name, timing in found["timings"].items()}
    said = "  ".join(f"{name} {report.number(ns)}" for name, ns in times.items())
    ahead = report.number(reached["best/ours"])
    say(f"[{number}/{total}] {found['name']}: {ahead}x  ({shown_as}: {said})")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    say(f"written: {path}")


def main() -> None:
    options = arguments()
    todo = chosen(options)
    if not todo:
        sys.exit("benches: no workload fits; --list names them")
    if options.list:
        print("\n".join(workload.name for workload in todo))
        return
    effort = measure.QUICK if options.quick else measure.NORMAL
    if options.candidates:
        print(json.dumps(in_this_process(todo[0], options.candidates, effort)))
        return

    rows: list[Row] = []
    for number, workload in enumerate(todo, 1):
        rows.append(measured(workload, options))
        show_progress(number, len(todo), rows[-1])

    result = {
        "machine": machine.describe(),
        "versions": peers.versions(),
        "processes": options.processes,
        "quick": options.quick,
        "rows": rows,
    }
    print(f"\n{report.heading(result)}\n\n{report.as_text(rows)}\n\n{report.EXPLAINED}")
    for line in report.shortfalls(rows):
        print(f"below its floor: {line}")
    if options.json:
        write(options.json, json.dumps(result, indent=1) + "\n")
    if options.markdown:
        write(options.markdown, f"{report.heading(result)}\n\n{report.as_markdown(rows)}\n")


if __name__ == "__main__":
    main()
