"""The critical path: what the run waited for from its first task to its last, and the slack of everything beside it."""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.simulation import SimulationResult, Workload, graph_of

__all__ = ["critical_path", "slack_of"]


def critical_path(workload: Workload, result: SimulationResult) -> tuple[str, ...]:
    """The tasks that the median simulated run waited for, from its first to its last."""
    times = {item.task_id: item for item in result.times}
    if not times:
        return ()
    above = {task.task_id: task.upstream for task in workload.tasks}
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
