"""Pools and limits that are smaller than what could run at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.shapes import named
from airflow_provider_wfintel.engine.optimization.simulation import slots_of

__all__ = ["DETECTOR", "LIMITS"]


def _pools(case: Case) -> Iterable[Candidate]:
    """Each pool whose tasks want more slots than it has, as if it had enough."""
    sizes = dict(case.deployment.pools)
    users: dict[str, list[str]] = defaultdict(list)
    wanted: dict[str, int] = defaultdict(int)
    for task in case.workload.tasks:
        if task.kind != "empty":
            users[task.pool].append(task.task_id)
            wanted[task.pool] += task.instances * task.pool_slots
    for pool, count in wanted.items():
        if count <= sizes.get(pool, count):
            continue
        larger = replace(case.deployment, pools=tuple({**sizes, pool: count}.items()))
        yield Candidate(
            f"the pool {pool} has {sizes[pool]} slots for {len(users[pool])} tasks that could use {count} "
            f"({named(users[pool])}); whether it protects something is for a person to say",
            tuple(users[pool]),
            ((case.workload, larger),),
        )


def _limits(case: Case) -> Iterable[Candidate]:
    """`max_active_tasks` of the DAG and `max_active_tis_per_dagrun` of its tasks."""
    total = sum(task.instances for task in case.workload.tasks if task.kind != "empty")
    limit = case.workload.max_active_tasks or case.deployment.max_active_tasks
    if limit < min(total, case.deployment.parallelism):
        yield Candidate(
            f"max_active_tasks is {limit}; the deployment could run {case.deployment.parallelism}",
            (),
            ((replace(case.workload, max_active_tasks=case.deployment.parallelism), case.deployment),),
        )
    for task in case.workload.tasks:
        if task.max_active is None or task.max_active >= min(task.instances, slots_of(case.workload, case.deployment)):
            continue
        free = (replace(item, max_active=None) if item is task else item for item in case.workload.tasks)
        yield Candidate(
            f"of {task.instances} instances of {task.task_id} only {task.max_active} may run at once",
            (task.task_id,),
            ((replace(case.workload, tasks=tuple(free)), case.deployment),),
        )


DETECTOR = Detector("pool too small", _pools, "resize-pool")
LIMITS = Detector("limit on active tasks", _limits)
