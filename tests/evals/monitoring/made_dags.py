"""Run histories of made DAGs by stated laws: the project's own set for forecasts, and for fitting the health score.

A DAG has 4 to 30 tasks in layers; the median duration of a task is log-uniform between 5 and 1,500 s. The logarithm of
a duration is the sum of that, a level that walks and sometimes jumps, a factor that all tasks of the run share (normal,
two-humped or heavy-tailed), a weekday factor in half of the DAGs, and an own part. Tasks share slots, which are
halved in some runs; 1 % of the tasks are retried after 60, 120 or 300 s. A deadline is the 80th to 95th percentile of
the last 25 runs times 1 to 1.15, agreed anew every 25 runs.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["MadeDag", "MadeRun", "made_dags", "moments"]


@dataclass(frozen=True)
class MadeRun:
    """One run: times in seconds after it was due."""

    weekday: int
    start: list[float]
    end: list[float]
    retried: list[int]
    deadline: float


@dataclass(frozen=True)
class MadeDag:
    """A DAG with its runs, oldest first."""

    id: str
    parents: list[list[int]]
    runs: list[MadeRun] = field(default_factory=list)


def made_dags(number: int, *, seed: int, runs: int = 120) -> Iterator[MadeDag]:
    """So many DAGs; the same seed gives the same."""
    for index in range(number):
        chance = random.Random(f"{seed}/{index}")  # noqa: S311 - a fixed seed, nothing secret
        yield _dag(f"made{seed}-{index}", chance, runs)


def moments(run: MadeRun) -> list[tuple[float, float]]:
    """The shares of finished tasks at which a run is forecast, with their times: 0, 25, 50 and 75 %."""
    ends = sorted(run.end)
    found = [(0.0, 0.0)]
    for share in (0.25, 0.5, 0.75):
        time = ends[max(0, round(share * len(ends)) - 1)]
        if time < ends[-1]:
            found.append((share, time))
    return found


def _dag(name: str, chance: random.Random, runs: int) -> MadeDag:
    size = chance.randint(4, 30)
    parents = _parents(size, chance)
    base = [math.exp(chance.uniform(math.log(5), math.log(1500))) for _ in range(size)]
    own = [chance.choice((0.03, 0.08, 0.2)) for _ in range(size)]
    common = chance.choice((0.03, 0.1, 0.25))
    kind = chance.choice(("normal", "humps", "heavy"))
    weekdays = [chance.gauss(0.0, 0.2 if chance.random() < 0.5 else 0.0) for _ in range(7)]
    load = [chance.uniform(0.4, 1.0) for _ in range(size)]
    slots = chance.randint(2, 8)
    walk, jump = chance.choice((0.0, 0.01, 0.03)), chance.choice((0.0, 0.01))
    level = [0.0] * size
    made = MadeDag(name, parents)
    finishes: list[float] = []
    deadline = math.inf
    for number in range(runs):
        shared = _shared(kind, common, chance)
        seconds, retried = [], []
        for task in range(size):
            level[task] += chance.gauss(0.0, walk) + (chance.gauss(0.0, 0.4) if chance.random() < jump else 0.0)
            log = level[task] + load[task] * shared + weekdays[number % 7] + chance.gauss(0.0, own[task])
            seconds.append(base[task] * math.exp(log))
            if chance.random() < 0.01:
                retried.append(task)
                seconds[-1] += seconds[-1] * chance.uniform(0.1, 1.0) + chance.choice((60.0, 120.0, 300.0))
        width = max(1, slots // 2) if chance.random() < 0.05 else slots
        start, end = _schedule(parents, seconds, width, chance)
        if number % 25 == 0 and number:
            recent = sorted(finishes[-25:])
            deadline = recent[int(chance.uniform(0.8, 0.95) * len(recent))] * chance.uniform(1.0, 1.15)
        finishes.append(max(end))
        made.runs.append(MadeRun(number % 7, start, end, retried, deadline if number >= 25 else 1.5 * finishes[0]))
    return made


def _parents(size: int, chance: random.Random) -> list[list[int]]:
    reach = chance.choice((1, 3, size))
    rows: list[list[int]] = []
    for task in range(size):
        before = list(range(max(0, task - reach), task))
        rows.append(sorted(chance.sample(before, k=min(len(before), chance.choice((0, 1, 1, 2))))))
    return rows


def _shared(kind: str, common: float, chance: random.Random) -> float:
    if kind == "humps":
        return chance.gauss(0.0, 0.3 * common) + (2.0 * common if chance.random() < 0.25 else 0.0)
    heavy = kind == "heavy" and chance.random() < 0.1
    return chance.gauss(0.0, 3.0 * common if heavy else common)


def _schedule(
    parents: list[list[int]], seconds: list[float], slots: int, chance: random.Random
) -> tuple[list[float], list[float]]:
    """First come first served on so many slots, with a gap of the scheduler before each task."""
    size = len(parents)
    start, end = [0.0] * size, [0.0] * size
    left = [len(row) for row in parents]
    ready = [(chance.expovariate(0.25), task) for task in range(size) if not left[task]]
    heapq.heapify(ready)
    free = [0.0] * slots
    while ready:
        time, task = heapq.heappop(ready)
        start[task] = max(time, heapq.heappop(free))
        end[task] = start[task] + seconds[task]
        heapq.heappush(free, end[task])
        for child in range(size):
            if task in parents[child]:
                left[child] -= 1
                if not left[child]:
                    over = max(end[parent] for parent in parents[child])
                    heapq.heappush(ready, (over + chance.expovariate(0.25), child))
    return [round(value, 1) for value in start], [round(value, 1) for value in end]
