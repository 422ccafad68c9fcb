"""Which run-time values pay: each measure is simulated, and those that no limit forbids and that pay are proposed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from airflow_provider_wfintel.engine.optimization.run_time import more_retries, retry_pauses, timeouts, weights
from airflow_provider_wfintel.engine.optimization.run_time.case import Change, Measure, RunTimeCase, Set
from airflow_provider_wfintel.engine.optimization.simulation import (
    Deployment,
    SimulatedTask,
    SimulationResult,
    Workload,
    simulate,
)
from airflow_provider_wfintel.engine.optimization.strategies import Choice, Goal, Limits, Option, StrategyName, choose
from airflow_provider_wfintel.engine.optimization.strategies.options import Situation

__all__ = ["MEASURES", "RunTimePlan", "plan_run_time", "with_changes"]

MEASURES: tuple[Measure, ...] = (weights.MEASURE, retry_pauses.MEASURE, more_retries.MEASURE, timeouts.MEASURE)
_WITHOUT_EFFECT = frozenset({"timeouts"})
"""What the simulator cannot show: it simulates no task that hangs."""


@dataclass(frozen=True)
class RunTimePlan:
    """What was chosen.

    Attributes:
        changes: what the plan sets.
        suggested: what a person would have to confirm first.
        choice: the search, with what every option saves and, for `hybrid`, the Pareto set.
        before, after: simulated runs.
    """

    changes: tuple[Change, ...]
    suggested: tuple[Change, ...]
    choice: Choice
    before: SimulationResult
    after: SimulationResult

    def entry(self, name: str) -> dict[str, Any]:
        """The plan as the file of the cluster policy has it for one DAG; without tasks if nothing is set."""
        tasks: dict[str, dict[str, Any]] = {}
        for change in self.changes:
            for item in change.sets:
                value: dict[str, Any] = {"set": item.value}
                if item.was is not None:
                    value["was"] = item.was
                tasks.setdefault(item.task_id, {})[item.name] = value
        return {"plan": name, "tasks": tasks}


def plan_run_time(
    case: RunTimeCase,
    strategy: StrategyName = "performance",
    *,
    goal: Goal | None = None,
    limits: Limits | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> RunTimePlan:
    """The run-time values that pay.

    Args:
        case: the DAG and its history.
        strategy: what is to become better.
        goal: deadline and weights.
        limits: what must stay.
        confirmed: names of measures that a person has confirmed for this DAG.
    """
    found = [
        change for measure in MEASURES if strategy in measure.strategies
        for change in (measure.find(case),) if change is not None
    ]  # fmt: skip
    limits = limits or Limits()
    open_ = tuple(change for change in found if change.confirm and change.measure not in confirmed)
    usable = [change for change in found if change not in open_]
    options = [_option(change) for change in usable if change.measure not in _WITHOUT_EFFECT]
    choice = choose(case.workload, case.deployment, options, strategy, goal=goal, limits=limits)
    taken = tuple(
        change for change in usable if change.measure in choice.option_ids or change.measure in _WITHOUT_EFFECT
    )
    return RunTimePlan(taken, open_, choice, choice.before, choice.after)


def _option(change: Change) -> Option:
    def apply(workload: Workload, deployment: Deployment) -> Situation:
        return with_changes(workload, change.sets), deployment

    return Option(change.measure, apply, effort=0.1, risk=0.4 if change.confirm else 0.1)


def with_changes(workload: Workload, sets: Iterable[Set]) -> Workload:
    """The workload with run-time values; those that the simulator does not know change nothing."""
    by_task: dict[str, dict[str, Any]] = {}
    for item in sets:
        by_task.setdefault(item.task_id, {})[item.name] = item.value
    tasks = (_changed(task, by_task.get(task.task_id, {})) for task in workload.tasks)
    return replace(workload, tasks=tuple(tasks))


def _changed(task: SimulatedTask, values: dict[str, Any]) -> SimulatedTask:
    names = {
        "priority_weight": "priority_weight", "pool": "pool", "pool_slots": "pool_slots", "retries": "retries",
        "retry_delay_seconds": "retry_delay", "retry_exponential_backoff": "exponential",
        "max_active_tis_per_dagrun": "max_active",
    }  # fmt: skip
    changes = {names[name]: value for name, value in values.items() if name in names}
    return replace(task, **changes) if changes else task


def simulated(case: RunTimeCase, sets: Iterable[Set]) -> SimulationResult:
    """Simulated runs with run-time values."""
    return simulate(with_changes(case.workload, sets), case.deployment)
