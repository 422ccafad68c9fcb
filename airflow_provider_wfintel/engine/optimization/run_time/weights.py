"""Priority weights by simulation: long ways start first, waiting sensors last."""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.run_time.case import Change, Measure, RunTimeCase, Set
from airflow_provider_wfintel.engine.optimization.simulation import slots_of
from airflow_provider_wfintel.engine.optimization.strategies import reorder

__all__ = ["MEASURE"]

_BUDGET = 8_000
"""Starts of tasks that are simulated to improve the order."""
_MOST_TASKS = 1_000


def _find(case: RunTimeCase) -> Change | None:
    tasks = case.workload.tasks
    starts = sum(task.instances for task in tasks if task.kind != "empty")
    short = starts > slots_of(case.workload, case.deployment) or any(
        sum(task.instances * task.pool_slots for task in tasks if task.pool == pool) > size
        for pool, size in case.deployment.pools
    )
    if not short or not 2 < len(tasks) <= _MOST_TASKS:
        return None
    found = reorder(case.workload, case.deployment, budget=_BUDGET)
    if not found.weights:
        return None
    written = {item.task_id: item.priority_weight or 1 for item in case.spec.tasks}
    top = sorted(found.weights, key=lambda item: -item[1])[:5]
    return Change(
        "weights",
        f"set priority weights for {len(found.weights)} tasks",
        "there are fewer slots than ready tasks, and Airflow's default order does not know how long tasks take",
        tuple(Set(name, "priority_weight", weight, written[name]) for name, weight in found.weights),
        tuple(f"{name}: {weight}" for name, weight in top),
        "absolute weights also count against other DAGs in the same pool",
    )


MEASURE = Measure("weights", frozenset({"performance", "hybrid", "reliability"}), _find)
