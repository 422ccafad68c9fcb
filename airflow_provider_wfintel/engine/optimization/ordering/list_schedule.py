"""List scheduling: whenever a slot is free, the first ready task of an order starts. It is never interrupted.

This is what Airflow does with `priority_weight` and `weight_rule="absolute"` when starting a task costs nothing; the
order search calls it thousands of times, so it knows neither pools nor overheads. The simulator does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from airflow_provider_wfintel.engine.optimization.ordering.graph import TaskGraph

__all__ = ["Schedule", "by_key", "list_schedule"]

_SAME_TIME = 1e-12
"""Tasks that end within so many seconds end together, so that sums of floats do not decide who comes first."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the tasks of a graph end, seconds from the start of the run (from its end in a backward schedule)."""

    makespan: float
    ends: tuple[float, ...]


def by_key(keys: Sequence[float]) -> list[int]:
    """Tasks by ascending key; ties in the order of the source."""
    return sorted(range(len(keys)), key=keys.__getitem__)


def list_schedule(graph: TaskGraph, slots: int, order: Sequence[int], *, backward: bool = False) -> Schedule:
    """Schedule a graph on `slots` slots by an order of all its tasks, first starts first.

    With `backward` the graph is reversed: a task starts when all its successors have ended.
    """
    before, after = (graph.children, graph.parents) if backward else (graph.parents, graph.children)
    seconds = graph.seconds
    place = [0] * len(order)
    for position, task in enumerate(order):
        place[task] = position
    waiting = [len(item) for item in before]
    ready = [place[task] for task, count in enumerate(waiting) if count == 0]
    heapify(ready)
    running: list[tuple[float, int]] = []
    ends = [0.0] * len(order)
    now, free = 0.0, slots
    while True:
        while free and ready:
            task = order[heappop(ready)]
            ends[task] = end = now + seconds[task]
            heappush(running, (end, task))
            free -= 1
        if not running:
            return Schedule(now, tuple(ends))
        now, task = heappop(running)
        together = now + _SAME_TIME
        while True:
            free += 1
            for child in after[task]:
                waiting[child] -= 1
                if not waiting[child]:
                    heappush(ready, place[child])
            if not running or running[0][0] > together:
                break
            task = heappop(running)[1]
