"""Advice about the deployment: settings of Airflow that would shorten the runs of a DAG as it is laid out.

Kept apart from all rewrites and never counted as a gain of a layout: a setting is the same for all DAGs, costs
something elsewhere, and is for whoever runs the deployment to change. What it would do is simulated on the layout that
the plan ends with, so that the two gains do not overlap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from airflow_provider_wfintel.engine.optimization.simulation import Deployment, Workload, simulate, slots_of

__all__ = ["SETTINGS", "Advice", "Setting", "advise"]

_LEAST_SHARE, _LEAST_SECONDS = 0.03, 0.5
_RUNS, _LEAST_RUNS, _INSTANCES = 25, 3, 1500


@dataclass(frozen=True, slots=True)
class Advice:
    """A setting, and what another value would do to this DAG alone. Times are seconds."""

    setting: str
    now: float
    suggested: float
    before: float
    after: float
    why: str
    cost: str

    def as_json(self) -> dict[str, Any]:
        """The advice as JSON values."""
        return {
            "setting": self.setting, "now": self.now, "suggested": self.suggested, "why": self.why, "cost": self.cost,
            "makespan_s": {"before": round(self.before, 2), "after": round(self.after, 2)},
            "counted_as_layout_gain": False,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that may be changed.

    Attributes:
        name: section and option.
        value: what it is in a deployment.
        better: another value for a workload, or None if there is none.
        changed: the deployment with that value.
        why: what it does, in one sentence.
        cost: what speaks against it.
    """

    name: str
    value: Callable[[Deployment], float]
    better: Callable[[Workload, Deployment], float | None]
    changed: Callable[[Deployment, float], Deployment]
    why: str
    cost: str


def _instances(workload: Workload) -> int:
    return sum(max(1, task.instances) for task in workload.tasks if task.kind != "empty")


def _wider(workload: Workload, deployment: Deployment) -> float | None:
    """Twice the parallelism, if that is what keeps tasks waiting."""
    scarce = slots_of(workload, deployment) >= deployment.parallelism and _instances(workload) > deployment.parallelism
    return 2 * deployment.parallelism if scarce else None


def _more_active(workload: Workload, deployment: Deployment) -> float | None:
    if workload.max_active_tasks is not None or deployment.max_active_tasks >= deployment.parallelism:
        return None
    return deployment.parallelism if _instances(workload) > deployment.max_active_tasks else None


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "[scheduler] scheduler_idle_sleep_time",
        lambda item: item.idle_sleep,
        lambda _, item: 0.1 if item.idle_sleep > 0.1 else None,
        lambda item, value: replace(item, idle_sleep=value),
        "successors of a task are found by the scheduler's next loop, which sleeps this long when nothing happens",
        "the scheduler and the database work more; much less than 0.1 s competes with the tasks for the processor",
    ),
    Setting(
        "[core] parallelism",
        lambda item: item.parallelism,
        _wider,
        lambda item, value: replace(item, parallelism=int(value)),
        "more tasks are ready than the executor runs at once",
        "more processes at once need more memory and cores; pools still protect what they protect",
    ),
    Setting(
        "[core] max_active_tasks_per_dag",
        lambda item: item.max_active_tasks,
        _more_active,
        lambda item, value: replace(item, max_active_tasks=int(value)),
        "a run of a DAG that states no max_active_tasks of its own runs no more tasks at once",
        "one DAG can then take all slots from the others",
    ),
    Setting(
        "[workers] min_heartbeat_interval",
        lambda item: item.late_seconds,
        lambda _, item: 1.0 if item.late_seconds > 1 else None,
        lambda item, value: replace(item, late_seconds=value),
        "the executor hears of some ends this much later, and until then they hold a place in its parallelism",
        "tasks report to the API server more often",
    ),
)
"""All settings that moved makespans beyond the noise when they were measured in Airflow 3.3.2."""


def advise(workload: Workload, deployment: Deployment) -> tuple[Advice, ...]:
    """Settings that would shorten the runs of a DAG noticeably, the most effective first; each is changed alone."""
    runs = max(_LEAST_RUNS, min(_RUNS, _INSTANCES // max(1, _instances(workload))))
    before = simulate(workload, deployment, runs=runs).makespan
    found = []
    for setting in SETTINGS:
        value = setting.better(workload, deployment)
        if value is None:
            continue
        after = simulate(workload, setting.changed(deployment, value), runs=runs).makespan
        if before - after > max(_LEAST_SECONDS, _LEAST_SHARE * before):
            found.append(
                Advice(setting.name, setting.value(deployment), value, before, after, setting.why, setting.cost)
            )
    return tuple(sorted(found, key=lambda item: item.after))
