"""All detectors, and the ranking: each bottleneck by the simulated makespan with and without it."""

from __future__ import annotations

from statistics import fmean

from airflow_provider_wfintel.engine.optimization.bottlenecks import (
    barriers,
    collisions,
    couriers,
    dag_waits,
    false_edges,
    giant_task,
    held_slots,
    long_tasks,
    loop_chains,
    notifications,
    repeated_extracts,
    retry_pauses,
    sensors_in_line,
    skew,
    small_pools,
    stragglers,
    tiny_tasks,
    top_level,
)
from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Bottleneck, Case, Detector
from airflow_provider_wfintel.engine.optimization.simulation import SimulationResult, simulate
from airflow_provider_wfintel.engine.optimization.strategies.options import Situation

__all__ = ["DETECTORS", "find_bottlenecks"]

DETECTORS: tuple[Detector, ...] = (
    barriers.DETECTOR,
    loop_chains.DETECTOR,
    false_edges.DETECTOR,
    sensors_in_line.DETECTOR,
    notifications.DETECTOR,
    giant_task.DETECTOR,
    tiny_tasks.CHAINS,
    tiny_tasks.DETECTOR,
    stragglers.DETECTOR,
    small_pools.DETECTOR,
    small_pools.LIMITS,
    held_slots.DETECTOR,
    held_slots.RARE_LOOKS,
    repeated_extracts.DETECTOR,
    couriers.DETECTOR,
    retry_pauses.DETECTOR,
    top_level.DETECTOR,
    skew.DETECTOR,
    collisions.DETECTOR,
    dag_waits.DETECTOR,
    long_tasks.DETECTOR,
)
"""In the order in which equal savings are listed."""

_RUNS, _LEAST_RUNS = 25, 1
_INSTANCES = 1500
"""Instances of tasks that are simulated for one estimate: large DAGs get fewer runs."""
_LEAST_SECONDS = 0.2
_LEAST_SHARE = 0.005
"""Of the makespan: less is within what the phases of the scheduler's loop do to one run or another."""


def find_bottlenecks(case: Case) -> tuple[Bottleneck, ...]:
    """What costs time in a DAG as it is, the costliest first. The same input gives the same answer.

    Each is removed alone; two that cost the same seconds each save little when only one of them goes.
    """
    instances = sum(max(1, task.instances) for task in case.workload.tasks)
    runs = max(_LEAST_RUNS, min(_RUNS, _INSTANCES // max(1, instances)))

    def seconds(situation: Situation) -> float:
        return _mean(simulate(*situation, runs=runs))

    usual = seconds((case.workload, case.deployment))
    least = max(_LEAST_SECONDS, _LEAST_SHARE * case.before.makespan)
    found = []
    for detector in DETECTORS:
        for candidate in detector.find(case):
            before = usual if candidate.given is None else seconds(candidate.given)
            saves = before - min(seconds(way) for way in candidate.without)
            if saves > least:
                found.append(Bottleneck(detector.kind, candidate.explanation, saves, candidate.tasks, detector.rewrite))
    return tuple(sorted(found, key=lambda item: -item.saves))


def _mean(result: SimulationResult) -> float:
    return fmean(result.makespans)
