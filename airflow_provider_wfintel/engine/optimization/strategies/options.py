"""What a strategy chooses from, and the limits that it must keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from airflow_provider_wfintel.engine.optimization.ordering.graph import ancestors
from airflow_provider_wfintel.engine.optimization.simulation import Deployment, Workload, graph_of

__all__ = ["Limits", "Option", "Situation", "broken_limit"]

Situation: TypeAlias = tuple[Workload, Deployment]
"""A workload and where it runs."""


@dataclass(frozen=True, slots=True)
class Option:
    """One change that may be made, such as a rewrite.

    Attributes:
        option_id: its name.
        apply: the workload and deployment after the change. It must not fail on what other options made of them; what
            it cannot change it hands back as it is.
        conflicts: options that cannot be made together with it.
        needs: options without which it makes no sense.
        effort: how much a person has to change, 0 (a setting) to 1 (a rewrite by hand); breaks ties.
        risk: how much can go wrong, 0 to 1; breaks ties.
    """

    option_id: str
    apply: Callable[[Workload, Deployment], Situation]
    conflicts: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    effort: float = 0.5
    risk: float = 0.5


@dataclass(frozen=True, slots=True)
class Limits:
    """What a person has said must stay.

    Attributes:
        pools: pools that protect something: they must not grow, and tasks in them must not leave them.
        order: pairs of tasks of which the first must stay before the second.
        once: tasks that must not be repeated: their retries must not grow, nor their number of instances.
        max_active_tasks: tasks of a run that may run at once; None for no such limit.
        skip: rewrites of the file that are not wanted: names, for all of a kind, or titles, for single ones.
    """

    pools: frozenset[str] = field(default_factory=frozenset)
    order: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    once: frozenset[str] = field(default_factory=frozenset)
    max_active_tasks: int | None = None
    skip: frozenset[str] = field(default_factory=frozenset)


def broken_limit(limits: Limits, before: Situation, after: Situation) -> str:
    """The first limit that a change breaks, in words; empty if it breaks none."""
    limit = limits.max_active_tasks
    if limit is not None and (after[0].max_active_tasks or after[1].max_active_tasks) > limit:
        return f"more than {limit} tasks would run at once"
    return _grown_pool(limits, before, after) or _repeated(limits, before, after) or _lost_order(limits, after[0])


def _grown_pool(limits: Limits, before: Situation, after: Situation) -> str:
    old = {task.task_id: task for task in before[0].tasks}
    new = {task.task_id: task for task in after[0].tasks}
    was, is_now = dict(before[1].pools), dict(after[1].pools)
    for pool in sorted(limits.pools):
        if pool in was and is_now.get(pool, was[pool] + 1) > was[pool]:
            return f"the pool {pool!r} would grow"
        for name, task in old.items():
            if task.pool == pool and name in new:
                moved = new[name]
                if moved.pool != pool or moved.pool_slots < task.pool_slots:
                    return f"task {name!r} would take less of the pool {pool!r}"
    return ""


def _repeated(limits: Limits, before: Situation, after: Situation) -> str:
    old = {task.task_id: task for task in before[0].tasks}
    new = {task.task_id: task for task in after[0].tasks}
    for name in sorted(limits.once):
        was_task, task_now = old.get(name), new.get(name)
        if was_task is None or task_now is None:
            continue
        if task_now.retries > was_task.retries or task_now.instances > was_task.instances:
            return f"task {name!r} would run more than once"
    return ""


def _lost_order(limits: Limits, workload: Workload) -> str:
    if not limits.order:
        return ""
    graph = graph_of(workload)
    before = ancestors(graph)
    place = {name: number for number, name in enumerate(graph.ids)}
    for first, second in sorted(limits.order):
        if first in place and second in place and not before[place[second]] >> place[first] & 1:
            return f"task {first!r} would no longer come before {second!r}"
    return ""
