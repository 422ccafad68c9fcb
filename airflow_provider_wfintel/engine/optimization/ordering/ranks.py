"""Orders by a formula. Each is one record in `RANKS`; the search starts from all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from airflow_provider_wfintel.engine.optimization.ordering.graph import TaskGraph, descendants

__all__ = ["DEFAULT_RANK", "RANKS", "Rank", "downstream_counts"]


@dataclass(frozen=True, slots=True)
class Rank:
    """A formula that gives each task of a graph on so many slots a number; higher starts first.

    Attributes:
        name: how results name it.
        source: where the formula comes from.
        numbers: the formula.
    """

    name: str
    source: str
    numbers: Callable[[TaskGraph, int], list[float]]


def downstream_counts(graph: TaskGraph) -> list[int]:
    """Airflow's `weight_rule="downstream"` with every `priority_weight` 1: one more than the tasks after a task."""
    return [1 + mask.bit_count() for mask in descendants(graph)]


def _downstream(graph: TaskGraph, _slots: int) -> list[float]:
    return [float(count) for count in downstream_counts(graph)]


def _upward(graph: TaskGraph, _slots: int) -> list[float]:
    return [tail + seconds for tail, seconds in zip(graph.tails, graph.seconds, strict=True)]


def _upward_with_own(graph: TaskGraph, _slots: int) -> list[float]:
    return [tail + 2 * seconds for tail, seconds in zip(graph.tails, graph.seconds, strict=True)]


def _depth_first(graph: TaskGraph, _slots: int) -> list[float]:
    return [head + tail + seconds for head, tail, seconds in zip(graph.heads, graph.tails, graph.seconds, strict=True)]


def _work_after(graph: TaskGraph, slots: int) -> list[float]:
    """The longer of the path after a task and the work after it divided by the slots."""
    work: list[float] = [0.0] * len(graph.ids)
    for task in reversed(graph.topological):
        # A task that several chains lead to counts in each of them with its part.
        work[task] = graph.seconds[task]
        for child in graph.children[task]:
            work[task] += work[child] / len(graph.parents[child])
    upward = _upward(graph, slots)
    return [max(path, own / slots) + path / 1000 for path, own in zip(upward, work, strict=True)]


def _slots_aware(graph: TaskGraph, slots: int) -> list[float]:
    """Upward rank in which a task's successors do not all start at once when there are more of them than slots."""
    rank = [0.0] * len(graph.ids)
    for task in reversed(graph.topological):
        after = sorted((rank[child] for child in graph.children[task]), reverse=True)
        waits = (value + _queue(graph, task, position, slots) for position, value in enumerate(after))
        rank[task] = graph.seconds[task] + max(waits, default=0.0)
    return rank


def _queue(graph: TaskGraph, task: int, position: int, slots: int) -> float:
    """Seconds that the successor at a position waits for the rounds of successors before it."""
    rounds = position // slots
    if rounds == 0:
        return 0.0
    after = graph.children[task]
    return rounds * sum(graph.seconds[child] for child in after) / len(after)


def _longest_first(graph: TaskGraph, _slots: int) -> list[float]:
    return list(graph.seconds)


DEFAULT_RANK = Rank("default", "Airflow, weight_rule downstream", _downstream)

RANKS: tuple[Rank, ...] = (
    DEFAULT_RANK,
    Rank("upward", "Topcuoglu, Hariri and Wu 2002 (HEFT), without transfer", _upward),
    Rank("upward_own", "upward rank with the own run time counted twice", _upward_with_own),
    Rank("through", "length of the longest path through a task", _depth_first),
    Rank("work_after", "path after a task or work after it per slot, whichever is longer", _work_after),
    Rank("slots_aware", "upward rank with rounds of successors", _slots_aware),
    Rank("longest", "Graham 1969, longest processing time first", _longest_first),
)
