"""Changing the shape of a workload: other dependencies, tasks taken out, merged, or taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from airflow_provider_wfintel.engine.optimization.simulation import SimulatedTask, Workload, with_downstream_weights

__all__ = ["changed", "named", "taken_apart", "with_edges", "without_tasks"]

_SHOWN = 3


def changed(workload: Workload, tasks: Iterable[SimulatedTask]) -> Workload:
    """The workload with other tasks. Airflow's default weights become the default ones of the new shape."""
    tasks = tuple(tasks)
    if all(
        task.priority_weight == plain.priority_weight
        for task, plain in zip(workload.tasks, _default(workload.tasks), strict=True)
    ):
        tasks = _default(tasks)
    return replace(workload, tasks=tasks)


def _default(tasks: Iterable[SimulatedTask]) -> tuple[SimulatedTask, ...]:
    return with_downstream_weights(replace(task, priority_weight=1.0) for task in tasks)


def with_edges(workload: Workload, edges: Iterable[tuple[str, str]]) -> Workload:
    """The workload with these dependencies only."""
    upstream: dict[str, list[str]] = {task.task_id: [] for task in workload.tasks}
    for one, two in sorted(set(edges)):
        upstream[two].append(one)
    return changed(workload, (replace(task, upstream=tuple(upstream[task.task_id])) for task in workload.tasks))


def without_tasks(workload: Workload, gone: Mapping[str, str | None]) -> Workload:
    """The workload without some tasks. Who waited for one waits for what stands for it, or for its predecessors."""
    known = {task.task_id: task for task in workload.tasks}

    def waits_for(name: str) -> Iterable[str]:
        if name not in gone:
            return (name,)
        other = gone[name]
        if other is not None:
            return waits_for(other)
        return (found for parent in known[name].upstream for found in waits_for(parent))

    left = []
    for task in workload.tasks:
        if task.task_id not in gone:
            upstream = dict.fromkeys(found for name in task.upstream for found in waits_for(name))
            left.append(replace(task, upstream=tuple(upstream)))
    return changed(workload, left)


def taken_apart(workload: Workload, task_id: str, seconds: Sequence[float]) -> Workload:
    """The workload with one task for every mapped instance of a task, each with a run time of its own."""
    names = [f"{task_id}[{number}]" for number in range(len(seconds))]
    tasks: list[SimulatedTask] = []
    for task in workload.tasks:
        if task.task_id == task_id:
            one = replace(task, instances=1, spread=0.0)
            tasks += [replace(one, task_id=name, seconds=length) for name, length in zip(names, seconds, strict=True)]
        elif task_id in task.upstream:
            others = (name for name in task.upstream if name != task_id)
            tasks.append(replace(task, upstream=(*others, *names)))
        else:
            tasks.append(task)
    return replace(workload, tasks=tuple(tasks))


def named(names: Sequence[str]) -> str:
    """Some names, and how many more there are."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
