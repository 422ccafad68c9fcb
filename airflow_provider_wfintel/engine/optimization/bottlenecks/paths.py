"""The critical path: what the run waited for from its first task to its last, and the slack of everything beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from airflow_provider_wfintel.engine.optimization.simulation import SimulationResult, Workload, graph_of

__all__ = ["critical_path", "schedule_of", "slack_of", "waited_for"]


def critical_path(workload: Workload, result: SimulationResult) -> tuple[str, ...]:
    """The tasks that the median simulated run waited for, from its first to its last."""
    return waited_for({task.task_id: task.upstream for task in workload.tasks}, result)


def waited_for(above: Mapping[str, Sequence[str]], result: SimulationResult) -> tuple[str, ...]:
    """The critical path of the median simulated run, where `above` holds the direct predecessors of every task."""
    times = {item.task_id: item for item in result.times}
    if not times:
        return ()
    name = max(times.values(), key=lambda item: item.end).task_id
    path = [name]
    while above.get(name):
        name = max(above[name], key=lambda item: times[item].end if item in times else 0.0)
        path.append(name)
    return tuple(reversed(path))


def slack_of(workload: Workload, result: SimulationResult) -> dict[str, float]:
    """For every task, by how many seconds it may end later in the median simulated run without a later end of the run.

    Dependencies are looked at, not slots: a task that is late by its slack may still hold a slot that another wants.
    """
    times = {item.task_id: item for item in result.times}
    if not times:
        return {}
    end = max(item.end for item in times.values())
    graph = graph_of(workload)
    latest = dict.fromkeys(graph.ids, end)
    for task in reversed(graph.topological):
        name = graph.ids[task]
        begin = latest[name] - (times[name].end - times[name].ready)
        for parent in graph.parents[task]:
            above = graph.ids[parent]
            latest[above] = min(latest[above], begin)
    return {name: max(0.0, latest[name] - times[name].end) for name in graph.ids}


def schedule_of(above: Mapping[str, Sequence[str]], result: SimulationResult) -> list[dict[str, Any]]:
    """The median simulated run as JSON values, in the order of the starts; seconds since the start of the run.

    `ready` is when the predecessors had ended: between it and `start` the task waits for a slot and a process.
    """
    critical = frozenset(waited_for(above, result))
    return [
        {
            "task_id": item.task_id,
            "ready": round(item.ready, 2),
            "start": round(item.start, 2),
            "end": round(item.end, 2),
            "tries": item.tries,
            "critical": item.task_id in critical,
        }
        for item in sorted(result.times, key=lambda item: (item.start, item.task_id))
        if item.tries
    ]
