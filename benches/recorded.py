"""What a plan of everything costs: plan(obj).emit() beside the two ways of dumps().

python -m benches.recorded [--only NAME...] [--data DIR]

dumps(obj, plan=True) leaves out of its plan what a look finds to run no Python code; a plan that is
kept has all of it. Markdown on standard output, the best of all samples.
"""

import argparse
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import planjson

from benches import measure, peers, typed, workloads
from benches.workloads import Terms, Workload

NAMES = [
    "int, random length",
    "float, random",
    "str, 4-16 ASCII",
    "rows, 10k x 7",
    "mixed_nested",
    "one log event",
    "dataclass rows",
]


def candidate(name: str, once: Callable[[Any], bytes]) -> peers.Candidate:
    def loop(objects: Iterable[Any]) -> None:
        for obj in objects:
            once(obj)

    return peers.Candidate(name, "planjson", once, loop)


def recorded(obj: Any) -> bytes:
    return planjson.plan(obj).emit()


def line(workload: Workload) -> str:
    supply = measure.Supply(workload, [])
    emit = planjson.plan(supply.document).emit
    timings = measure.interleaved(
        [
            peers.direct(Terms.PLAIN),
            peers.planned(Terms.PLAIN),
            candidate("recorded", recorded),
            candidate("emitted", lambda _: emit()),
        ],
        supply,
        measure.QUICK,
    )
    count = 1 if workload.per == "call" else len(supply.document)
    ns = {name: timing["best_ns"] / count for name, timing in timings.items()}
    cells = [f"{ns[name]:,.1f}" for name in ("direct", "planned", "recorded", "emitted")]
    ratios = [f"{ns[name] / ns['direct']:.2f}" for name in ("planned", "recorded", "emitted")]
    return f"| {workload.name} | {' | '.join(cells + ratios)} | ns/{workload.per} |"


def every(data: Path | None) -> dict[str, Workload]:
    found = workloads.generated() + typed.generated()
    if data:
        found += (w for w in workloads.documents(data) if w.terms is Terms.PLAIN and not w.cold)
    return {workload.name: workload for workload in found}


def line_of(name: str, data: Path | None) -> str:
    return line(every(data)[name])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", nargs="*", default=NAMES)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    names = [name for name in every(None) if name in given.only]
    names += sorted(every(given.data).keys() - every(None).keys())
    print(
        "| workload | direct | planned | recorded | emitted | planned/direct | recorded/direct "
        "| emitted/direct | unit |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    # Each in a process of its own, whose heap no other one has left in disorder.
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        for found in pool.map(partial(line_of, data=given.data), names):
            print(found, flush=True)


if __name__ == "__main__":
    main()
