"""How short a run can be at best, whatever the order: what tells that there is nothing left to gain."""

from __future__ import annotations

from itertools import pairwise

from airflow_provider_wfintel.engine.optimization.ordering.graph import TaskGraph

__all__ = ["lower_bound", "simple_bound"]

_MOST_THRESHOLDS = 64


def simple_bound(graph: TaskGraph, slots: int) -> float:
    """The longer of the critical path and the work divided by the slots, seconds (Graham 1969)."""
    return max(graph.critical_path, sum(graph.seconds) / slots)


def lower_bound(graph: TaskGraph, slots: int) -> float:
    """A sharper bound, seconds: work that cannot start before `h` and after which `t` is to come, all on the slots.

    For thresholds h and t, the tasks with head >= h and tail >= t all run between h and the end less t; so the run
    lasts at least h + their work / slots + t. (The energetic argument of Fernandez and Bussell 1973.) At most
    64 thresholds h are tried: those below which no other head lies for longest.
    """
    best = simple_bound(graph, slots)
    by_tail = sorted(range(len(graph.ids)), key=lambda task: -graph.tails[task])
    for head in _thresholds(graph.heads):
        work = 0.0
        for task in by_tail:
            if graph.heads[task] >= head:
                work += graph.seconds[task]
                best = max(best, head + work / slots + graph.tails[task])
    return best


def _thresholds(heads: tuple[float, ...]) -> list[float]:
    distinct = sorted(set(heads))
    gaps = [(low - high, high) for low, high in pairwise(distinct)]
    return [*distinct[:1], *(high for _, high in sorted(gaps)[: _MOST_THRESHOLDS - 1])]
