"""Many simulated runs of one workload: the distribution of its makespan."""

from __future__ import annotations

import random
from statistics import fmean

from airflow_provider_wfintel.engine.optimization.simulation.model import Deployment, SimulationResult, Workload
from airflow_provider_wfintel.engine.optimization.simulation.scheduler import Scheduler

__all__ = ["simulate"]

_WORK = 20_000
_LEAST_RUNS, _MOST_RUNS = 15, 200
_HOUR = 3600.0


def simulate(
    workload: Workload, deployment: Deployment | None = None, *, runs: int | None = None, seed: int = 7
) -> SimulationResult:
    """Simulate runs of a DAG. The same input gives the same answer.

    Args:
        workload: the run.
        deployment: where it runs.
        runs: how many runs are simulated; by default 200 for small DAGs and fewer for large ones, at least 15.
        seed: of the random numbers.

    Raises:
        SpecError: the workload contradicts itself or the deployment.
    """
    deployment = deployment or Deployment()
    scheduler = Scheduler(workload, deployment)
    instances = sum(max(1, task.instances) for task in workload.tasks)
    runs = runs or min(_MOST_RUNS, max(_LEAST_RUNS, _WORK // max(1, instances)))
    outcomes = sorted(
        (scheduler.run(random.Random(seed * 1_000_003 + number)) for number in range(runs)),  # noqa: S311
        key=lambda outcome: outcome.makespan,
    )
    slot_seconds = fmean(outcome.slot_seconds for outcome in outcomes)
    return SimulationResult(
        makespans=tuple(outcome.makespan for outcome in outcomes),
        succeeded=tuple(outcome.succeeded for outcome in outcomes),
        slot_seconds=slot_seconds,
        cost=slot_seconds / _HOUR * deployment.slot_price,
        times=outcomes[len(outcomes) // 2].times,
    )
