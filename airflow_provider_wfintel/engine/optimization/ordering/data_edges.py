"""Which dependencies of a graph are real: judged by the data sets that tasks read and write.

A dependency is *proven false* if what both tasks read and write is fully known and no data set passes between them;
then it may go. A task whose reads or writes are not known keeps its place before and behind all tasks that it was
before and behind, also those that it reached through others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from airflow_provider_wfintel.engine.optimization.ordering.graph import TaskGraph, ancestors, build_graph

__all__ = ["DataSets", "Untangled", "untangle"]


@dataclass(frozen=True, slots=True)
class DataSets:
    """All data sets that a task reads and writes. A task without such a value is one of which not all is known."""

    reads: frozenset[str]
    writes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Untangled:
    """A graph with the dependencies that must stay.

    Attributes:
        graph: the tasks that do something, each with those tasks that it must wait for directly.
        removed: dependencies of the source that were proven false or follow from others, as (upstream, downstream).
        idle: tasks that were left out: they read and write nothing and take no time, so they only held others up.
    """

    graph: TaskGraph
    removed: tuple[tuple[str, str], ...]
    idle: tuple[str, ...]


def untangle(graph: TaskGraph, data: Mapping[str, DataSets]) -> Untangled:
    """Keep only the dependencies that data or missing knowledge call for.

    Two tasks, one of which comes after the other in `graph`, stay in that order if one of them is not in `data`, or
    if a data set written by one is read or written by the other. What follows from other dependencies is left out.
    """
    ids = graph.ids
    required = _required(graph, data)
    idle = [task for task, name in enumerate(ids) if _is_idle(graph, task, data.get(name)) and not required[task]]
    held = 0
    for mask in required:
        held |= mask
    gone = {task for task in idle if not held >> task & 1}
    upstream = _reduced(graph, required)
    seconds = {name: graph.seconds[task] for task, name in enumerate(ids) if task not in gone}
    kept = {ids[task]: [ids[parent] for parent in parents] for task, parents in upstream.items() if task not in gone}
    removed = tuple(
        (ids[parent], ids[task])
        for task, parents in enumerate(graph.parents)
        for parent in parents
        if parent not in upstream[task]
    )
    return Untangled(build_graph(seconds, kept), removed, tuple(ids[task] for task in sorted(gone)))


def _is_idle(graph: TaskGraph, task: int, known: DataSets | None) -> bool:
    return known is not None and not known.reads and not known.writes and graph.seconds[task] == 0


def _required(graph: TaskGraph, data: Mapping[str, DataSets]) -> list[int]:
    """For each task, as a bit mask, the tasks before it that must stay before it."""
    unknown = 0
    writers: dict[str, int] = {}
    readers: dict[str, int] = {}
    for task, name in enumerate(graph.ids):
        known = data.get(name)
        if known is None:
            unknown |= 1 << task
            continue
        for item in known.writes:
            writers[item] = writers.get(item, 0) | 1 << task
        for item in known.reads:
            readers[item] = readers.get(item, 0) | 1 << task
    required = []
    for name, before in zip(graph.ids, ancestors(graph), strict=True):
        known = data.get(name)
        if known is None:
            required.append(before)
            continue
        meets = unknown
        for item in known.reads | known.writes:
            meets |= writers.get(item, 0)
        for item in known.writes:
            meets |= readers.get(item, 0)
        required.append(before & meets)
    return required


def _reduced(graph: TaskGraph, required: list[int]) -> dict[int, list[int]]:
    """Direct predecessors whose closure holds all required pairs: latest first, skipping what is covered."""
    place = {task: position for position, task in enumerate(graph.topological)}
    closure = [0] * len(graph.ids)
    upstream: dict[int, list[int]] = {}
    for task in graph.topological:
        parents, covered = [], 0
        for parent in sorted(_members(required[task]), key=place.__getitem__, reverse=True):
            if not covered >> parent & 1:
                parents.append(parent)
                covered |= closure[parent] | 1 << parent
        upstream[task] = sorted(parents)
        closure[task] = covered
    return upstream


def _members(mask: int) -> list[int]:
    members = []
    while mask:
        low = mask & -mask
        members.append(low.bit_length() - 1)
        mask ^= low
    return members
