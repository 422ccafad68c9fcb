"""Fitting the simulator to a deployment, from history that was recorded there, or from runs made for the purpose.

Recorded durations hold the start of the process, so a makespan that is longer than they explain tells how long the
scheduler takes between tasks: its loop and its queue share one factor. Of a grid of factors the most probable one is
taken (maximum a posteriori): it makes the simulated makespan meet the measured one, within the noise of so many runs,
and stays near 1 where they do not tell. The processor time of a start cannot be told from work, but no recorded
duration can be shorter than it: that bounds it from above.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from airflow_provider_wfintel.engine.model import RunHistory
from airflow_provider_wfintel.engine.optimization.simulation.model import Deployment, Workload
from airflow_provider_wfintel.engine.optimization.simulation.monte_carlo import simulate
from airflow_provider_wfintel.engine.optimization.simulation.profile import profile_of, shortest_start
from airflow_provider_wfintel.engine.optimization.simulation.workload import apply_profile
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["Calibration", "calibrate", "fit_overheads", "scaled"]

_FACTORS = tuple(2 ** (step / 2) for step in range(-3, 7))
_RUNS, _LEAST_RUNS = 15, 3
_SIMULATED_TASKS = 3_000
_NOISE = 0.05
"""Standard deviation of the logarithm of one measured makespan."""
_BELIEF = 0.7
"""Standard deviation of the logarithm of the factor before anything is measured."""


_FIT_RUNS, _FIT_ROUNDS = 7, 3
_GRID: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("start_cpu", (0.1, 0.15, 0.2, 0.3, 0.4, 0.55, 0.75, 1.0)),
    ("loop_seconds", (0.01, 0.03, 0.05, 0.08, 0.13, 0.2)),
    ("end_cpu", (0.0, 0.1, 0.2, 0.3)),
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A deployment that fits the history.

    Attributes:
        deployment: with the fitted loop, queue and start.
        workload: the workload with the times that history shows on this deployment.
        factor: what the times of the loop and the queue were multiplied by.
        measured: median makespan of the history, seconds.
        simulated: median makespan of the workload on the deployment, seconds.
    """

    deployment: Deployment
    workload: Workload
    factor: float
    measured: float
    simulated: float


def scaled(deployment: Deployment, factor: float) -> Deployment:
    """The deployment with a loop and a queue that take so many times as long."""
    return replace(
        deployment,
        loop_seconds=deployment.loop_seconds * factor,
        queue_seconds=deployment.queue_seconds * factor,
    )


def calibrate(
    workload: Workload,
    history: RunHistory,
    deployment: Deployment | None = None,
    *,
    dag_id: str = "",
    makespans: Sequence[float] = (),
) -> Calibration:
    """Fit a deployment to the history of a workload.

    Args:
        workload: the DAG as it was when the history was made.
        history: its tries, of one or more runs.
        deployment: what is known of the deployment (sleep, cores, pools).
        dag_id: the DAG, if the history holds others.
        makespans: measured makespans of the runs, if they are known better than from the tries.

    Raises:
        SpecError: the history holds no run that ended.
    """
    deployment = deployment or Deployment()
    first = profile_of(history, dag_id, deployment)
    measured = tuple(makespans) or first.makespans
    if not measured or not first.tasks:
        raise SpecError("the history holds no run that ended", hint="hand in at least one whole run")
    deployment = replace(deployment, start_cpu=min(deployment.start_cpu, shortest_start(history, dag_id, deployment)))
    target = median(measured)
    filled = apply_profile(workload, profile_of(history, dag_id, deployment))
    # Failures of the past are no part of the layout: the measured median is that of a run without them.
    calm = replace(filled, tasks=tuple(replace(task, failure_rate=0.0) for task in filled.tasks))
    runs = max(_LEAST_RUNS, min(_RUNS, _SIMULATED_TASKS // max(1, len(calm.tasks))))
    simulated = {factor: simulate(calm, scaled(deployment, factor), runs=runs).makespan for factor in _FACTORS}
    noise = _NOISE / math.sqrt(len(measured))

    def improbable(factor: float) -> float:
        gap = math.log(max(simulated[factor], 1e-9) / max(target, 1e-9))
        return (gap / noise) ** 2 + (math.log(factor) / _BELIEF) ** 2

    factor = min(_FACTORS, key=improbable)
    return Calibration(scaled(deployment, factor), filled, factor, target, simulated[factor])


def fit_overheads(runs: Sequence[tuple[Workload, float]], deployment: Deployment | None = None) -> Deployment:
    """Fit loop, start and end to runs whose work is known, such as a chain and a fan of empty tasks.

    Args:
        runs: workloads with their true run times, and the measured makespan of each; three different shapes do.
        deployment: what is known of the deployment.

    Returns:
        The deployment with the overheads that have the smallest mean relative error, one tried after the other.

    Raises:
        SpecError: no runs are given, or one took no time.
    """
    if not runs or any(measured <= 0 for _, measured in runs):
        raise SpecError("there are no measured makespans to fit to", hint="hand in at least one run that took time")
    best = deployment or Deployment()

    def error(candidate: Deployment) -> float:
        simulated = (simulate(workload, candidate, runs=_FIT_RUNS).makespan for workload, _ in runs)
        return sum(abs(found / measured - 1) for found, (_, measured) in zip(simulated, runs, strict=True))

    least = error(best)
    for _ in range(_FIT_ROUNDS):
        for name, values in _GRID:
            for value in values:
                candidate = _with(best, name, value)
                if (found := error(candidate)) < least:
                    best, least = candidate, found
    return best


def _with(deployment: Deployment, name: str, value: float) -> Deployment:
    if name == "start_cpu":
        return replace(deployment, start_cpu=value)
    if name == "loop_seconds":
        return replace(deployment, loop_seconds=value)
    return replace(deployment, end_cpu=value)
