"""From the structure of a DAG and its history to bottlenecks, run-time values that pay, and a prediction.

For a DAG whose source is not at hand or may not be read: which orders are needless is then not known, and nothing is
said about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from airflow_provider_wfintel.engine.model import RunHistory, WorkflowSpec
from airflow_provider_wfintel.engine.optimization.advice import Advice, advise
from airflow_provider_wfintel.engine.optimization.bottlenecks import (
    Bottleneck,
    Case,
    critical_path,
    find_bottlenecks,
    schedule_of,
    slack_of,
)
from airflow_provider_wfintel.engine.optimization.outcome import makespans_of
from airflow_provider_wfintel.engine.optimization.run_time import Change, RunTimeCase, RunTimePlan, Set, plan_run_time
from airflow_provider_wfintel.engine.optimization.run_time.plan import simulated, with_changes
from airflow_provider_wfintel.engine.optimization.simulation import (
    Deployment,
    SimulationResult,
    calibrate,
    profile_of,
    simulate,
    workload_of,
)
from airflow_provider_wfintel.engine.optimization.simulation.model import quantile
from airflow_provider_wfintel.engine.optimization.strategies import Goal, Limits, StrategyName

__all__ = ["StructureAnalysis", "StructureRequest", "analyze_structure", "figures_of", "predict_structure"]

_MOST_CALIBRATED = 200
"""Tasks: larger DAGs are simulated with the measured defaults, since fitting needs many simulated runs."""
_UNSEEN_SECONDS = 10.0
_FAILED = frozenset({"failed", "up_for_retry"})


@dataclass(frozen=True)
class StructureRequest:
    """What is asked for.

    Attributes:
        strategy: what is to become better.
        goal: deadline and weights.
        limits: what must stay.
        confirmed: measures that a person has confirmed.
    """

    strategy: StrategyName = "performance"
    goal: Goal = Goal()
    limits: Limits = Limits()
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class StructureAnalysis:
    """The answer.

    Attributes:
        case: the DAG with the times of its history.
        request: what was asked.
        bottlenecks: what costs time.
        plan: run-time values that pay.
        factor: what the scheduler's loop and queue were multiplied by to meet the measured makespans; None: not fitted.
        unseen: tasks without a try in the history; they count as ten seconds.
        advice: settings of the deployment that would help; no part of what the plan gains.
    """

    case: RunTimeCase
    request: StructureRequest
    bottlenecks: tuple[Bottleneck, ...]
    plan: RunTimePlan
    factor: float | None
    unseen: tuple[str, ...]
    advice: tuple[Advice, ...] = ()

    def report(self) -> dict[str, Any]:
        """The analysis as JSON values."""
        before = self.plan.before
        makespans = sorted(makespans_of(self.case.history))
        above = {task.task_id: task.upstream for task in self.case.workload.tasks}
        return {
            "dag_id": self.case.spec.dag_id,
            "strategy": self.request.strategy,
            "tasks": len(self.case.spec.tasks),
            "history": {
                "runs": len(makespans),
                "tries": len(self.case.history.tries),
                "median_makespan_s": round(quantile(makespans, 0.5), 3) if makespans else None,
                "p90_makespan_s": round(quantile(makespans, 0.9), 3) if makespans else None,
                "tasks_without_history": list(self.unseen[:50]),
                "calibration_factor": self.factor,
            },
            "bottlenecks": [
                {
                    "kind": item.kind, "explanation": item.explanation, "saves_s": round(item.saves, 2),
                    "tasks": list(item.tasks), "rewrite": item.rewrite,
                }
                for item in self.bottlenecks
            ],
            "critical_path": list(critical_path(self.case.workload, before)),
            "slack_s": {name: round(value, 2) for name, value in slack_of(self.case.workload, before).items()},
            "run_time_changes": [_change(item) for item in self.plan.changes],
            "to_confirm": [_change(item) for item in self.plan.suggested],
            "deployment_advice": [item.as_json() for item in self.advice],
            "left": [{"what": step.option_id, "why": step.reason} for step in self.plan.choice.left],
            "predicted": {
                "before": figures_of(before, self.request.goal),
                "after": figures_of(self.plan.after, self.request.goal),
            },
            "schedules": {"before": schedule_of(above, before), "after": schedule_of(above, self.plan.after)},
            "pareto": [
                {
                    "changes": list(point.option_ids), "p90_s": round(point.p90, 3),
                    "slot_seconds": round(point.slot_seconds, 3), "risk": round(point.risk, 4),
                    "picks": list(point.picks),
                }
                for point in self.plan.choice.pareto
            ],
        }  # fmt: skip


def analyze_structure(
    spec: WorkflowSpec,
    history: RunHistory,
    *,
    others: RunHistory | None = None,
    deployment: Deployment | None = None,
    request: StructureRequest | None = None,
) -> StructureAnalysis:
    """Find what costs time in a DAG and which run-time values pay.

    Args:
        spec: the DAG.
        history: runs and tries of it; without any, every task counts as ten seconds.
        others: tries of other DAGs, to see collisions.
        deployment: where it runs.
        request: strategy, deadline, limits.

    Raises:
        SpecError: the DAG contradicts itself.
    """
    request = request or StructureRequest()
    case, factor, unseen = _case(spec, history, deployment or Deployment())
    seen = Case(
        case.workload,
        case.deployment,
        simulate(case.workload, case.deployment),
        case.profile,
        history,
        others or RunHistory(),
        failing=case.failing,
    )
    plan = plan_run_time(case, request.strategy, goal=request.goal, limits=request.limits, confirmed=request.confirmed)
    sets = [item for change in plan.changes for item in change.sets]
    advice = advise(with_changes(case.workload, sets), case.deployment)
    return StructureAnalysis(case, request, find_bottlenecks(seen), plan, factor, unseen, advice)


def predict_structure(
    spec: WorkflowSpec,
    history: RunHistory,
    entry: Mapping[str, Any],
    *,
    deployment: Deployment | None = None,
    goal: Goal | None = None,
) -> dict[str, Any]:
    """Simulated runs of a DAG as it is, and with the run-time values of an entry of a plan file.

    Raises:
        SpecError: the DAG contradicts itself, or a value is impossible.
    """
    goal = goal or Goal()
    case, factor, unseen = _case(spec, history, deployment or Deployment())
    sets = [
        Set(task_id, name, change["set"])
        for task_id, values in dict(entry.get("tasks", {})).items()
        for name, change in values.items()
        if isinstance(change, Mapping) and "set" in change
    ]
    before = simulated(case, ())
    after = simulated(case, sets) if sets else before
    return {
        "dag_id": spec.dag_id,
        "before": figures_of(before, goal),
        "after": figures_of(after, goal),
        "runs_of_history": len(makespans_of(history)),
        "tasks_without_history": list(unseen[:50]),
        "calibration_factor": factor,
    }


def _case(
    spec: WorkflowSpec, history: RunHistory, deployment: Deployment
) -> tuple[RunTimeCase, float | None, tuple[str, ...]]:
    spec.validate()
    profile = profile_of(history, spec.dag_id, deployment)
    workload = workload_of(spec, profile)
    known = {item.task_id for item in profile.tasks}
    unseen = tuple(task.task_id for task in workload.tasks if task.task_id not in known and task.kind == "task")
    tasks = tuple(replace(task, seconds=_UNSEEN_SECONDS) if task.task_id in unseen else task for task in workload.tasks)
    workload = replace(workload, tasks=tasks)
    factor = None
    makespans = makespans_of(history)
    if makespans and profile.tasks and len(tasks) <= _MOST_CALIBRATED:
        fitted = calibrate(workload, history, deployment, dag_id=spec.dag_id, makespans=makespans)
        deployment, factor = fitted.deployment, fitted.factor
        workload = fitted.workload
    failing = frozenset(item.task_id for item in history.tries if item.dag_id == spec.dag_id and item.state in _FAILED)
    return RunTimeCase(spec, workload, deployment, profile, history, failing), factor, unseen


def figures_of(result: SimulationResult, goal: Goal) -> dict[str, float | None]:
    """The figures of simulated runs as JSON values; times in seconds."""
    return {
        "makespan_s": round(result.makespan, 3),
        "p90_s": round(result.p90, 3),
        "slot_seconds": round(result.slot_seconds, 3),
        "cost": round(result.cost, 6),
        "success_odds": round(result.success, 4),
        "odds_by_deadline": None if goal.deadline is None else round(result.odds_by(goal.deadline), 4),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "measure": change.measure,
        "title": change.title,
        "reason": change.reason,
        "evidence": list(change.evidence),
        "risk_note": change.risk_note,
        "values": len(change.sets),
    }
