"""From a DAG and its profile to a workload, and from a workload to a graph that can be ordered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from airflow_provider_wfintel.engine.model import LiteralValue, RetrySpec, SecondsValue, TaskSpec, WorkflowSpec
from airflow_provider_wfintel.engine.optimization.ordering import TaskGraph, build_graph
from airflow_provider_wfintel.engine.optimization.ordering.graph import descendants
from airflow_provider_wfintel.engine.optimization.simulation.model import (
    DEFAULT_POOL,
    Deployment,
    SimulatedTask,
    TaskKind,
    Workload,
)
from airflow_provider_wfintel.engine.optimization.simulation.profile import Profile

__all__ = ["apply_profile", "graph_of", "slots_of", "with_downstream_weights", "with_weights", "workload_of"]

_SENSOR_KINDS: tuple[TaskKind, ...] = ("poke", "reschedule", "deferrable")
_EMPTY = "EmptyOperator"
_MOST_RECORDED_FAILURES = 0.95


def workload_of(spec: WorkflowSpec, profile: Profile | None = None) -> Workload:
    """One run of a DAG: its structure from the spec, its times from the profile.

    Weights are those of the tasks, summed downstream as Airflow's default does, unless the profile has recorded ones.
    """
    tasks = tuple(_task(spec, item) for item in spec.tasks)
    workload = Workload(with_downstream_weights(tasks), max_active_tasks=spec.limits.active_tasks)
    return workload if profile is None else apply_profile(workload, profile, weights=True)


def _task(spec: WorkflowSpec, item: TaskSpec) -> SimulatedTask:
    retry = item.retry or spec.retry or RetrySpec()
    return SimulatedTask(
        task_id=item.task_id,
        upstream=tuple(dict.fromkeys(spec.upstream_of(item.task_id))),
        kind=_kind(item),
        poke_interval=float(_constant(item, "poke_interval", 60.0)),
        max_active=item.mapping.limit if item.mapping is not None else item.max_active,
        pool=item.pool or spec.limits.pool or DEFAULT_POOL,
        priority_weight=float(item.priority_weight or 1),
        retries=retry.retries or 0,
        retry_delay=300.0 if retry.delay_seconds is None else retry.delay_seconds,
        exponential=retry.exponential,
        trigger_rule=item.trigger_rule,
    )


def _kind(item: TaskSpec) -> TaskKind:
    if item.operator.path.rpartition(":")[2] == _EMPTY:
        return "empty"
    if item.operator.kind != "sensor":
        return "task"
    if _constant(item, "deferrable", False) is True:
        return "deferrable"
    return "reschedule" if _constant(item, "mode", "poke") == "reschedule" else "poke"


def _constant(item: TaskSpec, name: str, default: Any) -> Any:
    argument = item.argument(name)
    if argument is None:
        return default
    if isinstance(argument.value, LiteralValue):
        return argument.value.value
    return argument.value.seconds if isinstance(argument.value, SecondsValue) else default


def apply_profile(workload: Workload, profile: Profile, *, weights: bool = False) -> Workload:
    """The workload with the times, failures and numbers of instances that history shows; other tasks stay as they are.

    Args:
        workload: the structure.
        profile: the history of its tasks.
        weights: whether recorded priority weights are taken over, too.
    """
    known = {item.task_id: item for item in profile.tasks}
    tasks = []
    for task in workload.tasks:
        seen = known.get(task.task_id)
        if seen is None:
            tasks.append(task)
            continue
        sensor = task.kind in _SENSOR_KINDS
        # A sensor ends at its first look after the thing is there: half an interval later on average.
        awaited = max(0.0, seen.ends_after - task.poke_interval / 2) if sensor else 0.0
        tasks.append(
            replace(
                task,
                seconds=0.0 if sensor else seen.seconds,
                spread=0.0 if sensor else seen.spread,
                awaited_after=awaited,
                instances=max(task.instances, seen.instances),
                failure_rate=min(seen.failure_rate, _MOST_RECORDED_FAILURES),
                priority_weight=float(seen.priority_weight) if weights else task.priority_weight,
            )
        )
    return replace(workload, tasks=tuple(tasks))


def graph_of(workload: Workload) -> TaskGraph:
    """The workload's tasks by median run time; a mapped task counts as long as one instance.

    Raises:
        SpecError: a task waits for an unknown one, or the graph has a cycle.
    """
    return build_graph(
        {task.task_id: _length(task) for task in workload.tasks},
        {task.task_id: task.upstream for task in workload.tasks},
    )


def _length(task: SimulatedTask) -> float:
    return task.awaited_after if task.kind in _SENSOR_KINDS else task.seconds


def slots_of(workload: Workload, deployment: Deployment) -> int:
    """How many tasks of a run can be active at once."""
    return max(1, min(workload.max_active_tasks or deployment.max_active_tasks, deployment.parallelism))


def with_weights(workload: Workload, weights: Mapping[str, float]) -> Workload:
    """The workload with other priority weights; tasks that are not named keep theirs."""
    tasks = (replace(task, priority_weight=weights.get(task.task_id, task.priority_weight)) for task in workload.tasks)
    return replace(workload, tasks=tuple(tasks))


def with_downstream_weights(tasks: Iterable[SimulatedTask]) -> tuple[SimulatedTask, ...]:
    """The tasks with Airflow's default weights: the own one and those of all tasks downstream, each once."""
    tasks = tuple(tasks)
    graph = graph_of(Workload(tasks))
    # Few different weights are written: the tasks that have one are counted at once.
    groups: dict[float, int] = {}
    for number, task in enumerate(tasks):
        groups[task.priority_weight] = groups.get(task.priority_weight, 0) | 1 << number
    weighted = []
    for task, below in zip(tasks, descendants(graph), strict=True):
        total = task.priority_weight + sum(weight * (below & group).bit_count() for weight, group in groups.items())
        weighted.append(replace(task, priority_weight=total))
    return tuple(weighted)
