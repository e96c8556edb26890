"""How it is timed: all candidates in turn, round after round, so that noise meets them alike.

Warm: the same objects again and again. Where a document has text beyond ASCII, each candidate has a
copy of its own, because some leave UTF-8 copies in the strings that they meet, for others to find.
Cold: every call gets objects that nothing has serialised before, as many of them in a sample for
each candidate.
"""

import gc
import json
import math
import random
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from resource import RUSAGE_SELF, getrusage
from time import perf_counter_ns
from typing import Any

from benches.peers import Candidate
from benches.workloads import Workload

SAMPLE_NS = 1_000_000  # a shorter sample is lost in the timer's noise
WARM_UP_NS = 30_000_000  # a call of this length needs no untimed one before it
UNRIVALLED = {"json"}  # shown only: a few samples are enough
FEW = 3


@dataclass(frozen=True)
class Effort:
    """Rounds end when the budget is spent, but not before `fewest` of them."""

    budget_ns: int
    fewest: int
    most: int


NORMAL = Effort(budget_ns=2_500_000_000, fewest=7, most=150)
QUICK = Effort(budget_ns=500_000_000, fewest=5, most=30)


@dataclass
class Timing:
    """Of one candidate on one workload; times are ns for one call."""

    calls_per_sample: int
    samples: list[float] = field(default_factory=list)
    faults: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, float]:
        return {
            "best_ns": min(self.samples),
            "median_ns": statistics.median(self.samples),
            "page_faults": statistics.median(self.faults),
            "samples": len(self.samples),
            "calls_per_sample": self.calls_per_sample,
        }


def sample(candidate: Candidate, objects: Iterable[Any], calls: int) -> tuple[float, float]:
    """ns and page faults of one call."""
    faults = getrusage(RUSAGE_SELF).ru_minflt
    start = perf_counter_ns()
    candidate.loop(objects)
    took = perf_counter_ns() - start
    return took / calls, (getrusage(RUSAGE_SELF).ru_minflt - faults) / calls


class Supply:
    """Where a workload's objects come from."""

    def __init__(self, workload: Workload, candidates: Sequence[Candidate]) -> None:
        self._make = workload.make
        self.document = workload.make()
        self._source = None if workload.typed else json.dumps(self.document)
        self.cold = workload.cold
        self._own: dict[str, Any] = {}
        beyond_ascii = self._source is not None and "\\u" in self._source
        if beyond_ascii and not workload.cold:
            self._own = {candidate.name: self.fresh() for candidate in candidates}

    def fresh(self) -> Any:
        return self._make() if self._source is None else json.loads(self._source)

    def warm(self, name: str) -> Any:
        return self._own.get(name, self.document)

    def objects(self, name: str, calls: int) -> Iterable[Any]:
        if self.cold:
            return [self.fresh() for _ in range(calls)]
        return repeat(self.warm(name), calls)


def calls_for(candidate: Candidate, supply: Supply) -> int:
    """How many calls last as long as a sample should."""
    calls = 1
    while True:
        tries = [sample(candidate, supply.objects(candidate.name, calls), calls) for _ in range(2)]
        ns = min(ns for ns, _ in tries)
        if ns * calls >= SAMPLE_NS / 4:
            return max(1, math.ceil(SAMPLE_NS / ns))
        calls *= 4


def interleaved(
    candidates: Sequence[Candidate], supply: Supply, effort: Effort
) -> dict[str, dict[str, float]]:
    """Times every candidate; gives a summary for each name."""
    calls = {c.name: calls_for(c, supply) for c in candidates}
    if supply.cold:  # as many for each: objects made last are still in the processor's caches
        calls = dict.fromkeys(calls, max(calls.values()))
    timings = {name: Timing(n) for name, n in calls.items()}
    shuffler = random.Random(0)
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        started = perf_counter_ns()
        for turn in range(effort.most):
            if turn >= effort.fewest and perf_counter_ns() - started > effort.budget_ns:
                break
            for candidate in shuffler.sample(list(candidates), len(candidates)):
                if turn < FEW or candidate.name not in UNRIVALLED:
                    one_sample(candidate, timings[candidate.name], supply)
    finally:
        gc.enable()
        gc.unfreeze()
    return {name: timing.summary() for name, timing in timings.items()}


def one_sample(candidate: Candidate, timing: Timing, supply: Supply) -> None:
    calls = timing.calls_per_sample
    objects = supply.objects(candidate.name, calls)
    if not supply.cold and (not timing.samples or timing.samples[-1] < WARM_UP_NS):
        candidate.once(supply.warm(candidate.name))
    ns, faults = sample(candidate, objects, calls)
    timing.samples.append(ns)
    timing.faults.append(faults)
