"""Timeouts from quantiles: a task that hangs ends at a time that none of its runs has come near."""

from __future__ import annotations

import math
from collections import defaultdict

from airflow_provider_wfintel.engine.optimization.run_time.case import Change, Measure, RunTimeCase, Set
from airflow_provider_wfintel.engine.optimization.simulation.model import quantile

__all__ = ["MEASURE", "timeout_of"]

_LEAST_RUNS = 10
_FACTOR, _LEAST_SECONDS = 3.0, 60.0
_QUANTILE = 0.99


def timeout_of(seconds: list[float]) -> float | None:
    """Three times the 99 % quantile of the durations, at least twice the longest, in whole minutes; None for few."""
    if len(seconds) < _LEAST_RUNS:
        return None
    seconds = sorted(seconds)
    limit = max(_LEAST_SECONDS, _FACTOR * quantile(seconds, _QUANTILE), 2 * seconds[-1])
    return 60.0 * math.ceil(limit / 60.0)


def _find(case: RunTimeCase) -> Change | None:
    durations: dict[str, list[float]] = defaultdict(list)
    for item in case.history.tries:
        if item.state == "success" and item.duration is not None:
            durations[item.task_id].append(item.duration)
    sets: list[Set] = []
    notes: list[str] = []
    sensors = {task.task_id for task in case.workload.tasks if task.kind not in ("task", "empty")}
    for task in case.spec.tasks:
        limit = timeout_of(durations.get(task.task_id, []))
        # Sensors wait for others and have a timeout of their own.
        if limit is None or task.timeout_seconds is not None or task.task_id in sensors:
            continue
        sets.append(Set(task.task_id, "execution_timeout_seconds", limit))
        notes.append(
            f"{task.task_id}: longest of {len(durations[task.task_id])} took {max(durations[task.task_id]):.0f} s"
        )
    if not sets:
        return None
    return Change(
        "timeouts",
        f"end {len(sets)} tasks that hang, from quantiles of their run times",
        "without execution_timeout a task that hangs holds its slot until somebody notices",
        tuple(sets),
        tuple(notes[:8]),
        "a run with many times the usual data is ended too",
        confirm=True,
    )


MEASURE = Measure("timeouts", frozenset({"reliability", "hybrid", "cost"}), _find)
