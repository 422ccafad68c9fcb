"""`TaskGraph`: tasks by number, with their run times and direct predecessors; what every order is computed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["TaskGraph", "ancestors", "build_graph", "descendants"]


@dataclass(frozen=True, slots=True)
class TaskGraph:
    """A graph of tasks; task `i` is the i-th of `ids`. Build it with `build_graph`, which checks it.

    Attributes:
        ids: the task ids, in the order of the source (ties are broken by it).
        seconds: expected run time of each task.
        parents: direct predecessors of each task.
        children: direct successors of each task.
        topological: all tasks, each after its predecessors.
        heads: seconds before a task can start if slots were unlimited (longest path that leads to it).
        tails: seconds after a task's end until the last of its successors ends, if slots were unlimited.
    """

    ids: tuple[str, ...]
    seconds: tuple[float, ...]
    parents: tuple[tuple[int, ...], ...]
    children: tuple[tuple[int, ...], ...]
    topological: tuple[int, ...]
    heads: tuple[float, ...]
    tails: tuple[float, ...]

    @property
    def size(self) -> int:
        """Tasks and dependencies together: what one pass over the graph costs."""
        return len(self.ids) + sum(len(item) for item in self.parents)

    @property
    def critical_path(self) -> float:
        """Length of the longest path, seconds."""
        return max((h + s + t for h, s, t in zip(self.heads, self.seconds, self.tails, strict=True)), default=0.0)


def build_graph(seconds: Mapping[str, float], upstream: Mapping[str, Iterable[str]]) -> TaskGraph:
    """The graph of some tasks.

    Args:
        seconds: run time of every task; its order is the order of the tasks.
        upstream: direct predecessors of the tasks; a task that is left out has none. Repeats count once.

    Raises:
        SpecError: a run time is negative or no number, a predecessor is unknown, or the dependencies form a cycle.
    """
    index = {name: number for number, name in enumerate(seconds)}
    for name, value in seconds.items():
        if not 0 <= value < float("inf"):
            raise SpecError(f"the run time of task {name!r} is {value!r}", hint="give seconds, 0 or more")
    for name in upstream:
        if name not in index:
            raise SpecError(
                f"dependencies are given for the unknown task {name!r}", hint="name only tasks of the graph"
            )
    parents = []
    for name in index:
        names = dict.fromkeys(upstream.get(name, ()))
        for parent in names:
            if parent not in index:
                raise SpecError(f"task {name!r} waits for the unknown task {parent!r}", hint="name only known tasks")
        parents.append(tuple(index[parent] for parent in names))
    return _linked(tuple(index), tuple(float(value) for value in seconds.values()), tuple(parents))


def _linked(ids: tuple[str, ...], seconds: tuple[float, ...], parents: tuple[tuple[int, ...], ...]) -> TaskGraph:
    children: list[list[int]] = [[] for _ in ids]
    for task, before in enumerate(parents):
        for parent in before:
            children[parent].append(task)
    order = _topological(ids, parents, children)
    heads, tails = [0.0] * len(ids), [0.0] * len(ids)
    for task in order:
        heads[task] = max((heads[parent] + seconds[parent] for parent in parents[task]), default=0.0)
    for task in reversed(order):
        tails[task] = max((tails[child] + seconds[child] for child in children[task]), default=0.0)
    linked = tuple(tuple(item) for item in children)
    return TaskGraph(ids, seconds, parents, linked, tuple(order), tuple(heads), tuple(tails))


def _topological(ids: Sequence[str], parents: Sequence[Sequence[int]], children: Sequence[Sequence[int]]) -> list[int]:
    """All tasks, each after its predecessors (Kahn 1962); ties in the order of the source."""
    waiting = [len(item) for item in parents]
    order = [task for task, count in enumerate(waiting) if count == 0]
    for task in order:
        for child in children[task]:
            waiting[child] -= 1
            if waiting[child] == 0:
                order.append(child)
    if len(order) < len(ids):
        stuck = next(name for name, count in zip(ids, waiting, strict=True) if count)
        raise SpecError(f"the dependencies form a cycle through or before task {stuck!r}", hint="remove one of them")
    return order


def ancestors(graph: TaskGraph) -> list[int]:
    """For each task the set of all tasks before it, as a bit mask (bit i is task i)."""
    masks = [0] * len(graph.ids)
    for task in graph.topological:
        mask = 0
        for parent in graph.parents[task]:
            mask |= masks[parent] | (1 << parent)
        masks[task] = mask
    return masks


def descendants(graph: TaskGraph) -> list[int]:
    """For each task the set of all tasks after it, as a bit mask (bit i is task i)."""
    masks = [0] * len(graph.ids)
    for task in reversed(graph.topological):
        mask = 0
        for child in graph.children[task]:
            mask |= masks[child] | (1 << child)
        masks[task] = mask
    return masks
